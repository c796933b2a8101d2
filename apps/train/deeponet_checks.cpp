// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "deeponet_checks.hpp"

#include "meta_options.hpp"

#include <algorithm>

namespace app {

using linnet::core::Options;

namespace {

constexpr const char* modes_option = "-train_deeponet_modes";
constexpr const char* orthonormal_option = "-train_deeponet_orthonormal";

bool is_built(const Options& options) { return options.string("-train_network") == "deeponet"; }

void require_modes(const Options& options, const linnet::nn::OperatorShape& shape,
                   std::int64_t samples) {
  const int modes = pod_modes(options);
  if (modes == 0) return;
  if (shape.shares_points && modes > std::min<std::int64_t>(samples - 1, shape.points))
    options.fail(modes_option, std::to_string(modes) + " modes cannot be made of " +
                                   std::to_string(samples) + " samples at " +
                                   std::to_string(shape.points) + " points");
  if (options.real("-train_l2") > 0.0)
    options.fail("-train_l2", "would shrink the modes of -train_deeponet_modes; take adamw");
  if (options.choice("-train_output_norm") != "none")
    options.fail("-train_output_norm", "does not go with -train_deeponet_modes, which has a mean "
                                       "of its own");
}

void require_orthonormal(const Options& options, const OperatorSource& source) {
  if (!is_orthonormal(options)) return;
  if (!source.shape.shares_points)
    options.fail(orthonormal_option, "needs points that all samples share, -train_points 0");
  if (grid_axes(source).empty())
    options.fail(orthonormal_option, "needs points that make up a grid of the unit box, first "
                                     "coordinate fastest");
  if (pod_modes(options) > 0)
    options.fail(orthonormal_option, "has no effect with -train_deeponet_modes, which are "
                                     "orthonormal");
  if (options.boolean("-train_deeponet_stacked"))
    options.fail(orthonormal_option, "needs a branch with one last layer, and "
                                     "-train_deeponet_stacked has several");
}

/// A mean that is added, or taken away, would undo them.
void require_exact_properties(const Options& options) {
  const auto refuse = [&](const char* norm, const char* property) {
    if (options.is_set(property) && options.text(property) != "no" &&
        options.choice(norm) != "none")
      options.fail(norm, std::string("has a mean, which ") + property + " does not allow");
  };
  refuse("-train_output_norm", "-train_deeponet_zero_sides");
  refuse("-train_output_norm", "-train_deeponet_homogeneous");
  refuse("-train_output_norm", "-train_deeponet_unit_solutions");
  refuse("-train_input_norm", "-train_deeponet_homogeneous");
}

void require_scale(const Options& options) {
  if (options.real("-train_output_scale") != 1.0 && options.choice("-train_output_norm") != "none")
    options.fail("-train_output_scale", "does not go with -train_output_norm, which has a scale of "
                                        "its own");
}

/// Adapters and operators as samples are no place for what changes the network's parameters beside
/// the optimiser.
void require_all_trained(const Options& options) {
  const bool has_adapters = adapter_options(options).has_value();
  if (!has_adapters && !is_meta(options)) return;
  const char* const option = has_adapters ? "-train_lora_rank" : "-train_meta";
  if (has_adapters && is_meta(options))
    options.fail(option, "does not go with -train_meta, which trains all parameters");
  if (pod_modes(options) > 0 || has_least_squares(options))
    options.fail(option, "goes neither with -train_deeponet_modes nor with least squares");
}

} // namespace

int pod_modes(const Options& options) {
  return is_built(options) ? options.integer(modes_option) : 0;
}

bool is_orthonormal(const Options& options) {
  return is_built(options) && options.boolean(orthonormal_option);
}

bool fits_last_layer(const Options& options, const std::string& when) {
  const auto list = options.strings("-train_least_squares");
  return std::find(list.begin(), list.end(), when) != list.end();
}

bool has_least_squares(const Options& options) {
  return fits_last_layer(options, "start") || fits_last_layer(options, "end") ||
         options.integer64("-train_least_squares_every") > 0;
}

void require_operators(const Options& options, const OperatorSource& source) {
  for (const char* option : {"-train_meta", "-train_rate_model"})
    if (source.functions == nullptr && options.is_set(option))
      options.fail(option, "needs operators with numbers of their own, -train_data evolution");
  if (!is_meta(options)) return;
  const std::int64_t samples = options.integer64("-train_samples"),
                     operators = source.functions->operator_count();
  const int wanted = options.integer("-train_meta_support") + options.integer("-train_meta_query");
  if (samples % operators != 0 || samples / operators < wanted)
    options.fail("-train_samples", "must be a multiple of the " + std::to_string(operators) +
                                       " operators, and at least " +
                                       std::to_string(wanted * operators) +
                                       " for -train_meta_support and -train_meta_query, got " +
                                       std::to_string(samples));
}

void require_compatible(const Options& options, const OperatorSource& source,
                        std::int64_t samples) {
  require_modes(options, source.shape, samples);
  require_orthonormal(options, source);
  require_exact_properties(options);
  require_scale(options);
  require_all_trained(options);
}

} // namespace app
