// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Solves -div grad u = 1 on the unit cube (u = 0 on the boundary) with the preconditioner boxmg:
//   mpirun -n 2 ./poisson -da_grid_x 48 -da_grid_y 48 -da_grid_z 48 -ksp_monitor -ksp_view
#include <linnet/registry/register.hpp>

#include <petscdmda.h>
#include <petscksp.h>

namespace {

// The 7-point stencil on the cells of a uniform grid, times h^2; Dirichlet values half a cell away.
PetscErrorCode assemble(DM grid, Mat matrix) {
  PetscFunctionBeginUser;
  DMDALocalInfo info;
  PetscCall(DMDAGetLocalInfo(grid, &info));
  const PetscInt last[3] = {info.mx - 1, info.my - 1, info.mz - 1};
  for (PetscInt k = info.zs; k < info.zs + info.zm; ++k)
    for (PetscInt j = info.ys; j < info.ys + info.ym; ++j)
      for (PetscInt i = info.xs; i < info.xs + info.xm; ++i) {
        const PetscInt here[3] = {i, j, k};
        MatStencil row = {k, j, i, 0}, columns[7] = {row};
        PetscScalar values[7] = {0};
        PetscInt count = 1;
        for (int d = 0; d < 3; ++d)
          for (int step = -1; step <= 1; step += 2) {
            const PetscInt there = here[d] + step;
            const bool outside = there < 0 || there > last[d];
            values[0] += outside ? 2 : 1;
            if (outside) continue;
            columns[count] = row;
            (d == 0 ? columns[count].i : d == 1 ? columns[count].j : columns[count].k) = there;
            values[count++] = -1;
          }
        PetscCall(MatSetValuesStencil(matrix, 1, &row, count, columns, values, INSERT_VALUES));
      }
  PetscCall(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

PetscErrorCode solve() {
  PetscFunctionBeginUser;
  DM grid;
  PetscCall(DMDACreate3d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                         DMDA_STENCIL_STAR, 32, 32, 32, PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, 1,
                         1, nullptr, nullptr, nullptr, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  Mat matrix;
  PetscCall(DMCreateMatrix(grid, &matrix));
  PetscCall(assemble(grid, matrix));
  PetscInt cells[3];
  PetscCall(DMDAGetInfo(grid, nullptr, &cells[0], &cells[1], &cells[2], nullptr, nullptr, nullptr,
                        nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));

  Vec solution, source;
  PetscCall(DMCreateGlobalVector(grid, &solution));
  PetscCall(VecDuplicate(solution, &source));
  PetscCall(VecSet(source, 1.0 / (static_cast<PetscReal>(cells[0]) * cells[0])));

  KSP ksp;
  PC pc;
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetOperators(ksp, matrix, matrix));
  PetscCall(KSPSetType(ksp, KSPCG));
  PetscCall(KSPGetPC(ksp, &pc));
  PetscCall(PCSetType(pc, "boxmg"));
  PetscCall(PCSetDM(pc, grid)); // tells the preconditioner which row is which cell
  PetscCall(KSPSetErrorIfNotConverged(ksp, PETSC_TRUE));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPSolve(ksp, source, solution));

  PetscInt iterations;
  PetscReal largest;
  PetscCall(KSPGetIterationNumber(ksp, &iterations));
  PetscCall(VecMax(solution, nullptr, &largest));
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "iterations %" PetscInt_FMT ", largest value %.4f\n",
                        iterations, static_cast<double>(largest)));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(MatDestroy(&matrix));
  PetscCall(VecDestroy(&solution));
  PetscCall(VecDestroy(&source));
  PetscCall(DMDestroy(&grid));
  PetscFunctionReturn(0);
}

} // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  PetscCall(LinnetInitialize()); // from here on PETSc knows Linnet's types
  PetscCall(solve());
  PetscCall(PetscFinalize());
  return 0;
}
