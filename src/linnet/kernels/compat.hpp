// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The only place that knows differences between Kokkos 3.4 and 4/5.
#pragma once

#include <Kokkos_Core.hpp>

#include <type_traits>
#include <utility>

namespace linnet::kernels {

using ExecutionSpace = Kokkos::DefaultExecutionSpace;
using MemorySpace = ExecutionSpace::memory_space;
using HostSpace = Kokkos::HostSpace;

/// Mathematical functions for all execution spaces; experimental in Kokkos before 3.7.
namespace math {
#if KOKKOS_VERSION >= 30700
using Kokkos::exp;
using Kokkos::pow;
using Kokkos::sqrt;
#else
using Kokkos::Experimental::exp;
using Kokkos::Experimental::pow;
using Kokkos::Experimental::sqrt;
#endif
} // namespace math

/// A view with a default constructor that runs. GCC 12 in C++20 takes the one of Kokkos 4's mdspan
/// views for a constant and emits zeros, an owned null record, on which the first assignment ends.
template <class View>
struct Initialised : View {
  using View::View;
  Initialised() {} // NOLINT(modernize-use-equals-default): defaulted it would be a constant again
  Initialised(const View& other) : View(other) {}
  Initialised(View&& other) noexcept : View(std::move(other)) {}
};

/// Contiguous storage of a field in the memory of the execution space.
template <class T>
using Array = Initialised<Kokkos::View<T*, MemorySpace>>;

/// What Kokkos::create_mirror_view makes of an Array: the same storage where the host can reach it.
template <class T>
using HostArray = Initialised<decltype(Kokkos::create_mirror_view(
    std::declval<const Kokkos::View<T*, MemorySpace>&>()))>;

/// True where one thread handles one point; on the CPU one thread handles a row in SIMD packs.
/// LINNET_DEVICE_LOOPS has the loops of a GPU run on the CPU, for tests where there is none.
#if defined(LINNET_DEVICE_LOOPS)
inline constexpr bool on_device = true;
#else
inline constexpr bool on_device =
    !std::is_same_v<ExecutionSpace, Kokkos::DefaultHostExecutionSpace>;
#endif

/// True where kernels run one after the other on the thread that calls them.
#if defined(KOKKOS_ENABLE_SERIAL)
inline constexpr bool is_serial = std::is_same_v<ExecutionSpace, Kokkos::Serial>;
#else
inline constexpr bool is_serial = false;
#endif

} // namespace linnet::kernels
