// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Copies between fields of different layouts and value types, scalings, fills and inner products.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>

namespace linnet::kernels {

namespace detail {

struct Strides {
  int pitch_y, pitch_z;
  explicit Strides(const Layout& l) : pitch_y(l.pitch_y), pitch_z(l.pitch_z) {}
  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t operator()(int i, int j, int k) const {
    return i + static_cast<std::ptrdiff_t>(j) * pitch_y + static_cast<std::ptrdiff_t>(k) * pitch_z;
  }
};

template <class From, class To>
struct CopyKernel {
  static constexpr int width = native_width<From>;
  const From* x;
  Strides at_x;
  To* y;
  Strides at_y;
  From factor;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    store<W>(y + at_y(i, j, k), convert<To, W, From>(factor * load<W>(x + at_x(i, j, k))));
  }
};

template <class From, class To>
struct ConvertKernel {
  static constexpr int width = native_width<To>;
  const From* x;
  Strides at_x;
  To* y;
  Strides at_y;
  To factor;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    store<W>(y + at_y(i, j, k), factor * convert<To, W, From>(load<W>(x + at_x(i, j, k))));
  }
};

template <class T>
struct FillKernel {
  static constexpr int width = native_width<T>;
  T* y;
  Strides at;
  T value;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    store<W>(y + at(i, j, k), splat<W>(value));
  }
};

template <class T>
struct AddKernel {
  static constexpr int width = native_width<T>;
  const T* x;
  T* y;
  Strides at;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q = at(i, j, k);
    store<W>(y + q, load<W>(x + q) + load<W>(y + q));
  }
};

template <class T>
struct DotKernel {
  const T* x;
  Strides at_x;
  const T* y;
  Strides at_y;
  KOKKOS_FORCEINLINE_FUNCTION double value(int i, int j, int k) const {
    return static_cast<double>(x[at_x(i, j, k)]) * static_cast<double>(y[at_y(i, j, k)]);
  }
};

} // namespace detail

/// y = factor x on @p range (local indices, ghosts allowed).
template <class From, class To>
void copy_scaled(const Field<From>& x, const Field<To>& y, const Range& range, From factor) {
  using Kernel = detail::CopyKernel<From, To>;
  for_each_point(
      "linnet::kernels::copy", range,
      Kernel{x.origin(), detail::Strides(x.layout), y.origin(), detail::Strides(y.layout), factor});
}

/// y = factor x on @p range, with the product formed in the (wider) type of y.
template <class From, class To>
void convert_scaled(const Field<From>& x, const Field<To>& y, const Range& range, To factor) {
  using Kernel = detail::ConvertKernel<From, To>;
  for_each_point(
      "linnet::kernels::convert", range,
      Kernel{x.origin(), detail::Strides(x.layout), y.origin(), detail::Strides(y.layout), factor});
}

/// y = value on @p range.
template <class T>
void fill(const Field<T>& y, const Range& range, T value) {
  for_each_point("linnet::kernels::fill", range,
                 detail::FillKernel<T>{y.origin(), detail::Strides(y.layout), value});
}

/// y += x on the owned points; both on one layout.
template <class T>
void add(const Field<T>& x, const Field<T>& y) {
  for_each_point("linnet::kernels::add", Range::box(y.layout.n),
                 detail::AddKernel<T>{x.origin(), y.origin(), detail::Strides(y.layout)});
}

/// Inner product over the owned points of this rank, summed in double precision.
template <class T>
double dot(const Field<T>& x, const Field<T>& y) {
  return sum_over_points("linnet::kernels::dot", Range::box(x.layout.n),
                         detail::DotKernel<T>{x.origin(), detail::Strides(x.layout), y.origin(),
                                              detail::Strides(y.layout)});
}

} // namespace linnet::kernels
