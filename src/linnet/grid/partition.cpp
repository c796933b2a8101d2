// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/partition.hpp>

#include <utility>

namespace linnet::grid {

Partition::Partition(std::array<std::vector<int>, 3> starts, std::array<bool, 3> periodic)
    : starts_(std::move(starts)), periodic_(periodic) {}

Partition Partition::of(DM da) {
  PetscInt parts[3];
  DMBoundaryType boundary[3];
  LINNET_CHECK(DMDAGetInfo(da, nullptr, nullptr, nullptr, nullptr, &parts[0], &parts[1], &parts[2],
                           nullptr, nullptr, &boundary[0], &boundary[1], &boundary[2], nullptr));
  const PetscInt* lengths[3];
  LINNET_CHECK(DMDAGetOwnershipRanges(da, &lengths[0], &lengths[1], &lengths[2]));
  Partition p;
  for (int d = 0; d < 3; ++d) {
    p.starts_[d].assign(1, 0);
    // A 1-D or 2-D DMDA has no lengths in the missing directions.
    for (PetscInt r = 0; r < std::max<PetscInt>(parts[d], 1); ++r)
      p.starts_[d].push_back(p.starts_[d].back() +
                             (lengths[d] ? static_cast<int>(lengths[d][r]) : 1));
    p.periodic_[d] = boundary[d] == DM_BOUNDARY_PERIODIC;
  }
  return p;
}

Partition Partition::balanced(const core::Index3& points, std::array<bool, 3> periodic, int ranks) {
  core::Index3 best{1, 1, ranks};
  double least_surface = -1.0;
  for (int px = 1; px <= ranks; ++px) {
    if (ranks % px) continue;
    for (int py = 1; py <= ranks / px; ++py) {
      if ((ranks / px) % py) continue;
      const core::Index3 parts{px, py, ranks / px / py};
      double surface = 0.0;
      for (int d = 0; d < 3; ++d) {
        const double cut_area = static_cast<double>(core::volume(points)) / points[d];
        surface += (parts[d] - 1) * cut_area + (parts[d] > points[d] ? 1e30 : 0.0);
      }
      // Of equals the first: it cuts x, along which rows lie in memory, the least.
      if (least_surface < 0.0 || surface < least_surface) least_surface = surface, best = parts;
    }
  }
  Partition p;
  p.periodic_ = periodic;
  for (int d = 0; d < 3; ++d)
    for (int r = 0; r <= best[d]; ++r)
      p.starts_[d].push_back(static_cast<int>(static_cast<std::int64_t>(points[d]) * r / best[d]));
  return p;
}

core::Index3 Partition::points() const {
  return {starts_[0].back(), starts_[1].back(), starts_[2].back()};
}

core::Index3 Partition::parts() const {
  return {static_cast<int>(starts_[0].size()) - 1, static_cast<int>(starts_[1].size()) - 1,
          static_cast<int>(starts_[2].size()) - 1};
}

int Partition::ranks() const { return static_cast<int>(core::volume(parts())); }

core::Index3 Partition::coordinates(int rank) const {
  const auto p = parts();
  return {rank % p[0], rank / p[0] % p[1], rank / (p[0] * p[1])};
}

int Partition::rank_at(const core::Index3& c) const {
  const auto p = parts();
  return c[0] + p[0] * (c[1] + p[1] * c[2]);
}

IndexBox Partition::box(int rank) const {
  const auto c = coordinates(rank);
  IndexBox b;
  for (int d = 0; d < 3; ++d) {
    const auto part = static_cast<std::size_t>(c[d]);
    b.lo[d] = starts_[d][part];
    b.hi[d] = starts_[d][part + 1];
  }
  return b;
}

int Partition::thinnest(int direction) const {
  const auto& s = starts_[direction];
  int least = s.back();
  for (std::size_t r = 1; r < s.size(); ++r) least = std::min(least, s[r] - s[r - 1]);
  return least;
}

} // namespace linnet::grid
