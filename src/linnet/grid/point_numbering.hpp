// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PETSc's numbering of the points of a partitioned grid: rank after rank, x fastest within a rank.
#pragma once

#include <linnet/grid/partition.hpp>

#include <vector>

namespace linnet::grid {

class PointNumbering {
public:
  PointNumbering() = default;
  explicit PointNumbering(const Partition& p) : partition_(p), first_{0} {
    for (int r = 0; r < p.ranks(); ++r)
      first_.push_back(first_.back() + static_cast<PetscInt>(p.box(r).size()));
    for (int d = 0; d < 3; ++d)
      for (int part = 0; part < p.parts()[d]; ++part)
        part_of_[d].resize(
            static_cast<std::size_t>(p.starts(d)[static_cast<std::size_t>(part) + 1]), part);
  }

  /// Index of the point @p q of the domain.
  [[nodiscard]] PetscInt index(const core::Index3& q) const {
    core::Index3 part;
    for (int d = 0; d < 3; ++d) part[d] = part_of_[d][static_cast<std::size_t>(q[d])];
    const int rank = partition_.rank_at(part);
    const IndexBox box = partition_.box(rank);
    const core::Index3 n = box.extent();
    return first_[static_cast<std::size_t>(rank)] + (q[0] - box.lo[0]) +
           static_cast<PetscInt>(n[0]) *
               ((q[1] - box.lo[1]) + static_cast<PetscInt>(n[1]) * (q[2] - box.lo[2]));
  }
  /// The rank that owns an index.
  [[nodiscard]] int rank(PetscInt index) const {
    return static_cast<int>(std::upper_bound(first_.begin(), first_.end(), index) -
                            first_.begin()) -
           1;
  }
  /// The point with an index, whose owner is @p rank.
  [[nodiscard]] core::Index3 point(PetscInt index, int rank) const {
    const IndexBox box = partition_.box(rank);
    const core::Index3 n = box.extent();
    const PetscInt local = index - first_[static_cast<std::size_t>(rank)];
    return {box.lo[0] + static_cast<int>(local % n[0]),
            box.lo[1] + static_cast<int>(local / n[0] % n[1]),
            box.lo[2] + static_cast<int>(local / n[0] / n[1])};
  }

private:
  Partition partition_;
  std::vector<PetscInt> first_;
  std::vector<int> part_of_[3];
};

} // namespace linnet::grid
