// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/nonnegative_fit.hpp>

#include <algorithm>

namespace linnet::linalg {

namespace {

/// A part of the largest x that is rounding.
constexpr double rounding = 1e-14;

bool all_positive(std::span<const double> x) {
  return std::all_of(x.begin(), x.end(), [](double value) { return value > 0.0; });
}

} // namespace

NonnegativeFit::NonnegativeFit(std::span<const double> b)
    : b_(b.begin(), b.end()), residual_(b_), qr_(b.size()) {}

bool NonnegativeFit::insert(std::span<const double> column, double x, std::int64_t label) {
  if (!qr_.append(column)) return false;
  columns_.emplace_back(column.begin(), column.end());
  x_.push_back(x);
  labels_.push_back(label);
  return true;
}

void NonnegativeFit::remove(std::size_t j) {
  const auto at = static_cast<std::ptrdiff_t>(j);
  qr_.remove(j);
  columns_.erase(columns_.begin() + at);
  x_.erase(x_.begin() + at);
  labels_.erase(labels_.begin() + at);
}

void NonnegativeFit::start(std::span<const double> columns, std::span<const double> x,
                           std::span<const std::int64_t> labels) {
  const std::size_t rows = b_.size();
  for (std::size_t j = 0; j < x.size(); ++j)
    if (!insert(columns.subspan(rows * j, rows), x[j], labels[j])) ++removed_;
  settle(qr_.solve(b_));
}

bool NonnegativeFit::add(std::span<const double> column, std::int64_t label) {
  if (qr_.size() == qr_.rows() || !insert(column, 0.0, label)) return false;
  std::vector<double> solution = qr_.solve(b_);
  if (!(solution.back() > 0.0)) {
    remove(size() - 1);
    return false;
  }
  settle(std::move(solution));
  return true;
}

/// As far as no x gets negative; what gets zero drops out.
void NonnegativeFit::step_towards(std::span<const double> solution) {
  double alpha = 1.0;
  std::size_t first = size();
  for (std::size_t j = 0; j < size(); ++j)
    if (solution[j] <= 0.0 && x_[j] / (x_[j] - solution[j]) <= alpha) {
      alpha = x_[j] / (x_[j] - solution[j]);
      first = j;
    }
  for (std::size_t j = 0; j < size(); ++j) x_[j] += alpha * (solution[j] - x_[j]);
  if (first < size()) x_[first] = 0.0;
  const double least = rounding * *std::max_element(x_.begin(), x_.end());
  for (std::size_t j = size(); j-- > 0;)
    if (x_[j] <= least) {
      remove(j);
      ++removed_;
    }
}

void NonnegativeFit::settle(std::vector<double> solution) {
  while (size() > 0 && !all_positive(solution)) {
    step_towards(solution);
    solution = qr_.solve(b_);
  }
  x_ = std::move(solution);
  update_residual();
}

void NonnegativeFit::update_residual() {
  residual_ = b_;
  for (std::size_t j = 0; j < size(); ++j)
    for (std::size_t i = 0; i < b_.size(); ++i) residual_[i] -= x_[j] * columns_[j][i];
}

} // namespace linnet::linalg
