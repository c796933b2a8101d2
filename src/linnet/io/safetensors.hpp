// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Files of tensors in the format safetensors, which PyTorch and JAX write: 8 bytes with the length
/// N of the header (little-endian), N bytes of JSON, then the values, row-major and little-endian:
///
///     {"__metadata__": {"format": "pt"},
///      "fc.weight": {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}, ...}
///
/// Offsets count from the end of the header; tensors leave no gaps and do not overlap.
#pragma once

#include <linnet/io/h5_file.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace linnet::io {

/// What a file of tensors may hold.
struct SafetensorsLimits {
  static constexpr std::int64_t header_bytes = 100000000;     ///< as the format's own readers
  static constexpr std::size_t values = std::size_t{1} << 20; ///< of the header's JSON
  static constexpr std::size_t rank = 6;                      ///< directions of a tensor
  static constexpr std::size_t name_characters = 1024;
};

/// A tensor of 0 to 6 directions, row-major.
struct NamedTensor {
  std::string dtype; ///< "F64", "F32", "F16", "BF16"; whole numbers and others have no values here
  Shape shape;       ///< empty for a single number
  std::vector<double> values;
};

struct Safetensors {
  std::map<std::string, NamedTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::uint64_t checksum = 0; ///< text_hash() of the whole file
};

/// Reads @p path, which may come from anybody. Names, types, shapes, offsets and the total of
/// @p byte_limit bytes are verified before memory for the values is taken; all values are finite.
/// Not collective: for one rank, within core::on_first_rank(). @throws core::Error (data) naming
/// file, tensor and remedy.
Safetensors read_safetensors(const std::string& path, std::int64_t byte_limit);

} // namespace linnet::io
