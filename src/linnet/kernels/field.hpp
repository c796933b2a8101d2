// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A scalar field on the box of one rank, with ghost layers, as kernels see it.
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/kernels/allocation.hpp>

namespace linnet::kernels {

/// Where the point (i,j,k) of a padded box lies in memory; x runs fastest.
struct Layout {
  int n[3] = {0, 0, 0}; ///< owned points per direction
  int g[3] = {0, 0, 0}; ///< ghost layers per direction, on both sides
  int pitch_y = 0;      ///< distance of (i,j,k) and (i,j+1,k)
  int pitch_z = 0;      ///< distance of (i,j,k) and (i,j,k+1)

  Layout() = default;
  Layout(const core::Index3& owned, const core::Index3& ghosts) {
    for (int d = 0; d < 3; ++d) n[d] = owned[d], g[d] = ghosts[d];
    pitch_y = n[0] + 2 * g[0];
    pitch_z = pitch_y * (n[1] + 2 * g[1]);
  }

  /// Number of values, ghosts included.
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(pitch_z) * static_cast<std::size_t>(n[2] + 2 * g[2]);
  }
  /// Offset of the owned or ghost point (i,j,k), owned points counted from 0.
  KOKKOS_INLINE_FUNCTION std::ptrdiff_t operator()(int i, int j, int k) const {
    return i + g[0] + static_cast<std::ptrdiff_t>(j + g[1]) * pitch_y +
           static_cast<std::ptrdiff_t>(k + g[2]) * pitch_z;
  }
  bool operator==(const Layout&) const = default;
};

/// Values behind the last point that a pack may read (never use): the widest strided load.
inline constexpr std::size_t pack_slack = 32;

/// Values on a Layout. Copies share the values, as Kokkos views do.
template <class T>
struct Field {
  Array<T> values;
  Layout layout;

  Field() = default;
  /// All values zero, ghosts included. @p label begins with "linnet::".
  Field(const char* label, const Layout& l)
      : values(zeros<T>(label, l.size() + pack_slack)), layout(l) {}

  /// Address of the owned point (0,0,0).
  KOKKOS_INLINE_FUNCTION T* origin() const { return values.data() + layout(0, 0, 0); }
};

} // namespace linnet::kernels
