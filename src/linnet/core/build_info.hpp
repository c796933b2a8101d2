// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What this program is made of, as --version shows it.
#pragma once

#include <string>

namespace linnet::core {

/// The BLAS that is bound at run time.
struct BlasInfo {
  std::string name; ///< "OpenBLAS 0.3.21", "reference BLAS", or "unknown"
  std::string file; ///< the library that holds dgemm_
  bool is_reference = false;
};

BlasInfo find_blas();

/// One line per component: Linnet, PETSc, Kokkos, MPI, HDF5, BLAS, build type and sizes; a last
/// line warns of the slow reference BLAS.
std::string version_text();

} // namespace linnet::core
