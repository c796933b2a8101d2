// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Elementary functions of packs, float and double, without branches: exp, tanh, softplus and erf.
///
/// A lane's result does not depend on the width. NaN gives NaN, an infinity the limit, and -0 keeps
/// its sign where the function is odd. -ffast-math would delete the compensations.
///
/// Largest errors in units in the last place (ULP), over all floats and over 4e6 doubles; in
/// brackets those on a processor without FMA:
///
/// |                | float       | double      |
/// |----------------|-------------|-------------|
/// | exp            | 0.80 (0.81) | 0.80 (0.81) |
/// | tanh           | 2.57 (2.61) | 2.63 (2.57) |
/// | erf            | 1.01 (1.32) | 1.13 (1.34) |
/// | softplus       | 1.84 (1.91) | 2.10 (2.15) |
/// | softplus_slope | 0.95 (1.07) | 1.18 (1.14) |
///
/// x is reduced by multiples of ln 2 in two parts (Cody and Waite, Software Manual for the
/// Elementary Functions, 1980); softplus takes log1p in the form of fdlibm. The polynomials are
/// minimax fits, weighted with the error that the result can bear.
#pragma once

#include <linnet/kernels/simd.hpp>

#include <cstdint>
#include <cstring>

namespace linnet::kernels {

namespace detail {

/// Of the binary formats. A sum x + shift has round(x) in its last bits.
template <class T>
struct FloatFormat;
template <>
struct FloatFormat<float> {
  using Bits = std::uint32_t;
  static constexpr int mantissa_bits = 23;
  static constexpr Bits bias = 127, sign = 0x80000000u, shift_bits = 0x4b400000u;
  static constexpr float shift = 12582912.0f; // 1.5 * 2^23
  // ln 2 = ln2_high + ln2_low; multiples of ln2_high up to 2^11 are exact.
  static constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
};
template <>
struct FloatFormat<double> {
  using Bits = std::uint64_t;
  static constexpr int mantissa_bits = 52;
  static constexpr Bits bias = 1023, sign = 0x8000000000000000u, shift_bits = 0x4338000000000000u;
  static constexpr double shift = 6755399441055744.0; // 1.5 * 2^52
  static constexpr double ln2_high = 6.93147180369123816490e-1,
                          ln2_low = 1.90821492927058770002e-10;
};
template <class T>
using Bits = typename FloatFormat<T>::Bits;

template <int W, class To, class From>
KOKKOS_FORCEINLINE_FUNCTION Pack<To, W> reinterpret(const Pack<From, W>& v) {
  static_assert(sizeof(To) == sizeof(From));
  Pack<To, W> bits;
  std::memcpy(&bits, &v, sizeof(bits));
  return bits;
}

/// The value of @p magnitude (not negative) with the sign of @p x.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> copy_sign(const Pack<T, W>& magnitude, const Pack<T, W>& x) {
  return reinterpret<W, T, Bits<T>>(reinterpret<W, Bits<T>, T>(magnitude) |
                                    (reinterpret<W, Bits<T>, T>(x) & FloatFormat<T>::sign));
}

/// Polynomial in x, coefficients from the constant one upwards.
template <int W, class T, class... More>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> polynomial(const Pack<T, W>& x, T first, More... more) {
  if constexpr (sizeof...(more) == 0) {
    return splat<W>(first);
  } else {
    return polynomial<W, T>(x, more...) * x + first;
  }
}

/// x = n ln 2 + r with an integer n and |r| <= ln 2 / 2; the bits are shift_bits + n.
template <int W, class T>
struct Reduced {
  Pack<T, W> r;
  Pack<Bits<T>, W> bits;
};
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Reduced<W, T> reduce(const Pack<T, W>& x) {
  using Format = FloatFormat<T>;
  const Pack<T, W> shifted = x * T(1.44269504088896340736) + Format::shift;
  const Pack<T, W> n = shifted - Format::shift;
  Pack<T, W> r = n * -Format::ln2_high + x;
  r = n * -Format::ln2_low + r;
  return {r, reinterpret<W, Bits<T>, T>(shifted)};
}

/// (e^r - 1 - r) / r^2.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> exp_remainder(const Pack<T, W>& r) {
  if constexpr (sizeof(T) == 4) {
    return polynomial<W, T>(r, 4.999999404e-1f, 1.666652113e-1f, 4.166838899e-2f, 8.368710056e-3f,
                            1.381461276e-3f);
  } else {
    return polynomial<W, T>(r, 0.500000000000001, 0.16666666666666674, 0.041666666666521773,
                            0.0083333333333221512, 0.0013888888947900448, 0.00019841269886784104,
                            2.4801487226058553e-05, 2.755724211175329e-06, 2.763269610936068e-07,
                            2.5110135041189973e-08);
  }
}

/// The same for expm1, with the relative error as measure.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> expm1_remainder(const Pack<T, W>& r) {
  if constexpr (sizeof(T) == 4) {
    return polynomial<W, T>(r, 4.999999702e-1f, 1.666654348e-1f, 4.166720062e-2f, 8.366513997e-3f,
                            1.388252247e-3f);
  } else {
    return exp_remainder<W, T>(r);
  }
}

/// e^x - 1 for |x| <= 64. In the results of tanh, erf and softplus the cancellation at x < 0 counts
/// little.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> bounded_expm1(const Pack<T, W>& x) {
  using Format = FloatFormat<T>;
  const Reduced<W, T> reduced = reduce<W, T>(x);
  const Pack<T, W> r = reduced.r;
  const Pack<T, W> rest = expm1_remainder<W, T>(r) * (r * r) + r;
  const Pack<T, W> power = reinterpret<W, T, Bits<T>>(
      (reduced.bits - (Format::shift_bits - Format::bias)) << Format::mantissa_bits);
  return power * rest + (power - T(1));
}

/// log(1 + e) for 0 <= e <= 1, from 2 atanh(f / (2 + f)) = log(1 + f).
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> unit_log1p(const Pack<T, W>& e) {
  const auto large = e > T(0.41421356237309504880); // sqrt(2) - 1: 1 + e = 2 (1 + f) there
  const Pack<T, W> f = large ? e * T(0.5) - T(0.5) : e;
  const Pack<T, W> s = f / (f + T(2));
  const Pack<T, W> z = s * s;
  Pack<T, W> q;
  if constexpr (sizeof(T) == 4) {
    q = polynomial<W, T>(z, 0.666667759f, 0.399775833f, 0.298707962f);
  } else {
    q = polynomial<W, T>(z, 0.6666666666666734, 0.39999999999414559, 0.28571428742416083,
                         0.22222198570116705, 0.18183564490466511, 0.15314046272319287,
                         0.14795992906319122);
  }
  // 2 s = f - s f: the division then has its part in the small term alone.
  const Pack<T, W> log_f = f - s * (f - z * q);
  return large ? log_f + T(0.69314718055994530942) : log_f;
}

/// erf(x) / x - 1 for x^2 = z <= 1.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> erf_ratio(const Pack<T, W>& z) {
  if constexpr (sizeof(T) == 4) {
    return polynomial<W, T>(z, 0.128379166f, -0.37612626f, 0.112835787f, -0.0268533472f,
                            0.0051871622f, -0.00079978531f, 7.80690389e-05f);
  } else {
    return polynomial<W, T>(z, 0.12837916709551256, -0.37612638903183521, 0.11283791670944188,
                            -0.026866170643111514, 0.0052239776061163571, -0.00085483259291123327,
                            0.00012055293568353943, -1.4924712098189851e-05, 1.6447128654673888e-06,
                            -1.6206288903836374e-07, 1.371086401654377e-08,
                            -7.7792378303754568e-10);
  }
}

/// log(1 - erf(a)) / a for 1 <= a, up to where erf rounds to 1.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> log_erfc_ratio(const Pack<T, W>& a) {
  if constexpr (sizeof(T) == 4) {
    return polynomial<W, T>(a, -1.12847555f, -0.635846496f, -0.105096556f, 0.0227860287f,
                            -0.00318310666f, 0.000210182159f);
  } else {
    return polynomial<W, T>(a, -1.1283788566869695, -0.63662264188234585, -0.10276040083363679,
                            0.019096917615544724, 0.00026411452177804159, -0.0017634274116403469,
                            0.00064768098045347262, -5.7329928785935049e-05,
                            -5.8994932193105244e-05, 3.803526773415378e-05, -1.3350643928902595e-05,
                            3.2518635888100534e-06, -5.7490336520813222e-07, 7.3071776834070195e-08,
                            -6.3636546885310662e-09, 3.4087451552780015e-10,
                            -8.4784183791191559e-12);
  }
}

} // namespace detail

// A bound stands first in max and min: then a NaN passes.

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> exp(const Pack<T, W>& x) {
  using Format = detail::FloatFormat<T>;
  // Beyond these bounds the result is 0 or infinity.
  constexpr T lowest = sizeof(T) == 4 ? T(-104) : T(-746);
  constexpr T highest = sizeof(T) == 4 ? T(89) : T(710);
  const Pack<T, W> inside = min<W, T>(splat<W>(highest), max<W, T>(splat<W>(lowest), x));
  const detail::Reduced<W, T> reduced = detail::reduce<W, T>(inside);
  const Pack<T, W> r = reduced.r;
  const Pack<T, W> high = r + T(1);
  const Pack<T, W> low = (T(1) - high) + r;
  const Pack<T, W> p = (detail::exp_remainder<W, T>(r) * (r * r) + low) + high;
  // 2^n in two factors, since n goes beyond the exponents of normal numbers.
  const auto exponents = reduced.bits - (Format::shift_bits - 2 * Format::bias);
  const auto half = exponents >> 1;
  const auto first = half << Format::mantissa_bits;
  const auto second = (exponents - half) << Format::mantissa_bits;
  return p * detail::reinterpret<W, T, detail::Bits<T>>(first) *
         detail::reinterpret<W, T, detail::Bits<T>>(second);
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> tanh(const Pack<T, W>& x) {
  constexpr T highest = sizeof(T) == 4 ? T(9.02) : T(20); // 1 from here on
  const Pack<T, W> a = min<W, T>(splat<W>(highest), abs<W, T>(x));
  const Pack<T, W> e = detail::bounded_expm1<W, T>(a + a);
  return detail::copy_sign<W, T>(e / (e + T(2)), x);
}

/// log(1 + exp(x)).
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> softplus(const Pack<T, W>& x) {
  const Pack<T, W> rest = detail::unit_log1p<W, T>(exp<W, T>(-abs<W, T>(x)));
  return rest + max<W, T>(x, splat<W>(T(0)));
}

/// The derivative of softplus from its value y >= 0: 1 - exp(-y).
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> softplus_slope(const Pack<T, W>& y) {
  return -detail::bounded_expm1<W, T>(-min<W, T>(splat<W>(T(64)), y));
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> erf(const Pack<T, W>& x) {
  constexpr T highest = sizeof(T) == 4 ? T(3.95) : T(5.95); // 1 from here on
  const Pack<T, W> a = abs<W, T>(x);
  const Pack<T, W> inner = detail::erf_ratio<W, T>(a * a) * a + a;
  const Pack<T, W> b = min<W, T>(splat<W>(highest), a);
  const Pack<T, W> outer = -detail::bounded_expm1<W, T>(detail::log_erfc_ratio<W, T>(b) * b);
  return detail::copy_sign<W, T>(a > T(1) ? outer : inner, x);
}

} // namespace linnet::kernels
