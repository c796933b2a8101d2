// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Moves a field between two cuts of one grid.
#pragma once

#include <linnet/grid/index_box.hpp>
#include <linnet/kernels/field.hpp>

#include <mpi.h>

#include <memory>
#include <vector>

namespace linnet::grid {

/// The traffic between two cuts over the same ranks; boxes may be empty. T is double or float.
class Redistribution {
public:
  /// Collective on @p comm. @p from and @p to hold one box per rank, the same lists on all ranks;
  /// the boxes of one list do not overlap. Points in one list only keep their values in the other's
  /// fields. Throws core::Error on all ranks when a list has the wrong length.
  Redistribution(MPI_Comm comm, const std::vector<IndexBox>& from, const std::vector<IndexBox>& to);
  ~Redistribution();
  Redistribution(Redistribution&&) noexcept;
  Redistribution& operator=(Redistribution&&) noexcept;
  Redistribution(const Redistribution&) = delete;
  Redistribution& operator=(const Redistribution&) = delete;

  /// Owned points of @p src (on this rank's `from` box) to owned points of @p dst (on its `to`
  /// box). A rank with an empty box may pass a default-constructed field. Ghosts are not touched,
  /// nor are points behind the box in a field that has more.
  /// Collective.
  template <class T>
  void forward(const kernels::Field<T>& src, const kernels::Field<T>& dst);
  /// The way back: @p src on the `to` box, @p dst on the `from` box. Collective.
  template <class T>
  void backward(const kernels::Field<T>& src, const kernels::Field<T>& dst);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace linnet::grid
