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

using OptionPairs = std::vector<std::pair<std::string, std::string>>;

/// @p files, pairs of the option that names a file and its path: refuses those that could not be
/// written at the end of a run (data), that two options write, or that are an input of the run
/// (usage): its deck, or there already and named by another option than -..._restart. @p replaced:
/// pairs of an option that writes and one whose file it may take the place of. @p inputs: pairs of
/// an option and a file that its file names. The file of -linnet_results is looked at, too.
/// Collective; @throws core::Error on all ranks.
void require_writable_outputs(const core::AppContext& context, OptionPairs files,
                              const OptionPairs& replaced = {}, const OptionPairs& inputs = {});

} // namespace linnet::io
