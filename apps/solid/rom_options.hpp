// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of reduced models, and what they mean.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/rom/solid/adaptive_options.hpp>
#include <linnet/rom/solid/calibration_runs.hpp>

namespace app {

void add_rom_options(linnet::core::OptionTable& table);

/// Collective only where said.
linnet::rom::TrainingOptions training_options(const linnet::core::AppContext& context,
                                              int points_per_cell);
linnet::rom::ReducedNewtonOptions newton_options(const linnet::core::AppContext& context);
linnet::rom::AdaptiveOptions adaptive_options(const linnet::core::AppContext& context);
linnet::rom::CalibrationOptions calibration_options(const linnet::core::AppContext& context);
linnet::rom::QuadratureKind quadrature_kind(const linnet::core::AppContext& context);
linnet::fem::DisplacementProduct product_kind(const linnet::core::AppContext& context);
/// The files of -rom_train, found from the working directory or the deck. Collective.
std::vector<std::string> training_files(const linnet::core::AppContext& context);
/// The options above as text, for the archive.
std::string training_text(const linnet::core::AppContext& context);

} // namespace app
