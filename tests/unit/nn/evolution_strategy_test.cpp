// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The (1+1) evolution strategy on a quadratic, its step control, its restart.
#include "support/usage_error.hpp"

#include <linnet/nn/training/evolution_strategy.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>

using namespace linnet;
using nn::EvolutionOptions;
using nn::EvolutionState;
using nn::EvolutionStrategy;

namespace {

using Point = std::vector<double>;

/// Minimum 0 at (1, 200, -0.03), with curvatures that fit the scales below.
double quadratic(std::span<const double> x) {
  const double a = x[0] - 1.0, b = (x[1] - 200.0) / 100.0, c = (x[2] + 0.03) * 100.0;
  return a * a + 2.0 * b * b + 0.5 * c * c;
}

const Point start = {0.0, 0.0, 0.0};
const Point scale = {1.0, 100.0, 0.01};

bool operator==(const EvolutionState& a, const EvolutionState& b) {
  return a.best == b.best && a.value == b.value && a.step == b.step &&
         a.evaluations == b.evaluations;
}

} // namespace

// Convergence is linear. Twenty seeds left between 1.7e-25 and 1.4e-20 of a value that was 9 at the
// start; a step that does not follow success ends above 1e-4. 1e-17 is 2.3e-9 in (x - 200) / 100.
TEST(EvolutionStrategy, FindsTheMinimumOfAQuadratic) {
  EvolutionStrategy strategy({}, start, scale);
  strategy.minimise(quadratic, 800);
  EXPECT_EQ(strategy.state().evaluations, 800);
  EXPECT_LT(strategy.state().value, 1e-17);
  EXPECT_EQ(strategy.state().value, quadratic(strategy.state().best));
  EXPECT_NEAR(strategy.state().best[1], 200.0, 2.3e-7);
}

TEST(EvolutionStrategy, RestartsBitByBit) {
  EvolutionStrategy whole({}, start, scale), second({}, {9.0, 9.0, 9.0}, scale);
  whole.minimise(quadratic, 60);
  second.restore(whole.state());
  whole.minimise(quadratic, 200);
  second.minimise(quadratic, 200);
  EXPECT_TRUE(whole.state() == second.state());
}

TEST(EvolutionStrategy, FirstEvaluatesTheStart) {
  const EvolutionStrategy strategy({}, start, scale);
  EXPECT_EQ(strategy.ask(), start);
}

TEST(EvolutionStrategy, StepFollowsSuccess) {
  EvolutionStrategy strategy({}, start, scale);
  strategy.tell(5.0);
  EXPECT_EQ(strategy.state().step, 1.0);
  const Point better = strategy.ask();
  EXPECT_EQ(strategy.ask(), better);
  strategy.tell(4.0);
  EXPECT_EQ(strategy.state().step, 1.25);
  EXPECT_EQ(strategy.state().best, better);
  EXPECT_EQ(strategy.state().value, 4.0);
  strategy.tell(4.0); // no better
  EXPECT_EQ(strategy.state().step, 1.25 * 0.94);
  EXPECT_EQ(strategy.state().best, better);
}

TEST(EvolutionStrategy, WhatIsNotFiniteIsAFailure) {
  EvolutionStrategy strategy({}, start, scale);
  strategy.tell(std::nan(""));
  EXPECT_EQ(strategy.state().best, start);
  const Point first = strategy.ask();
  strategy.tell(7.0); // a number is better than none
  EXPECT_EQ(strategy.state().best, first);
  for (const double value : {std::nan(""), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()}) {
    const double step = strategy.state().step;
    strategy.tell(value);
    EXPECT_EQ(strategy.state().step, step * 0.94);
    EXPECT_EQ(strategy.state().best, first);
    EXPECT_EQ(strategy.state().value, 7.0);
  }
}

// Over 4000 failures with a step kept at 1: each of two coordinates moves in 1/2 + 1/8 of them (it
// is drawn, or none is and it is the one chosen), with deviates of mean 0 and variance scale^2.
// Bounds are five standard deviations.
TEST(EvolutionStrategy, MutatesHalfOfTheCoordinates) {
  EvolutionStrategy strategy({}, {0.0, 0.0}, {1.0, 10.0});
  strategy.tell(0.0);
  int moved[2] = {0, 0}, none = 0;
  double sum[2] = {0.0, 0.0}, square[2] = {0.0, 0.0};
  for (int i = 0; i < 4000; ++i) {
    EvolutionState state = strategy.state();
    state.step = 1.0;
    strategy.restore(state);
    const Point x = strategy.ask();
    none += x[0] == 0.0 && x[1] == 0.0 ? 1 : 0;
    for (std::size_t k = 0; k < 2; ++k) {
      moved[k] += x[k] != 0.0 ? 1 : 0;
      sum[k] += x[k], square[k] += x[k] * x[k];
    }
    strategy.tell(1.0);
  }
  EXPECT_EQ(none, 0);
  for (std::size_t k = 0; k < 2; ++k) {
    const double size = k == 0 ? 1.0 : 10.0;
    EXPECT_NEAR(moved[k], 2500, 5 * std::sqrt(4000 * 0.625 * 0.375)) << k;
    EXPECT_NEAR(sum[k] / size / moved[k], 0.0, 5 / std::sqrt(2500.0)) << k;
    EXPECT_NEAR(square[k] / (size * size) / moved[k], 1.0, 5 * std::sqrt(2.0 / 2500.0)) << k;
  }
}

TEST(EvolutionStrategy, SeedsAndEvaluationsDiffer) {
  EvolutionOptions other;
  other.seed = 2;
  EvolutionStrategy a({}, start, scale), b(other, start, scale);
  a.tell(1.0), b.tell(1.0);
  const Point first = a.ask();
  EXPECT_NE(first, b.ask());
  a.tell(2.0);
  EXPECT_NE(first, a.ask());
}

TEST(EvolutionStrategy, RefusesWhatMakesNoSense) {
  const auto refusal = [](const EvolutionOptions& o, const Point& x, const Point& s) {
    return tests::usage_error([&] { EvolutionStrategy(o, x, s); });
  };
  EXPECT_EQ(refusal({}, {1.0, 2.0}, {1.0}),
            "evolution strategy: give as many scales as coordinates");
  EXPECT_NE(refusal({}, {}, {}), "no error");
  EXPECT_NE(refusal({}, {1.0}, {0.0}), "no error");
  EvolutionOptions options;
  options.step = 0.0;
  EXPECT_NE(refusal(options, {1.0}, {1.0}), "no error");
  options = {}, options.growth = 1.0;
  EXPECT_NE(refusal(options, {1.0}, {1.0}), "no error");
  options = {}, options.shrinkage = 1.0;
  EXPECT_NE(refusal(options, {1.0}, {1.0}), "no error");
  EvolutionStrategy strategy({}, {1.0}, {1.0});
  EXPECT_NE(tests::usage_error([&] { strategy.restore({{1.0, 2.0}, 0.0, 1.0, 3}); }), "no error");
}
