// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/option_sources.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace linnet::core {
namespace {

// PETSc's rule for what is an option and not a value: -1, -.5, -inf and -nan are numbers.
bool is_option(const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return false;
  const std::size_t first = word[1] == '-' ? 2 : 1;
  if (word.size() <= first || std::isalpha(static_cast<unsigned char>(word[first])) == 0)
    return false;
  char* end = nullptr;
  const char* begin = word.c_str();
  std::strtod(begin, &end);
  return end == begin || *end == '_' || std::isalnum(static_cast<unsigned char>(*end)) != 0;
}

bool looks_like_deck(const std::string& word) {
  return word.ends_with(".yaml") || word.ends_with(".yml");
}

// "deck.txt:yaml" names a format after the file, as PETSc takes it.
bool take_format(std::string& file) {
  const std::string lower = lower_case(file);
  if (lower.ends_with(":yaml")) {
    file.resize(file.size() - 5);
    return true;
  }
  return looks_like_deck(lower);
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool open = false;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      open = true;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (open || !word.empty()) words.push_back(std::exchange(word, {}));
      open = false;
    } else {
      word += c;
    }
  }
  if (open || !word.empty()) words.push_back(word);
  return words;
}

[[noreturn]] void fail_stray(const std::string& word) {
  std::string text = "command line: '" + word + "' belongs to no option";
  if (looks_like_deck(word))
    text += "; did you mean -options_file " + word + "?";
  else
    text += "; options begin with a dash and take one value (lists without blanks: 1,2,3)";
  throw_usage(text);
}

} // namespace

void OptionSources::read(const std::vector<std::string>& arguments,
                         const std::string& environment) {
  read_words(words_of(environment), "PETSC_OPTIONS", false);
  read_words(arguments, "command line", true);
}

void OptionSources::read_words(const std::vector<std::string>& words, const std::string& origin,
                               bool strict) {
  std::vector<std::string> decks, rest, prefixes;
  DeckEntries given;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!is_option(word)) {
      if (strict) fail_stray(word);
      continue;
    }
    if (word.starts_with("--"))
      throw_usage(origin + ": " + word + ": PETSc passes over names with two dashes; write " +
                  word.substr(1));
    const std::string name = lower_case(word);
    const bool has_value = i + 1 < words.size() && !is_option(words[i + 1]);
    const std::string value = has_value ? words[i + 1] : "";
    if (has_value) ++i;
    const std::string prefix = joined(prefixes, "");
    if (name == "-options_file" || name == "-options_file_yaml") {
      if (!has_value) throw_usage(origin + ": " + word + ": needs the name of a file");
      if (!prefix.empty()) decks.insert(decks.end(), {"-prefix_push", prefix});
      decks.insert(decks.end(), {word, value});
      if (!prefix.empty()) decks.emplace_back("-prefix_pop");
      std::string file = value;
      const bool yaml = take_format(file) || name == "-options_file_yaml";
      add_file(file, prefix, yaml);
      continue;
    }
    rest.push_back(word);
    if (has_value) rest.push_back(value);
    if (name == "-prefix_push")
      prefixes.push_back(value);
    else if (name == "-prefix_pop" && !prefixes.empty())
      prefixes.pop_back();
    else if (name == "-options_string_yaml")
      add_deck(value, "-options_string_yaml", prefix);
    else
      given["-" + lower_case(prefix) + name.substr(1)] = {value, origin, 0};
  }
  for (auto& [name, entry] : given) entries_[name] = entry;
  if (!strict) return;
  ordered_ = std::move(decks);
  ordered_.insert(ordered_.end(), rest.begin(), rest.end());
}

void OptionSources::add_file(const std::string& file, const std::string& prefix, bool yaml) {
  const std::string text = read_(file);
  if (yaml)
    add_deck(text, file, prefix);
  else
    add_plain_file(text, file, prefix);
}

void OptionSources::add_deck(std::string_view text, const std::string& file,
                             const std::string& prefix) {
  for (auto& [name, entry] : parse_deck(text, file, prefix, read_)) entries_[name] = entry;
  deck_text_ += "# " + file + "\n" + std::string(text);
  if (!deck_text_.ends_with('\n')) deck_text_ += '\n';
}

void OptionSources::add_plain_file(std::string_view text, const std::string& file,
                                   const std::string& prefix) {
  int line = 0;
  for (const auto& content : split(text, '\n')) {
    ++line;
    const auto end = content.find_first_of(" \t");
    const std::string word = content.substr(0, end);
    if (!is_option(word)) continue;
    const std::string value =
        end == std::string::npos ? "" : std::string(trimmed(std::string_view(content).substr(end)));
    entries_["-" + lower_case(prefix + word.substr(1))] = {value, file, line};
  }
}

std::string OptionSources::place(std::string_view name) const {
  std::string key = lower_case(name);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return key;
  const DeckEntry& entry = found->second;
  if (entry.line == 0) return entry.file + ": " + key;
  return entry.file + ":" + std::to_string(entry.line) + ": " + key.substr(1);
}

std::vector<std::string> OptionSources::names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

std::string OptionSources::file(std::string_view name) const {
  const auto found = entries_.find(lower_case(name));
  return found == entries_.end() || found->second.line == 0 ? "" : found->second.file;
}

std::string OptionSources::folder(std::string_view name) const {
  return std::filesystem::path(file(name)).parent_path().string();
}

std::string OptionSources::value(std::string_view name) const {
  const auto found = entries_.find(lower_case(name));
  return found == entries_.end() ? "" : found->second.value;
}

std::string OptionSources::name_of_value(std::string_view text) const {
  std::string name;
  for (const auto& [key, entry] : entries_) {
    const auto items = split(entry.value, ',');
    if (entry.value != text && std::find(items.begin(), items.end(), text) == items.end()) continue;
    if (!name.empty()) return {};
    name = key;
  }
  return name;
}

} // namespace linnet::core
