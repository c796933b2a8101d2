// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/option_table.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace linnet::core {
namespace {

bool is_family(const OptionSpec& spec) { return spec.name.ends_with('*'); }

bool is_list(OptionKind kind) {
  return kind == OptionKind::integers || kind == OptionKind::reals || kind == OptionKind::strings;
}

bool in_family(const OptionSpec& spec, std::string_view name) {
  const std::string_view stem = std::string_view(spec.name).substr(0, spec.name.size() - 1);
  if (!name.starts_with(stem) || name.size() == stem.size()) return false;
  const std::string_view member = name.substr(stem.size());
  if (spec.is_member) return spec.is_member(member);
  return spec.members.empty() ||
         std::find(spec.members.begin(), spec.members.end(), member) != spec.members.end();
}

bool fits_pattern(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  pattern.remove_suffix(1);
  return name.size() > pattern.size() && name.starts_with(pattern);
}

// "xpc_boxmg_" is somebody else's; a PETSc prefix ends with '_'.
bool holds_stem(std::string_view name, std::string_view stem) {
  const auto at = name.find(stem);
  return at != std::string_view::npos && at != 0 && (name[at - 1] == '-' || name[at - 1] == '_');
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string allowed_range(const OptionRange& range, const std::string& noun) {
  const bool below = std::isfinite(range.lowest), above = std::isfinite(range.highest);
  if (below && above && !range.lowest_excluded)
    return "must be " + noun + "between " + number_text(range.lowest) + " and " +
           number_text(range.highest);
  if (below && above)
    return "must be " + noun + "above " + number_text(range.lowest) + " and at most " +
           number_text(range.highest);
  if (below)
    return "must be " + noun + (range.lowest_excluded ? "above " : "at least ") +
           number_text(range.lowest);
  return "must be " + noun + "at most " + number_text(range.highest);
}

bool inside(const OptionRange& range, double value) {
  return range.lowest_excluded ? value > range.lowest && value <= range.highest
                               : value >= range.lowest && value <= range.highest;
}

std::string real_problem(const OptionSpec& spec, std::string_view text) {
  const auto value = to_real(text);
  if (!value) return "must be a number, got " + in_quotes(text);
  if (!std::isfinite(*value)) return "must be a finite number, got " + std::string(text);
  if (!inside(spec.range, *value))
    return allowed_range(spec.range, "") + ", got " + std::string(text);
  return {};
}

std::string integer_problem(const OptionSpec& spec, std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || end != digits.data() + digits.size() ||
      error == std::errc::invalid_argument)
    return "must be a whole number, got " + in_quotes(text);
  if (error != std::errc{}) return "is too large for a whole number, got " + std::string(text);
  if (!inside(spec.range, static_cast<double>(value)))
    return allowed_range(spec.range, "a whole number ") + ", got " + std::string(text);
  return {};
}

std::string boolean_problem(std::string_view text) {
  static const std::vector<std::string> words{"true", "false", "yes", "no", "on", "off", "1", "0"};
  if (std::find(words.begin(), words.end(), lower_case(text)) != words.end()) return {};
  return "must be yes or no (true, false, on, off, 1, 0), got " + in_quotes(text);
}

std::string choice_problem(const OptionSpec& spec, std::string_view text) {
  const auto& choices = spec.choices;
  if (choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end())
    return {};
  const std::string near = closest_word(text, choices);
  return "must be one of " + joined(choices) + ", got " + in_quotes(text) +
         (near.empty() ? "" : "; did you mean " + near + "?");
}

std::string list_problem(const OptionSpec& spec, std::string_view text) {
  const auto items = split(text, ',');
  const int count = static_cast<int>(items.size());
  if (count < spec.least_items || count > spec.most_items) {
    const std::string least = std::to_string(spec.least_items);
    const std::string most = std::to_string(spec.most_items);
    std::string wanted = spec.least_items == spec.most_items ? least : least + " to " + most;
    if (spec.most_items == std::numeric_limits<int>::max()) wanted = "at least " + least;
    return "must have " + wanted + " items, got " + std::to_string(count) + ": " +
           std::string(text);
  }
  for (const auto& item : items) {
    const std::string problem = spec.kind == OptionKind::integers ? integer_problem(spec, item)
                                : spec.kind == OptionKind::reals  ? real_problem(spec, item)
                                                                  : choice_problem(spec, item);
    if (!problem.empty()) return "each item " + problem;
  }
  return {};
}

std::string kind_text(const OptionSpec& spec) {
  switch (spec.kind) {
  case OptionKind::boolean: return "yes|no";
  case OptionKind::integer: return "integer";
  case OptionKind::real: return "real";
  case OptionKind::string: return "text";
  case OptionKind::choice: return joined(spec.choices, "|");
  case OptionKind::integers: return "integer,...";
  case OptionKind::reals: return "real,...";
  case OptionKind::strings: return "text,...";
  }
  return {};
}

std::string facts(const OptionSpec& spec) {
  std::vector<std::string> items;
  if (!spec.unit.empty()) items.push_back("in " + spec.unit);
  if (std::isfinite(spec.range.lowest) || std::isfinite(spec.range.highest))
    items.push_back(allowed_range(spec.range, "").substr(std::string("must be ").size()));
  if (!spec.members.empty()) items.push_back("* one of " + joined(spec.members));
  if (!spec.default_text.empty()) items.push_back("default " + spec.default_text);
  return items.empty() ? "" : " (" + joined(items, "; ") + ")";
}

// Words of text in lines that end at column width; lines after the first begin at column indent.
std::string wrapped(const std::string& text, std::size_t column, std::size_t indent,
                    std::size_t width) {
  std::string result;
  for (const auto& word : split(text, ' ')) {
    if (column + 1 + word.size() > width && column > indent) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

} // namespace

std::string option_problem(const OptionSpec& spec, std::string_view text, bool has_value) {
  if (!has_value && spec.kind != OptionKind::boolean)
    return "needs a value (" + kind_text(spec) + ")" +
           (spec.default_text.empty() ? "" : ", for example " + spec.default_text);
  std::string problem;
  switch (spec.kind) {
  case OptionKind::boolean: problem = has_value ? boolean_problem(text) : ""; break;
  case OptionKind::integer: problem = integer_problem(spec, text); break;
  case OptionKind::real: problem = real_problem(spec, text); break;
  case OptionKind::string: break;
  case OptionKind::choice: problem = choice_problem(spec, text); break;
  default: problem = list_problem(spec, text);
  }
  if (problem.empty() && spec.problem) problem = spec.problem(text);
  return problem;
}

OptionTable& OptionTable::group(std::string title) {
  current_group_ = std::move(title);
  return *this;
}

OptionTable& OptionTable::add(OptionSpec spec) {
  const std::string& name = spec.name;
  if (name.size() < 2 || name[0] != '-' || lower_case(name) != name)
    throw std::logic_error("option name '" + name + "' is not of the form -lower_case");
  for (const auto& other : specs_)
    if (other.name == name) throw std::logic_error("option " + name + " is declared twice");
  if (!spec.default_text.empty())
    if (const auto problem = option_problem(spec, spec.default_text); !problem.empty())
      throw std::logic_error("default of option " + name + " " + problem);
  if (is_list(spec.kind) && spec.least_items < 1)
    throw std::logic_error("list option " + name + " may not be empty");
  specs_.push_back(std::move(spec));
  groups_.push_back(current_group_);
  return *this;
}

OptionTable& OptionTable::own(std::string prefix) {
  prefixes_.push_back(std::move(prefix));
  return *this;
}

OptionTable& OptionTable::own_stem(OptionStem stem) {
  stems_.push_back(std::move(stem));
  return *this;
}

OptionTable& OptionTable::append(const OptionTable& other) {
  for (std::size_t i = 0; i < other.specs_.size(); ++i)
    group(other.groups_[i]).add(other.specs_[i]);
  for (const auto& prefix : other.prefixes_) own(prefix);
  for (const auto& stem : other.stems_) own_stem(stem);
  return *this;
}

const OptionSpec* OptionTable::find(std::string_view name) const {
  const std::string wanted = lower_case(name);
  for (const auto& spec : specs_)
    if (spec.name == wanted) return &spec;
  for (const auto& spec : specs_)
    if (is_family(spec) && in_family(spec, wanted)) return &spec;
  return nullptr;
}

bool OptionTable::has_prefix(std::string_view name) const {
  return std::any_of(prefixes_.begin(), prefixes_.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

bool OptionTable::owns(std::string_view name) const {
  const std::string wanted = lower_case(name);
  return has_prefix(wanted) ||
         std::any_of(stems_.begin(), stems_.end(),
                     [&](const OptionStem& stem) { return holds_stem(wanted, stem.stem); });
}

bool OptionTable::misspelt(std::string_view name) const {
  const std::string wanted = lower_case(name);
  if (find(wanted) != nullptr) return false;
  if (has_prefix(wanted)) return true;
  for (const auto& stem : stems_) {
    if (!holds_stem(wanted, stem.stem)) continue;
    const std::string_view rest =
        std::string_view(wanted).substr(wanted.find(stem.stem) + stem.stem.size());
    return std::none_of(stem.names.begin(), stem.names.end(),
                        [&](const std::string& known) { return fits_pattern(known, rest); });
  }
  return false;
}

std::string OptionTable::closest(std::string_view name) const {
  const std::string wanted = lower_case(name);
  std::vector<std::string> candidates;
  for (const auto& spec : specs_) {
    if (!is_family(spec)) candidates.push_back(spec.name);
    for (const auto& member : spec.members)
      candidates.push_back(spec.name.substr(0, spec.name.size() - 1) + member);
  }
  for (const auto& stem : stems_) {
    const auto at = wanted.find(stem.stem);
    const std::string before = at == std::string::npos ? "-" : wanted.substr(0, at);
    for (const auto& known : stem.names)
      if (!known.ends_with('*')) candidates.push_back(before + stem.stem + known);
  }
  return closest_word(wanted, candidates);
}

std::string OptionTable::help() const {
  constexpr std::size_t indent = 6, width = 100;
  std::string text, title;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (groups_[i] != title) text += (title = groups_[i]) + ":\n";
    const OptionSpec& spec = specs_[i];
    const std::string head = "  " + spec.name + " <" + kind_text(spec) + ">";
    const bool own_line = head.size() > width / 2;
    text += head + (own_line ? "\n" + std::string(indent, ' ') : "  ") +
            wrapped(spec.help + facts(spec), own_line ? indent : head.size() + 2, indent, width) +
            "\n";
  }
  return text;
}

} // namespace linnet::core
