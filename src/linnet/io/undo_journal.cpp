// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/undo_journal.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/checksum.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace linnet::io {
namespace {

// Layout, all little-endian 64-bit: magic, file size, number of extents, (offset, length) of each,
// then their bytes, then the checksum of everything before.
constexpr std::string_view magic = "LNTUNDO1";

std::string journal_path(const std::string& path) { return path + ".undo"; }

void put(std::string& text, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) text.push_back(static_cast<char>(value >> (8 * i)));
}

/// Cuts a number off the front of @p text.
std::uint64_t take(std::string_view& text) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(text[i]);
  text.remove_prefix(8);
  return value;
}

std::vector<FileExtent> complement(std::vector<FileExtent> extents, std::int64_t size) {
  std::sort(extents.begin(), extents.end(),
            [](const FileExtent& a, const FileExtent& b) { return a.offset < b.offset; });
  std::vector<FileExtent> result;
  std::int64_t position = 0;
  for (const auto& extent : extents) {
    if (extent.offset > position) result.push_back({position, extent.offset - position});
    position = std::max(position, extent.offset + extent.length);
  }
  if (position < size) result.push_back({position, size - position});
  return result;
}

/// Are all extents parts of a file of @p size bytes, and together @p total bytes?
bool fit(const std::vector<FileExtent>& extents, std::uint64_t size, std::size_t total) {
  for (const auto& extent : extents) {
    const auto offset = static_cast<std::uint64_t>(extent.offset);
    const auto length = static_cast<std::uint64_t>(extent.length);
    if (offset > size || length > size - offset || length > total) return false;
    total -= length;
  }
  return total == 0;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) core::throw_data(path + ": cannot be read");
  return text;
}

void restore_extents(const std::string& path, const std::vector<FileExtent>& extents,
                     std::string_view bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  for (const auto& extent : extents) {
    file.seekp(extent.offset);
    file.write(bytes.data(), extent.length);
    bytes.remove_prefix(static_cast<std::size_t>(extent.length));
  }
  file.close();
  if (!file) core::throw_data(path + ": cannot be restored to its last complete step");
}

} // namespace

void begin_undo(const std::string& path, std::vector<FileExtent> untouched) {
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path));
  const auto saved = complement(std::move(untouched), size);
  std::string journal(magic);
  put(journal, static_cast<std::uint64_t>(size));
  put(journal, saved.size());
  for (const auto& extent : saved) {
    put(journal, static_cast<std::uint64_t>(extent.offset));
    put(journal, static_cast<std::uint64_t>(extent.length));
  }
  std::ifstream file(path, std::ios::binary);
  for (const auto& extent : saved) {
    const std::size_t begin = journal.size();
    journal.resize(begin + static_cast<std::size_t>(extent.length));
    file.seekg(extent.offset);
    file.read(journal.data() + begin, extent.length);
  }
  if (!file) core::throw_data(path + ": cannot be read back");
  put(journal, text_hash(journal));
  write_file_atomically(journal_path(path), journal);
}

void commit_undo(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(journal_path(path), ignored);
}

bool has_undo(const std::string& path) { return std::filesystem::exists(journal_path(path)); }

bool roll_back(const std::string& path) {
  if (!has_undo(path)) return false;
  const std::string journal = read_file(journal_path(path));
  const std::string damaged = journal_path(path) + ": is damaged; " + path +
                              " was being written when its run stopped and may be incomplete";
  std::string_view text(journal);
  if (text.size() < 32 || text.substr(0, 8) != magic) core::throw_data(damaged);
  std::string_view tail = text.substr(text.size() - 8);
  if (take(tail) != text_hash(text.substr(0, text.size() - 8))) core::throw_data(damaged);
  text.remove_prefix(8);
  text.remove_suffix(8);
  const auto size = take(text);
  const auto count = take(text);
  if (count > text.size() / 16) core::throw_data(damaged);
  std::vector<FileExtent> extents(count);
  for (auto& extent : extents) {
    extent.offset = static_cast<std::int64_t>(take(text));
    extent.length = static_cast<std::int64_t>(take(text));
  }
  if (!fit(extents, size, text.size())) core::throw_data(damaged);
  restore_extents(path, extents, text);
  std::error_code error;
  std::filesystem::resize_file(path, size, error);
  if (error)
    core::throw_data(path + ": cannot be cut to its last complete step: " + error.message());
  flush_to_disk(path);
  commit_undo(path);
  return true;
}

} // namespace linnet::io
