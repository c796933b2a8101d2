// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "mutator.hpp"

#include <algorithm>
#include <cctype>

namespace linnet::fuzz {
namespace {

constexpr std::size_t longest_input = std::size_t{1} << 16;

// Where counts, sizes and conversions break.
constexpr const char* numbers[] = {"0",
                                   "-1",
                                   "1",
                                   "2147483647",
                                   "2147483648",
                                   "4294967295",
                                   "1e308",
                                   "-1e308",
                                   "1e-320",
                                   "1e999",
                                   "nan",
                                   "inf",
                                   "0x10",
                                   "1e6",
                                   "1000000000",
                                   "9007199254740993",
                                   "9223372036854775807",
                                   "18446744073709551615",
                                   "."};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

} // namespace

std::string Mutator::next() {
  std::string text = seeds_[below(seeds_.size())];
  for (std::size_t n = 1 + below(8); n > 0; --n) change(text);
  text.resize(std::min(text.size(), longest_input));
  return text;
}

void Mutator::change(std::string& text) {
  const std::size_t at = below(text.size() + 1);
  const std::size_t length = std::min(text.size() - at, std::size_t{1} << below(12));
  switch (below(10)) {
  case 0:
    if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
    break;
  case 1:
    if (at < text.size()) text[at] = static_cast<char>(below(256));
    break;
  case 2: text.insert(at, 1, static_cast<char>(below(256))); break;
  case 3: text.erase(at, below(length + 1)); break;
  case 4: text.resize(at); break;
  case 5: overwrite_integer(text); break;
  case 6: replace_number(text); break;
  case 7: repeat_part(text); break;
  case 8: splice(text); break;
  default:
    if (!words_.empty()) text.insert(at, words_[below(words_.size())]);
  }
}

/// A binary integer of 1, 2, 4 or 8 bytes near one of its limits.
void Mutator::overwrite_integer(std::string& text) {
  const std::size_t bytes = std::size_t{1} << below(4);
  if (text.size() < bytes) return;
  const std::uint64_t limit = std::uint64_t{1} << below(8 * bytes);
  const std::uint64_t value = (below(2) == 0 ? limit : ~limit) + below(3) - 1;
  const std::size_t at = below(text.size() - bytes + 1);
  for (std::size_t b = 0; b < bytes; ++b) text[at + b] = static_cast<char>(value >> (8 * b));
}

/// The first number from a random place on.
void Mutator::replace_number(std::string& text) {
  const auto first = std::find_if(
      text.begin() + static_cast<std::ptrdiff_t>(below(text.size() + 1)), text.end(), is_digit);
  const auto last = std::find_if_not(first, text.end(), is_digit);
  if (first != last) text.replace(first, last, numbers[below(std::size(numbers))]);
}

/// Deep nesting and long lists.
void Mutator::repeat_part(std::string& text) {
  if (text.empty()) return;
  const std::size_t at = below(text.size());
  const std::string part = text.substr(at, 1 + below(std::size_t{1} << below(8)));
  const std::size_t times = std::min(std::size_t{1} << below(14), longest_input / part.size());
  std::string copies;
  for (std::size_t n = 0; n < times; ++n) copies += part;
  text.insert(at, copies);
}

void Mutator::splice(std::string& text) {
  const std::string& other = seeds_[below(seeds_.size())];
  const std::size_t from = below(other.size() + 1);
  text.insert(below(text.size() + 1), other, from, below(other.size() - from + 1));
}

} // namespace linnet::fuzz
