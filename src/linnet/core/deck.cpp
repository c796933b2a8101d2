// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/deck.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <yaml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <new>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace linnet::core {
namespace {

// Includes and anchors may nest, but not without end.
constexpr int deepest = 32;
// Anchors and includes can make gigabytes of a short deck.
constexpr std::size_t largest_expansion = std::size_t{16} << 20;
constexpr std::size_t largest_file = std::size_t{16} << 20;

std::string_view scalar(const yaml_node_t& node) {
  return {reinterpret_cast<const char*>(node.data.scalar.value), node.data.scalar.length};
}

bool is_null(const yaml_node_t& node) {
  if (node.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  const std::string text = lower_case(scalar(node));
  return text == "~" || text == "null";
}

// Walks one document in the order in which PETSc sets its options.
class Flattener {
public:
  /// @p expansion counts the bytes of all that comes of a deck and what it includes.
  Flattener(yaml_document_t& document, const std::string& file, const DeckReader& read, int depth,
            std::size_t& expansion, DeckEntries& entries)
      : document_(&document), file_(file), read_(read), depth_(depth), expansion_(expansion),
        entries_(entries) {}

  void mapping(const yaml_node_t& node, const std::string& prefix, int level) {
    if (node.type == YAML_SCALAR_NODE && scalar(node).empty()) return;
    if (node.type != YAML_MAPPING_NODE)
      fail(node, level == 0 ? "the deck must be a mapping of keys to values, such as 'ksp_type: cg'"
                            : "expected a mapping of keys to values here");
    if (level > deepest) fail(node, "mappings are nested too deeply (an anchor inside itself?)");
    const auto& pairs = node.data.mapping.pairs;
    std::set<std::string> keys;
    for (const auto* pair = pairs.start; pair < pairs.top; ++pair)
      entry(get(pair->key), get(pair->value), prefix, level, keys);
  }

private:
  void entry(const yaml_node_t& key, const yaml_node_t& value, const std::string& prefix, int level,
             std::set<std::string>& keys) {
    spend(key, prefix.size());
    if (key.type != YAML_SCALAR_NODE) fail(key, "a key must be a word, not a list or a mapping");
    const std::string word(scalar(key));
    if (word == "<<") {
      if (!keys.empty())
        fail(key,
             "'<<' must be the first key of its mapping, because PETSc lets the last value win");
      return merge(value, prefix, level);
    }
    if (word.starts_with("$$")) return include(value);
    check_key(key, word, prefix);
    if (!keys.insert(lower_case(word)).second)
      fail(key, "key '" + word + "' stands twice in this mapping; remove one");
    const std::string name = prefix + lower_case(word);
    switch (value.type) {
    case YAML_MAPPING_NODE: return mapping(value, name + "_", level + 1);
    case YAML_SEQUENCE_NODE: return set(key, name, list(value, word));
    default: break;
    }
    if (is_null(value))
      fail(value, "the value of '" + word + "' is null, which PETSc takes as the text '" +
                      std::string(scalar(value)) +
                      "'; write nothing after the colon for a flag, or remove the key");
    set(key, name, std::string(scalar(value)));
  }

  void check_key(const yaml_node_t& key, const std::string& word, const std::string& prefix) const {
    if (word.empty()) fail(key, "a key is empty");
    if (word[0] == '-')
      fail(key, "key '" + word + "' begins with '-'; write it without: " + word.substr(1));
    if (word.back() == '_')
      fail(key, "key '" + word + "' ends with '_', which PETSc would double; write '" +
                    word.substr(0, word.find_last_not_of('_') + 1) + "'");
    const bool letter = std::isalpha(static_cast<unsigned char>(word[0])) != 0;
    if (prefix.empty() && !letter)
      fail(key, "key '" + word + "' cannot name an option; option names begin with a letter");
    if (std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::isspace(c) != 0; }))
      fail(key, "key '" + word + "' contains a blank; option names have none");
    if (prefix.empty() && lower_case(word).starts_with("options_file"))
      fail(key, "a deck cannot name another with options_file; write '$$include: !include "
                "other.yaml', or give several -options_file on the command line");
  }

  void merge(const yaml_node_t& value, const std::string& prefix, int level) {
    const bool outer = std::exchange(merging_, true);
    if (value.type == YAML_SEQUENCE_NODE) {
      const auto& items = value.data.sequence.items;
      for (const auto* item = items.start; item < items.top; ++item) {
        spend(value, 0);
        mapping(get(*item), prefix, level + 1);
      }
    } else {
      mapping(value, prefix, level + 1);
    }
    merging_ = outer;
  }

  void include(const yaml_node_t& value) {
    const auto* tag = reinterpret_cast<const char*>(value.tag);
    if (value.type != YAML_SCALAR_NODE || tag == nullptr ||
        !std::string_view(tag).ends_with("!include"))
      return;
    if (depth_ >= deepest) fail(value, "files include each other without end");
    const std::string file(scalar(value));
    std::string text;
    try {
      text = read_(file);
    } catch (const Error& error) {
      fail(value, std::string("cannot include: ") + error.what() +
                      " (paths count from the working directory)");
    }
    for (auto& [name, entry] : parse_included(text, file)) entries_[name] = entry;
  }

  DeckEntries parse_included(const std::string& text, const std::string& file);

  std::string list(const yaml_node_t& node, const std::string& word) const {
    std::vector<std::string> texts;
    const auto& items = node.data.sequence.items;
    for (const auto* at = items.start; at < items.top; ++at) {
      const yaml_node_t& item = get(*at);
      spend(item, 0);
      if (item.type == YAML_SEQUENCE_NODE)
        fail(item, "list '" + word + "' holds another list; options are flat lists such as [1, 2]");
      if (item.type == YAML_MAPPING_NODE)
        fail(item,
             "list '" + word + "' holds a mapping; write plain values, or nest keys without '-'");
      if (is_null(item) || scalar(item).empty())
        fail(item, "list '" + word + "' holds an empty item, which PETSc would drop or misread");
      if (scalar(item).find(',') != std::string_view::npos)
        fail(item,
             "an item of list '" + word +
                 "' contains a comma, which PETSc would split; write one text instead of a list");
      texts.emplace_back(scalar(item));
    }
    if (texts.empty())
      fail(node, "list '" + word + "' is empty; give it a value or remove the key");
    return joined(texts, ",");
  }

  void set(const yaml_node_t& key, const std::string& name, std::string value) {
    const int line = static_cast<int>(key.start_mark.line) + 1;
    const std::string full = "-" + name;
    const auto old = entries_.find(full);
    // Merged values are there to be overridden, everything else is a slip of the pen.
    if (!merging_) {
      if (!own_.insert(full).second)
        fail(key, "'" + name + "' is set twice; also in line " + std::to_string(old->second.line));
    }
    entries_[full] = {std::move(value), file_, line};
  }

  /// Counts @p node and @p more bytes that come with it.
  void spend(const yaml_node_t& node, std::size_t more) const {
    expansion_ += 32 + more + (node.type == YAML_SCALAR_NODE ? node.data.scalar.length : 0);
    if (expansion_ > largest_expansion)
      fail(node, "the deck expands to more than 16 MiB of options here; do its anchors or includes "
                 "multiply each other?");
  }

  [[noreturn]] void fail(const yaml_node_t& node, const std::string& problem) const {
    throw_usage(file_ + ":" + std::to_string(node.start_mark.line + 1) + ":" +
                std::to_string(node.start_mark.column + 1) + ": " + problem);
  }

  [[nodiscard]] const yaml_node_t& get(int index) const {
    return *yaml_document_get_node(document_, index);
  }

  yaml_document_t* document_;
  const std::string& file_;
  const DeckReader& read_;
  int depth_;
  std::size_t& expansion_;
  DeckEntries& entries_;      // of all documents and included files
  std::set<std::string> own_; // names this document sets, without merged ones
  bool merging_ = false;
};

struct ParserCloser {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;
  }
};

struct DocumentCloser {
  void operator()(yaml_document_t* document) const { yaml_document_delete(document); }
};

std::string_view line_of(std::string_view text, std::size_t number) {
  for (; number > 0; --number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

[[noreturn]] void fail_syntax(const yaml_parser_t& parser, std::string_view text,
                              const std::string& file) {
  const bool reader = parser.error == YAML_READER_ERROR;
  const auto before = text.substr(0, std::min(text.size(), parser.problem_offset));
  const std::size_t line =
      reader ? static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'))
             : parser.problem_mark.line;
  std::string place = file + ":" + std::to_string(line + 1);
  if (!reader) place += ":" + std::to_string(parser.problem_mark.column + 1);
  std::string problem = parser.problem != nullptr ? parser.problem : "malformed YAML";
  if (parser.context != nullptr && !reader)
    problem += std::string(" ") + parser.context + " (begun in line " +
               std::to_string(parser.context_mark.line + 1) + ")";
  const auto source = line_of(text, line);
  const auto indent = source.substr(0, source.find_first_not_of(" \t"));
  if (indent.find('\t') != std::string_view::npos)
    problem += "; the line is indented with a tab, YAML wants spaces";
  throw_usage(place + ": " + problem);
}

DeckEntries parse(std::string_view text, const std::string& file, const std::string& prefix,
                  const DeckReader& read, int depth, std::size_t& expansion) {
  if (const auto at = text.find('\0'); at != std::string_view::npos)
    throw_usage(file + ": is not a text file");
  std::unique_ptr<yaml_parser_t, ParserCloser> parser(new yaml_parser_t{});
  if (yaml_parser_initialize(parser.get()) == 0) throw std::bad_alloc();
  yaml_parser_set_input_string(parser.get(), reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  DeckEntries entries;
  for (;;) {
    yaml_document_t document;
    if (yaml_parser_load(parser.get(), &document) == 0) fail_syntax(*parser, text, file);
    const std::unique_ptr<yaml_document_t, DocumentCloser> closer(&document);
    const yaml_node_t* root = yaml_document_get_root_node(&document);
    if (root == nullptr) return entries;
    Flattener(document, file, read, depth, expansion, entries)
        .mapping(*root, lower_case(prefix), 0);
  }
}

DeckEntries Flattener::parse_included(const std::string& text, const std::string& file) {
  return parse(text, file, "", read_, depth_ + 1, expansion_);
}

} // namespace

DeckEntries parse_deck(std::string_view text, const std::string& file, const std::string& prefix,
                       const DeckReader& read) {
  std::size_t expansion = 0;
  return parse(text, file, prefix, read, 0, expansion);
}

std::string read_deck_file(const std::string& file) {
  struct stat status {};
  std::ifstream stream(file, std::ios::binary);
  if (!stream || stat(file.c_str(), &status) != 0)
    throw_usage(file + ": cannot read the options file: " + std::strerror(errno) +
                "; give the path from the working directory");
  if (S_ISDIR(status.st_mode)) throw_usage(file + ": is a directory, not an options file");
  // Not the size that the system reports: devices and pipes have none.
  std::string text;
  std::array<char, 4096> part;
  while (text.size() <= largest_file && stream.read(part.data(), part.size()).gcount() > 0)
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) throw_usage(file + ": cannot read the options file to its end");
  if (text.size() > largest_file)
    throw_usage(file + ": is larger than 16 MiB, which no options file is");
  return text;
}

} // namespace linnet::core
