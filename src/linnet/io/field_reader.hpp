// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Fields from HDF5 files of any origin into distributed vectors.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscdmda.h>

#include <string>
#include <vector>

namespace linnet::io {

/// What a dataset must satisfy beyond its shape.
struct ReadOptions {
  bool require_finite = true;
  bool integer_only = false; ///< masks and labels
};

/// Reads @p dataset of the HDF5 file @p path into @p values, a global Vec of a 1-, 2- or 3-D DMDA.
/// Expected shape: (nz,ny,nx), (ny,nx) in 2-D, with a last index for components if there are more
/// than one. Any integer or floating-point type. Each rank reads its own box.
/// Collective on the DMDA; @throws core::Error (exit code data) on all ranks.
void read_field(const std::string& path, const std::string& dataset, Vec values,
                const ReadOptions& options = {});

/// Reads a small dataset of exactly the given @p shape (slowest index first) on every rank, e.g.
/// boundary data (n2,n1) on a face. Collective on @p comm; @throws core::Error on all ranks.
std::vector<double> read_array(MPI_Comm comm, const std::string& path, const std::string& dataset,
                               const std::vector<std::int64_t>& shape,
                               const ReadOptions& options = {});

/// Extents of a dataset of numbers, slowest index first. Collective; @throws core::Error.
std::vector<std::int64_t> read_shape(MPI_Comm comm, const std::string& path,
                                     const std::string& dataset);

} // namespace linnet::io
