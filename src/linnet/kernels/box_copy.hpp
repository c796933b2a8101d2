// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Copies between a box of a padded field and a dense buffer, as messages need them.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/kernels/parallel.hpp>

namespace linnet::kernels {

namespace detail {
/// Calls `row(j, k)` for every x-row of @p box. The longer of y and z is the parallel direction, so
/// that threads share faces of every orientation.
template <class Row>
void for_each_row(const char* label, const Range& box, const Row& row) {
  const Range b = box;
  const bool along_z = b.hi[2] - b.lo[2] >= b.hi[1] - b.lo[1];
  const int outer = along_z ? 2 : 1;
  // Counted from 0, for Kokkos' range indices are unsigned and the box may lie in the ghosts.
  for_rows(
      label, b.hi[outer] - b.lo[outer], KOKKOS_LAMBDA(int o) {
        if (along_z) {
          for (int j = b.lo[1]; j < b.hi[1]; ++j) row(j, b.lo[2] + o);
        } else {
          for (int k = b.lo[2]; k < b.hi[2]; ++k) row(b.lo[1] + o, k);
        }
      });
}

/// Calls `copy(address in the field, address in the dense buffer)` for every point of @p box, where
/// the buffer holds the points of @p dense, x fastest.
template <class Copy>
void for_each_pair(const char* label, const Layout& layout, const Range& box, const Range& dense,
                   const Copy& copy) {
  if (box.empty()) return;
  const Range b = box, d = dense;
  const Layout l = layout;
  const std::ptrdiff_t ny = d.hi[1] - d.lo[1], nx = d.hi[0] - d.lo[0];
  if constexpr (on_device) {
    using Policy = Kokkos::MDRangePolicy<ExecutionSpace, Kokkos::Rank<3, Kokkos::Iterate::Left>>;
    Kokkos::parallel_for(
        label, Policy({b.lo[0], b.lo[1], b.lo[2]}, {b.hi[0], b.hi[1], b.hi[2]}),
        KOKKOS_LAMBDA(int i, int j, int k) {
          copy(l(i, j, k), ((k - d.lo[2]) * ny + (j - d.lo[1])) * nx + (i - d.lo[0]));
        });
  } else {
    for_each_row(
        label, b, KOKKOS_LAMBDA(int j, int k) {
          const std::ptrdiff_t in_field = l(b.lo[0], j, k);
          const std::ptrdiff_t in_buffer =
              ((k - d.lo[2]) * ny + (j - d.lo[1])) * nx + (b.lo[0] - d.lo[0]);
          const int count = b.hi[0] - b.lo[0];
          for (int i = 0; i < count; ++i) copy(in_field + i, in_buffer + i);
        });
  }
}
} // namespace detail

/// Writes the points @p box of @p field to @p buffer, dense, x fastest. Asynchronous on a GPU.
template <class T>
void pack_box(const Field<T>& field, const Range& box, T* buffer) {
  const T* values = field.values.data();
  detail::for_each_pair(
      "linnet::kernels::pack", field.layout, box, box,
      KOKKOS_LAMBDA(std::ptrdiff_t f, std::ptrdiff_t b) { buffer[b] = values[f]; });
}

/// Reads the points @p box of @p field from @p buffer, which holds the points of @p dense (a box
/// that contains @p box), x fastest. Asynchronous on a GPU.
template <class T>
void unpack_box(const Field<T>& field, const Range& box, const Range& dense, const T* buffer) {
  T* values = field.values.data();
  detail::for_each_pair(
      "linnet::kernels::unpack", field.layout, box, dense,
      KOKKOS_LAMBDA(std::ptrdiff_t f, std::ptrdiff_t b) { values[f] = buffer[b]; });
}

} // namespace linnet::kernels
