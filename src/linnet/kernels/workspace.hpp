// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Memory that kernels use during a call and share, so that it stays in the caches.
#pragma once

#include <linnet/kernels/allocation.hpp>

namespace linnet::kernels {

/// Grows to the largest size that was asked for; nothing is kept from one request to the next.
template <class T>
class Workspace {
public:
  /// Kernel memory of @p n values, from the beginning of a cache line on; valid until the next
  /// request.
  T* values(std::size_t n) {
    if (values_.extent(0) < n) values_ = zeros<T>("linnet::kernels::workspace", n);
    return values_.data();
  }

private:
  Array<T> values_;
};

} // namespace linnet::kernels
