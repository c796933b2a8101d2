// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the unknowns of a PETSc matrix lie on a structured grid, and how vectors travel between
/// the two.
#pragma once

#include <linnet/grid/declared_grid.hpp>
#include <linnet/grid/partition.hpp>
#include <linnet/kernels/field.hpp>

#include <string>
#include <vector>

namespace linnet::grid {

/// Unknowns of a DMDA with one unknown per point, or of a declared grid.
class GridMap {
public:
  /// The grid of @p da, or @p declared if @p da is null. @p matrix gives communicator and row
  /// distribution, @p type is the name of the PC type for messages. Collective. Throws core::Error
  /// on all ranks if they do not fit together.
  GridMap(Mat matrix, DM da, const DeclaredGrid& declared, const std::string& type);
  /// The grid of @p da for its global vectors. Collective. Throws core::Error on all ranks unless
  /// it has one unknown per point.
  GridMap(DM da, const std::string& type);
  ~GridMap();
  GridMap(const GridMap&) = delete;
  GridMap& operator=(const GridMap&) = delete;

  /// A cut of the grid over the ranks of the matrix. A direction of one or two points does not wrap
  /// here: both its neighbours are the same point.
  [[nodiscard]] const Partition& partition() const { return partition_; }
  [[nodiscard]] const IndexBox& box() const { return box_; }
  [[nodiscard]] int dimension() const { return dimension_; }
  /// True if it came from a DMDA.
  [[nodiscard]] bool has_da() const { return from_da_; }

  /// The directions that wrap as the user sees it.
  [[nodiscard]] const std::array<bool, 3>& wraps() const { return wraps_; }
  /// True if a direction of one or two points wraps: two couplings of a row then meet in one entry.
  [[nodiscard]] bool has_short_wrap() const { return wraps_ != partition_.periodic(); }

  /// The box that holds the rows of this rank and numbers them one after the other, x fastest: that
  /// of this rank with a DMDA, the whole grid without.
  [[nodiscard]] IndexBox numbered_box() const;
  /// Grid point of the matrix row @p row, of any rank. Not collective.
  [[nodiscard]] core::Index3 point_of(PetscInt row) const;
  /// Step from @p from to @p to, the shorter way round where the grid wraps.
  [[nodiscard]] core::Index3 step(const core::Index3& from, const core::Index3& to) const;

  /// field = factor x, rounded to T, on the owned points. Collective.
  template <class T>
  void to_box(Vec x, const kernels::Field<T>& field, double factor);
  /// x = factor field. Collective.
  template <class T>
  void from_box(const kernels::Field<T>& field, Vec x, double factor);

private:
  void use_da(DM da);
  void use_declared(const DeclaredGrid& declared);
  void check_sizes(Mat matrix) const;
  void find_box();
  void make_scatter(Mat matrix);

  MPI_Comm comm_ = MPI_COMM_NULL; // of the matrix or the DMDA; not owned
  std::string type_;
  bool from_da_ = false;
  int dimension_ = 0;
  Partition partition_;
  std::array<bool, 3> wraps_{};
  IndexBox box_;
  std::vector<PetscInt> first_row_; // of every rank, in DMDA numbering
  VecScatter scatter_ = nullptr;    // rows of the matrix to the box of this rank
  Vec box_values_ = nullptr;
};

} // namespace linnet::grid
