// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "operator_source.hpp"

#include "deeponet_options.hpp"
#include "field_samples.hpp"
#include "imported_functions.hpp"

#include <linnet/nn/training/sample_file.hpp>

#include <algorithm>

namespace app {

using linnet::core::Index3;
using linnet::nn::solution_field;
using namespace linnet::problems;

namespace {

/// Values that a branch may take.
constexpr std::int64_t most_sensors = 4096;

OperatorSource of_functions(const linnet::core::Options& options) {
  auto fields = make_operator_fields(options);
  OperatorSource source;
  source.shape = {fields->sensors(), fields->coordinates(), fields->outputs(),
                  fields->point_count(), fields->shares_points()};
  source.inputs = {linnet::nn::sensor_field};
  // Values of a function along a line; the numbers of an operator behind them are none.
  if (!options.boolean("-train_code")) source.sensor_grid = {source.shape.sensors, 1, 1};
  if (fields->shares_points()) source.grid = fields->grid();
  source.functions = fields.get();
  source.sampler = std::move(fields);
  return source;
}

std::vector<double> node_grid(const Index3& n, int dimension) {
  std::vector<double> grid;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        const int at[] = {i, j, k};
        for (int d = 0; d < dimension; ++d)
          grid.push_back(static_cast<double>(at[d]) / std::max(1, n[d] - 1));
      }
  return grid;
}

OperatorSource of_imported(const linnet::core::AppContext& context) {
  auto functions = make_imported_functions(context);
  if (!functions->has_values())
    context.options().fail("-train_import_output", "is needed to train; none is for predictions");
  OperatorSource source;
  source.shape = functions->shape();
  if (source.shape.sensors > most_sensors)
    context.options().fail("-train_import_input", "has " + std::to_string(source.shape.sensors) +
                                                      " sensors, more than the " +
                                                      std::to_string(most_sensors) +
                                                      " that a branch may have");
  source.inputs = {linnet::nn::sensor_field};
  source.sensor_grid = {source.shape.sensors, 1, 1};
  source.grid = functions->grid();
  source.sampler = std::move(functions);
  return source;
}

OperatorSource of_fields(const linnet::core::AppContext& context) {
  OperatorSource source;
  source.sampler = make_field_sampler(context);
  const Index3 n = source.sampler->points();
  const std::int64_t points = linnet::core::volume(n);
  std::int64_t sensors = 0;
  for (const SampledField& field : source.sampler->fields()) {
    if (field.name == solution_field) {
      source.shape.outputs = field.channels;
      continue;
    }
    source.inputs.push_back(field.name);
    sensors += field.channels * points;
  }
  const auto& options = context.options();
  if (source.shape.outputs == 0 && options.choice("-train_data") == "import" &&
      !options.is_set("-train_import_trajectory"))
    options.fail("-train_import_output", "is needed to train; none is for predictions");
  if (source.shape.outputs == 0 || source.inputs.empty())
    options.fail("-train_data", "must give a solution for a deeponet, and " +
                                    options.choice("-train_data") + " gives an evolution");
  if (sensors > most_sensors)
    options.fail("-train_solve_grid", "gives " + std::to_string(sensors) +
                                          " input values, more than the " +
                                          std::to_string(most_sensors) +
                                          " that a branch may have; take a coarser grid or a "
                                          "larger -train_stride");
  source.shape.sensors = static_cast<int>(sensors);
  source.shape.coordinates = n[2] > 1 ? 3 : n[1] > 1 ? 2 : 1;
  source.shape.points = static_cast<int>(points);
  source.shape.shares_points = true;
  source.grid = node_grid(n, source.shape.coordinates);
  source.sensor_grid = n;
  return source;
}

} // namespace

OperatorSource make_operator_source(const linnet::core::AppContext& context) {
  const auto& options = context.options();
  if (is_operator_data(options)) return of_functions(options);
  return options.is_set("-train_import_points") ? of_imported(context) : of_fields(context);
}

std::vector<std::vector<double>> grid_axes(const OperatorSource& source) {
  const std::vector<double>& grid = source.grid;
  const auto d = static_cast<std::size_t>(source.shape.coordinates), count = grid.size() / d;
  std::vector<std::vector<double>> axes(d);
  for (std::size_t i = 0; i < grid.size(); ++i) axes[i % d].push_back(grid[i]);
  std::size_t all = 1;
  for (auto& axis : axes) {
    std::sort(axis.begin(), axis.end());
    axis.erase(std::unique(axis.begin(), axis.end()), axis.end());
    if (axis.front() < 0.0 || axis.back() > 1.0) return {};
    all *= std::min(axis.size(), count + 1); // no more than there are points, and no overflow
    if (all > count) return {};
  }
  if (all != count) return {};
  for (std::size_t p = 0; p < count; ++p) {
    std::size_t rest = p;
    for (std::size_t c = 0; c < d; ++c) {
      if (grid[p * d + c] != axes[c][rest % axes[c].size()]) return {};
      rest /= axes[c].size();
    }
  }
  return axes;
}

} // namespace app
