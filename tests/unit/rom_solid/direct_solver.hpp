// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Options of a direct solver: the meshes of the tests are small.
#pragma once

#include <linnet/core/petsc.hpp>

#include <utility>

namespace linnet::tests {

inline constexpr std::pair<const char*, const char*> direct_options[] = {
    {"-ksp_type", "preonly"},
    {"-pc_type", "cholesky"},
    {"-pc_factor_mat_solver_type", "mumps"},
    {"-rom_lift_pc_type", "gamg"}};

inline void use_direct_solver() {
  for (const auto& [name, value] : direct_options)
    LINNET_CHECK(PetscOptionsSetValue(nullptr, name, value));
}

inline void forget_direct_solver() {
  for (const auto& [name, value] : direct_options)
    LINNET_CHECK(PetscOptionsClearValue(nullptr, name));
}

} // namespace linnet::tests
