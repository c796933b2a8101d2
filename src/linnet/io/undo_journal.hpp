// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Makes changes of a large file undoable: the bytes that may be overwritten are saved beside it
/// (`<file>.undo`) before the change and put back if the change did not complete. Called by one
/// rank.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::io {

/// Bytes [offset, offset + length) of a file.
struct FileExtent {
  std::int64_t offset = 0;
  std::int64_t length = 0;
};

/// Saves the size of @p path and all its bytes outside of @p untouched, durably.
void begin_undo(const std::string& path, std::vector<FileExtent> untouched);
/// The change is complete: removes the journal.
void commit_undo(const std::string& path);
/// Restores @p path if it has a journal; true if it did. @throws core::Error on a damaged journal.
bool roll_back(const std::string& path);
/// True if @p path has a journal.
bool has_undo(const std::string& path);

} // namespace linnet::io
