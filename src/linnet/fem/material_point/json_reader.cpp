// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material_point/json_reader.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::fem {

using io::JsonValue;
using Kind = JsonValue::Kind;

bool is_number(const JsonValue& value) {
  return value.kind == Kind::real || value.kind == Kind::integer;
}

ObjectReader::ObjectReader(const JsonValue& json, std::string source, std::string path)
    : json_(json), source_(std::move(source)), path_(std::move(path)) {
  if (json_.kind != Kind::object)
    core::throw_data(source_ + ": " + (path_.empty() ? "the file" : "'" + path_ + "'") +
                     " must be an object {..}, got a " + io::to_string(json_.kind));
}

std::string ObjectReader::path(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

void ObjectReader::fail(const std::string& key, const std::string& rule) const {
  core::throw_data(source_ + ": '" + path(key) + "' " + rule);
}

void ObjectReader::allow(const std::vector<std::string>& keys) const {
  for (const std::string& key : json_.keys) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    const std::string near = core::closest_word(key, keys);
    fail(key, "is unknown; " + (near.empty() ? "" : "did you mean '" + near + "'? ") +
                  "allowed here: " + core::joined(keys));
  }
}

const JsonValue& ObjectReader::at(const std::string& key) const {
  const JsonValue* value = json_.find(key);
  if (!value) fail(key, "is missing");
  return *value;
}

ObjectReader ObjectReader::object(const std::string& key) const {
  return {at(key), source_, path(key)};
}

double ObjectReader::number(const std::string& key) const {
  const JsonValue& value = at(key);
  if (!is_number(value) || !std::isfinite(value.real))
    fail(key, "must be a finite number, got a " + std::string(io::to_string(value.kind)));
  return value.real;
}

double ObjectReader::number(const std::string& key, double otherwise) const {
  return has(key) ? number(key) : otherwise;
}

double ObjectReader::positive(const std::string& key) const {
  const double value = number(key);
  if (value <= 0.0) fail(key, "must be positive, got " + core::number_text(value));
  return value;
}

int ObjectReader::count(const std::string& key, int most) const {
  const JsonValue& value = at(key);
  if (value.kind != Kind::integer || value.integer < 1 || value.integer > most)
    fail(key, "must be a whole number from 1 to " + std::to_string(most) +
                  (is_number(value) ? ", got " + core::number_text(value.real) : ""));
  return static_cast<int>(value.integer);
}

std::vector<double> ObjectReader::numbers(const std::string& key) const {
  const JsonValue& value = at(key);
  if (value.kind != Kind::list || value.items.empty()) fail(key, "must be a list of numbers");
  std::vector<double> list;
  for (const JsonValue& item : value.items) {
    if (!is_number(item) || !std::isfinite(item.real))
      fail(key, "must hold finite numbers, got a " + std::string(io::to_string(item.kind)));
    list.push_back(item.real);
  }
  return list;
}

std::vector<double> ObjectReader::rising(const std::string& key) const {
  std::vector<double> list = numbers(key);
  if (list.size() < 2) fail(key, "must hold at least two times");
  for (std::size_t i = 1; i < list.size(); ++i)
    if (!(list[i] > list[i - 1]))
      fail(key, "must rise, got " + core::number_text(list[i]) + " after " +
                    core::number_text(list[i - 1]));
  return list;
}

std::string ObjectReader::text(const std::string& key) const {
  const JsonValue& value = at(key);
  if (value.kind != Kind::text || value.text.empty()) fail(key, "must be a text");
  return value.text;
}

bool ObjectReader::boolean(const std::string& key, bool otherwise) const {
  if (!has(key)) return otherwise;
  if (at(key).kind != Kind::boolean) fail(key, "must be true or false");
  return at(key).boolean;
}

int ObjectReader::choice(const std::string& key, const std::vector<std::string>& words,
                         int otherwise) const {
  if (!has(key) && otherwise >= 0) return otherwise;
  const std::string word = text(key);
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end())
    fail(key, "must be one of " + core::joined(words) + ", got '" + word + "'");
  return static_cast<int>(found - words.begin());
}

} // namespace linnet::fem
