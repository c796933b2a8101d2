// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/deeponet.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

#include <petscsys.h>

#include <algorithm>

namespace linnet::nn {

namespace {

// Of a tile.
constexpr int points_at_once = 256;

grid::Partition members_cut(const ResolvedGraph& graph, int members) {
  return Domain::exact_cut({members, 1, 1}, graph.levels, graph.graph.padding,
                           graph.graph.coarsening, 1);
}

} // namespace

ResolvedGraph ancestors(const ResolvedGraph& graph, int output) {
  std::vector<bool> needed(graph.nodes.size(), false);
  needed[static_cast<std::size_t>(output)] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;)
    if (needed[i])
      for (const int j : graph.nodes[i].in) needed[static_cast<std::size_t>(j)] = true;
  ResolvedGraph part = graph;
  part.nodes.clear();
  part.inputs.clear();
  part.graph.nodes.clear();
  std::vector<int> number(graph.nodes.size(), -1);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!needed[i]) continue;
    number[i] = static_cast<int>(part.nodes.size());
    ResolvedNode node = graph.nodes[i];
    for (int& j : node.in) j = number[static_cast<std::size_t>(j)];
    if (node.in.empty()) part.inputs.push_back(number[i]);
    part.nodes.push_back(std::move(node));
    part.graph.nodes.push_back(graph.graph.nodes[i]);
  }
  part.output = number[static_cast<std::size_t>(output)];
  part.graph.output = part.graph.nodes.back().id;
  return part;
}

bool is_deeponet(const ResolvedGraph& graph) {
  return graph.nodes[static_cast<std::size_t>(graph.output)].operation->name() ==
         inner_product_name;
}

DeepONetParts split_deeponet(const ResolvedGraph& graph, const std::string& name) {
  const ResolvedNode& head = graph.nodes[static_cast<std::size_t>(graph.output)];
  const auto require = [&](bool good) {
    if (!good)
      core::throw_usage(name + ": is no DeepONet: its result must be an inner_product of what "
                               "depends on its first input and what depends on its second, on one "
                               "grid of dimension 1");
  };
  require(graph.inputs.size() == 2 && is_deeponet(graph) && graph.levels == 1 &&
          graph.graph.dimension == 1);
  DeepONetParts parts;
  parts.branch = ancestors(graph, head.in[0]);
  parts.trunk = ancestors(graph, head.in[1]);
  const auto reads = [&](const ResolvedGraph& part, int input) {
    return part.inputs.size() == 1 &&
           part.nodes[static_cast<std::size_t>(part.inputs[0])].id ==
               graph.nodes[static_cast<std::size_t>(graph.inputs[static_cast<std::size_t>(input)])]
                   .id;
  };
  require(reads(parts.branch, 0) && reads(parts.trunk, 1));
  const auto channels = [&](int node) {
    return graph.nodes[static_cast<std::size_t>(node)].signature.channels;
  };
  parts.sensors = channels(graph.inputs[0]);
  parts.coordinates = channels(graph.inputs[1]);
  parts.outputs = head.signature.channels;
  parts.basis = channels(head.in[1]);
  if (!head.parameters.empty()) parts.bias = head.parameters[0];
  return parts;
}

template <class T>
BatchNetwork<T>::BatchNetwork(const ResolvedGraph& graph, int members, NetworkMode mode)
    : domain_(PETSC_COMM_SELF, members_cut(graph, members), graph.levels, graph.graph.padding,
              graph.graph.coarsening),
      network_(graph, domain_, mode) {
  if (mode == NetworkMode::inference) domain_.treat_points_alike();
}

template class BatchNetwork<float>;
template class BatchNetwork<double>;

DeepONet::DeepONet(const Model& model, const std::string& name, int functions)
    : model_(model), parts_(split_deeponet(model.graph, name)),
      branch_(parts_.branch, functions, NetworkMode::inference),
      trunk_(parts_.trunk, points_at_once, NetworkMode::inference) {
  model_.normalisation.input.require(parts_.sensors, {1, 1, 1}, "input");
}

/// Of at most one tile.
void DeepONet::run_trunk(std::span<const double> points) {
  rows_.assign(points.begin(), points.end());
  const int count = static_cast<int>(points.size()) / parts_.coordinates;
  gather_members(
      rows_.data(), [](int i) { return static_cast<std::int64_t>(i); }, count,
      trunk_.network().input());
  trunk_.network().forward(model_.parameters);
}

void DeepONet::basis(std::span<const double> points, std::span<double> values) {
  const auto d = static_cast<std::size_t>(parts_.coordinates), count = points.size() / d;
  for (std::size_t first = 0; first < count; first += points_at_once) {
    const std::size_t here = std::min<std::size_t>(points_at_once, count - first);
    run_trunk(points.subspan(first * d, here * d));
    for (int k = 0; k < parts_.basis; ++k)
      for (std::size_t q = 0; q < here; ++q)
        values[static_cast<std::size_t>(k) * count + first + q] =
            static_cast<double>(trunk_.network().output().origin(k)[q]);
  }
}

void DeepONet::run_branch(std::span<const double> inputs) {
  const auto m = static_cast<std::size_t>(parts_.sensors);
  const std::size_t functions = inputs.size() / m,
                    width = static_cast<std::size_t>(parts_.outputs) *
                            static_cast<std::size_t>(parts_.basis);
  coefficients_.resize(functions * width);
  encoded_.assign(inputs.begin(), inputs.end());
  for (std::size_t f = 0; f < functions; ++f)
    model_.normalisation.input.encode(std::span(encoded_).subspan(f * m, m),
                                      {{0, 0, 0}, {1, 1, 1}});
  rows_.assign(encoded_.begin(), encoded_.end());
  const auto at_once = static_cast<std::size_t>(branch_.members());
  for (std::size_t first = 0; first < functions; first += at_once) {
    const std::size_t here = std::min(at_once, functions - first);
    gather_members(
        rows_.data() + first * m, [](int i) { return static_cast<std::int64_t>(i); },
        static_cast<int>(here), branch_.network().input());
    branch_.network().forward(model_.parameters);
    for (std::size_t c = 0; c < width; ++c)
      for (std::size_t f = 0; f < here; ++f)
        coefficients_[(first + f) * width + c] =
            branch_.network().output().origin(static_cast<int>(c))[f];
  }
}

void DeepONet::coefficients(std::span<const double> inputs, std::span<double> values) {
  run_branch(inputs);
  std::copy(coefficients_.begin(), coefficients_.end(), values.begin());
}

double DeepONet::bias(int output) const {
  return parts_.bias ? static_cast<double>(
                           model_.parameters(*parts_.bias + static_cast<std::size_t>(output)))
                     : 0.0;
}

std::vector<double> DeepONet::basis_at(std::span<const core::Real3> points) {
  const auto d = static_cast<std::size_t>(parts_.coordinates);
  std::vector<double> coordinates;
  coordinates.reserve(points.size() * d);
  for (const core::Real3& x : points)
    coordinates.insert(coordinates.end(), x.begin(), x.begin() + static_cast<std::ptrdiff_t>(d));
  std::vector<double> values(points.size() * static_cast<std::size_t>(parts_.basis));
  basis(coordinates, values);
  return values;
}

/// As the field of a function, whose channels are outputs.
void DeepONet::decode(std::span<double> values, int count, int first_point) const {
  const std::size_t size =
      static_cast<std::size_t>(parts_.outputs) * static_cast<std::size_t>(count);
  if (size == 0) return;
  const Normaliser& output = model_.normalisation.output;
  if (output.kind() == NormaliserKind::point && first_point + count > output.points()[0])
    core::throw_usage("output: the normalisation is for " + std::to_string(output.points()[0]) +
                      " points, and there are " + std::to_string(first_point + count));
  for (std::size_t f = 0; f < values.size() / size; ++f)
    output.decode(values.subspan(f * size, size),
                  {{first_point, 0, 0}, {first_point + count, 1, 1}});
}

void DeepONet::evaluate_each(std::span<const double> inputs, std::span<const double> points,
                             int count, std::span<double> values) {
  const auto d = static_cast<std::size_t>(parts_.coordinates),
             outputs = static_cast<std::size_t>(parts_.outputs),
             basis = static_cast<std::size_t>(parts_.basis), each = static_cast<std::size_t>(count),
             all = points.size() / d;
  run_branch(inputs);
  for (std::size_t first = 0; first < all; first += points_at_once) {
    const std::size_t here = std::min<std::size_t>(points_at_once, all - first);
    run_trunk(points.subspan(first * d, here * d));
    const kernels::Tensor<float>& trunk = trunk_.network().output();
    for (std::size_t q = 0; q < here; ++q)
      for (std::size_t o = 0; o < outputs; ++o) {
        const std::size_t row = (first + q) / each * outputs + o;
        double sum = bias(static_cast<int>(o));
        for (std::size_t k = 0; k < basis; ++k)
          sum += static_cast<double>(coefficients_[row * basis + k]) *
                 static_cast<double>(trunk.origin(static_cast<int>(k))[q]);
        values[row * each + (first + q) % each] = sum;
      }
  }
  decode(values, count, 0);
}

void DeepONet::evaluate(std::span<const double> inputs, std::span<const double> points,
                        std::span<double> values, int first_point) {
  const auto m = static_cast<std::size_t>(parts_.sensors),
             d = static_cast<std::size_t>(parts_.coordinates),
             outputs = static_cast<std::size_t>(parts_.outputs),
             basis = static_cast<std::size_t>(parts_.basis);
  const std::size_t functions = inputs.size() / m, count = points.size() / d;
  run_branch(inputs);
  for (std::size_t first = 0; first < count; first += points_at_once) {
    const std::size_t here = std::min<std::size_t>(points_at_once, count - first);
    run_trunk(points.subspan(first * d, here * d));
    const kernels::Tensor<float>& trunk = trunk_.network().output();
    for (std::size_t row = 0; row < functions * outputs; ++row) {
      double* to = values.data() + row * count + first;
      const double shift = bias(static_cast<int>(row % outputs));
      for (std::size_t q = 0; q < here; ++q) to[q] = shift;
      for (std::size_t k = 0; k < basis; ++k) {
        const auto b = static_cast<double>(coefficients_[row * basis + k]);
        const float* t = trunk.origin(static_cast<int>(k));
        for (std::size_t q = 0; q < here; ++q) to[q] += b * static_cast<double>(t[q]);
      }
    }
  }
  decode(values, static_cast<int>(count), first_point);
}

} // namespace linnet::nn
