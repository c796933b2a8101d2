// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Adaptive runs of a blade: what they are at the ends of the range of targets, what holds after a
// step on the mesh, and how they end and go on.
#include "adaptive_checks.hpp"
#include "trained_blade.hpp"

#include <linnet/core/error.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace linnet;
using namespace linnet::tests;
using rom::AdaptiveOptions;
using rom::AdaptiveRun;

struct Outcome {
  std::vector<int> calls;
  double points; ///< how many at the end
  std::vector<double> indicators;
};

Outcome outcome_of(Trained& t, const AdaptiveOptions& options) {
  rom::SolidReducedModel model = t.model();
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  finish(run);
  Outcome outcome{run.costs().steps(), static_cast<double>(model.points().points.size()), {}};
  for (const rom::OnlineStep& step : run.history().steps)
    outcome.indicators.push_back(step.indicator);
  return outcome;
}

std::vector<int> calls_of(const AdaptiveOptions& options) {
  return outcome_of(trained(), options).calls;
}

/// What the run says when it cannot go on; empty where it can.
std::string failure_of(AdaptiveRun& run) {
  try {
    finish(run);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::not_converged);
    return error.what();
  }
  return "";
}

TEST(AdaptiveRun, WithoutATargetIsTheReducedRunBitForBit) {
  Trained& t = trained();
  rom::SolidReducedModel model = t.model();
  AdaptiveOptions options;
  options.target = std::numeric_limits<double>::infinity();
  options.pre_enrich = false;
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  finish(run);
  const rom::OnlineHistory reduced = rom::run_reduced(
      model, rom::QuadratureKind::ecm, t.truth.loading, t.truth.lifts, options.newton);
  expect_same(run.history(), reduced);
  EXPECT_TRUE(run.costs().calls.empty());
  EXPECT_GT(reduced.largest_indicator(), 0.1) << "the loading is not far from those learnt";
}

TEST(AdaptiveRun, WithTargetZeroIsTheRunOnTheMesh) { expect_the_run_on_the_mesh(trained(), 8); }
TEST(AdaptiveRun, WithTargetZeroIsTheRunOnTheMeshWhereSupportsMove) {
  ASSERT_GE(trained_bent().truth.lifts.size(), 1);
  expect_the_run_on_the_mesh(trained_bent(), 8);
}
/// The loadings that were learnt from, by the reduced model alone.
TEST(AdaptiveRun, ReproducesTheTraining) {
  for (Trained* t : {&trained(), &trained_bent()}) expect_the_training(*t);
}

TEST(AdaptiveRun, AfterACallTheModelIsWhereTheMeshIs) {
  for (Trained* t : {&trained(), &trained_bent()}) expect_the_model_where_the_mesh_is(*t);
}

/// Each rank does all of it alone, too. What solvers leave of a residual depends on the ranks, and
/// the points chosen after a step on the mesh follow the smallest of differences; the indicator at
/// them hardly does. No estimate comes closer to this target than by 18 %.
TEST(AdaptiveRun, CallsTheMeshAtTheSameStepsOnAnyNumberOfRanks) {
  AdaptiveOptions options;
  options.target = 0.042;
  Trained self = trained_blade(PETSC_COMM_SELF);
  const Outcome here = outcome_of(trained(), options), alone = outcome_of(self, options);
  EXPECT_EQ(here.calls, std::vector<int>({3, 4, 7}));
  EXPECT_EQ(here.calls, alone.calls);
  EXPECT_NEAR(here.points, alone.points, 0.05 * alone.points);
  for (std::size_t k = 0; k < here.indicators.size(); ++k)
    EXPECT_NEAR(here.indicators[k], alone.indicators[k], 0.15 * options.target) << "step " << k;
}

TEST(AdaptiveRun, ALowerTargetKeepsToTheMeshOnceItWasAsked) {
  AdaptiveOptions options;
  options.target = 0.5;
  const std::vector<int> plain = calls_of(options);
  options.target_low = 0.0;
  const std::vector<int> insisting = calls_of(options);
  ASSERT_FALSE(plain.empty());
  // From its first call on every step has plastic strain.
  std::vector<int> all;
  for (int k = plain.front(); k <= trained().truth.steps(); ++k) all.push_back(k);
  EXPECT_EQ(insisting, all);
  EXPECT_LT(plain.size(), all.size());
}

/// When flow begins its pattern is learnt at the first step on the mesh, not its size.
TEST(AdaptiveRun, AsksTheMeshWherePlasticStrainHasGrown) {
  rom::SolidReducedModel model = trained().model();
  AdaptiveOptions options;
  options.target = 0.3;
  options.growth = 1e300;
  const std::vector<int> plain = calls_of(options);
  options.growth = 1.5;
  AdaptiveRun run(model, trained().problem(), options);
  run.start();
  double last = 0.0;
  int grown = 0;
  while (run.done() < run.steps()) {
    const rom::OnlineStep& step = run.advance();
    double square = 0.0;
    for (const double z : step.plastic_strain) square += z * z;
    if (step.high_fidelity) {
      last = std::sqrt(square);
      if (run.costs().calls.back().reason == rom::CallReason::growth) {
        EXPECT_LE(run.costs().calls.back().estimate, options.target);
        ++grown;
      }
    } else if (last > 0.0) {
      EXPECT_LE(std::sqrt(square), options.growth * last) << "step " << run.done();
    }
  }
  EXPECT_GE(grown, 1);
  EXPECT_GT(run.costs().calls.size(), plain.size());
}

TEST(AdaptiveRun, AFailureOfTheReducedNewtonGoesToTheMesh) {
  Trained& t = trained();
  rom::SolidReducedModel model = t.model();
  AdaptiveOptions options;
  options.target = std::numeric_limits<double>::infinity();
  options.newton.most_iterations = 1; // enough for elastic steps alone
  options.newton.smallest_step = 1.0;
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  finish(run);
  ASSERT_FALSE(run.costs().calls.empty());
  EXPECT_EQ(run.costs().reduced_failures, static_cast<int>(run.costs().calls.size()));
  for (const rom::HighFidelityCall& call : run.costs().calls)
    EXPECT_EQ(call.reason, rom::CallReason::newton);
}

/// A step in parts has another history than its end alone tells.
TEST(AdaptiveRun, AStepThatTheReducedNewtonTookInPartsGoesToTheMesh) {
  Trained& t = trained();
  rom::SolidReducedModel model = t.model();
  AdaptiveOptions options;
  options.target = 1e300; // a number: no estimate asks, but parts of steps do
  options.growth = 1e300;
  options.newton.most_iterations = 3;
  EXPECT_NO_THROW(rom::run_reduced(model, rom::QuadratureKind::ecm, t.truth.loading, t.truth.lifts,
                                   options.newton));
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  finish(run);
  ASSERT_FALSE(run.costs().calls.empty());
  for (const rom::HighFidelityCall& call : run.costs().calls)
    EXPECT_EQ(call.reason, rom::CallReason::newton);
  for (const rom::OnlineStep& step : run.history().steps)
    EXPECT_TRUE(step.high_fidelity || step.iterations <= 3);
}

/// The cubature that gives up leaves model and mesh as they were before the step.
TEST(AdaptiveRun, APointTooManyLeavesAStateToGoOnFrom) {
  Trained& t = trained();
  AdaptiveOptions options;
  options.pre_enrich = false;
  rom::SolidReducedModel whole_model = t.model(), other = t.model();
  AdaptiveRun whole(whole_model, t.problem(), options);
  whole.start();
  finish(whole);
  rom::TrainingOptions few;
  few.cubature.most_points = static_cast<std::int64_t>(other.points().rule.points.size()) + 3;
  rom::SolidReducedModel model = t.model(few);
  const rom::BasisSizes before = model.basis().sizes();
  AdaptiveRun run(model, t.problem(), options);
  run.start();
  const std::string message = failure_of(run);
  EXPECT_NE(message.find("all that are allowed"), std::string::npos) << message;
  EXPECT_EQ(run.done(), whole.costs().calls.front().step - 1);
  EXPECT_EQ(run.state().mesh_step, run.done());
  EXPECT_EQ(model.basis().sizes().displacement, before.displacement);
  EXPECT_EQ(model.basis().sizes().stress_rows, before.stress_rows);
  EXPECT_EQ(model.points().points, other.points().points);
  EXPECT_THROW(run.advance(), core::Error) << "the step can be tried again";
  AdaptiveRun second(other, t.problem(), options);
  second.resume(run.state());
  finish(second);
  expect_same(second.history(), whole.history());
}

TEST(AdaptiveRun, StopsWhenItsCallsAreSpentAndGoesOnWithMore) {
  Trained& t = trained();
  rom::SolidReducedModel whole_model = t.model(), model = t.model();
  AdaptiveOptions options;
  options.target = 0.01;
  AdaptiveRun whole(whole_model, t.problem(), options);
  whole.start();
  finish(whole);
  ASSERT_GE(whole.costs().calls.size(), 3u);
  options.most_calls = 2;
  AdaptiveRun first(model, t.problem(), options);
  first.start();
  const std::string message = failure_of(first);
  EXPECT_NE(message.find("-rom_max_hf"), std::string::npos) << message;
  EXPECT_EQ(first.done(), whole.costs().calls[2].step - 1);
  options.most_calls = 50;
  AdaptiveRun second(model, t.problem(), options);
  second.resume(first.state());
  finish(second);
  expect_same(second.history(), whole.history());
  EXPECT_EQ(second.costs().steps(), whole.costs().steps());
}

TEST(AdaptiveRun, AFailureOnTheMeshLeavesAStateToGoOnFrom) {
  Trained& t = trained();
  rom::SolidReducedModel whole_model = t.model(), model = t.model();
  AdaptiveRun whole(whole_model, t.problem(), {});
  whole.start();
  finish(whole);
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-snes_max_it", "1"));
  rom::AdaptiveState state;
  {
    fem::SolidSolver weak(t.body.solid, t.loading, {1e-8, 1.0});
    LINNET_CHECK(PetscOptionsClearValue(nullptr, "-snes_max_it"));
    AdaptiveRun run(model, {weak, t.loading, t.truth.loading, t.truth.lifts}, {});
    run.start();
    EXPECT_THROW(finish(run), core::Error);
    state = run.state();
    EXPECT_EQ(state.mesh_step, run.done()); // the history up to there was rebuilt
  }
  AdaptiveRun run(model, t.problem(), {});
  run.resume(std::move(state));
  finish(run);
  expect_same(run.history(), whole.history());
}

TEST(AdaptiveRun, RefusesTargetsThatSayNothing) {
  rom::SolidReducedModel model = trained().model();
  for (const double target : {-0.1, std::nan("")}) {
    AdaptiveOptions options;
    options.target = target;
    EXPECT_THROW(AdaptiveRun(model, trained().problem(), options), core::Error);
  }
  AdaptiveOptions options;
  options.growth = 0.9;
  EXPECT_THROW(AdaptiveRun(model, trained().problem(), options), core::Error);
  options.growth = 3.0;
  options.target_low = 0.2;
  EXPECT_THROW(AdaptiveRun(model, trained().problem(), options), core::Error);
}

} // namespace
