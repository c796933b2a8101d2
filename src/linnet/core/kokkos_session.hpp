// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Lazy start of Kokkos: a program that only loads the plug-in pays nothing.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::core {

/// Initialises Kokkos if nobody has, with one thread per rank unless `-linnet_threads N`. The
/// session ends in PetscFinalize, and only if it began here. Not collective. Errors:
/// PETSC_ERR_ORDER when Kokkos was already finalised in this process.
PetscErrorCode ensure_kokkos();

} // namespace linnet::core
