// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The only place that knows differences between Kokkos 3.4 and 4/5.
#pragma once

#include <Kokkos_Core.hpp>

namespace linnet::kernels {

using ExecutionSpace = Kokkos::DefaultExecutionSpace;
using MemorySpace = ExecutionSpace::memory_space;
using HostSpace = Kokkos::HostSpace;

/// Contiguous storage of a field in the memory of the execution space.
template <class T>
using Array = Kokkos::View<T*, MemorySpace>;

/// True where one thread handles one point; on the CPU one thread handles a row in SIMD packs.
#if defined(KOKKOS_ENABLE_CUDA) || defined(KOKKOS_ENABLE_HIP) || defined(KOKKOS_ENABLE_SYCL)
inline constexpr bool on_device = true;
#else
inline constexpr bool on_device = false;
#endif

} // namespace linnet::kernels
