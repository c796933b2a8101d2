// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Gradient of a convolution by its weights: for every pair of channels and every tap a sum over
/// all points.
///
/// A task owns eight outputs and one input. It goes through the rows in chunks that stay in the
/// first cache, and for each row of taps keeps 8 x k sums of packs in registers. The order of the
/// sums does not depend on threads.
#pragma once

#include <linnet/kernels/convolution_shape.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels::detail {

/// Has the compiler read @p v once: gcc would rather read it from memory again at each of its uses,
/// and reading is what limits the loop, since rows begin anywhere in a cache line.
template <class V>
KOKKOS_FORCEINLINE_FUNCTION void keep_in_register([[maybe_unused]] V& v) {
#if defined(__GNUC__) && defined(__x86_64__) && !defined(__CUDACC__)
  asm("" : "+v"(v));
#endif
}

template <class T>
struct WeightGradientData {
  const T* x;
  const T* gy;
  T* gw;
  std::ptrdiff_t x_pitch, gy_pitch;
  int x_pitch_y, x_pitch_z, gy_pitch_y, gy_pitch_z;
  int n[3], kernel[3], stride[3];
  int in, out;

  WeightGradientData(const ConvolutionShape& shape, const Tensor<T>& xs, const Tensor<T>& gys,
                     T* gws)
      : x(xs.origin() + xs.layout(-shape.below(0), -shape.below(1), -shape.below(2)) -
          xs.layout(0, 0, 0)),
        gy(gys.origin()), gw(gws), x_pitch(xs.pitch), gy_pitch(gys.pitch),
        x_pitch_y(xs.layout.pitch_y), x_pitch_z(xs.layout.pitch_z), gy_pitch_y(gys.layout.pitch_y),
        gy_pitch_z(gys.layout.pitch_z), in(shape.in), out(shape.out) {
    for (int d = 0; d < 3; ++d) {
      n[d] = gys.layout.n[d];
      kernel[d] = shape.kernel[d];
      stride[d] = shape.stride[d];
    }
  }
  /// What the point p = 0 in row (j, k) of y reads with the tap (0, ty, tz) of channel c.
  KOKKOS_FORCEINLINE_FUNCTION const T* x_row(int c, int j, int k, int ty, int tz) const {
    return x + c * x_pitch + static_cast<std::ptrdiff_t>(j * stride[1] + ty) * x_pitch_y +
           static_cast<std::ptrdiff_t>(k * stride[2] + tz) * x_pitch_z;
  }
  KOKKOS_FORCEINLINE_FUNCTION const T* gy_row(int o, int j, int k) const {
    return gy + o * gy_pitch + static_cast<std::ptrdiff_t>(j) * gy_pitch_y +
           static_cast<std::ptrdiff_t>(k) * gy_pitch_z;
  }
  KOKKOS_FORCEINLINE_FUNCTION T& weight(int o, int c, int tz, int ty, int tx) const {
    return gw[(((static_cast<std::ptrdiff_t>(o) * in + c) * kernel[2] + tz) * kernel[1] + ty) *
                  kernel[0] +
              tx];
  }
};

/// The sums of OB outputs from @p o on and of the input @p c, W points at a time, K taps in x, S
/// the stride in x.
template <class T, int OB, int K, int W, int S>
struct WeightGradientTask {
  WeightGradientData<T> d;
  int o, c;

  /// Adds W points of a row; the first @p skipped of them do not count.
  KOKKOS_FORCEINLINE_FUNCTION void add_pack(const T* gy, const T* x, int skipped,
                                            Pack<T, W> (&sum)[OB][K]) const {
    Pack<T, W> value[K];
    static_for<K>([&](auto t) { value[t] = load_strided<W, S>(x + t); });
    static_for<OB>([&](auto q) {
      Pack<T, W> g = load<W>(gy + q * d.gy_pitch);
      if constexpr (W > 1)
        for (int l = 0; l < skipped; ++l) g[l] = T(0);
      keep_in_register(g);
      static_for<K>([&](auto t) { sum[q][t] += g * value[t]; });
    });
  }

  KOKKOS_FORCEINLINE_FUNCTION void add_row(const T* gy, const T* x,
                                           Pack<T, W> (&sum)[OB][K]) const {
    int i = 0;
    for (; i + W <= d.n[0]; i += W) add_pack(gy + i, x + i * S, 0, sum);
    if (i < d.n[0]) {
      const int start = d.n[0] - W;
      add_pack(gy + start, x + start * S, i - start, sum);
    }
  }

  KOKKOS_FORCEINLINE_FUNCTION void add_chunk(int from, int to, int ty, int tz,
                                             Pack<T, W>* total) const {
    Pack<T, W> sum[OB][K];
    static_for<OB>([&](auto q) { static_for<K>([&](auto t) { sum[q][t] = splat<W>(T(0)); }); });
    // Plane by plane: a division per row would take as long as a short row.
    for (int row = from; row < to;) {
      const int j = row % d.n[1], k = row / d.n[1];
      const int rows = to - row < d.n[1] - j ? to - row : d.n[1] - j;
      const T* gy = d.gy_row(o, j, k);
      const T* x = d.x_row(c, j, k, ty, tz);
      for (int r = 0; r < rows; ++r, gy += d.gy_pitch_y, x += d.stride[1] * d.x_pitch_y)
        add_row(gy, x, sum);
      row += rows;
    }
    static_for<OB>([&](auto q) { static_for<K>([&](auto t) { total[q * K + t] += sum[q][t]; }); });
  }

  KOKKOS_FORCEINLINE_FUNCTION static T lanes(const Pack<T, W>& v) {
    if constexpr (W == 1) {
      return v;
    } else {
      T sum = T(0);
      for (int l = 0; l < W; ++l) sum += v[l];
      return sum;
    }
  }

  KOKKOS_FORCEINLINE_FUNCTION void run(int chunk) const {
    constexpr int most_rows_of_taps = 25;
    Pack<T, W> total[most_rows_of_taps * OB * K];
    const int rows_of_taps = d.kernel[1] * d.kernel[2], rows = d.n[1] * d.n[2];
    for (int s = 0; s < rows_of_taps * OB * K; ++s) total[s] = splat<W>(T(0));
    for (int from = 0; from < rows; from += chunk)
      for (int q = 0; q < rows_of_taps; ++q)
        add_chunk(from, from + chunk < rows ? from + chunk : rows, q % d.kernel[1], q / d.kernel[1],
                  total + q * OB * K);
    for (int q = 0; q < rows_of_taps; ++q)
      for (int b = 0; b < OB; ++b)
        for (int t = 0; t < K; ++t)
          d.weight(o + b, c, q / d.kernel[1], q % d.kernel[1], t) +=
              lanes(total[(q * OB + b) * K + t]);
  }
};

/// Rows of OB channels that take half of a first cache.
template <class T>
int rows_per_chunk(int outputs, int points) {
  constexpr int bytes = 24 * 1024;
  const int row = outputs * points * static_cast<int>(sizeof(T));
  return row < bytes ? bytes / row : 1;
}

template <int OB, int K, int W, int S, class T>
void run_weight_gradient(const WeightGradientData<T>& data, int first, int blocks) {
  const WeightGradientData<T> d = data;
  const int chunk = rows_per_chunk<T>(OB, d.n[0]);
  Kokkos::parallel_for(
      "linnet::kernels::weight_gradient", Kokkos::RangePolicy<ExecutionSpace>(0, blocks * d.in),
      KOKKOS_LAMBDA(int task) {
        WeightGradientTask<T, OB, K, W, S>{d, first + task / d.in * OB, task % d.in}.run(chunk);
      });
}

/// Outputs in blocks, the rest one by one.
template <int K, int W, int S, class T>
void weight_gradient_in_blocks(const WeightGradientData<T>& d) {
  constexpr int block = K >= 4 ? 4 : 8;
  const int blocks = d.out / block;
  if (blocks > 0) run_weight_gradient<block, K, W, S>(d, 0, blocks);
  if (d.out % block != 0) run_weight_gradient<1, K, W, S>(d, blocks * block, d.out % block);
}

template <int W, int S, class T>
void weight_gradient_of_width(const WeightGradientData<T>& d) {
  if (d.kernel[0] == 1) return weight_gradient_in_blocks<1, W, S>(d);
  if (d.kernel[0] == 3) return weight_gradient_in_blocks<3, W, S>(d);
  if (d.kernel[0] == 5) return weight_gradient_in_blocks<5, W, S>(d);
  if constexpr (S == 2) { // even extents
    if (d.kernel[0] == 2) return weight_gradient_in_blocks<2, W, S>(d);
    weight_gradient_in_blocks<4, W, S>(d);
  }
}

template <int W, class T>
void weight_gradient_of_stride(const WeightGradientData<T>& d) {
  if (d.stride[0] == 1)
    weight_gradient_of_width<W, 1>(d);
  else
    weight_gradient_of_width<W, 2>(d);
}

/// One team per weight on a GPU.
template <class T>
void weight_gradient_on_device(const WeightGradientData<T>& data) {
  using Policy = Kokkos::TeamPolicy<ExecutionSpace>;
  const WeightGradientData<T> d = data;
  const int taps = d.kernel[0] * d.kernel[1] * d.kernel[2], nx = d.n[0], ny = d.n[1];
  const int points = nx * ny * d.n[2];
  Kokkos::parallel_for(
      "linnet::kernels::weight_gradient", Policy(d.in * d.out * taps, Kokkos::AUTO),
      KOKKOS_LAMBDA(const Policy::member_type& team) {
        const int t = team.league_rank() % taps, c = team.league_rank() / taps % d.in;
        const int o = team.league_rank() / taps / d.in;
        const int tx = t % d.kernel[0], ty = t / d.kernel[0] % d.kernel[1];
        const int tz = t / d.kernel[0] / d.kernel[1];
        T sum = T(0);
        Kokkos::parallel_reduce(
            Kokkos::TeamThreadRange(team, points),
            [&](int p, T& part) {
              const int i = p % nx, j = p / nx % ny, k = p / nx / ny;
              part += d.gy_row(o, j, k)[i] * d.x_row(c, j, k, ty, tz)[i * d.stride[0] + tx];
            },
            sum);
        Kokkos::single(Kokkos::PerTeam(team), [&]() { d.weight(o, c, tz, ty, tx) += sum; });
      });
}

template <class T>
void add_weight_gradient(const ConvolutionShape& shape, const Tensor<T>& x, const Tensor<T>& gy,
                         T* gw) {
  const WeightGradientData<T> d(shape, x, gy, gw);
  if constexpr (on_device) {
    weight_gradient_on_device(d);
  } else {
    constexpr int wide = native_width<T>;
    if (d.n[0] >= wide) return weight_gradient_of_stride<wide>(d);
    if constexpr (wide > 4)
      if (d.n[0] >= 4) return weight_gradient_of_stride<4>(d);
    weight_gradient_of_stride<1>(d);
  }
}

} // namespace linnet::kernels::detail
