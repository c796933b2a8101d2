// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>

namespace linnet::core {
namespace {

// Messages quote what users wrote, which may be a whole file. Both ends say what matters: the place
// and the fault at the beginning, the remedy at the end.
constexpr std::size_t longest_line = 4000, kept_end = 1500;

std::string one_line(std::string text) {
  if (text.size() > longest_line) {
    constexpr const char* gap = " [...] ";
    text = text.substr(0, longest_line - kept_end) + gap + text.substr(text.size() - kept_end);
  }
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

} // namespace

Error::Error(ExitCode code, const std::string& message, std::source_location where)
    : std::runtime_error(one_line(message)), code_(code), where_(where) {}

} // namespace linnet::core
