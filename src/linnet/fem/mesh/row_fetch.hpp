// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values of cells or nodes from the rank that has them in a contiguous original numbering to the
/// ranks that need them.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscsf.h>

#include <span>
#include <vector>

namespace linnet::fem {

/// Rows of a table that is spread over the ranks in contiguous shares.
class RowFetch {
public:
  /// @p share rows are this rank's; it needs the rows @p wanted (global numbers). Collective.
  RowFetch(MPI_Comm comm, PetscInt share, std::span<const PetscInt> wanted);
  ~RowFetch();
  RowFetch(const RowFetch&) = delete;
  RowFetch& operator=(const RowFetch&) = delete;
  RowFetch(RowFetch&&) = delete;
  RowFetch& operator=(RowFetch&&) = delete;

  /// The wanted rows of @p table, which has @p width entries per row. Collective.
  template <class Number>
  [[nodiscard]] std::vector<Number> rows(const std::vector<Number>& table, int width) const;

private:
  void broadcast(MPI_Datatype type, int width, const void* from, void* to) const;

  PetscSF sf_ = nullptr;
  std::size_t wanted_;
};

extern template std::vector<double> RowFetch::rows(const std::vector<double>&, int) const;
extern template std::vector<int> RowFetch::rows(const std::vector<int>&, int) const;
extern template std::vector<std::int64_t> RowFetch::rows(const std::vector<std::int64_t>&,
                                                         int) const;

} // namespace linnet::fem
