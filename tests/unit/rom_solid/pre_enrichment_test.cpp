// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What a reduced model is told before its first step, and the history of the mesh behind reduced
// displacements.
#include "trained_blade.hpp"

#include <linnet/io/vec_array.hpp>
#include <linnet/rom/solid/comparison.hpp>
#include <linnet/rom/solid/peak_steps.hpp>
#include <linnet/rom/solid/pre_enrichment.hpp>
#include <linnet/rom/solid/replay.hpp>

#include <gtest/gtest.h>

namespace {

using namespace linnet;
using namespace linnet::tests;

rom::DecomposedLoading decomposed(const fem::Loading& loading, const std::vector<double>& times) {
  return rom::DecomposedLoading::of(loading, trained().body.solid, times);
}

TEST(PeakSteps, AreTheFirstOfTheHottestAndOfTheMostLoaded) {
  SmallSolid& blade = trained().body;
  const kernels::Array<double> field =
      kernels::zeros<double>("linnet::test::field", static_cast<std::size_t>(blade.solid.points()));
  Kokkos::deep_copy(field, 500.0);
  fem::Loading loading(blade.mesh);
  // Colder than the reference by more than it is ever hotter: strain counts, not its sign.
  loading.add_temperature(fem::Amplitude({0, 1, 2, 3, 4}, {0.04, 0.5, -1, 0.04, -1}), field);
  loading.add_force(fem::Amplitude({0, 1, 2, 3, 4}, {0, 1, 2, 3, 3}),
                    fem::pressure_load(blade.mesh, "pressure", 1.0));
  EXPECT_EQ(rom::peak_steps(decomposed(loading, {0, 1, 2, 3, 4}), blade.solid),
            std::vector<int>({2, 3}));
  fem::Loading heated(blade.mesh);
  heated.add_temperature(fem::Amplitude({0, 1}, {0, 1}), field);
  EXPECT_EQ(rom::peak_steps(decomposed(heated, {0, 0.5, 1}), blade.solid), std::vector<int>({2}));
  const fem::Loading nothing(blade.mesh);
  EXPECT_TRUE(rom::peak_steps(decomposed(nothing, {0, 1}), blade.solid).empty());
}

TEST(PreEnrichment, MakesElasticStepsExactAtThePeak) {
  Trained& t = trained();
  const auto error = [&](const rom::SolidReducedModel& model) {
    const rom::OnlineHistory history =
        rom::run_reduced(model, rom::QuadratureKind::ecm, t.truth.loading, t.truth.lifts, {});
    const auto errors =
        rom::compare(rom::Reconstruction(model, t.truth.loading, t.truth.lifts), model, history,
                     t.body.times, rom::states_of(t.truth, t.body.solid));
    return errors.displacement[1]; // step 2, before anything flows
  };
  rom::SolidReducedModel model = t.model();
  const double before = error(model);
  const PetscInt modes = model.basis().displacement().size(),
                 rows = model.basis().stress_rows().size();
  const rom::PreEnrichment found =
      rom::pre_enrich(model, t.loading, t.truth.loading, t.truth.lifts, 1e-6);
  EXPECT_EQ(found.steps, std::vector<int>({4}));
  EXPECT_EQ(found.modes, 1);
  EXPECT_EQ(model.basis().displacement().size(), modes + 1);
  EXPECT_EQ(model.basis().stress_rows().size(), rows + 1);
  EXPECT_LT(error(model), 0.2 * before);
  // The second time there is nothing new.
  EXPECT_EQ(rom::pre_enrich(model, t.loading, t.truth.loading, t.truth.lifts, 1e-6).modes, 0);
}

TEST(Replay, AlongTheDisplacementsOfTheMeshGivesItsHistory) {
  Trained& t = trained();
  Kokkos::deep_copy(t.body.solid.old_state(), 0.0);
  const auto u = fem::global_vector(t.body.mesh.dm());
  for (int step = 1; step <= t.truth.steps(); ++step) {
    const auto column = t.truth.displacement.column(step - 1);
    std::copy(column.begin(), column.end(), io::VecWriteArray(u.get()).data());
    rom::replay_step(t.body.solid, t.loading, t.truth.loading, step, u.get());
    const auto expected = t.truth.plastic_strain.column(step - 1);
    const std::vector<double> p = t.body.plastic_strain();
    for (std::size_t i = 0; i < p.size(); ++i)
      ASSERT_NEAR(p[i], expected[i], 1e-12) << "step " << step << ", point " << i;
  }
}

} // namespace
