// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Lists of points: from files, from models, and whether they make up a grid.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/io/uniform_geometry.hpp>
#include <linnet/nn/network/model.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <optional>

namespace app {

/// The points of -predict_points; none where it is not given. Collective. @throws core::Error on
/// all ranks, naming the option, or the file and what is wrong with it.
linnet::problems::SharedPoints given_points(const linnet::core::AppContext& context);

/// The points that the functions of @p model's trunk are tabulated at; none where it has no table.
/// @p where begins messages. @throws core::Error (data).
linnet::problems::SharedPoints tabulated_points(const linnet::nn::Model& model,
                                                const std::string& where);

/// The grid that @p points make up, first coordinate fastest; nothing where they are no grid of
/// equal distances in 1 to 3 directions with at least 2 points in each.
std::optional<linnet::io::UniformGrid> uniform_grid(const linnet::problems::SharedPoints& points);

} // namespace app
