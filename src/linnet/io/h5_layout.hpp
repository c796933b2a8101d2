// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where things lie inside of an HDF5 file on the disk. Called by one rank, on closed files.
#pragma once

#include <linnet/io/undo_journal.hpp>

#include <string>
#include <vector>

namespace linnet::io {

/// File positions of the data of all contiguous datasets in @p group of the HDF5 file @p path.
std::vector<FileExtent> raw_data_extents(const std::string& path, const std::string& group);

/// Cuts off bytes behind the end that the file itself records (space that was reserved in vain).
void trim_to_content(const std::string& path);

/// True if @p path is an HDF5 file of the format before version 1.8, whose metadata have no
/// checksums.
bool lacks_checksums(const std::string& path);

/// Makes the complete HDF5 file @p temporary durable and gives it the name @p path.
void put_in_place(const std::string& temporary, const std::string& path);

/// The first bytes of a file, which say where everything else is; and their way back.
std::string read_superblock(const std::string& path);
void write_superblock(const std::string& path, const std::string& bytes);

/// Copies the HDF5 file @p from without the root groups @p dropped to @p to.
void copy_without(const std::string& from, const std::string& to,
                  const std::vector<std::string>& dropped);

} // namespace linnet::io
