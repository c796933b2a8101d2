// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a DeepONet learns from: functions at sensors, points, and the values of the solution there.
#pragma once

#include <linnet/nn/network/model.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::nn {

/// Names of the fields of a sample file.
inline constexpr const char* sensor_field = "sensors";
inline constexpr const char* point_field = "points";

struct OperatorShape {
  int sensors = 0, coordinates = 0, outputs = 0;
  int points = 0;             ///< of a sample
  bool shares_points = false; ///< all samples have the same ones: Cartesian data, not triples
  bool operator==(const OperatorShape&) const = default;
};

/// In memory, in single precision.
struct OperatorData {
  OperatorShape shape;
  std::int64_t samples = 0;
  std::vector<float> sensors;     ///< (sample, sensor)
  std::vector<float> coordinates; ///< ([sample,] point, coordinate)
  std::vector<float> values;      ///< (sample, output, point)
};

/// Reads all samples of @p path; @p inputs: the fields that make up the values at sensors, one
/// behind the other; @p grid: the points that all samples share, where they do. Not collective.
/// @throws core::Error (data) for other fields, or a value that is not finite.
OperatorData read_operator_data(const std::string& path, const OperatorShape& shape,
                                const std::vector<std::string>& inputs,
                                const std::vector<double>& grid);

/// Divides the values of every sample by their root mean square, unless that is zero.
void scale_to_unit(OperatorData& data);

/// Those of the first @p samples samples: of each sensor, or of all of them as one; and of the
/// output, of each, or of each at each point of a common grid.
Normaliser fit_sensors(const OperatorData& data, std::int64_t samples, NormaliserKind kind);
Normaliser fit_outputs(const OperatorData& data, std::int64_t samples, NormaliserKind kind);

/// The values at sensors of all samples, (sample, sensor), as a branch takes them.
std::vector<float> encoded_sensors(const OperatorData& data, const Normaliser& normaliser);

} // namespace linnet::nn
