// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/pc_mgno.hpp>

#include <linnet/multigrid/obstacle_weights_file.hpp>
#include <linnet/multigrid/pc_boxmg_data.hpp>

#include <petsc/private/pcimpl.h>

#include <string>
#include <utility>

namespace linnet::multigrid {
namespace {

struct MgnoData final : BoxmgData {
  std::string path;    // of the model; empty: the derived weights
  bool is_read = true; // the weights are those of path
  // Of "boxmg".
  PetscErrorCode (*set_up)(PC) = nullptr;
  PetscErrorCode (*set_from_options)(PC, core::OptionItems) = nullptr;
  PetscErrorCode (*view)(PC, PetscViewer) = nullptr;
  PetscErrorCode (*destroy)(PC) = nullptr;
};

const char* const set_model_method = "PCMgNOSetModel_C";

MgnoData* data_of(PC pc) { return static_cast<MgnoData*>(boxmg_data(pc)); }

void read_weights(PC pc) {
  MgnoData* mgno = data_of(pc);
  ObstacleModel model;
  if (!mgno->path.empty())
    model = read_obstacle_model(PetscObjectComm(reinterpret_cast<PetscObject>(pc)), mgno->path);
  LINNET_CHECK(PCBoxMGSetObstacleWeights(pc, model.weights));
  mgno->is_read = true;
}

PetscErrorCode PCSetUp_MgNO(PC pc) {
  PetscFunctionBegin;
  if (!data_of(pc)->is_read) LINNET_PETSC_GUARD(read_weights(pc));
  PetscCall(data_of(pc)->set_up(pc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetFromOptions_MgNO(PC pc, core::OptionItems PetscOptionsObject) {
  char path[PETSC_MAX_PATH_LEN];
  PetscBool set;
  PetscFunctionBegin;
  PetscCall(data_of(pc)->set_from_options(pc, PetscOptionsObject));
  PetscOptionsHeadBegin(PetscOptionsObject, "MgNO options");
  PetscCall(PetscOptionsString("-pc_mgno_model", "Trained weights of the cycle around obstacles",
                               "PCMgNOSetModel", data_of(pc)->path.c_str(), path, sizeof path,
                               &set));
  if (set) PetscCall(PCMgNOSetModel(pc, path));
  PetscOptionsHeadEnd();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCView_MgNO(PC pc, PetscViewer viewer) {
  const MgnoData* mgno = data_of(pc);
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (ascii) {
    const bool is_set_up = mgno->preconditioner && !mgno->preconditioner->plans().empty();
    const bool idle = is_set_up && mgno->preconditioner->kind() != CycleKind::obstacles;
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "weights: %s%s\n",
        mgno->path.empty() ? "derived (no -pc_mgno_model)" : mgno->path.c_str(),
        idle ? ", not used: this is no problem of constant coefficients around obstacles, and "
               "another cycle of boxmg serves"
             : ""));
  }
  PetscCall(mgno->view(pc, viewer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCDestroy_MgNO(PC pc) {
  PetscFunctionBegin;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), set_model_method, nullptr));
  PetscCall(data_of(pc)->destroy(pc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_model(PC pc, const char path[]) {
  MgnoData* mgno = data_of(pc);
  PetscFunctionBegin;
  if (mgno->path == path) PetscFunctionReturn(PETSC_SUCCESS);
  mgno->path = path;
  mgno->is_read = false;
  pc->setupcalled = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode PCMgNOSetModel(PC pc, const char path[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, set_model_method, (PC, const char*), (pc, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCCreate_MgNO(PC pc) {
  PetscFunctionBegin;
  PetscCall(create_boxmg(pc, std::make_unique<MgnoData>()));
  MgnoData* mgno = data_of(pc);
  mgno->set_up = std::exchange(pc->ops->setup, PCSetUp_MgNO);
  mgno->set_from_options = std::exchange(pc->ops->setfromoptions, PCSetFromOptions_MgNO);
  mgno->view = std::exchange(pc->ops->view, PCView_MgNO);
  mgno->destroy = std::exchange(pc->ops->destroy, PCDestroy_MgNO);
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), set_model_method, set_model));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::multigrid
