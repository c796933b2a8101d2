// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Checksums that notice damage of a file. They are no protection against a forger.
#pragma once

#include <cstdint>
#include <string_view>

namespace linnet::io {

/// Hash of a number and its place in an array, by the finaliser of splitmix64 (Steele, Lea, Flood,
/// OOPSLA 2014). The sum of it over an array, modulo 2^64, does not depend on the order of adding.
std::uint64_t number_hash(std::uint64_t place, double value);

/// FNV-1a of 64 bits.
std::uint64_t text_hash(std::string_view bytes);

} // namespace linnet::io
