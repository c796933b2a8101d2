// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the channels mean that a network of a nonlinear solve takes, as its model file says it.
#pragma once

#include <linnet/nn/network/model.hpp>

#include <string>
#include <vector>

namespace linnet::nonlinear {

enum class ChannelKind {
  residual,  ///< -F(u) over its root mean square: the network then makes a correction of u
  state,     ///< u
  field,     ///< a Vec that the DMDA of the SNES, or the SNES, carries under a name
  log_field, ///< the logarithm of such a Vec
};

struct InputChannel {
  ChannelKind kind = ChannelKind::residual;
  std::string name; ///< of a field
};

/// Entry of a model's provenance that lists them.
inline constexpr const char* inputs_entry = "inputs";

/// Reads a list such as "residual,log coefficient,state"; @p where begins messages. Not collective.
/// @throws core::Error (usage) for an empty name or a second residual.
std::vector<InputChannel> parse_inputs(const std::string& list, const std::string& where);

/// Those of @p list if it is not empty, else those that @p model lists, else the residual alone.
/// @p name is what messages call the model, @p option the option that gives a list. Not collective.
/// @throws core::Error (usage) unless there are as many as the network takes.
std::vector<InputChannel> inputs_of(const nn::Model& model, const std::string& list,
                                    const std::string& name, const std::string& option);

/// True if one of them is the residual.
bool takes_residual(const std::vector<InputChannel>& inputs);

/// The list as parse_inputs() reads it.
std::string text_of(const std::vector<InputChannel>& inputs);

} // namespace linnet::nonlinear
