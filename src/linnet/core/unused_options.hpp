// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Options that nobody asked for: most often a misspelt PETSc name.
#pragma once

#include <linnet/core/options.hpp>

#include <string>
#include <vector>

namespace linnet::core {

/// One line per option of the database that was never asked for: place, value, nearest known name.
/// Leaves out what PETSc reads only in PetscFinalize. Not collective.
std::vector<std::string> unused_options(const Options& options);

} // namespace linnet::core
