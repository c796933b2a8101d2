/* SPDX-FileCopyrightText: 2026 The Linnet developers
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Diffusion on a box of cells in two materials, as a program without a DM assembles it: an AIJ
 * matrix in natural numbering (x fastest), its rows cut over the ranks by PETSc, wherever the grid
 * lines end.
 *
 * -nx, -ny, -nz   cells (nz 1: two dimensions)
 * -contrast       coefficient of the middle block; 1 outside
 * -defect         what is wrong with the matrix: none, nonsymmetric, negative (one diagonal entry),
 * indefinite (minus a multiple of the identity), far (one coupling across two cells), nan (one
 * entry)
 * -solves         right-hand sides 1 + s (number of the row) / rows, for s = 0, 1, ... */
#include <petscksp.h>

typedef enum { NONE, NONSYMMETRIC, NEGATIVE, INDEFINITE, FAR_COUPLING, NOT_A_NUMBER } Defect;
static const char* const defects[] = {"none", "nonsymmetric", "negative", "indefinite", "far",
                                      "nan",  "Defect",       "",         NULL};

typedef struct {
  PetscInt n[3];
  PetscReal contrast;
  Defect defect;
  PetscInt solves;
} Problem;

static PetscReal coefficient(const Problem* p, const PetscInt at[3]) {
  PetscInt d;
  for (d = 0; d < 3; ++d)
    if (p->n[d] > 1 && (3 * at[d] < p->n[d] || 3 * at[d] >= 2 * p->n[d])) return 1.0;
  return p->contrast;
}

/* Columns and values of one row; the diagonal comes first. The boundary is held at zero. */
static PetscInt make_row(const Problem* p, PetscInt row, PetscInt columns[7],
                         PetscScalar values[7]) {
  const PetscInt stride[3] = {1, p->n[0], p->n[0] * p->n[1]};
  const PetscInt at[3] = {row % p->n[0], row / p->n[0] % p->n[1], row / stride[2]};
  const PetscReal here = coefficient(p, at);
  PetscInt d, side, count = 1;

  columns[0] = row;
  values[0] = 0.0;
  for (d = 0; d < 3; ++d) {
    if (p->n[d] == 1) continue;
    for (side = -1; side <= 1; side += 2) {
      PetscInt next[3] = {at[0], at[1], at[2]};
      PetscReal there, face = 2.0 * here;
      next[d] += side;
      if (next[d] >= 0 && next[d] < p->n[d]) {
        there = coefficient(p, next);
        face = 2.0 * here * there / (here + there);
        columns[count] = row + side * stride[d];
        values[count++] = -face;
      }
      values[0] += face;
    }
  }
  return count;
}

/* Puts the wanted mistake into the row in the middle of the matrix, or into every row. */
static void spoil_row(const Problem* p, PetscInt row, PetscInt columns[7], PetscScalar values[7]) {
  const PetscInt middle = p->n[0] * p->n[1] * p->n[2] / 2;
  if (p->defect == INDEFINITE) values[0] -= 0.5;
  if (row != middle) return;
  if (p->defect == NONSYMMETRIC) values[1] *= 1.5;
  if (p->defect == NEGATIVE) values[0] = -values[0];
  if (p->defect == FAR_COUPLING) columns[1] = row - 2;
  if (p->defect == NOT_A_NUMBER) values[1] = NAN;
}

static PetscErrorCode assemble(const Problem* p, Mat A) {
  PetscInt first, last, row, count, columns[7];
  PetscScalar values[7];
  PetscFunctionBeginUser;
  PetscCall(MatGetOwnershipRange(A, &first, &last));
  for (row = first; row < last; ++row) {
    count = make_row(p, row, columns, values);
    spoil_row(p, row, columns, values);
    PetscCall(MatSetValues(A, 1, &row, count, columns, values, INSERT_VALUES));
  }
  PetscCall(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

static PetscErrorCode read_options(Problem* p) {
  PetscEnum defect = (PetscEnum)NONE;
  PetscFunctionBeginUser;
  p->n[0] = p->n[1] = 32;
  p->n[2] = 1;
  p->contrast = 1.0;
  p->solves = 1;
  PetscOptionsBegin(PETSC_COMM_WORLD, "", "Problem", "");
  PetscCall(PetscOptionsInt("-nx", "Cells along x", "", p->n[0], &p->n[0], NULL));
  PetscCall(PetscOptionsInt("-ny", "Cells along y", "", p->n[1], &p->n[1], NULL));
  PetscCall(PetscOptionsInt("-nz", "Cells along z", "", p->n[2], &p->n[2], NULL));
  PetscCall(PetscOptionsReal("-contrast", "Coefficient of the block", "", p->contrast, &p->contrast,
                             NULL));
  PetscCall(
      PetscOptionsEnum("-defect", "Mistake in the matrix", "", defects, defect, &defect, NULL));
  PetscCall(PetscOptionsInt("-solves", "Right-hand sides", "", p->solves, &p->solves, NULL));
  PetscOptionsEnd();
  p->defect = (Defect)defect;
  PetscFunctionReturn(0);
}

static PetscErrorCode fill(PetscInt number, Vec b) {
  PetscInt first, last, size, row;
  PetscFunctionBeginUser;
  PetscCall(VecGetSize(b, &size));
  PetscCall(VecGetOwnershipRange(b, &first, &last));
  for (row = first; row < last; ++row)
    PetscCall(VecSetValue(b, row, 1.0 + (PetscReal)(number * row) / size, INSERT_VALUES));
  PetscCall(VecAssemblyBegin(b));
  PetscCall(VecAssemblyEnd(b));
  PetscFunctionReturn(0);
}

int main(int argc, char** argv) {
  Problem problem;
  PetscInt size, number;
  Mat A;
  Vec x, b;
  KSP ksp;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(read_options(&problem));
  size = problem.n[0] * problem.n[1] * problem.n[2];
  PetscCall(
      MatCreateAIJ(PETSC_COMM_WORLD, PETSC_DECIDE, PETSC_DECIDE, size, size, 7, NULL, 6, NULL, &A));
  PetscCall(assemble(&problem, A));
  PetscCall(MatCreateVecs(A, &x, &b));

  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetOperators(ksp, A, A));
  PetscCall(KSPSetType(ksp, KSPCG));
  PetscCall(KSPSetFromOptions(ksp));
  for (number = 0; number < problem.solves; ++number) {
    PetscCall(fill(number, b));
    PetscCall(KSPSolve(ksp, b, x));
  }

  PetscCall(KSPDestroy(&ksp));
  PetscCall(MatDestroy(&A));
  PetscCall(VecDestroy(&x));
  PetscCall(VecDestroy(&b));
  PetscCall(PetscFinalize());
  return 0;
}
