// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/snes_guess_operator.hpp>

#include <linnet/nonlinear/guarded_guess.hpp>
#include <linnet/nonlinear/state_network.hpp>

#include <petsc/private/snesimpl.h>

#include <memory>
#include <string>

namespace linnet::nonlinear {
namespace {

constexpr const char* guess_key = "LinnetGuessOperator";

using InitialGuess = PetscErrorCode (*)(SNES, Vec, void*);

/// Belongs to a container that the SNES carries.
struct GuessData {
  std::string path, inputs;
  PetscReal model_bytes = static_cast<PetscReal>(nn::default_model_bytes);
  bool view = false;
  InitialGuess plain = nullptr; ///< of the program
  void* plain_context = nullptr;
  std::unique_ptr<StateNetwork> network;
  SnesGuessInfo info;
};

PetscErrorCode destroy_data(void* data) {
  delete static_cast<GuessData*>(data);
  return PETSC_SUCCESS;
}

/// Null where there is none.
PetscErrorCode find_data(SNES snes, GuessData** data) {
  PetscObject container = nullptr;
  void* pointer = nullptr;
  PetscFunctionBegin;
  PetscCall(PetscObjectQuery(reinterpret_cast<PetscObject>(snes), guess_key, &container));
  if (container)
    PetscCall(PetscContainerGetPointer(reinterpret_cast<PetscContainer>(container), &pointer));
  *data = static_cast<GuessData*>(pointer);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void make_network(SNES snes, GuessData& data) {
  const NetworkNames names{"initial guess", "-snes_guess_operator_model",
                           "-snes_guess_operator_inputs"};
  data.network = std::make_unique<StateNetwork>(snes, data.path, data.inputs,
                                                static_cast<std::int64_t>(data.model_bytes), names);
}

core::Owned<Vec> copy_of(Vec u) {
  Vec v = nullptr;
  LINNET_CHECK(VecDuplicate(u, &v));
  core::Owned<Vec> owner(v);
  LINNET_CHECK(VecCopy(u, v));
  return owner;
}

/// @p u is the plain start and becomes the guess.
GuardedGuess improve(SNES snes, GuessData& data, Vec u) {
  if (!data.network) make_network(snes, data);
  const core::Owned<Vec> start = copy_of(u), F = copy_of(u);
  LINNET_CHECK(SNESComputeFunction(snes, start.get(), F.get()));
  data.network->apply(snes, start.get(), F.get(), u);
  if (data.network->makes_correction()) LINNET_CHECK(VecAXPY(u, 1.0, start.get()));
  return guard_guess(snes, start.get(), u);
}

PetscErrorCode report(SNES snes, const GuessData& data, const GuardedGuess& guess) {
  PetscFunctionBegin;
  if (!data.view) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscPrintf(PetscObjectComm(reinterpret_cast<PetscObject>(snes)),
                        "guess of %s: residual %.3e, of the plain start %.3e, %s\n",
                        data.path.c_str(), guess.residual, guess.at_start,
                        guess.factor == 1.0  ? "taken"
                        : guess.factor > 0.0 ? "taken in part"
                                             : "not taken"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode compute_guess(SNES snes, Vec u, void* context) {
  GuessData* data = static_cast<GuessData*>(context);
  GuardedGuess guess;
  PetscFunctionBegin;
  if (data->plain) PetscCall(data->plain(snes, u, data->plain_context));
  LINNET_PETSC_GUARD(guess = improve(snes, *data, u));
  SnesGuessInfo& info = data->info;
  ++info.guesses;
  if (guess.factor == 1.0)
    ++info.taken;
  else if (guess.factor > 0.0)
    ++info.on_line;
  info.plain = guess.at_start;
  info.residual = guess.residual;
  PetscCall(report(snes, *data, guess));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode add_data(SNES snes, GuessData** data) {
  PetscContainer container = nullptr;
  PetscFunctionBegin;
  *data = new GuessData;
  (*data)->plain = snes->ops->computeinitialguess;
  (*data)->plain_context = snes->initialguessP;
  PetscCall(PetscContainerCreate(PetscObjectComm(reinterpret_cast<PetscObject>(snes)), &container));
  PetscCall(PetscContainerSetPointer(container, *data));
  PetscCall(PetscContainerSetUserDestroy(container, destroy_data));
  PetscCall(PetscObjectCompose(reinterpret_cast<PetscObject>(snes), guess_key,
                               reinterpret_cast<PetscObject>(container)));
  PetscCall(PetscContainerDestroy(&container));
  PetscCall(SNESSetComputeInitialGuess(snes, compute_guess, *data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode remove_data(SNES snes, GuessData* data) {
  PetscFunctionBegin;
  if (!data) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(SNESSetComputeInitialGuess(snes, data->plain, data->plain_context));
  PetscCall(PetscObjectCompose(reinterpret_cast<PetscObject>(snes), guess_key, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Reads the options of any SNES; does nothing where none of them is given.
PetscErrorCode read_options(SNES snes) {
  GuessData* data = nullptr;
  char path[PETSC_MAX_PATH_LEN] = "", inputs[PETSC_MAX_PATH_LEN] = "";
  PetscReal bytes = static_cast<PetscReal>(nn::default_model_bytes);
  PetscBool set = PETSC_FALSE, view = PETSC_FALSE, given = PETSC_FALSE, sized = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(find_data(snes, &data));
  PetscOptionsBegin(PetscObjectComm(reinterpret_cast<PetscObject>(snes)),
                    reinterpret_cast<PetscObject>(snes)->prefix, "Initial guess of a network",
                    "SNES");
  PetscCall(PetscOptionsString("-snes_guess_operator_model", "File of the network",
                               "SNESGuessOperatorSetModel", data ? data->path.c_str() : "", path,
                               sizeof path, &set));
  PetscCall(PetscOptionsReal("-snes_guess_operator_model_bytes", "Most bytes of parameters",
                             "SNESGuessOperatorSetModelBytes", bytes, &bytes, &sized));
  PetscCall(PetscOptionsString("-snes_guess_operator_inputs", "What its channels are",
                               "SNESGuessOperatorSetInputs", "", inputs, sizeof inputs, &given));
  PetscCall(PetscOptionsBool("-snes_guess_operator_view", "A line about each guess", "", view,
                             &view, nullptr));
  PetscOptionsEnd();
  if (set) PetscCall(SNESGuessOperatorSetModel(snes, path));
  PetscCall(find_data(snes, &data));
  if (!data) PetscFunctionReturn(PETSC_SUCCESS);
  if (sized) PetscCall(SNESGuessOperatorSetModelBytes(snes, bytes));
  if (given) PetscCall(SNESGuessOperatorSetInputs(snes, inputs));
  if (view) data->view = true;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode need_data(SNES snes, GuessData** data) {
  PetscFunctionBegin;
  PetscCall(find_data(snes, data));
  PetscCheck(*data, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "initial guess: no network; name its file with -snes_guess_operator_model FILE.h5");
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode register_guess_options() {
  static bool done = false; // PETSc keeps the list from one PetscInitialize to the next
  PetscFunctionBegin;
  if (!done) PetscCall(SNESAddOptionsChecker(read_options));
  done = true;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESGuessOperatorSetModel(SNES snes, const char path[]) {
  GuessData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(find_data(snes, &data));
  if (path[0] == '\0') {
    PetscCall(remove_data(snes, data));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (!data) PetscCall(add_data(snes, &data));
  if (data->path == path) PetscFunctionReturn(PETSC_SUCCESS);
  data->network.reset();
  data->path = path;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESGuessOperatorSetModelBytes(SNES snes, PetscReal bytes) {
  GuessData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(need_data(snes, &data));
  PetscCheck(bytes >= 1.0 && bytes <= 1e15, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-snes_guess_operator_model_bytes %g: must be between 1 and 1e15",
             static_cast<double>(bytes));
  data->network.reset();
  data->model_bytes = bytes;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESGuessOperatorSetInputs(SNES snes, const char list[]) {
  GuessData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(need_data(snes, &data));
  if (data->inputs == list) PetscFunctionReturn(PETSC_SUCCESS);
  data->network.reset();
  data->inputs = list;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode SNESGuessOperatorGetInfo(SNES snes, PetscBool* exists, SnesGuessInfo* info) {
  GuessData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(find_data(snes, &data));
  *exists = data ? PETSC_TRUE : PETSC_FALSE;
  *info = data ? data->info : SnesGuessInfo{};
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::nonlinear
