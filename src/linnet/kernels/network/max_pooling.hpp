// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The largest of the children of a coarse point, and the adjoint, which sends a value to the first
/// of the largest ones in the order x, y, z.
#pragma once

#include <linnet/kernels/network/pooling.hpp>

#include <cmath>

namespace linnet::kernels {

namespace detail {

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> largest_child(const T* fine, const Strides& at,
                                                     const int (&r)[3], int i, int j, int k) {
  Pack<T, W> largest = splat<W>(static_cast<T>(-INFINITY));
  for (int z = 0; z < r[2]; ++z)
    for (int y = 0; y < r[1]; ++y) {
      const T* row = fine + at(i * r[0], j * r[1] + y, k * r[2] + z);
      if (r[0] == 2) {
        const auto [even, odd] = load_pairs<W>(row);
        largest = max<W, T>(odd, max<W, T>(even, largest));
      } else {
        largest = max<W, T>(load<W>(row), largest);
      }
    }
  return largest;
}

template <class T>
struct MaxOfChildren : ChildrenKernel<T> {
  using ChildrenKernel<T>::ChildrenKernel;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    store<W>(this->coarse + this->at_coarse(i, j, k),
             largest_child<W>(this->fine, this->at_fine, this->ratio, i, j, k));
  }
};

/// fine: the gradient of the children.
template <class T>
struct SendToLargestChild : ChildrenKernel<T> {
  const T* x;
  Strides at_x;
  SendToLargestChild(const Tensor<T>& children, const Tensor<T>& gy, const Tensor<T>& gx,
                     int channel, const core::Index3& r, bool adds)
      : ChildrenKernel<T>(gx, gy, channel, r, T(1), adds), x(children.origin(channel)),
        at_x(children.layout) {}

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const auto& r = this->ratio;
    const Pack<T, W> largest = largest_child<W>(x, at_x, r, i, j, k);
    Pack<T, W> left = load<W>(this->coarse + this->at_coarse(i, j, k));
    for (int z = 0; z < r[2]; ++z)
      for (int y = 0; y < r[1]; ++y) {
        const T* row = x + at_x(i * r[0], j * r[1] + y, k * r[2] + z);
        T* to = this->fine + this->at_fine(i * r[0], j * r[1] + y, k * r[2] + z);
        if (r[0] == 2) {
          const auto [even, odd] = load_pairs<W>(row);
          const Pack<T, W> first = take<W>(even, largest, left);
          const Pack<T, W> second = take<W>(odd, largest, left);
          if (this->add)
            add_interleaved<W>(to, first, second);
          else
            store_interleaved<W>(to, first, second);
        } else {
          const Pack<T, W> own = take<W>(load<W>(row), largest, left);
          store<W>(to, this->add ? load<W>(to) + own : own);
        }
      }
  }
  /// What is left, where the child is the largest one; then nothing is left.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static Pack<T, W> take(const Pack<T, W>& child,
                                                     const Pack<T, W>& largest, Pack<T, W>& left) {
    const Pack<T, W> none = splat<W>(T(0));
    const Pack<T, W> taken = child == largest ? left : none;
    left = child == largest ? none : left;
    return taken;
  }
};

} // namespace detail

/// coarse = the largest child, on the owned points; @p ratio of the grids per direction: 1 or 2.
template <class T>
void max_of_children(const Tensor<T>& fine, const core::Index3& ratio, const Tensor<T>& coarse) {
  for (int c = 0; c < coarse.channels; ++c)
    for_each_point("linnet::kernels::max_of_children", Range::box(coarse.layout.n),
                   detail::MaxOfChildren<T>(fine, coarse, c, ratio, T(1), false));
}

/// gx = (or, with @p add, +=) gy at the first of the largest children in x, 0 at the others.
template <class T>
void max_of_children_adjoint(const Tensor<T>& x, const core::Index3& ratio, const Tensor<T>& gy,
                             const Tensor<T>& gx, bool add) {
  for (int c = 0; c < gy.channels; ++c)
    for_each_point("linnet::kernels::max_of_children_adjoint", Range::box(gy.layout.n),
                   detail::SendToLargestChild<T>(x, gy, gx, c, ratio, add));
}

} // namespace linnet::kernels
