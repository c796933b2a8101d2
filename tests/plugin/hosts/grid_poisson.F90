! SPDX-FileCopyrightText: 2026 The Linnet developers
! SPDX-License-Identifier: BSD-3-Clause
!
! Poisson's equation on the cells of a DMDA, zero on the boundary, source 1, as a Fortran program
! solves it. The matrix is filled through local (ghosted) indices.
#include <petsc/finclude/petscdmda.h>
#include <petsc/finclude/petscksp.h>

program grid_poisson
  use petscdmda
  use petscksp
  implicit none

#if PETSC_VERSION_LT(3,22,0)
#define NO_WIDTHS PETSC_NULL_INTEGER
#else
#define NO_WIDTHS PETSC_NULL_INTEGER_ARRAY
#endif

  DM :: grid
  Mat :: A
  Vec :: x, b
  KSP :: solver
  PetscInt :: nx = 32, ny = 32, one = 1
  PetscErrorCode :: ierr

  PetscCallA(PetscInitialize(ierr))
  PetscCallA(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, nx, ny, PETSC_DECIDE, PETSC_DECIDE, one, one, NO_WIDTHS, NO_WIDTHS, grid, ierr))
  PetscCallA(DMSetFromOptions(grid, ierr))
  PetscCallA(DMSetUp(grid, ierr))
  PetscCallA(DMCreateMatrix(grid, A, ierr))
  PetscCallA(DMCreateGlobalVector(grid, x, ierr))
  PetscCallA(VecDuplicate(x, b, ierr))
  call assemble(grid, A)
  PetscCallA(VecSet(b, 1.0_PETSC_REAL_KIND, ierr))

  PetscCallA(KSPCreate(PETSC_COMM_WORLD, solver, ierr))
  PetscCallA(KSPSetDM(solver, grid, ierr))
  PetscCallA(KSPSetDMActive(solver, PETSC_FALSE, ierr))
  PetscCallA(KSPSetOperators(solver, A, A, ierr))
  PetscCallA(KSPSetType(solver, KSPCG, ierr))
  PetscCallA(KSPSetFromOptions(solver, ierr))
  PetscCallA(KSPSolve(solver, b, x, ierr))

  PetscCallA(KSPDestroy(solver, ierr))
  PetscCallA(MatDestroy(A, ierr))
  PetscCallA(VecDestroy(x, ierr))
  PetscCallA(VecDestroy(b, ierr))
  PetscCallA(DMDestroy(grid, ierr))
  PetscCallA(PetscFinalize(ierr))

contains

  subroutine assemble(grid, A)
    DM :: grid
    Mat :: A
    PetscInt :: xs, ys, zs, xm, ym, zm, gxs, gys, gzs, gxm, gym, gzm
    PetscInt :: i, j, face, count, wide, high, row(1), columns(5)
    PetscInt, parameter :: step_x(4) = [-1, 1, 0, 0], step_y(4) = [0, 0, -1, 1]
    PetscScalar :: values(5)
    PetscErrorCode :: ierr

    PetscCallA(DMDAGetCorners(grid, xs, ys, zs, xm, ym, zm, ierr))
    PetscCallA(DMDAGetGhostCorners(grid, gxs, gys, gzs, gxm, gym, gzm, ierr))
    call grid_size(grid, wide, high)
    do j = ys, ys + ym - 1
      do i = xs, xs + xm - 1
        row(1) = (j - gys) * gxm + i - gxs
        count = 1
        columns(1) = row(1)
        values(1) = 0
        do face = 1, 4
          if (i + step_x(face) < 0 .or. i + step_x(face) >= wide .or. j + step_y(face) < 0 .or. j + step_y(face) >= high) then
            values(1) = values(1) + 2
          else
            count = count + 1
            columns(count) = row(1) + step_x(face) + step_y(face) * gxm
            values(count) = -1
            values(1) = values(1) + 1
          end if
        end do
        PetscCallA(MatSetValuesLocal(A, one, row, count, columns, values, INSERT_VALUES, ierr))
      end do
    end do
    PetscCallA(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY, ierr))
    PetscCallA(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY, ierr))
  end subroutine assemble

  ! Cells of the whole grid: where the last rank's part ends.
  subroutine grid_size(grid, wide, high)
    DM :: grid
    PetscInt :: wide, high, mine(2), all(2), xs, ys, zs, xm, ym, zm
    PetscErrorCode :: ierr

    PetscCallA(DMDAGetCorners(grid, xs, ys, zs, xm, ym, zm, ierr))
    mine = [xs + xm, ys + ym]
    call MPI_Allreduce(mine, all, 2, MPIU_INTEGER, MPI_MAX, PETSC_COMM_WORLD, ierr)
    wide = all(1)
    high = all(2)
  end subroutine grid_size

end program grid_poisson
