// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Shapes of convolutions, and which taps of a kernel reach which points.
#pragma once

#include <linnet/core/error.hpp>
#include <linnet/core/types.hpp>

namespace linnet::kernels {

/// A convolution from the fine to the coarse grid (one grid where all strides are 1).
struct ConvolutionShape {
  int in = 1, out = 1;          ///< channels
  core::Index3 kernel{3, 3, 3}; ///< k: at most 5, 2 and 4 with stride 2 only; z: 1 in 2-D
  core::Index3 stride{1, 1, 1}; ///< s: 1 or 2
  core::Index3 shift{0, 0, 0};  ///< coarse point p lies on the fine point s p + shift; below s

  [[nodiscard]] int taps() const { return static_cast<int>(core::volume(kernel)); }
  /// Taps below s p, r; and above it. A kernel of even extent reaches further up.
  [[nodiscard]] int below(int d) const { return (kernel[d] - 1) / 2 - shift[d]; }
  [[nodiscard]] int above(int d) const { return kernel[d] - 1 - below(d); }
  /// Entries of the weights, (out, in, kz, ky, kx) row-major.
  [[nodiscard]] std::size_t weights() const {
    return static_cast<std::size_t>(out) * static_cast<std::size_t>(in) *
           static_cast<std::size_t>(taps());
  }
  /// Throws core::Error unless every number is one of those allowed.
  void check() const {
    bool good = in > 0 && out > 0;
    for (int d = 0; d < 3; ++d)
      good = good && kernel[d] >= 1 && kernel[d] <= 5 && (stride[d] == 1 || stride[d] == 2) &&
             (kernel[d] % 2 == 1 || stride[d] == 2) && shift[d] >= 0 && shift[d] < stride[d];
    if (!good)
      core::throw_usage("a convolution needs channels, strides of 1 or 2, shifts below the stride, "
                        "and kernels of 1 to 5 points, of which 2 and 4 need stride 2");
  }
};

inline constexpr int most_taps = 125;

/// Some of the taps of a kernel, and where they read: point m of the loop reads in * m + offset and
/// adds to out * m + first.
struct TapSelection {
  int count = 0;
  int index[most_taps] = {};           ///< in (kz, ky, kx) order
  core::Index3 offset[most_taps] = {}; ///< of the point that is read
  core::Index3 in_stride{1, 1, 1}, out_stride{1, 1, 1}, first{0, 0, 0};
};

namespace detail {
/// visit(number, t) for every tap t of the kernel in (kz, ky, kx) order.
template <class Visit>
void for_each_tap(const ConvolutionShape& shape, const Visit& visit) {
  int number = 0;
  for (int z = 0; z < shape.kernel[2]; ++z)
    for (int y = 0; y < shape.kernel[1]; ++y)
      for (int x = 0; x < shape.kernel[0]; ++x) visit(number++, core::Index3{x, y, z});
}
} // namespace detail

/// All taps, for the convolution itself: point m of the coarse grid reads s m + t - r.
inline TapSelection convolution_taps(const ConvolutionShape& shape) {
  TapSelection taps;
  taps.in_stride = shape.stride;
  detail::for_each_tap(shape, [&](int number, const core::Index3& t) {
    for (int d = 0; d < 3; ++d) taps.offset[taps.count][d] = t[d] - shape.below(d);
    taps.index[taps.count++] = number;
  });
  return taps;
}

/// The taps that reach the points first + s m of the fine grid, 0 <= first < s, for the adjoint:
/// s p + t - r = first + s m, so that p = m + (first + r - t) / s where that is whole. The last tap
/// comes first: so points are read in the order of memory.
inline TapSelection adjoint_taps(const ConvolutionShape& shape, const core::Index3& first) {
  TapSelection taps;
  taps.out_stride = shape.stride;
  taps.first = first;
  detail::for_each_tap(shape, [&](int number, const core::Index3& reversed) {
    number = shape.taps() - 1 - number;
    core::Index3 offset{}, t{};
    for (int d = 0; d < 3; ++d) t[d] = shape.kernel[d] - 1 - reversed[d];
    bool reaches = true;
    for (int d = 0; d < 3; ++d) {
      const int distance = first[d] + shape.below(d) - t[d];
      reaches = reaches && distance % shape.stride[d] == 0;
      offset[d] = distance / shape.stride[d];
    }
    if (!reaches) return;
    taps.offset[taps.count] = offset;
    taps.index[taps.count++] = number;
  });
  return taps;
}

} // namespace linnet::kernels
