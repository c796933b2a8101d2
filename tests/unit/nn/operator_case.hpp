// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A small DeepONet on random functions of several operators, for tests of what is trained with it.
#pragma once

#include <linnet/core/random.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>
#include <linnet/nn/deeponet/deeponet_task.hpp>

#include <cmath>

namespace linnet::tests {

inline double uniform(std::uint64_t stream, std::uint64_t place) {
  return core::RandomStream(5, stream).uniform(place);
}

/// Sample k is of operator k mod @p operators: an own multiple of a sine of the input's first
/// value.
inline nn::OperatorData operator_data(bool shares_points, std::int64_t operators,
                                      std::int64_t samples) {
  nn::OperatorData data;
  data.shape = {3, 1, 1, shares_points ? 7 : 2, shares_points};
  data.samples = samples;
  const auto place = [](std::int64_t i) { return static_cast<std::uint64_t>(i); };
  for (std::int64_t i = 0; i < samples * 3; ++i)
    data.sensors.push_back(static_cast<float>(uniform(1, place(i)) - 0.5));
  for (std::int64_t i = 0; i < (shares_points ? 1 : samples) * data.shape.points; ++i)
    data.coordinates.push_back(static_cast<float>(uniform(2, place(i))));
  for (std::int64_t s = 0; s < samples; ++s)
    for (int q = 0; q < data.shape.points; ++q) {
      const double y = static_cast<double>(
          data.coordinates[place((shares_points ? 0 : s * data.shape.points) + q)]);
      const double a = 0.5 + static_cast<double>(s % operators);
      data.values.push_back(static_cast<float>(
          a * std::sin(3.0 * static_cast<double>(data.sensors[place(3 * s)]) + y)));
    }
  return data;
}

inline nn::ResolvedGraph operator_graph() {
  nn::DeepONetOptions o;
  o.sensors = 3, o.coordinates = 1;
  o.branch = {6}, o.trunk = {6, 4};
  o.branch_activation = kernels::Activation::gelu;
  o.trunk_activation = kernels::Activation::tanh;
  return nn::resolve(nn::deeponet_graph(o));
}

} // namespace linnet::tests
