// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The network of stencils made of a geometry: its size, its linearity, the same bits on any cut,
// its gradient, and what is kept between two applications.
#include "network_case.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/directions/npsdo_graph.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using linnet::test::NetworkCase;

namespace {

/// The network on 32^3 points of this rank with its initial parameters.
struct Application {
  nn::ResolvedGraph graph = nn::resolve(nn::npsdo_graph(4));
  nn::Domain domain{PETSC_COMM_SELF,
                    nn::Domain::cut({32, 32, 32}, graph.levels, nn::Padding::zero, 1), graph.levels,
                    nn::Padding::zero};
  nn::Network<float> network{graph, domain, nn::NetworkMode::inference};
  kernels::Array<float> parameters = nn::parameter_buffer<float>(graph.parameters);

  Application() { nn::initialise(graph.parameters, 3, parameters); }

  template <class Value>
  static void fill(const kernels::Tensor<float>& t, const Value& value) {
    std::uint64_t number = 0;
    for (int c = 0; c < t.channels; ++c)
      for (int k = 0; k < t.layout.n[2]; ++k)
        for (int j = 0; j < t.layout.n[1]; ++j)
          for (int i = 0; i < t.layout.n[0]; ++i)
            t.origin(c)[i + j * t.layout.pitch_y + k * t.layout.pitch_z] =
                static_cast<float>(value(number++));
  }
  void set_images(std::uint64_t stream) {
    fill(network.input(1), [&](std::uint64_t q) {
      return core::RandomStream(1, stream).uniform(q) < 0.5 ? 0.0 : 1.0;
    });
  }
  /// Of a times one residual plus b times another.
  std::vector<float> apply(double a, double b, bool again = false) {
    fill(network.input(0), [&](std::uint64_t q) {
      return a * core::RandomStream(2, 0).normal(q) + b * core::RandomStream(2, 1).normal(q);
    });
    if (again)
      network.forward_again(parameters);
    else
      network.forward(parameters);
    const kernels::Tensor<float>& t = network.output();
    std::vector<float> values;
    for (int k = 0; k < t.layout.n[2]; ++k)
      for (int j = 0; j < t.layout.n[1]; ++j)
        for (int i = 0; i < t.layout.n[0]; ++i)
          values.push_back(t.origin()[i + j * t.layout.pitch_y + k * t.layout.pitch_z]);
    return values;
  }
};

} // namespace

TEST(NpsdoGraph, PublishedSizes) {
  EXPECT_EQ(nn::resolve(nn::npsdo_graph(4)).parameters.count(), 20582u);
  const nn::ResolvedGraph five = nn::resolve(nn::npsdo_graph(5));
  EXPECT_EQ(five.parameters.count(), 25174u);
  EXPECT_EQ(five.levels, 6);
  EXPECT_EQ(five.parameters.blocks()[0].shape, (std::vector<std::int64_t>{27, 3, 3, 3, 3}));
  EXPECT_THROW(static_cast<void>(nn::npsdo_graph(0)), core::Error);
}

TEST(NpsdoGraph, StartsWithUniformDeviates) {
  const Application net;
  double largest = 0.0, square = 0.0;
  for (const nn::ParameterBlock& block : net.graph.parameters.blocks())
    for (std::size_t i = 0; i < block.size(); ++i) {
      const double value = net.parameters(block.offset + i);
      largest = std::max(largest, std::abs(value));
      square += value * value;
    }
  EXPECT_LE(largest, 1.0 / 9.0);
  // Variance 1/3 of 1/81; that of the mean of 20,582 squares is 1/160 of it in standard deviations.
  EXPECT_NEAR(square / 20582.0 * 81.0, 1.0 / 3.0, 0.01);
}

TEST(NpsdoGraph, IsLinearInTheResidual) {
  Application net;
  net.set_images(0);
  const auto first = net.apply(1.0, 0.0);
  const auto second = net.apply(0.0, 1.0, true);
  const auto both = net.apply(2.0, -0.5, true);
  double largest = 0.0, difference = 0.0;
  for (std::size_t q = 0; q < both.size(); ++q) {
    largest = std::max(largest, std::abs(static_cast<double>(both[q])));
    difference = std::max(difference, std::abs(2.0 * first[q] - 0.5 * second[q] - both[q]));
  }
  EXPECT_GT(largest, 0.0);
  // A dozen sums of 27 terms behind each other, of random sign.
  EXPECT_LE(difference, 1e-5 * largest);
}

TEST(NpsdoGraph, KeepsWhatFollowsFromTheImages) {
  Application net, other;
  net.set_images(0);
  const auto first = net.apply(1.0, 0.0);
  EXPECT_NE(net.apply(0.0, 1.0, true), first);
  EXPECT_EQ(net.apply(1.0, 0.0, true), first);
  net.set_images(1);
  EXPECT_EQ(net.apply(1.0, 0.0, true), first); // new images are not looked at ...
  const auto changed = net.apply(1.0, 0.0);    // ... before a whole forward
  EXPECT_NE(changed, first);
  other.set_images(1);
  EXPECT_EQ(changed, other.apply(1.0, 0.0));
}

TEST(NpsdoGraph, AnyCutGivesTheSameBits) {
  const nn::Graph graph = nn::npsdo_graph(4);
  const core::Index3 points{64, 48, 32};
  NetworkCase<float> cut(PETSC_COMM_WORLD, graph, points), whole(PETSC_COMM_SELF, graph, points);
  cut.run();
  whole.run();
  EXPECT_EQ(cut.difference_of_outputs(whole), 0.0);
  EXPECT_EQ(cut.difference_of_input_gradients(whole), 0.0);
  // Sums of 98,304 points in another order.
  EXPECT_LE(cut.relative_difference_of_parameter_gradients(whole), 1e-4);
}

TEST(NpsdoGraph, GradientIsTheDerivative) {
  NetworkCase<double> net(PETSC_COMM_WORLD, nn::npsdo_graph(4), {32, 32, 16});
  EXPECT_LE(net.parameter_gradient_error(), 1e-7);
  EXPECT_LE(net.input_gradient_error(), 1e-7);
}
