// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/voxelise.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

/// Does the half line from (y,z) towards +y cross the edge? Computed from the lower point to the
/// upper one, so that the triangles on both sides of the edge get the same answer: over a closed
/// surface the answers then always add up to an even number, whatever the rounding.
bool crosses_edge(const core::Real3& a, const core::Real3& b, double y, double z) {
  if ((a[2] > z) == (b[2] > z)) return false;
  const auto& low = a < b ? a : b;
  const auto& high = a < b ? b : a;
  const double cut = low[1] + (high[1] - low[1]) * ((z - low[2]) / (high[2] - low[2]));
  // The clamp keeps triangles from reaching columns outside their own range.
  return y < std::clamp(cut, std::min(low[1], high[1]), std::max(low[1], high[1]));
}

struct Triangle {
  const core::Real3 &a, &b, &c;

  [[nodiscard]] double least(std::size_t d) const { return std::min({a[d], b[d], c[d]}); }
  [[nodiscard]] double most(std::size_t d) const { return std::max({a[d], b[d], c[d]}); }
  [[nodiscard]] bool covers(double y, double z) const {
    return crosses_edge(a, b, y, z) ^ crosses_edge(b, c, y, z) ^ crosses_edge(c, a, y, z);
  }
  /// Where the line through (y,z) along x meets the plane of the triangle.
  [[nodiscard]] double meets(double y, double z) const {
    const double by = b[1] - a[1], bz = b[2] - a[2], cy = c[1] - a[1], cz = c[2] - a[2];
    const double area = by * cz - bz * cy;
    const double py = y - a[1], pz = z - a[2];
    const double s = (py * cz - pz * cy) / area, t = (by * pz - bz * py) / area;
    const double x = a[0] + s * (b[0] - a[0]) + t * (c[0] - a[0]);
    // An edge-on triangle has no area: any of its points will do.
    return std::isfinite(x) ? std::clamp(x, least(0), most(0)) : least(0);
  }
};

/// The first cell in @p direction whose centre is not below @p x; may lie outside of the grid.
int first_center_from(const Domain& domain, const core::Index3& cells, std::size_t d, double x) {
  const double place =
      std::ceil((x - domain.lower[d]) / domain.length(static_cast<int>(d)) * cells[d] - 0.5);
  return static_cast<int>(std::clamp(place, -1.0, cells[d] + 1.0));
}

/// Cells of @p box in direction @p d that may have their centre in [low, high].
std::array<int, 2> reach(const Domain& domain, const core::Index3& cells, const grid::IndexBox& box,
                         std::size_t d, double low, double high) {
  return {std::max(box.lo[d], first_center_from(domain, cells, d, low) - 1),
          std::min(box.hi[d], first_center_from(domain, cells, d, high) + 1)};
}

} // namespace

std::vector<unsigned char> voxelise(const SurfaceMesh& mesh, const Domain& domain,
                                    const core::Index3& cells, const grid::IndexBox& box) {
  std::vector<unsigned char> inside(static_cast<std::size_t>(box.size()), 0);
  if (box.empty()) return inside;
  const auto n = box.extent();
  const auto row = [&](int j, int k) {
    return inside.begin() + n[0] * ((j - box.lo[1]) + std::ptrdiff_t{n[1]} * (k - box.lo[2]));
  };
  for (const auto& t : mesh.triangles) {
    const Triangle triangle{mesh.points[static_cast<std::size_t>(t[0])],
                            mesh.points[static_cast<std::size_t>(t[1])],
                            mesh.points[static_cast<std::size_t>(t[2])]};
    const auto along_y = reach(domain, cells, box, 1, triangle.least(1), triangle.most(1));
    const auto along_z = reach(domain, cells, box, 2, triangle.least(2), triangle.most(2));
    for (int k = along_z[0]; k < along_z[1]; ++k)
      for (int j = along_y[0]; j < along_y[1]; ++j) {
        const double y = domain.center(1, j, cells[1]), z = domain.center(2, k, cells[2]);
        if (!triangle.covers(y, z)) continue;
        // From this crossing on, inside and outside are swapped; the sums follow below.
        const int i =
            std::max(box.lo[0], first_center_from(domain, cells, 0, triangle.meets(y, z)));
        if (i < box.hi[0]) row(j, k)[i - box.lo[0]] ^= 1;
      }
  }
  for (int k = box.lo[2]; k < box.hi[2]; ++k)
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      const auto cell = row(j, k);
      for (int i = 1; i < n[0]; ++i) cell[i] ^= cell[i - 1];
    }
  return inside;
}

} // namespace linnet::problems
