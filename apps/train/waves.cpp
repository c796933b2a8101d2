// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "waves.hpp"

#include <linnet/problems/operators/helmholtz_samples.hpp>

namespace app {

using linnet::core::above;
using linnet::core::OptionKind;
using linnet::core::Options;
using linnet::core::Owned;
using namespace linnet::problems;

namespace {

// Apart from small seeds, by which users draw the media they solve with.
constexpr std::uint64_t wave_seeds = 2000000;

HelmholtzOptions helmholtz_options(const Options& options) {
  const auto points = options.integers_per_direction("-train_grid", 2, 1);
  if (options.integer("-train_dim") != 2 || points[0] != points[1])
    options.fail("-train_grid", "must be that of a square, with -train_dim 2, for "
                                "-train_operators waves");
  HelmholtzOptions helmholtz;
  helmholtz.nodes = points[0];
  helmholtz.frequency = options.real("-train_wave_frequency");
  helmholtz.seed = wave_seeds + static_cast<std::uint64_t>(options.integer64("-train_seed"));
  return helmholtz;
}

} // namespace

void add_waves(linnet::core::OptionTable& table) {
  table.group("Waves in a square cavity (-train_operators waves)");
  table.add({.name = "-train_wave_frequency",
             .kind = OptionKind::real,
             .default_text = "1000",
             .help = "angular frequency, at wave speeds from 19 to 21 on the unit square",
             .range = above(0),
             .needs = {{"-train_operators", {"waves"}}}});
}

GridOperator make_wave_operator(const Options& options, int geometry) {
  const HelmholtzSamples samples(helmholtz_options(options));
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(samples.grid())));
  Owned<DM> grid(samples.grid());
  return {std::move(grid), samples.make_matrix(static_cast<std::uint64_t>(geometry))};
}

} // namespace app
