// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sums in 64-bit integers, which are the same in any order.
#pragma once

#include <linnet/kernels/flat_loop.hpp>

#include <limits>
#include <type_traits>

namespace linnet::kernels {

namespace detail {

/// The bits of |x|, which as integers are in the order of the values, infinity and NaN on top.
template <class T>
struct MagnitudeBits {
  using Value = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  static constexpr int width = native_width<T>;
  const T* x;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<Value, W> apply(std::size_t i) const {
    Pack<Value, W> bits;
    std::memcpy(&bits, x + i, sizeof(bits));
    return bits & std::numeric_limits<Value>::max();
  }
};

/// The nearest integer, ties to even. Beyond 2^51 x itself, less than 1/2 away from one.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> nearest(const Pack<double, W>& x) {
  const Pack<double, W> shift = splat<W>(0x1.8p52); // from here on the last bit is worth 1
  const Pack<double, W> rounded = (x + shift) - shift;
  return abs<W, double>(x) < 0x1p51 ? rounded : x;
}

/// sum += x scale, rounded to an integer.
template <class T>
struct AddFixedPoint {
  static constexpr int width = native_width<double>;
  std::int64_t* sum;
  const T* x;
  double scale;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(std::size_t i) const {
    const Pack<double, W> value = nearest<W>(scale * load_double<W>(x + i));
    store<W, std::int64_t>(sum + i, load<W>(static_cast<const std::int64_t*>(sum + i)) +
                                        convert<std::int64_t, W, double>(value));
  }
};

/// y = sum / divisor * scale.
template <class T>
struct FromFixedPoint {
  static constexpr int width = native_width<double>;
  const std::int64_t* sum;
  T* y;
  double divisor, scale;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(std::size_t i) const {
    const Pack<double, W> value = convert<double, W, std::int64_t>(load<W>(sum + i));
    store_double<W>(y + i, value / divisor * scale);
  }
};

} // namespace detail

/// e such that |x| < 2^(e+1) for begin <= i < end, the smallest one unless all are subnormal;
/// max_exponent of T or more when one of them is not finite.
template <class T>
int largest_exponent(const T* x, std::size_t begin, std::size_t end) {
  constexpr int mantissa = std::numeric_limits<T>::digits - 1;
  constexpr int bias = std::numeric_limits<T>::max_exponent - 1;
  const auto bits =
      max_of_values("linnet::kernels::largest_exponent", begin, end, detail::MagnitudeBits<T>{x});
  return static_cast<int>(bits >> mantissa) - bias;
}

/// sum += x scale, rounded to integers, for begin <= i < end. @p scale is a power of two and
/// |x scale| less than 2^62.
template <class T>
void add_fixed_point(std::int64_t* sum, const T* x, double scale, std::size_t begin,
                     std::size_t end) {
  for_each_value("linnet::kernels::add_fixed_point", begin, end,
                 detail::AddFixedPoint<T>{sum, x, scale});
}

/// y = sum / divisor * scale for begin <= i < end, in double precision and rounded to T.
template <class T>
void from_fixed_point(const std::int64_t* sum, T* y, double divisor, double scale,
                      std::size_t begin, std::size_t end) {
  for_each_value("linnet::kernels::from_fixed_point", begin, end,
                 detail::FromFixedPoint<T>{sum, y, divisor, scale});
}

} // namespace linnet::kernels
