// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Loops that the compiler unrolls.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <type_traits>
#include <utility>

namespace linnet::kernels {

namespace detail {
template <class Body, int... I>
KOKKOS_FORCEINLINE_FUNCTION void unroll(const Body& body, std::integer_sequence<int, I...>) {
  (body(std::integral_constant<int, I>{}), ...);
}
} // namespace detail

/// body(0), ..., body(N-1), each with its index as a compile-time constant.
template <int N, class Body>
KOKKOS_FORCEINLINE_FUNCTION void static_for(const Body& body) {
  detail::unroll(body, std::make_integer_sequence<int, N>{});
}

} // namespace linnet::kernels
