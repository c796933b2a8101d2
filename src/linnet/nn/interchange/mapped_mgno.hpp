// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Multigrid neural operators of other programs: their graph from the tensors that they have.
#pragma once

#include <linnet/nn/fields/mgno_graph.hpp>
#include <linnet/nn/interchange/weight_map.hpp>

#include <string>

namespace linnet::nn {

/// What no file of weights says.
struct MappedMgnoOptions {
  Padding padding = Padding::zero;
  Coarsening coarsening = Coarsening::even;
  bool increment = false;
};

/// The options of mgno_graph() for the network in @p file by the rules of @p map, whose parameters
/// are written as in models/maps/mgno.json:
///
///     layers, grids, steps      layer#.S#.#/weight: numbers are layer, grid and step; a second
///                               pattern is for the steps behind the correction
///     dimension, channels, in   extents of these
///     out                       head.matrix/weight or, for a cycle_head, head.S#.#/weight
///     points                    extents of layer#.norm#/scale or layer#.norm/scale; else any that
///                               the kernels of layer#.P#/weight fit
///     bias, skip, norm          layer#.S#.#/bias, layer#.B/weight, layer#.norm#/scale
///     first_operator            layer#.A#.#/weight: as many on the finest grid as steps
///     restrict_residual         no layer#.Pi#/weight
///
/// Transposed convolutions are cropped, as those of PyTorch are with every padding_mode.
///
/// Not collective. @throws core::Error (data) naming tensor and remedy.
MgnoOptions mapped_mgno(const MappedMgnoOptions& options, const WeightMap& map,
                        const io::Safetensors& file, const std::string& path);

} // namespace linnet::nn
