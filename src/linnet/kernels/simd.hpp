// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Pack<T, W>: W neighbouring values along x, written once for CPU vectors and for single values.
/// W > 1 uses the vector types of gcc and clang, so no loop depends on the mood of an
/// auto-vectoriser; W == 1 is the plain scalar, the only width on a GPU.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <cmath>
#include <cstring>

namespace linnet::kernels {

namespace detail {
template <class T, int W>
struct PackType {
  typedef T type __attribute__((vector_size(W * sizeof(T))));
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

/// Every @p stride-th value: p[0], p[stride], ...
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> load_strided(const T* p, int stride) {
  if constexpr (W == 1) {
    return *p;
  } else {
    Pack<T, W> v;
    for (int l = 0; l < W; ++l) v[l] = p[l * stride];
    return v;
  }
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

template <class U, int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<U, W> convert(const Pack<T, W>& v) {
  if constexpr (W == 1) {
    return static_cast<U>(v);
  } else {
    return __builtin_convertvector(v, Pack<U, W>);
  }
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
    Pack<T, W> v;
    for (int l = 0; l < W; ++l) v[l] = std::sqrt(a[l]);
    return v;
  }
}

} // namespace linnet::kernels
