// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "interpolation_task.hpp"

#include <linnet/multigrid/interpolation_loss.hpp>

namespace app {

using linnet::kernels::Array;
using linnet::multigrid::InterpolationLoss;
using linnet::multigrid::InterpolationWeights;
using namespace linnet::nn;

namespace {

/// The output starts at zero: training starts from black-box interpolation.
ParameterLayout weight_layout() {
  ParameterLayout layout;
  for (const auto& block : linnet::multigrid::interpolation_blocks()) {
    ParameterBlock parameters;
    parameters.name = block.name;
    parameters.shape = block.shape;
    const bool is_matrix = block.shape.size() > 1;
    parameters.role = is_matrix ? ParameterRole::weight : ParameterRole::bias;
    parameters.start = is_matrix ? InitialValues::glorot_normal : InitialValues::zeros;
    parameters.fan_out = block.shape.front();
    parameters.fan_in = block.shape.back();
    layout.add(parameters);
  }
  return layout;
}

} // namespace

InterpolationTask::InterpolationTask(const MediaOptions& media, std::int64_t samples, int steps)
    : media_(media), samples_(samples), steps_(steps) {
  graph_.parameters = weight_layout();
}

double InterpolationTask::evaluate(std::int64_t sample, const Array<float>& parameters,
                                   const Array<float>* gradient) {
  MediaOptions media = media_;
  const bool coarse = sample % 2 == 1;
  if (coarse)
    for (int d = 0; d < media.dim; ++d) media.cells[static_cast<std::size_t>(d)] *= 2;
  const std::vector<double> weights = this->weights(parameters).values;
  auto a = RandomMedium(media, sample).stencil();
  if (coarse) a = InterpolationLoss(a).coarse_operator(weights);
  InterpolationLoss loss(a);
  std::vector<double> derivative(gradient ? weights.size() : 0, 0.0);
  const double value =
      loss.evaluate(weights, static_cast<std::uint64_t>(sample), steps_, derivative);
  if (!gradient) return value;
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, *gradient);
  const auto& blocks = linnet::multigrid::interpolation_blocks();
  for (std::size_t b = 0; b < blocks.size(); ++b)
    for (std::size_t i = 0; i < blocks[b].size(); ++i)
      host(graph_.parameters.blocks()[b].offset + i) +=
          static_cast<float>(derivative[blocks[b].offset + i]);
  Kokkos::deep_copy(*gradient, host);
  return value;
}

InterpolationWeights InterpolationTask::weights(const Array<float>& parameters) const {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, parameters);
  InterpolationWeights weights{media_.dim, {}};
  for (const ParameterBlock& block : graph_.parameters.blocks())
    for (std::size_t i = 0; i < block.size(); ++i)
      weights.values.push_back(static_cast<double>(host(block.offset + i)));
  return weights;
}

Array<float> InterpolationTask::parameters(const InterpolationWeights& weights) const {
  const auto values = parameter_buffer<float>(graph_.parameters);
  const auto host = Kokkos::create_mirror_view(values);
  Kokkos::deep_copy(host, 0.0F);
  std::size_t place = 0;
  for (const ParameterBlock& block : graph_.parameters.blocks())
    for (std::size_t i = 0; i < block.size(); ++i)
      host(block.offset + i) = static_cast<float>(weights.values[place++]);
  Kokkos::deep_copy(values, host);
  return values;
}

} // namespace app
