// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/guess_operator.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/grid/declared_grid.hpp>
#include <linnet/krylov/operator_direction.hpp>
#include <linnet/nn/fields/grid_operator.hpp>

#include <petsc/private/kspimpl.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>

namespace linnet::krylov {
namespace {

/// What a prediction was made from.
struct ObjectState {
  PetscObjectId id = 0;
  PetscObjectState state = 0;
  bool operator==(const ObjectState&) const = default;
};

struct OperatorData {
  std::string path;
  OperatorDirectionOptions options{.owner = "operator", .stem = "-ksp_guess_operator_"};
  std::optional<nn::Model> model;                ///< of path
  std::unique_ptr<nn::GridOperator> of_fields;   ///< from the coefficient, or
  std::unique_ptr<OperatorDirection> of_sensors; ///< a DeepONet, from b or coefficient and b
  PetscObjectId grid = 0;                        ///< the DMDA that they were made for
  PetscInt rows = 0;                             ///< and the rows of this rank
  core::Owned<Vec> prediction;
  ObjectState coefficient, matrix; ///< of the prediction, of what the DeepONet knows
  PetscInt guesses = 0, rejected = 0;
};

OperatorData* data_of(KSPGuess guess) { return static_cast<OperatorData*>(guess->data); }

void drop_network(OperatorData* data) {
  data->of_fields.reset();
  data->of_sensors.reset();
  data->prediction.reset();
  data->coefficient = data->matrix = {};
}

/// PETSc calls this when the matrix has changed; the network goes by the grid, and looks itself.
PetscErrorCode KSPGuessReset_Operator(KSPGuess) { return PETSC_SUCCESS; }

PetscErrorCode state_of(PetscObject object, ObjectState* state) {
  PetscFunctionBegin;
  PetscCall(PetscObjectGetId(object, &state->id));
  PetscCall(PetscObjectStateGet(object, &state->state));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode make_network(KSPGuess guess, Mat A, DM da) {
  OperatorData* data = data_of(guess);
  PetscFunctionBegin;
  PetscCall(core::ensure_kokkos());
  if (!data->model)
    LINNET_PETSC_GUARD(data->model = nn::load_model(
                           PetscObjectComm(reinterpret_cast<PetscObject>(guess)), data->path));
  if (nn::is_deeponet(data->model->graph))
    LINNET_PETSC_GUARD(data->of_sensors = std::make_unique<OperatorDirection>(
                           A, da, grid::DeclaredGrid{}, *data->model, data->path, data->options));
  else
    LINNET_PETSC_GUARD(data->of_fields = std::make_unique<nn::GridOperator>(
                           A, da, *data->model, 1, "operator", data->path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The network for the grid of @p A, and a vector for what it says.
PetscErrorCode prepare(KSPGuess guess, Mat A, Vec like) {
  OperatorData* data = data_of(guess);
  PC pc = nullptr;
  DM da = nullptr;
  PetscObjectId id = 0;
  PetscInt rows = 0;
  PetscFunctionBegin;
  PetscCheck(!data->path.empty(), PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "operator: no network; name its file with -ksp_guess_operator_model FILE.h5");
  PetscCall(KSPGetPC(guess->ksp, &pc));
  PetscCall(grid::find_da(pc, &da));
  PetscCheck(da, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "operator: neither the PC nor its matrix has a DMDA, which tells the grid of the "
             "coefficient; give one by PCSetDM or DMCreateMatrix");
  PetscCall(PetscObjectGetId(reinterpret_cast<PetscObject>(da), &id));
  PetscCall(VecGetLocalSize(like, &rows));
  bool fits = data->prediction && id == data->grid && rows == data->rows;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &fits, 1, MPI_CXX_BOOL, MPI_LAND,
                             PetscObjectComm(reinterpret_cast<PetscObject>(guess))));
  if (fits) PetscFunctionReturn(PETSC_SUCCESS);
  drop_network(data);
  PetscCall(make_network(guess, A, da));
  Vec v = nullptr;
  PetscCall(VecDuplicate(like, &v));
  data->prediction.reset(v);
  data->grid = id;
  data->rows = rows;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// For the coefficient that @p A carries now.
PetscErrorCode predict_from_fields(KSPGuess guess, PetscObject object) {
  OperatorData* data = data_of(guess);
  ObjectState now;
  PetscFunctionBegin;
  PetscCheck(object, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "operator: the matrix carries no coefficient; compose a Vec of its layout on it under "
             "the name '%s'",
             coefficient_key);
  PetscCall(state_of(object, &now));
  if (now == data->coefficient) PetscFunctionReturn(PETSC_SUCCESS);
  const Vec coefficient = reinterpret_cast<Vec>(object);
  LINNET_PETSC_GUARD(data->of_fields->apply({&coefficient, 1}, data->prediction.get()));
  data->coefficient = now;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// For @p b, whatever its size.
PetscErrorCode predict_from_sensors(KSPGuess guess, Mat A, PetscObject object, Vec b) {
  OperatorData* data = data_of(guess);
  ObjectState matrix, coefficient;
  PetscReal norm = 0.0;
  PetscFunctionBegin;
  PetscCall(state_of(reinterpret_cast<PetscObject>(A), &matrix));
  if (object) PetscCall(state_of(object, &coefficient));
  if (matrix != data->matrix || coefficient != data->coefficient)
    LINNET_PETSC_GUARD(data->of_sensors->update(A));
  data->matrix = matrix;
  data->coefficient = coefficient;
  PetscCall(VecNorm(b, NORM_2, &norm));
  LINNET_PETSC_GUARD(data->of_sensors->apply(b, norm, false, data->prediction.get()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode predict(KSPGuess guess, Mat A, Vec b) {
  const OperatorData* data = data_of(guess);
  PetscObject coefficient = nullptr;
  PetscFunctionBegin;
  PetscCall(prepare(guess, A, b));
  PetscCall(PetscObjectQuery(reinterpret_cast<PetscObject>(A), coefficient_key, &coefficient));
  if (data->of_sensors)
    PetscCall(predict_from_sensors(guess, A, coefficient, b));
  else
    PetscCall(predict_from_fields(guess, coefficient));
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
  PetscCall(predict(guess, A, b));
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
  grid::GridPoints points = data_of(guess)->options.points;
  PetscInt sensors[3] = {0, 0, 0}, count = 3;
  PetscBool set = PETSC_FALSE, set_sensors = PETSC_FALSE;
  PetscFunctionBegin;
  PetscOptionsBegin(PetscObjectComm(reinterpret_cast<PetscObject>(guess)),
                    reinterpret_cast<PetscObject>(guess)->prefix, "Operator guess options",
                    "KSPGuess");
  PetscCall(PetscOptionsString("-ksp_guess_operator_model", "File of the network",
                               "KSPGuessOperatorSetModel", data_of(guess)->path.c_str(), path,
                               sizeof path, &set));
  PetscCall(PetscOptionsEnum(
      "-ksp_guess_operator_points", "Where points of the grid lie on their box, for a DeepONet",
      "KSPGuessOperatorSetGrid", grid::grid_points_names, static_cast<PetscEnum>(points),
      reinterpret_cast<PetscEnum*>(&points), nullptr));
  PetscCall(PetscOptionsIntArray("-ksp_guess_operator_sensors",
                                 "Nodes nx,ny[,nz] that a DeepONet was trained on",
                                 "KSPGuessOperatorSetGrid", sensors, &count, &set_sensors));
  PetscOptionsEnd();
  if (set) PetscCall(KSPGuessOperatorSetModel(guess, path));
  PetscCall(KSPGuessOperatorSetGrid(guess, points, set_sensors ? count : 0, sensors));
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
  drop_network(data);
  data->model.reset();
  data->path = path;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_grid(KSPGuess guess, grid::GridPoints points, PetscInt count,
                        const PetscInt nodes[]) {
  OperatorData* data = data_of(guess);
  core::Index3 sensors = count == 0 ? data->options.sensors : core::Index3{1, 1, 1};
  PetscFunctionBegin;
  PetscCheck(count == 0 || count == 2 || count == 3, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-ksp_guess_operator_sensors: takes 2 or 3 counts, got %" PetscInt_FMT, count);
  for (PetscInt d = 0; d < count; ++d) {
    PetscCheck(nodes[d] >= 2 && nodes[d] <= 10000, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
               "-ksp_guess_operator_sensors: counts must be from 2 to 10000, got %" PetscInt_FMT,
               nodes[d]);
    sensors[static_cast<std::size_t>(d)] = static_cast<int>(nodes[d]);
  }
  if (points != data->options.points || sensors != data->options.sensors) drop_network(data);
  data->options.points = points;
  data->options.sensors = sensors;
  PetscFunctionReturn(PETSC_SUCCESS);
}

constexpr const char* set_model_key = "KSPGuessOperatorSetModel_C";
constexpr const char* set_grid_key = "KSPGuessOperatorSetGrid_C";

PetscErrorCode KSPGuessDestroy_Operator(KSPGuess guess) {
  PetscFunctionBegin;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), set_model_key, nullptr));
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), set_grid_key, nullptr));
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

PetscErrorCode KSPGuessOperatorSetGrid(KSPGuess guess, grid::GridPoints points, PetscInt count,
                                       const PetscInt nodes[]) {
  PetscFunctionBegin;
  PetscTryMethod(guess, set_grid_key, (KSPGuess, grid::GridPoints, PetscInt, const PetscInt*),
                 (guess, points, count, nodes));
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
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), set_grid_key, set_grid));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
