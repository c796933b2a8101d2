// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// An object of a JSON file and its place there, for messages of one line.
#pragma once

#include <linnet/io/json_limits.hpp>

#include <string>
#include <vector>

namespace linnet::fem {

/// Reads one object; every refusal is a data core::Error "source: 'path' rule". Refers to the value
/// it is made of.
class ObjectReader {
public:
  /// @p path as in "control.11", empty for the outermost. @throws where @p json is no object.
  ObjectReader(const io::JsonValue& json, std::string source, std::string path = "");

  [[noreturn]] void fail(const std::string& key, const std::string& rule) const;
  /// Refuses keys that are not in @p keys, with the nearest of them.
  void allow(const std::vector<std::string>& keys) const;
  [[nodiscard]] bool has(const std::string& key) const { return json_.find(key) != nullptr; }
  /// Refuses a missing key.
  [[nodiscard]] const io::JsonValue& at(const std::string& key) const;
  [[nodiscard]] ObjectReader object(const std::string& key) const;
  /// Finite numbers.
  [[nodiscard]] double number(const std::string& key) const;
  [[nodiscard]] double number(const std::string& key, double otherwise) const;
  [[nodiscard]] double positive(const std::string& key) const;
  /// 1 <= value <= most.
  [[nodiscard]] int count(const std::string& key, int most) const;
  [[nodiscard]] std::vector<double> numbers(const std::string& key) const;
  /// At least two numbers, each above the one before it.
  [[nodiscard]] std::vector<double> rising(const std::string& key) const;
  [[nodiscard]] std::string text(const std::string& key) const;
  [[nodiscard]] bool boolean(const std::string& key, bool otherwise) const;
  /// The place of the text in @p words; @p otherwise where the key is missing and that is no -1.
  [[nodiscard]] int choice(const std::string& key, const std::vector<std::string>& words,
                           int otherwise = -1) const;

  [[nodiscard]] const io::JsonValue& json() const { return json_; }
  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] std::string path(const std::string& key) const;

private:
  const io::JsonValue& json_;
  std::string source_, path_;
};

bool is_number(const io::JsonValue& value);

} // namespace linnet::fem
