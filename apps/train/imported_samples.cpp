// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"
#include "import_files.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/nn/fields/imported_field.hpp>

#include <algorithm>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::nn;
using namespace linnet::problems;

namespace {

// Read and kept at a time: MATLAB's files have the samples side by side.
constexpr std::int64_t block_bytes = std::int64_t{128} << 20;

/// The fields of one file.
struct File {
  std::vector<ImportedField> fields;
  ImportRange range;
  std::string text;
};

class ImportedSamples final : public FieldSampler {
public:
  ImportedSamples(const Options& options, const std::vector<std::string>& paths)
      : options_(options) {
    read_axes();
    const auto ranges = import_ranges(options, paths.size());
    for (std::size_t f = 0; f < paths.size(); ++f) add_file(paths[f], ranges[f]);
  }

  [[nodiscard]] std::vector<SampledField> fields() const override {
    std::vector<SampledField> list;
    for (std::size_t f = 0; f < names_.size(); ++f)
      list.push_back({names_[f], files_.front().fields[f].channels()});
    return list;
  }
  [[nodiscard]] linnet::core::Index3 points() const override {
    return files_.front().fields.front().points();
  }
  [[nodiscard]] std::optional<std::int64_t> count() const override { return samples_; }
  [[nodiscard]] std::string recipe() const override {
    std::string text = "imported: datasets";
    for (std::size_t f = 0; f < datasets_.size(); ++f)
      for (const std::string& axes : files_.front().fields[f].extents_text()) text += " " + axes;
    text += "; every " + std::to_string(stride()) + "-th point kept";
    for (const File& file : files_)
      text += ", samples " + std::to_string(file.range.first) + ":" +
              std::to_string(file.range.end) + " of " + file.text;
    return text;
  }
  void make(std::uint64_t number, FieldValues& values) override {
    const auto wanted = static_cast<std::int64_t>(number);
    if (wanted < block_first_ || wanted >= block_first_ + block_count_) read_block(wanted);
    values.assign(names_.size(), {});
    for (std::size_t f = 0; f < values.size(); ++f) {
      const auto size = static_cast<std::ptrdiff_t>(block_[f].size()) / block_count_;
      const auto from = block_[f].begin() + size * (wanted - block_first_);
      values[f].assign(from, from + size);
    }
  }

private:
  void read_axes() {
    const bool trajectory = options_.is_set("-train_import_trajectory");
    if (trajectory) {
      names_ = {"vorticity"};
      datasets_ = {options_.strings("-train_import_trajectory")};
      axis_words_ = {"sample", "x", "y", "time"};
    } else {
      names_ = {"coefficient", "solution"};
      datasets_ = {options_.strings("-train_import_input"),
                   options_.strings("-train_import_output")};
      if (datasets_[1] == std::vector<std::string>{"none"}) { // inputs alone, to predict with
        names_.pop_back();
        datasets_.pop_back();
      }
      axis_words_ = {"sample", "y", "x"};
    }
    if (options_.is_set("-train_import_axes")) axis_words_ = options_.strings("-train_import_axes");
    for (const std::string& word : axis_words_) axes_.push_back(array_axis(word));
    if (std::find(axes_.begin(), axes_.end(), ArrayAxis::x) == axes_.end())
      options_.fail("-train_import_axes", "one axis must be x; functions at points of their own "
                                          "have -train_import_points");
  }
  [[nodiscard]] int stride() const {
    return options_.is_set("-train_stride") ? options_.integer("-train_stride") : 1;
  }

  void add_file(const std::string& path, ImportRange range) {
    File file;
    for (const auto& datasets : datasets_) {
      try {
        file.fields.emplace_back(path, datasets, axes_, stride());
      } catch (const linnet::core::Error& error) {
        if (error.code() != linnet::core::ExitCode::usage) throw;
        options_.fail("-train_import_axes", error.what());
      }
    }
    const ImportedField& first = file.fields.front();
    for (std::size_t f = 0; f < file.fields.size(); ++f) {
      const ImportedField& field = file.fields[f];
      const ImportedField& like = files_.empty() ? field : files_.front().fields[f];
      const ImportedField& grid = files_.empty() ? first : files_.front().fields.front();
      if (field.points() != grid.points() || field.channels() != like.channels() ||
          field.samples() != first.samples())
        linnet::core::throw_data(path + ": '" + datasets_[f].front() +
                                 "' has another grid, number of channels or number of samples than "
                                 "what is read before it");
    }
    file.range = limited(range, first.samples(), path, options_);
    file.text = fingerprint(path);
    samples_ += file.range.end - file.range.first;
    files_.push_back(std::move(file));
  }

  /// From sample @p wanted on, as many of its file as memory allows.
  void read_block(std::int64_t wanted) {
    std::int64_t before = 0;
    auto file = files_.begin();
    for (; wanted - before >= file->range.end - file->range.first; ++file)
      before += file->range.end - file->range.first;
    std::int64_t bytes = 1;
    for (const ImportedField& field : file->fields) bytes += field.bytes_per_sample();
    const std::int64_t first = file->range.first + wanted - before;
    block_first_ = wanted;
    block_count_ =
        std::min(std::max(block_bytes / bytes, std::int64_t{1}), file->range.end - first);
    block_.resize(names_.size());
    for (std::size_t f = 0; f < names_.size(); ++f)
      file->fields[f].read(first, block_count_, block_[f]);
  }

  const Options& options_;
  std::vector<std::string> names_, axis_words_;
  std::vector<std::vector<std::string>> datasets_; ///< of each field
  std::vector<ArrayAxis> axes_;
  std::vector<File> files_;
  std::int64_t samples_ = 0;
  FieldValues block_; ///< samples block_first_ to block_first_ + block_count_ - 1 of each field
  std::int64_t block_first_ = 0, block_count_ = 0;
};

} // namespace

std::unique_ptr<FieldSampler> imported_samples(const AppContext& context) {
  const Options& options = context.options();
  const std::vector<std::string> paths = import_paths(context);
  std::unique_ptr<FieldSampler> samples;
  linnet::core::together(context.comm(),
                         [&] { samples = std::make_unique<ImportedSamples>(options, paths); });
  return samples;
}

} // namespace app
