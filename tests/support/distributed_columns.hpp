// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Dense matrices whose rows the ranks hold in unequal parts and in an order of their own, with the
/// values a function of the rows' numbers.
#pragma once

#include <linnet/core/random.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace linnet::tests {

/// Numbers of this rank's rows of @p rows: every third row and the others apart, the first rank has
/// the fewest, and the last but one of four none.
inline std::vector<std::int64_t> scattered_rows(std::int64_t rows) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  const auto owner = [&](std::int64_t row) {
    const std::int64_t place = (row * 7) % rows;
    int r = static_cast<int>((place * (ranks + 1)) / rows);
    if (r >= ranks) r = ranks - 1;
    return ranks == 4 && r == 2 ? 3 : r;
  };
  std::vector<std::int64_t> mine;
  for (std::int64_t row = rows; row-- > 0;)
    if (row % 3 == 0 && owner(row) == rank) mine.push_back(row);
  for (std::int64_t row = 0; row < rows; ++row)
    if (row % 3 != 0 && owner(row) == rank) mine.push_back(row);
  return mine;
}

/// value(row number, column).
inline core::Owned<Mat> columns_at(const std::vector<std::int64_t>& numbers, PetscInt columns,
                                   const std::function<double(std::int64_t, PetscInt)>& value) {
  core::Owned<Mat> m =
      linalg::make_columns(PETSC_COMM_WORLD, static_cast<PetscInt>(numbers.size()), columns);
  const linalg::LocalColumns to(m.get(), linalg::LocalColumns::Access::write);
  for (PetscInt j = 0; j < columns; ++j)
    for (std::size_t i = 0; i < numbers.size(); ++i) to.column(j)[i] = value(numbers[i], j);
  return m;
}

/// Between -1/2 and 1/2.
inline double noise(std::int64_t i, PetscInt j, std::uint64_t seed = 7) {
  return core::RandomStream(seed, static_cast<std::uint64_t>(j))
             .uniform(static_cast<std::uint64_t>(i)) -
         0.5;
}

/// All values of the rows in the order of their numbers, by columns, on all ranks.
inline std::vector<double> all_values(Mat m, const std::vector<std::int64_t>& numbers,
                                      std::int64_t rows) {
  const linalg::LocalColumns from(m, linalg::LocalColumns::Access::read);
  std::vector<double> values(static_cast<std::size_t>(rows * from.columns()), 0.0);
  for (PetscInt j = 0; j < from.columns(); ++j)
    for (std::size_t i = 0; i < numbers.size(); ++i)
      values[static_cast<std::size_t>(rows * j + numbers[i])] = from.column(j)[i];
  linalg::sum_over_ranks(PETSC_COMM_WORLD, values);
  return values;
}

} // namespace linnet::tests
