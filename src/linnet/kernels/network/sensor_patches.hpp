// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Patches of small grids that lie in the channels of a batch, as rows of a matrix: what turns a
/// convolution of each member into a product of matrices.
#pragma once

#include <linnet/kernels/allocation.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

/// How a window of some taps moves over a grid of each member; the window's first tap lies at
/// place * stride - pad. Directions: x, y, z.
struct PatchShape {
  int channels = 1; ///< fields of a member
  int n[3] = {1, 1, 1};
  int taps[3] = {1, 1, 1};
  int stride[3] = {1, 1, 1};
  int pad[3] = {0, 0, 0};
  int out[3] = {1, 1, 1}; ///< places of the window

  [[nodiscard]] int cells() const { return n[0] * n[1] * n[2]; }
  [[nodiscard]] int window() const { return taps[0] * taps[1] * taps[2]; }
  [[nodiscard]] int places() const { return out[0] * out[1] * out[2]; }
  /// The cell under @p tap of the window at @p place; -1: beyond the grid.
  [[nodiscard]] int cell(int place, int tap) const {
    const int at[3] = {place % out[0], place / out[0] % out[1], place / (out[0] * out[1])};
    const int t[3] = {tap % taps[0], tap / taps[0] % taps[1], tap / (taps[0] * taps[1])};
    int q[3];
    for (int d = 0; d < 3; ++d) {
      q[d] = at[d] * stride[d] - pad[d] + t[d];
      if (q[d] < 0 || q[d] >= n[d]) return -1;
    }
    return (q[2] * n[1] + q[1]) * n[0] + q[0];
  }
};

/// The cells under the taps of the window, found once.
struct PatchPlan {
  PatchShape shape;
  Array<int> cells; ///< (tap, place), see PatchShape::cell()

  PatchPlan() = default;
  explicit PatchPlan(const PatchShape& s)
      : shape(s),
        cells(zeros<int>("linnet::kernels::patch_plan", static_cast<std::size_t>(s.window()) *
                                                            static_cast<std::size_t>(s.places()))) {
    const auto host =
        Kokkos::create_mirror_view(static_cast<const Kokkos::View<int*, MemorySpace>&>(cells));
    std::size_t number = 0;
    for (int tap = 0; tap < s.window(); ++tap)
      for (int place = 0; place < s.places(); ++place) host(number++) = s.cell(place, tap);
    Kokkos::deep_copy(static_cast<const Kokkos::View<int*, MemorySpace>&>(cells), host);
  }
};

namespace detail {

/// Runs of rows that belong to one place and lie side by side in memory: use(place, offset of the
/// first member within a channel, first row, rows).
template <class Use>
KOKKOS_FORCEINLINE_FUNCTION void for_each_run(int nx, int ny, int members, const Strides at,
                                              std::int64_t first, int rows, const Use& use) {
  auto place = static_cast<int>(first / members);
  const auto member = static_cast<int>(first % members);
  int i = member % nx, j = member / nx % ny, k = member / nx / ny;
  const int nz = members / nx / ny;
  for (int row = 0; row < rows;) {
    const int count = nx - i < rows - row ? nx - i : rows - row;
    use(place, at(i, j, k), row, count);
    row += count;
    i = 0;
    if (++j < ny) continue;
    j = 0;
    if (++k < nz) continue;
    k = 0;
    ++place;
  }
}

} // namespace detail

/// p(c window + tap, row) = x(c cells + cell, member), or 0 where the tap lies beyond the grid, for
/// the rows @p first, @p first + 1, ... of all: row = place members + member, members counted x
/// fastest. @p p has a channel for each tap of each field, and its points are rows. x holds the
/// cells of a field behind each other, x fastest.
template <class T>
void gather_patches(const Tensor<T>& x, const PatchPlan& plan, std::int64_t first,
                    const Tensor<T>& p) {
  const detail::Strides at(x.layout);
  const int nx = x.layout.n[0], ny = x.layout.n[1], members = nx * ny * x.layout.n[2];
  const int rows = p.layout.n[0], window = plan.shape.window(), places = plan.shape.places();
  const std::ptrdiff_t field_size = plan.shape.cells() * x.pitch;
  const int* const cells = plan.cells.data();
  const T* const from = x.origin();
  T* const to = p.origin();
  const std::ptrdiff_t pitch_x = x.pitch, pitch_p = p.pitch;
  Kokkos::parallel_for(
      "linnet::kernels::gather_patches", Kokkos::RangePolicy<ExecutionSpace>(0, p.channels),
      KOKKOS_LAMBDA(int k) {
        const int c = k / window, tap = k % window;
        T* const column = to + k * pitch_p;
        const T* const field = from + c * field_size;
        const int* const under = cells + tap * places;
        detail::for_each_run(nx, ny, members, at, first, rows,
                             [&](int place, std::ptrdiff_t offset, int row, int count) {
                               const int cell = under[place];
                               if (cell < 0) {
                                 for (int m = 0; m < count; ++m) column[row + m] = T(0);
                                 return;
                               }
                               const T* const run = field + cell * pitch_x + offset;
                               for (int m = 0; m < count; ++m) column[row + m] = run[m];
                             });
      });
}

/// The adjoint: x += what the rows of p have of it. A value gets its summands in the order of the
/// places, however rows are cut.
template <class T>
void add_patches(const Tensor<T>& p, const PatchPlan& plan, std::int64_t first,
                 const Tensor<T>& x) {
  const detail::Strides at(x.layout);
  const int nx = x.layout.n[0], ny = x.layout.n[1], members = nx * ny * x.layout.n[2];
  const int rows = p.layout.n[0], window = plan.shape.window(), places = plan.shape.places();
  const std::ptrdiff_t field_size = plan.shape.cells() * x.pitch;
  const int* const cells = plan.cells.data();
  const T* const from = p.origin();
  T* const to = x.origin();
  const std::ptrdiff_t pitch_x = x.pitch, pitch_p = p.pitch;
  Kokkos::parallel_for(
      "linnet::kernels::add_patches", Kokkos::RangePolicy<ExecutionSpace>(0, plan.shape.channels),
      KOKKOS_LAMBDA(int c) {
        T* const field = to + c * field_size;
        const T* const columns = from + static_cast<std::ptrdiff_t>(c) * window * pitch_p;
        detail::for_each_run(nx, ny, members, at, first, rows,
                             [&](int place, std::ptrdiff_t offset, int row, int count) {
                               for (int tap = 0; tap < window; ++tap) {
                                 const int cell = cells[tap * places + place];
                                 if (cell < 0) continue;
                                 const T* const column = columns + tap * pitch_p + row;
                                 T* const run = field + cell * pitch_x + offset;
                                 for (int m = 0; m < count; ++m) run[m] += column[m];
                               }
                             });
      });
}

/// x(c places + place, member) = p(c, row), plus a number for each channel where there is a @p
/// bias, in kernel memory.
template <class T>
void scatter_places(const Tensor<T>& p, int places, std::int64_t first, const T* bias,
                    const Tensor<T>& x) {
  const detail::Strides at(x.layout);
  const int nx = x.layout.n[0], ny = x.layout.n[1], members = nx * ny * x.layout.n[2];
  const int rows = p.layout.n[0];
  const T* const from = p.origin();
  T* const to = x.origin();
  const std::ptrdiff_t pitch_x = x.pitch, pitch_p = p.pitch;
  Kokkos::parallel_for(
      "linnet::kernels::scatter_places", Kokkos::RangePolicy<ExecutionSpace>(0, p.channels),
      KOKKOS_LAMBDA(int c) {
        const T shift = bias ? bias[c] : T(0);
        const T* const column = from + c * pitch_p;
        T* const field = to + static_cast<std::ptrdiff_t>(c) * places * pitch_x;
        detail::for_each_run(nx, ny, members, at, first, rows,
                             [&](int place, std::ptrdiff_t offset, int row, int count) {
                               T* const run = field + place * pitch_x + offset;
                               for (int m = 0; m < count; ++m) run[m] = column[row + m] + shift;
                             });
      });
}

} // namespace linnet::kernels
