// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Loops over a flat buffer, where no value has neighbours.
///
/// A kernel is a functor with `template <int W> auto apply(std::size_t i) const`, which handles the
/// W values from i on, and `static constexpr int width`, the widest W it wants. On the CPU a thread
/// takes a piece of fixed size in packs; on a GPU a thread takes one value.
#pragma once

#include <linnet/kernels/allocation.hpp>
#include <linnet/kernels/simd.hpp>

#include <cstdint>

namespace linnet::kernels {

namespace detail {

inline constexpr std::size_t flat_piece = 4096; // values; 16 KiB in single precision

using FlatPolicy = Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<std::int64_t>>;

/// Pieces of the values begin <= i < end.
inline std::int64_t pieces(std::size_t begin, std::size_t end) {
  return static_cast<std::int64_t>((end - begin + flat_piece - 1) / flat_piece);
}

template <class Kernel>
KOKKOS_FORCEINLINE_FUNCTION void sweep_piece(const Kernel kernel, std::size_t i, std::size_t end) {
  constexpr int w = Kernel::width;
  for (; i + w <= end; i += w) kernel.template apply<w>(i);
  if constexpr (w > 1)
    for (; i < end; ++i) kernel.template apply<1>(i);
}

/// Sum of a piece, lane by lane of the pack, then over the lanes.
template <class Kernel>
KOKKOS_FORCEINLINE_FUNCTION double sum_piece(const Kernel kernel, std::size_t i, std::size_t end) {
  constexpr int w = Kernel::width;
  Pack<double, w> lanes = splat<w>(0.0);
  for (; i + w <= end; i += w) lanes += kernel.template apply<w>(i);
  if constexpr (w > 1) {
    double sum = 0.0;
    for (; i < end; ++i) sum += kernel.template apply<1>(i);
    for (int lane = 0; lane < w; ++lane) sum += lanes[lane];
    return sum;
  } else {
    return lanes;
  }
}

/// Maximum of a piece of values that are not negative.
template <class Kernel>
KOKKOS_FORCEINLINE_FUNCTION auto max_piece(const Kernel kernel, std::size_t i, std::size_t end) {
  using Value = typename Kernel::Value;
  constexpr int w = Kernel::width;
  Pack<Value, w> lanes = splat<w>(Value{0});
  for (; i + w <= end; i += w) lanes = max<w, Value>(lanes, kernel.template apply<w>(i));
  if constexpr (w > 1) {
    Value maximum = 0;
    for (; i < end; ++i) maximum = max<1, Value>(maximum, kernel.template apply<1>(i));
    for (int lane = 0; lane < w; ++lane) maximum = max<1, Value>(maximum, lanes[lane]);
    return maximum;
  } else {
    return lanes;
  }
}

} // namespace detail

/// Runs @p kernel over the values begin <= i < end. Asynchronous on a GPU.
template <class Kernel>
void for_each_value(const char* label, std::size_t begin, std::size_t end, const Kernel& kernel) {
  if (end <= begin) return;
  if constexpr (on_device) {
    Kokkos::parallel_for(
        label, detail::FlatPolicy(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end)),
        KOKKOS_LAMBDA(std::int64_t i) { kernel.template apply<1>(static_cast<std::size_t>(i)); });
  } else {
    Kokkos::parallel_for(
        label, detail::FlatPolicy(0, detail::pieces(begin, end)), KOKKOS_LAMBDA(std::int64_t p) {
          const std::size_t first = begin + static_cast<std::size_t>(p) * detail::flat_piece;
          const std::size_t behind = first + detail::flat_piece;
          detail::sweep_piece(kernel, first, behind < end ? behind : end);
        });
  }
}

/// Sum of what @p kernel returns for begin <= i < end: that of each piece first, then the pieces in
/// order, so that the bits do not depend on the number of threads.
template <class Kernel>
double sum_of_values(const char* label, std::size_t begin, std::size_t end, const Kernel& kernel) {
  if (end <= begin) return 0.0;
  const std::int64_t count = detail::pieces(begin, end);
  const Array<double> sums =
      detail::untouched<double>("linnet::kernels::sums", static_cast<std::size_t>(count));
  double* const to = sums.data();
  if constexpr (on_device) { // neighbouring threads read neighbouring values
    const auto stride = static_cast<std::size_t>(count);
    Kokkos::parallel_for(
        label, detail::FlatPolicy(0, count), KOKKOS_LAMBDA(std::int64_t p) {
          double sum = 0.0;
          for (std::size_t i = begin + static_cast<std::size_t>(p); i < end; i += stride)
            sum += kernel.template apply<1>(i);
          to[p] = sum;
        });
  } else {
    Kokkos::parallel_for(
        label, detail::FlatPolicy(0, count), KOKKOS_LAMBDA(std::int64_t p) {
          const std::size_t first = begin + static_cast<std::size_t>(p) * detail::flat_piece;
          const std::size_t behind = first + detail::flat_piece;
          to[p] = detail::sum_piece(kernel, first, behind < end ? behind : end);
        });
  }
  const auto host = Kokkos::create_mirror_view_and_copy(
      HostSpace{}, static_cast<const Kokkos::View<double*, MemorySpace>&>(sums));
  double sum = 0.0;
  for (std::size_t p = 0; p < host.extent(0); ++p) sum += host(p);
  return sum;
}

/// Maximum over begin <= i < end of the integers, none of them negative, that @p kernel returns; 0
/// for none. Kernel::Value is their type.
template <class Kernel>
typename Kernel::Value max_of_values(const char* label, std::size_t begin, std::size_t end,
                                     const Kernel& kernel) {
  using Value = typename Kernel::Value;
  Value maximum = 0;
  if (end <= begin) return maximum;
  Kokkos::parallel_reduce(
      label, detail::FlatPolicy(0, detail::pieces(begin, end)),
      KOKKOS_LAMBDA(std::int64_t p, Value & running) {
        const std::size_t first = begin + static_cast<std::size_t>(p) * detail::flat_piece;
        const std::size_t behind = first + detail::flat_piece;
        const Value piece = detail::max_piece(kernel, first, behind < end ? behind : end);
        if (piece > running) running = piece;
      },
      Kokkos::Max<Value>(maximum));
  return maximum;
}

} // namespace linnet::kernels
