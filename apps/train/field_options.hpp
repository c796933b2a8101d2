// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of training from field to field, and what they say.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/nn/fields/field_samples.hpp>
#include <linnet/nn/fields/mgno_graph.hpp>

namespace app {

/// Adds `-train_mgno_*`, and those of loss, normalisation and pairs of fields.
void add_field_training(linnet::core::OptionTable& table);

/// The network for fields of @p in and @p out channels on a grid of @p points. @throws core::Error
/// (usage) naming the option.
linnet::nn::MgnoOptions mgno_options(const linnet::core::Options& options,
                                     const linnet::core::Index3& points, int in, int out);

linnet::nn::FieldSamplesOptions pair_options(const linnet::core::Options& options);

} // namespace app
