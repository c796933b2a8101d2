// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The cells of a DMDA that a rank owns, in host memory, for set-up code that runs once.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/grid/index_box.hpp>
#include <linnet/problems/cells/visit_cells.hpp>

#include <petscdmda.h>

#include <array>
#include <functional>
#include <string>

namespace linnet::problems {

/// Shape of a grid of cells and what of it this rank owns.
struct CellGrid {
  MPI_Comm comm = MPI_COMM_NULL; ///< of the DMDA, borrowed
  int dim = 3;
  core::Index3 cells{1, 1, 1};
  grid::IndexBox box; ///< owned
  std::array<bool, 3> periodic{false, false, false};

  /// Not collective. @throws core::Error unless @p da is a 2-D or 3-D DMDA with one value per cell.
  static CellGrid of(DM da);
  [[nodiscard]] std::int64_t natural_index(int i, int j, int k) const {
    return i + static_cast<std::int64_t>(cells[0]) * (j + static_cast<std::int64_t>(cells[1]) * k);
  }
  /// Place of an owned cell in the rank's own values.
  [[nodiscard]] std::ptrdiff_t local_index(int i, int j, int k) const {
    const auto n = box.extent();
    return (i - box.lo[0]) +
           static_cast<std::ptrdiff_t>(n[0]) *
               ((j - box.lo[1]) + static_cast<std::ptrdiff_t>(n[1]) * (k - box.lo[2]));
  }
  /// "(i,j)" or "(i,j,k)" of a natural index.
  [[nodiscard]] std::string cell_name(std::int64_t natural) const;
};

/// Host access to the local values of a vector for the life of the object; x fastest.
class CellValues {
public:
  explicit CellValues(Vec vec) : CellValues(vec, grid::Access::read_write) {}
  CellValues(const CellValues&) = delete;
  CellValues& operator=(const CellValues&) = delete;
  ~CellValues();
  [[nodiscard]] double& operator[](std::ptrdiff_t place) { return host_.data()[place]; }
  [[nodiscard]] double* data() { return host_.data(); }

private:
  friend class ConstCellValues;
  CellValues(Vec vec, grid::Access access);

  grid::FieldView view_;
  kernels::HostArray<double> host_;
  grid::Access access_;
};

/// The same for reading.
class ConstCellValues {
public:
  explicit ConstCellValues(Vec vec) : values_(vec, grid::Access::read) {}
  [[nodiscard]] double operator[](std::ptrdiff_t place) const {
    return values_.host_.data()[place];
  }

private:
  CellValues values_;
};

/// Checks all cells of @p values. @throws core::Error (data), the same on all ranks, naming the
/// first cell (smallest natural index) that @p good refuses: "<name> is <value> at cell (i,j,k);
/// <rule>". Collective.
void require_cells(const CellGrid& grid, Vec values, const std::string& name, const char* rule,
                   const std::function<bool(double)>& good);

} // namespace linnet::problems
