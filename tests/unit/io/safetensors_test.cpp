// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/safetensors.hpp>

#include "scratch.hpp"

#include <linnet/core/error.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

/// Length, header, values.
std::string file_of(const std::string& header, const std::string& values) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + values;
}

std::string tensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":[)" + shape + R"(],"data_offsets":[)" + offsets +
         "]}";
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

io::Safetensors read(const std::string& content, std::int64_t limit = 1 << 20) {
  const Scratch scratch;
  const std::string path = scratch / "tensors";
  write_bytes(path, content);
  return io::read_safetensors(path, limit);
}

TEST(Safetensors, NumbersOfAllTypes) {
  // Largest and smallest normal, smallest subnormal, a third and a negative zero.
  const auto half =
      read(file_of(R"({"h":)" + tensor("F16", "5", "0,10") + "}",
                   bytes_of<std::uint16_t>({0x7bff, 0x0400, 0x0001, 0x3555, 0x8000})));
  const std::vector<double> halves{65504.0, std::ldexp(1.0, -14), std::ldexp(1.0, -24),
                                   0.333251953125, 0.0};
  EXPECT_EQ(half.tensors.at("h").values, halves);
  EXPECT_TRUE(std::signbit(half.tensors.at("h").values[4]));
  const auto brain = read(file_of(R"({"b":)" + tensor("BF16", "1,3", "0,6") + "}",
                                  bytes_of<std::uint16_t>({0x3f80, 0xc049, 0x0001})));
  EXPECT_EQ(brain.tensors.at("b").values,
            (std::vector<double>{1.0, -3.140625, std::ldexp(1.0, -133)}));
  const auto both =
      read(file_of(R"({"d":)" + tensor("F64", "", "4,12") + R"(,"f":)" + tensor("F32", "1", "0,4") +
                       R"(,"__metadata__":{"format":"pt"}}   )",
                   bytes_of<float>({0.1F}) + bytes_of<double>({0.1})));
  EXPECT_EQ(both.tensors.at("d").values, std::vector<double>{0.1});
  EXPECT_TRUE(both.tensors.at("d").shape.empty());
  EXPECT_EQ(both.tensors.at("f").values, std::vector<double>{static_cast<double>(0.1F)});
  EXPECT_EQ(both.metadata.at("format"), "pt");
  // Whole numbers have a place, and no values.
  const auto whole =
      read(file_of(R"({"n":)" + tensor("I64", "2", "0,16") + "}", std::string(16, 1)));
  EXPECT_TRUE(whole.tensors.at("n").values.empty());
}

TEST(Safetensors, Refusals) {
  const std::string eight(8, '\0'), good = tensor("F32", "2", "0,8");
  const auto one = [&](const std::string& entry, const std::string& values) {
    return file_of(R"({"t":)" + entry + "}", values);
  };
  const auto infinite = bytes_of<float>({0.0F, HUGE_VALF});
  const auto length = [](std::uint64_t n) { return bytes_of<std::uint64_t>({n}); };
  const std::vector<std::pair<std::string, std::string>> cases{
      {"short", "has 5 bytes: this is no safetensors file"},
      {length(100000001) + "{}", "header has 100000001 bytes, and at most 100000000"},
      {length(~std::uint64_t{0}) + "{}", "at most 100000000"},
      {length(1000) + "{}", "the file ends before it"},
      {file_of(R"([{}])", ""), "does not begin with '{'"},
      {file_of(R"( {})", ""), "does not begin with '{'"},
      {file_of(R"({"t":)", eight), "header: line 1"},
      {file_of(R"({"t":)" + good + R"(,"t":)" + good + "}", eight), "'t' occurs twice"},
      {file_of(R"({"t":[[[[1]]]]})", eight), "lists and objects in each other"},
      {file_of(R"({"__metadata__":{"a":1}})", ""), "must be an object of texts"},
      {file_of(R"({"":)" + good + "}", eight), "name of a tensor has 0 characters"},
      {one("3", eight), "tensor 't': must have 'dtype', 'shape' and 'data_offsets'"},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1})", eight), "and nothing else"},
      {one(tensor("C64", "1", "0,8"), eight), "unknown dtype 'C64'; save it as"},
      {one(tensor("F32", "1,1,1,1,1,1,2", "0,8"), eight), "at most 6 extents"},
      {one(tensor("F32", "0", "0,0"), ""), "not a whole number from 1 to 2^31"},
      {one(tensor("F32", "-2", "0,8"), eight), "not a whole number from 1 to 2^31"},
      {one(tensor("F32", "2.0", "0,8"), eight), "not a whole number from 1 to 2^31"},
      {one(tensor("F32", "2147483648,2147483648,2147483648,2147483648,2147483648,4", "0,8"), eight),
       "more values than the file has bytes"},
      {one(tensor("F32", "3", "0,8"), eight), "has 8 bytes, and its shape needs 12"},
      {one(tensor("F32", "2", "8,0"), eight), "lies from byte 8 to 0 of 8"},
      {one(tensor("F32", "2", "-8,0"), eight), "lies from byte -8"},
      {one(tensor("F32", "4", "0,16"), eight), "lies from byte 0 to 16 of 8"},
      {one(tensor("F32", "2", "0"), eight), "two whole numbers as 'data_offsets'"},
      {one(tensor("F32", "1", "4,8"), eight), "tensor 't': leaves a gap before it"},
      {one(tensor("F32", "1", "0,4"), eight), "has 4 bytes behind its tensors"},
      {file_of(R"({"t":)" + tensor("F32", "2", "0,8") + R"(,"s":)" + tensor("F32", "2", "4,12") +
                   "}",
               eight + "1234"),
       "overlaps"},
      {one(good, infinite), "tensor 't': value 1 is inf; finite numbers are allowed"},
      {one(tensor("F16", "1", "0,2"), std::string("\x01\x7c", 2)), "value 0 is nan"},
      {one(tensor("F32", "300000", "0,1200000"), std::string(1200000, '\0')),
       "have 1200000 bytes and 1048576 are allowed"}};
  for (const auto& [content, line] : cases)
    expect_contains(error_of([&, &content = content] { read(content); }), line);
  expect_contains(error_of([] { io::read_safetensors("nowhere", 1); }), "nowhere: cannot be read");
}

/// Sizes that overflow, names that hide, numbers of every type that are none: one line each, and no
/// memory for what the file only claims to have.
TEST(Safetensors, HostileFiles) {
  const std::string eight(8, '\0'), good = tensor("F32", "2", "0,8");
  const auto one = [&](const std::string& entry, const std::string& values) {
    return file_of(R"({"t":)" + entry + "}", values);
  };
  const auto length = [](std::uint64_t n) { return bytes_of<std::uint64_t>({n}); };
  const std::uint64_t top = std::uint64_t{1} << 63;
  const std::vector<std::pair<std::string, std::string>> cases{
      // As a signed number it is negative; with the 8 bytes before it, 0.
      {length(top) + "{}", "and at most 100000000 are allowed"},
      {length(~std::uint64_t{7}) + "{}", "and at most 100000000 are allowed"},
      {length(100000000) + "{}", "the file ends before it"},
      {length(3) + "{}", "the file ends before it"},
      {length(0), "does not begin with '{'"},
      // The same name in two spellings.
      {file_of(R"({"t":)" + good + R"(,"\u0074":)" + good + "}", eight), "'t' occurs twice"},
      {file_of(R"({"__metadata__":{},"__metadata__":{}})", ""), "'__metadata__' occurs twice"},
      {one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})", eight),
       "'dtype' occurs twice"},
      {one(R"({"dtype":5,"shape":[2],"data_offsets":[0,8]})", eight), "unknown dtype ''"},
      {one(tensor("f32", "2", "0,8"), eight), "unknown dtype 'f32'"},
      {one(R"({"dtype":"F32","shape":"2","data_offsets":[0,8]})", eight), "list of at most 6"},
      // 2^32 numbers of 4 bytes would be 0 bytes of 64 bits after 2^62 such rows.
      {one(tensor("F32", "2147483648,2147483648", "0,0"), ""),
       "more values than the file has bytes"},
      {one(tensor("F64", "2147483648,2147483648,4", "0,0"), ""),
       "more values than the file has bytes"},
      {one(tensor("F32", "2147483649", "0,8"), eight), "not a whole number from 1 to 2^31"},
      {one(tensor("F32", "18446744073709551617", "0,8"), eight), "header: line 1"},
      {one(tensor("F32", "2", "0,9223372036854775807"), eight), "lies from byte 0"},
      {one(tensor("F32", "2", "-9223372036854775808,8"), eight),
       "lies from byte -9223372036854775808"},
      {one(tensor("F32", "2", "0,18446744073709551616"), eight), "header: line 1"},
      {one(tensor("F32", "2", "0.0,8.0"), eight), "two whole numbers as 'data_offsets'"},
      // All within the file, and all in one place.
      {file_of(R"({"a":)" + good + R"(,"b":)" + good + R"(,"c":)" + good + "}", eight),
       "tensor 'b': overlaps"},
      // Between tensors, not before the first one.
      {file_of(R"({"a":)" + tensor("F32", "1", "0,4") + R"(,"b":)" + tensor("F32", "1", "8,12") +
                   "}",
               eight + "1234"),
       "tensor 'b': leaves a gap"},
      {one(tensor("F64", "1", "0,8"), bytes_of<double>({std::nan("")})), "value 0 is nan"},
      {one(tensor("F32", "2", "0,8"), bytes_of<float>({1.0F, -HUGE_VALF})), "value 1 is -inf"},
      {one(tensor("BF16", "1", "0,2"), bytes_of<std::uint16_t>({0x7fc0})), "value 0 is nan"},
      {one(tensor("BF16", "1", "0,2"), bytes_of<std::uint16_t>({0xff80})), "value 0 is -inf"},
      {one(tensor("F16", "1", "0,2"), bytes_of<std::uint16_t>({0xfc00})), "value 0 is -inf"},
      // A name that would break the line.
      {file_of(R"({"a\nb\u001b[2J":)" + tensor("F32", "3", "0,8") + "}", eight),
       "has 8 bytes, and its shape needs 12"}};
  for (const auto& [content, line] : cases) {
    const std::string text = error_of([&, &content = content] { read(content); });
    expect_contains(text, line);
    EXPECT_EQ(text.find_first_of("\n\r\033"), std::string::npos) << text;
  }
}

} // namespace
