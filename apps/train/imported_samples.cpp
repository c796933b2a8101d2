// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/nn/fields/imported_field.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::nn;
using namespace linnet::problems;

namespace {

// Read and kept at a time: MATLAB's files have the samples side by side.
constexpr std::int64_t block_bytes = std::int64_t{128} << 20;

/// Samples [first, end) of a file.
struct Range {
  std::int64_t first = 0, end = -1; ///< -1: to the last one
};

Range parse_range(const Options& options, const std::string& text) {
  const auto ends = linnet::core::split(text, ':');
  if (ends.size() == 2) {
    const auto first = linnet::core::to_real(ends[0]), end = linnet::core::to_real(ends[1]);
    const auto whole = [](double v) { return v >= 0.0 && v <= 1e15 && v == std::floor(v); };
    if (first && end && whole(*first) && whole(*end) && *first < *end)
      return {static_cast<std::int64_t>(*first), static_cast<std::int64_t>(*end)};
  }
  options.fail("-train_import_ranges", "must be like 0:1000 for each file, got " + text);
}

/// Tells a file from another of the same name.
std::string fingerprint(const std::string& path) {
  const auto changed = std::chrono::file_clock::to_sys(std::filesystem::last_write_time(path));
  const auto since =
      std::chrono::duration_cast<std::chrono::nanoseconds>(changed.time_since_epoch());
  return std::filesystem::path(path).filename().string() + " (" +
         std::to_string(std::filesystem::file_size(path)) + " bytes, written " +
         std::to_string(since.count()) + " ns after 1970)";
}

/// The fields of one file.
struct File {
  std::vector<ImportedField> fields;
  Range range;
  std::string text;
};

class ImportedSamples final : public FieldSampler {
public:
  ImportedSamples(const Options& options, const std::vector<std::string>& paths)
      : options_(options) {
    read_axes();
    const auto ranges = options.strings("-train_import_ranges");
    if (!ranges.empty() && ranges.size() != paths.size())
      options.fail("-train_import_ranges", "has " + std::to_string(ranges.size()) + " ranges for " +
                                               std::to_string(paths.size()) + " files");
    for (std::size_t f = 0; f < paths.size(); ++f)
      add_file(paths[f], ranges.empty() ? Range{} : parse_range(options, ranges[f]));
    if (samples_ != options.integer64("-train_samples"))
      options.fail("-train_samples", "must be " + std::to_string(samples_) +
                                         ", which the files hold, got " +
                                         options.text("-train_samples"));
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
  [[nodiscard]] std::string recipe() const override {
    std::string text = "imported: datasets";
    for (const auto& list : datasets_) text += " " + linnet::core::joined(list, ",");
    text += ", axes " + linnet::core::joined(axis_words_, ",") + ", every " +
            std::to_string(stride()) + "-th point kept";
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
      axis_words_ = {"sample", "y", "x"};
    }
    if (options_.is_set("-train_import_axes")) axis_words_ = options_.strings("-train_import_axes");
    for (const std::string& word : axis_words_) axes_.push_back(array_axis(word));
  }
  [[nodiscard]] int stride() const {
    return options_.is_set("-train_stride") ? options_.integer("-train_stride") : 1;
  }

  void add_file(const std::string& path, Range range) {
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
    if (range.end < 0) range.end = first.samples();
    if (range.end > first.samples())
      options_.fail("-train_import_ranges", "ends at " + std::to_string(range.end) + ", and " +
                                                path + " has " + std::to_string(first.samples()) +
                                                " samples");
    file.range = range;
    file.text = fingerprint(path);
    samples_ += range.end - range.first;
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
  const char* option = "-train_import_files";
  if (!options.is_set(option)) options.fail(option, "is needed to import samples");
  std::vector<std::string> paths;
  for (const std::string& file : options.strings(option))
    paths.push_back(context.find_file(option, file));
  std::unique_ptr<FieldSampler> samples;
  linnet::core::together(context.comm(),
                         [&] { samples = std::make_unique<ImportedSamples>(options, paths); });
  return samples;
}

} // namespace app
