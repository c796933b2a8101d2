// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loop of all convolutions: sums over taps of a tensor times a small matrix for each tap.
///
/// Outputs are handled eight at a time and points two packs at a time, which keeps sixteen sums in
/// registers: for each tap two packs of values and eight weights are read for sixteen
/// multiply-adds. A single output goes by itself.
#pragma once

#include <linnet/kernels/convolution_shape.hpp>
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

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION void store_strided(T* p, const Pack<T, W>& v, int stride) {
  if constexpr (W == 1) {
    *p = v;
  } else {
    if (stride == 1) return store<W>(p, v);
    for (int l = 0; l < W; ++l) p[l * stride] = v[l];
  }
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> load_any(const T* p, int stride) {
  if constexpr (W == 1) {
    return *p;
  } else {
    if (stride == 1) return load<W>(p);
    Pack<T, W> v{};
    for (int l = 0; l < W; ++l) v[l] = p[l * stride];
    return v;
  }
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

/// The loop body: CB outputs at X packs of W points.
template <class T, int CB>
struct ConvolutionKernel {
  const T* x;
  T* y;
  const T* weights;
  const T* bias; ///< or null: y is added to
  std::ptrdiff_t x_pitch, y_pitch;
  int x_pitch_y, x_pitch_z, y_pitch_y, y_pitch_z;
  int in, out, taps;
  int in_stride[3], out_stride[3], first[3];
  TapOffsets offsets;

  template <int W, int X, int S>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int block, int i, int j, int k) const {
    const T* source = x + static_cast<std::ptrdiff_t>(i) * S +
                      static_cast<std::ptrdiff_t>(j) * in_stride[1] * x_pitch_y +
                      static_cast<std::ptrdiff_t>(k) * in_stride[2] * x_pitch_z;
    T* target = y + static_cast<std::ptrdiff_t>(i) * out_stride[0] + first[0] +
                (static_cast<std::ptrdiff_t>(j) * out_stride[1] + first[1]) * y_pitch_y +
                (static_cast<std::ptrdiff_t>(k) * out_stride[2] + first[2]) * y_pitch_z +
                block * CB * y_pitch;
    const int outputs = out - block * CB < CB ? out - block * CB : CB;
    Pack<T, W> sum[CB][X];
    for (int o = 0; o < CB; ++o)
      for (int p = 0; p < X; ++p)
        sum[o][p] = o >= outputs ? splat<W>(T(0))
                    : bias
                        ? splat<W>(bias[block * CB + o])
                        : load_any<W>(target + o * y_pitch + p * W * out_stride[0], out_stride[0]);
    const T* w = weights + static_cast<std::ptrdiff_t>(block) * in * taps * CB;
    for (int c = 0; c < in; ++c, source += x_pitch)
      for (int t = 0; t < taps; ++t, w += CB) {
        Pack<T, W> value[X];
        const T* from = source + offsets.value[t];
        static_for<X>([&](auto p) { value[p] = load_strided<W, S>(from + p * W * S); });
        static_for<CB>([&](auto o) {
          const Pack<T, W> factor = splat<W>(w[o]);
          static_for<X>([&](auto p) { sum[o][p] = fused<W, T>(factor, value[p], sum[o][p]); });
        });
      }
    static_for<CB>([&](auto o) {
      if (o < outputs)
        static_for<X>([&](auto p) {
          store_strided<W>(target + o * y_pitch + p * W * out_stride[0], sum[o][p], out_stride[0]);
        });
    });
  }

  /// A whole row on the CPU. Its last pack may overlap the one before, unless it adds. Pairs of
  /// packs are for the widest packs and stride 1, where nearly all the work is.
  template <int W, int S>
  KOKKOS_FORCEINLINE_FUNCTION void row_of(int block, int n, int j, int k) const {
    int i = 0;
    if constexpr (W == native_width<T> && S == 1 && CB > 1)
      for (; i + 2 * W <= n; i += 2 * W) apply<W, 2, S>(block, i, j, k);
    for (; i + W <= n; i += W) apply<W, 1, S>(block, i, j, k);
    if (i == n) return;
    if (bias) return apply<W, 1, S>(block, n - W, j, k);
    for (; i < n; ++i) apply<1, 1, S>(block, i, j, k);
  }
  template <int S>
  KOKKOS_FORCEINLINE_FUNCTION void row(int block, int n, int j, int k) const {
    constexpr int wide = native_width<T>;
    if (n >= wide) return row_of<wide, S>(block, n, j, k);
    if constexpr (wide > 8)
      if (n >= 8) return row_of<8, S>(block, n, j, k);
    if constexpr (wide > 4)
      if (n >= 4) return row_of<4, S>(block, n, j, k);
    row_of<1, S>(block, n, j, k);
  }
};

template <class T, int CB>
void run_convolution(const ConvolutionKernel<T, CB>& kernel, const core::Index3& n) {
  const ConvolutionKernel<T, CB> body = kernel;
  const int blocks = (body.out + CB - 1) / CB;
  const int nx = n[0], ny = n[1], nz = n[2], stride = body.in_stride[0];
  if constexpr (on_device) {
    using Policy = Kokkos::MDRangePolicy<ExecutionSpace, Kokkos::Rank<3, Kokkos::Iterate::Left>>;
    Kokkos::parallel_for(
        "linnet::kernels::convolution", Policy({0, 0, 0}, {nx, ny, nz * blocks}),
        KOKKOS_LAMBDA(int i, int j, int q) {
          if (stride == 1)
            body.template apply<1, 1, 1>(q / nz, i, j, q % nz);
          else
            body.template apply<1, 1, 2>(q / nz, i, j, q % nz);
        });
  } else {
    Kokkos::parallel_for(
        "linnet::kernels::convolution", Kokkos::RangePolicy<ExecutionSpace>(0, ny * nz),
        KOKKOS_LAMBDA(int row) {
          for (int block = 0; block < blocks; ++block)
            if (stride == 1)
              body.template row<1>(block, nx, row % ny, row / ny);
            else
              body.template row<2>(block, nx, row % ny, row / ny);
        });
  }
}

template <int CB, class T>
void sum_taps(const TapSelection& taps, const Tensor<T>& x, const Array<T>& weights, const T* bias,
              const Tensor<T>& y, const core::Index3& points) {
  ConvolutionKernel<T, CB> kernel{};
  kernel.x = x.origin(), kernel.y = y.origin();
  kernel.weights = weights.data(), kernel.bias = bias;
  kernel.x_pitch = x.pitch, kernel.y_pitch = y.pitch;
  kernel.x_pitch_y = x.layout.pitch_y, kernel.x_pitch_z = x.layout.pitch_z;
  kernel.y_pitch_y = y.layout.pitch_y, kernel.y_pitch_z = y.layout.pitch_z;
  kernel.in = x.channels, kernel.out = y.channels, kernel.taps = taps.count;
  for (int d = 0; d < 3; ++d) {
    kernel.in_stride[d] = taps.in_stride[d];
    kernel.out_stride[d] = taps.out_stride[d];
    kernel.first[d] = taps.first[d];
  }
  kernel.offsets = tap_offsets(taps, x.layout);
  run_convolution(kernel, points);
}

/// Packs the weights of @p taps in the order in which the loop reads them: block of outputs, input,
/// tap, output; the last block is filled up with zeros. @p transposed swaps outputs and inputs.
template <class T>
void pack_weights(const ConvolutionShape& shape, const TapSelection& taps, const T* weights,
                  bool transposed, int block, const Array<T>& packed) {
  const TapSelection selection = taps;
  const int in = transposed ? shape.out : shape.in, out = transposed ? shape.in : shape.out;
  const std::ptrdiff_t all = shape.taps(), count = taps.count;
  const std::ptrdiff_t o_stride = transposed ? all : all * shape.in;
  const std::ptrdiff_t c_stride = transposed ? all * shape.in : all;
  T* to = packed.data();
  Kokkos::parallel_for(
      "linnet::kernels::pack_weights",
      Kokkos::RangePolicy<ExecutionSpace>(0, (out + block - 1) / block * in), KOKKOS_LAMBDA(int q) {
        const int first = q / in * block, c = q % in;
        for (int t = 0; t < count; ++t)
          for (int b = 0; b < block; ++b)
            to[(q * count + t) * block + b] =
                first + b < out
                    ? weights[(first + b) * o_stride + c * c_stride + selection.index[t]]
                    : T(0);
      });
}

} // namespace linnet::kernels::detail
