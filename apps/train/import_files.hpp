// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The files of -train_data import, and which of their samples are taken.
#pragma once

#include <linnet/core/app_runtime.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace app {

/// Samples [first, end) of a file.
struct ImportRange {
  std::int64_t first = 0, end = -1; ///< -1: to the last one
};

/// Paths of -train_import_files. Collective. @throws core::Error where one is not there.
std::vector<std::string> import_paths(const linnet::core::AppContext& context);

/// One of -train_import_ranges for each of @p files files. @throws core::Error (usage).
std::vector<ImportRange> import_ranges(const linnet::core::Options& options, std::size_t files);

/// @p range of the @p there samples of the file @p path. @throws core::Error (usage).
ImportRange limited(ImportRange range, std::int64_t there, const std::string& path,
                    const linnet::core::Options& options);

/// Tells a file from another of the same name.
std::string fingerprint(const std::string& path);

} // namespace app
