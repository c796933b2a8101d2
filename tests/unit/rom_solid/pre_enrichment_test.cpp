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
  fem::Loading moved(blade.mesh);
  moved.hold("root", {false, false, true}, fem::Amplitude({0, 1, 2, 3}, {0, 1, -4, 2}),
             [](const std::array<double, 3>&) {
               return std::array<double, 3>{0.0, 0.0, 0.01};
             });
  EXPECT_EQ(rom::peak_steps(decomposed(moved, {0, 1, 2, 3}), blade.solid), std::vector<int>({2}));
  const fem::Loading nothing(blade.mesh);
  EXPECT_TRUE(rom::peak_steps(decomposed(nothing, {0, 1}), blade.solid).empty());
}

void expect_exact_elastic_steps(Trained& t, const std::vector<int>& peaks) {
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
  EXPECT_EQ(found.steps, peaks);
  EXPECT_EQ(found.modes, static_cast<int>(peaks.size()));
  EXPECT_EQ(model.basis().displacement().size(), modes + found.modes);
  EXPECT_EQ(model.basis().stress_rows().size(), rows + found.modes);
  EXPECT_LT(error(model), 0.2 * before);
  // The second time there is nothing new.
  EXPECT_EQ(rom::pre_enrich(model, t.loading, t.truth.loading, t.truth.lifts, 1e-6).modes, 0);
}

TEST(PreEnrichment, MakesElasticStepsExactAtThePeak) { expect_exact_elastic_steps(trained(), {4}); }

/// The root goes on moving after the loads are there. Lifts are made at one temperature, so that
/// the answer at another is new both times.
TEST(PreEnrichment, MakesElasticStepsExactWhereSupportsMove) {
  expect_exact_elastic_steps(trained_bent(), {4, 9});
}

void expect_the_history_of_the_mesh(Trained& t) {
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

TEST(Replay, AlongTheDisplacementsOfTheMeshGivesItsHistory) {
  expect_the_history_of_the_mesh(trained());
  expect_the_history_of_the_mesh(trained_bent());
}

/// Coefficients and lift give back what the mesh did, to what the modes leave out.
TEST(Replay, CombinesModesAndLifts) {
  for (Trained* t : {&trained(), &trained_bent()}) {
    const rom::SolidReducedModel model = t->model();
    const rom::TrainingLoading& seen = t->loadings.front();
    const auto u = fem::global_vector(t->body.mesh.dm());
    for (int step = 1; step <= seen.steps(); ++step) {
      const auto column = seen.displacement.column(step - 1);
      std::vector<double> free(column.begin(), column.end());
      rom::remove_lift(seen.loading, seen.lifts, static_cast<std::size_t>(step), free);
      std::copy(free.begin(), free.end(), io::VecWriteArray(u.get()).data());
      const std::vector<double> gamma = model.basis().displacement().coefficients(u.get());
      rom::combine_displacement(model.basis(), seen.loading, seen.lifts, gamma,
                                static_cast<std::size_t>(step), u.get());
      const io::VecReadArray values(u.get());
      EXPECT_LT(distance({values.data(), column.size()}, column), 1e-4) << "step " << step;
    }
  }
}

} // namespace
