// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/q_deim.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace linnet::rom {

namespace {

/// Remainders this close to the largest one are the same up to rounding; one below this part of the
/// first is rounding.
constexpr double alike = 1.0 - 1e-8, dependent = 1e-12;

/// This rank's rows of the modes, from which the directions of chosen rows are taken out.
class Remainders {
public:
  explicit Remainders(Mat modes) : comm_(PetscObjectComm(reinterpret_cast<PetscObject>(modes))) {
    const linalg::LocalColumns from(modes, linalg::LocalColumns::Access::read);
    columns_ = static_cast<std::size_t>(from.columns());
    rows_ = static_cast<std::size_t>(from.rows());
    values_.resize(rows_ * columns_);
    for (std::size_t g = 0; g < rows_; ++g)
      for (std::size_t j = 0; j < columns_; ++j)
        values_[columns_ * g + j] = from.column(static_cast<PetscInt>(j))[g];
    measure();
  }

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] double largest() const { return largest_; }

  /// The row to take, by the rule of the header.
  [[nodiscard]] std::int64_t pivot(std::span<const std::int64_t> numbers) const {
    std::int64_t number = std::numeric_limits<std::int64_t>::max();
    for (std::size_t g = 0; g < rows_; ++g)
      if (lengths_[g] >= alike * largest_) number = std::min(number, numbers[g]);
    MPI_Allreduce(MPI_IN_PLACE, &number, 1, MPI_INT64_T, MPI_MIN, comm_);
    return number;
  }

  /// Takes the direction of the row @p number out of all rows.
  void eliminate(std::int64_t number, std::span<const std::int64_t> numbers) {
    std::vector<double> q(columns_, 0.0);
    const auto at = std::find(numbers.begin(), numbers.end(), number);
    if (at != numbers.end())
      std::copy_n(row(static_cast<std::size_t>(at - numbers.begin())), columns_, q.begin());
    linalg::sum_over_ranks(comm_, q);
    for (const std::vector<double>& before : directions_) subtract(before, q.data());
    double square = 0.0;
    for (const double value : q) square += value * value;
    for (double& value : q) value /= std::sqrt(square);
    for (std::size_t g = 0; g < rows_; ++g) subtract(q, row(g));
    directions_.push_back(std::move(q));
    measure();
  }

private:
  double* row(std::size_t g) { return values_.data() + columns_ * g; }

  void subtract(const std::vector<double>& q, double* v) const {
    double sum = 0.0;
    for (std::size_t j = 0; j < columns_; ++j) sum += q[j] * v[j];
    for (std::size_t j = 0; j < columns_; ++j) v[j] -= sum * q[j];
  }

  void measure() {
    lengths_.assign(rows_, 0.0);
    largest_ = 0.0;
    for (std::size_t g = 0; g < rows_; ++g) {
      for (std::size_t j = 0; j < columns_; ++j)
        lengths_[g] += values_[columns_ * g + j] * values_[columns_ * g + j];
      lengths_[g] = std::sqrt(lengths_[g]);
      // A comparison would pass over what is not a number.
      largest_ = std::isfinite(lengths_[g]) ? std::max(largest_, lengths_[g]) : HUGE_VAL;
    }
    MPI_Allreduce(MPI_IN_PLACE, &largest_, 1, MPI_DOUBLE, MPI_MAX, comm_);
    if (!std::isfinite(largest_)) core::throw_data("Q-DEIM: a mode has values that are not finite");
  }

  MPI_Comm comm_;
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<double> values_, lengths_; // row by row
  std::vector<std::vector<double>> directions_;
  double largest_ = 0.0;
};

} // namespace

std::vector<std::int64_t> q_deim(Mat modes, std::span<const std::int64_t> numbers) {
  PetscInt rows = 0;
  LINNET_CHECK(MatGetLocalSize(modes, &rows, nullptr));
  core::together(PetscObjectComm(reinterpret_cast<PetscObject>(modes)), [&] {
    if (numbers.size() != static_cast<std::size_t>(rows))
      core::throw_usage("Q-DEIM: " + std::to_string(numbers.size()) +
                        " numbers were given on a rank with " + std::to_string(rows) + " rows");
  });
  Remainders remainders(modes);
  const double first = remainders.largest();
  std::vector<std::int64_t> points;
  while (points.size() < remainders.columns()) {
    if (!(remainders.largest() > dependent * first))
      core::throw_usage("Q-DEIM: of " + std::to_string(remainders.columns()) + " modes only " +
                        std::to_string(points.size()) +
                        " are independent at the points; give fewer modes or more points");
    points.push_back(remainders.pivot(numbers));
    remainders.eliminate(points.back(), numbers);
  }
  return points;
}

} // namespace linnet::rom
