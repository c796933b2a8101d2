// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The options of training a DeepONet, and what they say.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>
#include <linnet/problems/operators/operator_fields.hpp>

#include <memory>

namespace app {

/// The kinds of -train_data that give functions and the values of what an operator makes of them.
const std::vector<std::string>& operator_data_kinds();
bool is_operator_data(const linnet::core::Options& options);

/// Adds `-train_deeponet_*`, and those of the samples.
void add_deeponet(linnet::core::OptionTable& table);

/// The network for samples of @p data, whose sensors are the points of @p sensor_grid, or of no
/// grid where it has none. @throws core::Error (usage) naming the option.
linnet::nn::DeepONetOptions deeponet_options(const linnet::core::Options& options,
                                             const linnet::nn::OperatorShape& data,
                                             const linnet::core::Index3& sensor_grid);

/// The family of samples that the options describe. @throws core::Error (usage) naming the option.
std::unique_ptr<linnet::problems::OperatorFields>
make_operator_fields(const linnet::core::Options& options);

} // namespace app
