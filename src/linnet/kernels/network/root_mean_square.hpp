// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The root mean square over some channels of each point, and these channels divided by it.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

#include <cmath>

namespace linnet::kernels {

namespace detail {

/// Of @p count values from @p x on. Scaled by the largest one, so that squares neither overflow nor
/// vanish.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T root_mean_square(const T* x, std::ptrdiff_t pitch, int count) {
  T largest = T(0);
  for (int c = 0; c < count; ++c) {
    const T size = x[c * pitch] < T(0) ? -x[c * pitch] : x[c * pitch];
    if (!(size <= largest)) largest = size; // NaN stays
  }
  if (largest == T(0)) return T(0);
  T sum = T(0);
  for (int c = 0; c < count; ++c) {
    const T part = x[c * pitch] / largest;
    sum += part * part;
  }
  return largest * std::sqrt(sum / static_cast<T>(count));
}

template <class T>
struct RmsData {
  static constexpr int width = 1;
  const T* x;
  Strides at_x;
  std::ptrdiff_t pitch_x;
  int first, count, channels;
  RmsData(const Tensor<T>& xs, int begin, int number)
      : x(xs.origin()), at_x(xs.layout), pitch_x(xs.pitch), first(begin), count(number),
        channels(xs.channels) {}
  KOKKOS_FORCEINLINE_FUNCTION T rms(const T* point) const {
    return root_mean_square<T>(point + first * pitch_x, pitch_x, count);
  }
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION bool scales(int c) const {
    return c >= first && c < first + count;
  }
};

template <class T>
struct Rms : RmsData<T> {
  T* y;
  Strides at_y;
  Rms(const RmsData<T>& data, const Tensor<T>& ys)
      : RmsData<T>(data), y(ys.origin()), at_y(ys.layout) {}
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    y[at_y(i, j, k)] = this->rms(this->x + this->at_x(i, j, k));
  }
};

/// x / (count r) for each channel that r is the root mean square of.
template <class T>
struct RmsAdjoint : RmsData<T> {
  const T* gy;
  Strides at_gy;
  T* gx;
  Strides at_gx;
  std::ptrdiff_t pitch_gx;
  bool add;
  RmsAdjoint(const RmsData<T>& data, const Tensor<T>& gys, const Tensor<T>& gxs, bool adds)
      : RmsData<T>(data), gy(gys.origin()), at_gy(gys.layout), gx(gxs.origin()), at_gx(gxs.layout),
        pitch_gx(gxs.pitch), add(adds) {}
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = this->x + this->at_x(i, j, k);
    T* to = gx + at_gx(i, j, k);
    const T r = this->rms(from), g = gy[at_gy(i, j, k)];
    const T factor = r == T(0) ? T(0) : g / (static_cast<T>(this->count) * r);
    for (int c = 0; c < this->channels; ++c) {
      const T value = this->scales(c) ? factor * from[c * this->pitch_x] : T(0);
      to[c * pitch_gx] = add ? to[c * pitch_gx] + value : value;
    }
  }
};

template <class T>
struct UnitRms : RmsData<T> {
  T* y;
  Strides at_y;
  std::ptrdiff_t pitch_y;
  UnitRms(const RmsData<T>& data, const Tensor<T>& ys)
      : RmsData<T>(data), y(ys.origin()), at_y(ys.layout), pitch_y(ys.pitch) {}
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = this->x + this->at_x(i, j, k);
    T* to = y + at_y(i, j, k);
    const T r = this->rms(from);
    for (int c = 0; c < this->channels; ++c) {
      const T value = from[c * this->pitch_x];
      to[c * pitch_y] = !this->scales(c) ? value : r == T(0) ? T(0) : value / r;
    }
  }
};

/// (g - z mean(z g)) / r with z = x / r.
template <class T>
struct UnitRmsAdjoint : RmsData<T> {
  const T* gy;
  Strides at_gy;
  std::ptrdiff_t pitch_gy;
  T* gx;
  Strides at_gx;
  std::ptrdiff_t pitch_gx;
  bool add;
  UnitRmsAdjoint(const RmsData<T>& data, const Tensor<T>& gys, const Tensor<T>& gxs, bool adds)
      : RmsData<T>(data), gy(gys.origin()), at_gy(gys.layout), pitch_gy(gys.pitch),
        gx(gxs.origin()), at_gx(gxs.layout), pitch_gx(gxs.pitch), add(adds) {}
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = this->x + this->at_x(i, j, k);
    const T* g = gy + at_gy(i, j, k);
    T* to = gx + at_gx(i, j, k);
    const T r = this->rms(from);
    T along = T(0);
    if (r != T(0)) {
      for (int c = this->first; c < this->first + this->count; ++c)
        along += from[c * this->pitch_x] / r * g[c * pitch_gy];
      along /= static_cast<T>(this->count);
    }
    for (int c = 0; c < this->channels; ++c) {
      T value = g[c * pitch_gy];
      if (this->scales(c))
        value = r == T(0) ? T(0) : (value - from[c * this->pitch_x] / r * along) / r;
      to[c * pitch_gx] = add ? to[c * pitch_gx] + value : value;
    }
  }
};

} // namespace detail

/// y = the root mean square of the @p count channels of x from @p first on.
template <class T>
void root_mean_square(const Tensor<T>& x, int first, int count, const Tensor<T>& y) {
  for_each_point("linnet::kernels::root_mean_square", Range::box(y.layout.n),
                 detail::Rms<T>(detail::RmsData<T>(x, first, count), y));
}

/// gx = (or, with @p add, +=) the gradient of sum(gy y) by x; 0 at 0.
template <class T>
void root_mean_square_adjoint(const Tensor<T>& x, int first, int count, const Tensor<T>& gy,
                              const Tensor<T>& gx, bool add) {
  for_each_point("linnet::kernels::root_mean_square_adjoint", Range::box(gx.layout.n),
                 detail::RmsAdjoint<T>(detail::RmsData<T>(x, first, count), gy, gx, add));
}

/// y = x with these channels divided by their root mean square; zeros stay zeros.
template <class T>
void unit_rms(const Tensor<T>& x, int first, int count, const Tensor<T>& y) {
  for_each_point("linnet::kernels::unit_rms", Range::box(y.layout.n),
                 detail::UnitRms<T>(detail::RmsData<T>(x, first, count), y));
}

/// gx = (or, with @p add, +=) the gradient of sum(gy y) by x; 0 at 0.
template <class T>
void unit_rms_adjoint(const Tensor<T>& x, int first, int count, const Tensor<T>& gy,
                      const Tensor<T>& gx, bool add) {
  for_each_point("linnet::kernels::unit_rms_adjoint", Range::box(gx.layout.n),
                 detail::UnitRmsAdjoint<T>(detail::RmsData<T>(x, first, count), gy, gx, add));
}

} // namespace linnet::kernels
