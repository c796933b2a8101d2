// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The squared error of a batch of outputs, each scaled and shifted, and its derivative.
#pragma once

#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

/// How outputs become the user's values: scale y + shift, with numbers for each output, or for each
/// output and point.
template <class T>
struct OutputScale {
  Array<T> scale, shift;
  std::ptrdiff_t pitch = 0; ///< distance of two outputs in them: the points; 0: one number each
};

/// With e = scale y + shift - target, on the first @p members points of every channel: returns the
/// sum of e^2 and sets y = @p factor scale e, half the derivative of factor times the sum; the
/// points behind become 0. Channel c is output c modulo @p outputs, and its first point has the
/// number @p first.
template <class T>
double squared_error(const Tensor<T>& y, const Tensor<T>& target, const OutputScale<T>& s,
                     int outputs, std::int64_t first, int members, T factor) {
  T* const values = y.origin();
  const T* const wanted = target.origin();
  const std::ptrdiff_t pitch_y = y.pitch, pitch_t = target.pitch, pitch_s = s.pitch;
  const T *const scale = s.scale.data(), *const shift = s.shift.data();
  const int all = y.layout.n[0];
  double sum = 0.0;
  Kokkos::parallel_reduce(
      "linnet::kernels::squared_error", Kokkos::RangePolicy<ExecutionSpace>(0, y.channels),
      KOKKOS_LAMBDA(int c, double& total) {
        T* const row = values + c * pitch_y;
        const T* const t = wanted + c * pitch_t;
        const int o = c % outputs;
        const bool by_point = pitch_s > 0;
        const std::ptrdiff_t begin = by_point ? o * pitch_s + first : o;
        double part = 0.0;
        for (int i = 0; i < members; ++i) {
          const std::ptrdiff_t at = by_point ? begin + i : begin;
          const T e = scale[at] * row[i] + shift[at] - t[i];
          part += static_cast<double>(e) * static_cast<double>(e);
          row[i] = factor * scale[at] * e;
        }
        for (int i = members; i < all; ++i) row[i] = T(0);
        total += part;
      },
      sum);
  return sum;
}

} // namespace linnet::kernels
