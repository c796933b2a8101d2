// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// DeepONets, samples and straightforward values for their tests.
#pragma once

#include "buffers.hpp"
#include "network_case.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>
#include <linnet/nn/deeponet/deeponet_task.hpp>
#include <linnet/nn/training/reproducible_sum.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace linnet::test {

using namespace linnet::nn;

/// All features at once.
inline DeepONetOptions rich() {
  DeepONetOptions o;
  o.sensors = 7, o.coordinates = 2, o.outputs = 2;
  o.branch = {9, 8}, o.trunk = {10, 6};
  o.branch_activation = kernels::Activation::gelu;
  o.trunk_activation = kernels::Activation::tanh;
  return o;
}

/// The same sensors as points of a line.
inline DeepONetOptions convolutional() {
  DeepONetOptions o = rich();
  o.branch_convolutions = {3, 4}, o.branch_kernel = 3, o.branch_stride = 2, o.branch_pad = true;
  o.sensor_grid = {7, 1, 1};
  return o;
}

inline ResolvedGraph resolved(const DeepONetOptions& o) { return resolve(deeponet_graph(o)); }

inline double uniform(std::uint64_t stream, std::uint64_t place) {
  return core::RandomStream(5, stream).uniform(place);
}

inline OperatorData make_data(const OperatorShape& shape, std::int64_t samples) {
  OperatorData data;
  data.shape = shape;
  data.samples = samples;
  const auto fill = [](std::vector<float>& values, std::int64_t count, std::uint64_t stream) {
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<float>(uniform(stream, static_cast<std::uint64_t>(i))));
  };
  fill(data.sensors, samples * shape.sensors, 1);
  fill(data.coordinates,
       (shape.shares_points ? 1 : samples) * std::int64_t{shape.points} * shape.coordinates, 2);
  fill(data.values, samples * shape.points * shape.outputs, 3);
  return data;
}

inline kernels::Array<float> parameters_of(const ResolvedGraph& graph) {
  const auto values = parameter_buffer<float>(graph.parameters);
  initialise(graph.parameters, 3, values);
  for (const ParameterBlock& block : graph.parameters.blocks()) // biases, too
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
      values.data()[i] += 0.1F * static_cast<float>(uniform(4, i) - 0.5);
  return values;
}

/// The whole graph in double precision at one function and point.
inline std::vector<double> value_of_graph(const ResolvedGraph& graph,
                                          const kernels::Array<float>& parameters, const float* u,
                                          const float* y) {
  BatchNetwork<double> one(graph, 1, NetworkMode::inference);
  const auto wide = parameter_buffer<double>(graph.parameters);
  for (std::size_t i = 0; i < wide.extent(0); ++i)
    wide.data()[i] = static_cast<double>(parameters.data()[i]);
  const auto fill = [&](std::size_t number, const float* values) {
    const auto& t = one.network().input(number);
    for (int c = 0; c < t.channels; ++c) *t.origin(c) = static_cast<double>(values[c]);
  };
  fill(0, u);
  fill(1, y);
  one.network().forward(wide);
  std::vector<double> values;
  for (int o = 0; o < one.network().output().channels; ++o)
    values.push_back(*one.network().output().origin(o));
  return values;
}

/// Mean squared error of a sample by the graph, with output = scale value + shift of a normaliser.
inline double naive_loss(const ResolvedGraph& graph, const OperatorData& data, std::int64_t sample,
                         const kernels::Array<float>& parameters, const Normaliser& normaliser) {
  const OperatorShape& s = data.shape;
  std::vector<double> field(static_cast<std::size_t>(s.outputs * s.points));
  for (int q = 0; q < s.points; ++q) {
    const std::int64_t place = s.shares_points ? q : sample * s.points + q;
    const auto values = value_of_graph(graph, parameters, data.sensors.data() + sample * s.sensors,
                                       data.coordinates.data() + place * s.coordinates);
    for (int o = 0; o < s.outputs; ++o)
      field[static_cast<std::size_t>(o * s.points + q)] = values[static_cast<std::size_t>(o)];
  }
  normaliser.decode(field, {{0, 0, 0}, {s.points, 1, 1}});
  double sum = 0.0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto target =
        static_cast<double>(data.values[static_cast<std::size_t>(sample) * field.size() + i]);
    sum += (field[i] - target) * (field[i] - target);
  }
  return sum / static_cast<double>(field.size());
}

/// A point normaliser for Cartesian data, one by output for triples.
inline Normaliser some_normaliser(const OperatorShape& s) {
  const int points = s.shares_points ? s.points : 1;
  std::vector<double> means, deviations;
  for (int i = 0; i < s.outputs * points; ++i) {
    means.push_back(0.1 * i - 0.2);
    deviations.push_back(0.5 + 0.1 * i);
  }
  return {s.shares_points ? NormaliserKind::point : NormaliserKind::channel,
          s.outputs,
          {points, 1, 1},
          means,
          deviations};
}

struct Case {
  const char* name;
  OperatorShape shape;
};
const Case cases[] = {{"triples", {7, 2, 2, 1, false}},
                      {"several points", {7, 2, 2, 5, false}},
                      {"Cartesian", {7, 2, 2, 11, true}}};

/// check(case, graph) with a dense branch and one of convolutions.
template <class Check>
void for_each_network(const Check& check) {
  for (const Case& c : cases)
    for (const DeepONetOptions& o : {rich(), convolutional()}) {
      SCOPED_TRACE(o.branch_convolutions.empty() ? "dense" : "convolutions");
      check(c, resolved(o));
    }
}

struct Outcome {
  std::vector<float> gradient;
  double loss = 0.0;
};

/// Mean gradient of a batch, as the trainer forms it.
inline Outcome run_batch(MPI_Comm comm, DeepONetTask& task, const kernels::Array<float>& parameters,
                         std::vector<std::int64_t> samples, int shards) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const Batch batch{comm, samples, shards, rank, ranks};
  std::vector<kernels::Array<float>> gradients;
  for (int s = rank; s < shards; s += ranks)
    gradients.push_back(parameter_buffer<float>(task.graph().parameters));
  std::vector<double> losses(gradients.size());
  task.evaluate_shards(batch, parameters, gradients, losses);
  const auto mean = parameter_buffer<float>(task.graph().parameters);
  ReproducibleSum<float>(comm, task.graph().parameters, shards).mean(gradients, 1.0, mean);
  const std::vector<std::string> names{"loss"};
  return {tests::values_of(mean), sum_of_shards(comm, shards, names, losses).front()};
}

} // namespace linnet::test
