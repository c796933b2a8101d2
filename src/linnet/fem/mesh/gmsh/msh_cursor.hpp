// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Reads numbers and section names out of the bytes of a gmsh file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linnet::fem {

/// Every method throws core::Error with the place in the file when the bytes do not fit.
class MshCursor {
public:
  MshCursor(std::string_view data, const std::string& name) : data_(data), name_(name) {}

  /// Numbers are raw bytes from now on, but for those of text_*().
  void set_binary() { binary_ = true; }
  [[nodiscard]] bool binary() const { return binary_; }

  [[noreturn]] void fail(const std::string& what) const;

  /// Goes to the next section and behind the end of its line; its name without the dollar, empty at
  /// the end of the file.
  std::string_view next_section();
  /// Takes `$End` and the section's name.
  void end_section();
  /// Goes behind the end of a section that nobody needs.
  void skip_section();

  /// 4 bytes or a word.
  int integer(const char* what);
  /// 8 bytes or a word, not negative.
  std::int64_t size(const char* what);
  /// 8 bytes or a word; finite and of a magnitude that products of three of them keep finite.
  double real(const char* what);
  /// A word also in binary files; takes the rest of its line.
  std::int64_t text_size(const char* what);
  /// The rest of the line.
  std::string_view line();
  /// The next word, blanks and ends of lines before it skipped.
  std::string_view word(const char* what);

  /// Refuses a number of entries that the rest of the file cannot hold, each of at least
  /// @p text_bytes in ASCII and @p binary_bytes in binary files.
  void check_count(std::int64_t entries, std::int64_t text_bytes, std::int64_t binary_bytes) const;

private:
  template <class Number>
  Number text(const char* what);
  template <class Number>
  Number raw(const char* what);
  void skip_blanks();
  [[nodiscard]] std::size_t left() const { return data_.size() - at_; }

  std::string_view data_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::string_view section_;
  bool binary_ = false;
};

} // namespace linnet::fem
