// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values at quadrature points as PETSc vectors.
#pragma once

#include <linnet/core/owned.hpp>

#include <span>

namespace linnet::rom {

/// A copy of this rank's values. Collective.
core::Owned<Vec> vector_of(MPI_Comm comm, std::span<const double> values);

/// a - b. Collective.
core::Owned<Vec> difference_of(MPI_Comm comm, std::span<const double> a, std::span<const double> b);

} // namespace linnet::rom
