// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a model is, in words, for messages where it does not fit.
#pragma once

#include <linnet/nn/network/model.hpp>

#include <string>

namespace app {

/// "is a DeepONet with 100 sensors, points of 1 coordinate and 1 output", "is a network from a
/// field of 1 channel to one of 1 channel, in 2 dimensions", ...
std::string kind_of(const linnet::nn::Model& model);

/// Rows of the table that takes the place of the trunk in a POD-DeepONet, the points that it knows;
/// 0 where there is a trunk.
int table_points(const linnet::nn::ResolvedGraph& trunk);

} // namespace app
