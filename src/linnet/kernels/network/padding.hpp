// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Ghosts beyond the borders of the domain: zeros, the mirror image of what lies inside and the
/// adjoint of the mirror, or the nearest value inside.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

/// One side of a box: the ghosts below (high = false) or above it in direction d.
struct Side {
  int direction = 0;
  bool high = false;
};

namespace detail {

/// The @p width layers of ghosts at @p side, with the ghosts of the other directions.
inline Range ghosts_at(const Layout& l, const Side& side, int width) {
  Range r;
  for (int d = 0; d < 3; ++d) r.lo[d] = -l.g[d], r.hi[d] = l.n[d] + l.g[d];
  const int d = side.direction;
  r.lo[d] = side.high ? l.n[d] : -width;
  r.hi[d] = side.high ? l.n[d] + width : 0;
  return r;
}

template <class T>
struct SidePoints {
  static constexpr int width = 1;
  T* origin;
  Strides at;
  int direction, last; ///< last: twice the index of the point that the mirror goes through
  SidePoints(const Tensor<T>& t, int channel, const Side& side)
      : origin(t.origin(channel)), at(t.layout), direction(side.direction),
        last(side.high ? 2 * (t.layout.n[side.direction] - 1) : 0) {}
  KOKKOS_FORCEINLINE_FUNCTION T& ghost(int i, int j, int k) const { return origin[at(i, j, k)]; }
  KOKKOS_FORCEINLINE_FUNCTION T& image(int i, int j, int k) const {
    return origin[at(direction == 0 ? last - i : i, direction == 1 ? last - j : j,
                     direction == 2 ? last - k : k)];
  }
};

template <class T>
struct ZeroSide : SidePoints<T> {
  using SidePoints<T>::SidePoints;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    this->ghost(i, j, k) = T(0);
  }
};
template <class T>
struct MirrorSide : SidePoints<T> {
  using SidePoints<T>::SidePoints;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    this->ghost(i, j, k) = this->image(i, j, k);
  }
};
template <class T>
struct RepeatSide : SidePoints<T> {
  int border; ///< index of the last point inside
  RepeatSide(const Tensor<T>& t, int channel, const Side& side)
      : SidePoints<T>(t, channel, side), border(side.high ? t.layout.n[side.direction] - 1 : 0) {}
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const int d = this->direction;
    this->ghost(i, j, k) =
        this->ghost(d == 0 ? border : i, d == 1 ? border : j, d == 2 ? border : k);
  }
};
template <class T>
struct FoldSide : SidePoints<T> {
  using SidePoints<T>::SidePoints;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    this->image(i, j, k) += this->ghost(i, j, k);
    this->ghost(i, j, k) = T(0);
  }
};

template <template <class> class Kernel, class T>
void for_each_ghost(const char* label, const Tensor<T>& t, const Side& side, int width) {
  const Range ghosts = ghosts_at(t.layout, side, width);
  for (int c = 0; c < t.channels; ++c) for_each_point(label, ghosts, Kernel<T>(t, c, side));
}

} // namespace detail

/// Zeros in @p width layers of ghosts at @p side.
template <class T>
void zero_ghosts(const Tensor<T>& t, const Side& side, int width) {
  detail::for_each_ghost<detail::ZeroSide>("linnet::kernels::zero_ghosts", t, side, width);
}

/// Ghost -m gets the value of point m ("reflect": the border itself is not repeated).
template <class T>
void mirror_ghosts(const Tensor<T>& t, const Side& side, int width) {
  detail::for_each_ghost<detail::MirrorSide>("linnet::kernels::mirror_ghosts", t, side, width);
}

/// All ghosts at @p side get the value of the nearest point inside.
template <class T>
void repeat_border(const Tensor<T>& t, const Side& side, int width) {
  detail::for_each_ghost<detail::RepeatSide>("linnet::kernels::repeat_border", t, side, width);
}

/// The adjoint of mirror_ghosts: point m gets the value of ghost -m added to it, which becomes 0.
template <class T>
void fold_ghosts(const Tensor<T>& t, const Side& side, int width) {
  detail::for_each_ghost<detail::FoldSide>("linnet::kernels::fold_ghosts", t, side, width);
}

} // namespace linnet::kernels
