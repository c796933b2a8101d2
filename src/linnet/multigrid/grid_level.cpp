// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/grid_level.hpp>

#include <algorithm>

namespace linnet::multigrid {

using grid::Halo;
using grid::HaloShape;
using grid::IndexBox;
using grid::Partition;

namespace {

int rank_of(MPI_Comm comm) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

int wide_layers(const LevelPlan& plan) { return plan.marches ? march_layers : 2; }
int coarse_layers(const LevelPlan& plan) { return plan.marches ? 2 : 1; }

// The layout of a box with ghosts in every direction that a stencil reaches into.
kernels::Layout padded(const LevelPlan& plan, const IndexBox& box, int width) {
  const int z = kernels::is_three_dimensional(plan.pattern) ? width : 0;
  return {box.extent(), {width, width, z}};
}

// Layers that neighbours can give: none along a direction that has one point and does not wrap.
core::Index3 halo_width(const Partition& cut, int width) {
  core::Index3 w;
  const auto n = cut.points();
  for (int d = 0; d < 3; ++d) w[d] = n[d] == 1 ? 0 : width;
  return w;
}

std::vector<IndexBox> boxes_of(const Partition& cut) {
  std::vector<IndexBox> boxes;
  for (int r = 0; r < cut.ranks(); ++r) boxes.push_back(cut.box(r));
  return boxes;
}

// The rank of the finer communicator that takes over part `merged_rank`: the first of its group.
int head_rank(const LevelPlan& plan, int merged_rank) {
  auto c = plan.cut.coordinates(merged_rank);
  for (int d = 0; d < 3; ++d) c[d] *= plan.merge[d];
  return plan.source.rank_at(c);
}

// Boxes of plan.cut by rank of the finer communicator, without the points that extend the grid;
// empty for ranks that drop out.
std::vector<IndexBox> merged_boxes(const LevelPlan& plan) {
  std::vector<IndexBox> boxes(static_cast<std::size_t>(plan.source.ranks()));
  const Partition cut = merged(plan.source, plan.merge);
  for (int r = 0; r < cut.ranks(); ++r)
    boxes[static_cast<std::size_t>(head_rank(plan, r))] = cut.box(r);
  return boxes;
}

int merged_rank(const LevelPlan& plan, int rank) {
  for (int r = 0; r < plan.cut.ranks(); ++r)
    if (head_rank(plan, r) == rank) return r;
  return -1;
}

void set_up_coarsening(GridLevel& level) {
  const Partition coarse = level.plan.coarse_cut();
  const int rank = rank_of(level.comm.get());
  const IndexBox box = coarse.box(rank);
  for (int d = 0; d < 3; ++d) {
    level.coarsening.halves[d] = level.plan.halves[d];
    const int fine_index = 2 * box.lo[d] + (level.plan.starts_even(d) ? 0 : 1);
    level.coarsening.shift[d] = level.plan.halves[d] ? fine_index - level.box.lo[d] : 0;
  }
  const int layers = coarse_layers(level.plan);
  level.coarse_layout = padded(level.plan, box, layers);
  level.coarse_halo =
      std::make_unique<Halo>(level.comm.get(), coarse, halo_width(coarse, layers), HaloShape::box);
}

} // namespace

std::vector<GridLevel> build_levels(MPI_Comm comm, const std::vector<LevelPlan>& plans) {
  std::vector<GridLevel> levels;
  MPI_Comm finer = comm;
  for (const LevelPlan& plan : plans) {
    GridLevel& level = levels.emplace_back();
    level.plan = plan;
    const int finer_rank = rank_of(finer);
    const int layers = wide_layers(plan), ghosts = std::max(layers, plan.reach);
    level.source_layout = padded(plan, plan.source.box(finer_rank), ghosts);
    if (plan.moves())
      level.gather =
          std::make_unique<grid::Redistribution>(finer, boxes_of(plan.source), merged_boxes(plan));
    const int rank = merged_rank(plan, finer_rank);
    MPI_Comm split;
    MPI_Comm_split(finer, rank < 0 ? MPI_UNDEFINED : 0, rank, &split);
    if (rank < 0) break;
    level.active = true;
    level.comm = core::OwnedComm(split);
    level.box = plan.cut.box(rank);
    level.layout = padded(plan, level.box, ghosts);
    if (!plan.is_direct()) {
      level.halo = std::make_unique<Halo>(split, plan.cut, halo_width(plan.cut, 1), HaloShape::box);
      level.wide_halo =
          std::make_unique<Halo>(split, plan.cut, halo_width(plan.cut, layers), HaloShape::box);
      if (!plan.is_coarsest()) set_up_coarsening(level);
    }
    finer = split;
  }
  return levels;
}

} // namespace linnet::multigrid
