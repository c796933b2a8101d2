// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Passes over the part of a grid that holds unknowns: of each row along x an interval, empty for
/// the rows of an empty region.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>

#include <algorithm>

namespace linnet::kernels {

/// Points lo <= i < hi of a row.
struct RowSpan {
  int lo = 0, hi = 0;
  [[nodiscard]] KOKKOS_INLINE_FUNCTION bool empty() const { return hi <= lo; }
};

/// A span for each row of a marched layout (kernels/stencil/planes.hpp), ghost rows included.
/// Without memory of its own, as after default construction, it stands for all points. Copies share
/// the values.
class RowSpans {
public:
  RowSpans() = default;
  /// All empty.
  explicit RowSpans(const Layout& marched_layout)
      : ghosts_y_(marched_layout.g[1]), ghosts_z_(marched_layout.g[2]),
        rows_y_(marched_layout.n[1] + 2 * ghosts_y_),
        ends_(zeros<int>("linnet::kernels::row_spans",
                         2 * static_cast<std::size_t>(rows_y_) *
                             static_cast<std::size_t>(marched_layout.n[2] + 2 * ghosts_z_))) {}

  [[nodiscard]] bool everywhere() const { return ends_.size() == 0; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION RowSpan at(int j, int k) const {
    const int* e = ends_.data() + place(j, k);
    return {e[0], e[1]};
  }
  KOKKOS_INLINE_FUNCTION void set(int j, int k, const RowSpan& span) const {
    int* e = ends_.data() + place(j, k);
    e[0] = span.lo, e[1] = span.hi;
  }
  /// True for a row within the layout.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION bool has(int j, int k) const {
    return j >= -ghosts_y_ && j < rows_y_ - ghosts_y_ && k >= -ghosts_z_ &&
           static_cast<std::size_t>(k + ghosts_z_ + 1) * 2 * static_cast<std::size_t>(rows_y_) <=
               ends_.size();
  }

private:
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t place(int j, int k) const {
    return 2 * (j + ghosts_y_ + static_cast<std::ptrdiff_t>(k + ghosts_z_) * rows_y_);
  }

  int ghosts_y_ = 0, ghosts_z_ = 0, rows_y_ = 0;
  Array<int> ends_; ///< lo and hi, row by row
};

namespace detail {

/// The packs that hold points of @p span, counted as in a sweep over the whole row from @p lo to
/// @p hi: no value depends on what is left out. (Where a pack ends can decide how the compiler
/// rounds.)
template <int W>
KOKKOS_INLINE_FUNCTION RowSpan whole_packs(const RowSpan& span, int lo, int hi) {
  const int first = span.lo > lo ? span.lo : lo, last = span.hi < hi ? span.hi : hi;
  if (last <= first) return {};
  const int end = lo + (last - lo + W - 1) / W * W;
  return {lo + (first - lo) / W * W, end < hi ? end : hi};
}

} // namespace detail

/// As for_each_point (kernels/parallel.hpp), on the packs with points of @p spans; on all points on
/// a GPU, where an idle thread costs as much.
template <class Kernel>
void for_each_point(const char* label, const Range& range, const RowSpans& spans,
                    const Kernel& kernel) {
  if (range.empty()) return;
  if (on_device || spans.everywhere()) return for_each_point(label, range, kernel);
  const Range r = range;
  const RowSpans s = spans;
  const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
  detail::for_rows(
      label, ny * nz, KOKKOS_LAMBDA(int row) {
        const int j = r.lo[1] + row % ny, k = r.lo[2] + row / ny;
        const RowSpan span = detail::whole_packs<Kernel::width>(s.at(j, k), r.lo[0], r.hi[0]);
        if (!span.empty()) detail::sweep_row(kernel, span.lo, span.hi, j, k);
      });
}

/// As sum_in_packs (kernels/parallel.hpp) for a kernel that gives zeros at all points outside of
/// @p spans; the sum has the same bits.
template <class Kernel>
double sum_in_packs(const char* label, const Range& range, const RowSpans& spans,
                    const Kernel& kernel) {
  double sum = 0.0;
  if (range.empty()) return sum;
  if (on_device || spans.everywhere()) return sum_in_packs(label, range, kernel);
  const Range r = range;
  const RowSpans s = spans;
  const int ny = r.hi[1] - r.lo[1], nz = r.hi[2] - r.lo[2];
  detail::sum_rows(
      label, ny * nz,
      KOKKOS_LAMBDA(int row, double& total) {
        const int j = r.lo[1] + row % ny, k = r.lo[2] + row / ny;
        const RowSpan span = detail::whole_packs<Kernel::width>(s.at(j, k), r.lo[0], r.hi[0]);
        if (!span.empty()) total += detail::sum_row(kernel, span.lo, span.hi, j, k);
      },
      sum);
  return sum;
}

} // namespace linnet::kernels
