// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/input_channels.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <sstream>

namespace linnet::nonlinear {
namespace {

constexpr const char* residual_word = "residual";
constexpr const char* state_word = "state";
const std::string log_words = "log ";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

InputChannel parse_channel(const std::string& word) {
  if (word == residual_word) return {ChannelKind::residual, ""};
  if (word == state_word) return {ChannelKind::state, ""};
  if (word.rfind(log_words, 0) == 0)
    return {ChannelKind::log_field, trimmed(word.substr(log_words.size()))};
  return {ChannelKind::field, word};
}

int channels_of(const nn::ResolvedGraph& graph) {
  return graph.nodes[static_cast<std::size_t>(graph.inputs.front())].signature.channels;
}

} // namespace

std::vector<InputChannel> parse_inputs(const std::string& list, const std::string& where) {
  std::vector<InputChannel> inputs;
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    inputs.push_back(parse_channel(trimmed(word)));
    const InputChannel& last = inputs.back();
    const bool is_field = last.kind == ChannelKind::field || last.kind == ChannelKind::log_field;
    if (is_field && last.name.empty())
      core::throw_usage(where + ": '" + list +
                        "' has a channel without a name; list them like 'residual,log "
                        "coefficient,state'");
  }
  const auto residuals = std::count_if(inputs.begin(), inputs.end(), [](const InputChannel& c) {
    return c.kind == ChannelKind::residual;
  });
  if (inputs.empty() || residuals > 1)
    core::throw_usage(where + ": '" + list + "' has " +
                      (inputs.empty() ? "no channel" : "two channels 'residual'"));
  return inputs;
}

std::vector<InputChannel> inputs_of(const nn::Model& model, const std::string& list,
                                    const std::string& name, const std::string& option) {
  const auto entry = model.provenance.find(inputs_entry);
  const bool listed = entry != model.provenance.end();
  const std::vector<InputChannel> inputs =
      !list.empty() ? parse_inputs(list, option)
      : listed      ? parse_inputs(entry->second, name + ": " + inputs_entry)
                    : std::vector<InputChannel>{{ChannelKind::residual, ""}};
  const int taken = model.graph.inputs.empty() ? 0 : channels_of(model.graph);
  if (static_cast<int>(inputs.size()) != taken)
    core::throw_usage(name + ": takes " + std::to_string(taken) + " channels, and '" +
                      text_of(inputs) + "' are " + std::to_string(inputs.size()) +
                      "; list them with " + option);
  return inputs;
}

bool takes_residual(const std::vector<InputChannel>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(),
                     [](const InputChannel& c) { return c.kind == ChannelKind::residual; });
}

std::string text_of(const std::vector<InputChannel>& inputs) {
  std::string text;
  for (const InputChannel& c : inputs) {
    if (!text.empty()) text += ",";
    switch (c.kind) {
    case ChannelKind::residual: text += residual_word; break;
    case ChannelKind::state: text += state_word; break;
    case ChannelKind::field: text += c.name; break;
    case ChannelKind::log_field: text += log_words + c.name; break;
    }
  }
  return text;
}

} // namespace linnet::nonlinear
