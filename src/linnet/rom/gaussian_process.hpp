// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Gaussian process in one variable with white noise (Rasmussen and Williams, Gaussian Processes
/// for Machine Learning, 2006, chapters 2 and 5). Local to the process.
#pragma once

#include <span>
#include <vector>

namespace linnet::rom {

/// Covariance of two values at the distance r, for the length l: exp(-r^2 / 2 l^2), or
/// (1 + t + t^2 / 3) exp(-t) with t = sqrt(5) r / l (Matern 5/2).
enum class Covariance { squared_exponential, matern };

class GaussianProcess {
public:
  struct Prediction {
    double mean, deviation; ///< of a new value, noise included
  };

  /// For values @p y with mean 0 at @p x. Length, deviation of the process and of the noise have
  /// the largest likelihood: the best deviation is known in closed form, the others are searched on
  /// grids that are refined, with one eigendecomposition per length. Of more than 500 pairs every
  /// k-th in the order of x is taken.
  GaussianProcess(std::span<const double> x, std::span<const double> y, Covariance covariance);

  [[nodiscard]] Prediction predict(double x) const;
  [[nodiscard]] double length() const { return length_; }
  [[nodiscard]] double process_deviation() const { return deviation_; }
  [[nodiscard]] double noise_deviation() const;
  /// Logarithm of the marginal likelihood.
  [[nodiscard]] double log_likelihood() const { return log_likelihood_; }

private:
  void optimise();
  void try_length(double length);
  [[nodiscard]] double covariance(double distance, double length) const;

  Covariance kind_;
  std::vector<double> x_, y_;
  double length_ = 1.0, ratio_ = 1.0; ///< noise variance over that of the process
  double deviation_ = 1.0, log_likelihood_;
  std::vector<double> values_, vectors_; ///< eigendecomposition for length_
  std::vector<double> weights_;          ///< (C + ratio I)^(-1) y
};

} // namespace linnet::rom
