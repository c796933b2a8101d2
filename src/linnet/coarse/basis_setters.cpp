// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The functions that programs call; each finds the method of the PC under its name.
#include <linnet/coarse/pc_basis.hpp>

#include <petsc/private/petscimpl.h>

namespace linnet::coarse {

PetscErrorCode PCBasisSetVectors(PC pc, Mat vectors) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetVectors_C", (PC, Mat), (pc, vectors));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetType(PC pc, BasisType type) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetType_C", (PC, BasisType), (pc, type));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetFile(PC pc, const char file[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetFile_C", (PC, const char*), (pc, file));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetSize(PC pc, PetscInt size) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetSize_C", (PC, PetscInt), (pc, size));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetPoints(PC pc, GridPoints points) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetPoints_C", (PC, GridPoints), (pc, points));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetGrid(PC pc, PetscInt dimension, const PetscInt points[],
                              const PetscBool periodic[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetGrid_C", (PC, PetscInt, const PetscInt*, const PetscBool*),
                 (pc, dimension, points, periodic));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetBlocks(PC pc, PetscInt dimension, const PetscInt blocks[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetBlocks_C", (PC, PetscInt, const PetscInt*),
                 (pc, dimension, blocks));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetVariant(PC pc, BasisVariant variant) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetVariant_C", (PC, BasisVariant), (pc, variant));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetReuse(PC pc, PetscBool reuse) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetReuse_C", (PC, PetscBool), (pc, reuse));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetNearNullSpace(PC pc, PetscInt vectors) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetNearNullSpace_C", (PC, PetscInt), (pc, vectors));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisSetSmootherDamping(PC pc, PetscReal damping) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBasisSetSmootherDamping_C", (PC, PetscReal), (pc, damping));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisGetSmoother(PC pc, PC* smoother) {
  PetscFunctionBegin;
  PetscUseMethod(pc, "PCBasisGetSmoother_C", (PC, PC*), (pc, smoother));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBasisGetInfo(PC pc, BasisInfo* info) {
  PetscFunctionBegin;
  PetscUseMethod(pc, "PCBasisGetInfo_C", (PC, BasisInfo*), (pc, info));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::coarse
