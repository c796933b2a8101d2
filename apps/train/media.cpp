// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "media.hpp"

#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/diffusion_matrix.hpp>
#include <linnet/problems/medium.hpp>

namespace app {

using namespace linnet::problems;
using linnet::core::above;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::Options;

namespace {

// Apart from small seeds, by which users draw the media they solve with.
constexpr std::uint64_t media_seeds = 2000000;

MediumOptions medium_options(const Options& options, int geometry) {
  MediumOptions medium;
  medium.kind = medium_kind(options.choice("-train_medium"));
  medium.contrast = options.real("-train_medium_contrast");
  medium.deviation = options.real("-train_medium_deviation");
  medium.tau = options.real("-train_medium_tau");
  medium.seed = media_seeds + static_cast<std::uint64_t>(options.integer64("-train_seed"));
  medium.sample = static_cast<std::uint64_t>(geometry);
  return medium;
}

DiffusionModel model_on(const Options& options) {
  DiffusionModel model;
  model.grid.dim = options.integer("-train_dim");
  model.grid.cells = options.integers_per_direction("-train_grid", model.grid.dim, 1);
  return model;
}

} // namespace

void add_media(linnet::core::OptionTable& table) {
  table.group("Random media (-train_operators media)");
  const std::vector<linnet::core::OptionNeed> media{{"-train_operators", {"media"}}};
  table.add({.name = "-train_medium",
             .kind = OptionKind::choice,
             .default_text = "two_phase",
             .help = "1 or the contrast by the sign of a random field; exp(deviation times the "
                     "field)",
             .choices = {"two_phase", "lognormal"},
             .needs = media});
  table.add({.name = "-train_medium_contrast",
             .kind = OptionKind::real,
             .default_text = "1e4",
             .help = "of the two phases",
             .range = between(1e-8, 1e8),
             .needs = {{"-train_medium", {"two_phase"}}}});
  table.add({.name = "-train_medium_deviation",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "standard deviation of log(kappa)",
             .range = between(0, 20),
             .needs = {{"-train_medium", {"lognormal"}}}});
  table.add({.name = "-train_medium_tau",
             .kind = OptionKind::real,
             .default_text = "7",
             .help = "inverse length of the field",
             .range = above(0),
             .needs = media});
}

GridOperator make_medium(const Options& options, int geometry) {
  const DiffusionModel model = model_on(options);
  Owned<DM> grid(create_cell_dm(PETSC_COMM_SELF, model.grid, model.needs_corners()));
  const Owned<Vec> kappa = make_cell_vector(grid.get(), "kappa");
  LINNET_CHECK(
      fill_medium(grid.get(), model.grid.domain, medium_options(options, geometry), kappa.get()));
  DiffusionSystem system(grid.get(), model);
  system.assemble(kappa.get(), nullptr, 0.0);
  Mat matrix = nullptr;
  // Many fit into memory.
  LINNET_CHECK(DMSetMatType(grid.get(), MATSTENCIL));
  LINNET_CHECK(DMCreateMatrix(grid.get(), &matrix));
  Owned<Mat> owner(matrix);
  set_matrix(system, false, matrix);
  return {std::move(grid), std::move(owner)};
}

std::string media_text(const Options& options) {
  std::string text = options.text("-train_geometries") + " media";
  for (const char* name : {"-train_grid", "-train_medium", "-train_medium_contrast",
                           "-train_medium_deviation", "-train_medium_tau", "-train_seed"})
    text += std::string(", ") + (name + 7) + " " + options.text(name);
  return text;
}

} // namespace app
