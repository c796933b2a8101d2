// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The C library's heap.
#pragma once

#include <cstdlib> // says which C library it is

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace linnet::core {

/// Freed memory stays with the process and serves the next allocation. By default an array of a few
/// megabytes goes back to the system, which hands out pages of zeros for the next one: on virtual
/// machines that takes longer than a set-up works on them. For programs of our own, before they
/// allocate; a library has no business with its host's heap. Without effect on other C libraries.
inline void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1); // never
#endif
}

} // namespace linnet::core
