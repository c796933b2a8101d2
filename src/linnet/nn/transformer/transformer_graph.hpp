// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Transformers of the kind of PROSE (Liu, Zhang and Schaeffer, arXiv 2309.16816): an encoder of
/// data, one of symbols, layers that fuse both, and a decoder whose queries are output times.
///
/// A row of the grid along x is a sequence, its points are tokens; rows along y are the sequences
/// of a batch. All sequences of a graph have the extent of the grid in x: shorter ones are padded,
/// and an input says which of their tokens count. Normalisation comes before each part ("pre-norm")
/// and once more at the end of each stack.
#pragma once

#include <linnet/nn/network/graph.hpp>

namespace linnet::nn {

struct TransformerOptions {
  int width = 512;         ///< channels of a token
  int heads = 8;           ///< divide the width
  int hidden = 2048;       ///< channels between the two dense layers of a part
  int data_channels = 128; ///< of a token of the data: the values at a time
  int data_tokens = 16;    ///< times that are given; symbols come behind them
  int data_layers = 2;     ///< self-attention
  int symbols = 1000;      ///< words; 0: data alone
  int symbol_places = 256; ///< longest sequence of symbols
  int symbol_layers = 4;
  int fusion_layers = 8;  ///< self-attention of both together
  int decoder_layers = 8; ///< attention of output times to the fused tokens
  int outputs = 128;      ///< values at an output time
};

/// Inputs, in this order, with the channels of one token: "data" (data_channels), "data.time" (1),
/// "data.valid" (1: counts, 0: padding), with symbols "symbol" (1, its number), "symbol.place" (1,
/// 0, 1, 2, ...) and "symbol.valid", and "output.time" (1). The result has `outputs` channels, a
/// token for each output time. Two-dimensional, with one level. @throws core::Error (usage) for
/// heads that do not divide the width.
Graph transformer_graph(const TransformerOptions& options);

/// Parameters of a layer of attention and two dense layers with their normalisations: 4 (w^2 + w) +
/// 2 w h + h + w + 4 w, for width w and h hidden channels.
std::int64_t transformer_layer_parameters(const TransformerOptions& options);

} // namespace linnet::nn
