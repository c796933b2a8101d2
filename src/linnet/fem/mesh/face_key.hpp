// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Faces by their corners.
#pragma once

#include <petscsys.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace linnet::fem {

/// The corners of a face in ascending order: the same from both of its cells. Triangles end with a
/// number that no node has.
using FaceKey = std::array<PetscInt, 4>;

struct FaceKeyHash {
  std::size_t operator()(const FaceKey& key) const {
    std::uint64_t h = 0;
    for (const PetscInt k : key) h = (h ^ static_cast<std::uint64_t>(k)) * 0x9E3779B97F4A7C15u;
    return static_cast<std::size_t>(h ^ (h >> 29));
  }
};

/// @p corner gives the number of corner n = 0..corners-1.
template <class Corner>
FaceKey face_key(int corners, Corner&& corner) {
  FaceKey key;
  key.fill(std::numeric_limits<PetscInt>::max());
  for (int n = 0; n < corners; ++n) key[static_cast<std::size_t>(n)] = corner(n);
  std::ranges::sort(key);
  return key;
}

} // namespace linnet::fem
