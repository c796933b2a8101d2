// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/operator_data.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/training/sample_file.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace linnet::nn {

namespace {

// So many values are read together.
constexpr std::int64_t block_values = 1 << 20;

/// One field of all samples, with @p count values each.
std::vector<float> read_field(const SampleReader& reader, const std::string& path,
                              const std::string& field, std::int64_t count) {
  const std::int64_t samples = reader.layout().samples;
  const std::int64_t found = reader.channels(field) * core::volume(reader.layout().points);
  if (found != count)
    core::throw_data(path + ": /" + field + ": has " + std::to_string(found) +
                     " values a sample, not " + std::to_string(count));
  const std::int64_t at_once = std::max<std::int64_t>(1, block_values / count);
  std::vector<float> all;
  all.reserve(static_cast<std::size_t>(samples * count));
  std::vector<double> values;
  for (std::int64_t s = 0; s < samples; s += at_once) {
    const std::int64_t here = std::min(at_once, samples - s);
    values.resize(static_cast<std::size_t>(here * count));
    reader.read_whole(field, s, here, values.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i]))
        core::throw_data(path + ": /" + field + ": sample " +
                         std::to_string(s + static_cast<std::int64_t>(i) / count) +
                         " is not finite; make the file anew");
      all.push_back(static_cast<float>(values[i]));
    }
  }
  return all;
}

/// Several fields, those of a sample one behind the other.
std::vector<float> read_inputs(const SampleReader& reader, const std::string& path,
                               const std::vector<std::string>& fields, int sensors) {
  const auto width = static_cast<std::size_t>(sensors);
  std::vector<float> all(static_cast<std::size_t>(reader.layout().samples) * width);
  std::size_t first = 0;
  for (const std::string& field : fields) {
    const auto count =
        static_cast<std::size_t>(reader.channels(field) * core::volume(reader.layout().points));
    if (count == 0 || first + count > width)
      core::throw_data(path + ": /" + field + ": is missing, or larger than " +
                       std::to_string(sensors) + " sensors");
    const auto values = read_field(reader, path, field, static_cast<std::int64_t>(count));
    for (std::size_t i = 0; i < values.size(); ++i)
      all[i / count * width + first + i % count] = values[i];
    first += count;
  }
  if (first != width)
    core::throw_data(path + ": has " + std::to_string(first) + " input values a sample, not " +
                     std::to_string(sensors));
  return all;
}

Normaliser fit(NormaliserKind kind, int channels, int points, std::int64_t samples,
               const std::vector<float>& values) {
  const auto count = static_cast<std::size_t>(channels) * static_cast<std::size_t>(points);
  NormaliserFit fit(kind, channels, {points, 1, 1});
  std::vector<double> one(count);
  for (std::size_t s = 0; s < static_cast<std::size_t>(samples); ++s) {
    for (std::size_t i = 0; i < count; ++i) one[i] = static_cast<double>(values[s * count + i]);
    fit.add(one);
  }
  return fit.result();
}

} // namespace

OperatorData read_operator_data(const std::string& path, const OperatorShape& shape,
                                const std::vector<std::string>& inputs,
                                const std::vector<double>& grid) {
  const SampleReader reader(path);
  OperatorData data;
  data.shape = shape;
  data.samples = reader.layout().samples;
  data.sensors = read_inputs(reader, path, inputs, shape.sensors);
  data.values = read_field(reader, path, solution_field, shape.outputs * shape.points);
  if (shape.shares_points)
    data.coordinates.assign(grid.begin(), grid.end());
  else
    data.coordinates = read_field(reader, path, point_field, shape.coordinates * shape.points);
  return data;
}

void scale_to_unit(OperatorData& data) {
  const auto count =
      static_cast<std::size_t>(data.shape.outputs) * static_cast<std::size_t>(data.shape.points);
  for (std::size_t first = 0; first < data.values.size(); first += count) {
    const std::span<float> values = std::span(data.values).subspan(first, count);
    double square = 0.0;
    for (const float v : values) square += static_cast<double>(v) * static_cast<double>(v);
    if (square == 0.0) continue;
    const double factor = std::sqrt(static_cast<double>(count) / square);
    for (float& v : values) v = static_cast<float>(factor * static_cast<double>(v));
  }
}

Normaliser fit_sensors(const OperatorData& data, std::int64_t samples, NormaliserKind kind) {
  return fit(kind, data.shape.sensors, 1, samples, data.sensors);
}

Normaliser fit_outputs(const OperatorData& data, std::int64_t samples, NormaliserKind kind) {
  if (kind == NormaliserKind::point && !data.shape.shares_points)
    core::throw_usage("outputs cannot be normalised point by point: samples have points of their "
                      "own");
  return fit(kind, data.shape.outputs, data.shape.points, samples, data.values);
}

std::vector<float> encoded_sensors(const OperatorData& data, const Normaliser& normaliser) {
  std::vector<float> all = data.sensors;
  const auto m = static_cast<std::size_t>(data.shape.sensors);
  std::vector<double> one(m);
  for (std::size_t s = 0; s < static_cast<std::size_t>(data.samples); ++s) {
    std::copy_n(data.sensors.begin() + static_cast<std::ptrdiff_t>(s * m), m, one.begin());
    normaliser.encode(one, {{0, 0, 0}, {1, 1, 1}});
    std::copy(one.begin(), one.end(), all.begin() + static_cast<std::ptrdiff_t>(s * m));
  }
  return all;
}

} // namespace linnet::nn
