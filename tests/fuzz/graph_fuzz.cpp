// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A graph from anybody: refused, or one that its own text gives again; on a small grid it runs.
#include "target.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/nn/network/network.hpp>

#include <cstdlib>
#include <string>

namespace {

/// Runs a network of moderate size once.
void run(const linnet::nn::ResolvedGraph& graph) {
  using namespace linnet;
  if (graph.levels > 3 || graph.parameters.count() > 100000 || graph.nodes.size() > 64) return;
  core::Index3 points{1, 1, 1};
  for (int d = 0; d < graph.graph.dimension; ++d) points[d] = 12;
  const nn::Padding padding = graph.graph.padding;
  const nn::Coarsening coarsening = graph.graph.coarsening;
  nn::Domain domain(PETSC_COMM_SELF, nn::working_cut(graph, points, 1), graph.levels, padding,
                    coarsening);
  nn::Network<float> network(graph, domain, nn::NetworkMode::adjoint);
  const auto parameters = nn::parameter_buffer<float>(graph.parameters);
  const auto gradient = nn::parameter_buffer<float>(graph.parameters);
  nn::initialise(graph.parameters, 1, parameters);
  network.forward(parameters);
  network.backward(parameters, gradient);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet;
  if (core::ensure_kokkos() != 0) std::abort();
  fuzz::expect_result_or_refusal([&] {
    const std::string text(fuzz::text_of(data, size));
    const nn::Graph graph = nn::graph_from_json(text, "graph.json");
    const nn::ResolvedGraph resolved = nn::resolve(graph, "graph.json");
    if (nn::graph_from_json(nn::to_json(graph), "again") != graph) std::abort();
    std::size_t channels = 0;
    for (const nn::ResolvedNode& node : resolved.nodes)
      channels += static_cast<std::size_t>(node.signature.channels);
    if (channels <= 256) run(resolved);
  });
  return 0;
}
