// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A plain PETSc program that knows nothing of Linnet: -div(k grad u) = 0 on the unit square, u = 1
// on the left, u = 0 on the right, no flux elsewhere, k = 1000 in every second square of a board.
//
//   cc -o darcy darcy.c $(pkg-config --cflags --libs PETSc mpi-c) -lm
//   mpirun -n 2 ./darcy -pc_type boxmg -dll_append PREFIX/lib/linnet/liblinnet.so
#include <petscdmda.h>
#include <petscksp.h>

// Permeability of cell (i, j): 8 x 8 squares over the grid.
static PetscReal permeability(const DMDALocalInfo* info, PetscInt i, PetscInt j) {
  return ((8 * i / info->mx) + (8 * j / info->my)) % 2 ? 1000.0 : 1.0;
}

// Finite volumes on cells, harmonic means on faces.
static PetscErrorCode assemble(DM grid, Mat A, Vec b) {
  DMDALocalInfo info;
  PetscScalar** source;

  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(grid, &info));
  PetscCall(DMDAVecGetArray(grid, b, &source));
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      const PetscInt step[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
      const PetscReal here = permeability(&info, i, j);
      MatStencil row = {0, j, i, 0}, columns[5];
      PetscScalar values[5] = {0.0};
      PetscInt count = 1;

      columns[0] = row;
      source[j][i] = i == 0 ? 2.0 * here : 0.0;
      if (i == 0 || i == info.mx - 1)
        values[0] += 2.0 * here; // the fixed value is half a cell away
      for (int s = 0; s < 4; s++) {
        const PetscInt ii = i + step[s][0], jj = j + step[s][1];
        PetscReal there, face;

        if (ii < 0 || jj < 0 || ii >= info.mx || jj >= info.my) continue;
        there = permeability(&info, ii, jj);
        face = 2.0 * here * there / (here + there);
        columns[count] = row;
        columns[count].i = ii;
        columns[count].j = jj;
        values[count++] = -face;
        values[0] += face;
      }
      PetscCall(MatSetValuesStencil(A, 1, &row, count, columns, values, INSERT_VALUES));
    }
  }
  PetscCall(DMDAVecRestoreArray(grid, b, &source));
  PetscCall(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

int main(int argc, char** argv) {
  DM grid;
  Mat A;
  Vec u, b;
  KSP ksp;
  PetscInt iterations;
  PetscReal mean;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                         128, 128, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL, NULL, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(DMCreateMatrix(grid, &A));
  PetscCall(DMCreateGlobalVector(grid, &u));
  PetscCall(VecDuplicate(u, &b));
  PetscCall(assemble(grid, A, b));

  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetDM(ksp, grid));
  PetscCall(KSPSetDMActive(ksp, PETSC_FALSE));
  PetscCall(KSPSetOperators(ksp, A, A));
  PetscCall(KSPSetType(ksp, KSPCG));
  PetscCall(KSPSetTolerances(ksp, 1e-8, PETSC_DEFAULT, PETSC_DEFAULT, PETSC_DEFAULT));
  PetscCall(KSPSetErrorIfNotConverged(ksp, PETSC_TRUE));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPSolve(ksp, b, u));

  PetscCall(KSPGetIterationNumber(ksp, &iterations));
  PetscCall(VecMean(u, &mean));
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "iterations %" PetscInt_FMT ", mean value %.4f\n",
                        iterations, (double)mean));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(MatDestroy(&A));
  PetscCall(VecDestroy(&u));
  PetscCall(VecDestroy(&b));
  PetscCall(DMDestroy(&grid));
  PetscCall(PetscFinalize());
  return 0;
}
