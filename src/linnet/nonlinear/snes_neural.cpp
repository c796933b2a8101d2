// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/snes_neural.hpp>

#include <linnet/core/log.hpp>
#include <linnet/nonlinear/network_pause.hpp>
#include <linnet/nonlinear/state_network.hpp>

#include <petsc/private/snesimpl.h>

#include <cmath>
#include <memory>
#include <string>

namespace linnet::nonlinear {
namespace {

struct NeuralData {
  std::string path, inputs;
  PetscReal model_bytes = static_cast<PetscReal>(nn::default_model_bytes);
  PetscReal accept = 0.95;
  std::unique_ptr<StateNetwork> network;
  NetworkPause pause;
  SnesNeuralInfo info;
};

NeuralData* data_of(SNES snes) { return static_cast<NeuralData*>(snes->data); }

/// Work vectors: u and F before a step.
enum { state_before, residual_before, work_count };

PetscErrorCode SNESReset_Neural(SNES snes) {
  NeuralData* data = data_of(snes);
  PetscFunctionBegin;
  data->network.reset();
  data->pause = {};
  data->info = {};
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode make_network(SNES snes) {
  NeuralData* data = data_of(snes);
  PetscFunctionBegin;
  if (data->network) PetscFunctionReturn(PETSC_SUCCESS);
  const NetworkNames names{"neural", "-snes_neural_model", "-snes_neural_inputs"};
  LINNET_PETSC_GUARD(
      data->network = std::make_unique<StateNetwork>(
          snes, data->path, data->inputs, static_cast<std::int64_t>(data->model_bytes), names));
  const bool corrects = data->network->makes_correction();
  if (!corrects) data->network.reset();
  PetscCheck(corrects, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "neural: %s makes solutions, not corrections: it does not take the residual; use it "
             "with -snes_guess_operator_model, or say with -snes_neural_inputs what it takes",
             data->path.c_str());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESSetUp_Neural(SNES snes) {
  PetscFunctionBegin;
  PetscCheck(!snes->npc, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "neural: takes no nonlinear preconditioner itself; leave -npc_snes_type out");
  PetscCall(make_network(snes));
  PetscCall(SNESSetWorkVecs(snes, work_count));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// u <- u - lambda Y by the line search if it leaves at most @p most of |F|; else u and F stay.
PetscErrorCode try_step(SNES snes, Vec Y, PetscReal most, PetscReal* fnorm, bool* taken) {
  const Vec X = snes->vec_sol, F = snes->vec_func;
  SNESLineSearch search = nullptr;
  SNESLineSearchReason failed = SNES_LINESEARCH_SUCCEEDED;
  PetscReal ynorm = 0.0, after = *fnorm;
  PetscFunctionBegin;
  *taken = false;
  PetscCall(VecNorm(Y, NORM_2, &ynorm));
  if (!(ynorm > 0.0) || !std::isfinite(ynorm)) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(VecCopy(X, snes->work[state_before]));
  PetscCall(VecCopy(F, snes->work[residual_before]));
  PetscCall(SNESGetLineSearch(snes, &search));
  PetscCall(SNESLineSearchApply(search, X, F, &after, Y));
  PetscCall(SNESLineSearchGetReason(search, &failed));
  // What counts is the residual that came of it; every comparison with NaN is false.
  *taken = failed != SNES_LINESEARCH_FAILED_NANORINF && after <= most * *fnorm && after < *fnorm;
  if (*taken) {
    *fnorm = after;
    PetscCall(SNESLineSearchGetNorms(search, &snes->xnorm, nullptr, &snes->ynorm));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(VecCopy(snes->work[state_before], X));
  PetscCall(VecCopy(snes->work[residual_before], F));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode try_network(SNES snes, PetscReal* fnorm, bool* taken) {
  NeuralData* data = data_of(snes);
  const Vec Y = snes->vec_sol_update;
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().neural_step, snes, snes->vec_sol, Y, 0));
  LINNET_PETSC_GUARD(data->network->apply(snes, snes->vec_sol, snes->vec_func, Y));
  PetscCall(PetscLogEventEnd(core::events().neural_step, snes, snes->vec_sol, Y, 0));
  PetscCall(VecScale(Y, -1.0)); // line searches go along -Y
  PetscCall(try_step(snes, Y, data->accept, fnorm, taken));
  ++(*taken ? data->info.accepted : data->info.rejected);
  data->pause.judge(*taken);
  if (!*taken) PetscCall(PetscInfo(snes, "step of the network refused\n"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// One step; @p moved tells whether u has changed.
PetscErrorCode step(SNES snes, PetscReal* fnorm, bool* moved) {
  NeuralData* data = data_of(snes);
  PetscFunctionBegin;
  ++data->info.steps;
  *moved = false;
  if (data->pause.skips())
    ++data->info.left_out;
  else
    PetscCall(try_network(snes, fnorm, moved));
  if (*moved) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(VecCopy(snes->vec_func, snes->vec_sol_update));
  PetscCall(try_step(snes, snes->vec_sol_update, 1.0, fnorm, moved));
  if (*moved) ++data->info.fallback;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode record(SNES snes, PetscInt iteration, PetscReal fnorm) {
  PetscFunctionBegin;
  snes->iter = iteration;
  snes->norm = fnorm;
  PetscCall(SNESLogConvergenceHistory(snes, fnorm, 0));
  PetscCall(SNESMonitor(snes, iteration, fnorm));
  PetscUseTypeMethod(snes, converged, iteration, iteration ? snes->xnorm : 0.0,
                     iteration ? snes->ynorm : 0.0, fnorm, &snes->reason, snes->cnvP);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESSolve_Neural(SNES snes) {
  PetscReal fnorm = 0.0;
  PetscFunctionBegin;
  PetscCheck(!snes->xl && !snes->xu && !snes->ops->computevariablebounds,
             PetscObjectComm((PetscObject)snes), PETSC_ERR_ARG_WRONGSTATE,
             "SNES solver %s does not support bounds", ((PetscObject)snes)->type_name);
  snes->reason = SNES_CONVERGED_ITERATING;
  if (!snes->vec_func_init_set)
    PetscCall(SNESComputeFunction(snes, snes->vec_sol, snes->vec_func));
  else
    snes->vec_func_init_set = PETSC_FALSE;
  PetscCall(VecNorm(snes->vec_func, NORM_2, &fnorm));
  SNESCheckFunctionNorm(snes, fnorm);
  PetscCall(record(snes, 0, fnorm));
  for (PetscInt i = 1; i <= snes->max_its && !snes->reason; ++i) {
    bool moved = false;
    PetscTryTypeMethod(snes, update, snes->iter);
    PetscCall(step(snes, &fnorm, &moved));
    // Of a nonlinear preconditioner the count runs over all solves: there it limits nothing.
    if (snes->counters_reset && snes->max_funcs >= 0 && snes->nfuncs >= snes->max_funcs) {
      snes->reason = SNES_DIVERGED_FUNCTION_COUNT;
      break;
    }
    // The next step would try the same; a nonlinear preconditioner of one step leaves it at that.
    if (!moved && i < snes->max_its) {
      snes->reason = SNES_DIVERGED_LINE_SEARCH;
      break;
    }
    PetscCall(record(snes, i, fnorm));
  }
  if (!snes->reason) snes->reason = SNES_DIVERGED_MAX_IT;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESSetFromOptions_Neural(SNES snes, core::OptionItems PetscOptionsObject) {
  const NeuralData* data = data_of(snes);
  char path[PETSC_MAX_PATH_LEN] = "", inputs[PETSC_MAX_PATH_LEN] = "";
  PetscReal bytes = data->model_bytes, accept = data->accept;
  PetscBool set = PETSC_FALSE;
  PetscFunctionBegin;
  PetscOptionsHeadBegin(PetscOptionsObject, "Options of steps of a network");
  PetscCall(PetscOptionsString("-snes_neural_model", "File of the network", "SNESNeuralSetModel",
                               data->path.c_str(), path, sizeof path, &set));
  if (set) PetscCall(SNESNeuralSetModel(snes, path));
  PetscCall(PetscOptionsReal("-snes_neural_model_bytes", "Most bytes of parameters",
                             "SNESNeuralSetModelBytes", bytes, &bytes, nullptr));
  PetscCall(SNESNeuralSetModelBytes(snes, bytes));
  PetscCall(PetscOptionsString("-snes_neural_inputs", "What its channels are",
                               "SNESNeuralSetInputs", data->inputs.c_str(), inputs, sizeof inputs,
                               &set));
  if (set) PetscCall(SNESNeuralSetInputs(snes, inputs));
  PetscCall(PetscOptionsReal("-snes_neural_accept", "Part of |F| that a step may leave",
                             "SNESNeuralSetAccept", accept, &accept, nullptr));
  PetscCall(SNESNeuralSetAccept(snes, accept));
  PetscOptionsHeadEnd();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode view_network(const StateNetwork& network, PetscViewer viewer) {
  const core::Index3 n = network.points();
  PetscFunctionBegin;
  PetscCall(PetscViewerASCIIPrintf(viewer,
                                   "%d parameters, inputs %s, grid %d x %d x %d on %d rank(s)\n",
                                   static_cast<int>(network.model().graph.parameters.count()),
                                   network.inputs().c_str(), n[0], n[1], n[2], network.workers()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESView_Neural(SNES snes, PetscViewer viewer) {
  const NeuralData* data = data_of(snes);
  const SnesNeuralInfo& found = data->info;
  PetscBool ascii = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerASCIIPrintf(viewer, "  network %s\n",
                                   data->path.empty() ? "not named" : data->path.c_str()));
  PetscCall(PetscViewerASCIIPushTab(viewer));
  if (data->network) PetscCall(view_network(*data->network, viewer));
  PetscCall(PetscViewerASCIIPrintf(
      viewer,
      "%" PetscInt_FMT " steps of the network taken, %" PetscInt_FMT
      " refused (more than %g of the "
      "residual left), %" PetscInt_FMT " left out; %" PetscInt_FMT " of the fallback taken\n",
      found.accepted, found.rejected, static_cast<double>(data->accept), found.left_out,
      found.fallback));
  PetscCall(PetscViewerASCIIPopTab(viewer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_model(SNES snes, const char path[]) {
  NeuralData* data = data_of(snes);
  PetscFunctionBegin;
  if (data->path == path) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(SNESReset_Neural(snes));
  data->path = path;
  snes->setupcalled = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_model_bytes(SNES snes, PetscReal bytes) {
  NeuralData* data = data_of(snes);
  PetscFunctionBegin;
  PetscCheck(bytes >= 1.0 && bytes <= 1e15, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-snes_neural_model_bytes %g: must be between 1 and 1e15", static_cast<double>(bytes));
  if (data->model_bytes == bytes) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(SNESReset_Neural(snes));
  data->model_bytes = bytes;
  snes->setupcalled = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_inputs(SNES snes, const char list[]) {
  NeuralData* data = data_of(snes);
  PetscFunctionBegin;
  if (data->inputs == list) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(SNESReset_Neural(snes));
  data->inputs = list;
  snes->setupcalled = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_accept(SNES snes, PetscReal accept) {
  PetscFunctionBegin;
  PetscCheck(accept > 0.0 && accept <= 1.0, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-snes_neural_accept %g: must be above 0 and at most 1", static_cast<double>(accept));
  data_of(snes)->accept = accept;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_info(SNES snes, SnesNeuralInfo* info) {
  *info = data_of(snes)->info;
  return PETSC_SUCCESS;
}

template <class Function>
PetscErrorCode compose(SNES snes, const char* key, Function* function) {
  return PetscObjectComposeFunction(reinterpret_cast<PetscObject>(snes), key, function);
}

PetscErrorCode SNESDestroy_Neural(SNES snes) {
  PetscFunctionBegin;
  for (const char* key : {"SNESNeuralSetModel_C", "SNESNeuralSetModelBytes_C",
                          "SNESNeuralSetInputs_C", "SNESNeuralSetAccept_C", "SNESNeuralGetInfo_C"})
    PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(snes), key, nullptr));
  delete data_of(snes);
  snes->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_line_search(SNES snes) {
  SNESLineSearch search = nullptr;
  SNESLineSearchType type = nullptr;
  PetscFunctionBegin;
  PetscCall(SNESGetLineSearch(snes, &search));
  PetscCall(SNESLineSearchGetType(search, &type));
  if (!type) PetscCall(SNESLineSearchSetType(search, SNESLINESEARCHL2));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode SNESNeuralSetModel(SNES snes, const char path[]) {
  PetscFunctionBegin;
  PetscTryMethod(snes, "SNESNeuralSetModel_C", (SNES, const char*), (snes, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESNeuralSetModelBytes(SNES snes, PetscReal bytes) {
  PetscFunctionBegin;
  PetscTryMethod(snes, "SNESNeuralSetModelBytes_C", (SNES, PetscReal), (snes, bytes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESNeuralSetInputs(SNES snes, const char list[]) {
  PetscFunctionBegin;
  PetscTryMethod(snes, "SNESNeuralSetInputs_C", (SNES, const char*), (snes, list));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESNeuralSetAccept(SNES snes, PetscReal accept) {
  PetscFunctionBegin;
  PetscTryMethod(snes, "SNESNeuralSetAccept_C", (SNES, PetscReal), (snes, accept));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESNeuralGetInfo(SNES snes, SnesNeuralInfo* info) {
  PetscFunctionBegin;
  PetscUseMethod(snes, "SNESNeuralGetInfo_C", (SNES, SnesNeuralInfo*), (snes, info));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESCreate_Neural(SNES snes) {
  PetscFunctionBegin;
  snes->data = new NeuralData;
  snes->ops->setup = SNESSetUp_Neural;
  snes->ops->solve = SNESSolve_Neural;
  snes->ops->reset = SNESReset_Neural;
  snes->ops->destroy = SNESDestroy_Neural;
  snes->ops->setfromoptions = SNESSetFromOptions_Neural;
  snes->ops->view = SNESView_Neural;
  snes->usesnpc = PETSC_FALSE;
  snes->usesksp = PETSC_FALSE;
  snes->alwayscomputesfinalresidual = PETSC_TRUE;
  PetscCall(set_line_search(snes));
  PetscCall(compose(snes, "SNESNeuralSetModel_C", set_model));
  PetscCall(compose(snes, "SNESNeuralSetModelBytes_C", set_model_bytes));
  PetscCall(compose(snes, "SNESNeuralSetInputs_C", set_inputs));
  PetscCall(compose(snes, "SNESNeuralSetAccept_C", set_accept));
  PetscCall(compose(snes, "SNESNeuralGetInfo_C", get_info));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::nonlinear
