// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "function_source.hpp"

#include "field_source.hpp"
#include "options.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>
#include <linnet/nn/fields/field_samples.hpp>
#include <linnet/nn/training/sample_file.hpp>
#include <linnet/problems/operators/operator_fields.hpp>
#include <linnet/problems/operators/operator_options.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace app {

using linnet::core::AppContext;
using linnet::core::Index3;
using linnet::core::Options;
using linnet::nn::evolution_field;
using linnet::nn::point_field;
using linnet::nn::sensor_field;
using linnet::nn::solution_field;
using namespace linnet::problems;

namespace {

/// Points i / (n - 1) of each direction that has several, x fastest.
SharedPoints nodes_of(const Index3& n) {
  SharedPoints nodes;
  nodes.coordinates = n[2] > 1 ? 3 : n[1] > 1 ? 2 : 1;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        const int at[] = {i, j, k};
        for (int d = 0; d < nodes.coordinates; ++d)
          nodes.values.push_back(static_cast<double>(at[d]) / std::max(1, n[d] - 1));
      }
  return nodes;
}

/// What the fields of samples say. @p name begins messages.
FunctionShape shape_of(const std::vector<SampledField>& fields, const Index3& points,
                       int coordinates, const std::string& name) {
  const std::int64_t each = linnet::core::volume(points);
  FunctionShape shape;
  bool is_at_sensors = false;
  std::int64_t sensors = 0, values = 0;
  for (const SampledField& field : fields) {
    const std::int64_t count = field.channels * each;
    if (field.name == evolution_field)
      linnet::core::throw_data(name + ": has the frames of an evolution, '" + evolution_field +
                               "', which are no input of a DeepONet");
    if (field.name == solution_field)
      values = count;
    else if (field.name == point_field) {
      if (coordinates < 1 || count % coordinates != 0)
        linnet::core::throw_data(name + ": '" + point_field + "' has " + std::to_string(count) +
                                 " numbers a sample, which are no points of " +
                                 std::to_string(coordinates) + " coordinate(s)");
      shape.own_points = static_cast<int>(count / coordinates);
    } else {
      sensors += count;
      is_at_sensors = is_at_sensors || field.name == sensor_field;
    }
  }
  if (sensors < 1)
    linnet::core::throw_data(name + ": has no input beside '" + solution_field + "'");
  if (sensors > INT32_MAX || values > INT32_MAX)
    linnet::core::throw_data(name + ": has more than 2^31 values a sample");
  shape.sensors = static_cast<int>(sensors);
  shape.values = static_cast<int>(values);
  if (!is_at_sensors) {
    shape.sensor_grid = points;
    shape.shared = nodes_of(points);
  }
  return shape;
}

class FunctionFile final : public FunctionSource {
public:
  FunctionFile(const std::string& path, int coordinates) : path_(path), reader_(path) {
    const auto& layout = reader_.layout();
    if (reader_.complete() < layout.samples)
      linnet::core::throw_data(path + ": holds " + std::to_string(reader_.complete()) + " of " +
                               std::to_string(layout.samples) +
                               " samples; let the run that makes it go on");
    std::vector<SampledField> fields;
    for (const auto& field : layout.fields) fields.push_back({field.name, field.channels});
    shape_ = shape_of(fields, layout.points, coordinates, path);
    if (!layout.grid.empty()) shape_.shared = {layout.coordinates, layout.grid};
  }
  [[nodiscard]] const FunctionShape& shape() const override { return shape_; }
  [[nodiscard]] std::string recipe() const override { return reader_.layout().recipe; }
  [[nodiscard]] std::optional<std::int64_t> count() const override {
    return reader_.layout().samples;
  }
  [[nodiscard]] bool is_made() const override { return false; }
  void read(std::int64_t number, FunctionSample& sample) override {
    sample = {};
    for (const auto& field : reader_.layout().fields) {
      std::vector<double> values(
          static_cast<std::size_t>(field.channels * linnet::core::volume(reader_.layout().points)));
      reader_.read_whole(field.name, number, 1, values.data());
      for (const double v : values)
        if (!std::isfinite(v))
          linnet::core::throw_data(path_ + ": '" + field.name + "' of sample " +
                                   std::to_string(number) + " has a value that is not finite");
      auto& to = field.name == solution_field ? sample.truth
                 : field.name == point_field  ? sample.points
                                              : sample.input;
      to.insert(to.end(), values.begin(), values.end());
    }
  }

private:
  std::string path_;
  linnet::nn::SampleReader reader_;
  FunctionShape shape_;
};

/// Samples that are made; any rank can make any of them.
class FunctionSampler final : public FunctionSource {
public:
  FunctionSampler(std::unique_ptr<FieldSampler> sampler, int coordinates, const std::string& kind)
      : sampler_(std::move(sampler)),
        shape_(shape_of(sampler_->fields(), sampler_->points(), coordinates, kind)) {
    if (const SharedPoints points = sampler_->shared_points(); !points.values.empty())
      shape_.shared = points;
  }
  [[nodiscard]] const FunctionShape& shape() const override { return shape_; }
  [[nodiscard]] std::string recipe() const override { return sampler_->recipe(); }
  [[nodiscard]] std::optional<std::int64_t> count() const override { return sampler_->count(); }
  [[nodiscard]] bool is_made() const override { return true; }
  void read(std::int64_t number, FunctionSample& sample) override {
    sample = {};
    FieldValues values;
    sampler_->make(static_cast<std::uint64_t>(number), values);
    const auto fields = sampler_->fields();
    for (std::size_t f = 0; f < fields.size(); ++f) {
      auto& to = fields[f].name == solution_field ? sample.truth : sample.input;
      to.insert(to.end(), values[f].begin(), values[f].end());
    }
  }

private:
  std::unique_ptr<FieldSampler> sampler_;
  FunctionShape shape_;
};

/// A problem's functions, with their solutions at the points of its grid or at those that are
/// given.
std::unique_ptr<FieldSampler> operator_samples(const Options& options, const SharedPoints& given) {
  const char* const option = "-predict_data";
  std::unique_ptr<OperatorSampler> sampler;
  try {
    sampler = make_operator_sampler(options.choice(option), operator_options(options, "-predict_"));
  } catch (const linnet::core::Error& error) {
    options.fail(option, error.what());
  }
  if (!given.values.empty() && given.coordinates != sampler->dimension())
    options.fail("-predict_points", "has points of " + std::to_string(given.coordinates) +
                                        " coordinate(s), and those of -predict_data " +
                                        options.choice(option) + " have " +
                                        std::to_string(sampler->dimension()));
  try {
    return std::make_unique<OperatorFields>(
        std::move(sampler),
        OperatorFieldsOptions{0, options.boolean("-predict_code"), given.values});
  } catch (const linnet::core::Error& error) {
    options.fail(given.values.empty() ? option : "-predict_points", error.what());
  }
}

} // namespace

std::unique_ptr<FunctionSource> make_function_source(const AppContext& context, int coordinates,
                                                     const SharedPoints& given) {
  const Options& options = context.options();
  const std::string kind = options.choice("-predict_data");
  std::unique_ptr<FunctionSource> source;
  if (kind == "file") {
    const std::string path = input_file(context);
    linnet::core::together(context.comm(),
                           [&] { source = std::make_unique<FunctionFile>(path, coordinates); });
    return source;
  }
  linnet::core::together(context.comm(), [&] {
    source = std::make_unique<FunctionSampler>(
        is_operator_data(options) ? operator_samples(options, given) : field_sampler(options),
        coordinates, "-predict_data " + kind);
  });
  return source;
}

} // namespace app
