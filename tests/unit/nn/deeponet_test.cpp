// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// DeepONets: their graph, their parts, and their losses on triples and on Cartesian data.
#include "buffers.hpp"
#include "network_case.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>
#include <linnet/nn/deeponet/deeponet_task.hpp>
#include <linnet/nn/deeponet/last_layer.hpp>
#include <linnet/nn/deeponet/pod_basis.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

using namespace linnet;
using namespace linnet::nn;
using linnet::test::NetworkCase;

namespace {

/// All features at once.
DeepONetOptions rich() {
  DeepONetOptions o;
  o.sensors = 7, o.coordinates = 2, o.outputs = 2;
  o.branch = {9, 8}, o.trunk = {10, 6};
  o.branch_activation = kernels::Activation::gelu;
  o.trunk_activation = kernels::Activation::tanh;
  return o;
}

/// The same sensors as points of a line.
DeepONetOptions convolutional() {
  DeepONetOptions o = rich();
  o.branch_convolutions = {3, 4}, o.branch_kernel = 3, o.branch_stride = 2, o.branch_pad = true;
  o.sensor_grid = {7, 1, 1};
  return o;
}

ResolvedGraph resolved(const DeepONetOptions& o) { return resolve(deeponet_graph(o)); }

double uniform(std::uint64_t stream, std::uint64_t place) {
  return core::RandomStream(5, stream).uniform(place);
}

OperatorData make_data(const OperatorShape& shape, std::int64_t samples) {
  OperatorData data;
  data.shape = shape;
  data.samples = samples;
  const auto fill = [](std::vector<float>& values, std::int64_t count, std::uint64_t stream) {
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<float>(uniform(stream, static_cast<std::uint64_t>(i))));
  };
  fill(data.sensors, samples * shape.sensors, 1);
  fill(data.coordinates,
       (shape.shares_points ? 1 : samples) * std::int64_t{shape.points} * shape.coordinates, 2);
  fill(data.values, samples * shape.points * shape.outputs, 3);
  return data;
}

kernels::Array<float> parameters_of(const ResolvedGraph& graph) {
  const auto values = parameter_buffer<float>(graph.parameters);
  initialise(graph.parameters, 3, values);
  for (const ParameterBlock& block : graph.parameters.blocks()) // biases, too
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
      values.data()[i] += 0.1F * static_cast<float>(uniform(4, i) - 0.5);
  return values;
}

/// The whole graph in double precision at one function and point.
std::vector<double> value_of_graph(const ResolvedGraph& graph,
                                   const kernels::Array<float>& parameters, const float* u,
                                   const float* y) {
  BatchNetwork<double> one(graph, 1, NetworkMode::inference);
  const auto wide = parameter_buffer<double>(graph.parameters);
  for (std::size_t i = 0; i < wide.extent(0); ++i)
    wide.data()[i] = static_cast<double>(parameters.data()[i]);
  const auto fill = [&](std::size_t number, const float* values) {
    const auto& t = one.network().input(number);
    for (int c = 0; c < t.channels; ++c) *t.origin(c) = static_cast<double>(values[c]);
  };
  fill(0, u);
  fill(1, y);
  one.network().forward(wide);
  std::vector<double> values;
  for (int o = 0; o < one.network().output().channels; ++o)
    values.push_back(*one.network().output().origin(o));
  return values;
}

/// Mean squared error of a sample by the graph, with output = scale value + shift of a normaliser.
double naive_loss(const ResolvedGraph& graph, const OperatorData& data, std::int64_t sample,
                  const kernels::Array<float>& parameters, const Normaliser& normaliser) {
  const OperatorShape& s = data.shape;
  std::vector<double> field(static_cast<std::size_t>(s.outputs * s.points));
  for (int q = 0; q < s.points; ++q) {
    const std::int64_t place = s.shares_points ? q : sample * s.points + q;
    const auto values = value_of_graph(graph, parameters, data.sensors.data() + sample * s.sensors,
                                       data.coordinates.data() + place * s.coordinates);
    for (int o = 0; o < s.outputs; ++o)
      field[static_cast<std::size_t>(o * s.points + q)] = values[static_cast<std::size_t>(o)];
  }
  normaliser.decode(field, {{0, 0, 0}, {s.points, 1, 1}});
  double sum = 0.0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto target =
        static_cast<double>(data.values[static_cast<std::size_t>(sample) * field.size() + i]);
    sum += (field[i] - target) * (field[i] - target);
  }
  return sum / static_cast<double>(field.size());
}

/// A point normaliser for Cartesian data, one by output for triples.
Normaliser some_normaliser(const OperatorShape& s) {
  const int points = s.shares_points ? s.points : 1;
  std::vector<double> means, deviations;
  for (int i = 0; i < s.outputs * points; ++i) {
    means.push_back(0.1 * i - 0.2);
    deviations.push_back(0.5 + 0.1 * i);
  }
  return {s.shares_points ? NormaliserKind::point : NormaliserKind::channel,
          s.outputs,
          {points, 1, 1},
          means,
          deviations};
}

struct Case {
  const char* name;
  OperatorShape shape;
};
const Case cases[] = {{"triples", {7, 2, 2, 1, false}},
                      {"several points", {7, 2, 2, 5, false}},
                      {"Cartesian", {7, 2, 2, 11, true}}};

/// check(case, graph) with a dense branch and one of convolutions.
template <class Check>
void for_each_network(const Check& check) {
  for (const Case& c : cases)
    for (const DeepONetOptions& o : {rich(), convolutional()}) {
      SCOPED_TRACE(o.branch_convolutions.empty() ? "dense" : "convolutions");
      check(c, resolved(o));
    }
}

struct Outcome {
  std::vector<float> gradient;
  double loss = 0.0;
};

/// Mean gradient of a batch, as the trainer forms it.
Outcome run_batch(MPI_Comm comm, DeepONetTask& task, const kernels::Array<float>& parameters,
                  std::vector<std::int64_t> samples, int shards) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const Batch batch{comm, samples, shards, rank, ranks};
  std::vector<kernels::Array<float>> gradients;
  for (int s = rank; s < shards; s += ranks)
    gradients.push_back(parameter_buffer<float>(task.graph().parameters));
  std::vector<double> losses(gradients.size());
  task.evaluate_shards(batch, parameters, gradients, losses);
  const auto mean = parameter_buffer<float>(task.graph().parameters);
  ReproducibleSum<float>(comm, task.graph().parameters, shards).mean(gradients, 1.0, mean);
  const std::vector<std::string> names{"loss"};
  return {tests::values_of(mean), sum_of_shards(comm, shards, names, losses).front()};
}

} // namespace

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

/// With the layer that makes the targets, what is left is their rounding to single precision; on
/// triples and Cartesian data, with the size of the input as a factor or with convolutions.
TEST(LastLayer, FindsTheLayerThatMadeTheTargets) {
  for (const Case& c : cases)
    for (const bool homogeneous : {false, true}) {
      DeepONetOptions o = homogeneous ? rich() : convolutional();
      o.homogeneous = homogeneous, o.bias = !homogeneous;
      const ResolvedGraph graph = resolved(o);
      OperatorData data = make_data(c.shape, 150);
      const Normalisation normalisation{{}, some_normaliser(c.shape)};
      const auto truth = parameters_of(graph);
      const std::size_t values =
          static_cast<std::size_t>(c.shape.outputs) * static_cast<std::size_t>(c.shape.points);
      for (std::size_t s = 0; s < 150; ++s) { // the network's own values
        std::vector<double> field(values);
        for (int q = 0; q < c.shape.points; ++q) {
          const std::size_t place =
              (c.shape.shares_points ? 0 : s * static_cast<std::size_t>(c.shape.points)) +
              static_cast<std::size_t>(q);
          const auto at = value_of_graph(graph, truth, data.sensors.data() + s * 7,
                                         data.coordinates.data() + place * 2);
          for (int k = 0; k < c.shape.outputs; ++k)
            field[static_cast<std::size_t>(k * c.shape.points + q)] =
                at[static_cast<std::size_t>(k)];
        }
        normalisation.output.decode(field, {{0, 0, 0}, {c.shape.points, 1, 1}});
        for (std::size_t i = 0; i < values; ++i)
          data.values[s * values + i] = static_cast<float>(field[i]);
      }
      const auto start = parameter_buffer<float>(graph.parameters);
      Kokkos::deep_copy(start, truth);
      for (const ParameterBlock& block : graph.parameters.blocks())
        if (block.name.starts_with("branch.out"))
          std::fill_n(start.data() + block.offset, block.size(), 0.0F);
      DeepONetTask task(graph, data, normalisation);
      const double before = task.errors(0, 150, start).mean_square;
      LastLayer layer(graph, data, normalisation);
      const auto fitted = parameter_buffer<float>(graph.parameters);
      Kokkos::deep_copy(fitted, start);
      layer.fit(PETSC_COMM_WORLD, 150, 1e-15, fitted);
      EXPECT_GT(before, 1e-4) << c.name;
      EXPECT_LT(task.errors(0, 150, fitted).mean_square, 1e-8 * before) << c.name;
      // The same bits on one rank.
      const auto alone = parameter_buffer<float>(graph.parameters);
      Kokkos::deep_copy(alone, start);
      layer.fit(PETSC_COMM_SELF, 150, 1e-15, alone);
      EXPECT_EQ(tests::values_of(fitted), tests::values_of(alone)) << c.name;
    }
}

/// One sensor and one function of the trunk: two unknowns, a factor of u and a constant. With the
/// ridge r/2 times the trace of their normal matrix on its diagonal, Cramer's rule has them.
TEST(LastLayer, AddsTheRidgeToTheNormalMatrix) {
  constexpr double ridge = 0.3;
  constexpr std::int64_t samples = 60;
  for (const bool shares_points : {false, true}) {
    DeepONetOptions o;
    o.sensors = 1, o.branch = {}, o.trunk = {1}, o.bias = false;
    o.trunk_activation = kernels::Activation::tanh;
    const ResolvedGraph graph = resolved(o);
    const OperatorData data = make_data({1, 1, 1, 3, shares_points}, samples);
    const auto parameters = parameters_of(graph), probe = parameter_buffer<float>(graph.parameters);
    Kokkos::deep_copy(probe, parameters);
    const auto last_layer = [&](const kernels::Array<float>& values) {
      std::vector<float*> places; // factor, constant
      for (const ParameterBlock& block : graph.parameters.blocks())
        if (block.name.starts_with("branch.out")) places.push_back(values.data() + block.offset);
      return places;
    };
    *last_layer(probe).at(0) = 0.0F,
    *last_layer(probe).at(1) = 1.0F; // values are those of the trunk
    double uu = 0.0, u1 = 0.0, ones = 0.0, uy = 0.0, y1 = 0.0;
    for (std::int64_t s = 0; s < samples; ++s)
      for (int q = 0; q < 3; ++q) {
        const auto* const u = data.sensors.data() + s;
        const auto* const place = data.coordinates.data() + (shares_points ? q : 3 * s + q);
        const double t = value_of_graph(graph, probe, u, place).front(), h = *u,
                     y = data.values[static_cast<std::size_t>(3 * s + q)];
        uu += h * h * t * t, u1 += h * t * t, ones += t * t, uy += h * t * y, y1 += t * y;
      }
    // Of Cartesian data, too: the mean diagonal of a Kronecker product is that of its factors.
    const double lambda = ridge * 0.5 * (uu + ones);
    const double a = uu + lambda, d = ones + lambda, determinant = a * d - u1 * u1;
    LastLayer(graph, data, {}).fit(PETSC_COMM_WORLD, samples, ridge, parameters);
    EXPECT_NEAR(*last_layer(parameters).at(0), (uy * d - u1 * y1) / determinant, 1e-6);
    EXPECT_NEAR(*last_layer(parameters).at(1), (a * y1 - u1 * uy) / determinant, 1e-6);
  }
}

TEST(LastLayer, RefusesWhatIsNotLinearInOneLayer) {
  DeepONetOptions o = rich();
  o.stacked = true;
  const OperatorData data = make_data(cases[0].shape, 3);
  EXPECT_THROW(LastLayer(resolved(o), data, {}), core::Error);
  o.stacked = false, o.branch = {4000}; // 4001 times 6 unknowns
  EXPECT_THROW(LastLayer(resolved(o), data, {}), core::Error);
}

/// Whatever the branch says, a result is the mean and a combination of the modes, to the rounding
/// of single precision; at more and at fewer points than samples.
TEST(PodBasis, HoldsAllThatTheNetworkSays) {
  for (const int points : {12, 90}) {
    const OperatorData data = make_data({7, 1, 1, points, true}, 40);
    const PodBasis basis = pod_basis(data, 40, 4);
    DeepONetOptions o;
    o.sensors = 7, o.branch = {9}, o.modes = 4, o.points = points, o.bias = false;
    const ResolvedGraph graph = resolved(o);
    const auto parameters = parameters_of(graph);
    for (const ParameterBlock& block : graph.parameters.blocks())
      if (block.role == ParameterRole::basis)
        std::copy(basis.values.begin(), basis.values.end(), parameters.data() + block.offset);
    DeepONet network({graph, parameters, {{}, basis.mean}, {}});
    const auto count = static_cast<std::size_t>(points);
    std::vector<double> y(count), result(count), mean(count, 0.0), u(7);
    std::iota(y.begin(), y.end(), 0.0);
    for (std::size_t i = 0; i < data.values.size(); ++i)
      mean[i % count] += static_cast<double>(data.values[i]) / 40.0;
    for (std::uint64_t sample = 0; sample < 5; ++sample) {
      for (std::size_t i = 0; i < 7; ++i) u[i] = 10.0 * uniform(20 + sample, i) - 5.0;
      network.evaluate(u, y, result);
      double size = 0.0, outside = 0.0;
      for (std::size_t q = 0; q < count; ++q) {
        result[q] -= mean[q];
        size += result[q] * result[q];
      }
      for (std::size_t k = 0; k < 4; ++k) { // the modes are orthogonal
        double along = 0.0, square = 0.0;
        for (std::size_t q = 0; q < count; ++q) {
          const auto mode = static_cast<double>(basis.values[4 * q + k]);
          along += mode * result[q];
          square += mode * mode;
        }
        for (std::size_t q = 0; q < count; ++q)
          result[q] -= along / square * static_cast<double>(basis.values[4 * q + k]);
      }
      for (const double value : result) outside += value * value;
      EXPECT_GT(size, 1e-2) << points;
      EXPECT_LT(std::sqrt(outside / size), 3e-6) << points;
    }
  }
}

/// Outputs of rank 3 and a mean: three modes have all of them, at more and at fewer points than
/// samples.
TEST(PodBasis, SpansTheTrainingOutputs) {
  for (const int points : {12, 90}) {
    OperatorData data = make_data({7, 1, 1, points, true}, 40);
    for (std::size_t s = 0; s < 40; ++s)
      for (std::size_t q = 0; q < static_cast<std::size_t>(points); ++q) {
        double value = 2.0 + 0.1 * static_cast<double>(q);
        for (const std::uint64_t k : {10U, 11U, 12U})
          value += (uniform(k, s) - 0.3) * (uniform(k + 10, q) - 0.5);
        data.values[s * static_cast<std::size_t>(points) + q] = static_cast<float>(value);
      }
    const PodBasis basis = pod_basis(data, 40, 3);
    EXPECT_GT(basis.captured, 1.0 - 1e-10);
    EXPECT_LT(pod_basis(data, 40, 2).captured, 1.0 - 1e-4);
    for (int k = 0; k < 3; ++k) // mean square 1, over their number
      for (int l = 0; l <= k; ++l) {
        double product = 0.0;
        for (int q = 0; q < points; ++q)
          product += static_cast<double>(basis.values[static_cast<std::size_t>(3 * q + k)]) *
                     static_cast<double>(basis.values[static_cast<std::size_t>(3 * q + l)]);
        EXPECT_NEAR(product * 9.0 / points, k == l ? 1.0 : 0.0, 1e-5);
      }
    double square = 0.0; // of the outputs about their mean, which three modes have
    for (int q = 0; q < points; ++q) {
      double sum = 0.0, squares = 0.0;
      for (int i = 0; i < 40; ++i) {
        const auto value =
            static_cast<double>(data.values[static_cast<std::size_t>(i * points + q)]);
        sum += value, squares += value * value;
      }
      square += (squares - sum * sum / 40.0) / (40.0 * points);
    }
    const PodBasis scaled = pod_basis(data, 40, 3, true);
    for (std::size_t i = 0; i < basis.values.size(); ++i)
      EXPECT_NEAR(scaled.values[i], std::sqrt(square) * basis.values[i], 1e-5);
    // A branch that is linear and a table of modes: least squares leave what three modes leave.
    DeepONetOptions o;
    o.sensors = 7, o.branch = {}, o.modes = 3, o.points = points, o.bias = false;
    const ResolvedGraph graph = resolved(o);
    OperatorData numbered = data;
    numbered.coordinates.resize(static_cast<std::size_t>(points));
    std::iota(numbered.coordinates.begin(), numbered.coordinates.end(), 0.0F);
    for (std::size_t s = 0; s < 40; ++s) // the three coefficients are among the sensors
      for (std::size_t k = 0; k < 3; ++k)
        numbered.sensors[s * 7 + k] = static_cast<float>(uniform(10 + k, s));
    const Normalisation normalisation{{}, basis.mean};
    const auto parameters = parameters_of(graph);
    for (const ParameterBlock& block : graph.parameters.blocks())
      if (block.role == ParameterRole::basis)
        std::copy(basis.values.begin(), basis.values.end(), parameters.data() + block.offset);
    LastLayer(graph, numbered, normalisation).fit(PETSC_COMM_SELF, 40, 0.0, parameters);
    DeepONetTask task(graph, numbered, normalisation);
    EXPECT_LT(task.errors(0, 40, parameters).mean_square, 1e-10);
    // Training leaves the modes alone.
    TrainerOptions training;
    training.batch = 36;
    Trainer trainer(PETSC_COMM_WORLD, task, training);
    trainer.start_from(parameters);
    for (int step = 0; step < 3; ++step) trainer.step();
    for (const ParameterBlock& block : graph.parameters.blocks()) {
      if (block.role != ParameterRole::basis) continue;
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        EXPECT_EQ(trainer.parameters().data()[i], parameters.data()[i]);
    }
  }
  EXPECT_THROW(pod_basis(make_data({7, 1, 1, 5, true}, 40), 40, 6), core::Error);
  EXPECT_THROW(pod_basis(make_data({7, 1, 1, 5, false}, 40), 40, 2), core::Error);
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
