// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A trained network: graph and parameters, to and from a model file.
#pragma once

#include <linnet/io/model_file.hpp>
#include <linnet/nn/network/graph.hpp>
#include <linnet/nn/network/normaliser.hpp>
#include <linnet/nn/network/parameters.hpp>

#include <mpi.h>

#include <cstdint>
#include <map>
#include <string>

namespace linnet::nn {

/// How the fields that users have become those that the network takes and gives: the network works
/// on encoded inputs, and its output is decoded. Of the first input alone. In a file:
/// /norm/input/mean, /norm/input/deviation and the same of output, of one number for each channel,
/// or (channel[, z], y, x); none for fields that stay as they are.
struct Normalisation {
  Normaliser input, output;
};

/// Parameters are kept in single precision.
struct Model {
  ResolvedGraph graph;
  kernels::Array<float> parameters;              ///< flat buffer of graph.parameters
  Normalisation normalisation = {};              ///< by default none
  std::map<std::string, std::string> provenance; ///< data, seed, command, commit, measured errors
  std::map<std::string, io::ModelArray> basis = {}; ///< /basis, see linalg/tabulated_basis.hpp
};

/// Bytes of parameters that load_model() accepts where its caller does not say otherwise.
inline constexpr std::int64_t default_model_bytes = std::int64_t{2} << 30;

/// Reads a model from anybody. Where the file holds a sample, the network is applied to it and must
/// give the stored output to 1e-5 of its largest value; both are encoded. Collective; every rank
/// gets the model.
/// @throws core::Error (data) on all ranks, naming file, object and remedy.
Model load_model(MPI_Comm comm, const std::string& path,
                 std::int64_t byte_limit = default_model_bytes);

/// Copies the blocks of @p model to those of @p layout that have the same name and shape, and
/// returns how many there are. Not collective.
std::size_t copy_matching_blocks(const Model& model, const ParameterLayout& layout,
                                 const kernels::Array<float>& values);

/// Writes @p model of rank 0 with a sample: an input and the output of the network on the grid of
/// check_points(). Without one where the graph has several inputs or one on a coarse grid, or where
/// a sample would have more than 1000000 values or not be light. An existing file survives every
/// failure. Collective.
void save_model(MPI_Comm comm, const std::string& path, const Model& model);

} // namespace linnet::nn
