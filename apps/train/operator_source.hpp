// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where a DeepONet's samples come from: operators between functions, or fields, whose values at
/// the points of their grid are sensors.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>
#include <linnet/problems/operators/operator_fields.hpp>

#include <memory>
#include <string>
#include <vector>

namespace app {

struct OperatorSource {
  std::unique_ptr<linnet::problems::FieldSampler> sampler;
  linnet::nn::OperatorShape shape;
  std::vector<std::string> inputs; ///< fields that make up the values at sensors
  /// Points that all samples share, in the unit box or as a file has them; or none.
  std::vector<double> grid;
  /// Points of the grid that the sensors are the values of fields on; zeros where they are not.
  linnet::core::Index3 sensor_grid{0, 0, 0};
  /// The sampler where samples are functions; else null.
  const linnet::problems::OperatorFields* functions = nullptr;
};

/// That of -train_data. Points of fields are at i / (n - 1) of each direction. Collective. @throws
/// core::Error (usage) naming the option, for an evolution among others.
OperatorSource make_operator_source(const linnet::core::AppContext& context);

/// Ascending coordinates of the points that all samples share; none where these are no grid of the
/// unit box, first coordinate fastest, as those of a file may be.
std::vector<std::vector<double>> grid_axes(const OperatorSource& source);

} // namespace app
