// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Algebraic multigrid with the same bits each time.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscpc.h>

namespace linnet::fem {

/// While it lives, Galerkin products of GAMG add what other ranks have for a row in an order of
/// their own. PETSc's default adds it as it arrives: with more than one other rank two runs then
/// differ in the last bits, and one that goes on from a checkpoint is not the one that never
/// stopped. Sets PETSc's option `-matptap_via` to `backend` on three ranks and more, unless it is
/// there, and takes it back: matrices on one rank do not know that value. Products take about four
/// times as long, a set-up of GAMG three times; `-matptap_via nonscalable` is PETSc's way.
class ReproducibleMultigrid {
public:
  ReproducibleMultigrid(MPI_Comm comm, PC pc) {
    int ranks = 1;
    MPI_Comm_size(comm, &ranks);
    PetscBool multigrid = PETSC_FALSE, given = PETSC_FALSE;
    LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCGAMG, &multigrid));
    LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &given));
    mine_ = ranks > 2 && multigrid == PETSC_TRUE && given == PETSC_FALSE;
    if (mine_) LINNET_CHECK(PetscOptionsSetValue(nullptr, name, "backend"));
  }
  ~ReproducibleMultigrid() {
    if (mine_) static_cast<void>(PetscOptionsClearValue(nullptr, name));
  }
  ReproducibleMultigrid(const ReproducibleMultigrid&) = delete;
  ReproducibleMultigrid& operator=(const ReproducibleMultigrid&) = delete;

private:
  static constexpr const char* name = "-matptap_via";
  bool mine_ = false;
};

} // namespace linnet::fem
