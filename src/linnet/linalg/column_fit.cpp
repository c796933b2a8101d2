// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/column_fit.hpp>

#include <linnet/linalg/gemm.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace linnet::linalg {
namespace {

constexpr std::size_t block_rows = 256; // with 20 columns 40 kB: stays in cache between its uses

// All of these are on squares of lengths.
constexpr double resolved = 1e-14;       // by one pass, of the longest direction
constexpr double resolved_second = 1e-6; // by the second, of those that the first resolves
constexpr double tellable = 1e-14;       // a residual over |b| that one pass can tell
constexpr double second_if_cut = 1e-8;   // one below which it matters that directions are left out
constexpr double least = 1e-16;          // what is told of a residual over |b|

constexpr std::int64_t leading = block_rows;

MPI_Comm comm_of(Vec v) { return PetscObjectComm(reinterpret_cast<PetscObject>(v)); }

/// LAPACK need not give the same bits on all ranks.
void take_from_first_rank(MPI_Comm comm, double* values, std::size_t count) {
  LINNET_CHECK(MPI_Bcast(values, static_cast<int>(count), MPI_DOUBLE, 0, comm));
}

} // namespace

/// The local values of columns and b while it lives.
class ColumnFit::Arrays {
public:
  Arrays(std::span<const Vec> columns, Vec b, std::vector<const double*>& data)
      : columns_(columns), b_(b), data_(data) {
    data_.resize(columns.size() + 1);
    for (std::size_t j = 0; j < columns.size(); ++j)
      LINNET_CHECK(VecGetArrayRead(columns[j], &data_[j]));
    LINNET_CHECK(VecGetArrayRead(b, &data_.back()));
  }
  ~Arrays() {
    for (std::size_t j = 0; j < columns_.size(); ++j)
      static_cast<void>(VecRestoreArrayRead(columns_[j], &data_[j]));
    static_cast<void>(VecRestoreArrayRead(b_, &data_.back()));
  }
  Arrays(const Arrays&) = delete;
  Arrays& operator=(const Arrays&) = delete;

private:
  std::span<const Vec> columns_;
  Vec b_;
  std::vector<const double*>& data_;
};

ColumnFit::ColumnFit(int most) {
  const auto n = static_cast<std::size_t>(most);
  data_.reserve(n + 1);
  block_.resize(block_rows * (n + 1));
  combined_.resize(block_rows * (n + 1));
  products_.resize((n + 1) * (n + 1));
  scale_.resize(n);
  vectors_.resize(n * n);
  values_.resize(n);
  work_.resize(4 * n + n * n); // of syev
  basis_.resize(n * n);
  solution_.resize(n);
}

/// Products of the columns, or of their combinations by basis_, and b with each other.
void ColumnFit::multiply(std::span<const Vec> columns, Vec b, bool combined) {
  const auto n = static_cast<std::int64_t>(columns.size()), all = n + 1;
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(b, &rows));
  const Arrays arrays(columns, b, data_);
  const std::size_t squares = static_cast<std::size_t>(all * all);
  std::fill_n(products_.begin(), squares, 0.0);
  for (std::int64_t first = 0; first < rows; first += leading) {
    const std::int64_t count = std::min<std::int64_t>(leading, rows - first);
    for (std::int64_t j = 0; j < all; ++j)
      std::copy_n(data_[std::size_t(j)] + first, count, block_.begin() + leading * j);
    const double* from = block_.data();
    if (combined) {
      gemm('N', 'N', count, n, n, 1.0, block_.data(), leading, basis_.data(), n, 0.0,
           combined_.data(), leading);
      std::copy_n(block_.begin() + leading * n, count, combined_.begin() + leading * n);
      from = combined_.data();
    }
    gemm('T', 'N', all, all, count, 1.0, from, leading, from, leading, 1.0, products_.data(), all);
  }
  const double flops = static_cast<double>(2 * all * all + (combined ? 2 * n * n : 0));
  LINNET_CHECK(PetscLogFlops(flops * static_cast<double>(rows)));
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, products_.data(), static_cast<int>(squares), MPI_DOUBLE,
                             MPI_SUM, comm_of(b)));
  take_from_first_rank(comm_of(b), products_.data(), squares);
}

/// Least squares from products_, in directions whose square is above @p cut of the largest. Fills
/// solution_ and returns the square of the residual.
double ColumnFit::solve(MPI_Comm comm, std::size_t n, bool scaled, double cut, Outcome& outcome) {
  const std::size_t all = n + 1;
  for (std::size_t j = 0; j < n; ++j) {
    const double square = products_[j * all + j];
    scale_[j] = !scaled ? 1.0 : square > 0.0 ? 1.0 / std::sqrt(square) : 0.0;
  }
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i)
      vectors_[j * n + i] = scale_[i] * scale_[j] * products_[j * all + i];
  const auto order = static_cast<PetscBLASInt>(n), room = static_cast<PetscBLASInt>(work_.size());
  PetscBLASInt info = 0;
  LAPACKsyev_("V", "U", &order, vectors_.data(), &order, values_.data(), work_.data(), &room,
              &info);
  if (info != 0) core::throw_data("least squares: syev ended with info " + std::to_string(info));
  std::fill_n(solution_.begin(), n, 0.0);
  double left = products_[all * all - 1];
  int rank = 0;
  for (std::size_t d = 0; d < n; ++d) {
    if (!(values_[d] > cut * values_[n - 1])) continue;
    const double* const v = vectors_.data() + d * n;
    double with_b = 0.0;
    for (std::size_t i = 0; i < n; ++i) with_b += v[i] * scale_[i] * products_[n * all + i];
    left -= with_b * with_b / values_[d];
    for (std::size_t i = 0; i < n; ++i)
      solution_[i] += scale_[i] * v[i] * with_b / values_[d];
    ++rank;
  }
  ++outcome.passes;
  std::array<double, 2> told{left, static_cast<double>(rank)};
  take_from_first_rank(comm, told.data(), told.size());
  outcome.rank = static_cast<int>(told[1]);
  return told[0];
}

/// Directions of the first pass, of length 1 as far as it resolves them.
void ColumnFit::make_basis(MPI_Comm comm, std::size_t n) {
  const double shortest = resolved * values_[n - 1];
  for (std::size_t d = 0; d < n; ++d)
    for (std::size_t i = 0; i < n; ++i)
      basis_[d * n + i] =
          scale_[i] * vectors_[d * n + i] / std::sqrt(std::max(values_[d], shortest));
  take_from_first_rank(comm, basis_.data(), n * n);
}

ColumnFit::Outcome ColumnFit::fit(std::span<const Vec> columns, Vec b,
                                  std::span<double> coefficients) {
  const std::size_t n = columns.size(), all = n + 1;
  Outcome outcome;
  std::fill_n(coefficients.begin(), n, 0.0);
  multiply(columns, b, false);
  if (!std::all_of(products_.begin(), products_.begin() + std::ptrdiff_t(all * all),
                   [](double v) { return std::isfinite(v); })) {
    outcome.norm = outcome.residual = std::numeric_limits<double>::quiet_NaN();
    return outcome;
  }
  const double square = products_[all * all - 1];
  outcome.norm = std::sqrt(square);
  double left = solve(comm_of(b), n, true, resolved, outcome);
  std::copy_n(solution_.begin(), n, coefficients.begin());
  const bool cut = outcome.rank < static_cast<int>(n);
  if (outcome.rank > 0 && (left < tellable * square || (cut && left < second_if_cut * square))) {
    make_basis(comm_of(b), n);
    multiply(columns, b, true);
    left = solve(comm_of(b), n, false, resolved_second, outcome);
    const auto rows = static_cast<std::int64_t>(n);
    gemm('N', 'N', rows, 1, rows, 1.0, basis_.data(), rows, solution_.data(), rows, 0.0,
         coefficients.data(), rows);
  }
  outcome.residual = std::sqrt(std::max(left, least * square));
  take_from_first_rank(comm_of(b), coefficients.data(), n);
  return outcome;
}

} // namespace linnet::linalg
