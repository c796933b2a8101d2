// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The vectors of a coarse space in the hands of others than `basis`: hats that no file has,
/// PETSc's deflation, the near-null space of algebraic multigrid.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscpc.h>

#include <string>

namespace benchmark {

PetscInt integer_option(const char* name, PetscInt standard);
std::string text_option(const char* name, const char* standard);

/// Tensor products of the hats of -bilinear n nodes in every direction: inner ones, or with
/// -hats_at_border those of the border, too. For a serial matrix.
linnet::core::Owned<Mat> hats(Mat matrix, DM grid);

/// The vectors of -vectors for @p pc, if it is PCDEFLATION, or the first -near_null_space of them
/// for the matrix. Nothing without these options.
void give_vectors(Mat matrix, DM grid, PC pc);

} // namespace benchmark
