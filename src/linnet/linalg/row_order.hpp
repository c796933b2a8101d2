// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Rows in an order that does not depend on the number of ranks, for files.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscvec.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace linnet::linalg {

/// Numbers of the entries of @p v on this rank: natural numbers of a DMDA, global ones else. Not
/// collective.
std::vector<std::int64_t> row_numbers(Vec v);

/// Moves rows between their owners and blocks of the original order. The numbers of all ranks
/// together are 0 to N - 1, each once.
class RowOrder {
public:
  /// @p numbers: of this rank's rows. Collective. @throws core::Error (usage) on all ranks where
  /// the numbers are none of 0 to N - 1, or one is missing.
  RowOrder(MPI_Comm comm, std::span<const std::int64_t> numbers);
  ~RowOrder();
  RowOrder(RowOrder&&) noexcept;
  RowOrder& operator=(RowOrder&&) noexcept;

  [[nodiscard]] std::int64_t rows() const;       ///< N
  [[nodiscard]] std::int64_t local_rows() const; ///< of this rank
  [[nodiscard]] std::int64_t begin() const;      ///< of this rank's block of the original order
  [[nodiscard]] std::int64_t count() const;      ///< its rows
  /// @p block gets the values of the rows begin() <= number < begin() + count(). Collective.
  void to_original(std::span<const double> mine, std::span<double> block) const;
  /// The way back. Collective.
  void from_original(std::span<const double> block, std::span<double> mine) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace linnet::linalg
