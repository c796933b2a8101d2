// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What holds of reduced and adaptive runs of any solid.
#pragma once

#include "trained_blade.hpp"

#include <linnet/rom/solid/comparison.hpp>

namespace linnet::tests {

using rom::AdaptiveOptions;
using rom::AdaptiveRun;

/// The loadings that were learnt from, by the reduced model alone.
inline void expect_the_training(Trained& t) {
  const rom::SolidReducedModel model = t.model();
  for (const rom::TrainingLoading& loading : t.loadings) {
    const rom::OnlineHistory history =
        rom::run_reduced(model, rom::QuadratureKind::ecm, loading.loading, loading.lifts, {});
    const rom::SolidErrors errors =
        rom::compare(rom::Reconstruction(model, loading.loading, loading.lifts), model, history,
                     t.body.times, rom::states_of(loading, t.body.solid));
    EXPECT_LT(errors.largest_plastic_strain(20.0), 0.03) << loading.name;
    EXPECT_LT(errors.largest_displacement(), 0.01) << loading.name;
    EXPECT_LT(errors.largest_stress(), 0.02) << loading.name;
  }
}

inline void expect_the_run_on_the_mesh(Trained& t, int least_plastic) {
  rom::SolidReducedModel model = t.model();
  AdaptiveOptions options;
  options.target = 0.0;
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  int plastic = 0;
  while (run.done() < run.steps()) {
    const rom::OnlineStep& step = run.advance();
    if (!step.high_fidelity) continue;
    ++plastic;
    EXPECT_LT(t.error_of_mesh(run.done()), 1e-4) << "step " << run.done();
  }
  EXPECT_GE(plastic, least_plastic);
  EXPECT_EQ(run.costs().calls.size(), static_cast<std::size_t>(plastic));
  const rom::SolidErrors errors =
      rom::compare(rom::Reconstruction(model, t.truth.loading, t.truth.lifts), model, run.history(),
                   t.body.times, rom::states_of(t.truth, t.body.solid));
  EXPECT_LT(errors.largest_plastic_strain(), 1e-3);
  EXPECT_LT(errors.largest_displacement(), 5e-3);
}

inline void expect_the_model_where_the_mesh_is(Trained& t) {
  rom::SolidReducedModel model = t.model();
  AdaptiveOptions options;
  options.target = 0.0; // the first step in which anything flows
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  const PetscInt before = model.basis().displacement().size();
  while (!run.advance().high_fidelity) ASSERT_LT(run.done(), run.steps());
  EXPECT_GT(model.basis().displacement().size(), before);
  fem::SolidModel& solid = t.body.solid;
  const rom::AdaptiveState state = run.state();
  EXPECT_EQ(state.mesh_step, run.done());
  const auto at_mesh = fem::host_copy(solid.old_state());
  EXPECT_EQ(state.point_state,
            model.gather()(std::span<const double>(at_mesh.data(), at_mesh.extent(0)),
                           solid.state_size()));
  // Without time nothing flows: the stress at u = Psi gamma is that of the step on the mesh if, and
  // only if, the strains are.
  const auto host = fem::host_copy(solid.stress());
  const std::vector<double> stress(host.data(), host.data() + host.extent(0));
  const auto u = fem::global_vector(t.body.mesh.dm());
  rom::Reconstruction(model, t.truth.loading, t.truth.lifts)
      .displacement(run.history().steps.back(), static_cast<std::size_t>(run.done()), u.get());
  solid.update(u.get(), 0.0);
  const auto again = fem::host_copy(solid.stress());
  EXPECT_LT(distance({again.data(), again.extent(0)}, stress), 1e-8);
  solid.restore();
  // p at the points lies in the span of the modes now.
  EXPECT_LT(run.history().steps.back().indicator, 1e-3);
}

} // namespace linnet::tests
