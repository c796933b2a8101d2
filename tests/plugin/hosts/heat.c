/* SPDX-FileCopyrightText: 2026 The Linnet developers
   SPDX-License-Identifier: BSD-3-Clause

   Heat in a plate with a reaction, -Laplace u + u^3 = f with u = 0 around it, on a DMDA, as a C
   program solves it with SNES. */
#include <petscdmda.h>
#include <petscsnes.h>

static PetscErrorCode residual(DMDALocalInfo* grid, PetscScalar** u, PetscScalar** f,
                               void* context) {
  Vec source = (Vec)context;
  PetscScalar** s;
  PetscFunctionBeginUser;
  PetscCall(DMDAVecGetArrayRead(grid->da, source, &s));
  for (PetscInt j = grid->ys; j < grid->ys + grid->ym; ++j)
    for (PetscInt i = grid->xs; i < grid->xs + grid->xm; ++i) {
      PetscScalar sum = 4 * u[j][i];
      if (i > 0) sum -= u[j][i - 1];
      if (i + 1 < grid->mx) sum -= u[j][i + 1];
      if (j > 0) sum -= u[j - 1][i];
      if (j + 1 < grid->my) sum -= u[j + 1][i];
      f[j][i] = sum + (u[j][i] * u[j][i] * u[j][i] - s[j][i]) / (grid->mx * grid->my);
    }
  PetscCall(DMDAVecRestoreArrayRead(grid->da, source, &s));
  PetscFunctionReturn(0);
}

int main(int argc, char** argv) {
  DM grid;
  Vec u, source;
  SNES solver;
  PetscInt steps;
  PetscScalar mean;
  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                         16, 12, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL, NULL, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(DMCreateGlobalVector(grid, &u));
  PetscCall(VecDuplicate(u, &source));
  PetscCall(VecSet(source, 40.0));
  PetscCall(DMDASNESSetFunctionLocal(
      grid, INSERT_VALUES, (PetscErrorCode(*)(DMDALocalInfo*, void*, void*, void*))residual,
      source));
  PetscCall(SNESCreate(PETSC_COMM_WORLD, &solver));
  PetscCall(SNESSetDM(solver, grid));
  PetscCall(SNESSetFromOptions(solver));
  PetscCall(SNESSolve(solver, NULL, u));
  PetscCall(SNESGetIterationNumber(solver, &steps));
  PetscCall(VecSum(u, &mean));
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "steps %d, mean value %.5f\n", (int)steps,
                        (double)mean / (16 * 12)));
  PetscCall(SNESDestroy(&solver));
  PetscCall(VecDestroy(&u));
  PetscCall(VecDestroy(&source));
  PetscCall(DMDestroy(&grid));
  PetscCall(PetscFinalize());
  return 0;
}
