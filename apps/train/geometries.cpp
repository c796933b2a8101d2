// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "geometries.hpp"

namespace app {

using linnet::core::Options;
using namespace linnet::problems;

namespace {

constexpr int cycle_geometries = 8;

std::vector<Obstacle> obstacles_of(const Options& options, int dim) {
  const char* name = "-train_obstacles";
  std::vector<Obstacle> obstacles;
  try {
    obstacles = parse_obstacles(options.string(name), dim);
  } catch (const linnet::core::Error& error) {
    options.fail(name, error.what());
  }
  // Samples and checkpoints know tanks by the text of the option.
  for (const Obstacle& obstacle : obstacles)
    if (!obstacle.file.empty())
      options.fail(name, "takes no shapes of files, whose content may change, got '" +
                             obstacle.text + "'");
  return obstacles;
}

bool is_cycle(const Options& options) { return options.string("-train_network") == "cycle"; }

} // namespace

TankOptions tank_options(const Options& options) {
  TankOptions tank;
  BoxCells& cells = tank.cells;
  cells.dim = options.integer("-train_dim");
  cells.cells = options.integers_per_direction("-train_grid", cells.dim, 1);
  tank.obstacles = obstacles_of(options, cells.dim);
  tank.most_air = options.integer("-train_air");
  if (tank.most_air >= cells.cells[cells.dim - 1])
    options.fail("-train_air", "leaves no water in " + std::to_string(cells.cells[cells.dim - 1]) +
                                   " layers of cells");
  return tank;
}

int geometry_count(const Options& options) {
  if (options.is_set("-train_geometries")) return options.integer("-train_geometries");
  return is_cycle(options) ? cycle_geometries : 1;
}

std::int64_t samples_per_geometry(const Options& options) {
  const std::int64_t samples = options.integer64("-train_samples");
  if (options.is_set("-train_matrix") && options.is_set("-train_geometries"))
    options.fail("-train_geometries", "makes matrices, and -train_matrix gives one; leave one out");
  if (options.is_set("-train_matrix") && options.choice("-train_data") == "met")
    options.fail("-train_data", "met makes right-hand sides of flows, which -train_matrix does not "
                                "tell; take ritz");
  const bool is_tank = options.choice("-train_operators") == "tanks";
  if (!is_tank && options.choice("-train_data") == "met")
    options.fail("-train_data", "met makes right-hand sides of flows in tanks; take noise or ritz");
  for (const char* name : {"-train_obstacles", "-train_air"})
    if (!is_tank && options.is_set(name)) options.fail(name, "is for -train_operators tanks");
  const int geometries = geometry_count(options);
  if (samples % geometries != 0)
    options.fail("-train_samples", "must be a multiple of -train_geometries, " +
                                       std::to_string(geometries) + ", got " +
                                       std::to_string(samples));
  const double part = options.real("-train_validation");
  if (geometries > 1 && part > 0.0 && part < 1.0 && static_cast<int>(part * geometries) == 0)
    options.fail("-train_validation", "holds out whole geometries, and " +
                                          options.text("-train_validation") + " of " +
                                          std::to_string(geometries) + " is none");
  return samples / geometries;
}

} // namespace app
