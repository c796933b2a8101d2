// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// All PETSc log events of the library in one place (names of at most 16 characters).
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::core {

/// Event handles, valid after register_events().
struct Events {
  PetscLogEvent stencil_mult = 0;
  PetscLogEvent halo_exchange = 0;
  PetscLogEvent boxmg_build = 0;
  PetscLogEvent boxmg_update = 0;
  PetscLogEvent boxmg_apply = 0;
  PetscLogEvent boxmg_coarse = 0;
  PetscLogEvent field_write = 0;
  PetscLogEvent medium_make = 0;
  PetscLogEvent riesz_mult = 0;
  PetscLogEvent tau_apply = 0;
  PetscLogEvent neural_apply = 0;
  PetscLogEvent neural_step = 0;
  PetscLogEvent basis_setup = 0;
  PetscLogEvent basis_apply = 0;
  PetscLogEvent guess_retrieval = 0;
  PetscLogEvent solid_force = 0;
  PetscLogEvent solid_tangent = 0;
  PetscLogEvent cubature_sweep = 0;
  PetscLogEvent rom_modes = 0;
  PetscLogEvent rom_points = 0;
  PetscLogEvent rom_reduced = 0;
  PetscLogEvent rom_replay = 0;
  PetscLogEvent rom_mesh_step = 0;
  PetscLogEvent rom_update = 0;
};

/// The process-wide handles.
Events& events();

/// Registers class and events once per PETSc session. Not collective.
PetscErrorCode register_events();

} // namespace linnet::core
