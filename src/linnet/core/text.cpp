// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace linnet::core {

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (;;) {
    const auto end = text.find(separator);
    pieces.emplace_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string result;
  for (const auto& item : items) {
    if (!result.empty()) result += separator;
    result += item;
  }
  return result;
}

std::string number_text(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, error == std::errc{} ? end : buffer);
  // 1e+08 is how the library writes it, 1e8 is how people do.
  if (const auto at = text.find('e'); at != std::string::npos) {
    std::size_t digits = at + 1;
    if (text[digits] == '+') text.erase(digits, 1);
    if (text[digits] == '-') ++digits;
    while (text.size() > digits + 1 && text[digits] == '0') text.erase(digits, 1);
  }
  return text;
}

std::optional<double> to_real(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && end == text.data() + text.size())
    return text.find("e-") != std::string_view::npos ? 0.0 : HUGE_VAL;
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int edit_distance(std::string_view a, std::string_view b) {
  const int n = static_cast<int>(a.size()), m = static_cast<int>(b.size());
  std::vector<std::vector<int>> d(n + 1, std::vector<int>(m + 1, 0));
  for (int i = 0; i <= n; ++i) d[i][0] = i;
  for (int j = 0; j <= m; ++j) d[0][j] = j;
  for (int i = 1; i <= n; ++i)
    for (int j = 1; j <= m; ++j) {
      const int replace = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[n][m];
}

std::string closest_word(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = lower_case(word);
  std::string best;
  // More than a third of the letters wrong is another word, not a misspelling.
  int nearest = std::max(1, std::min(4, static_cast<int>(wanted.size()) / 3)) + 1;
  for (const auto& candidate : candidates) {
    // Also keeps a word of megabytes away from the quadratic work below.
    if (std::max(candidate.size(), wanted.size()) - std::min(candidate.size(), wanted.size()) >=
        static_cast<std::size_t>(nearest))
      continue;
    const int distance = edit_distance(wanted, lower_case(candidate));
    if (distance < nearest) {
      nearest = distance;
      best = candidate;
    }
  }
  return best;
}

} // namespace linnet::core
