// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Work in blocks, for kernels beside libraries that take some lines at a time (FFTW, BLAS). On the
/// CPU a thread takes a block, whose values stay in its cache, and the loops within are plain. On a
/// GPU one block is all the work, and the loops within run in parallel, one after the other.
#pragma once

#include <linnet/kernels/host_blocks.hpp>

#include <algorithm>

namespace linnet::kernels {

/// work(first, count) for all of @p items, at most @p size at a time on the CPU. Blocks must not
/// write to the same place. @p work itself runs on the host.
template <class Work>
void for_each_block(const char* label, long items, long size, const Work& work) {
  if (items <= 0) return;
  if constexpr (on_device)
    work(0L, items);
  else
    for_blocks(label, (items + size - 1) / size,
               [&](long block) { work(block * size, std::min(size, items - block * size)); });
}

/// body(row, column) for first <= row < first + rows and 0 <= column < columns, the columns
/// innermost, within a block.
template <class Body>
void for_each_in_block(const char* label, long first, long rows, long columns, const Body& body) {
  if constexpr (on_device) {
    if (rows <= 0 || columns <= 0) return;
    Kokkos::parallel_for(
        label, Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<long>>(0, rows * columns),
        KOKKOS_LAMBDA(const long at) { body(first + at / columns, at % columns); });
  } else {
    for (long row = first; row < first + rows; ++row)
      for (long column = 0; column < columns; ++column) body(row, column);
  }
}

/// body(row, column) for all rows and columns; on the CPU a thread takes a row.
template <class Body>
void for_each_in_rows(const char* label, long rows, long columns, const Body& body) {
  for_each_block(label, rows, 1, [&](long first, long count) {
    for_each_in_block(label, first, count, columns, body);
  });
}

/// body(i) for 0 <= i < count.
template <class Body>
void for_each_index(const char* label, long count, const Body& body) {
  if (count > 0)
    Kokkos::parallel_for(
        label, Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<long>>(0, count), body);
}

} // namespace linnet::kernels
