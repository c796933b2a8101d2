// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Model files of cycles: weights of the cycle around obstacles (obstacle_weights_file.hpp), or the
/// network that shifts the interpolation of black-box multigrid:
///
///     graph                     {"cycle":"interpolation","dimension":2,"version":1}, or 3
///     /param/first/weight,bias  12 x 12 and 12: inputs to the first hidden layer
///     /param/second/weight,bias 12 x 12 and 12: first to second hidden layer
///     /param/output/weight      12: second hidden layer to the result
#pragma once

#include <linnet/multigrid/interpolation_weights.hpp>
#include <linnet/multigrid/obstacle_weights.hpp>

#include <mpi.h>

#include <map>
#include <string>

namespace linnet::multigrid {

/// What a file gives; the other weights are those of black-box multigrid or derived.
struct CycleModel {
  ObstacleWeights obstacles;
  InterpolationWeights interpolation;
};

/// Reads a file of either kind, which may come from anybody. Collective.
/// @throws core::Error (data) on all ranks, in one line with file, object and remedy.
CycleModel read_cycle_model(MPI_Comm comm, const std::string& path);

/// A network and where it comes from.
struct InterpolationModel {
  InterpolationWeights weights;
  std::map<std::string, std::string> provenance; ///< data, seed, command, commit, measured figures
};

/// Reads a file that must hold a network. Collective; @throws as read_cycle_model().
InterpolationModel read_interpolation_model(MPI_Comm comm, const std::string& path);

/// Writes the @p model of rank 0; an existing file survives every failure. Collective.
/// @throws core::Error (data) on all ranks.
void write_interpolation_model(MPI_Comm comm, const std::string& path,
                               const InterpolationModel& model);

} // namespace linnet::multigrid
