// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The functions that programs call; each finds the method of the PC under its name.
#include <linnet/krylov/pc_neural.hpp>

#include <petsc/private/petscimpl.h>

namespace linnet::krylov {

PetscErrorCode PCNeuralSetModel(PC pc, const char path[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetModel_C", (PC, const char*), (pc, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetModelBytes(PC pc, PetscReal bytes) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetModelBytes_C", (PC, PetscReal), (pc, bytes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetOdd(PC pc, PetscBool odd) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetOdd_C", (PC, PetscBool), (pc, odd));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetGrid(PC pc, PetscInt dimension, const PetscInt points[],
                               const PetscBool periodic[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetGrid_C", (PC, PetscInt, const PetscInt*, const PetscBool*),
                 (pc, dimension, points, periodic));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetPoints(PC pc, grid::GridPoints points) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetPoints_C", (PC, grid::GridPoints), (pc, points));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetSensors(PC pc, PetscInt dimension, const PetscInt nodes[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetSensors_C", (PC, PetscInt, const PetscInt*),
                 (pc, dimension, nodes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetSweeps(PC pc, PetscInt sweeps) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetSweeps_C", (PC, PetscInt), (pc, sweeps));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetSmootherDamping(PC pc, PetscReal damping) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetSmootherDamping_C", (PC, PetscReal), (pc, damping));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralSetAnyKSP(PC pc, PetscBool any) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCNeuralSetAnyKSP_C", (PC, PetscBool), (pc, any));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralGetSmoother(PC pc, PC* smoother) {
  PetscFunctionBegin;
  PetscUseMethod(pc, "PCNeuralGetSmoother_C", (PC, PC*), (pc, smoother));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCNeuralGetInfo(PC pc, NeuralInfo* info) {
  PetscFunctionBegin;
  PetscUseMethod(pc, "PCNeuralGetInfo_C", (PC, NeuralInfo*), (pc, info));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
