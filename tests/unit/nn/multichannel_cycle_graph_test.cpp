// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The cycle of several channels: linear in the residual and not in the matrix, the same bits on any
// cut, its gradient, and what it needs.
#include "network_case.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/directions/direction_graph.hpp>
#include <linnet/nn/directions/multichannel_cycle_graph.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace linnet;
using linnet::test::NetworkCase;

namespace {

nn::MultichannelCycleOptions small_options() {
  nn::MultichannelCycleOptions options;
  options.channels = {2, 3, 4};
  options.features = 3;
  return options;
}

constexpr int nx = 21, ny = 14;

/// The result on nx x ny points for a times one residual plus b times another, and for the medium
/// of a seed.
std::vector<double> apply(double a, double b, std::uint64_t medium) {
  const nn::ResolvedGraph graph = nn::resolve(nn::multichannel_cycle_graph(small_options()));
  nn::Domain domain(PETSC_COMM_SELF, nn::working_cut(graph, {nx, ny, 1}, 1), graph.levels,
                    graph.graph.padding);
  nn::Network<double> network(graph, domain, nn::NetworkMode::inference);
  const auto parameters = nn::parameter_buffer<double>(graph.parameters);
  nn::initialise(graph.parameters, 3, parameters);
  const auto visit = [](const kernels::Tensor<double>& t, const auto& use) {
    std::uint64_t number = 0;
    for (int c = 0; c < t.channels; ++c)
      for (int j = 0; j < ny; ++j)
        for (int i = 0; i < nx; ++i) use(t.origin(c)[i + j * t.layout.pitch_y], number++);
  };
  visit(network.input(0), [&](double& value, std::uint64_t q) {
    value = a * core::RandomStream(2, 0).normal(q) + b * core::RandomStream(2, 1).normal(q);
  });
  visit(network.input(1),
        [&](double& value, std::uint64_t q) { value = core::RandomStream(1, medium).normal(q); });
  network.forward(parameters);
  std::vector<double> values;
  visit(network.output(), [&](double& value, std::uint64_t) { values.push_back(value); });
  return values;
}

} // namespace

TEST(MultichannelCycle, IsADirectionGraphOfRows) {
  const nn::ResolvedGraph graph = nn::resolve(nn::multichannel_cycle_graph({}));
  EXPECT_NO_THROW(nn::require_direction_graph(graph, "cycle"));
  EXPECT_EQ(nn::matrix_view(graph), nn::MatrixView::rows);
  EXPECT_EQ(graph.levels, 5);
  // Nothing is pooled: the grid keeps its borders.
  EXPECT_EQ(nn::working_cut(graph, {101, 77, 1}, 1).points(), (core::Index3{101, 77, 1}));
  nn::MultichannelCycleOptions none;
  none.channels.clear();
  EXPECT_THROW(static_cast<void>(nn::multichannel_cycle_graph(none)), core::Error);
}

TEST(MultichannelCycle, IsLinearInTheResidualOnly) {
  const auto first = apply(1.0, 0.0, 0), second = apply(0.0, 1.0, 0), both = apply(2.0, -0.5, 0),
             other = apply(1.0, 0.0, 1);
  double largest = 0.0, difference = 0.0, change = 0.0;
  for (std::size_t q = 0; q < both.size(); ++q) {
    largest = std::max(largest, std::abs(both[q]));
    difference = std::max(difference, std::abs(2.0 * first[q] - 0.5 * second[q] - both[q]));
    change = std::max(change, std::abs(first[q] - other[q]));
  }
  EXPECT_LE(difference, 1e-13 * largest);
  EXPECT_GE(change, 1e-3 * largest);
}

TEST(MultichannelCycle, AnyCutGivesTheSameBits) {
  const nn::Graph graph = nn::multichannel_cycle_graph(small_options());
  const core::Index3 points{45, 38, 1};
  NetworkCase<float> cut(PETSC_COMM_WORLD, graph, points), whole(PETSC_COMM_SELF, graph, points);
  cut.run();
  whole.run();
  EXPECT_EQ(cut.difference_of_outputs(whole), 0.0);
  EXPECT_EQ(cut.difference_of_input_gradients(whole), 0.0);
  // Sums of 1,710 points in another order.
  EXPECT_LE(cut.relative_difference_of_parameter_gradients(whole), 1e-4);
}

TEST(MultichannelCycle, GradientIsTheDerivative) {
  NetworkCase<double> net(PETSC_COMM_WORLD, nn::multichannel_cycle_graph(small_options()),
                          {29, 26, 1});
  EXPECT_LE(net.parameter_gradient_error(), 1e-7);
  EXPECT_LE(net.input_gradient_error(), 1e-7);
}
