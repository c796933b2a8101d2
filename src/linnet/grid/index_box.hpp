// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A box of global grid indices.
#pragma once

#include <linnet/core/types.hpp>

#include <algorithm>

namespace linnet::grid {

/// Points lo <= (i,j,k) < hi of the global grid.
struct IndexBox {
  core::Index3 lo{0, 0, 0};
  core::Index3 hi{0, 0, 0};

  [[nodiscard]] core::Index3 extent() const {
    return {hi[0] - lo[0], hi[1] - lo[1], hi[2] - lo[2]};
  }
  [[nodiscard]] bool empty() const { return hi[0] <= lo[0] || hi[1] <= lo[1] || hi[2] <= lo[2]; }
  [[nodiscard]] std::int64_t size() const { return empty() ? 0 : core::volume(extent()); }
  [[nodiscard]] bool contains(const core::Index3& p) const {
    return p[0] >= lo[0] && p[0] < hi[0] && p[1] >= lo[1] && p[1] < hi[1] && p[2] >= lo[2] &&
           p[2] < hi[2];
  }
  bool operator==(const IndexBox&) const = default;
};

/// The points that lie in both boxes; possibly empty.
inline IndexBox intersection(const IndexBox& a, const IndexBox& b) {
  IndexBox r;
  for (int d = 0; d < 3; ++d) {
    r.lo[d] = std::max(a.lo[d], b.lo[d]);
    r.hi[d] = std::min(a.hi[d], b.hi[d]);
  }
  return r;
}

} // namespace linnet::grid
