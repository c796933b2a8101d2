// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Means and deviations of fields from tensors of other programs.
#pragma once

#include <linnet/nn/interchange/weight_map.hpp>
#include <linnet/nn/network/model.hpp>

#include <string>

namespace linnet::nn {

/// What the tensors of @p file that @p map names under `normalisation` say of the fields of
/// @p graph: encoded = (value - mean) / (deviation + epsilon), with the map's epsilon, and decoded
/// the other way. A mean that is missing is 0, a deviation 1; where both are, fields stay as they
/// are. Tensors are one number; one for each channel, with or without extents of 1 for its points;
/// one for each point of one channel; or (c, [z,] y, x), in the layouts of Flax and Keras
/// ([z,] y, x, c). Leading extents of 1, as of a batch, do not matter. Not collective. @throws
/// core::Error (data) naming tensor and remedy.
Normalisation mapped_normalisation(const ResolvedGraph& graph, const WeightMap& map,
                                   const io::Safetensors& file, const std::string& path);

} // namespace linnet::nn
