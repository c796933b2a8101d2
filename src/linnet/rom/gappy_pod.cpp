// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/gappy_pod.hpp>

#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/small_dense.hpp>

#include <cmath>
#include <limits>
#include <string>

namespace linnet::rom {

namespace {

/// Condition number beyond which coefficients are rounding.
constexpr double largest_condition = 1e12;

double length(std::span<const double> v) {
  double sum = 0.0;
  for (const double value : v) sum += value * value;
  return std::sqrt(sum);
}

} // namespace

GappyPod::GappyPod(std::size_t points, std::size_t modes, std::vector<double> modes_at_points,
                   double floor)
    : points_(points), modes_(modes), floor_(floor), phi_(std::move(modes_at_points)) {
  if (phi_.size() != points * modes)
    core::throw_usage("gappy POD: " + std::to_string(phi_.size()) + " values were given for " +
                      std::to_string(modes) + " modes at " + std::to_string(points) + " points");
  if (points < 2 * modes)
    core::throw_usage("gappy POD: " + std::to_string(points) + " points for " +
                      std::to_string(modes) +
                      " modes say too little of how well they fit; give at least " +
                      std::to_string(2 * modes) + " points, or fewer modes");
  const linalg::Svd svd = linalg::singular_values(points, modes, phi_);
  inverse_.assign(modes * points, 0.0);
  if (modes == 0) return;
  condition_ = svd.values.back() > 0.0 ? svd.values.front() / svd.values.back()
                                       : std::numeric_limits<double>::infinity();
  if (!(condition_ < largest_condition))
    core::throw_usage("gappy POD: the modes depend on each other at the points (condition number "
                      "above 1e12); give more points or fewer modes");
  for (std::size_t k = 0; k < modes; ++k)
    for (std::size_t i = 0; i < points; ++i)
      for (std::size_t j = 0; j < modes; ++j)
        inverse_[j + modes * i] +=
            svd.right_t[k + modes * j] * svd.left[i + points * k] / svd.values[k];
}

GappyPod::Fit GappyPod::fit(std::span<const double> values) const {
  if (values.size() != points_)
    core::throw_usage("gappy POD: " + std::to_string(values.size()) + " values were given for " +
                      std::to_string(points_) + " points");
  Fit fit{std::vector<double>(modes_, 0.0), 0.0};
  std::vector<double> rest(values.begin(), values.end());
  // The second pass mends the rounding of the pseudo-inverse.
  for (int pass = 0; pass < 2; ++pass) {
    std::vector<double> more(modes_, 0.0);
    for (std::size_t i = 0; i < points_; ++i)
      for (std::size_t j = 0; j < modes_; ++j) more[j] += inverse_[j + modes_ * i] * rest[i];
    for (std::size_t j = 0; j < modes_; ++j) {
      fit.coefficients[j] += more[j];
      for (std::size_t i = 0; i < points_; ++i) rest[i] -= more[j] * phi_[i + points_ * j];
    }
  }
  const double size = length(values);
  if (size > floor_ && size > 0.0) fit.indicator = length(rest) / size;
  return fit;
}

void reconstruct(Mat modes, std::span<const double> coefficients, std::span<double> values) {
  const linalg::LocalColumns from(modes, linalg::LocalColumns::Access::read);
  if (coefficients.size() != static_cast<std::size_t>(from.columns()) ||
      values.size() != static_cast<std::size_t>(from.rows()))
    core::throw_usage("gappy POD: " + std::to_string(coefficients.size()) + " coefficients and " +
                      std::to_string(values.size()) + " values do not fit to " +
                      std::to_string(from.columns()) + " modes of " + std::to_string(from.rows()) +
                      " rows");
  for (double& value : values) value = 0.0;
  for (PetscInt j = 0; j < from.columns(); ++j)
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] += coefficients[static_cast<std::size_t>(j)] * from.column(j)[i];
}

} // namespace linnet::rom
