// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/gaussian_process.hpp>

#include <linnet/linalg/symmetric_eigen.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace linnet::rom {

namespace {

constexpr std::size_t most_pairs = 500;

/// Log-likelihood with the best deviation, which is returned as its square in @p variance:
/// eigenvalues d of C, and p = V^T y.
double profile(const std::vector<double>& d, const std::vector<double>& p, double ratio,
               double& variance) {
  const auto n = static_cast<double>(d.size());
  double sum = 0.0, determinant = 0.0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    const double value = std::max(d[i], 0.0) + ratio;
    sum += p[i] * p[i] / value;
    determinant += std::log(value);
  }
  variance = std::max(sum / n, std::numeric_limits<double>::min());
  return -0.5 * (n * std::log(2.0 * std::numbers::pi * variance) + determinant + n);
}

} // namespace

GaussianProcess::GaussianProcess(std::span<const double> x, std::span<const double> y,
                                 Covariance covariance)
    : kind_(covariance), log_likelihood_(-std::numeric_limits<double>::infinity()) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  const std::size_t stride = (x.size() + most_pairs - 1) / most_pairs;
  for (std::size_t i = 0; i < x.size(); i += std::max<std::size_t>(stride, 1)) {
    x_.push_back(x[order[i]]);
    y_.push_back(y[order[i]]);
  }
  optimise();
}

double GaussianProcess::covariance(double distance, double length) const {
  if (kind_ == Covariance::squared_exponential)
    return std::exp(-0.5 * distance * distance / (length * length));
  const double t = std::sqrt(5.0) * std::abs(distance) / length;
  return (1.0 + t + t * t / 3.0) * std::exp(-t);
}

/// Keeps the length, with its best ratio, if it is better than what there is.
void GaussianProcess::try_length(double length) {
  const std::size_t n = x_.size();
  std::vector<double> c(n * n);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i) c[i + n * j] = covariance(x_[i] - x_[j], length);
  linalg::SymmetricEigen e =
      linalg::symmetric_eigen(MPI_COMM_SELF, static_cast<PetscInt>(n), std::move(c));
  std::vector<double> p(n, 0.0);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i) p[k] += e.vectors[i + n * k] * y_[i];
  double best = -std::numeric_limits<double>::infinity(), at = 0.0, variance = 0.0;
  for (double step = 0.5, low = -6.0, high = 4.0; step > 0.002; step *= 0.2) {
    for (double power = low; power <= high + 0.5 * step; power += step)
      if (const double value = profile(e.values, p, std::pow(10.0, power), variance);
          value > best) {
        best = value;
        at = power;
      }
    low = at - step;
    high = at + step;
  }
  if (!(best > log_likelihood_)) return;
  log_likelihood_ = profile(e.values, p, std::pow(10.0, at), variance);
  length_ = length;
  ratio_ = std::pow(10.0, at);
  deviation_ = std::sqrt(variance);
  values_ = std::move(e.values);
  vectors_ = std::move(e.vectors);
}

void GaussianProcess::optimise() {
  const double range = std::max(x_.back() - x_.front(), 1e-6);
  double low = std::log(0.03 * range), high = std::log(10.0 * range);
  constexpr int places = 9;
  for (int round = 0; round < 2; ++round) {
    const double step = (high - low) / (places - 1);
    for (int i = 0; i < places; ++i) try_length(std::exp(low + i * step));
    low = std::log(length_) - step;
    high = std::log(length_) + step;
  }
  const std::size_t n = x_.size();
  weights_.assign(n, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    double p = 0.0;
    for (std::size_t i = 0; i < n; ++i) p += vectors_[i + n * k] * y_[i];
    p /= std::max(values_[k], 0.0) + ratio_;
    for (std::size_t i = 0; i < n; ++i) weights_[i] += p * vectors_[i + n * k];
  }
}

double GaussianProcess::noise_deviation() const { return deviation_ * std::sqrt(ratio_); }

GaussianProcess::Prediction GaussianProcess::predict(double x) const {
  const std::size_t n = x_.size();
  std::vector<double> c(n);
  for (std::size_t i = 0; i < n; ++i) c[i] = covariance(x - x_[i], length_);
  const double mean = std::inner_product(c.begin(), c.end(), weights_.begin(), 0.0);
  double known = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    double p = 0.0;
    for (std::size_t i = 0; i < n; ++i) p += vectors_[i + n * k] * c[i];
    known += p * p / (std::max(values_[k], 0.0) + ratio_);
  }
  return {mean, deviation_ * std::sqrt(std::max(1.0 - known, 0.0) + ratio_)};
}

} // namespace linnet::rom
