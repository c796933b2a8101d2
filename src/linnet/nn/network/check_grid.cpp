// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/check_grid.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>

namespace linnet::nn {

using core::Index3;

namespace {

constexpr int coarsest_points = 6;
constexpr std::int64_t most_values = std::int64_t{1} << 28;

Index3 points_of_level(const ResolvedGraph& graph, const Index3& points, int level) {
  return Domain::coarse_points(points, level, graph.graph.padding, graph.graph.coarsening);
}

/// The grid of some node's parameters.
struct FixedGrid {
  int level = 0;
  Index3 points{1, 1, 1};
};

std::vector<FixedGrid> fixed_grids(const ResolvedGraph& graph) {
  std::vector<FixedGrid> grids;
  for (const ResolvedNode& node : graph.nodes)
    if (const auto points = node.operation->fixed_points(node))
      grids.push_back({node.signature.level, *points});
  return grids;
}

/// Whether @p n points in direction @p d coarsen to those of all @p grids.
bool fits(const ResolvedGraph& graph, const std::vector<FixedGrid>& grids, int d, int n) {
  const Index3 line{n, 1, 1};
  try {
    for (const FixedGrid& grid : grids)
      if (points_of_level(graph, line, grid.level)[0] != grid.points[d]) return false;
    static_cast<void>(points_of_level(graph, line, graph.levels - 1));
  } catch (const core::Error&) { // no points left
    return false;
  }
  return true;
}

/// A grid of m points belongs to less than (m + 2) 2^l points l levels above, and to more than
/// (m - 1) 2^l; a flat one to 1.
std::optional<int> extent_for(const ResolvedGraph& graph, const std::vector<FixedGrid>& grids,
                              int d) {
  const FixedGrid& first = grids.front();
  const int m = first.points[d];
  for (int n = (m + 2) << first.level; n >= std::max(1, (m - 1) << first.level); --n)
    if (fits(graph, grids, d, n)) return n;
  return std::nullopt;
}

} // namespace

std::optional<Index3> check_points(const ResolvedGraph& graph) {
  const std::vector<FixedGrid> grids = fixed_grids(graph);
  Index3 points{1, 1, 1};
  for (int d = 0; d < graph.graph.dimension; ++d) {
    if (grids.empty()) {
      points[d] = coarsest_points << (graph.levels - 1);
      continue;
    }
    const std::optional<int> extent = extent_for(graph, grids, d);
    if (!extent) return std::nullopt;
    points[d] = *extent;
  }
  return points;
}

bool is_light(const ResolvedGraph& graph, const Index3& points) {
  std::int64_t values = 0;
  for (const ResolvedNode& node : graph.nodes) {
    double product = node.signature.channels; // of four numbers of up to 2^28
    for (const int n : points_of_level(graph, points, node.signature.level)) product *= n;
    if (product > static_cast<double>(most_values)) return false;
    values += static_cast<std::int64_t>(product);
  }
  return values <= most_values;
}

} // namespace linnet::nn
