// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which rows of a matrix stand for unknowns.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscmat.h>

#include <vector>

namespace linnet::grid {

/// For each row of this rank, true if it has an entry beside the diagonal that is not zero. The
/// others are unit rows of points without an unknown, such as solid cells. Not collective.
std::vector<bool> coupled_rows(Mat matrix);

} // namespace linnet::grid
