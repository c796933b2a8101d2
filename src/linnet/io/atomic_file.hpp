// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Files that are either the old or the new version after a crash, and space taken before it is
/// written to. Everything here is called by one rank; nothing is collective.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linnet::io {

/// Writes @p text to a temporary file beside @p path, flushes it to the disk and renames it.
/// @throws core::Error naming the file and the cause; @p path is then unchanged.
void write_file_atomically(const std::string& path, std::string_view text);

/// Renames @p from to @p to (replacing it) and makes the renaming durable.
void rename_durably(const std::string& from, const std::string& to);

/// Forces the bytes of @p path onto the disk.
void flush_to_disk(const std::string& path);

/// Makes sure that the bytes [@p offset, @p offset + @p length) of @p path can be written.
/// @throws core::Error ("no space left") and leaves the content of the file as it was.
void reserve_space(const std::string& path, std::int64_t offset, std::int64_t length);

/// Refuses a @p path that cannot be written later: a folder, or a file in a place that takes none.
/// Creates missing parent folders and leaves nothing else. @throws core::Error naming the cause.
void require_writable(const std::string& path);

/// Creates the folder that @p path lies in, with its parents, where it is missing.
void create_parent_folder(const std::string& path);

} // namespace linnet::io
