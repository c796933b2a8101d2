// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The levels of `boxmg` on a cube of ranks with a cube of points each, as the library plans them:
/// what the model of the communication starts from.
///   build/benchmarks/levels POINTS_PER_RANK_AND_DIRECTION RANKS_PER_DIRECTION...
/// Prints JSON. No grid is made, so that any number of ranks can be looked at.
#include <linnet/multigrid/level_plan.hpp>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace {

using namespace linnet;

grid::Partition cube(int points, int ranks) {
  std::array<std::vector<int>, 3> starts;
  for (auto& s : starts)
    for (int r = 0; r <= ranks; ++r) s.push_back(r * points);
  return {starts, {false, false, false}};
}

nlohmann::json describe(const multigrid::LevelPlan& plan) {
  return {{"points", plan.cut.points()},
          {"ranks", plan.cut.parts()},
          {"merge", plan.merge},
          {"direct", plan.is_direct()}};
}

} // namespace

int main(int argc, char** argv) {
  const int points = argc > 2 ? std::atoi(argv[1]) : 0;
  auto result = nlohmann::json::array();
  for (int a = 2; a < argc; ++a) {
    const int ranks = std::atoi(argv[a]);
    if (points < 1 || ranks < 1) continue;
    auto levels = nlohmann::json::array();
    for (const auto& plan :
         multigrid::plan_levels(cube(points, ranks), kernels::StencilPattern::star3d, {}))
      levels.push_back(describe(plan));
    result.push_back(
        {{"ranks", static_cast<long long>(ranks) * ranks * ranks}, {"levels", levels}});
  }
  if (result.empty()) {
    std::fprintf(stderr, "usage: levels POINTS_PER_RANK_AND_DIRECTION RANKS_PER_DIRECTION...\n");
    return 2;
  }
  std::printf("%s\n", result.dump().c_str());
  return 0;
}
