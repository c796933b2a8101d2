// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Normalisation over the channels of each point (Ba, Kiros and Hinton, arXiv 1607.06450):
///
///     y_c = gamma_c xh_c + beta_c,   xh_c = (x_c - mean) r,   r = 1 / sqrt(variance + epsilon)
///
/// with mean and variance (over C, not C - 1) of the channels of the point; and its adjoint.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

/// As in other programs' layers.
inline constexpr double layer_norm_epsilon = 1e-5;

namespace detail {

template <class T>
struct NormData {
  static constexpr int width = native_width<T>;
  const T* x;
  Strides at_x;
  std::ptrdiff_t pitch_x;
  T* statistics; ///< mean, and behind it by the pitch r
  Strides at_statistics;
  std::ptrdiff_t pitch_statistics;
  int channels;
  NormData(const Tensor<T>& xs, const Tensor<T>& s)
      : x(xs.origin()), at_x(xs.layout), pitch_x(xs.pitch), statistics(s.origin()),
        at_statistics(s.layout), pitch_statistics(s.pitch), channels(xs.channels) {}
};

template <class T>
struct NormaliseChannels : NormData<T> {
  static constexpr bool repeatable = true;
  const T* gamma;
  const T* beta;
  T* y;
  Strides at_y;
  std::ptrdiff_t pitch_y;
  NormaliseChannels(const Tensor<T>& xs, const Tensor<T>& s, const T* scale, const T* shift,
                    const Tensor<T>& ys)
      : NormData<T>(xs, s), gamma(scale), beta(shift), y(ys.origin()), at_y(ys.layout),
        pitch_y(ys.pitch) {}

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = this->x + this->at_x(i, j, k);
    T* to = y + at_y(i, j, k);
    const T count = static_cast<T>(this->channels);
    Pack<T, W> sum = splat<W>(T(0)), squares = splat<W>(T(0));
    for (int c = 0; c < this->channels; ++c) sum += load<W>(from + c * this->pitch_x);
    const Pack<T, W> mean = sum / count; // a product would be fused, or not, below
    for (int c = 0; c < this->channels; ++c) {
      const Pack<T, W> d = load<W>(from + c * this->pitch_x) - mean;
      squares = multiply_add<W, T>(d, d, squares);
    }
    const Pack<T, W> r = T(1) / sqrt<W, T>(squares / count + T(layer_norm_epsilon));
    for (int c = 0; c < this->channels; ++c) {
      const Pack<T, W> xh = (load<W>(from + c * this->pitch_x) - mean) * r;
      store<W>(to + c * pitch_y, multiply_add<W, T>(splat<W>(gamma[c]), xh, splat<W>(beta[c])));
    }
    T* point = this->statistics + this->at_statistics(i, j, k);
    store<W>(point, mean);
    store<W>(point + this->pitch_statistics, r);
  }
};

/// gx = r (h - mean(h) - xh mean(h xh)) with h = gamma gy.
template <class T>
struct NormaliseAdjoint : NormData<T> {
  const T* gamma;
  const T* gy;
  Strides at_gy;
  std::ptrdiff_t pitch_gy;
  T* gx;
  Strides at_gx;
  std::ptrdiff_t pitch_gx;
  bool add;
  NormaliseAdjoint(const Tensor<T>& xs, const Tensor<T>& s, const T* scale, const Tensor<T>& gys,
                   const Tensor<T>& gxs, bool adds)
      : NormData<T>(xs, s), gamma(scale), gy(gys.origin()), at_gy(gys.layout), pitch_gy(gys.pitch),
        gx(gxs.origin()), at_gx(gxs.layout), pitch_gx(gxs.pitch), add(adds) {}

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const T* from = this->x + this->at_x(i, j, k);
    const T* g = gy + at_gy(i, j, k);
    T* to = gx + at_gx(i, j, k);
    const T* point = this->statistics + this->at_statistics(i, j, k);
    const Pack<T, W> mean = load<W>(point), r = load<W>(point + this->pitch_statistics);
    const Pack<T, W> part = splat<W>(T(1) / static_cast<T>(this->channels));
    Pack<T, W> sum = splat<W>(T(0)), along = splat<W>(T(0));
    for (int c = 0; c < this->channels; ++c) {
      const Pack<T, W> h = splat<W>(gamma[c]) * load<W>(g + c * pitch_gy);
      const Pack<T, W> xh = (load<W>(from + c * this->pitch_x) - mean) * r;
      sum = multiply_add<W, T>(splat<W>(gamma[c]), load<W>(g + c * pitch_gy), sum);
      along = multiply_add<W, T>(h, xh, along);
    }
    const Pack<T, W> mean_h = sum * part, mean_along = along * part;
    for (int c = 0; c < this->channels; ++c) {
      const Pack<T, W> xh = (load<W>(from + c * this->pitch_x) - mean) * r;
      const Pack<T, W> h =
          multiply_add<W, T>(splat<W>(gamma[c]), load<W>(g + c * pitch_gy), -mean_h);
      const Pack<T, W> value = multiply_add<W, T>(-xh, mean_along, h);
      T* target = to + c * pitch_gx;
      store<W>(target, add ? multiply_add<W, T>(r, value, load<W>(target)) : r * value);
    }
  }
};

/// gy xh of one channel.
template <class T>
struct NormScaleGradient : NormData<T> {
  static constexpr int width = native_width<double>;
  const T* gy;
  Strides at_gy;
  std::ptrdiff_t pitch_gy;
  NormScaleGradient(const Tensor<T>& xs, const Tensor<T>& s, const Tensor<T>& gys)
      : NormData<T>(xs, s), gy(gys.origin()), at_gy(gys.layout), pitch_gy(gys.pitch) {}

  /// The same for the channel number @p c alone.
  KOKKOS_FORCEINLINE_FUNCTION NormScaleGradient channel(int c) const {
    NormScaleGradient one = *this;
    one.x += c * this->pitch_x;
    one.gy += c * pitch_gy;
    return one;
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    const T* point = this->statistics + this->at_statistics(i, j, k);
    const Pack<double, W> xh =
        (load_double<W>(this->x + this->at_x(i, j, k)) - load_double<W>(point)) *
        load_double<W>(point + this->pitch_statistics);
    return load_double<W>(gy + at_gy(i, j, k)) * xh;
  }
};

} // namespace detail

/// y from x on the owned points; mean and r of each point go to the two channels of @p statistics.
/// @p gamma and @p beta in kernel memory.
template <class T>
void normalise_channels(const Tensor<T>& x, const T* gamma, const T* beta,
                        const Tensor<T>& statistics, const Tensor<T>& y) {
  for_each_point("linnet::kernels::normalise_channels", Range::box(y.layout.n),
                 detail::NormaliseChannels<T>(x, statistics, gamma, beta, y));
}

/// gx = (or, with @p add, +=) the gradient of sum(gy y) by x.
template <class T>
void normalise_channels_adjoint(const Tensor<T>& x, const T* gamma, const Tensor<T>& statistics,
                                const Tensor<T>& gy, const Tensor<T>& gx, bool add) {
  for_each_point("linnet::kernels::normalise_channels_adjoint", Range::box(gx.layout.n),
                 detail::NormaliseAdjoint<T>(x, statistics, gamma, gy, gx, add));
}

/// sums(c) += the gradient of sum(gy y) by gamma(c); @p sums in kernel memory.
template <class T>
void add_norm_scale_gradient(const Tensor<T>& x, const Tensor<T>& statistics, const Tensor<T>& gy,
                             T* sums) {
  const detail::NormScaleGradient<T> all(x, statistics, gy);
  const int nx = gy.layout.n[0], ny = gy.layout.n[1], rows = ny * gy.layout.n[2];
  Kokkos::parallel_for(
      "linnet::kernels::norm_scale_gradient", Kokkos::RangePolicy<ExecutionSpace>(0, gy.channels),
      KOKKOS_LAMBDA(int c) {
        const detail::NormScaleGradient<T> one = all.channel(c);
        double sum = 0.0;
        for (int row = 0; row < rows; ++row) sum += detail::sum_row(one, 0, nx, row % ny, row / ny);
        sums[c] += static_cast<T>(sum);
      });
}

} // namespace linnet::kernels
