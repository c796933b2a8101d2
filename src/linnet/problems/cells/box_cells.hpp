// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A box cut into equal cells, with the unknowns at the cell centres.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/problems/cells/domain.hpp>

#include <petscdmda.h>

#include <array>

namespace linnet::problems {

/// Geometry of a 2-D or 3-D box of cells. In 2-D the third direction has one cell of length 1, so
/// that volumes and areas are per unit depth.
struct BoxCells {
  int dim = 3;
  core::Index3 cells{32, 32, 32};
  Domain domain;
  std::array<bool, 3> periodic{false, false, false};

  [[nodiscard]] double spacing(int d) const { return d < dim ? domain.length(d) / cells[d] : 1.0; }
  [[nodiscard]] double cell_volume() const { return spacing(0) * spacing(1) * spacing(2); }
  /// Area of a cell face normal to direction @p d.
  [[nodiscard]] double face_area(int d) const { return cell_volume() / spacing(d); }
  /// Centre of the cell (i,j,k); z = 0 in 2-D.
  [[nodiscard]] core::Real3 center(int i, int j, int k) const {
    return {domain.center(0, i, cells[0]), domain.center(1, j, cells[1]),
            dim == 3 ? domain.center(2, k, cells[2]) : 0.0};
  }
  /// Centre of the face of cell (i,j,k) normal to @p d, on its low (@p side 0) or high (1) side.
  [[nodiscard]] core::Real3 face_center(int i, int j, int k, int d, int side) const {
    core::Real3 p = center(i, j, k);
    p[d] += (side - 0.5) * spacing(d);
    return p;
  }
};

/// A DMDA with one unknown per cell and ghost width 1, cut over the ranks of @p comm with blocks as
/// cubic as the counts allow; PETSc's options for DMs (-da_processors_x, -dm_mat_type, ...) are
/// read. @p corners asks for the neighbours over edges and corners too. The caller destroys it.
/// Collective. @throws core::Error (usage) when the grid cannot be cut over that many ranks.
DM create_cell_dm(MPI_Comm comm, const BoxCells& grid, bool corners);

} // namespace linnet::problems
