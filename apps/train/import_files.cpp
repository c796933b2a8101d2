// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "import_files.hpp"

#include <linnet/core/text.hpp>

#include <chrono>
#include <cmath>
#include <filesystem>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;

namespace {

constexpr const char* ranges_option = "-train_import_ranges";

ImportRange parse_range(const Options& options, const std::string& text) {
  const auto ends = linnet::core::split(text, ':');
  if (ends.size() == 2) {
    const auto first = linnet::core::to_real(ends[0]), end = linnet::core::to_real(ends[1]);
    const auto whole = [](double v) { return v >= 0.0 && v <= 1e15 && v == std::floor(v); };
    if (first && end && whole(*first) && whole(*end) && *first < *end)
      return {static_cast<std::int64_t>(*first), static_cast<std::int64_t>(*end)};
  }
  options.fail(ranges_option, "must be like 0:1000 for each file, got " + text);
}

} // namespace

std::vector<std::string> import_paths(const AppContext& context) {
  const Options& options = context.options();
  const char* const option = "-train_import_files";
  if (!options.is_set(option)) options.fail(option, "is needed to import samples");
  std::vector<std::string> paths;
  for (const std::string& file : options.strings(option))
    paths.push_back(context.find_file(option, file));
  return paths;
}

std::vector<ImportRange> import_ranges(const Options& options, std::size_t files) {
  const auto texts = options.strings(ranges_option);
  if (texts.empty()) return std::vector<ImportRange>(files);
  if (texts.size() != files)
    options.fail(ranges_option, "has " + std::to_string(texts.size()) + " ranges for " +
                                    std::to_string(files) + " files");
  std::vector<ImportRange> ranges;
  for (const std::string& text : texts) ranges.push_back(parse_range(options, text));
  return ranges;
}

ImportRange limited(ImportRange range, std::int64_t there, const std::string& path,
                    const Options& options) {
  if (range.end < 0) range.end = there;
  if (range.end > there)
    options.fail(ranges_option, "ends at " + std::to_string(range.end) + ", and " + path + " has " +
                                    std::to_string(there) + " samples");
  return range;
}

std::string fingerprint(const std::string& path) {
  const auto changed = std::chrono::file_clock::to_sys(std::filesystem::last_write_time(path));
  const auto since =
      std::chrono::duration_cast<std::chrono::nanoseconds>(changed.time_since_epoch());
  return std::filesystem::path(path).filename().string() + " (" +
         std::to_string(std::filesystem::file_size(path)) + " bytes, written " +
         std::to_string(since.count()) + " ns after 1970)";
}

} // namespace app
