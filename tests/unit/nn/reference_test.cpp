// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The published networks against an independent program, which make_reference.py is; it says where
// parameters and inputs come from.
#include <linnet/nn/directions/conjugate_direction_graph.hpp>
#include <linnet/nn/directions/npsdo_graph.hpp>
#include <linnet/nn/network/network.hpp>

#include <nlohmann/json.hpp>
#include <petscsys.h>

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

using namespace linnet;

namespace {

nn::Graph graph_of(const std::string& name) {
  if (name == "dcdm64") return nn::conjugate_direction_graph(nn::ConjugateDirectionNet::dcdm64);
  if (name == "dcdm128") return nn::conjugate_direction_graph(nn::ConjugateDirectionNet::dcdm128);
  return nn::npsdo_graph(4);
}

/// A number in -1..1.
double wave(double (*function)(double), std::int64_t q, std::int64_t period) {
  return function(static_cast<double>(q * q % period));
}

kernels::Array<float> parameters_of(const nn::ParameterLayout& layout) {
  const auto values = nn::parameter_buffer<float>(layout);
  std::int64_t number = 0;
  for (const nn::ParameterBlock& block : layout.blocks())
    for (std::size_t i = 0; i < block.size(); ++i)
      values(block.offset + i) = static_cast<float>(
          wave(std::sin, number++, 10007) * std::sqrt(3.0 / static_cast<double>(block.fan_in)));
  return values;
}

float& value_at(const kernels::Tensor<float>& t, std::int64_t number) {
  const kernels::Layout& l = t.layout;
  const auto i = number % l.n[0], j = number / l.n[0] % l.n[1];
  const auto k = number / l.n[0] / l.n[1] % l.n[2], c = number / l.n[0] / l.n[1] / l.n[2];
  return t.origin(static_cast<int>(c))[i + j * l.pitch_y + k * l.pitch_z];
}

void fill_inputs(const nn::Network<float>& network, const core::Index3& points) {
  for (std::size_t i = 0; i < network.graph().inputs.size(); ++i)
    for (std::int64_t q = 0; q < network.input(i).channels * core::volume(points); ++q) {
      const double value = wave(std::cos, q, 9973);
      value_at(network.input(i), q) = static_cast<float>(i == 0 ? value : value > 0.0 ? 1.0 : 0.0);
    }
}

} // namespace

TEST(Reference, PublishedNetworks) {
  std::ifstream file(LINNET_REFERENCE);
  const nlohmann::json cases = nlohmann::json::parse(file);
  ASSERT_EQ(cases.size(), 3u);
  for (const auto& c : cases) {
    SCOPED_TRACE(c["network"].get<std::string>());
    const nn::ResolvedGraph graph = nn::resolve(graph_of(c["network"]));
    EXPECT_EQ(graph.parameters.count(), c["parameters"].get<std::size_t>());
    const auto points = c["points"].get<core::Index3>();
    nn::Domain domain(PETSC_COMM_SELF, nn::Domain::cut(points, graph.levels, nn::Padding::zero, 1),
                      graph.levels, nn::Padding::zero);
    nn::Network<float> network(graph, domain, nn::NetworkMode::inference);
    fill_inputs(network, points);
    network.forward(parameters_of(graph.parameters));
    const auto places = c["places"].get<std::vector<std::int64_t>>();
    const auto values = c["values"].get<std::vector<double>>();
    ASSERT_GT(places.size(), 250u);
    double difference = 0.0;
    for (std::size_t p = 0; p < places.size(); ++p)
      difference =
          std::max(difference, std::abs(static_cast<double>(value_at(network.output(), places[p])) -
                                        values[p]));
    // Single precision through up to 23 layers.
    EXPECT_LE(difference, 1e-5 * c["largest"].get<double>());
  }
}
