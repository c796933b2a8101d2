// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Fields whose rows begin at cache lines, for passes that find their values in the cache: there a
/// pack that lies across two lines costs two loads.
#pragma once

#include <linnet/kernels/field.hpp>

#include <utility>

namespace linnet::kernels {

/// Bytes of a cache line, and of the widest pack.
inline constexpr int line_bytes = 64;

/// @p l with rows that lie a multiple of the line apart, for values of at least @p value_bytes
/// bytes.
inline Layout with_aligned_rows(Layout l, int value_bytes) {
  const int values = line_bytes / value_bytes;
  const int rows = l.pitch_z / l.pitch_y;
  l.pitch_y = (l.pitch_y + values - 1) / values * values;
  l.pitch_z = rows * l.pitch_y;
  return l;
}

/// Zeros on @p l, the point (0,0,0) at the beginning of a line.
template <class T>
Field<T> aligned_field(const char* label, const Layout& l) {
  constexpr std::size_t values = line_bytes / sizeof(T);
  const std::size_t size = l.size() + pack_slack;
  const std::size_t shift = (values - static_cast<std::size_t>(l(0, 0, 0)) % values) % values;
  const Array<T> memory = zeros<T>(label, size + shift);
  Field<T> field;
  field.values = Array<T>(Kokkos::subview(memory, std::pair(shift, shift + size)));
  field.layout = l;
  return field;
}

} // namespace linnet::kernels
