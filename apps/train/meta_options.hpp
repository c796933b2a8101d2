// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of meta-learning and of fine-tuning, and what they say.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/nn/meta/adapter_task.hpp>
#include <linnet/nn/meta/meta_task.hpp>
#include <linnet/problems/operators/operator_fields.hpp>

#include <optional>

namespace app {

/// Adds `-train_meta*`, `-train_lora_*` and -train_rate_model.
void add_meta(linnet::core::OptionTable& table);

/// Whether operators rather than functions are what a step is made of.
bool is_meta(const linnet::core::Options& options);
/// For @p operators operators.
linnet::nn::MetaOptions meta_options(const linnet::core::Options& options, int operators);
/// Nothing where inner rates are not learned. @throws core::Error (usage) naming the option, for a
/// problem without codes.
std::optional<linnet::nn::RateNetworkOptions>
rate_network_options(const linnet::core::Options& options,
                     const linnet::problems::OperatorFields& fields);

/// Nothing where all parameters are trained.
std::optional<linnet::nn::AdapterOptions> adapter_options(const linnet::core::Options& options);

} // namespace app
