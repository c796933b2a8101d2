// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/widest_cut.hpp>

namespace linnet::nn {

namespace {

// Points of the coarsest grid: the largest kernel reads 2 beyond the box, and a mirror image leaves
// out the border.
constexpr int thinnest_part = 2, thinnest_mirror = 3;

} // namespace

grid::Partition widest_cut(const ResolvedGraph& graph, int most,
                           const std::function<grid::Partition(int)>& cut) {
  const Padding padding = graph.graph.padding;
  const int least = padding == Padding::reflect ? thinnest_mirror : thinnest_part;
  for (int n = most;; --n) {
    grid::Partition partition = cut(n);
    const core::Index3 coarsest = Domain::coarse_points(partition.points(), graph.levels - 1,
                                                        padding, graph.graph.coarsening);
    bool fits = true;
    // The coarsest grid is cut evenly.
    for (int d = 0; d < 3; ++d)
      fits = fits && (partition.parts()[d] == 1 || coarsest[d] / partition.parts()[d] >= least);
    if (fits || n == 1) return partition;
  }
}

grid::Partition widest_field_cut(const ResolvedGraph& graph, const core::Index3& points, int most) {
  return widest_cut(graph, most, [&](int ranks) {
    return Domain::exact_cut(points, graph.levels, graph.graph.padding, graph.graph.coarsening,
                             ranks);
  });
}

std::vector<grid::IndexBox> boxes_of(const grid::Partition& cut, int size) {
  std::vector<grid::IndexBox> boxes(static_cast<std::size_t>(size));
  for (int r = 0; r < cut.ranks(); ++r) boxes[static_cast<std::size_t>(r)] = cut.box(r);
  return boxes;
}

} // namespace linnet::nn
