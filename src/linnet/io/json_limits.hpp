// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// JSON from anybody, read within limits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::io {

/// A value of JSON (RFC 8259). Whole numbers without fraction and exponent are integers.
struct JsonValue {
  enum class Kind { null, boolean, integer, real, text, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;               ///< also set for an integer
  std::string text;              ///< UTF-8
  std::vector<std::string> keys; ///< of an object, in the order of the text; none occurs twice
  std::vector<JsonValue> items;  ///< of a list or, beside keys, of an object

  /// The item of @p key of an object, or null.
  [[nodiscard]] const JsonValue* find(std::string_view key) const;
};

struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20; ///< of the whole text
  std::size_t depth = 16;                   ///< of lists and objects in each other
  std::size_t values = 65536;               ///< of all kinds together
};

/// "null", "truth value", "integer", "number", "text", "list", "object": for messages.
const char* to_string(JsonValue::Kind kind);

/// The value of @p text, which holds one and nothing else. @throws core::Error (data) beginning
/// with @p source (the name of a file) and the place: also for keys that occur twice in an object
/// and for integers of more than 64 bits.
JsonValue parse_json(std::string_view text, const std::string& source,
                     const JsonLimits& limits = {});

} // namespace linnet::io
