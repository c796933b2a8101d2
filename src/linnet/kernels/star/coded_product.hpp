// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The product of conjugate gradients in single precision (kernels/stencil/single_cg_kernels.hpp)
/// for a star in one byte per point.
#pragma once

#include <linnet/kernels/star/coded_star.hpp>
#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/stencil/planes.hpp>

namespace linnet::kernels::detail {

/// w = A p and the sums of p w, in single precision, all of it marched; p has finite ghosts.
template <int Dim>
struct CodedMultAndDot {
  static constexpr int width = native_width<float>;

  CodedStarPointers<float, Dim> a;
  Planes<const float> p;
  Planes<float> w;
  const double* row_sum;
  Layout at_s;
  double factor; ///< of the row sums

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> apply(int i, int j, int k) const {
    using V = Pack<float, W>;
    const std::ptrdiff_t q = a.at(i, j, k), step[3] = {1, a.pitch_y, a.pitch_z};
    const V pi = load<W>(p.row(j, k) + i);
    V sum = splat<W>(0.0F);
    static_for<3>([&](auto m) {
      if constexpr (Dim == 3 || m() != 1) {
        constexpr int x = m() == 0, y = m() == 1, z = m() == 2;
        const V behind = pi - load<W>(p.row(j - y, k - z) + i - x);
        const V ahead = pi - load<W>(p.row(j + y, k + z) + i + x);
        sum += a.c[m()] * (a.template masked<W>(behind, q - step[m()]) +
                           a.template masked<W>(ahead, q + step[m()]));
      }
    });
    sum = a.template masked<W>(sum, q) +
          convert<float, W, double>(factor * load<W>(row_sum + at_s(i, j, k))) * pi;
    store<W, float>(w.row(j, k) + i, sum);
    return convert<double, W, float>(pi) * convert<double, W, float>(sum);
  }
};

} // namespace linnet::kernels::detail
