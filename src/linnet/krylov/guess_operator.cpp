// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/guess_operator.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/grid/declared_grid.hpp>
#include <linnet/nn/fields/grid_operator.hpp>

#include <petsc/private/kspimpl.h>

#include <cmath>
#include <optional>
#include <string>

namespace linnet::krylov {
namespace {

struct OperatorData {
  std::string path;
  std::optional<nn::Model> model; ///< of path
  std::unique_ptr<nn::GridOperator> network;
  core::Owned<Vec> prediction; ///< for the coefficient of that state
  PetscObjectId coefficient_id = 0;
  PetscObjectState coefficient_state = 0;
  PetscInt guesses = 0, rejected = 0;
};

OperatorData* data_of(KSPGuess guess) { return static_cast<OperatorData*>(guess->data); }

PetscErrorCode KSPGuessReset_Operator(KSPGuess guess) {
  OperatorData* data = data_of(guess);
  PetscFunctionBegin;
  data->network.reset();
  data->prediction.reset();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode make_network(KSPGuess guess, Mat A) {
  OperatorData* data = data_of(guess);
  PC pc = nullptr;
  DM da = nullptr;
  PetscFunctionBegin;
  PetscCheck(!data->path.empty(), PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "operator: no network; name its file with -ksp_guess_operator_model FILE.h5");
  PetscCall(core::ensure_kokkos());
  PetscCall(KSPGetPC(guess->ksp, &pc));
  PetscCall(grid::find_da(pc, &da));
  PetscCheck(da, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "operator: neither the PC nor its matrix has a DMDA, which tells the grid of the "
             "coefficient; give one by PCSetDM or DMCreateMatrix");
  if (!data->model)
    LINNET_PETSC_GUARD(data->model = nn::load_model(
                           PetscObjectComm(reinterpret_cast<PetscObject>(guess)), data->path));
  LINNET_PETSC_GUARD(data->network = std::make_unique<nn::GridOperator>(A, da, *data->model, 1,
                                                                        "operator", data->path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The prediction for the coefficient that @p A carries now.
PetscErrorCode predict(KSPGuess guess, Mat A, Vec like) {
  OperatorData* data = data_of(guess);
  PetscObject object = nullptr;
  PetscObjectId id = 0;
  PetscObjectState state = 0;
  PetscFunctionBegin;
  PetscCall(PetscObjectQuery(reinterpret_cast<PetscObject>(A), coefficient_key, &object));
  PetscCheck(object, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "operator: the matrix carries no coefficient; compose a Vec of its layout on it under "
             "the name '%s'",
             coefficient_key);
  PetscCall(PetscObjectGetId(object, &id));
  PetscCall(PetscObjectStateGet(object, &state));
  if (data->prediction && id == data->coefficient_id && state == data->coefficient_state)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!data->network) PetscCall(make_network(guess, A));
  if (!data->prediction) {
    Vec v = nullptr;
    PetscCall(VecDuplicate(like, &v));
    data->prediction.reset(v);
  }
  const Vec coefficient = reinterpret_cast<Vec>(object);
  LINNET_PETSC_GUARD(data->network->apply({&coefficient, 1}, data->prediction.get()));
  data->coefficient_id = id;
  data->coefficient_state = state;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The factor that suits @p b best; 0 where there is none.
PetscErrorCode best_factor(Mat A, Vec b, Vec u, PetscScalar* factor) {
  Vec image = nullptr;
  PetscBool known = PETSC_FALSE, definite = PETSC_FALSE;
  PetscScalar with_b = 0.0, size = 0.0;
  PetscFunctionBegin;
  *factor = 0.0;
  PetscCall(VecDuplicate(u, &image));
  const core::Owned<Vec> owner(image);
  PetscCall(MatMult(A, u, image));
  PetscCall(MatIsSPDKnown(A, &known, &definite));
  const Vec test = known && definite ? u : image;
  PetscCall(VecDot(b, test, &with_b));
  PetscCall(VecDot(image, test, &size));
  if (std::isfinite(with_b) && std::isfinite(size) && size > 0.0) *factor = with_b / size;
  if (!std::isfinite(*factor)) *factor = 0.0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessFormGuess_Operator(KSPGuess guess, Vec b, Vec x) {
  OperatorData* data = data_of(guess);
  Mat A = nullptr;
  PetscScalar factor = 0.0;
  PetscFunctionBegin;
  PetscCall(KSPGetOperators(guess->ksp, &A, nullptr));
  PetscCall(predict(guess, A, x));
  PetscCall(best_factor(A, b, data->prediction.get(), &factor));
  ++data->guesses;
  if (factor == 0.0) {
    ++data->rejected;
    PetscCall(VecSet(x, 0.0)); // the prediction may be NaN
  } else {
    PetscCall(VecAXPBY(x, factor, 0.0, data->prediction.get()));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Learns nothing from solutions.
PetscErrorCode KSPGuessUpdate_Operator(KSPGuess, Vec, Vec) { return PETSC_SUCCESS; }

PetscErrorCode KSPGuessSetFromOptions_Operator(KSPGuess guess) {
  char path[PETSC_MAX_PATH_LEN] = "";
  PetscBool set = PETSC_FALSE;
  PetscFunctionBegin;
  PetscOptionsBegin(PetscObjectComm(reinterpret_cast<PetscObject>(guess)),
                    reinterpret_cast<PetscObject>(guess)->prefix, "Operator guess options",
                    "KSPGuess");
  PetscCall(PetscOptionsString("-ksp_guess_operator_model", "File of the network",
                               "KSPGuessOperatorSetModel", data_of(guess)->path.c_str(), path,
                               sizeof path, &set));
  PetscOptionsEnd();
  if (set) PetscCall(KSPGuessOperatorSetModel(guess, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessView_Operator(KSPGuess guess, PetscViewer viewer) {
  const OperatorData* data = data_of(guess);
  PetscBool ascii = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "network %s: %" PetscInt_FMT " guesses, %" PetscInt_FMT " of them zero\n",
      data->path.empty() ? "not named" : data->path.c_str(), data->guesses, data->rejected));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_model(KSPGuess guess, const char path[]) {
  OperatorData* data = data_of(guess);
  PetscFunctionBegin;
  if (data->path == path) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(KSPGuessReset_Operator(guess));
  data->model.reset();
  data->path = path;
  PetscFunctionReturn(PETSC_SUCCESS);
}

constexpr const char* set_model_key = "KSPGuessOperatorSetModel_C";

PetscErrorCode KSPGuessDestroy_Operator(KSPGuess guess) {
  PetscFunctionBegin;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), set_model_key, nullptr));
  delete data_of(guess);
  guess->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode KSPGuessOperatorSetModel(KSPGuess guess, const char path[]) {
  PetscFunctionBegin;
  PetscTryMethod(guess, set_model_key, (KSPGuess, const char*), (guess, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessCreate_Operator(KSPGuess guess) {
  PetscFunctionBegin;
  guess->data = new OperatorData;
  guess->ops->formguess = KSPGuessFormGuess_Operator;
  guess->ops->update = KSPGuessUpdate_Operator;
  guess->ops->setfromoptions = KSPGuessSetFromOptions_Operator;
  guess->ops->view = KSPGuessView_Operator;
  guess->ops->reset = KSPGuessReset_Operator;
  guess->ops->destroy = KSPGuessDestroy_Operator;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), set_model_key, set_model));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
