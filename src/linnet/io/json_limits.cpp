// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/json_limits.hpp>

#include <linnet/core/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <set>

namespace linnet::io {
namespace {

using Json = nlohmann::json;
using Kind = JsonValue::Kind;

/// Counts the characters that the parser has taken: the library tells the place of errors of syntax
/// only.
class CountingIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

private:
  const char* at_;
  std::size_t* count_;
};

/// What the library says, without its prefixes "[json.exception...] " and "parse error at ...: ".
std::string without_prefix(std::string text) {
  if (const std::size_t end = text.find("] "); text.starts_with('[') && end != std::string::npos)
    text.erase(0, end + 2);
  if (const std::size_t end = text.find(": ");
      text.starts_with("parse error at") && end != std::string::npos)
    text.erase(0, end + 2);
  return text;
}

/// Receives the events of the parser and builds the value. Limits are checked before anything is
/// kept.
class Builder : public nlohmann::json_sax<Json> {
public:
  Builder(std::string_view text, const std::string& source, const JsonLimits& limits)
      : text_(text), source_(source), limits_(limits) {}

  JsonValue parse() {
    if (text_.size() > limits_.bytes)
      core::throw_data(source_ + ": JSON text of " + std::to_string(text_.size()) +
                       " bytes; at most " + std::to_string(limits_.bytes) + " are allowed");
    Json::sax_parse(CountingIterator(text_.data(), &taken_),
                    CountingIterator(text_.data() + text_.size(), &taken_), this);
    return std::move(root_);
  }

  bool null() override { return add(Kind::null), true; }
  bool boolean(bool value) override {
    add(Kind::boolean).boolean = value;
    return true;
  }
  bool number_integer(std::int64_t value) override {
    JsonValue& target = add(Kind::integer);
    target.integer = value;
    target.real = static_cast<double>(value);
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      refuse("the integer " + std::to_string(value) + " has more than 64 bits with its sign");
    return number_integer(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string& digits) override {
    // The library reads whole numbers beyond 64 bits as reals, without their last digits.
    if (digits.find_first_of(".eE") == std::string::npos)
      refuse("the integer " + digits + " has more than 64 bits with its sign");
    add(Kind::real).real = value;
    return true;
  }
  bool string(std::string& value) override {
    add(Kind::text).text = std::move(value);
    return true;
  }
  bool binary(Json::binary_t& /*value*/) override { return false; } // not in JSON text
  bool start_object(std::size_t /*size*/) override { return open(Kind::object); }
  bool start_array(std::size_t /*size*/) override { return open(Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    Level& level = open_.back();
    if (!level.keys.insert(name).second) refuse("the key '" + name + "' occurs twice");
    level.value->keys.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    taken_ = position;
    refuse(without_prefix(error.what()));
  }

private:
  /// A list or object that is not complete. Its address holds while it is open: only the items of
  /// the innermost one grow.
  struct Level {
    JsonValue* value;
    std::set<std::string> keys;
  };

  [[noreturn]] void refuse(const std::string& what) const {
    const std::string_view before = text_.substr(0, std::min(taken_, text_.size()));
    const std::size_t line =
        1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t last_break = before.rfind('\n');
    const std::size_t column =
        last_break == std::string_view::npos ? before.size() : before.size() - last_break - 1;
    core::throw_data(source_ + ": line " + std::to_string(line) + ", column " +
                     std::to_string(column) + ": " + what);
  }

  JsonValue& add(Kind kind) {
    if (++count_ > limits_.values)
      refuse("more than " + std::to_string(limits_.values) + " values");
    JsonValue& target = open_.empty() ? root_ : open_.back().value->items.emplace_back();
    target.kind = kind;
    return target;
  }
  bool open(Kind kind) {
    if (open_.size() >= limits_.depth)
      refuse("more than " + std::to_string(limits_.depth) + " lists and objects in each other");
    JsonValue& value = add(kind);
    open_.push_back({&value, {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& source_;
  const JsonLimits& limits_;
  std::size_t taken_ = 0, count_ = 0;
  JsonValue root_;
  std::vector<Level> open_;
};

} // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

const char* to_string(JsonValue::Kind kind) {
  switch (kind) {
  case Kind::boolean: return "truth value";
  case Kind::integer: return "integer";
  case Kind::real: return "number";
  case Kind::text: return "text";
  case Kind::list: return "list";
  case Kind::object: return "object";
  default: return "null";
  }
}

JsonValue parse_json(std::string_view text, const std::string& source, const JsonLimits& limits) {
  return Builder(text, source, limits).parse();
}

} // namespace linnet::io
