// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/gmsh/msh_cursor.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace linnet::fem {

namespace {

constexpr double largest_coordinate = 1e100;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

} // namespace

void MshCursor::fail(const std::string& what) const {
  std::string place;
  if (binary_) {
    place = " at byte " + std::to_string(at_);
  } else {
    // The end of the line just taken belongs to it.
    const std::string_view before = data_.substr(0, at_ > 0 ? at_ - 1 : 0);
    place = ":" + std::to_string(1 + std::ranges::count(before, '\n'));
  }
  core::throw_data("mesh " + name_ + place + ": " + what);
}

void MshCursor::skip_blanks() {
  while (at_ < data_.size() && is_blank(data_[at_])) ++at_;
}

std::string_view MshCursor::line() {
  const std::size_t end = std::min(data_.find('\n', at_), data_.size());
  std::string_view result = data_.substr(at_, end - at_);
  at_ = std::min(end + 1, data_.size());
  while (!result.empty() && is_blank(result.back())) result.remove_suffix(1);
  return result;
}

std::string_view MshCursor::word(const char* what) {
  skip_blanks();
  if (left() == 0) fail("the file ends inside $" + std::string(section_) + "; it is truncated");
  std::size_t end = at_;
  while (end < data_.size() && !is_blank(data_[end])) ++end;
  const std::string_view result = data_.substr(at_, end - at_);
  if (result.front() == '$')
    fail("$" + std::string(section_) + " has fewer entries than it says (no " + what + ")");
  at_ = end;
  return result;
}

std::string_view MshCursor::next_section() {
  skip_blanks();
  if (left() == 0) return {};
  const std::string_view name = line();
  if (name.front() != '$')
    fail("text outside of a section: '" + std::string(name.substr(0, 40)) + "'");
  if (name.starts_with("$End"))
    fail("'" + std::string(name.substr(0, 40)) + "' without a beginning");
  return section_ = name.substr(1);
}

void MshCursor::end_section() {
  skip_blanks();
  const std::string end = "$End" + std::string(section_);
  if (left() == 0) fail("the file ends before " + end + "; it is truncated");
  const std::string_view found = data_.substr(at_, std::min(left(), end.size() + 1));
  if (!found.starts_with(end) || (found.size() > end.size() && !is_blank(found.back())))
    fail("expected " + end + "; the counts of the section do not fit its content");
  line();
}

void MshCursor::skip_section() {
  const std::string end = "$End" + std::string(section_);
  // The name of the section stands at the begin of a line, also after raw bytes.
  std::size_t found = data_.find(end, at_);
  while (found != std::string_view::npos && found > 0 && data_[found - 1] != '\n')
    found = data_.find(end, found + 1);
  if (found == std::string_view::npos)
    fail("the file ends before " + end.substr(0, 60) + "; it is truncated");
  at_ = found;
  line();
}

template <class Number>
Number MshCursor::text(const char* what) {
  const std::string_view digits = word(what);
  Number value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    fail(std::string("no ") + what + " in '" + std::string(digits.substr(0, 60)) + "'");
  return value;
}

template <class Number>
Number MshCursor::raw(const char* what) {
  Number value{};
  if (left() < sizeof value)
    fail("the file ends inside $" + std::string(section_) + " (no " + what + "); it is truncated");
  std::memcpy(&value, data_.data() + at_, sizeof value);
  at_ += sizeof value;
  return value;
}

int MshCursor::integer(const char* what) {
  return binary_ ? raw<std::int32_t>(what) : text<int>(what);
}

std::int64_t MshCursor::size(const char* what) {
  const auto value = binary_ ? raw<std::int64_t>(what) : text<std::int64_t>(what);
  if (value < 0) fail(std::string("negative ") + what);
  return value;
}

double MshCursor::real(const char* what) {
  const double value = binary_ ? raw<double>(what) : text<double>(what);
  if (!(std::abs(value) < largest_coordinate)) fail(std::string(what) + " is not finite");
  return value;
}

std::int64_t MshCursor::text_size(const char* what) {
  const auto value = text<std::int64_t>(what);
  if (value < 0) fail(std::string("negative ") + what);
  line();
  return value;
}

void MshCursor::check_count(std::int64_t entries, std::int64_t text_bytes,
                            std::int64_t binary_bytes) const {
  // The last line of a file may lack its end.
  const auto bytes = static_cast<std::int64_t>(left()) + 1;
  if (entries > bytes / (binary_ ? binary_bytes : text_bytes))
    fail("$" + std::string(section_) + " says " + std::to_string(entries) +
         " entries, more than the rest of the file holds; it is damaged or truncated");
}

} // namespace linnet::fem
