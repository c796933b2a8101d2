// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Pack<T, W>: W neighbouring values along x, written once for CPU vectors and for single values.
/// W > 1 uses the vector types of gcc and clang, so no loop depends on the mood of an
/// auto-vectoriser; W == 1 is the plain scalar, the only width on a GPU.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace linnet::kernels {

namespace detail {
template <class T, int W>
struct PackType {
  typedef T type __attribute__((vector_size(W * sizeof(T)))); // NOLINT(modernize-use-using)
};
template <class T>
struct PackType<T, 1> {
  using type = T;
};
} // namespace detail

template <class T, int W>
using Pack = typename detail::PackType<T, W>::type;

/// Values per widest vector register of the processor that the code is compiled for.
template <class T>
inline constexpr int native_width = on_device ? 1 :
#if defined(__AVX512F__)
                                              static_cast<int>(64 / sizeof(T));
#elif defined(__AVX__)
                                              static_cast<int>(32 / sizeof(T));
#else
                                              static_cast<int>(16 / sizeof(T));
#endif

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> load(const T* p) {
  if constexpr (W == 1) {
    return *p;
  } else {
    Pack<T, W> v;
    std::memcpy(&v, p, sizeof(v));
    return v;
  }
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION void store(T* p, const Pack<T, W>& v) {
  if constexpr (W == 1) {
    *p = v;
  } else {
    std::memcpy(p, &v, sizeof(v));
  }
}

/// p[0], ..., p[count-1], then zeros; reads nothing behind them.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> load_first(const T* p, int count) {
  T lanes[W] = {};
  for (int l = 0; l < W; ++l)
    if (l < count) lanes[l] = p[l];
  return load<W>(lanes);
}

/// p[0], ..., p[count-1] = v[0], ..., v[count-1].
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION void store_first(T* p, const Pack<T, W>& v, int count) {
  T lanes[W];
  store<W>(lanes, v);
  for (int l = 0; l < W; ++l)
    if (l < count) p[l] = lanes[l];
}

namespace detail {
#if defined(__CUDACC__)
// The front end of nvcc cannot hand these shuffles on. With a GPU all packs are scalars, and nobody
// calls these.
template <int W, class T, class Lanes>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> even_lanes(const Pack<T, W>& a, const Pack<T, W>& b, Lanes) {
  Pack<T, W> v{};
  for (int l = 0; l < W; ++l) v[l] = 2 * l < W ? a[2 * l] : b[2 * l - W];
  return v;
}
template <int W, class T, class Lanes>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> zip(const Pack<T, W>& a, const Pack<T, W>& b, int half,
                                           Lanes) {
  Pack<T, W> v{};
  for (int l = 0; l < W; ++l) v[l] = (l % 2 == 0 ? a : b)[half * (W / 2) + l / 2];
  return v;
}
#else
template <int W, class T, int... L>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> even_lanes(const Pack<T, W>& a, const Pack<T, W>& b,
                                                  std::integer_sequence<int, L...>) {
  return __builtin_shufflevector(a, b, (2 * L)...);
}
template <int W, class T, int... L>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> zip(const Pack<T, W>& a, const Pack<T, W>& b, int half,
                                           std::integer_sequence<int, L...>) {
  return half == 0 ? __builtin_shufflevector(a, b, (L / 2 + (L % 2) * W)...)
                   : __builtin_shufflevector(a, b, (W / 2 + L / 2 + (L % 2) * W)...);
}
#endif
} // namespace detail

/// p[0], p[S], p[2S], ... for S = 1 or 2. S = 2 may touch the value behind the last one it returns.
template <int W, int S, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> load_strided(const T* p) {
  static_assert(S == 1 || S == 2);
  if constexpr (W == 1 || S == 1) {
    return load<W>(p);
  } else {
    return detail::even_lanes<W, T>(load<W>(p), load<W>(p + W),
                                    std::make_integer_sequence<int, W>{});
  }
}

/// p[0] += a[0], p[1] += b[0], p[2] += a[1], ...: adds two interleaved packs to 2 W values.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION void add_interleaved(T* p, const Pack<T, W>& a, const Pack<T, W>& b) {
  if constexpr (W == 1) {
    p[0] += a;
    p[1] += b;
  } else {
    constexpr auto lanes = std::make_integer_sequence<int, W>{};
    store<W>(p, load<W>(p) + detail::zip<W, T>(a, b, 0, lanes));
    store<W>(p + W, load<W>(p + W) + detail::zip<W, T>(a, b, 1, lanes));
  }
}

/// p[0] = a[0], p[1] = b[0], p[2] = a[1], ...
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION void store_interleaved(T* p, const Pack<T, W>& a, const Pack<T, W>& b) {
  if constexpr (W == 1) {
    p[0] = a;
    p[1] = b;
  } else {
    constexpr auto lanes = std::make_integer_sequence<int, W>{};
    store<W>(p, detail::zip<W, T>(a, b, 0, lanes));
    store<W>(p + W, detail::zip<W, T>(a, b, 1, lanes));
  }
}

template <class U, int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<U, W> convert(const Pack<T, W>& v) {
  if constexpr (W == 1) {
    return static_cast<U>(v);
  } else {
    return __builtin_convertvector(v, Pack<U, W>);
  }
}

/// table[codes[0]], table[codes[1]], ...
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> lookup(const T* table, const std::uint8_t* codes) {
  if constexpr (W == 1) {
    return table[codes[0]];
  } else {
    Pack<T, W> v{};
    for (int l = 0; l < W; ++l) v[l] = table[codes[l]];
    return v;
  }
}

/// So many entries of a table fit into the registers of lookup_small.
template <class T>
inline constexpr int small_table = 2 * native_width<T>;

/// The same for codes below small_table<T>: where the compiler can, one permutation of registers.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> lookup_small(const T* table, const std::uint8_t* codes) {
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
  if constexpr (W > 1 && W == native_width<T>) {
    using Index = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    const auto index = convert<Index, W, std::uint8_t>(load<W>(codes));
    return __builtin_shuffle(load<W>(table), load<W>(table + W), index);
  }
#endif
  return lookup<W>(table, codes);
}

/// The same value in every lane.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> splat(T value) {
  if constexpr (W == 1) {
    return value;
  } else {
    return Pack<T, W>{} + value;
  }
}

/// Values of T for arithmetic in double precision.
template <int W, int S = 1, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> load_double(const T* p) {
  return convert<double, W, T>(load_strided<W, S>(p));
}
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION void store_double(T* p, const Pack<double, W>& v) {
  store<W>(p, convert<T, W, double>(v));
}

/// True if a comparison holds in every lane.
template <int W, class Mask>
KOKKOS_FORCEINLINE_FUNCTION bool all_of(const Mask& mask) {
  if constexpr (W == 1) {
    return mask;
  } else {
    bool all = true;
    for (int l = 0; l < W; ++l) all = all && mask[l];
    return all;
  }
}

/// a b + c, with one rounding where the processor can. Left to itself, a compiler fuses in one loop
/// and not in the next, and a value then depends on where in a row it lies.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> multiply_add(const Pack<T, W>& a, const Pack<T, W>& b,
                                                    const Pack<T, W>& c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__CUDACC__)
  if constexpr (W == 1) {
    return std::fma(a, b, c);
  } else {
    Pack<T, W> v{};
    for (int l = 0; l < W; ++l) v[l] = std::fma(a[l], b[l], c[l]); // one instruction
    return v;
  }
#else
  return a * b + c;
#endif
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> max(const Pack<T, W>& a, const Pack<T, W>& b) {
  return a > b ? a : b;
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> min(const Pack<T, W>& a, const Pack<T, W>& b) {
  return a < b ? a : b;
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> abs(const Pack<T, W>& a) {
  return a < 0 ? -a : a;
}

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> sqrt(const Pack<T, W>& a) {
  if constexpr (W == 1) {
    return std::sqrt(a);
  } else {
    Pack<T, W> v{};
    for (int l = 0; l < W; ++l) v[l] = std::sqrt(a[l]);
    return v;
  }
}

} // namespace linnet::kernels
