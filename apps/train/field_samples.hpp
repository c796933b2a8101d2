// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of fields for operator networks: what their options are and how their file is made.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <memory>

namespace app {

/// The kinds of -train_data that give fields rather than right-hand sides of a matrix.
const std::vector<std::string>& field_data_kinds();
bool is_field_data(const linnet::core::Options& options);

/// The options of these kinds.
void add_field_data(linnet::core::OptionTable& table);

/// The family of samples that the options describe. Collective. @throws core::Error (usage) for
/// options out of their range.
std::unique_ptr<linnet::problems::FieldSampler>
make_field_sampler(const linnet::core::AppContext& context);

/// Samples of files of other programs (-train_data import). Collective. @throws core::Error (usage,
/// data) on all ranks.
std::unique_ptr<linnet::problems::FieldSampler>
imported_samples(const linnet::core::AppContext& context);

/// Functions at sensors and their solutions at points, of files of other programs
/// (-train_import_points). Collective. @throws core::Error (usage, data) on all ranks.
std::unique_ptr<linnet::problems::FieldSampler>
imported_functions(const linnet::core::AppContext& context);

/// Samples of a run: -train_samples; of files all that they hold, or as many as that says. @throws
/// core::Error (usage) for more.
std::int64_t sample_count(const linnet::core::Options& options,
                          const linnet::problems::FieldSampler& sampler);

/// Makes the file of -train_samples_file unless it holds the samples that the options ask for;
/// ranks take whole samples in turn. What a stopped or killed run has made is gone on with. Returns
/// the seconds it took. Collective.
double make_field_samples(linnet::core::AppContext& context,
                          linnet::problems::FieldSampler& sampler);

/// A run that makes the samples and no more (-train_epochs 0). Collective.
void run_field_samples(linnet::core::AppContext& context);

} // namespace app
