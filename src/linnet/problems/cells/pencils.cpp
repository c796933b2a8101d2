// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/cells/pencils.hpp>

namespace linnet::problems {

std::vector<grid::IndexBox> pencil_cut(const core::Index3& points, int direction, int ranks) {
  const int a = (direction + 1) % 3, b = (direction + 2) % 3;
  // Of all ways to cut the two other directions, the one with the smallest largest part.
  std::int64_t least = -1;
  int parts_a = 1;
  for (int pa = 1; pa <= ranks; ++pa) {
    if (ranks % pa) continue;
    const int pb = ranks / pa;
    const std::int64_t lines =
        std::int64_t{(points[a] + pa - 1) / pa} * ((points[b] + pb - 1) / pb);
    if (least < 0 || lines < least) least = lines, parts_a = pa;
  }
  const int parts_b = ranks / parts_a;
  const auto start = [](int n, int part, int parts) {
    return static_cast<int>(std::int64_t{n} * part / parts);
  };
  std::vector<grid::IndexBox> cut(static_cast<std::size_t>(ranks));
  for (int r = 0; r < ranks; ++r) {
    auto& box = cut[static_cast<std::size_t>(r)];
    const int ia = r % parts_a, ib = r / parts_a;
    box.hi[direction] = points[direction];
    box.lo[a] = start(points[a], ia, parts_a), box.hi[a] = start(points[a], ia + 1, parts_a);
    box.lo[b] = start(points[b], ib, parts_b), box.hi[b] = start(points[b], ib + 1, parts_b);
  }
  return cut;
}

} // namespace linnet::problems
