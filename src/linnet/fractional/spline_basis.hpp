// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// B-splines on uniform open knots that vanish at both ends, and their Greville points.
///
/// Scaled units: the domain is [0, n], the knots are 0 (p+1 times), 1, ..., n-1, n (p+1 times). Of
/// the n+p B-splines of degree p the first and the last are left out, so that N = n+p-2 unknowns
/// and as many Greville points remain. All indices count them from 0.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <array>
#include <vector>

namespace linnet::fractional {

inline constexpr int least_degree = 2, most_degree = 15;

/// A polynomial on [begin, end] in Bernstein form, which evaluates it without cancellation.
struct BernsteinPiece {
  double begin = 0.0, end = 1.0;
  int degree = 0;
  std::array<double, most_degree + 1> coefficients{};

  /// By de Casteljau's algorithm; @p t in [begin, end].
  [[nodiscard]] double operator()(double t) const;
};

class SplineBasis {
public:
  /// @p spans (n) at least degree + 1, @p degree (p) between least_degree and most_degree.
  /// @throws core::Error (usage).
  SplineBasis(long spans, int degree);

  [[nodiscard]] long spans() const { return spans_; }
  [[nodiscard]] int degree() const { return degree_; }
  [[nodiscard]] long unknowns() const { return spans_ + degree_ - 2; }

  /// Knots 0 .. n+2p.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION double knot(long i) const {
    const long k = i - degree_;
    return static_cast<double>(k < 0 ? 0 : k > spans_ ? spans_ : k);
  }
  /// Knots first_knot(j) .. first_knot(j) + p + 1 are those of B-spline @p j.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION long first_knot(long j) const { return j + 1; }
  /// Mean of the p inner knots of B-spline @p j: its collocation point.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION double greville(long j) const {
    double sum = 0.0; // of integers: exact
    for (int k = 1; k <= degree_; ++k) sum += knot(first_knot(j) + k);
    return sum / degree_;
  }
  /// B-spline @p j is a translate of the cardinal B-spline on [0, p+1], by j - (p - 1).
  [[nodiscard]] bool is_central(long j) const { return j >= degree_ - 1 && j <= spans_ - 2; }

  /// The pieces of B-spline @p j, or of its derivative of that order, span by span.
  [[nodiscard]] std::vector<BernsteinPiece> pieces(long j, int derivative = 0) const;

  /// The values at @p x in [0, n] of the B-splines that are not zero there.
  struct Values {
    long first = 0; ///< may be -1, and last may be N: those that are left out have the value 0
    int count = 0;
    std::array<double, most_degree + 1> value{};
  };
  [[nodiscard]] Values values(double x) const;

private:
  long spans_;
  int degree_;
};

} // namespace linnet::fractional
