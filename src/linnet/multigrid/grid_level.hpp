// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// One grid of the hierarchy on this rank: communicator, neighbour exchange, local layouts.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/grid/halo.hpp>
#include <linnet/grid/redistribution.hpp>
#include <linnet/kernels/stencil/coarsening.hpp>
#include <linnet/multigrid/level_plan.hpp>

#include <memory>
#include <vector>

namespace linnet::multigrid {

struct GridLevel {
  LevelPlan plan;
  /// Moves values from plan.source to plan.cut, over the communicator of the finer level; none if
  /// the two are the same.
  std::unique_ptr<grid::Redistribution> gather;
  kernels::Layout source_layout; ///< this rank's box of plan.source, ghosts as in `layout`

  bool active = false;  ///< this rank has a part of plan.cut; what follows exists only then
  core::OwnedComm comm; ///< the ranks of plan.cut, in its order
  grid::IndexBox box;
  kernels::Layout layout; ///< two ghost layers, which the set-up needs, three for a march, or
                          ///< plan.reach
  std::unique_ptr<grid::Halo> halo;      ///< one layer
  std::unique_ptr<grid::Halo> wide_halo; ///< two layers, three where the level marches
  kernels::Coarsening coarsening;
  /// The coarse points of this rank, one ghost layer, two where the level marches.
  kernels::Layout coarse_layout;
  std::unique_ptr<grid::Halo> coarse_halo; ///< all ghost layers of them

  [[nodiscard]] bool is_direct() const { return plan.is_direct(); }
};

/// Builds the levels that this rank takes part in, and one further level (inactive) if it only
/// hands values over to it. Collective on @p comm, whose rank r owns box r of the finest cut.
std::vector<GridLevel> build_levels(MPI_Comm comm, const std::vector<LevelPlan>& plans);

} // namespace linnet::multigrid
