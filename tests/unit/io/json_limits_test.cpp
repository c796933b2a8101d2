// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/json_limits.hpp>

#include "scratch.hpp"

using namespace linnet;
using namespace linnet::test;
using io::JsonValue;
using Kind = io::JsonValue::Kind;

namespace {

std::string refusal(const std::string& text, const io::JsonLimits& limits = {}) {
  return error_of([&] {
    try {
      io::parse_json(text, "graph.json", limits);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ExitCode::data);
      throw;
    }
  });
}

std::string nested(int depth) {
  const auto n = static_cast<std::size_t>(depth);
  return std::string(n, '[') + std::string(n, ']');
}

} // namespace

TEST(Json, ValuesOfAllKinds) {
  const JsonValue v = io::parse_json(
      R"({"b": true, "a": [null, -9223372036854775808, 9223372036854775807, 0.5, 1e2, "\u00e4"],
          "o": {}, "f": false})",
      "t");
  ASSERT_EQ(v.kind, Kind::object);
  EXPECT_EQ(v.keys, (std::vector<std::string>{"b", "a", "o", "f"}));
  EXPECT_TRUE(v.find("b")->boolean);
  EXPECT_EQ(v.find("f")->kind, Kind::boolean);
  EXPECT_FALSE(v.find("f")->boolean);
  EXPECT_EQ(v.find("o")->kind, Kind::object);
  EXPECT_EQ(v.find("missing"), nullptr);
  const auto& a = v.find("a")->items;
  ASSERT_EQ(a.size(), 6u);
  EXPECT_EQ(a[0].kind, Kind::null);
  EXPECT_EQ(a[1].integer, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(a[2].integer, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(a[1].kind, Kind::integer);
  EXPECT_EQ(a[1].real, -0x1p63);
  EXPECT_EQ(a[3].real, 0.5);
  EXPECT_EQ(a[4].kind, Kind::real);
  EXPECT_EQ(a[4].real, 100.0);
  EXPECT_EQ(a[5].text, "\xc3\xa4");
  EXPECT_STREQ(io::to_string(a[5].kind), "text");
}

TEST(Json, ErrorsOfSyntaxHaveAPlace) {
  expect_contains(refusal("{\"a\": 1,\n \"b\": }"), "graph.json: line 2, column 7: syntax error");
  expect_contains(refusal("[1] 2"), "line 1, column 5: syntax error");
  expect_contains(refusal(""), "line 1, column 0: ");
  expect_contains(refusal("[1e999]"), "number overflow");
  expect_contains(refusal("\"\xff\""), "line 1, column 2: ");
  for (const char* text : {"[1,]", "{'a': 1}", "NaN", "[01]", "// x\n1", "[1", "\"\n\""})
    expect_contains(refusal(text), "graph.json: line ");
}

TEST(Json, LimitsHold) {
  EXPECT_EQ(io::parse_json(nested(16), "t").kind, Kind::list);
  expect_contains(refusal(nested(17)),
                  "line 1, column 17: more than 16 lists and objects in each other");
  expect_contains(refusal(std::string(1 << 20, '[')), "column 17: more than 16");
  const io::JsonLimits few{.bytes = 20, .depth = 2, .values = 4};
  EXPECT_EQ(io::parse_json("[1,2,3]", "t", few).items.size(), 3u);
  expect_contains(refusal("[1,\n2,3,4]", few), "line 2, column 6: more than 4 values");
  expect_contains(refusal(std::string(21, ' '), few), "JSON text of 21 bytes; at most 20");
  EXPECT_EQ(io::parse_json("1" + std::string((1 << 20) - 1, ' '), "t").integer, 1);
  expect_contains(refusal("1" + std::string(1 << 20, ' ')), "at most 1048576 are allowed");
}

TEST(Json, AmbiguousTextsAreRefused) {
  expect_contains(refusal(R"({"a": 1, "b": {"a": 2}, "a": 3})"), "the key 'a' occurs twice");
  expect_contains(refusal(R"({"a": 1, "\u0061": 3})"), "the key 'a' occurs twice");
  expect_contains(refusal("[9223372036854775808]"), "the integer 9223372036854775808 has more");
  expect_contains(refusal("-9223372036854775809"), "the integer -9223372036854775809 has more");
  expect_contains(refusal("18446744073709551616"), "the integer 18446744073709551616 has more");
}
