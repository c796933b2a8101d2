// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Memory of fields.
#pragma once

#include <linnet/core/large_pages.hpp>
#include <linnet/kernels/compat.hpp>

#include <string>

namespace linnet::kernels {

/// @p n zeros.
template <class T>
Array<T> zeros(const char* label, std::size_t n) {
  Array<T> values(Kokkos::view_alloc(std::string(label), Kokkos::WithoutInitializing), n);
  if constexpr (!on_device) core::prefer_large_pages(values.data(), n * sizeof(T));
  Kokkos::deep_copy(values, T(0));
  return values;
}

} // namespace linnet::kernels
