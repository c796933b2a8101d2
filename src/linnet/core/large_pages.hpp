// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Large pages of memory, where the system has them.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace linnet::core {

/// Memory that begins at a multiple of this can lie in large pages.
inline constexpr std::size_t large_page = std::size_t{1} << 21;

/// Bytes from @p address to the next multiple of large_page.
inline std::size_t to_large_page(const void* address) {
  return (large_page - reinterpret_cast<std::uintptr_t>(address) % large_page) % large_page;
}

/// Asks the system for large pages behind the whole ones among the @p bytes of host memory at
/// @p begin, a multiple of large_page, before they are touched: the first use of every page costs a
/// trap, and a hierarchy has thousands of small ones. Where it fails they stay small, no more.
inline void prefer_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  static_cast<void>(madvise(begin, bytes / large_page * large_page, MADV_HUGEPAGE));
#endif
}

} // namespace linnet::core
