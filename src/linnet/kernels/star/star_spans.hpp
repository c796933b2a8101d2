// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the passes of a cycle on a coded star (coded_star.hpp) have work: around the
/// points that are coupled to others, and at those that are coupled to none.
#pragma once

#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/star/coded_star.hpp>
#include <linnet/kernels/stencil/coarsening.hpp>

namespace linnet::kernels {

/// All on marched layouts. Nothing is left out where the members are RowSpans().
struct StarSpans {
  RowSpans coupled; ///< the points that are coupled to others
  /// These points, two layers around them, and along x whole packs of a transfer: whatever one
  /// reads has then been written. Beside these spans planes that roll (kernels/stencil/planes.hpp)
  /// hold old values.
  RowSpans near;
  RowSpans alone;        ///< the points that are coupled to none
  RowSpans alone_within; ///< those of them within `coupled`
  RowSpans coarse;       ///< coarse points with coupled children
  RowSpans interpolated; ///< `near` by coarse points along x, and fine ones along y and z
};

namespace detail {

/// The points of a row whose codes have a positive value in the table.
struct FirstToLast {
  int lo, hi;
  template <class T>
  KOKKOS_FUNCTION RowSpan of(const std::uint8_t* codes, const T* table) const {
    int first = lo, last = hi;
    while (first < last && !(table[codes[first]] > 0)) ++first;
    while (last > first && !(table[codes[last - 1]] > 0)) --last;
    return first < last ? RowSpan{first, last} : RowSpan{};
  }
};

KOKKOS_INLINE_FUNCTION RowSpan united(const RowSpan& a, const RowSpan& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

/// Calls body(j, k) for the rows of a marched layout, ghost rows included if @p ghosts.
template <class Body>
void for_rows_of(const char* label, const Layout& l, bool ghosts, const Body& body) {
  const int gy = ghosts ? l.g[1] : 0, gz = ghosts ? l.g[2] : 0;
  const int ny = l.n[1] + 2 * gy, nz = l.n[2] + 2 * gz;
  Kokkos::parallel_for(
      label, Kokkos::RangePolicy<ExecutionSpace>(0, ny * nz),
      KOKKOS_LAMBDA(int row) { body(row % ny - gy, row / ny - gz); });
}

/// Layers of StarSpans::near. Aggregates ask the neighbours of their points.
inline constexpr int layers_near = 2;

/// Fine points below the widest pack of a transfer, whose packs begin at the coarse point 0.
inline constexpr int transfer_width = 2 * native_width<float>;

/// @p v rounded towards minus infinity to a multiple of @p step.
KOKKOS_INLINE_FUNCTION int round_down(int v, int step) {
  return v >= 0 ? v / step * step : -((-v + step - 1) / step * step);
}

} // namespace detail

/// From the first to the last point of each row whose code has a positive value in @p table.
template <class T>
RowSpans spans_with(const Field<std::uint8_t>& codes, const Array<T>& table) {
  const Layout& l = codes.layout;
  const RowSpans spans(l);
  const detail::FirstToLast row{-l.g[0], l.n[0] + l.g[0]};
  const std::uint8_t* origin = codes.origin();
  const T* values = table.data();
  const std::ptrdiff_t pitch_y = l.pitch_y, pitch_z = l.pitch_z;
  detail::for_rows_of(
      "linnet::kernels::spans_with", l, true, KOKKOS_LAMBDA(int j, int k) {
        spans.set(j, k, row.of(origin + j * pitch_y + k * pitch_z, values));
      });
  return spans;
}

/// StarSpans::near for the coupled points @p inner on @p l, with coarse points by @p c.
inline RowSpans spans_near(const RowSpans& inner, const Coarsening& c, const Layout& l) {
  const RowSpans near(l);
  const int lo = -l.g[0], hi = l.n[0] + l.g[0], first = c.halves[0] ? c.shift[0] : 0;
  detail::for_rows_of(
      "linnet::kernels::spans_near", l, true, KOKKOS_LAMBDA(int j, int k) {
        constexpr int layers = detail::layers_near;
        RowSpan span;
        for (int z = k - layers; z <= k + layers; ++z)
          for (int y = j - layers; y <= j + layers; ++y)
            if (inner.has(y, z)) span = detail::united(span, inner.at(y, z));
        if (span.empty()) return;
        constexpr int pack = detail::transfer_width;
        const int begin = first + detail::round_down(span.lo - layers - first, pack) - layers;
        const int end = first - detail::round_down(first - span.hi - layers, pack) + layers;
        near.set(j, k, {begin > lo ? begin : lo, end < hi ? end : hi});
      });
  return near;
}

/// The coarse points, owned ones of @p coarse, whose children 0 or 1 along each halved direction
/// are in @p inner.
inline RowSpans coarse_spans(const RowSpans& inner, const Coarsening& c, const Layout& coarse) {
  const RowSpans spans(coarse);
  detail::for_rows_of(
      "linnet::kernels::coarse_spans", coarse, false, KOKKOS_LAMBDA(int j, int k) {
        RowSpan span;
        for (int z = 0; z < c.stride(2); ++z)
          for (int y = 0; y < c.stride(1); ++y)
            span = detail::united(span, inner.at(c.fine(1, j) + y, c.fine(2, k) + z));
        if (!span.empty()) spans.set(j, k, {c.coarse(0, span.lo), c.coarse(0, span.hi - 1) + 1});
      });
  return spans;
}

/// The common points of @p a and @p b, both on @p l.
inline RowSpans common_spans(const RowSpans& a, const RowSpans& b, const Layout& l) {
  const RowSpans spans(l);
  detail::for_rows_of(
      "linnet::kernels::common_spans", l, true, KOKKOS_LAMBDA(int j, int k) {
        const RowSpan x = a.at(j, k), y = b.at(j, k);
        const RowSpan both{x.lo > y.lo ? x.lo : y.lo, x.hi < y.hi ? x.hi : y.hi};
        if (!both.empty()) spans.set(j, k, both);
      });
  return spans;
}

/// @p fine by coarse points along x.
inline RowSpans coarsened_rows(const RowSpans& fine, const Coarsening& c, const Layout& l) {
  const RowSpans spans(l);
  detail::for_rows_of(
      "linnet::kernels::coarsened_rows", l, true, KOKKOS_LAMBDA(int j, int k) {
        const RowSpan span = fine.at(j, k);
        if (!span.empty()) spans.set(j, k, {c.coarse(0, span.lo), c.coarse(0, span.hi - 1) + 1});
      });
  return spans;
}

/// The spans of @p a, whose codes are valid on all ghosts, with aggregates by @p c on @p coarse.
template <class T>
StarSpans star_spans(const CodedStar<T>& a, const Coarsening& c, const Layout& coarse) {
  const Layout& l = a.codes.layout;
  StarSpans spans;
  spans.coupled = spans_with(a.codes, a.inverse);
  spans.near = spans_near(spans.coupled, c, l);
  spans.alone = spans_with(a.codes, a.alone_inverse);
  spans.alone_within = common_spans(spans.alone, spans.coupled, l);
  spans.coarse = coarse_spans(spans.coupled, c, coarse);
  spans.interpolated = coarsened_rows(spans.near, c, l);
  return spans;
}

} // namespace linnet::kernels
