// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The loops that all grid kernels run in.
///
/// A kernel is a functor with `template <int W> void apply(int i, int j, int k) const`, which
/// handles the W points (i..i+W-1, j, k), and `static constexpr int width`, the widest W it wants.
/// On the CPU a thread takes a whole row, in packs of `width`, then of 4, then one by one; on a GPU
/// a thread takes one point. A kernel with `static constexpr bool repeatable = true` may handle a
/// point twice, since it reads nothing that it writes: its last pack then overlaps the one before,
/// and there is no code for packs of 4. A kernel with `static constexpr bool partial = true` has
/// `template <int W> void apply_first(int i, int j, int k, int count) const` for the first count <
/// W points of a pack, the end of a row. Both are for kernels with long code.
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/kernels/simd.hpp>

#include <array>

namespace linnet::kernels {

/// Points lo <= (i,j,k) < hi, in the local numbering of a Layout.
struct Range {
  int lo[3] = {0, 0, 0};
  int hi[3] = {0, 0, 0};

  /// All owned points of a box of @p n points, and @p grow layers around them.
  static Range box(const int (&n)[3], int grow_x = 0, int grow_y = 0, int grow_z = 0) {
    Range r;
    const int grow[3] = {grow_x, grow_y, grow_z};
    for (int d = 0; d < 3; ++d) r.lo[d] = -grow[d], r.hi[d] = n[d] + grow[d];
    return r;
  }
  [[nodiscard]] bool empty() const { return hi[0] <= lo[0] || hi[1] <= lo[1] || hi[2] <= lo[2]; }
};

namespace detail {

/// Calls `body(row)` for 0 <= row < rows. Kokkos::Serial would do the same, with a label and hooks
/// for tools at every launch, of which a march through planes has hundreds a cycle.
template <class Body>
void for_rows(const char* label, int rows, const Body& body) {
  if constexpr (is_serial)
    for (int row = 0; row < rows; ++row) body(row);
  else
    Kokkos::parallel_for(label, Kokkos::RangePolicy<ExecutionSpace>(0, rows), body);
}

/// The same for `body(row, sums...)`, which adds to @p sums, zeros at first.
template <class Body, class... Sums>
void sum_rows(const char* label, int rows, const Body& body, Sums&... sums) {
  if constexpr (is_serial)
    for (int row = 0; row < rows; ++row) body(row, sums...);
  else
    Kokkos::parallel_reduce(label, Kokkos::RangePolicy<ExecutionSpace>(0, rows), body, sums...);
}

template <class Kernel>
concept Repeatable = Kernel::repeatable;

template <class Kernel>
requires Repeatable<Kernel> KOKKOS_FORCEINLINE_FUNCTION void sweep_row(const Kernel kernel, int lo,
                                                                       int hi, int j, int k) {
  constexpr int w = Kernel::width;
  if (hi - lo < w) {
    for (int i = lo; i < hi; ++i) kernel.template apply<1>(i, j, k);
    return;
  }
  // One call only, for the sake of compile time.
  for (int i = lo; i < hi; i += w) kernel.template apply<w>(i + w <= hi ? i : hi - w, j, k);
}

template <class Kernel>
concept Partial = Kernel::partial;

template <class Kernel>
requires Partial<Kernel> KOKKOS_FORCEINLINE_FUNCTION void sweep_row(const Kernel kernel, int lo,
                                                                    int hi, int j, int k) {
  constexpr int w = Kernel::width;
  int i = lo;
  for (; i + w <= hi; i += w) kernel.template apply<w>(i, j, k);
  if (i < hi) kernel.template apply_first<w>(i, j, k, hi - i);
}

template <class Kernel>
KOKKOS_FORCEINLINE_FUNCTION void sweep_row(const Kernel kernel, int lo, int hi, int j, int k) {
  int i = lo;
  for (; i + Kernel::width <= hi; i += Kernel::width) kernel.template apply<Kernel::width>(i, j, k);
  if constexpr (Kernel::width > 4)
    for (; i + 4 <= hi; i += 4) kernel.template apply<4>(i, j, k);
  if constexpr (Kernel::width > 1)
    for (; i < hi; ++i) kernel.template apply<1>(i, j, k);
}
} // namespace detail

/// Runs @p kernel over every point of @p range. Asynchronous on a GPU.
template <class Kernel>
void for_each_point(const char* label, const Range& range, const Kernel& kernel) {
  if (range.empty()) return;
  const Range r = range;
  if constexpr (on_device) {
    using Policy = Kokkos::MDRangePolicy<ExecutionSpace, Kokkos::Rank<3, Kokkos::Iterate::Left>>;
    Kokkos::parallel_for(
        label, Policy({r.lo[0], r.lo[1], r.lo[2]}, {r.hi[0], r.hi[1], r.hi[2]}),
        KOKKOS_LAMBDA(int i, int j, int k) { kernel.template apply<1>(i, j, k); });
  } else {
    const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
    detail::for_rows(
        label, ny * nz, KOKKOS_LAMBDA(int row) {
          detail::sweep_row(kernel, r.lo[0], r.hi[0], r.lo[1] + row % ny, r.lo[2] + row / ny);
        });
  }
}

/// Sum over @p range of `kernel.value(i,j,k)`, each row summed first, then the rows in order.
template <class Kernel>
double sum_over_points(const char* label, const Range& range, const Kernel& kernel) {
  double sum = 0.0;
  if (range.empty()) return sum;
  const Range r = range;
  const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
  Kokkos::parallel_reduce(
      label, Kokkos::RangePolicy<ExecutionSpace>(0, ny * nz),
      KOKKOS_LAMBDA(int row, double& total) {
        double part = 0.0;
        for (int i = r.lo[0]; i < r.hi[0]; ++i)
          part += kernel.value(i, r.lo[1] + row % ny, r.lo[2] + row / ny);
        total += part;
      },
      sum);
  return sum;
}

namespace detail {

/// Sum of a row, lane by lane of the widest pack, then over the lanes.
template <class Kernel>
KOKKOS_FORCEINLINE_FUNCTION double sum_row(const Kernel kernel, int lo, int hi, int j, int k) {
  constexpr int w = Kernel::width;
  Pack<double, w> lanes = splat<w>(0.0);
  double sum = 0.0;
  int i = lo;
  for (; i + w <= hi; i += w) lanes += kernel.template apply<w>(i, j, k);
  if constexpr (w > 1) {
    for (; i < hi; ++i) sum += kernel.template apply<1>(i, j, k);
    for (int lane = 0; lane < w; ++lane) sum += lanes[lane];
  } else {
    sum = lanes;
  }
  return sum;
}

} // namespace detail

/// Sum over @p range of what `apply<W>(i,j,k)` returns, in packs of `width`, for a kernel that may
/// write, too. Rows are summed in order.
template <class Kernel>
double sum_in_packs(const char* label, const Range& range, const Kernel& kernel) {
  double sum = 0.0;
  if (range.empty()) return sum;
  const Range r = range;
  const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
  if constexpr (on_device) {
    using Policy = Kokkos::MDRangePolicy<ExecutionSpace, Kokkos::Rank<3, Kokkos::Iterate::Left>>;
    Kokkos::parallel_reduce(
        label, Policy({r.lo[0], r.lo[1], r.lo[2]}, {r.hi[0], r.hi[1], r.hi[2]}),
        KOKKOS_LAMBDA(int i, int j, int k, double& total) {
          total += kernel.template apply<1>(i, j, k);
        },
        sum);
  } else {
    detail::sum_rows(
        label, ny * nz,
        KOKKOS_LAMBDA(int row, double& total) {
          total +=
              detail::sum_row(kernel, r.lo[0], r.hi[0], r.lo[1] + row % ny, r.lo[2] + row / ny);
        },
        sum);
  }
  return sum;
}

namespace detail {

/// As sum_row, for two sums at a time.
template <class Kernel>
KOKKOS_FORCEINLINE_FUNCTION void add_row(const Kernel kernel, int lo, int hi, int j, int k,
                                         double& first, double& second) {
  constexpr int w = Kernel::width;
  Pack<double, w> first_lanes = splat<w>(0.0), second_lanes = splat<w>(0.0);
  int i = lo;
  for (; i + w <= hi; i += w) kernel.template apply<w>(i, j, k, first_lanes, second_lanes);
  if constexpr (w > 1) {
    double first_part = 0.0, second_part = 0.0;
    for (; i < hi; ++i) kernel.template apply<1>(i, j, k, first_part, second_part);
    for (int lane = 0; lane < w; ++lane) first_part += first_lanes[lane];
    for (int lane = 0; lane < w; ++lane) second_part += second_lanes[lane];
    first += first_part, second += second_part;
  } else {
    first += first_lanes, second += second_lanes;
  }
}

} // namespace detail

/// As sum_in_packs, for the two sums to which `apply<W>(i,j,k,first,second)` adds.
template <class Kernel>
std::array<double, 2> sums_in_packs(const char* label, const Range& range, const Kernel& kernel) {
  std::array<double, 2> sums{};
  if (range.empty()) return sums;
  const Range r = range;
  const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
  if constexpr (on_device) {
    using Policy = Kokkos::MDRangePolicy<ExecutionSpace, Kokkos::Rank<3, Kokkos::Iterate::Left>>;
    Kokkos::parallel_reduce(
        label, Policy({r.lo[0], r.lo[1], r.lo[2]}, {r.hi[0], r.hi[1], r.hi[2]}),
        KOKKOS_LAMBDA(int i, int j, int k, double& first, double& second) {
          kernel.template apply<1>(i, j, k, first, second);
        },
        sums[0], sums[1]);
  } else {
    detail::sum_rows(
        label, ny * nz,
        KOKKOS_LAMBDA(int row, double& first, double& second) {
          detail::add_row(kernel, r.lo[0], r.hi[0], r.lo[1] + row % ny, r.lo[2] + row / ny, first,
                          second);
        },
        sums[0], sums[1]);
  }
  return sums;
}

/// Maximum over @p range of `kernel.value(i,j,k)`; -infinity for an empty range.
template <class Kernel>
double max_over_points(const char* label, const Range& range, const Kernel& kernel) {
  double maximum = -INFINITY;
  if (range.empty()) return maximum;
  const Range r = range;
  const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
  Kokkos::parallel_reduce(
      label, Kokkos::RangePolicy<ExecutionSpace>(0, ny * nz),
      KOKKOS_LAMBDA(int row, double& running) {
        for (int i = r.lo[0]; i < r.hi[0]; ++i) {
          const double v = kernel.value(i, r.lo[1] + row % ny, r.lo[2] + row / ny);
          if (!(v <= running)) running = v;
        }
      },
      Kokkos::Max<double>(maximum));
  return maximum;
}

} // namespace linnet::kernels
