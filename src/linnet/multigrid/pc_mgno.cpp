// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/pc_mgno.hpp>

#include <linnet/multigrid/cycle_model_file.hpp>
#include <linnet/multigrid/pc_boxmg_data.hpp>

#include <petsc/private/pcimpl.h>

#include <cstdio>
#include <string>
#include <utility>

namespace linnet::multigrid {
namespace {

struct MgnoData final : BoxmgData {
  std::string path;     // of the model; empty: the derived weights
  bool is_read = true;  // the weights are those of path
  bool fallback = true; // PCMgNOSetFallback
  // Of "boxmg".
  PetscErrorCode (*set_up)(PC) = nullptr;
  PetscErrorCode (*set_from_options)(PC, core::OptionItems) = nullptr;
  PetscErrorCode (*view)(PC, PetscViewer) = nullptr;
  PetscErrorCode (*destroy)(PC) = nullptr;
};

const char* const set_model_method = "PCMgNOSetModel_C";
const char* const set_fallback_method = "PCMgNOSetFallback_C";

MgnoData* data_of(PC pc) { return static_cast<MgnoData*>(boxmg_data(pc)); }

void read_weights(PC pc) {
  MgnoData* mgno = data_of(pc);
  CycleModel model;
  if (!mgno->path.empty())
    model = read_cycle_model(PetscObjectComm(reinterpret_cast<PetscObject>(pc)), mgno->path);
  LINNET_CHECK(PCBoxMGSetObstacleWeights(pc, model.obstacles));
  LINNET_CHECK(PCBoxMGSetInterpolation(pc, {model.interpolation, mgno->fallback}));
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
  PetscBool set, fallback = data_of(pc)->fallback ? PETSC_TRUE : PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(data_of(pc)->set_from_options(pc, PetscOptionsObject));
  PetscOptionsHeadBegin(PetscOptionsObject, "MgNO options");
  PetscCall(PetscOptionsString("-pc_mgno_model",
                               "Trained weights of the cycle around obstacles, or of the "
                               "interpolation of black-box multigrid",
                               "PCMgNOSetModel", data_of(pc)->path.c_str(), path, sizeof path,
                               &set));
  if (set) PetscCall(PCMgNOSetModel(pc, path));
  PetscCall(PetscOptionsBool("-pc_mgno_fallback",
                             "Compare with the cycle without the model in every set-up, and take "
                             "the better one",
                             "PCMgNOSetFallback", fallback, &fallback, &set));
  if (set) PetscCall(PCMgNOSetFallback(pc, fallback));
  PetscOptionsHeadEnd();
  PetscFunctionReturn(PETSC_SUCCESS);
}

// What has become of the model.
std::string use_of_model(const MgnoData& mgno) {
  const bool is_set_up = mgno.preconditioner && !mgno.preconditioner->plans().empty();
  if (mgno.path.empty() || !is_set_up) return "";
  const BoxmgPreconditioner& p = *mgno.preconditioner;
  if (mgno.learned.weights.empty())
    return p.kind() == CycleKind::obstacles
               ? ""
               : ", not used: this is no problem of constant coefficients around obstacles, and "
                 "another cycle of boxmg serves";
  const auto [with, without] = p.trial_rates();
  char rates[120] = "";
  if (with > 0.0 || without > 0.0)
    std::snprintf(rates, sizeof rates, ": residual times %.3f per step of cg, %.3f without it",
                  with, without);
  if (p.uses_network()) return std::string(", shifts the interpolation") + rates;
  if (rates[0]) return std::string(", not used, since it does not help") + rates;
  return ", not used: this is not the cycle of black-box multigrid on one hierarchy";
}

PetscErrorCode PCView_MgNO(PC pc, PetscViewer viewer) {
  const MgnoData* mgno = data_of(pc);
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (ascii)
    PetscCall(PetscViewerASCIIPrintf(viewer, "weights: %s%s\n",
                                     mgno->path.empty() ? "derived (no -pc_mgno_model)"
                                                        : mgno->path.c_str(),
                                     use_of_model(*mgno).c_str()));
  PetscCall(mgno->view(pc, viewer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCDestroy_MgNO(PC pc) {
  PetscFunctionBegin;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), set_model_method, nullptr));
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), set_fallback_method, nullptr));
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

PetscErrorCode set_fallback(PC pc, PetscBool fallback) {
  MgnoData* mgno = data_of(pc);
  PetscFunctionBegin;
  mgno->fallback = fallback == PETSC_TRUE;
  PetscCall(PCBoxMGSetInterpolation(pc, {mgno->learned.weights, mgno->fallback}));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode PCMgNOSetModel(PC pc, const char path[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, set_model_method, (PC, const char*), (pc, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCMgNOSetFallback(PC pc, PetscBool fallback) {
  PetscFunctionBegin;
  PetscTryMethod(pc, set_fallback_method, (PC, PetscBool), (pc, fallback));
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
  PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), set_fallback_method,
                                       set_fallback));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::multigrid
