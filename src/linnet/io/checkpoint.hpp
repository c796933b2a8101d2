// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The state of a run, saved so that it can go on with the same bits.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace linnet::io {

/// Named pieces of state. The Vecs are borrowed: saved from, or loaded into, in place. DMDA vectors
/// are stored in natural order, other vectors in their global order.
struct CheckpointState {
  std::string application; ///< whose state it is; a checkpoint of another one is refused
  std::map<std::string, Vec> vectors;
  std::map<std::string, double> reals;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::string> strings;
};

/// Writes @p state to @p path: temporary name, flushed to the disk, renamed. An existing checkpoint
/// survives every failure. Collective on @p comm; @throws core::Error on all ranks.
void save_checkpoint(MPI_Comm comm, const std::string& path, const CheckpointState& state);

/// Loads every entry that @p state names (application, vectors with their sizes, and the keys of
/// reals, integers and strings; their values are replaced) from @p path. The whole file is verified
/// by its checksums before anything is changed, and the number of ranks must be the one that wrote
/// it unless @p any_ranks: sums over ranks round differently then. Collective; @throws core::Error.
void load_checkpoint(MPI_Comm comm, const std::string& path, CheckpointState& state,
                     bool any_ranks = false);

} // namespace linnet::io
