// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Random functions on an interval [0, T], the inputs of the operators of DeepONet (Lu, Jin, Pang,
/// Zhang and Karniadakis, Nat. Mach. Intell. 3 (2021) 218).
///
///   gaussian      Gaussian field of mean 0 with covariance exp(-(a-b)^2 / (2 l^2))
///   matern        the same with exp(-|a-b| / l): Matern's of smoothness 1/2, Ornstein and
///                 Uhlenbeck's process
///   chebyshev     sum over k < terms of a_k T_k(2x/T - 1), a_k uniform in (-bound, bound)
///   power_series  sum over k < terms of a_k (x/T)^k, the same a_k
///
/// The Gaussian ones are drawn at equispaced points, 1000 per unit of length, and are the cubic
/// spline (not-a-knot) through them: that spline is the function, and its integral is exact.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace linnet::problems {

struct FunctionSpaceOptions {
  std::string kind = "gaussian"; ///< one of function_spaces()
  double correlation = 0.2;      ///< l
  int terms = 0;                 ///< of a series; 0: 20 (chebyshev), 100 (power_series)
  double bound = 1.0;            ///< of the coefficients of a series
  double interval = 1.0;         ///< T
  std::uint64_t seed = 0;
};

/// Holds one function at a time.
class FunctionSpace {
public:
  explicit FunctionSpace(double interval);
  FunctionSpace(const FunctionSpace&) = delete;
  FunctionSpace& operator=(const FunctionSpace&) = delete;
  virtual ~FunctionSpace() = default;

  /// Draws function number @p sample, which depends on it and on the options alone.
  virtual void draw(std::uint64_t sample) = 0;
  /// At @p x in [0, T].
  [[nodiscard]] virtual double value(double x) const = 0;
  /// From 0 to @p x; exact, as is the next.
  [[nodiscard]] virtual double integral(double x) const = 0;
  /// Of integral() from 0 to @p x.
  [[nodiscard]] virtual double second_integral(double x) const = 0;
  [[nodiscard]] virtual std::string recipe() const = 0;

  [[nodiscard]] double interval() const { return interval_; }
  /// Equal parts of the interval, in each of which a function is analytic.
  [[nodiscard]] int pieces() const { return pieces_; }
  /// Values at @p count equispaced points, the ends included.
  void sample(int count, double* values) const;

private:
  double interval_;
  int pieces_;
};

const std::vector<std::string>& function_spaces();

/// @throws core::Error (usage) for options out of their range.
std::unique_ptr<FunctionSpace> make_function_space(const FunctionSpaceOptions& options);

} // namespace linnet::problems
