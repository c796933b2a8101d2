// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/relative_points.hpp>

#include <linnet/core/petsc.hpp>

namespace linnet::grid {

const char* const grid_points_names[] = {"cell_centers", "nodes", "inner_nodes",
                                         "GridPoints",   "",      nullptr};

double relative_place(int i, int n, bool wraps, GridPoints points) {
  switch (points) {
  case GridPoints::nodes:
    if (wraps) return static_cast<double>(i) / n;
    return n > 1 ? static_cast<double>(i) / (n - 1) : 0.5;
  case GridPoints::inner_nodes: return (i + 1.0) / (n + 1.0);
  default: return (i + 0.5) / n;
  }
}

std::vector<core::Real3> relative_points(Mat matrix, const GridMap& map, GridPoints points) {
  PetscInt first = 0, last = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &first, &last));
  const core::Index3 n = map.partition().points();
  std::vector<core::Real3> result;
  result.reserve(static_cast<std::size_t>(last - first));
  for (PetscInt row = first; row < last; ++row) {
    const core::Index3 p = map.point_of(row);
    core::Real3 x{};
    for (std::size_t d = 0; d < 3; ++d) x[d] = relative_place(p[d], n[d], map.wraps()[d], points);
    result.push_back(x);
  }
  return result;
}

} // namespace linnet::grid
