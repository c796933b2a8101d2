// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A run of the app with a DeepONet: functions at sensors in, values at points out.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/nn/network/model.hpp>

namespace app {

/// Predicts all samples that the options name. @p stem: of the files; empty: none. Collective.
/// @throws core::Error on all ranks, naming option or file.
void run_function_prediction(linnet::core::AppContext& context, const linnet::nn::Model& model,
                             const std::string& stem);

} // namespace app
