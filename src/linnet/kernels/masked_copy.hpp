// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Copies between fields that leave out masked points.
#pragma once

#include <linnet/kernels/copy.hpp>

namespace linnet::kernels {

namespace detail {

template <class T, bool add>
struct MaskedCopyKernel {
  static constexpr int width = native_width<T>;
  const T* mask;
  Strides at_mask;
  const T* x;
  Strides at_x;
  T* y;
  Strides at_y;
  T factor;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    T* target = y + at_y(i, j, k);
    Pack<T, W> value = factor * load<W>(x + at_x(i, j, k));
    if constexpr (add) value += load<W>(target);
    // Not a product: what is masked may be NaN.
    store<W>(target, load<W>(mask + at_mask(i, j, k)) != T(0) ? value : splat<W>(T(0)));
  }
};

} // namespace detail

/// y = factor x on the owned points where @p mask is not 0, and 0 on the others. With @p add
/// y += factor x on the former. Three layouts of one box.
template <class T, bool add = false>
void copy_where(const Field<T>& mask, const Field<T>& x, const Field<T>& y, T factor) {
  using Kernel = detail::MaskedCopyKernel<T, add>;
  for_each_point("linnet::kernels::copy_where", Range::box(y.layout.n),
                 Kernel{mask.origin(), detail::Strides(mask.layout), x.origin(),
                        detail::Strides(x.layout), y.origin(), detail::Strides(y.layout), factor});
}

} // namespace linnet::kernels
