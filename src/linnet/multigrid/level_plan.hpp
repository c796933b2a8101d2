// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The grids of a multigrid hierarchy and how they are cut over ranks: pure geometry, the same on
/// all ranks.
#pragma once

#include <linnet/grid/partition.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>
#include <linnet/multigrid/anisotropy.hpp>
#include <linnet/multigrid/boxmg_options.hpp>

#include <vector>

namespace linnet::multigrid {

/// What the points of a coarse grid are along a direction that is halved.
enum class CoarsePoints {
  every_second, ///< odd fine points, even ones where the grid wraps
  aggregates    ///< pairs of fine points; the last one may be alone
};

/// Layers of neighbours' values that a march needs (marched_level.hpp).
inline constexpr int march_layers = 3;

struct LevelPlan {
  grid::Partition source;          ///< the cut in which values arrive from the finer level
  core::Index3 merge{1, 1, 1};     ///< so many neighbouring parts of `source` become one of `cut`
  std::array<bool, 3> extends{};   ///< wrapping directions with an odd number of points to halve
  grid::Partition cut;             ///< the cut on which this level works, extended
  kernels::StencilPattern pattern; ///< of the operator on this level
  int reach = 1;                   ///< so many layers out the smoother may use values
  std::array<bool, 3> halves{};    ///< directions coarsened on the way down
  CoarsePoints coarse_points{};    ///< how
  bool direct = false;             ///< coarsest level, small: solved directly
  int relaxations = 0;             ///< coarsest level, too large for that: so many smoothing steps
  bool marches = false;            ///< grids and options suit a MarchedLevel

  [[nodiscard]] bool is_direct() const { return direct; }
  [[nodiscard]] bool is_coarsest() const { return direct || relaxations > 0; }
  /// Values have to be moved from `source` to `cut`.
  [[nodiscard]] bool moves() const;
  /// The first fine point of a coarse one has an even index, counted from the first of the grid.
  [[nodiscard]] bool starts_even(int direction) const;
  /// How `cut` cuts the next grid, before that moves.
  [[nodiscard]] grid::Partition coarse_cut() const;
};

/// Coarse points of a direction of @p n points: even indices or odd ones.
int coarse_points(int n, bool even);
/// The cut of the coarse grid in which every coarse point stays with the owner of its fine point,
/// the first one of an aggregate.
grid::Partition coarsened(const grid::Partition& fine, const std::array<bool, 3>& halves,
                          CoarsePoints points = CoarsePoints::every_second);
/// @p merge[d] neighbouring parts joined in every direction d.
grid::Partition merged(const grid::Partition& cut, const core::Index3& merge);

/// One point more behind the last one in the directions @p extends (kernels/stencil/seam.hpp).
grid::Partition extended(const grid::Partition& cut, const std::array<bool, 3>& extends);

/// Levels from the finest, which arrives in @p finest, to the one that is solved directly. Every
/// direction is halved on every level, unless couplings along some are much stronger: then only
/// those, until coarsening has made all similar. @p points: of the second finest level; those of
/// all coarser ones are every second.
std::vector<LevelPlan> plan_levels(const grid::Partition& finest, kernels::StencilPattern pattern,
                                   const BoxmgOptions& options, const Anisotropy& anisotropy = {},
                                   CoarsePoints points = CoarsePoints::every_second);

/// True if two hierarchies of one finest grid coarsen in the same way.
bool same_coarsening(const std::vector<LevelPlan>& a, const std::vector<LevelPlan>& b);

} // namespace linnet::multigrid
