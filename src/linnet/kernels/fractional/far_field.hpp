// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The Riemann-Liouville derivative of a B-spline far away from it, by its expansion in moments.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/staging.hpp>

#include <cmath>

namespace linnet::kernels {

/// sum over m of coefficient[m] y^(power - m), y = x - centre.
struct FarField {
  static constexpr int terms = 21;
  double centre = 0.0;         ///< middle of the support
  double from = 0.0;           ///< valid for x >= from
  double coefficient[terms]{}; ///< of y^-m
  double power = 0.0;          ///< -1 - alpha

  KOKKOS_INLINE_FUNCTION double operator()(double x) const {
    const double y = x - centre, inverse = 1.0 / y;
    double sum = coefficient[terms - 1];
    for (int m = terms - 2; m >= 0; --m) sum = sum * inverse + coefficient[m];
    return sum * math::pow(y, power);
  }
};

namespace detail {

inline constexpr double far_enough = 2048.0, very_far = 65536.0;

/// values[0 .. count-1] = field(x + 0 .. count-1) for count <= 64, all in vector instructions: the
/// power by @p series terms of its binomial series about the middle, |d| / middle <= 32 / x. The
/// half-support is at most 8: of the moments, moment m counts like (8/x)^m.
template <int series>
void far_field_block(const FarField& field, double x, long count, double* values) {
  constexpr int moments = 8; // (8/2048)^8 < 1e-19
  const double middle = x - field.centre + 0.5 * static_cast<double>(count),
               power = std::pow(middle, field.power);
  double binomial[series] = {power};
  for (int m = 1; m < series; ++m)
    binomial[m] = binomial[m - 1] * (field.power - (m - 1)) / (m * middle);
  for (long k = 0; k < count; ++k) {
    const double y = x - field.centre + static_cast<double>(k), d = y - middle, inverse = 1.0 / y;
    double sum = field.coefficient[moments - 1], powers = binomial[series - 1];
    for (int m = moments - 2; m >= 0; --m) sum = sum * inverse + field.coefficient[m];
    for (int m = series - 2; m >= 0; --m) powers = powers * d + binomial[m];
    values[k] = sum * powers;
  }
}

/// Indices first .. first + count - 1, count <= 64, to values[0] on.
template <class Position>
void far_field_piece(const FarField& field, const Position& x, long first, long count,
                     double* values) {
  const double begin = x(first);
  const bool is_uniform = x(first + count - 1) == begin + static_cast<double>(count - 1);
  if (!is_uniform || begin < far_enough + field.centre)
    for (long k = 0; k < count; ++k) values[k] = field(x(first + k));
  else if (begin >= very_far + field.centre)
    far_field_block<7>(field, begin, count, values); // 2048^-7 < 1e-23
  else
    far_field_block<12>(field, begin, count, values); // 64^-12 < 1e-21
}

} // namespace detail

/// values[k - begin] = field(x(k)) for begin <= k < end, on the host; x(k) grows with k, by one but
/// at the end, and can be called in kernels.
template <class Position>
void evaluate_far_field(const FarField& field, const Position& x, long begin, long end,
                        double* values) {
  constexpr const char* label = "linnet::kernels::evaluate_far_field";
  const long count = end - begin;
  if (count <= 0) return;
  if constexpr (on_device) {
    const auto kept = detail::untouched<double>(label, static_cast<std::size_t>(count));
    double* const to = kept.data();
    for_each_index(
        label, count, KOKKOS_LAMBDA(long k) { to[k] = field(x(begin + k)); });
    const HostRead<double> found(to, static_cast<std::size_t>(count));
    std::copy_n(found.data(), count, values);
  } else {
    for_each_block(label, count, 64, [&](long first, long many) {
      detail::far_field_piece(field, x, begin + first, many, values + first);
    });
  }
}

} // namespace linnet::kernels
