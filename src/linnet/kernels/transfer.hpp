// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Restriction by P^T and interpolation by P.
#pragma once

#include <linnet/kernels/boxmg_interpolation.hpp>

namespace linnet::kernels {

namespace detail {

template <class T, int StrideX>
struct RestrictKernel {
  static constexpr int width = native_width<T>;
  Coarsening coarsening;
  const T* weights[child_count];
  int distance[child_count]; // of a child from its coarse point, on the fine grid
  const T* r;
  int fine_pitch_y, fine_pitch_z;
  T* f;
  int weight_pitch_y, weight_pitch_z, coarse_pitch_y, coarse_pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = coarsening.fine(0, i) +
                             static_cast<std::ptrdiff_t>(coarsening.fine(1, j)) * fine_pitch_y +
                             static_cast<std::ptrdiff_t>(coarsening.fine(2, k)) * fine_pitch_z;
    const std::ptrdiff_t at = i + static_cast<std::ptrdiff_t>(j) * weight_pitch_y +
                              static_cast<std::ptrdiff_t>(k) * weight_pitch_z;
    Pack<T, W> sum = load_strided<W, StrideX>(r + q);
    static_for<child_count>([&](auto n) {
      if (n() != centre_child && weights[n()])
        sum += load<W>(weights[n()] + at) * load_strided<W, StrideX>(r + q + distance[n()]);
    });
    store<W>(f + i + static_cast<std::ptrdiff_t>(j) * coarse_pitch_y +
                 static_cast<std::ptrdiff_t>(k) * coarse_pitch_z,
             sum);
  }
};

/// Each coarse point (and the layer before the first) adds to the up to eight fine points at the
/// offsets 0 and 1 from it.
template <class T, int StrideX, bool Ones>
struct InterpolateKernel {
  static constexpr int width = native_width<T>;
  Coarsening coarsening;
  const T* weights[child_count];
  int weight_pitch_y, weight_pitch_z;
  const T* e;
  int coarse_pitch_y, coarse_pitch_z;
  T* u;
  int fine_pitch_y, fine_pitch_z, fine_n_y, fine_n_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t at = i + static_cast<std::ptrdiff_t>(j) * weight_pitch_y +
                              static_cast<std::ptrdiff_t>(k) * weight_pitch_z;
    const std::ptrdiff_t from = i + static_cast<std::ptrdiff_t>(j) * coarse_pitch_y +
                                static_cast<std::ptrdiff_t>(k) * coarse_pitch_z;
    for (int oz = 0; oz < coarsening.stride(2); ++oz) {
      const int z = coarsening.fine(2, k) + oz;
      if (z < 0 || z >= fine_n_z) continue;
      for (int oy = 0; oy < coarsening.stride(1); ++oy) {
        const int y = coarsening.fine(1, j) + oy;
        if (y < 0 || y >= fine_n_y) continue;
        T* row = u + coarsening.fine(0, i) + static_cast<std::ptrdiff_t>(y) * fine_pitch_y +
                 static_cast<std::ptrdiff_t>(z) * fine_pitch_z;
        const Pack<T, W> even = value<W>(0, oy, oz, at, from);
        if constexpr (StrideX == 2)
          add_interleaved<W>(row, even, value<W>(1, oy, oz, at, from));
        else
          store<W>(row, load<W>(row) + even);
      }
    }
  }

  /// Interpolated value at the offset (ox,oy,oz) from the coarse point, from its 1, 2, 4 or 8
  /// parents.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> value(int ox, int oy, int oz, std::ptrdiff_t at,
                                               std::ptrdiff_t from) const {
    if constexpr (Ones) return deficit<W>(ox, oy, oz, at);
    if (!ox && !oy && !oz) return load<W>(e + from);
    Pack<T, W> sum = splat<W>(T(0));
    for (int pz = 0; pz <= oz; ++pz)
      for (int py = 0; py <= oy; ++py)
        for (int px = 0; px <= ox; ++px) {
          const T* w = weights[child_number(ox - 2 * px, oy - 2 * py, oz - 2 * pz)];
          sum += load<W>(w + at + px + static_cast<std::ptrdiff_t>(py) * weight_pitch_y +
                         static_cast<std::ptrdiff_t>(pz) * weight_pitch_z) *
                 load<W>(e + from + px + static_cast<std::ptrdiff_t>(py) * coarse_pitch_y +
                         static_cast<std::ptrdiff_t>(pz) * coarse_pitch_z);
        }
    return sum;
  }

  /// Sum of the weights of these parents, less 1.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> deficit(int ox, int oy, int oz, std::ptrdiff_t at) const {
    if (!ox && !oy && !oz) return splat<W>(T(0));
    Pack<double, W> sum = splat<W>(-1.0);
    for (int pz = 0; pz <= oz; ++pz)
      for (int py = 0; py <= oy; ++py)
        for (int px = 0; px <= ox; ++px)
          sum += load_double<W>(weights[child_number(ox - 2 * px, oy - 2 * py, oz - 2 * pz)] + at +
                                px + static_cast<std::ptrdiff_t>(py) * weight_pitch_y +
                                static_cast<std::ptrdiff_t>(pz) * weight_pitch_z);
    return convert<T, W, double>(sum);
  }
};

template <class Kernel, class T>
void set_weights(Kernel& kernel, const Interpolation<T>& p) {
  for (int n = 0; n < child_count; ++n) {
    kernel.weights[n] = p.has_child(n) ? p.weights[n].origin() : nullptr;
    if (!p.has_child(n)) continue;
    kernel.weight_pitch_y = p.weights[n].layout.pitch_y;
    kernel.weight_pitch_z = p.weights[n].layout.pitch_z;
  }
}

} // namespace detail

/// f = P^T r on the owned coarse points; r with valid ghosts.
template <class T>
void restrict_residual(const Interpolation<T>& p, const Field<T>& r, Field<T>& f) {
  with_stride(p.coarsening, [&](auto stride) {
    detail::RestrictKernel<T, stride()> kernel{};
    kernel.coarsening = p.coarsening;
    detail::set_weights(kernel, p);
    kernel.r = r.origin();
    kernel.fine_pitch_y = r.layout.pitch_y;
    kernel.fine_pitch_z = r.layout.pitch_z;
    for (int n = 0; n < child_count; ++n)
      kernel.distance[n] =
          (n % 3 - 1) + (n / 3 % 3 - 1) * r.layout.pitch_y + (n / 9 - 1) * r.layout.pitch_z;
    kernel.f = f.origin();
    kernel.coarse_pitch_y = f.layout.pitch_y;
    kernel.coarse_pitch_z = f.layout.pitch_z;
    for_each_point("linnet::kernels::restrict", Range::box(f.layout.n), kernel);
  });
}

namespace detail {

template <bool Ones, class T>
void run_interpolation(const Interpolation<T>& p, const Field<T>& e, const Layout& coarse,
                       Field<T>& u) {
  with_stride(p.coarsening, [&](auto stride) {
    InterpolateKernel<T, stride(), Ones> kernel{};
    kernel.coarsening = p.coarsening;
    set_weights(kernel, p);
    kernel.e = Ones ? nullptr : e.origin();
    kernel.coarse_pitch_y = coarse.pitch_y;
    kernel.coarse_pitch_z = coarse.pitch_z;
    kernel.u = u.origin();
    kernel.fine_pitch_y = u.layout.pitch_y;
    kernel.fine_pitch_z = u.layout.pitch_z;
    kernel.fine_n_y = u.layout.n[1];
    kernel.fine_n_z = u.layout.n[2];
    Range range = Range::box(coarse.n);
    // A first fine point in front of the first coarse point belongs to the ghost before it.
    for (int d = 0; d < 3; ++d)
      if (p.coarsening.halves[d] && p.coarsening.shift[d] == 1) range.lo[d] = -1;
    for_each_point("linnet::kernels::interpolate", range, kernel);
  });
}

} // namespace detail

/// u += P e on the owned fine points (ghosts of u become invalid); e and the weights with valid
/// ghosts.
template <class T>
void interpolate_add(const Interpolation<T>& p, const Field<T>& e, Field<T>& u) {
  detail::run_interpolation<false>(p, e, e.layout, u);
}

/// u += P 1 - 1 on the owned fine points (ghosts of u become invalid), accurate however small;
/// weights with valid ghosts. @p coarse has the coarse points of this rank.
template <class T>
void add_deficit_of_ones(const Interpolation<T>& p, const Layout& coarse, Field<T>& u) {
  detail::run_interpolation<true>(p, Field<T>(), coarse, u);
}

} // namespace linnet::kernels
