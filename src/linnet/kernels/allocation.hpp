// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Memory of fields.
#pragma once

#include <linnet/core/large_pages.hpp>
#include <linnet/kernels/compat.hpp>

#include <string>
#include <utility>

namespace linnet::kernels {

namespace detail {

template <class T>
Array<T> untouched(const char* label, std::size_t n) {
  return Array<T>(Kokkos::view_alloc(std::string(label), Kokkos::WithoutInitializing), n);
}

/// @p n values from a multiple of the large page on. What lies around them is never touched.
template <class T>
Array<T> in_large_pages(const char* label, std::size_t n) {
  const Array<T> memory = untouched<T>(label, n + core::large_page / sizeof(T));
  const std::size_t first = core::to_large_page(memory.data()) / sizeof(T);
  const Array<T> values(Kokkos::subview(memory, std::pair(first, first + n)));
  core::prefer_large_pages(values.data(), n * sizeof(T));
  return values;
}

} // namespace detail

/// @p n zeros.
template <class T>
Array<T> zeros(const char* label, std::size_t n) {
  const bool is_large = !on_device && n * sizeof(T) >= core::large_page;
  const Array<T> values =
      is_large ? detail::in_large_pages<T>(label, n) : detail::untouched<T>(label, n);
  Kokkos::deep_copy(values, T(0));
  return values;
}

} // namespace linnet::kernels
