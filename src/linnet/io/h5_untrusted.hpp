// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Reading of HDF5 files that anybody may have made: nothing leads out of the file, only plain
/// arrays and texts of fixed length are looked at, and sizes are known before anything is
/// allocated. Called by one rank. @p where begins a message: "<file>: <object>".
#pragma once

#include <linnet/io/h5_file.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::io {

/// Number types of plain arrays, both little-endian.
enum class PlainType { float32, float64 };

/// Names of the links of the open @p group, sorted. @throws core::Error when one of them is not a
/// hard link or when there are more than @p limit.
std::vector<std::string> hard_links(hid_t group, std::size_t limit, const std::string& where);

/// Names of the attributes of @p object, sorted; at most @p limit.
std::vector<std::string> attribute_names(hid_t object, std::size_t limit, const std::string& where);

/// A text of fixed length and at most @p limit characters.
std::string read_fixed_text(hid_t object, const std::string& name, std::size_t limit,
                            const std::string& where);

/// A signed little-endian integer of 64 bits.
std::int64_t read_int64(hid_t object, const std::string& name, const std::string& where);

/// Shape of the open @p dataset, which must be of @p type, contiguous in this file and within its
/// @p file_bytes, and have 1 to 6 directions with extents of 1 to 2^31. Nothing is allocated.
Shape plain_shape(hid_t dataset, PlainType type, std::int64_t file_bytes, const std::string& where);

/// Bytes of all the values of @p shape, whose extents are at least 1; or the largest 64-bit integer
/// if that is exceeded.
std::int64_t saturated_bytes(const Shape& shape, PlainType type);

} // namespace linnet::io
