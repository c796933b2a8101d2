// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/meta/adapter_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

using kernels::Array;

ParameterBlock block_of(const std::string& name, std::size_t rows, std::size_t columns) {
  ParameterBlock block;
  block.name = name;
  block.shape = {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)};
  return block;
}

} // namespace

AdapterTask::AdapterTask(TrainingTask& base, const Array<float>& frozen,
                         const AdapterOptions& options)
    : base_(base), options_(options) {
  const ParameterLayout& all = base.graph().parameters;
  if (options.rank < 1) core::throw_usage("adapters need a rank of 1 or more");
  if (base.layout() != all || frozen.extent(0) != all.size())
    core::throw_usage("adapters go with a task that trains the parameters of its network");
  const auto r = static_cast<std::size_t>(options.rank);
  for (const ResolvedNode& node : base.graph().nodes) {
    if (!node.operation || node.operation->name() != "dense") continue;
    const auto in = static_cast<std::size_t>(node.in_signatures[0].channels),
               out = static_cast<std::size_t>(node.signature.channels);
    ParameterBlock a = block_of(node.id + "/adapter_a", r, in),
                   b = block_of(node.id + "/adapter_b", out, r);
    a.start = InitialValues::glorot_normal; // of variance 2 / (fan_in + fan_out)
    a.fan_in = a.fan_out = options.rank;
    const std::size_t first = layout_.add(a), second = layout_.add(b);
    adapters_.push_back({node.parameters[0], first, second, in, out});
  }
  if (adapters_.empty()) core::throw_usage("adapters need a network with dense layers");
  frozen_ = parameter_buffer<float>(all);
  Kokkos::deep_copy(frozen_, frozen);
  merged_ = parameter_buffer<float>(all);
}

/// values = the frozen parameters with W + scale B A for each W.
void AdapterTask::merge(const Array<float>& trained, const Array<float>& values) const {
  Kokkos::deep_copy(values, frozen_);
  const auto rank = static_cast<std::size_t>(options_.rank);
  const auto scale = static_cast<float>(options_.scale);
  for (const Adapter& l : adapters_)
    for (std::size_t o = 0; o < l.out; ++o)
      for (std::size_t r = 0; r < rank; ++r) {
        const float factor = scale * trained.data()[l.b + o * rank + r];
        const float* const a = trained.data() + l.a + r * l.in;
        float* const w = values.data() + l.weights + o * l.in;
        for (std::size_t i = 0; i < l.in; ++i) w[i] += factor * a[i];
      }
}

/// With G the derivative by W: scale B^T G by A, and scale G A^T by B.
void AdapterTask::add_gradient(const Array<float>& of_network, const Array<float>& trained,
                               const Array<float>& gradient) const {
  const auto rank = static_cast<std::size_t>(options_.rank);
  const auto scale = static_cast<float>(options_.scale);
  for (const Adapter& l : adapters_)
    for (std::size_t o = 0; o < l.out; ++o) {
      const float* const g = of_network.data() + l.weights + o * l.in;
      for (std::size_t r = 0; r < rank; ++r) {
        const float factor = scale * trained.data()[l.b + o * rank + r];
        const float* const a = trained.data() + l.a + r * l.in;
        float* const ga = gradient.data() + l.a + r * l.in;
        double sum = 0.0;
        for (std::size_t i = 0; i < l.in; ++i) {
          ga[i] += factor * g[i];
          sum += static_cast<double>(g[i]) * static_cast<double>(a[i]);
        }
        gradient.data()[l.b + o * rank + r] += scale * static_cast<float>(sum);
      }
    }
}

Array<float> AdapterTask::network_parameters(const Array<float>& trained) const {
  const Array<float> values = parameter_buffer<float>(graph().parameters);
  merge(trained, values);
  return values;
}

double AdapterTask::evaluate(std::int64_t sample, const Array<float>& parameters,
                             const Array<float>* gradient) {
  merge(parameters, merged_);
  if (!gradient) return base_.evaluate(sample, merged_, nullptr);
  const Array<float> of_network = parameter_buffer<float>(graph().parameters);
  const double loss = base_.evaluate(sample, merged_, &of_network);
  add_gradient(of_network, parameters, *gradient);
  return loss;
}

void AdapterTask::evaluate_shards(const Batch& batch, const Array<float>& parameters,
                                  std::span<const Array<float>> gradients,
                                  std::span<double> losses) {
  merge(parameters, merged_);
  while (gradients_.size() < gradients.size())
    gradients_.push_back(parameter_buffer<float>(graph().parameters));
  const std::span<const Array<float>> mine(gradients_.data(), gradients.size());
  for (const Array<float>& g : mine) Kokkos::deep_copy(g, 0.0F);
  base_.evaluate_shards(batch, merged_, mine, losses);
  for (std::size_t s = 0; s < gradients.size(); ++s)
    add_gradient(mine[s], parameters, gradients[s]);
}

double AdapterTask::error(std::int64_t sample, const Array<float>& parameters) {
  merge(parameters, merged_);
  return base_.error(sample, merged_);
}

double AdapterTask::error_sum(std::int64_t first, std::int64_t count,
                              const Array<float>& parameters) {
  merge(parameters, merged_);
  return base_.error_sum(first, count, merged_);
}

} // namespace linnet::nn
