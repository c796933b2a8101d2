// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Weights of the cycle around obstacles in a model file (io/model_file.hpp).
///
///     graph                {"cycle":"obstacle","version":1}
///     /param/fine/k        weights of a cell and of its faces together
///     /param/fine/centre   corrections for closed faces and for the leak
///     /param/fine/wall     distance of walls
///     /param/coarse/k      weight of rows
///     /param/scale         of the correction by the second level, of those by coarser ones
#pragma once

#include <linnet/io/model_file.hpp>
#include <linnet/multigrid/obstacle_weights.hpp>

#include <mpi.h>

#include <map>
#include <string>

namespace linnet::multigrid {

/// Weights and where they come from.
struct ObstacleModel {
  ObstacleWeights weights;
  std::map<std::string, std::string> provenance; ///< data, seed, command, commit, measured errors
};

/// Room for the numbers of a cycle; other versions are told apart by their graph.
inline constexpr std::int64_t cycle_model_bytes = 8192;

/// Whether @p graph is that of the head of this file, and what it implies.
bool is_obstacle_graph(const std::string& graph);
std::map<std::string, io::Shape> obstacle_shapes();
/// The weights that @p file, read from @p path, holds. @throws core::Error (data) for weights to
/// refuse (obstacle_weights.hpp).
ObstacleWeights obstacle_weights_in(const io::ModelFile& file, const std::string& path);

/// Reads a file that may come from anybody; weights to refuse (obstacle_weights.hpp) are.
/// Collective.
/// @throws core::Error (data) on all ranks, in one line with file, object and remedy.
ObstacleModel read_obstacle_model(MPI_Comm comm, const std::string& path);

/// Writes the @p model of rank 0; an existing file survives every failure. Collective.
/// @throws core::Error (data) on all ranks; weights to refuse are not written.
void write_obstacle_model(MPI_Comm comm, const std::string& path, const ObstacleModel& model);

} // namespace linnet::multigrid
