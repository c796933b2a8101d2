// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loop of all convolutions: sums over taps of a tensor times a small matrix for each tap.
///
/// Outputs are handled eight at a time and points two packs at a time, which keeps sixteen sums in
/// registers: for each tap two packs of values and eight weights are read for sixteen
/// multiply-adds. Short rows go two at a time. A single output goes by itself.
#pragma once

#include <linnet/kernels/network/convolution_shape.hpp>
#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels::detail {

struct TapOffsets {
  std::ptrdiff_t value[most_taps];
};

inline TapOffsets tap_offsets(const TapSelection& taps, const Layout& l) {
  TapOffsets offsets{};
  for (int t = 0; t < taps.count; ++t)
    offsets.value[t] = taps.offset[t][0] + std::ptrdiff_t{taps.offset[t][1]} * l.pitch_y +
                       std::ptrdiff_t{taps.offset[t][2]} * l.pitch_z;
  return offsets;
}

/// a b + c with one rounding at every width, so that a value does not depend on where in a row it
/// lies. Packs are fused as they stand (see src/CMakeLists.txt); a loop of scalars the compiler may
/// turn into packs of products that it then adds one by one.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> fused(const Pack<T, W>& a, const Pack<T, W>& b,
                                             const Pack<T, W>& c) {
  if constexpr (W == 1)
    return multiply_add<1, T>(a, b, c);
  else
    return a * b + c;
}

/// The loop body: CB outputs at X packs of W points, S points of x apart. With P = 2 it writes the
/// points 2 i and 2 i + 1 of y, each by its own taps.
template <class T, int CB>
struct ConvolutionKernel {
  const T* x;
  T* y;
  const T* bias; ///< or null: y is added to
  std::ptrdiff_t x_pitch, y_pitch;
  int x_pitch_y, x_pitch_z, y_pitch_y, y_pitch_z;
  int in, out;
  int in_stride[3], out_stride[3], first[3];
  bool odd; ///< P = 2: the last point of a row has no neighbour
  const T* weights[2];
  int taps[2];
  TapOffsets offsets[2];

  /// Distances of neighbouring rows of the loop.
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t x_row() const {
    return std::ptrdiff_t{in_stride[1]} * x_pitch_y;
  }
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t y_row() const {
    return std::ptrdiff_t{out_stride[1]} * y_pitch_y;
  }

  /// The outputs of phase @p p at the points that read from @p source on and @p in_step further.
  template <int W, int X, int S, int P>
  KOKKOS_FORCEINLINE_FUNCTION void sums_of(int p, int block, const T* source,
                                           std::ptrdiff_t in_step, const T* target,
                                           std::ptrdiff_t out_step, Pack<T, W>* result) const {
    const int outputs = out - block * CB < CB ? out - block * CB : CB;
    Pack<T, W> sum[CB][X];
    for (int o = 0; o < CB; ++o)
      for (int q = 0; q < X; ++q)
        sum[o][q] = o >= outputs ? splat<W>(T(0))
                    : bias       ? splat<W>(bias[block * CB + o])
                                 : load_strided<W, P>(target + o * y_pitch + q * out_step + p);
    const int count = taps[p];
    const T* w = weights[p] + static_cast<std::ptrdiff_t>(block) * in * count * CB;
    for (int c = 0; c < in; ++c, source += x_pitch)
      for (int t = 0; t < count; ++t, w += CB) {
        Pack<T, W> value[X];
        const T* from = source + offsets[p].value[t];
        static_for<X>([&](auto q) { value[q] = load_strided<W, S>(from + q * in_step); });
        static_for<CB>([&](auto o) {
          const Pack<T, W> factor = splat<W>(w[o]);
          static_for<X>([&](auto q) { sum[o][q] = fused<W, T>(factor, value[q], sum[o][q]); });
        });
      }
    static_for<CB>([&](auto o) { static_for<X>([&](auto q) { result[o * X + q] = sum[o][q]; }); });
  }

  /// The first pack begins at point i of row (j, k), the next one @p in_step and @p out_step
  /// further. @p cut: the very last point is not there.
  template <int W, int X, int S, int P>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int block, int i, int j, int k, std::ptrdiff_t in_step,
                                         std::ptrdiff_t out_step, bool cut) const {
    const T* source = x + static_cast<std::ptrdiff_t>(i) * S + j * x_row() +
                      static_cast<std::ptrdiff_t>(k) * in_stride[2] * x_pitch_z;
    T* target = y + static_cast<std::ptrdiff_t>(i) * P + j * y_row() +
                std::ptrdiff_t{first[1]} * y_pitch_y +
                (static_cast<std::ptrdiff_t>(k) * out_stride[2] + first[2]) * y_pitch_z +
                block * CB * y_pitch;
    const int outputs = out - block * CB < CB ? out - block * CB : CB;
    Pack<T, W> sum[P][CB * X];
    static_for<P>(
        [&](auto p) { sums_of<W, X, S, P>(p, block, source, in_step, target, out_step, sum[p]); });
    static_for<CB>([&](auto o) {
      if (o < outputs)
        static_for<X>([&](auto q) {
          T* const to = target + o * y_pitch + q * out_step;
          if constexpr (P == 1)
            store<W>(to, sum[0][o * X + q]);
          else
            store_both<W>(to, sum[0][o * X + q], sum[1][o * X + q], cut && q == X - 1);
        });
    });
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static void store_both(T* to, const Pack<T, W>& even,
                                                     const Pack<T, W>& odd_ones, bool cut) {
    if (!cut) return store_interleaved<W, T>(to, even, odd_ones);
    T lanes[2 * W];
    store_interleaved<W, T>(lanes, even, odd_ones);
    for (int l = 0; l < 2 * W - 1; ++l) to[l] = lanes[l];
  }

  /// A block of outputs in @p rows rows on the CPU, one or two, of n >= W points, in pairs of
  /// packs; two rows make pairs of their only packs. The last pack of a row may overlap the one
  /// before: both are read before they are written, so that nothing is added twice.
  template <int W, int S, int P>
  KOKKOS_FORCEINLINE_FUNCTION void rows_of(int block, int n, int j, int k, int rows) const {
    if (rows == 2) return apply<W, 2, S, P>(block, 0, j, k, x_row(), y_row(), false);
    int i = 0;
    if ((n + W - 1) / W % 2 == 1) {
      apply<W, 1, S, P>(block, 0, j, k, 0, 0, odd && n == W);
      i = W;
    }
    for (; i < n; i += 2 * W) {
      const std::ptrdiff_t step = i + 2 * W <= n ? W : n - W - i;
      apply<W, 2, S, P>(block, i, j, k, step * S, step * P, odd && i + 2 * W >= n);
    }
  }
  template <int S, int P>
  KOKKOS_FORCEINLINE_FUNCTION void row(int block, int n, int j, int k, int rows) const {
    constexpr int wide = native_width<T>;
    if (n >= wide) return rows_of<wide, S, P>(block, n, j, k, rows);
    if constexpr (wide > 8)
      if (n >= 8) return rows_of<8, S, P>(block, n, j, k, rows);
    if constexpr (wide > 4)
      if (n >= 4) return rows_of<4, S, P>(block, n, j, k, rows);
    for (int i = 0; i < n; ++i) apply<1, 1, S, P>(block, i, j, k, 0, 0, odd && i == n - 1);
  }
  /// Rows that row() wants at a time.
  [[nodiscard]] int rows_at_a_time(int n) const {
    constexpr int wide = native_width<T>;
    const bool one_pack = n == wide || (n == 8 && wide > 8) || (n == 4 && wide > 4);
    return one_pack && !odd && wide > 1 ? 2 : 1;
  }
};

template <int S, int P, class T, int CB>
void run_convolution(const ConvolutionKernel<T, CB>& kernel, const core::Index3& n) {
  const ConvolutionKernel<T, CB> body = kernel;
  const int nx = n[0], ny = n[1], nz = n[2];
  if constexpr (on_device) {
    const int blocks = (body.out + CB - 1) / CB;
    using Policy = Kokkos::MDRangePolicy<ExecutionSpace, Kokkos::Rank<3, Kokkos::Iterate::Left>>;
    Kokkos::parallel_for(
        "linnet::kernels::convolution", Policy({0, 0, 0}, {nx, ny, nz * blocks}),
        KOKKOS_LAMBDA(int i, int j, int q) {
          body.template apply<1, 1, S, P>(q / nz, i, j, q % nz, 0, 0, body.odd && i == nx - 1);
        });
  } else {
    const int at_a_time = body.rows_at_a_time(nx), groups = (ny + at_a_time - 1) / at_a_time;
    Kokkos::parallel_for(
        "linnet::kernels::convolution", Kokkos::RangePolicy<ExecutionSpace>(0, groups * nz),
        KOKKOS_LAMBDA(int group) {
          const int j = group % groups * at_a_time, rows = j + at_a_time <= ny ? at_a_time : 1;
          for (int block = 0; block * CB < body.out; ++block)
            body.template row<S, P>(block, nx, j, group / groups, rows);
        });
  }
}

/// y = bias, or y where there is none, plus the taps at @p points; two selections of taps are those
/// of the points of y with even and with odd numbers in x, whose weights follow each other.
template <int CB, class T>
void sum_taps(const TapSelection* taps, int phases, const Tensor<T>& x, const T* const* weights,
              const T* bias, const Tensor<T>& y, const core::Index3& points) {
  ConvolutionKernel<T, CB> kernel{};
  kernel.x = x.origin(), kernel.y = y.origin();
  kernel.bias = bias;
  kernel.x_pitch = x.pitch, kernel.y_pitch = y.pitch;
  kernel.x_pitch_y = x.layout.pitch_y, kernel.x_pitch_z = x.layout.pitch_z;
  kernel.y_pitch_y = y.layout.pitch_y, kernel.y_pitch_z = y.layout.pitch_z;
  kernel.in = x.channels, kernel.out = y.channels;
  for (int d = 0; d < 3; ++d) {
    kernel.in_stride[d] = taps[0].in_stride[d];
    kernel.out_stride[d] = taps[0].out_stride[d];
    kernel.first[d] = taps[0].first[d];
  }
  for (int p = 0; p < phases; ++p) {
    kernel.weights[p] = weights[p];
    kernel.taps[p] = taps[p].count;
    kernel.offsets[p] = tap_offsets(taps[p], x.layout);
  }
  kernel.odd = phases == 2 && y.layout.n[0] % 2 == 1;
  if (phases == 2)
    run_convolution<1, 2>(kernel, points);
  else if (kernel.in_stride[0] == 2)
    run_convolution<2, 1>(kernel, points);
  else
    run_convolution<1, 1>(kernel, points);
}

/// Packs the weights of @p taps in the order in which the loop reads them: block of CB outputs,
/// input, tap, output; the last block is filled up with zeros. @p transposed swaps outputs and
/// inputs. Returns the end.
template <int CB, class T>
T* pack_weights(const ConvolutionShape& shape, const TapSelection& taps, const T* weights,
                bool transposed, T* to) {
  const TapSelection selection = taps;
  const int in = transposed ? shape.out : shape.in, out = transposed ? shape.in : shape.out;
  const std::ptrdiff_t all = shape.taps(), count = taps.count;
  const std::ptrdiff_t o_stride = transposed ? all : all * shape.in;
  const std::ptrdiff_t c_stride = transposed ? all * shape.in : all;
  const int blocks = (out + CB - 1) / CB;
  Kokkos::parallel_for(
      "linnet::kernels::pack_weights", Kokkos::RangePolicy<ExecutionSpace>(0, blocks * in),
      KOKKOS_LAMBDA(int q) {
        const int first = q / in * CB, c = q % in;
        const T* const from = weights + first * o_stride + c * c_stride;
        T* packed = to + q * count * CB;
        for (int t = 0; t < count; ++t, packed += CB) {
          const T* const tap = from + selection.index[t];
          if (first + CB <= out)
            static_for<CB>([&](auto b) { packed[b] = tap[b * o_stride]; });
          else
            for (int b = 0; b < CB; ++b) packed[b] = first + b < out ? tap[b * o_stride] : T(0);
        }
      });
  return to + blocks * CB * in * count;
}

} // namespace linnet::kernels::detail
