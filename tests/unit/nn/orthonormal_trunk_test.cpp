// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// DeepONets before and after their trunk is made orthonormal: the same values, another basis.
#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>
#include <linnet/nn/deeponet/orthonormal_trunk.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using namespace linnet::nn;

namespace {

DeepONetOptions network() {
  DeepONetOptions o;
  o.sensors = 5, o.coordinates = 2, o.outputs = 2;
  o.branch = {8}, o.trunk = {12, 6};
  o.branch_activation = o.trunk_activation = kernels::Activation::tanh;
  return o;
}

double deviate(std::uint64_t stream, std::size_t place) {
  return 2.0 * core::RandomStream(3, stream).uniform(place) - 1.0;
}

kernels::Array<double> random_parameters(const ResolvedGraph& graph) {
  const auto values = parameter_buffer<double>(graph.parameters);
  for (const ParameterBlock& block : graph.parameters.blocks())
    for (std::size_t i = 0; i < block.size(); ++i)
      values(block.offset + i) = 2.0 * deviate(1, block.offset + i);
  return values;
}

/// A grid of points that are not equispaced in x.
std::vector<double> some_grid() {
  std::vector<double> points;
  for (int j = 0; j < 9; ++j)
    for (int i = 0; i < 11; ++i) {
      points.push_back(std::pow(i / 10.0, 1.5));
      points.push_back(j / 8.0);
    }
  return points;
}

/// The whole network at function @p f and points of its own, in double precision.
std::vector<double> values_of(const ResolvedGraph& graph, const kernels::Array<double>& parameters,
                              std::uint64_t f) {
  BatchNetwork<double> batch(graph, 10, NetworkMode::inference);
  for (std::size_t i = 0; i < 2; ++i) {
    const kernels::Tensor<double> in = batch.network().input(i);
    for (int c = 0; c < in.channels; ++c)
      for (int m = 0; m < 10; ++m)
        in.origin(c)[m] = 0.5 + 0.5 * deviate(10 + f + i, static_cast<std::size_t>(c * 10 + m));
  }
  batch.network().forward(parameters);
  std::vector<double> values;
  const kernels::Tensor<double> out = batch.network().output();
  for (int c = 0; c < out.channels; ++c)
    for (int m = 0; m < 10; ++m) values.push_back(out.origin(c)[m]);
  return values;
}

double largest(const std::vector<double>& values) {
  double size = 0.0;
  for (const double v : values) size = std::max(size, std::abs(v));
  return size;
}

/// Largest difference of the two networks, relative to the largest value, over some functions and
/// points, which are not those of the grid.
double change(const ResolvedGraph& before, const kernels::Array<double>& parameters,
              const OrthonormalTrunk& after) {
  double off = 0.0, size = 0.0;
  for (std::uint64_t f = 0; f < 20; f += 2) {
    std::vector<double> a = values_of(before, parameters, f);
    const std::vector<double> b = values_of(after.graph, after.parameters, f);
    size = std::max(size, largest(a));
    for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
    off = std::max(off, largest(a));
  }
  return off / size;
}

} // namespace

/// With an activated, a linear and a zero trunk on sides, with the size of the input as a factor.
TEST(OrthonormalTrunk, IsOrthonormalAndChangesNothing) {
  std::vector<DeepONetOptions> variants(4, network());
  variants[1].linear_trunk = true;
  variants[2].bias = false, variants[2].zero_sides = 0b1111, variants[2].homogeneous = true;
  variants[3].branch = {}, variants[3].outputs = 1;
  const std::vector<double> points = some_grid(), weights = trapezoidal_weights(points, 2);
  for (const DeepONetOptions& o : variants) {
    const ResolvedGraph graph = resolve(deeponet_graph(o));
    const auto parameters = random_parameters(graph);
    const OrthonormalTrunk result = orthonormal_trunk(graph, parameters, points, weights);
    EXPECT_EQ(result.functions, 6);
    EXPECT_EQ(result.dropped, 0);
    EXPECT_GT(departure_from_orthonormal(graph, parameters, points, weights), 0.1);
    EXPECT_LE(departure_from_orthonormal(result.graph, result.parameters, points, weights), 1e-12);
    // Rounding times the condition of the trunk, below 1e3 here.
    EXPECT_LE(change(graph, parameters, result), 1e-12);
    // A linear last layer takes the factor in, others get one behind them.
    EXPECT_EQ(result.graph.nodes.size(), graph.nodes.size() + (o.linear_trunk ? 0 : 1));
  }
}

/// Two equal functions, one of zeros and a combination of others span three directions less.
TEST(OrthonormalTrunk, DropsDependentDirections) {
  DeepONetOptions o = network();
  o.trunk = {12, 8};
  o.linear_trunk = true;
  const ResolvedGraph graph = resolve(deeponet_graph(o));
  const auto parameters = random_parameters(graph);
  for (const ParameterBlock& block : graph.parameters.blocks()) {
    if (block.name != "trunk.out/weight") continue;
    double* const w = parameters.data() + block.offset;
    for (std::size_t c = 0; c < 12; ++c) {
      w[3 * 12 + c] = w[c];
      w[5 * 12 + c] = 0.0;
      w[7 * 12 + c] = 2.0 * w[12 + c] - 0.5 * w[2 * 12 + c];
    }
  }
  const std::vector<double> points = some_grid(), weights = trapezoidal_weights(points, 2);
  const OrthonormalTrunk result = orthonormal_trunk(graph, parameters, points, weights);
  EXPECT_EQ(result.functions, 5);
  EXPECT_EQ(result.dropped, 3);
  EXPECT_LE(departure_from_orthonormal(result.graph, result.parameters, points, weights), 1e-12);
  EXPECT_LE(change(graph, parameters, result), 1e-12);
  // Of what is left out on purpose, the trunk at the points of the grid keeps the rest.
  const OrthonormalTrunk coarse = orthonormal_trunk(graph, parameters, points, weights, 0.3);
  EXPECT_LT(coarse.functions, 5);
  EXPECT_GE(coarse.functions, 1);
  EXPECT_GT(change(graph, parameters, coarse), 1e-4);
}

TEST(OrthonormalTrunk, WeightsAreThoseOfTheTrapezoidalRule) {
  const std::vector<double> points = some_grid(), weights = trapezoidal_weights(points, 2);
  double area = 0.0, moment = 0.0;
  for (std::size_t q = 0; q < weights.size(); ++q) {
    area += weights[q];
    moment += weights[q] * (1.0 + 2.0 * points[2 * q]) * (3.0 - points[2 * q + 1]);
  }
  EXPECT_NEAR(area, 1.0, 1e-14);
  EXPECT_NEAR(moment, 2.0 * 2.5, 1e-14); // exact for what is linear in each coordinate
  // On a circle, whose first point is its last one, all are the same.
  const std::vector<double> circle{0.0, 0.25, 0.5, 0.75};
  for (const double w : trapezoidal_weights(circle, 1, 1)) EXPECT_NEAR(w, 0.25, 1e-15);
  EXPECT_NEAR(trapezoidal_weights(circle, 1)[0], 0.125, 1e-15);
  EXPECT_EQ(trapezoidal_weights(std::vector<double>{0.3}, 1)[0], 1.0);
}

TEST(OrthonormalTrunk, Refusals) {
  DeepONetOptions o = network();
  o.stacked = true;
  const std::vector<double> points = some_grid(), weights = trapezoidal_weights(points, 2);
  const ResolvedGraph stacked = resolve(deeponet_graph(o));
  EXPECT_THROW(orthonormal_trunk(stacked, random_parameters(stacked), points, weights),
               core::Error);
  const ResolvedGraph graph = resolve(deeponet_graph(network()));
  EXPECT_THROW(
      orthonormal_trunk(graph, parameter_buffer<double>(graph.parameters), points, weights),
      core::Error); // a trunk of zeros
}
