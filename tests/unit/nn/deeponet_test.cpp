// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// DeepONets: their graph, their parts, and their losses on triples and on Cartesian data.
#include "deeponet_case.hpp"

#include <linnet/nn/training/trainer.hpp>

#include <numeric>

using namespace linnet;
using namespace linnet::nn;
using namespace linnet::test;

TEST(DeepONetGraph, HasTheParametersOfThePublishedNetworks) {
  EXPECT_EQ(resolved({}).parameters.count(), 7401U); // [100,40,40] + [1,40,40] + b_0
  DeepONetOptions stacked;
  stacked.stacked = true; // 40 times [100,40,1]
  EXPECT_EQ(resolved(stacked).parameters.count(), 40U * (4040 + 41) + 80 + 1640 + 1);
  DeepONetOptions wide = stacked; // a basis beyond what one concat takes
  wide.trunk = {10, 150};
  EXPECT_EQ(split_deeponet(resolved(wide), "x").basis, 150);
}

TEST(DeepONetGraph, GradientsOfAllFeatures) {
  std::vector<DeepONetOptions> variants(5, rich());
  variants.push_back(convolutional());
  variants.push_back(convolutional());
  variants[1].stacked = true;
  variants[2].periodic = 1, variants[2].harmonics = 3;
  variants[3].bias = false, variants[3].zero_sides = 0b0111, variants[3].homogeneous = true;
  variants[4].linear_trunk = true, variants[4].periodic = 2;
  variants[6].bias = false, variants[6].homogeneous = true, variants[6].branch_pad = false;
  for (const DeepONetOptions& o : variants) {
    NetworkCase<double> run(PETSC_COMM_SELF, deeponet_graph(o), {19, 1, 1});
    EXPECT_LE(run.parameter_gradient_error(), 1e-7);
    EXPECT_LE(run.input_gradient_error(), 1e-7);
  }
}

/// Lu et al. (2022) for Darcy flow at 29 x 29 nodes: 13 x 13 and 5 x 5 places of the kernels.
TEST(DeepONetGraph, HasTheConvolutionsOfThePublishedNetwork) {
  DeepONetOptions o;
  o.sensors = 29 * 29, o.coordinates = 2;
  o.sensor_grid = {29, 29, 1};
  o.branch_convolutions = {64, 128};
  o.branch = {128}, o.trunk = {128, 128, 128, 128};
  const std::size_t branch = 64 * 26 + 128 * (64 * 25 + 1) + 128 * (128 * 25 + 1) + 128 * 129,
                    trunk = 3 * 128 + 3 * 128 * 129;
  EXPECT_EQ(resolved(o).parameters.count(), branch + trunk + 1);
  o.branch_convolutions = {64, 128, 32, 32}; // one place is left, then kernels of one point
  EXPECT_EQ(resolved(o).parameters.blocks()[6].shape, (std::vector<std::int64_t>{32, 32}));
  o.branch_kernel = 7;
  EXPECT_THROW(deeponet_graph(o), core::Error); // 29, 12 and 3 points: too few for the third
  o.branch_convolutions = {64}, o.stacked = true;
  EXPECT_THROW(deeponet_graph(o), core::Error);
  o.stacked = false, o.sensor_grid = {28, 29, 1};
  EXPECT_THROW(deeponet_graph(o), core::Error);
  o.sensor_grid = {29, 29, 1}, o.branch_kernel = 4;
  EXPECT_THROW(deeponet_graph(o), core::Error);
}

TEST(DeepONetGraph, RefusesWhatDoesNotGoTogether) {
  DeepONetOptions o;
  o.homogeneous = true;
  EXPECT_THROW(deeponet_graph(o), core::Error);
  o.bias = false, o.periodic = 2;
  EXPECT_THROW(deeponet_graph(o), core::Error);
  const ResolvedGraph plain = resolve({1,
                                       Padding::zero,
                                       Coarsening::even,
                                       {{"x", "input", {}, {}}, {"y", "tanh", {"x"}, {}}},
                                       "y"});
  EXPECT_THROW(split_deeponet(plain, "x"), core::Error);
}

TEST(DeepONet, IsHomogeneous) {
  DeepONetOptions o = rich();
  o.homogeneous = true, o.bias = false;
  DeepONet network({resolved(o), parameters_of(resolved(o)), {}, {}});
  std::vector<double> u(7), y{0.3, 0.8, 0.1, 0.9}, base(4), scaled(4);
  for (std::size_t i = 0; i < 7; ++i) u[i] = uniform(9, i) - 0.5;
  network.evaluate(u, y, base);
  for (const double a : {1e-12, 3e-5, 7.0, 1e12}) {
    std::vector<double> v = u;
    for (double& value : v) value *= a;
    network.evaluate(v, y, scaled);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(scaled[i] / a, base[i], 1e-6);
  }
  network.evaluate(std::vector<double>(7, 0.0), y, scaled);
  EXPECT_EQ(scaled, std::vector<double>(4, 0.0));
}

TEST(DeepONet, IsZeroOnSides) {
  DeepONetOptions o = rich();
  o.bias = false, o.zero_sides = 0b0111; // x = 0, x = 1, t = 0
  DeepONet network({resolved(o), parameters_of(resolved(o)), {}, {}});
  const std::vector<double> u(7, 0.4);
  std::vector<double> values(8);
  network.evaluate(u, std::vector<double>{0.0, 0.3, 1.0, 0.7, 0.2, 0.0, 0.2, 1.0}, values);
  for (const std::size_t i : {0U, 1U, 2U, 4U, 5U, 6U}) EXPECT_EQ(values[i], 0.0);
  EXPECT_NE(values[3], 0.0);
}

TEST(DeepONet, CommutesWithWholePeriods) {
  DeepONetOptions o = rich();
  o.periodic = 1;
  DeepONet network({resolved(o), parameters_of(resolved(o)), {}, {}});
  std::vector<double> a(2), b(2);
  const std::vector<double> u(7, 0.4);
  network.evaluate(u, std::vector<double>{0.25, 0.3}, a);
  network.evaluate(u, std::vector<double>{3.25, 0.3}, b);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(a[i], b[i], 1e-5);
}

TEST(DeepONet, SatisfiesSuperpositionWithALinearBranch) {
  DeepONetOptions o = rich();
  o.branch = {}, o.bias = false;
  const ResolvedGraph graph = resolved(o);
  const auto parameters = parameters_of(graph);
  for (const ParameterBlock& block : graph.parameters.blocks())
    if (block.name == "branch.out/bias")
      std::fill_n(parameters.data() + block.offset, block.size(), 0.0F);
  DeepONet network({graph, parameters, {}, {}});
  std::vector<double> u(7), v(7), both(7), gu(2), gv(2), g(2);
  for (std::size_t i = 0; i < 7; ++i) u[i] = uniform(1, i), v[i] = uniform(2, i);
  for (std::size_t i = 0; i < 7; ++i) both[i] = 2.0 * u[i] - 3.0 * v[i];
  const std::vector<double> y{0.2, 0.7};
  network.evaluate(u, y, gu);
  network.evaluate(v, y, gv);
  network.evaluate(both, y, g);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(g[i], 2.0 * gu[i] - 3.0 * gv[i], 1e-6);
}

TEST(DeepONet, ValuesDoNotDependOnTheirNeighbours) {
  const ResolvedGraph graph = resolved(rich());
  const auto parameters = parameters_of(graph);
  DeepONet network({graph, parameters, {}, {}});
  constexpr std::size_t functions = 70, points = 300;
  std::vector<double> u(functions * 7), y(points * 2), all(functions * 2 * points), one(2);
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = uniform(1, i);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = uniform(2, i);
  network.evaluate(u, y, all);
  for (const std::size_t f : {0U, 3U, 63U, 64U, 69U})
    for (const std::size_t q : {0U, 17U, 255U, 256U, 299U}) {
      network.evaluate(std::span(u).subspan(f * 7, 7), std::span(y).subspan(q * 2, 2), one);
      for (std::size_t o = 0; o < 2; ++o) EXPECT_EQ(one[o], all[(f * 2 + o) * points + q]);
      const std::vector<float> uf(u.begin() + static_cast<std::ptrdiff_t>(f * 7),
                                  u.begin() + static_cast<std::ptrdiff_t>(f * 7 + 7)),
          yq(y.begin() + static_cast<std::ptrdiff_t>(q * 2),
             y.begin() + static_cast<std::ptrdiff_t>(q * 2 + 2));
      const auto exact = value_of_graph(graph, parameters, uf.data(), yq.data());
      for (std::size_t o = 0; o < 2; ++o) EXPECT_NEAR(one[o], exact[o], 2e-6);
    }
}

/// At widths where products by BLAS do not have it.
TEST(DeepONet, ValuesDoNotDependOnTheOrderOfTheQuestions) {
  DeepONetOptions wide = rich();
  wide.branch = {40}, wide.trunk = {40, 40};
  for (const DeepONetOptions& o : {rich(), wide}) {
    const ResolvedGraph graph = resolved(o);
    DeepONet network({graph, parameters_of(graph), {}, {}});
    constexpr std::size_t functions = 66, points = 260; // beyond one tile of each
    std::vector<double> u(functions * 7), y(points * 2), v(u.size()), z(y.size()),
        values(functions * 2 * points), reversed(values.size());
    for (std::size_t i = 0; i < u.size(); ++i) u[i] = uniform(1, i);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = uniform(2, i);
    for (std::size_t i = 0; i < u.size(); ++i) v[i] = u[(functions - 1 - i / 7) * 7 + i % 7];
    for (std::size_t i = 0; i < y.size(); ++i) z[i] = y[(points - 1 - i / 2) * 2 + i % 2];
    network.evaluate(u, y, values);
    network.evaluate(v, z, reversed);
    for (std::size_t f = 0; f < functions; ++f)
      for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t q = 0; q < points; ++q)
          ASSERT_EQ(reversed[((functions - 1 - f) * 2 + k) * points + points - 1 - q],
                    values[(f * 2 + k) * points + q])
              << f << " " << k << " " << q;
  }
}

TEST(DeepONet, FunctionsMayHavePointsOfTheirOwn) {
  const ResolvedGraph graph = resolved(rich());
  const Normaliser output(NormaliserKind::channel, 2, {1, 1, 1}, {0.5, -3.0}, {2.0, 7.0});
  DeepONet network({graph, parameters_of(graph), {{}, output}, {}});
  constexpr std::size_t functions = 67, points = 5; // more than a tile of either
  std::vector<double> u(functions * 7), y(functions * points * 2), all(functions * 2 * points),
      one(2 * points);
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = uniform(1, i);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = uniform(2, i);
  network.evaluate_each(u, y, points, all);
  for (std::size_t f = 0; f < functions; ++f) {
    network.evaluate(std::span(u).subspan(f * 7, 7),
                     std::span(y).subspan(f * points * 2, points * 2), one);
    // The place in a tile may change the last bit of single precision; 7 is the deviation.
    for (std::size_t i = 0; i < one.size(); ++i)
      EXPECT_NEAR(all[f * one.size() + i], one[i], 7.0 * 2e-6);
  }
}

TEST(DeepONet, IsNormalisedPointByPointOnAPartOfTheGrid) {
  const ResolvedGraph graph = resolved(rich());
  constexpr int points = 11, first = 4, count = 3;
  std::vector<double> means(2 * points), deviations(2 * points);
  for (std::size_t i = 0; i < means.size(); ++i)
    means[i] = uniform(3, i), deviations[i] = uniform(4, i);
  const Normaliser output(NormaliserKind::point, 2, {points, 1, 1}, means, deviations);
  DeepONet network({graph, parameters_of(graph), {{}, output}, {}});
  std::vector<double> u(14), y(2 * points), all(4 * points), part(4 * count);
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = uniform(1, i);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = uniform(2, i);
  network.evaluate(u, y, all);
  network.evaluate(u, std::span(y).subspan(2 * first, 2 * count), part, first);
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t q = 0; q < count; ++q)
      EXPECT_EQ(part[row * count + q], all[row * points + first + q]);
}

TEST(DeepONetTask, LossesAreThoseOfTheGraph) {
  for_each_network([](const Case& c, const ResolvedGraph& graph) {
    const OperatorData data = make_data(c.shape, 9);
    const Normaliser normaliser = some_normaliser(c.shape);
    DeepONetTask task(graph, data, {{}, normaliser});
    const auto parameters = parameters_of(graph);
    double sum = 0.0;
    for (std::int64_t s = 0; s < 9; ++s) {
      const double loss = naive_loss(graph, data, s, parameters, normaliser);
      EXPECT_NEAR(task.evaluate(s, parameters, nullptr), loss, 1e-5 * loss) << c.name;
      sum += loss;
    }
    EXPECT_NEAR(task.error_sum(0, 9, parameters), sum, 1e-5 * sum) << c.name;
    const OperatorErrors errors = task.errors(0, 9, parameters);
    EXPECT_NEAR(errors.mean_square, sum / 9.0, 1e-5 * sum) << c.name;
  });
}

/// The loss is quadratic in the branch's last layer, so that a central difference is exact but for
/// the rounding of single precision: 1e-7 of the loss over the step of 0.1.
TEST(DeepONetTask, GradientsAreThoseOfTheLoss) {
  for_each_network([](const Case& c, const ResolvedGraph& graph) {
    const OperatorData data = make_data(c.shape, 9);
    DeepONetTask task(graph, data, {{}, some_normaliser(c.shape)});
    const auto parameters = parameters_of(graph);
    const std::vector<std::int64_t> samples{3, 0, 8, 5, 7};
    const Outcome at = run_batch(PETSC_COMM_SELF, task, parameters, samples, 2);
    for (const ParameterBlock& block : graph.parameters.blocks()) {
      const bool is_quadratic = block.name.starts_with("branch.out") || block.name == "result/bias";
      const double step = is_quadratic ? 0.1 : 4e-3, bound = is_quadratic ? 1e-4 : 3e-3;
      double along = 0.0, size = 0.0;
      const auto moved = [&](double e) {
        const auto values = parameter_buffer<float>(graph.parameters);
        Kokkos::deep_copy(values, parameters);
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
          values.data()[i] += static_cast<float>(e * (uniform(6, i) - 0.5));
        return run_batch(PETSC_COMM_SELF, task, values, samples, 2).loss;
      };
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
        along += static_cast<double>(at.gradient[i]) * (uniform(6, i) - 0.5);
        size += std::pow(static_cast<double>(at.gradient[i]), 2);
      }
      const double difference = (moved(step) - moved(-step)) / (2.0 * step);
      EXPECT_NEAR(difference, along, bound * std::max(std::abs(along), std::sqrt(size)))
          << c.name << " " << block.name;
    }
  });
}

TEST(DeepONetTask, HasTheSameBitsOnAnyRanks) {
  for_each_network([](const Case& c, const ResolvedGraph& graph) {
    const OperatorData data = make_data(c.shape, 30);
    const Normalisation normalisation{{}, some_normaliser(c.shape)};
    DeepONetTask task(graph, data, normalisation), alone(graph, data, normalisation);
    const auto parameters = parameters_of(graph);
    std::vector<std::int64_t> samples(23);
    std::iota(samples.begin(), samples.end(), 4);
    const Outcome mine = run_batch(PETSC_COMM_WORLD, task, parameters, samples, 7),
                  whole = run_batch(PETSC_COMM_SELF, alone, parameters, samples, 7);
    EXPECT_EQ(mine.gradient, whole.gradient) << c.name;
    EXPECT_EQ(mine.loss, whole.loss) << c.name;
    // Another cut into shards changes the order of sums alone.
    const Outcome other = run_batch(PETSC_COMM_WORLD, task, parameters, samples, 3);
    EXPECT_NEAR(other.loss, whole.loss, 1e-5 * whole.loss) << c.name;
    for (std::size_t i = 0; i < whole.gradient.size(); ++i)
      EXPECT_NEAR(other.gradient[i], whole.gradient[i], 2e-5) << c.name;
  });
}

/// s(y) = the integral of u is linear in u: a small network learns it.
/// Inputs are encoded and outputs decoded. A mean for each point goes with these points alone.
TEST(DeepONet, AppliesItsNormalisation) {
  const OperatorShape shape = cases[2].shape;
  const ResolvedGraph graph = resolved(rich());
  const auto parameters = parameters_of(graph);
  const OperatorData data = make_data(shape, 2);
  Normalisation normalisation;
  normalisation.input = {NormaliserKind::channel,
                         7,
                         {1, 1, 1},
                         std::vector<double>(7, 0.25),
                         std::vector<double>(7, 2.0)};
  normalisation.output = some_normaliser(shape);
  DeepONet network({graph, parameters, normalisation, {}});
  const std::vector<double> u(data.sensors.begin(), data.sensors.end()),
      y(data.coordinates.begin(), data.coordinates.end());
  std::vector<double> values(data.values.size());
  network.evaluate(u, y, values);
  std::vector<float> encoded = data.sensors;
  for (float& v : encoded) v = (v - 0.25F) / 2.0F;
  for (std::size_t f = 0; f < 2; ++f) {
    std::vector<double> field(22);
    for (std::size_t q = 0; q < 11; ++q) {
      const auto at = value_of_graph(graph, parameters, encoded.data() + 7 * f,
                                     data.coordinates.data() + 2 * q);
      field[q] = at[0], field[11 + q] = at[1];
    }
    normalisation.output.decode(field, {{0, 0, 0}, {11, 1, 1}});
    for (std::size_t i = 0; i < 22; ++i) EXPECT_NEAR(values[22 * f + i], field[i], 1e-5);
  }
  EXPECT_THROW(network.evaluate(u, y, values, 1), core::Error); // one point more than there are
}

/// Of many values, some of which are far off.
TEST(DeepONetTask, ErrorsAreThoseOfTheValues) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    OperatorData data = make_data(c.shape, 400);
    data.values[data.values.size() - 3] += 60.0F, data.values.back() -= 50.0F;
    const ResolvedGraph graph = resolved(rich());
    const auto parameters = parameters_of(graph);
    DeepONetTask task(graph, data, {});
    const OperatorErrors errors = task.errors(10, 390, parameters);
    std::vector<double> squares;
    double relative = 0.0;
    const std::size_t values = static_cast<std::size_t>(2 * c.shape.points);
    for (std::int64_t s = 10; s < 400; ++s) {
      double size = 0.0;
      for (std::size_t i = 0; i < values; ++i) {
        const double v = data.values[static_cast<std::size_t>(s) * values + i];
        size += v * v;
      }
      const double loss = naive_loss(graph, data, s, parameters, {});
      relative += std::sqrt(loss * static_cast<double>(values) / size) / 390.0;
    }
    double mean = 0.0;
    for (std::int64_t s = 10; s < 400; ++s)
      mean += naive_loss(graph, data, s, parameters, {}) / 390.0;
    EXPECT_NEAR(errors.mean_square, mean, 1e-5 * mean);
    EXPECT_NEAR(errors.relative_l2, relative, 1e-5 * relative);
    // The values that are far off are within the worst thousandth where that is one value or two.
    if (values * 390 >= 2000) {
      EXPECT_LT(errors.trimmed, 0.5 * errors.mean_square);
    }
  }
}

TEST(DeepONetTask, LearnsAnIntegral) {
  OperatorShape shape{8, 1, 1, 16, true};
  OperatorData data;
  data.shape = shape;
  data.samples = 200;
  for (int q = 0; q < 16; ++q) data.coordinates.push_back(static_cast<float>(q) / 15.0F);
  for (std::uint64_t s = 0; s < 200; ++s) {
    const double a = uniform(1, s) - 0.5, b = uniform(2, s) - 0.5;
    for (int i = 0; i < 8; ++i) data.sensors.push_back(static_cast<float>(a + b * i / 7.0));
    for (int q = 0; q < 16; ++q) {
      const double y = q / 15.0;
      data.values.push_back(static_cast<float>(a * y + 0.5 * b * y * y));
    }
  }
  DeepONetOptions o;
  o.sensors = 8, o.branch = {10}, o.trunk = {20, 10};
  o.branch_activation = o.trunk_activation = kernels::Activation::tanh;
  DeepONetTask task(resolved(o), data, {});
  TrainerOptions training;
  training.batch = 150, training.validation = 50;
  training.shards = 4;
  training.schedule.rate = 5e-3;
  Trainer trainer(PETSC_COMM_WORLD, task, training);
  const OperatorErrors before = task.errors(150, 50, trainer.parameters());
  for (int step = 0; step < 400; ++step) trainer.step();
  const OperatorErrors after = task.errors(150, 50, trainer.parameters());
  EXPECT_LT(after.mean_square, 0.01 * before.mean_square);
  EXPECT_LT(after.relative_l2, before.relative_l2);
  // Of 800 values none is left out: the same sum in another order.
  EXPECT_NEAR(after.trimmed, after.mean_square, 1e-13 * after.mean_square);
}

TEST(OperatorDataTest, SolutionsOverTheirRootMeanSquare) {
  OperatorData data;
  data.shape = {1, 1, 1, 2, true};
  data.samples = 3;
  data.values = {3.0F, -4.0F, 0.0F, 0.0F, 2e-6F, 2e-6F};
  scale_to_unit(data);
  const float size = std::sqrt(12.5F);
  const std::vector<float> expected{3.0F / size, -4.0F / size, 0.0F, 0.0F, 1.0F, 1.0F};
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(data.values[i], expected[i], 1e-6) << i;
}
