// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "mesh_setup.hpp"

#include <linnet/fem/mesh/box_mesh.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace app {

using namespace linnet;

namespace {

bool is_map(const std::string& name) {
  constexpr std::array<std::string_view, 5> maps = {"box", "twisted_box", "blade",
                                                    "cylinder_sector", "plate_with_hole"};
  return std::find(maps.begin(), maps.end(), name) != maps.end();
}

fem::BoxMeshOptions box_options(const core::Options& options) {
  fem::BoxMeshOptions box;
  box.map = fem::box_map(options.string("-solid_mesh"));
  box.shape =
      options.choice("-solid_mesh_shape") == "tet10" ? fem::CellShape::tet10 : fem::CellShape::hex8;
  const auto cells = options.integers_per_direction("-solid_mesh_cells", 3, 1);
  std::copy(cells.begin(), cells.end(), box.cells.begin());
  if (const auto lengths = options.reals("-solid_mesh_lengths"); lengths.size() == 3)
    std::copy(lengths.begin(), lengths.end(), box.lengths.begin());
  box.twist = options.real("-solid_mesh_twist");
  const auto radii = options.reals("-solid_mesh_radii");
  box.inner_radius = radii.front();
  if (radii.size() > 1) box.outer_radius = radii.back();
  box.angle = options.real("-solid_mesh_angle");
  box.height = options.real("-solid_mesh_height");
  box.distortion = options.real("-solid_mesh_distortion");
  return box;
}

} // namespace

fem::Mesh make_mesh(const core::AppContext& context) {
  const core::Options& options = context.options();
  const std::string name = options.string("-solid_mesh");
  if (is_map(name)) return fem::make_box_mesh(context.comm(), box_options(options));
  return fem::read_mesh(context.comm(), context.find_file("-solid_mesh", name));
}

} // namespace app
