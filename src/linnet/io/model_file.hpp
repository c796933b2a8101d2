// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Files of trained networks and bases: HDF5 in the format of version 1.8, whose metadata have
/// checksums.
///
///     /                    attributes format = "linnet-model", version = 1, graph, dtype,
///                          created_by, checksum
///     /param/<path>        parameters, e.g. /param/conv1/weight
///     /norm/<path>         normalisation of inputs and outputs
///     /check/input,output  one sample, where there is one
///     /basis/<path>        tabulated functions, where there are some (linalg/tabulated_basis.hpp)
///     /provenance          texts as attributes
///
/// All arrays are row-major, contiguous, little-endian and of the number type `dtype`, with the
/// attributes `role` and `checksum`. Texts have a fixed length and are UTF-8, whole numbers have 64
/// bits. The checksum of an array is the sum, modulo 2^64, of number_hash(index, value as float64)
/// over its values; that of the file is the text_hash() of its texts, each followed by a zero byte:
/// graph, dtype, then path and role of every array ("param/conv1/weight", sorted), then name and
/// text of every provenance entry, sorted.
#pragma once

#include <linnet/io/h5_file.hpp>

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace linnet::io {

/// What a model file may hold.
struct ModelLimits {
  static constexpr std::size_t graph_bytes = std::size_t{1} << 20;
  static constexpr std::size_t arrays = 65536;
  static constexpr std::size_t path_depth = 8;        ///< parts of a path
  static constexpr std::size_t name_characters = 255; ///< of a part of a path, of a role
  static constexpr std::size_t provenance_entries = 256;
  static constexpr std::size_t provenance_bytes = std::size_t{1} << 16; ///< of one text
  static constexpr double parameter = 1e8;                              ///< largest absolute value
};

/// An array of 1 to 6 directions, row-major.
struct ModelArray {
  Shape shape;
  std::vector<double> values;
  std::string role; ///< e.g. "weight"; may be empty
  bool operator==(const ModelArray&) const = default;
};

/// One input and the output that the network gave for it where it was trained.
struct ModelCheck {
  ModelArray input, output;
  bool operator==(const ModelCheck&) const = default;
};

/// A network as it is kept in a file; what the graph means is not known here.
struct ModelFile {
  std::string graph;             ///< JSON text
  std::string dtype = "float64"; ///< "float32" or "float64": how the arrays are stored
  std::map<std::string, ModelArray> parameters;    ///< path -> array, e.g. "conv1/weight"
  std::map<std::string, ModelArray> normalisation; ///< path -> array, e.g. "mean"
  std::map<std::string, std::string> provenance;   ///< data, seed, command, commit, measured errors
  std::optional<ModelCheck> check;
  std::map<std::string, ModelArray> basis; ///< path -> array, e.g. "phi"
  bool operator==(const ModelFile&) const = default;
};

/// The paths of parameters and their shapes that a graph implies, exactly; may throw core::Error.
using ExpectedShapes = std::function<std::map<std::string, Shape>(const std::string& graph)>;

/// Writes the @p model of rank 0 to @p path: temporary name, flushed to the disk, renamed. An
/// existing model survives every failure. With float32 the values are rounded. Collective.
/// @throws core::Error (data) on all ranks; what read_model() would refuse is not written.
void write_model(MPI_Comm comm, const std::string& path, const ModelFile& model);

/// Reads @p path, which may come from anybody, on all ranks: rank 0 opens and verifies it, calls
/// @p expected, and sends the content to the others. The values take at most @p byte_limit in the
/// file, and twice that in memory with float32. The parameters are those of @p expected and have
/// its shapes, or, without @p expected, any; all values are finite. Attributes that are not listed
/// above are ignored. Collective.
/// @throws core::Error (data) on all ranks, naming file, object and remedy.
ModelFile read_model(MPI_Comm comm, const std::string& path, const ExpectedShapes& expected,
                     std::int64_t byte_limit);

} // namespace linnet::io
