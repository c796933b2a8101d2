// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "operator_fixture.hpp"

#include <linnet/problems/operators/two_phase_darcy.hpp>

using namespace linnet;
using namespace linnet::problems;
using test::Drawn;

namespace {

/// Few points, where that makes no other solution.
OperatorSamplerOptions small(const std::string& name) {
  OperatorSamplerOptions o;
  o.grid = name == "darcy" ? 6 : 12;
  if (name == "evolution") o.families = {"heat", "sine_gordon"}, o.operators = 3;
  return o;
}

std::uint64_t hash_of(OperatorSampler& sampler, std::uint64_t number) {
  const Drawn drawn(sampler, number);
  return test::hash(drawn.input) + 31 * test::hash(drawn.values);
}

} // namespace

TEST(OperatorSampler, HasTheSameBitsEverywhere) {
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  for (const auto& name : operator_problems()) {
    auto o = small(name);
    const auto sampler = make_operator_sampler(name, o);
    const std::uint64_t fresh = hash_of(*sampler, 3);
    // Each rank draws others between.
    hash_of(*sampler, static_cast<std::uint64_t>(10 + rank));
    EXPECT_EQ(hash_of(*sampler, 3), fresh) << name;
    EXPECT_NE(hash_of(*sampler, 5), fresh) << name;
    std::uint64_t of_first = fresh;
    MPI_Bcast(&of_first, 1, MPI_UINT64_T, 0, PETSC_COMM_WORLD);
    EXPECT_EQ(fresh, of_first) << name;
    ++o.seed;
    const auto reseeded = make_operator_sampler(name, o);
    EXPECT_NE(hash_of(*reseeded, 3), fresh) << name;
    EXPECT_NE(reseeded->recipe(), sampler->recipe()) << name;
  }
}

TEST(OperatorSampler, PointsAreWithinTheirAxesAndCountedOneByOne) {
  for (const auto& name : operator_problems()) {
    const auto sampler = make_operator_sampler(name, small(name));
    const auto dimension = static_cast<std::size_t>(sampler->dimension());
    std::vector<double> points(20 * dimension), fewer(7 * dimension), other(7 * dimension);
    sampler->random_points(4, 20, points);
    sampler->random_points(4, 7, fewer);
    sampler->random_points(5, 7, other);
    EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), points.begin())) << name;
    EXPECT_NE(fewer, other) << name;
    for (std::size_t p = 0; p < points.size(); ++p) {
      const PointAxis& axis = sampler->axes()[p % dimension];
      EXPECT_GE(points[p], axis.low);
      EXPECT_LE(points[p], axis.high);
      if (axis.anywhere) continue;
      EXPECT_EQ(axis.points[point_index(axis, points[p])], points[p]);
    }
    // The first coordinate is the fastest of the grid.
    const auto grid = sampler->grid();
    std::size_t count = dimension;
    for (const auto& axis : sampler->axes()) count *= axis.points.size();
    ASSERT_EQ(grid.size(), count) << name;
    EXPECT_EQ(grid[dimension], sampler->axes()[0].points[1]);
    for (std::size_t d = 0; d < dimension; ++d)
      EXPECT_EQ(grid[count - dimension + d], sampler->axes()[d].points.back());
  }
}

TEST(OperatorSampler, KnowsItsOwnGrid) {
  for (const auto& name : {"antiderivative", "pendulum", "advection_3", "diffusion_reaction"})
    for (const double horizon : {0.7, 1.1, 2.3}) {
      OperatorSamplerOptions o;
      o.horizon = horizon;
      o.grid = 100;
      const auto sampler = make_operator_sampler(name, o);
      const Drawn drawn(*sampler, 1);
      EXPECT_TRUE(drawn.solved);
      EXPECT_EQ(drawn.points.back(), horizon) << name;
    }
}

TEST(OperatorSampler, AValueDoesNotDependOnTheOtherPoints) {
  for (const auto& name : operator_problems()) {
    const auto sampler = make_operator_sampler(name, small(name));
    const auto dimension = static_cast<std::size_t>(sampler->dimension());
    std::vector<double> input(static_cast<std::size_t>(sampler->sensors()));
    ASSERT_TRUE(sampler->draw(2, input)) << name;
    std::vector<double> points(9 * dimension), values(9), value(1);
    sampler->random_points(2, 9, points);
    sampler->evaluate(points, values);
    for (std::size_t p = 9; p-- > 0;) {
      sampler->evaluate({points.data() + p * dimension, dimension}, value);
      EXPECT_EQ(value[0], values[p]) << name;
    }
  }
}

// What is said in docs/operator_problems.md, for one sample of each.
TEST(OperatorSampler, LabelsAreThoseOfAFinerSolver) {
  for (const auto& [name, bound] : {std::pair{"nonlinear_ode", 1e-12},
                                    {"pendulum", 1e-13},
                                    {"diffusion_reaction", 3e-8},
                                    {"advection_diffusion", 1e-11},
                                    {"burgers", 1e-10}}) {
    OperatorSamplerOptions o;
    const auto coarse = make_operator_sampler(name, o);
    o.refinement = 2;
    const auto fine = make_operator_sampler(name, o);
    const Drawn a(*coarse, 1), b(*fine, 1);
    EXPECT_EQ(a.input, b.input) << name;
    EXPECT_GT(test::largest(a.values), 1e-3) << name;
    EXPECT_LT(test::largest_difference(a.values, b.values), bound) << name;
  }
}

TEST(OperatorSampler, NoiseIsOnTheInputAlone) {
  OperatorSamplerOptions o;
  o.sensors = 4000;
  const auto exact = make_operator_sampler("square_wave", o);
  o.noise = 0.02;
  const auto noisy = make_operator_sampler("square_wave", o);
  const Drawn a(*exact, 1), b(*noisy, 1);
  EXPECT_EQ(a.values, b.values);
  double noise = 0.0, size = 0.0;
  for (std::size_t i = 0; i < a.input.size(); ++i) {
    noise += std::pow(a.input[i] - b.input[i], 2);
    size += std::pow(a.input[i], 2);
  }
  // Of 4000 values: one standard deviation is 1.1 %.
  EXPECT_NEAR(std::sqrt(noise / size), 0.02, 0.001);
}

TEST(FieldOperator, IsDarcyFlow) {
  OperatorSamplerOptions o;
  o.grid = 6, o.seed = 4;
  const auto sampler = make_operator_sampler("darcy", o);
  TwoPhaseDarcyOptions darcy;
  darcy.nodes = 421, darcy.stride = 84, darcy.seed = 4;
  TwoPhaseDarcy flow(darcy);
  FieldValues fields;
  flow.make(3, fields);
  const Drawn drawn(*sampler, 3);
  EXPECT_EQ(drawn.input, fields[0]);
  EXPECT_EQ(drawn.values, fields[1]);
  EXPECT_GT(test::largest(drawn.values), 0.0);
}

TEST(OperatorSampler, RefusesBadOptions) {
  const auto refusal = [](const std::string& name, auto change) {
    OperatorSamplerOptions o;
    change(o);
    return test::message_of([&] { make_operator_sampler(name, o); });
  };
  test::expect_line(refusal("pendulums", [](auto&) {}), "did you mean pendulum?");
  test::expect_line(refusal("darcy", [](auto& o) { o.horizon = 1.0; }),
                    "darcy has no option horizon; it has grid, refinement, noise");
  test::expect_line(refusal("pendulum", [](auto& o) { o.families = {"heat"}; }),
                    "no option families");
  test::expect_line(refusal("antiderivative", [](auto& o) { o.sensors = 1; }), "sensors is 1");
  test::expect_line(refusal("burgers", [](auto& o) { o.diffusion = 0.0; }), "at least 1e-4");
  test::expect_line(refusal("advection_diffusion", [](auto& o) { o.diffusion = -1.0; }),
                    "positive");
  test::expect_line(refusal("diffusion_reaction", [](auto& o) { o.diffusion = 0.0; }), "positive");
  test::expect_line(refusal("legendre", [](auto& o) { o.noise = -1.0; }), "at least 0");
  test::expect_line(refusal("pendulum", [](auto& o) { o.horizon = 0.0; }), "must be positive");
  test::expect_line(refusal("pendulum", [](auto& o) { o.refinement = 0; }), "from 1 to 64");
  test::expect_line(refusal("pendulum", [](auto& o) { o.terms = 4; }),
                    "gaussian has no option terms");
  test::expect_line(refusal("evolution", [](auto& o) { o.families = {"heet"}; }), "there are heat");
  test::expect_line(refusal("evolution", [](auto& o) { o.spread = 1.0; }), "below 1");
  test::expect_line(refusal("evolution", [](auto& o) { o.operators = 0; }), "0 operators");
  test::expect_line(refusal("evolution", [](auto& o) { o.sensors = 8; }), "at least 16");
}

TEST(OperatorSampler, RefusesPointsWhereNothingIsKnown) {
  const auto evaluate = [](const std::string& name, std::vector<double> point) {
    OperatorSamplerOptions o;
    o.grid = 5;
    const auto sampler = make_operator_sampler(name, o);
    std::vector<double> input(static_cast<std::size_t>(sampler->sensors())), value(1);
    sampler->draw(1, input);
    return test::message_of([&] { sampler->evaluate(point, value); });
  };
  test::expect_line(evaluate("diffusion_reaction", {0.3, 0.5}), "not known at x = 0.3");
  test::expect_line(evaluate("legendre", {5.0}), "not known at n = 5");
  test::expect_line(evaluate("pendulum", {1.5}), "from 0 to 1");
  test::expect_line(evaluate("antiderivative", {NAN}), "not known at x = nan");
  test::expect_line(evaluate("advection_3", {-0.1, 0.5}), "not known at x = -0.1");
  test::expect_line(evaluate("advection_4", {0.1, 1.5}), "not known at t = 1.5");
}
