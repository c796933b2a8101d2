// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/meta/rate_network.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <cmath>
#include <cstdlib>

namespace linnet::nn {

namespace {

constexpr const char* largest_key = "largest_rate";

Graph rate_graph(int code_size, const std::vector<int>& hidden) {
  Graph graph;
  graph.dimension = 1;
  std::string last = "code";
  graph.nodes.push_back({last, "input", {}, {{"channels", code_size}}});
  const auto add = [&](const std::string& id, const std::string& op,
                       const std::map<std::string, int>& attributes) {
    graph.nodes.push_back({id, op, {last}, attributes});
    last = id;
  };
  for (std::size_t l = 0; l < hidden.size(); ++l) {
    const std::string name = "rate." + std::to_string(l + 1);
    add(name, "dense", {{"units", hidden[l]}, {"normal_start", 1}});
    add(name + ".act", "gelu", {});
  }
  add("rate.out", "dense", {{"units", 1}, {"normal_start", 1}});
  graph.output = last;
  return graph;
}

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double logit(BatchNetwork<float>& network, std::span<const double> code,
             const kernels::Array<float>& parameters) {
  const kernels::Tensor<float>& input = network.network().input();
  for (int c = 0; c < input.channels; ++c)
    *input.origin(c) = static_cast<float>(code[static_cast<std::size_t>(c)]);
  network.network().forward(parameters);
  return static_cast<double>(*network.network().output().origin());
}

} // namespace

RateNetwork::RateNetwork(const RateNetworkOptions& options) : options_(options) {
  if (options.code_size < 1 ||
      options.codes.size() % static_cast<std::size_t>(options.code_size) != 0)
    core::throw_usage("learned rates need the numbers of each operator");
  if (!(options.largest > 0.0) || !std::isfinite(options.largest))
    core::throw_usage("the largest learned rate must be positive");
  graph_ = resolve(rate_graph(options.code_size, options.hidden), "rates");
  network_ = std::make_unique<BatchNetwork<float>>(graph_, 1, NetworkMode::training);
}

std::int64_t RateNetwork::operators() const {
  return static_cast<std::int64_t>(options_.codes.size()) / options_.code_size;
}

double RateNetwork::rate(std::int64_t number, const kernels::Array<float>& parameters) {
  const auto size = static_cast<std::size_t>(options_.code_size);
  const auto code = std::span<const double>(options_.codes)
                        .subspan(static_cast<std::size_t>(number) * size, size);
  part_ = sigmoid(logit(*network_, code, parameters));
  return options_.largest * part_;
}

void RateNetwork::add_gradient(double derivative, const kernels::Array<float>& parameters,
                               const kernels::Array<float>& gradient) {
  *network_->network().output_gradient().origin() =
      static_cast<float>(derivative * options_.largest * part_ * (1.0 - part_));
  network_->network().backward(parameters, gradient);
}

Model rate_model(const RateNetwork& network, const kernels::Array<float>& parameters) {
  Model model{network.graph(), parameter_buffer<float>(network.graph().parameters), {}, {}};
  Kokkos::deep_copy(model.parameters, parameters);
  model.provenance[largest_key] = core::number_text(network.largest());
  return model;
}

double rate_of_model(MPI_Comm comm, const std::string& path, std::span<const double> code) {
  const Model model = load_model(comm, path);
  const auto found = model.provenance.find(largest_key);
  const double largest =
      found == model.provenance.end() ? 0.0 : std::strtod(found->second.c_str(), nullptr);
  const ResolvedGraph& graph = model.graph;
  const auto channels = [&](int node) {
    return graph.nodes[static_cast<std::size_t>(node)].signature.channels;
  };
  if (!(largest > 0.0) || graph.inputs.size() != 1 || graph.graph.dimension != 1 ||
      channels(graph.output) != 1)
    core::throw_data(path + ": is no network of learning rates; take the .rate.model.h5 that "
                            "meta-learning with learned rates writes");
  if (channels(graph.inputs[0]) != static_cast<int>(code.size()))
    core::throw_data(path + ": is for codes of " + std::to_string(channels(graph.inputs[0])) +
                     " numbers, and the operator has " + std::to_string(code.size()));
  BatchNetwork<float> network(graph, 1, NetworkMode::inference);
  return largest * sigmoid(logit(network, code, model.parameters));
}

} // namespace linnet::nn
