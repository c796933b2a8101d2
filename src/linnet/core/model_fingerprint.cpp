// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/model_fingerprint.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

namespace linnet::core {
namespace {

constexpr std::size_t longest_value = 300; // HDF5 limits the size of an attribute

std::string plain_number(const std::string& text) {
  const auto value = to_real(text);
  return value ? number_text(*value) : text;
}

// 16 and 16,16,16 say the same of a grid.
std::string plain_list(const std::string& text) {
  auto items = split(text, ',');
  for (auto& item : items) item = plain_number(item);
  if (std::all_of(items.begin(), items.end(), [&](auto& item) { return item == items[0]; }))
    return items[0];
  return joined(items, ",");
}

std::string plain_text(const std::string& text) {
  std::string plain = text;
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  if (plain.size() <= longest_value) return plain;
  std::uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
  for (const char c : plain) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return plain.substr(0, 60) + "... (" + std::to_string(plain.size()) + " characters, hash " +
         std::to_string(hash) + ")";
}

std::string plain_value(const Options& options, const OptionSpec& spec, const std::string& name) {
  const std::string text = options.text(name);
  switch (spec.kind) {
  case OptionKind::boolean: return options.boolean(name) ? "yes" : "no";
  case OptionKind::integer:
  case OptionKind::real: return plain_number(text);
  case OptionKind::integers:
  case OptionKind::reals: return plain_list(text);
  default: return plain_text(text);
  }
}

std::map<std::string, std::string> parse(const std::string& fingerprint) {
  std::map<std::string, std::string> values;
  for (const auto& line : split(fingerprint, '\n')) {
    const auto blank = line.find(' ');
    if (blank != std::string::npos) values[line.substr(0, blank)] = line.substr(blank + 1);
  }
  return values;
}

} // namespace

std::string model_fingerprint(const Options& options, std::string_view prefix) {
  std::set<std::string> names;
  for (const auto& spec : options.table().specs())
    if (!spec.name.ends_with('*')) names.insert(spec.name);
  for (const auto& name : options.given()) names.insert(name);
  std::string text;
  for (const auto& name : names) {
    const OptionSpec& spec = *options.table().find(name);
    if (!name.starts_with(prefix) || spec.free_on_restart) continue;
    const std::string value = plain_value(options, spec, name);
    if (value.empty()) continue;
    if (!text.empty()) text += '\n';
    text += name;
    text += ' ';
    text += value;
  }
  return text;
}

std::string model_changes(const std::string& before, const std::string& now) {
  const auto old_values = parse(before), new_values = parse(now);
  std::vector<std::string> changes;
  for (const auto& [name, value] : old_values) {
    const auto found = new_values.find(name);
    if (found == new_values.end())
      changes.push_back(name + " was " + value + " and is not set");
    else if (found->second != value)
      changes.push_back(name + " was " + value + " and is " + found->second);
  }
  for (const auto& [name, value] : new_values)
    if (!old_values.contains(name)) changes.push_back(name + " was not set and is " + value);
  return joined(changes);
}

} // namespace linnet::core
