// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/column_fit.hpp>

#include <linnet/kernels/network/column_products.hpp>
#include <linnet/linalg/gemm.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace linnet::linalg {
namespace {

constexpr std::int64_t block_rows = 512; // 70 kB with 17 columns: in the second cache

// All of these are on squares of lengths.
constexpr double resolved = 1e-14;       // by one pass, of the longest direction
constexpr double resolved_second = 1e-6; // by the second, of those that the first resolves
constexpr double tellable = 1e-14;       // a residual over |b| that one pass can tell
constexpr double second_if_cut = 1e-8;   // one below which it matters that directions are left out
constexpr double least = 1e-16;          // what is told of a residual over |b|

/// Columns are added to a full tile of them; those that are added are zero.
std::size_t padded(std::size_t columns) {
  constexpr std::size_t tile = kernels::product_tile;
  return (columns + tile - 1) / tile * tile;
}

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
  parts_.resize(padded(n) + 1);
  zeros_.resize(block_rows);
  products_.resize((padded(n) + 1) * (padded(n) + 1));
  scale_.resize(n);
  vectors_.resize(n * n);
  values_.resize(n);
  work_.resize(4 * n + n * n); // of syev
  basis_.resize(n * n);
  solution_.resize(n);
}

/// Rows @p first to first + count - 1 of all columns and b as a block of their own, the rest of
/// its rows zero.
void ColumnFit::copy_block(std::int64_t first, std::int64_t count) {
  block_.resize(block_rows * data_.size());
  for (std::size_t j = 0; j < data_.size(); ++j) {
    double* const to = block_.data() + block_rows * j;
    std::fill(std::copy_n(data_[j] + first, count, to), to + block_rows, 0.0);
    parts_[j < data_.size() - 1 ? j : leading_ - 1] = to;
  }
}

/// Takes combinations by basis_ in place of the columns in block_.
void ColumnFit::combine_block() {
  const auto n = static_cast<std::int64_t>(data_.size()) - 1;
  combined_.resize(static_cast<std::size_t>(block_rows * n));
  gemm('N', 'N', block_rows, n, n, 1.0, block_.data(), block_rows, basis_.data(), n, 0.0,
       combined_.data(), block_rows);
  for (std::int64_t j = 0; j < n; ++j) parts_[std::size_t(j)] = combined_.data() + block_rows * j;
}

/// Products of the columns, or of their combinations by basis_, and b with each other.
void ColumnFit::multiply(std::span<const Vec> columns, Vec b, bool combined) {
  const std::size_t n = columns.size();
  leading_ = padded(n) + 1;
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(b, &rows));
  const Arrays arrays(columns, b, data_);
  std::fill_n(products_.begin(), leading_ * leading_, 0.0);
  std::fill(parts_.begin(), parts_.end(), zeros_.data());
  for (std::int64_t first = 0; first < rows; first += block_rows) {
    std::int64_t count = std::min(block_rows, std::int64_t{rows} - first);
    if (combined || count % kernels::product_rows != 0) {
      copy_block(first, count);
      count = block_rows;
    } else {
      for (std::size_t j = 0; j <= n; ++j) parts_[j < n ? j : leading_ - 1] = data_[j] + first;
    }
    if (combined) combine_block();
    kernels::add_column_products(parts_.data(), static_cast<int>(leading_ - 1),
                                 static_cast<int>(count), products_.data(),
                                 static_cast<std::ptrdiff_t>(leading_));
  }
  const double flops = static_cast<double>((n + 1) * (n + 2) + (combined ? 2 * n * n : 0));
  LINNET_CHECK(PetscLogFlops(flops * static_cast<double>(rows)));
  const std::size_t squares = leading_ * leading_;
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, products_.data(), static_cast<int>(squares), MPI_DOUBLE,
                             MPI_SUM, comm_of(b)));
  take_from_first_rank(comm_of(b), products_.data(), squares);
}

/// Least squares from products_, in directions whose square is above @p cut of the largest. Fills
/// solution_ and returns the square of the residual.
double ColumnFit::solve(MPI_Comm comm, std::size_t n, bool scaled, double cut, Outcome& outcome) {
  const auto product = [&](std::size_t i, std::size_t j) { return products_[j * leading_ + i]; };
  const std::size_t b = leading_ - 1;
  for (std::size_t j = 0; j < n; ++j) {
    const double square = product(j, j);
    scale_[j] = !scaled ? 1.0 : square > 0.0 ? 1.0 / std::sqrt(square) : 0.0;
  }
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i <= j; ++i)
      vectors_[j * n + i] = scale_[i] * scale_[j] * product(i, j);
  const auto order = static_cast<PetscBLASInt>(n), room = static_cast<PetscBLASInt>(work_.size());
  PetscBLASInt info = 0;
  LAPACKsyev_("V", "U", &order, vectors_.data(), &order, values_.data(), work_.data(), &room,
              &info);
  if (info != 0) core::throw_data("least squares: syev ended with info " + std::to_string(info));
  std::fill_n(solution_.begin(), n, 0.0);
  double left = product(b, b);
  int rank = 0;
  for (std::size_t d = 0; d < n; ++d) {
    if (!(values_[d] > cut * values_[n - 1])) continue;
    const double* const v = vectors_.data() + d * n;
    double with_b = 0.0;
    for (std::size_t i = 0; i < n; ++i) with_b += v[i] * scale_[i] * product(i, b);
    left -= with_b * with_b / values_[d];
    for (std::size_t i = 0; i < n; ++i) solution_[i] += scale_[i] * v[i] * with_b / values_[d];
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
  const std::size_t n = columns.size();
  Outcome outcome;
  std::fill_n(coefficients.begin(), n, 0.0);
  multiply(columns, b, false);
  if (!std::all_of(products_.begin(), products_.begin() + std::ptrdiff_t(leading_ * leading_),
                   [](double v) { return std::isfinite(v); })) {
    outcome.norm = outcome.residual = std::numeric_limits<double>::quiet_NaN();
    return outcome;
  }
  const double square = products_[leading_ * leading_ - 1];
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
