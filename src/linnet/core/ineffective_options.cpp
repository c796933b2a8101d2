// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/ineffective_options.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>

namespace linnet::core {
namespace {

bool is_off(std::string_view text) {
  return text.empty() || text == "0" || text == "no" || text == "none";
}

bool fits(const std::string& wanted, std::string_view text) {
  if (wanted.size() < 3 || wanted.front() != '*' || wanted.back() != '*') return wanted == text;
  return text.find(wanted.substr(1, wanted.size() - 2)) != std::string_view::npos;
}

// "a, b or c"; the empty word stands for "not given" and is not spoken.
std::string alternatives(const std::vector<std::string>& words) {
  std::vector<std::string> spoken;
  for (const auto& word : words) {
    std::string plain = word;
    std::erase(plain, '*');
    if (!plain.empty()) spoken.push_back(plain);
  }
  if (spoken.empty()) return {};
  const std::string last = spoken.back();
  spoken.pop_back();
  return spoken.empty() ? last : joined(spoken) + " or " + last;
}

// The needs of one given name; for a member of a family with the `*` of their options filled in.
std::vector<OptionNeed> needs_of(const Options& options, const std::string& name) {
  const OptionSpec& spec = *options.table().find(name);
  std::vector<OptionNeed> needs;
  for (OptionNeed need : spec.needs) {
    if (!name.ends_with(need.ending)) continue;
    if (need.option.ends_with('*')) {
      const std::size_t stem = spec.name.size() - 1;
      need.option.pop_back();
      need.option += name.substr(stem, name.size() - stem - need.ending.size());
    }
    needs.push_back(std::move(need));
  }
  return needs;
}

bool has_value(const Options& options, const OptionNeed& need) {
  const std::string text = options.text(need.option);
  if (need.values.empty()) return !is_off(text);
  return std::any_of(need.values.begin(), need.values.end(),
                     [&](const std::string& value) { return fits(value, text); });
}

bool in_effect(const Options& options, const std::string& name) {
  const auto needs = needs_of(options, name);
  return needs.empty() || std::any_of(needs.begin(), needs.end(), [&](const OptionNeed& need) {
           return has_value(options, need) && in_effect(options, need.option);
         });
}

std::string wanted(const Options& options, const std::string& name);

std::string phrase_of(const Options& options, const OptionNeed& need) {
  const std::string words = alternatives(need.values), text = options.text(need.option);
  if (!need.values.empty() && words.empty()) return "a run without " + need.option;
  const std::string phrase = need.option + (words.empty() ? "" : " " + words);
  if (has_value(options, need))
    return phrase + " (which needs " + wanted(options, need.option) + ")";
  return need.values.empty() || text.empty() ? phrase : phrase + ", not " + text;
}

std::string wanted(const Options& options, const std::string& name) {
  std::vector<std::string> phrases;
  for (const OptionNeed& need : needs_of(options, name))
    phrases.push_back(phrase_of(options, need));
  return joined(phrases, "; or ");
}

} // namespace

std::vector<std::string> ineffective_options(const Options& options) {
  std::vector<std::string> lines;
  for (const auto& name : options.given()) {
    if (in_effect(options, name)) continue;
    if (options.table().find(name)->kind == OptionKind::boolean && !options.boolean(name)) continue;
    lines.push_back(options.sources().place(name) + ": has no effect; it needs " +
                    wanted(options, name));
  }
  return lines;
}

} // namespace linnet::core
