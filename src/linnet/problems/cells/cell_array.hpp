// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values of a DMDA vector addressed by global cell indices, on the host, for set-up code.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/grid/index_box.hpp>
#include <linnet/problems/cells/visit_cells.hpp>

#include <petscdmda.h>

#include <memory>

namespace linnet::problems {

/// The cells of the DMDA @p dm that this rank owns. Not collective.
grid::IndexBox owned_cells(DM dm);
/// The same with the ghost cells it holds.
grid::IndexBox ghosted_cells(DM dm);

/// Host access to the values of @p vec, which lie on @p box with x fastest, until the end of the
/// object. Indices are global; ghosts over a periodic boundary have indices -1 and n.
class CellArray {
public:
  CellArray(Vec vec, const grid::IndexBox& box, grid::Access access);
  ~CellArray();
  CellArray(const CellArray&) = delete;
  CellArray& operator=(const CellArray&) = delete;

  [[nodiscard]] double& operator()(int i, int j, int k) const {
    return data_[i + pitch_y_ * j + pitch_z_ * k];
  }
  [[nodiscard]] const grid::IndexBox& box() const { return box_; }

private:
  grid::IndexBox box_;
  grid::FieldView view_;
  grid::Access access_;
  kernels::HostArray<double> host_;
  double* data_ = nullptr; ///< where the cell (0,0,0) would lie
  std::ptrdiff_t pitch_y_, pitch_z_;
};

using core::Owned;

/// A new global vector of @p dm, zero. Collective.
Owned<Vec> make_cell_vector(DM dm, const char* name);
/// A copy of @p global with ghost cells; zero where there is no neighbour. Collective.
Owned<Vec> with_ghosts(DM dm, Vec global);

} // namespace linnet::problems
