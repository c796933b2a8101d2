// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Text files of moderate size, read by one rank for all.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <string>

namespace linnet::io {

/// The bytes of the file @p path, at most @p most of them. @p what names it in messages ("material
/// file"). Not collective. @throws core::Error (data) of one line: missing, a folder, unreadable,
/// too large.
std::string read_text_file(const std::string& path, const std::string& what,
                           std::size_t most = std::size_t{1} << 20);

/// The same on all ranks of @p comm, read by rank 0. Collective; throws on all ranks.
std::string read_text_file(MPI_Comm comm, const std::string& path, const std::string& what,
                           std::size_t most = std::size_t{1} << 20);

} // namespace linnet::io
