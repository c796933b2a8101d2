// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/box_maps.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

namespace linnet::fem {

namespace {

constexpr std::array<std::pair<std::string_view, BoxMap>, 5> names{
    {{"box", BoxMap::box},
     {"twisted_box", BoxMap::twisted_box},
     {"blade", BoxMap::blade},
     {"cylinder_sector", BoxMap::cylinder_sector},
     {"plate_with_hole", BoxMap::plate_with_hole}}};

constexpr double degree = std::numbers::pi / 180.0;

core::Real3 twisted(double angle, double x, double y, double z) {
  const double c = std::cos(angle), s = std::sin(angle);
  return {c * x - s * y, s * x + c * y, z};
}

core::Real3 blade_point(const BoxMeshOptions& options, const core::Real3& p) {
  const auto& [xi, eta, zeta] = p;
  const double thickness = 4 * (0.35 + 0.65 * std::sqrt(4 * xi * (1 - xi))) * (1 - 0.25 * zeta);
  const double camber = 6 * xi * (1 - xi);
  const double x = 20 * (xi - 0.5) * (1 - 0.15 * zeta);
  const double y = thickness * eta + camber;
  return twisted(options.twist * degree * zeta, x, y, 40 * zeta);
}

core::Real3 sector_point(const BoxMeshOptions& options, const core::Real3& p) {
  const double r = options.inner_radius + (options.outer_radius - options.inner_radius) * p[0];
  const double angle = options.angle * degree * p[1];
  return {r * std::cos(angle), r * std::sin(angle), options.height * p[2]};
}

/// Straight lines from the hole to the rim: up the right side for eta <= 1/2, then back along the
/// top.
core::Real3 plate_point(const BoxMeshOptions& options, const core::Real3& p) {
  const auto& [width, height, thickness] = options.lengths;
  const double angle = 90.0 * degree * p[1];
  const double up = 2 * p[1];
  const double rim_x = up <= 1 ? width : width * (2 - up);
  const double rim_y = up <= 1 ? height * up : height;
  // Exact zeros on the planes of symmetry.
  const double hole_x = p[1] == 1.0 ? 0.0 : options.inner_radius * std::cos(angle);
  const double hole_y = options.inner_radius * std::sin(angle);
  return {hole_x + (rim_x - hole_x) * p[0], hole_y + (rim_y - hole_y) * p[0], thickness * p[2]};
}

core::Real3 own_lengths(BoxMap map) {
  switch (map) {
  case BoxMap::twisted_box: return {20, 12, 40};
  case BoxMap::plate_with_hole: return {10, 10, 1};
  default: return {1, 1, 1};
  }
}

void require(bool holds, const std::string& what) {
  if (!holds) core::throw_usage("box mesh: " + what);
}

bool positive(double value) { return value > 0 && std::isfinite(value); }

void check_counts(const BoxMeshOptions& options) {
  double nodes = 3;
  const double steps = options.shape == CellShape::hex8 ? 1 : 2;
  for (const PetscInt n : options.cells) {
    require(n >= 1, "number of cells " + std::to_string(n) + "; allowed: 1 or more per direction");
    nodes *= steps * static_cast<double>(n) + 1;
  }
  require(nodes < static_cast<double>(std::numeric_limits<PetscInt>::max()) / 2,
          "too many cells for PETSc's integers; use a PETSc with 64-bit indices or fewer cells");
}

} // namespace

BoxMap box_map(std::string_view name) {
  std::vector<std::string> all;
  for (const auto& [text, map] : names) {
    if (text == name) return map;
    all.emplace_back(text);
  }
  core::throw_usage("box map '" + std::string(name) + "'; allowed: " + core::joined(all));
}

BoxMeshOptions checked_box_options(BoxMeshOptions options) {
  check_counts(options);
  const core::Real3 own = own_lengths(options.map);
  for (std::size_t d = 0; d < 3; ++d) {
    if (options.lengths[d] == 0.0) options.lengths[d] = own[d];
    require(positive(options.lengths[d]),
            "length " + core::number_text(options.lengths[d]) + "; allowed: positive");
  }
  require(options.distortion >= 0 && options.distortion < 0.5,
          "distortion " + core::number_text(options.distortion) + "; allowed: 0 to below 0.5");
  require(std::isfinite(options.twist), "twist is not finite");
  if (options.map == BoxMap::cylinder_sector) {
    require(positive(options.inner_radius) && options.outer_radius > options.inner_radius &&
                std::isfinite(options.outer_radius),
            "radii " + core::number_text(options.inner_radius) + " and " +
                core::number_text(options.outer_radius) + "; allowed: 0 < inner < outer");
    require(options.angle > 0 && options.angle < 360,
            "angle " + core::number_text(options.angle) + "; allowed: above 0, below 360 degrees");
    require(positive(options.height),
            "height " + core::number_text(options.height) + "; allowed: positive");
  }
  if (options.map == BoxMap::plate_with_hole) {
    require(positive(options.inner_radius) && options.inner_radius < options.lengths[0] &&
                options.inner_radius < options.lengths[1],
            "hole of radius " + core::number_text(options.inner_radius) +
                "; allowed: positive, below the half width and the half height");
    require(options.cells[1] % 2 == 0, "odd number of cells around the hole " +
                                           std::to_string(options.cells[1]) +
                                           "; allowed: even, for a corner of the plate");
  }
  return options;
}

core::Real3 box_parameters(BoxMap map, const core::Real3& fraction) {
  const bool centred = map == BoxMap::blade || map == BoxMap::twisted_box;
  return {fraction[0], centred ? fraction[1] - 0.5 : fraction[1], fraction[2]};
}

core::Real3 mapped_point(const BoxMeshOptions& options, const core::Real3& p) {
  const core::Real3& l = options.lengths;
  switch (options.map) {
  case BoxMap::twisted_box:
    return twisted(options.twist * degree * p[2], l[0] * (p[0] - 0.5), l[1] * p[1], l[2] * p[2]);
  case BoxMap::blade: return blade_point(options, p);
  case BoxMap::cylinder_sector: return sector_point(options, p);
  case BoxMap::plate_with_hole: return plate_point(options, p);
  case BoxMap::box: break;
  }
  return {l[0] * p[0], l[1] * p[1], l[2] * p[2]};
}

} // namespace linnet::fem
