// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The files of a run, tested before its work.
#pragma once

#include <linnet/core/app_runtime.hpp>

#include <string>
#include <utility>
#include <vector>

namespace linnet::io {

/// Refuses files that could not be written at the end of a run, and that of -linnet_results:
/// pairs of the option that names a file and its path. Collective; @throws core::Error (data) on
/// all ranks.
void require_writable_outputs(const core::AppContext& context,
                              std::vector<std::pair<std::string, std::string>> files);

} // namespace linnet::io
