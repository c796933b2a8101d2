// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/level_plan.hpp>

#include <algorithm>

namespace linnet::multigrid {

using grid::Partition;
using kernels::StencilPattern;

int coarse_points(int n, bool even) { return even ? (n + 1) / 2 : n / 2; }

Partition coarsened(const Partition& fine, const std::array<bool, 3>& halves, CoarsePoints points) {
  const bool pairs = points == CoarsePoints::aggregates;
  std::array<std::vector<int>, 3> starts;
  for (int d = 0; d < 3; ++d)
    for (const int s : fine.starts(d))
      // Coarse points in front of fine index s.
      starts[d].push_back(halves[d] ? coarse_points(s, pairs || fine.periodic()[d]) : s);
  return {starts, fine.periodic()};
}

Partition merged(const Partition& cut, const core::Index3& merge) {
  std::array<std::vector<int>, 3> starts;
  for (int d = 0; d < 3; ++d) {
    const auto& s = cut.starts(d);
    for (std::size_t r = 0; r + 1 < s.size(); r += static_cast<std::size_t>(merge[d]))
      starts[d].push_back(s[r]);
    starts[d].push_back(s.back());
  }
  return {starts, cut.periodic()};
}

Partition extended(const Partition& cut, const std::array<bool, 3>& extends) {
  std::array<std::vector<int>, 3> starts;
  for (int d = 0; d < 3; ++d) {
    starts[d] = cut.starts(d);
    if (extends[d]) ++starts[d].back();
  }
  return {starts, cut.periodic()};
}

bool LevelPlan::moves() const {
  return merge != core::Index3{1, 1, 1} || extends[0] || extends[1] || extends[2];
}

bool LevelPlan::starts_even(int direction) const {
  return coarse_points == CoarsePoints::aggregates ||
         cut.periodic()[static_cast<std::size_t>(direction)];
}

Partition LevelPlan::coarse_cut() const { return coarsened(cut, halves, coarse_points); }

namespace {

// A part this thin still has a coarse point, and its coarse part two layers for its neighbours.
constexpr int least_thickness = 4;

std::int64_t agglomerate_limit(const BoxmgOptions& options, StencilPattern pattern) {
  if (options.agglomerate_limit > 0) return options.agglomerate_limit;
  return kernels::is_three_dimensional(pattern) ? 24 * 24 * 24 : 64 * 64;
}

// Anisotropy that is not aligned with the grid shows in the corner entries of the finest operator;
// a smoother that follows it reaches farther than a stencil (adapted_smoother.hpp).
int smoother_reach(const Partition& grid, StencilPattern finest) {
  if (finest != StencilPattern::box2d && finest != StencilPattern::box3d) return 1;
  const int reach = finest == StencilPattern::box2d ? 3 : 2;
  for (std::size_t d = 0; d < 3; ++d)
    if (grid.periodic()[d] && grid.points()[d] < 4 * reach + 2) return 1;
  return reach;
}

core::Index3 merge_for(const Partition& source, bool direct, std::int64_t limit, int thickness) {
  if (direct) return source.parts();
  core::Index3 merge{1, 1, 1};
  for (;;) {
    const Partition cut = merged(source, merge);
    const bool few = core::volume(cut.points()) < limit * cut.ranks();
    bool changed = false;
    for (int d = 0; d < 3; ++d) {
      if (cut.parts()[d] == 1 || !(few || cut.thinnest(d) < thickness)) continue;
      merge[d] *= 2;
      changed = true;
    }
    if (!changed) return merge;
  }
}

// Where the grid wraps, at least three coarse points: with two, the neighbour to the left and the
// one to the right would be the same point.
bool can_halve(int n, bool periodic, CoarsePoints points) {
  return n >= (periodic ? 5 : points == CoarsePoints::aggregates ? 2 : 3);
}

// A dense factor of this order is still cheap beside one cycle on a level of its size.
constexpr std::int64_t largest_direct = 2500;

// Enough steps to reach across the grid.
int relaxations_for(const core::Index3& n) { return 2 * std::max({n[0], n[1], n[2]}); }

StencilPattern box_of(StencilPattern p) {
  return kernels::is_three_dimensional(p) ? StencilPattern::box3d : StencilPattern::box2d;
}

// Point smoothing and full coarsening cope with couplings that differ by less than this power of
// two.
constexpr int harmless_ratio = 1;

// The directions of @p can to halve: those that are about as strong as the strongest of them.
std::array<bool, 3> directions_to_halve(const std::array<bool, 3>& can,
                                        const std::array<int, 3>& strength) {
  std::size_t strongest = 3;
  for (std::size_t d = 0; d < 3; ++d)
    if (can[d] && (strongest == 3 || strength[d] > strength[strongest])) strongest = d;
  std::array<bool, 3> strong{};
  for (std::size_t d = 0; d < 3; ++d)
    strong[d] = can[d] && strength[strongest] - strength[d] <= harmless_ratio;
  return strong;
}

// Halving a direction doubles its mesh width: a coupling along it becomes weaker by four against
// the others.
void follow_strengths(const std::array<bool, 3>& halves, std::array<int, 3>& strength) {
  for (std::size_t d = 0; d < 3; ++d)
    if (halves[d]) strength[d] -= 2;
}

// Each part needs three layers for its neighbours, itself where the grid wraps. Points that extend
// a grid are no part of the march.
bool can_march(const LevelPlan& plan, const BoxmgOptions& options) {
  const bool is_star =
      plan.pattern == StencilPattern::star2d || plan.pattern == StencilPattern::star3d;
  bool thick = true;
  for (int d = 0; d < 3; ++d)
    thick = thick && (plan.cut.points()[d] == 1 || plan.cut.thinnest(d) >= march_layers);
  return is_star && thick && !plan.is_coarsest() && plan.extends == std::array<bool, 3>{} &&
         options.smoother == Smoother::factored && options.smooth == 1;
}

} // namespace

std::vector<LevelPlan> plan_levels(const Partition& finest, StencilPattern pattern,
                                   const BoxmgOptions& options, const Anisotropy& anisotropy,
                                   CoarsePoints finest_points) {
  std::vector<LevelPlan> plans;
  Partition source = finest;
  auto strength = anisotropy.strength;
  for (;;) {
    LevelPlan plan;
    plan.source = source;
    // Aggregates keep a star, Galerkin operators do not.
    const bool from_aggregates = plans.size() == 1 && finest_points == CoarsePoints::aggregates;
    plan.pattern = plans.empty() || from_aggregates ? pattern : box_of(pattern);
    const CoarsePoints points = plans.empty() ? finest_points : CoarsePoints::every_second;
    plan.coarse_points = points;
    const auto n = source.points();
    const bool last = core::volume(n) <= options.coarse_limit ||
                      static_cast<int>(plans.size()) + 1 >= options.levels;
    std::array<bool, 3> can;
    for (std::size_t d = 0; d < 3; ++d)
      can[d] = !last && can_halve(n[d], source.periodic()[d], points);
    plan.halves = directions_to_halve(can, strength);
    const bool coarsens = plan.halves != std::array<bool, 3>{};
    for (std::size_t d = 0; d < 3; ++d)
      plan.extends[d] = plan.halves[d] && source.periodic()[d] && n[d] % 2 == 1;
    plan.direct = !coarsens &&
                  core::volume(n) <= std::max<std::int64_t>(largest_direct, options.coarse_limit);
    if (!coarsens && !plan.direct) plan.relaxations = relaxations_for(n);
    plan.reach = plan.is_direct() ? 1 : smoother_reach(source, pattern);
    // The bound of the smoother looks at twice its reach and one layer more.
    const int thickness = plan.reach > 1 ? 2 * plan.reach + 1 : least_thickness;
    plan.merge =
        merge_for(source, plan.is_direct(), agglomerate_limit(options, pattern), thickness);
    plan.cut = extended(merged(source, plan.merge), plan.extends);
    plan.marches = can_march(plan, options);
    plans.push_back(plan);
    if (plan.is_coarsest()) return plans;
    follow_strengths(plan.halves, strength);
    source = plan.coarse_cut();
  }
}

bool same_coarsening(const std::vector<LevelPlan>& a, const std::vector<LevelPlan>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.pattern == y.pattern && x.halves == y.halves && x.coarse_points == y.coarse_points;
  });
}

} // namespace linnet::multigrid
