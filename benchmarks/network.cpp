// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Speed of convolutions and of the published networks, by the processor time of one core.
///   build/benchmarks/network [seconds of repetitions of each, 1]
/// Prints JSON: floating-point operations per second forward and backward (gradients by inputs and
/// weights together), and the peak of fused multiply-adds on the same core, measured beside them.
#include <linnet/core/kokkos_session.hpp>
#include <linnet/kernels/simd.hpp>
#include <linnet/nn/directions/conjugate_direction_graph.hpp>
#include <linnet/nn/fields/mgno_graph.hpp>
#include <linnet/nn/network/network.hpp>
#include <linnet/nn/network/operation_count.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>
#include <petscsys.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <vector>

namespace {

using namespace linnet;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double repetition_seconds = 1.0;

/// Least seconds of @p work over its repetitions.
template <class Work>
double best_seconds(const Work& work) {
  work();
  double best = 1e30;
  for (const double end = cpu_seconds() + repetition_seconds; cpu_seconds() < end;) {
    const double begin = cpu_seconds();
    work();
    best = std::min(best, std::max(cpu_seconds() - begin, 1e-6));
  }
  return best;
}

/// Sixteen independent chains of multiply-adds in the widest packs.
template <class T>
double peak_flops() {
  constexpr int w = kernels::native_width<T>;
  using Pack = kernels::Pack<T, w>;
  constexpr long rounds = 2000000;
  Pack sum[16];
  for (auto& s : sum) s = kernels::splat<w>(T(0));
  volatile T seed = T(1.0000001);
  const Pack a = kernels::splat<w>(static_cast<T>(seed)), b = kernels::splat<w>(T(1e-9) * seed);
  const double seconds = best_seconds([&] {
    for (long r = 0; r < rounds; ++r)
      for (auto& s : sum) s = s * a + b;
  });
  T sink = T(0);
  for (const auto& s : sum)
    for (int l = 0; l < w; ++l) sink += s[l];
  return 2.0 * 16 * w * static_cast<double>(rounds) / seconds * (sink == T(-1) ? 0.0 : 1.0);
}

template <class T>
nlohmann::json measure(const std::string& name, const nn::Graph& graph,
                       const core::Index3& points) {
  const nn::ResolvedGraph resolved = nn::resolve(graph);
  nn::Domain domain(PETSC_COMM_SELF, nn::Domain::cut(points, resolved.levels, graph.padding, 1),
                    resolved.levels, graph.padding);
  nn::Network<T> network(resolved, domain, nn::NetworkMode::adjoint);
  const auto parameters = nn::parameter_buffer<T>(resolved.parameters);
  const auto gradient = nn::parameter_buffer<T>(resolved.parameters);
  nn::initialise(resolved.parameters, 1, parameters);
  const std::vector<double> of_nodes = nn::forward_flops(resolved, points);
  const double flops = std::accumulate(of_nodes.begin(), of_nodes.end(), 0.0);
  const double forward = best_seconds([&] { network.forward(parameters); });
  const double backward = best_seconds([&] { network.backward(parameters, gradient); });
  return {{"name", name},
          {"points", points},
          {"precision", sizeof(T) == 4 ? "single" : "double"},
          {"forward_flops", flops / forward},
          {"backward_flops", 2.0 * flops / backward},
          {"arena_bytes", network.arena_bytes()},
          {"least_arena_bytes", network.least_bytes()}};
}

nn::Graph convolution(int dimension, int channels) {
  nn::Graph graph;
  graph.dimension = dimension;
  graph.nodes = {{"x", "input", {}, {{"channels", channels}}},
                 {"y", "conv", {"x"}, {{"channels", channels}}}};
  graph.output = "y";
  return graph;
}

/// One layer of the multigrid neural operator between two grids: a convolution with stride 2, or
/// the transposed one of 4 points.
nn::Graph transfer(int channels, bool is_up) {
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {{"channels", channels}, {"level", is_up ? 1 : 0}}},
                 {"y",
                  is_up ? "conv_transpose" : "conv",
                  {"x"},
                  {{"channels", channels}, {"stride", 2}, {"kernel", is_up ? 4 : 3}, {"bias", 0}}}};
  graph.output = "y";
  return graph;
}

/// The convolutions of a DeepONet's branch for fields at 29 x 29 sensors.
nn::Graph sensor_convolutions() {
  nn::Graph graph;
  graph.dimension = 1;
  const auto convolution = [&](const char* id, const char* x, int n, int channels) {
    graph.nodes.push_back(
        {id,
         "sensor_conv",
         {x},
         {{"channels", channels}, {"nx", n}, {"ny", n}, {"kernel", 5}, {"stride", 2}}});
  };
  graph.nodes.push_back({"x", "input", {}, {{"channels", 29 * 29}}});
  convolution("c", "x", 29, 64);
  graph.nodes.push_back({"a", "relu", {"c"}, {}});
  convolution("y", "a", 13, 128);
  graph.output = "y";
  return graph;
}

/// As published for Darcy flow in rough media.
nn::Graph multigrid_operator(int points) {
  nn::MgnoOptions options;
  options.points = {points, points, 1};
  options.channels.assign(6, 24);
  options.steps.assign(6, {1, 0});
  options.steps.back() = {2, 0};
  return nn::mgno_graph(options);
}

nlohmann::json measure_all() {
  nlohmann::json results = nlohmann::json::array();
  for (const int channels : {16, 32}) {
    const std::string name = "convolution of " + std::to_string(channels) + " channels";
    results.push_back(measure<float>(name, convolution(3, channels), {64, 64, 64}));
    results.push_back(measure<float>(name, convolution(2, channels), {256, 256, 1}));
  }
  results.push_back(
      measure<float>("convolution of 24 channels", convolution(2, 24), {256, 256, 1}));
  for (const int n : {256, 64}) {
    results.push_back(measure<float>("stride 2, 24 channels", transfer(24, false), {n, n, 1}));
    results.push_back(measure<float>("transposed, 24 channels", transfer(24, true), {n, n, 1}));
    results.push_back(measure<float>("mgno", multigrid_operator(n), {n, n, 1}));
  }
  for (const int members : {16, 64})
    results.push_back(measure<float>("sensors of " + std::to_string(members) + " members",
                                     sensor_convolutions(), {members, 1, 1}));
  results.push_back(
      measure<double>("convolution of 16 channels", convolution(3, 16), {64, 64, 64}));
  results.push_back(
      measure<double>("convolution of 24 channels", convolution(2, 24), {256, 256, 1}));
  results.push_back(measure<float>(
      "dcdm64", nn::conjugate_direction_graph(nn::ConjugateDirectionNet::dcdm64), {32, 32, 32}));
  return {{"peak_flops_single", peak_flops<float>()},
          {"peak_flops_double", peak_flops<double>()},
          {"results", results}};
}

} // namespace

int main(int argc, char** argv) {
  if (PetscInitialize(&argc, &argv, nullptr, nullptr) != 0) return 1;
  if (LinnetInitialize() != 0 || core::ensure_kokkos() != 0) return 1;
  if (argc > 1) repetition_seconds = std::atof(argv[1]);
  std::printf("%s\n", measure_all().dump(1).c_str());
  return PetscFinalize() == 0 ? 0 : 1;
}
