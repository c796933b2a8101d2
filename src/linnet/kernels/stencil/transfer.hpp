// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Restriction by P^T and interpolation by P.
#pragma once

#include <linnet/kernels/static_for.hpp>
#include <linnet/kernels/stencil/coarsening.hpp>
#include <linnet/kernels/stencil/planes.hpp>

namespace linnet::kernels {

namespace detail {

/// Of a coarse point and its children.
template <class T, int StrideX>
struct RestrictKernel {
  static constexpr int width = native_width<T>;
  Coarsening coarsening;
  const T* weights[child_count];
  int weight_pitch_y, weight_pitch_z;
  Planes<T> r, f;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const int x = coarsening.fine(0, i), y = coarsening.fine(1, j), z = coarsening.fine(2, k);
    const std::ptrdiff_t at = i + static_cast<std::ptrdiff_t>(j) * weight_pitch_y +
                              static_cast<std::ptrdiff_t>(k) * weight_pitch_z;
    Pack<T, W> sum = load_strided<W, StrideX>(r.row(y, z) + x);
    static_for<child_count>([&](auto n) {
      constexpr Offset o = child_offset(n());
      if (n() != centre_child && weights[n()])
        sum += load<W>(weights[n()] + at) *
               load_strided<W, StrideX>(r.row(y + o.y, z + o.z) + x + o.x);
    });
    store<W, T>(f.row(j, k) + i, sum);
  }
};

/// To the fine points (2 i + shift, j, k) and (2 i + 1 + shift, j, k): i counts coarse points, j
/// and k fine ones.
template <class T, int StrideX, bool Ones>
struct InterpolateKernel {
  static constexpr int width = native_width<T>;
  Coarsening coarsening;
  const T* weights[child_count];
  int weight_pitch_y, weight_pitch_z;
  Planes<T> e;
  T* u;
  int pitch_y;
  std::ptrdiff_t pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const int oy = coarsening.behind(1, j), oz = coarsening.behind(2, k);
    const int y = coarsening.coarse(1, j), z = coarsening.coarse(2, k);
    T* to = u + coarsening.fine(0, i) + static_cast<std::ptrdiff_t>(j) * pitch_y + k * pitch_z;
    const Pack<T, W> even = value<W>(0, oy, oz, i, y, z);
    if constexpr (StrideX == 2)
      add_interleaved<W, T>(to, even, value<W>(1, oy, oz, i, y, z));
    else
      store<W, T>(to, load<W>(to) + even);
  }

  /// Interpolated value at the offset (ox,oy,oz) from the coarse point (i,y,z), from its 1, 2, 4 or
  /// 8 parents.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> value(int ox, int oy, int oz, int i, int y, int z) const {
    const std::ptrdiff_t at = i + static_cast<std::ptrdiff_t>(y) * weight_pitch_y +
                              static_cast<std::ptrdiff_t>(z) * weight_pitch_z;
    if constexpr (Ones) return deficit<W>(ox, oy, oz, at);
    if (!ox && !oy && !oz) return load<W, T>(e.row(y, z) + i);
    Pack<T, W> sum = splat<W>(T(0));
    for (int pz = 0; pz <= oz; ++pz)
      for (int py = 0; py <= oy; ++py)
        for (int px = 0; px <= ox; ++px) {
          const T* w = weights[child_number(ox - 2 * px, oy - 2 * py, oz - 2 * pz)];
          sum += load<W>(w + at + px + static_cast<std::ptrdiff_t>(py) * weight_pitch_y +
                         static_cast<std::ptrdiff_t>(pz) * weight_pitch_z) *
                 load<W, T>(e.row(y + py, z + pz) + i + px);
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

/// @p p for marched layouts (planes.hpp). The values are the same.
template <class T>
Interpolation<T> marched(const Interpolation<T>& p, int dimension) {
  if (dimension == 3) return p;
  Interpolation<T> m;
  m.coarsening.halves[0] = p.coarsening.halves[0], m.coarsening.shift[0] = p.coarsening.shift[0];
  m.coarsening.halves[2] = p.coarsening.halves[1], m.coarsening.shift[2] = p.coarsening.shift[1];
  for (int y = -1; y <= 1; ++y)
    for (int x = -1; x <= 1; ++x)
      m.weights[child_number(x, 0, y)] = marched(p.weights[child_number(x, y, 0)], dimension);
  return m;
}

/// f = P^T r on the coarse points of @p range, where r has the fine points around them. All layouts
/// alike: marched or not.
template <class T>
void restrict_residual(const Interpolation<T>& p, const Planes<T>& r, const Planes<T>& f,
                       const Range& range) {
  with_stride(p.coarsening, [&](auto stride) {
    detail::RestrictKernel<T, stride()> kernel{};
    kernel.coarsening = p.coarsening;
    detail::set_weights(kernel, p);
    kernel.r = r;
    kernel.f = f;
    for_each_point("linnet::kernels::restrict", range, kernel);
  });
}

/// f = P^T r on the owned coarse points; r with valid ghosts.
template <class T>
void restrict_residual(const Interpolation<T>& p, const Field<T>& r, Field<T>& f) {
  restrict_residual(p, Planes<T>(r), Planes<T>(f), Range::box(f.layout.n));
}

namespace detail {

template <bool Ones, class T>
void run_interpolation(const Interpolation<T>& p, const Planes<T>& e, const Field<T>& u,
                       const Range& fine) {
  with_stride(p.coarsening, [&](auto stride) {
    InterpolateKernel<T, stride(), Ones> kernel{};
    kernel.coarsening = p.coarsening;
    set_weights(kernel, p);
    kernel.e = e;
    kernel.u = u.origin();
    kernel.pitch_y = u.layout.pitch_y;
    kernel.pitch_z = u.layout.pitch_z;
    for_each_point("linnet::kernels::interpolate", interpolated_from(p.coarsening, fine), kernel);
  });
}

} // namespace detail

/// u += P e on the points of @p fine and maybe one more at both ends along x; e and the weights
/// with valid ghosts. All layouts alike: marched or not.
template <class T>
void interpolate_add(const Interpolation<T>& p, const Planes<T>& e, const Field<T>& u,
                     const Range& fine) {
  detail::run_interpolation<false>(p, e, u, fine);
}

/// u += P e on the owned fine points (ghosts of u become invalid); e and the weights with valid
/// ghosts.
template <class T>
void interpolate_add(const Interpolation<T>& p, const Field<T>& e, Field<T>& u) {
  interpolate_add(p, Planes<T>(e), u, Range::box(u.layout.n));
}

/// u += P 1 - 1 on the owned fine points (ghosts of u become invalid), accurate however small;
/// weights with valid ghosts.
template <class T>
void add_deficit_of_ones(const Interpolation<T>& p, Field<T>& u) {
  detail::run_interpolation<true>(p, Planes<T>(), u, Range::box(u.layout.n));
}

} // namespace linnet::kernels
