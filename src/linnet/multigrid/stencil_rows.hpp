// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The rows of a matrix as fields of a structured grid, one for each step of the stencil.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/grid_map.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

#include <optional>
#include <string>
#include <vector>

namespace linnet::multigrid {

/// Throws the usage Error "boxmg: matrix row of grid point (i,j,k): what".
[[noreturn]] void refuse_row(const core::Index3& point, int dimension, const std::string& what);

/// A host copy of a field that can be read point by point.
struct HostField {
  Kokkos::View<double*, kernels::HostSpace> values;
  kernels::Layout layout;
  explicit HostField(const kernels::Field<double>& f)
      : values(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, f.values)),
        layout(f.layout) {}
  double& operator()(int i, int j, int k) const {
    return values(static_cast<std::size_t>(layout(i, j, k)));
  }
  double& operator()(int i, int j, int k, const kernels::Offset& o) const {
    return (*this)(i + o.x, j + o.y, k + o.z);
  }
};

/// Entries of all rows as fields on the box: upper half, diagonal, lower half, and the flag of rows
/// with a diagonal entry only.
struct RowFields {
  std::vector<kernels::Field<double>> fields;
  int couplings;
  [[nodiscard]] const kernels::Field<double>& upper(int m) const {
    return fields[static_cast<std::size_t>(m)];
  }
  [[nodiscard]] const kernels::Field<double>& lower(int m) const {
    return fields[static_cast<std::size_t>(couplings + m)];
  }
  [[nodiscard]] const kernels::Field<double>& diagonal() const {
    return fields[static_cast<std::size_t>(2 * couplings)];
  }
  [[nodiscard]] const kernels::Field<double>& decoupled() const {
    return fields[static_cast<std::size_t>(2 * couplings + 1)];
  }
};

/// The rows of @p matrix on the boxes of @p map, ghosts not filled. Nothing where a row of any rank
/// couples beyond @p pattern. Collective; @throws core::Error on all ranks: a type without rows,
/// entries that are not finite, a diagonal that is not positive, couplings outside of the 3^d
/// stencil.
std::optional<RowFields> read_rows(Mat matrix, grid::GridMap& map, kernels::StencilPattern pattern);

} // namespace linnet::multigrid
