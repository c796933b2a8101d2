// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "imported_functions.hpp"

#include "field_samples.hpp"
#include "import_files.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>
#include <linnet/nn/fields/imported_field.hpp>
#include <linnet/nn/training/sample_file.hpp>

namespace app {

using linnet::core::Options;
using linnet::io::NumericArray;
using linnet::io::Shape;
using namespace linnet::nn;
using namespace linnet::problems;

namespace {

// Below it, the second direction of points may be their coordinates.
constexpr std::int64_t most_coordinates = 16;

using Axes = std::vector<ArrayAxis>;

/// Sample number @p number, from wherever it lies.
struct Place {
  std::size_t file;
  std::int64_t sample;
};

class Imported final : public ImportedFunctions {
public:
  Imported(const Options& options, const std::vector<std::string>& paths) : options_(options) {
    read_names();
    const auto ranges = import_ranges(options, paths.size());
    for (std::size_t f = 0; f < paths.size(); ++f) add_file(paths[f], ranges[f]);
  }
  [[nodiscard]] OperatorShape shape() const override { return shape_; }
  [[nodiscard]] std::vector<double> grid() const override { return grid_; }
  [[nodiscard]] bool has_values() const override { return !outputs_.empty(); }
  [[nodiscard]] std::optional<std::int64_t> count() const override { return samples_; }
  [[nodiscard]] SharedPoints shared_points() const override {
    return shape_.shares_points ? SharedPoints{shape_.coordinates, grid_} : SharedPoints{};
  }
  [[nodiscard]] linnet::core::Index3 points() const override { return {1, 1, 1}; }
  [[nodiscard]] std::vector<SampledField> fields() const override {
    std::vector<SampledField> list{{sensor_field, shape_.sensors}};
    if (!shape_.shares_points) list.push_back({point_field, shape_.points * shape_.coordinates});
    if (has_values()) list.push_back({solution_field, shape_.points * shape_.outputs});
    return list;
  }
  [[nodiscard]] std::string recipe() const override { return "imported: " + text_; }
  void make(std::uint64_t number, FieldValues& values) override {
    const Place place = place_of(static_cast<std::int64_t>(number));
    const File& file = files_[place.file];
    values.assign(1, {});
    file.sensors.front().read(place.sample, 1, values[0]);
    for (const auto* part : {&file.points, &file.values})
      if (!part->empty()) part->front().read(place.sample, 1, values.emplace_back());
  }

private:
  /// Each list holds one field or, where samples lack it, none.
  struct File {
    std::vector<ImportedField> sensors, points, values;
    ImportRange range;
  };

  void read_names() {
    inputs_ = options_.strings("-train_import_input");
    outputs_ = options_.strings("-train_import_output");
    if (outputs_ == std::vector<std::string>{"none"}) outputs_.clear();
    points_ = options_.string("-train_import_points");
    if (options_.is_set("-train_import_axes"))
      options_.fail("-train_import_axes", "is for fields; the directions of functions are told by "
                                          "those of the datasets, see -train_import_points");
    if (options_.is_set("-train_stride") && options_.integer("-train_stride") != 1)
      options_.fail("-train_stride", "must be 1 for functions at sensors");
  }
  [[noreturn]] static void refuse(const NumericArray& array, const std::string& allowed) {
    linnet::core::throw_data(array.name() + ": has the shape " +
                             linnet::io::to_string(array.shape()) + "; " + allowed);
  }

  void add_file(const std::string& path, ImportRange range) {
    File file;
    const NumericArray sensors(path, inputs_.front());
    if (sensors.shape().size() > 2) refuse(sensors, "(sample, sensor) is taken");
    file.sensors.emplace_back(path, inputs_, axes_of(sensors, {ArrayAxis::sample, ArrayAxis::x}),
                              1);
    const std::int64_t there = file.sensors.front().samples();
    if (has_values()) {
      const NumericArray values(path, outputs_.front());
      if (values.shape().size() > 3)
        refuse(values, "(sample), (sample, point) or (sample, output, point) is taken");
      file.values.emplace_back(path, outputs_,
                               values.shape().size() == 3
                                   ? Axes{ArrayAxis::sample, ArrayAxis::channel, ArrayAxis::x}
                                   : axes_of(values, {ArrayAxis::sample, ArrayAxis::x}),
                               1);
      require_samples(values, file.values.front().samples(), there);
    }
    add_points(path, there, file);
    keep_shape(path, file);
    file.range = limited(range, there, path, options_);
    samples_ += file.range.end - file.range.first;
    text_ += (files_.empty() ? "" : "; ") + std::string("samples ") +
             std::to_string(file.range.first) + ":" + std::to_string(file.range.end) + " of " +
             fingerprint(path);
    files_.push_back(std::move(file));
  }
  static void require_samples(const NumericArray& array, std::int64_t found, std::int64_t wanted) {
    if (found != wanted)
      refuse(array, "its first direction must be the " + std::to_string(wanted) +
                        " samples that the input has");
  }
  /// The first directions of @p all, as many as the dataset has.
  static Axes axes_of(const NumericArray& array, const Axes& all) {
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(array.shape().size())};
  }

  /// Shared points are (point) or (point, coordinate); those of samples (sample, point, coordinate)
  /// or, where one of the last two is 1, without it.
  void add_points(const std::string& path, std::int64_t samples, File& file) {
    const NumericArray array(path, points_);
    const Shape& shape = array.shape();
    const std::int64_t each = has_values() ? file.values.front().points()[0] : 0;
    const bool one_each = has_values() && each == 1;
    bool is_shared = false, is_own = false;
    if (shape.size() == 1) {
      is_own = shape[0] == samples && (one_each || !has_values());
      is_shared = !one_each && (each == 0 || shape[0] == each);
    } else if (shape.size() == 2) {
      is_own = shape[0] == samples && (one_each ? shape[1] <= most_coordinates : shape[1] == each);
      is_shared = !one_each && (each == 0 || shape[0] == each) && shape[1] <= most_coordinates;
    } else if (shape.size() == 3)
      is_own =
          shape[0] == samples && (each == 0 || shape[1] == each) && shape[2] <= most_coordinates;
    if (is_own == is_shared)
      refuse(array, is_own ? "these may be points of all samples or points of each; give it three "
                             "directions (sample, point, coordinate), or leave samples out"
                           : "(point, coordinate) for all samples, or (sample, point, coordinate), "
                             "are taken, with as many points as the output has");
    if (is_shared)
      add_shared(path, array);
    else
      add_own(path, array, one_each, file);
  }
  void add_shared(const std::string& path, const NumericArray& array) {
    const ImportedField field(path, {points_}, axes_of(array, {ArrayAxis::sample, ArrayAxis::x}),
                              1);
    std::vector<double> grid;
    field.read(0, field.samples(), grid);
    if (!files_.empty() && grid != grid_)
      linnet::core::throw_data(array.name() + ": has other points than the files before");
    grid_ = std::move(grid);
    found_ = {0, field.points()[0], 0, static_cast<int>(field.samples()), true};
  }
  void add_own(const std::string& path, const NumericArray& array, bool one_each, File& file) {
    const std::size_t directions = array.shape().size();
    const Axes axes = directions == 3 ? Axes{ArrayAxis::sample, ArrayAxis::y, ArrayAxis::x}
                                      : axes_of(array, {ArrayAxis::sample, ArrayAxis::x});
    file.points.emplace_back(path, std::vector{points_}, axes, 1);
    const linnet::core::Index3 n = file.points.front().points();
    if (directions == 3)
      found_ = {0, n[0], 0, n[1], false};
    else if (one_each)
      found_ = {0, n[0], 0, 1, false};
    else
      found_ = {0, 1, 0, n[0], false};
  }

  /// All files have the same.
  void keep_shape(const std::string& path, const File& file) {
    found_.sensors = file.sensors.front().channels() * file.sensors.front().points()[0];
    found_.outputs = has_values() ? file.values.front().channels() : 0;
    if (files_.empty()) {
      shape_ = found_;
      text_ = "u (" + linnet::core::joined(inputs_, ",") + "): " + std::to_string(shape_.sensors) +
              " sensors, y (" + points_ + "): " + std::to_string(shape_.points) + " points " +
              (shape_.shares_points ? "that all samples share" : "of each sample") + ", " +
              std::to_string(shape_.coordinates) + " coordinate(s)" +
              (has_values() ? ", s (" + linnet::core::joined(outputs_, ",") +
                                  "): " + std::to_string(shape_.outputs) + " output(s); "
                            : ", no output; ");
    } else if (!(found_ == shape_))
      linnet::core::throw_data(path + ": has other numbers of sensors, points, coordinates or "
                                      "outputs than the files before");
  }
  [[nodiscard]] Place place_of(std::int64_t number) const {
    std::size_t f = 0;
    for (; number >= files_[f].range.end - files_[f].range.first; ++f)
      number -= files_[f].range.end - files_[f].range.first;
    return {f, files_[f].range.first + number};
  }

  const Options& options_;
  std::vector<std::string> inputs_, outputs_;
  std::string points_, text_;
  OperatorShape shape_, found_; ///< of all files; of the one that is read
  std::vector<double> grid_;
  std::vector<File> files_;
  std::int64_t samples_ = 0;
};

} // namespace

std::unique_ptr<ImportedFunctions>
make_imported_functions(const linnet::core::AppContext& context) {
  std::unique_ptr<ImportedFunctions> samples;
  const std::vector<std::string> paths = import_paths(context);
  linnet::core::together(context.comm(),
                         [&] { samples = std::make_unique<Imported>(context.options(), paths); });
  return samples;
}

std::unique_ptr<FieldSampler> imported_functions(const linnet::core::AppContext& context) {
  return make_imported_functions(context);
}

} // namespace app
