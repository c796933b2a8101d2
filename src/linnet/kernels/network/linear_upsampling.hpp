// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Linear interpolation from the centres of cells to those of their children, direction by
/// direction, and its adjoint:
///
///     y(2i) = 3/4 x(i) + 1/4 x(i-1),   y(2i+1) = 3/4 x(i) + 1/4 x(i+1)
///
/// One layer of ghosts is read. With ghosts that repeat the value at the border this is the
/// interpolation of other programs with corners that are not aligned, and its adjoint reads a
/// gradient with ghosts of the same kind: what the repeated value adds to y(0), the adjoint adds
/// to x(0).
#pragma once

#include <linnet/kernels/network/pooling.hpp>

namespace linnet::kernels {

namespace detail {

/// 3/4 near + 1/4 far.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> quarter_way(const Pack<T, W>& near, const Pack<T, W>& far) {
  return multiply_add<W, T>(splat<W>(T(0.75)), near, splat<W>(T(0.25)) * far);
}

template <class T>
struct InterpolateToChildren : ChildrenKernel<T> {
  using ChildrenKernel<T>::ChildrenKernel;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const auto& r = this->ratio;
    for (int z = 0; z < r[2]; ++z)
      for (int y = 0; y < r[1]; ++y) {
        const T* from = this->coarse + this->at_coarse(i, j, k);
        const int to_y = r[1] == 2 ? (2 * y - 1) * this->at_coarse.pitch_y : 0;
        const int to_z = r[2] == 2 ? (2 * z - 1) * this->at_coarse.pitch_z : 0;
        T* to = this->fine + this->at_fine(i * r[0], j * r[1] + y, k * r[2] + z);
        const Pack<T, W> here = across<W>(from, to_y, to_z);
        if (r[0] == 2)
          store_interleaved<W>(to, quarter_way<W, T>(here, across<W>(from - 1, to_y, to_z)),
                               quarter_way<W, T>(here, across<W>(from + 1, to_y, to_z)));
        else
          store<W>(to, here);
      }
  }
  /// Interpolated in y and z; no distance: no interpolation.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> across(const T* p, int to_y, int to_z) {
    const Pack<T, W> near = in_y<W>(p, to_y);
    return to_z == 0 ? near : quarter_way<W, T>(near, in_y<W>(p + to_z, to_y));
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> in_y(const T* p, int to_y) {
    const Pack<T, W> near = load<W>(p);
    return to_y == 0 ? near : quarter_way<W, T>(near, load<W>(p + to_y));
  }
};

template <class T>
struct GatherFromChildren : ChildrenKernel<T> {
  using ChildrenKernel<T>::ChildrenKernel;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const auto& r = this->ratio;
    Pack<T, W> sum = splat<W>(T(0));
    const T* from = this->fine + this->at_fine(i * r[0], j * r[1], k * r[2]);
    // Fine points -1 to 2 from the first child in a direction that is refined.
    for (int z = r[2] == 2 ? -1 : 0; z <= (r[2] == 2 ? 2 : 0); ++z)
      for (int y = r[1] == 2 ? -1 : 0; y <= (r[1] == 2 ? 2 : 0); ++y) {
        const T* row = from + this->at_fine(0, y, z);
        const T weight = weight_of(r[1], y) * weight_of(r[2], z);
        sum = multiply_add<W, T>(splat<W>(weight), in_x<W>(row), sum);
      }
    T* to = this->coarse + this->at_coarse(i, j, k);
    store<W>(to, this->add ? load<W>(to) + sum : sum);
  }
  KOKKOS_FORCEINLINE_FUNCTION static T weight_of(int ratio, int at) {
    return ratio == 1 ? T(1) : at == 0 || at == 1 ? T(0.75) : T(0.25);
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> in_x(const T* row) const {
    if (this->ratio[0] == 1) return load<W>(row);
    const auto [first, second] = load_pairs<W>(row);
    const Pack<T, W> before = load_strided<W, 2>(row - 1), behind = load_strided<W, 2>(row + 2);
    return quarter_way<W, T>(first + second, before + behind);
  }
};

} // namespace detail

/// fine = the interpolation of coarse on the owned points; @p ratio of the grids per direction: 1
/// (no interpolation) or 2.
template <class T>
void interpolate_to_children(const Tensor<T>& coarse, const core::Index3& ratio,
                             const Tensor<T>& fine) {
  for (int c = 0; c < coarse.channels; ++c)
    for_each_point("linnet::kernels::interpolate_to_children", Range::box(coarse.layout.n),
                   detail::InterpolateToChildren<T>(fine, coarse, c, ratio, T(1), false));
}

/// coarse = (or, with @p add, +=) the adjoint of the interpolation applied to fine.
template <class T>
void gather_from_children(const Tensor<T>& fine, const core::Index3& ratio, const Tensor<T>& coarse,
                          bool add) {
  for (int c = 0; c < coarse.channels; ++c)
    for_each_point("linnet::kernels::gather_from_children", Range::box(coarse.layout.n),
                   detail::GatherFromChildren<T>(fine, coarse, c, ratio, T(1), add));
}

} // namespace linnet::kernels
