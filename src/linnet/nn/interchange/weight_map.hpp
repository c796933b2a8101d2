// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Weights of other programs: which tensor of a file goes to which parameter of a graph, and in
/// which order its directions lie.
#pragma once

#include <linnet/io/safetensors.hpp>
#include <linnet/nn/network/graph.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::nn {

/// Order of the directions of weights (k.. stands for z, y, x):
///
///     layer            torch          flax                    keras
///     dense            (out, in)      (in, out)               (in, out)
///     conv             (out, in, k..) (k.., in, out)          (k.., in, out)
///     conv_transpose   (in, out, k..) (k.., in, out) mirrored (k.., out, in)
///     field_norm       (c, n..)       (n.., c)                (n.., c)
///
/// torch is the order of model files. A transposed convolution of Flax reads its kernel backwards.
enum class WeightLayout { torch, flax, keras };

/// Tensors whose names match one of the patterns go to the parameters whose paths match another.
/// In a pattern `#` stands for a whole number and `*` for any characters. Tensors are taken in the
/// order of their numbers: all but the last one, then the place of the pattern, then the last
/// number. Parameters are taken in the order of their numbers, or, where there are none, of the
/// graph. There must be as many of both; a parameter without wildcards takes several tensors
/// behind each other. A rule that no tensor or no free parameter matches does nothing.
struct WeightRule {
  std::string parameter; ///< "branch.*/weight", "layer#.S#.#/weight"
  std::vector<std::string> tensors;
  std::string op; ///< parameters of nodes of this operation alone; empty: of all
  bool operator==(const WeightRule&) const = default;
};

struct WeightMap {
  std::string name;   ///< of its file, for messages
  std::string origin; ///< what writes such files, for people
  WeightLayout layout = WeightLayout::torch;
  std::vector<WeightRule> rules;   ///< each takes what those before it have left
  std::vector<std::string> ignore; ///< patterns of tensors that are not needed
  /// Patterns of tensors that scale fields: of "input/mean", "input/deviation", "output/mean",
  /// "output/deviation"; see mapped_normalisation().
  std::map<std::string, std::vector<std::string>> normalisation;
  double epsilon = 0.0; ///< what the origin adds to deviations before it divides by them
};

/// {"origin": "DeepXDE", "layout": "torch", "ignore": ["*.num_batches_tracked"],
///  "rules": {"branch.*/weight": "branch.linears.#.weight", ...},
///  "normalisation": {"output/mean": "normalizer.mean", ..., "epsilon": 1e-5}}, or, with an
///  operation
/// or several patterns, "rules": [{"parameter": "*/weight", "op": "conv", "tensor": ["a", "b"]},
/// ...]. Unknown keys are errors. The text may come from anywhere. @throws core::Error (data).
WeightMap weight_map_from_json(const std::string& text, const std::string& name);

/// True if @p text matches @p pattern; appends the numbers that `#` stands for.
bool matches(std::string_view pattern, std::string_view text, std::vector<std::int64_t>& numbers);

/// The tensors that @p rule takes of those called @p names, in order. @throws core::Error (data)
/// that begins with @p where for tensors without an order.
std::vector<std::string> tensors_of(const WeightRule& rule, const std::set<std::string>& names,
                                    const std::string& where);

/// The parameters of @p graph from the tensors of @p file, which @p path names in messages: all
/// parameters and, but for those to ignore, all tensors have their counterpart. Not collective.
/// @throws core::Error (data) naming tensor, parameter and remedy.
kernels::Array<float> mapped_parameters(const ResolvedGraph& graph, const WeightMap& map,
                                        const io::Safetensors& file, const std::string& path);

} // namespace linnet::nn
