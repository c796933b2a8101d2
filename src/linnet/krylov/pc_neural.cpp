// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/pc_neural.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/log.hpp>
#include <linnet/krylov/direction_network.hpp>
#include <linnet/krylov/hints_cycle.hpp>
#include <linnet/krylov/known_norm.hpp>
#include <linnet/krylov/operator_direction.hpp>

#include <petsc/private/kspimpl.h>
#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>

namespace linnet::krylov {
namespace {

struct NeuralData {
  explicit NeuralData(HintsCycle::Correction correction) : hints(std::move(correction)) {}

  std::string path;
  PetscReal model_bytes = static_cast<PetscReal>(nn::default_model_bytes);
  PetscBool odd = PETSC_FALSE, any_ksp = PETSC_FALSE;
  PetscInt sweeps = 0; ///< before and after the network; 0: the network alone
  PetscReal damping = 0.0;
  grid::DeclaredGrid grid;
  OperatorDirectionOptions operator_options;
  std::optional<nn::Model> model; ///< of path
  std::unique_ptr<DirectionMap> network;
  std::optional<PetscReal> next_norm; ///< of the vector of the next application
  PetscInt alone = 0;                 ///< applications without sweeps and guard
  KSP guarded = nullptr;    ///< the method that takes what comes, while it solves; not referenced
  bool guard_ready = false; ///< the smoother is set up for the present matrix
  HintsCycle hints;
};

NeuralData* data_of(PC pc) { return static_cast<NeuralData*>(pc->data); }

const char citations[] =
    "@inproceedings{KanedaEtAl2023,\n"
    "  author = {Ayano Kaneda and Osman Akar and Jingyu Chen and Victoria Kala and David Hyde and "
    "Joseph Teran},\n"
    "  title = {A deep conjugate direction method for iteratively solving linear systems},\n"
    "  booktitle = {Proceedings of the 40th International Conference on Machine Learning},\n"
    "  series = {PMLR},\n  volume = {202},\n  pages = {15720--15736},\n  year = {2023}\n}\n";
PetscBool cited = PETSC_FALSE;

const char hints_citations[] =
    "@article{ZhangEtAl2024,\n"
    "  author = {Enrui Zhang and Adar Kahana and Alena Kopani\\v{c}\\'akov\\'a and Eli Turkel and "
    "Rishikesh Ranade and Jay Pathak and George Em Karniadakis},\n"
    "  title = {Blending neural operators and relaxation methods in {PDE} numerical solvers},\n"
    "  journal = {Nature Machine Intelligence},\n"
    "  volume = {6},\n  pages = {1303--1313},\n  year = {2024}\n}\n";
PetscBool hints_cited = PETSC_FALSE;

PetscErrorCode PCReset_Neural(PC pc) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  data->network.reset();
  data->model.reset();
  data->next_norm.reset();
  data->guarded = nullptr;
  data->guard_ready = false;
  PetscCall(data->hints.reset());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode load(PC pc) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCheck(!data->path.empty(), PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "neural: no network; name its file with -pc_neural_model FILE.h5");
  LINNET_PETSC_GUARD(data->model =
                         nn::load_model(PetscObjectComm(reinterpret_cast<PetscObject>(pc)),
                                        data->path, static_cast<std::int64_t>(data->model_bytes)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode make_network(PC pc) {
  NeuralData* data = data_of(pc);
  DM da = nullptr;
  PetscFunctionBegin;
  data->network.reset();
  if (data->grid.points[0] == 0) PetscCall(grid::find_da(pc, &da));
  if (nn::is_deeponet(data->model->graph))
    LINNET_PETSC_GUARD(data->network = std::make_unique<OperatorDirection>(pc->pmat, da, data->grid,
                                                                           *data->model, data->path,
                                                                           data->operator_options));
  else
    LINNET_PETSC_GUARD(data->network = std::make_unique<DirectionNetwork>(
                           pc->pmat, da, data->grid, *data->model, data->path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_up_hints(PC pc) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCall(data->hints.set_up(pc, pc->useAmat ? pc->mat : pc->pmat, pc->pmat,
                               std::max<PetscInt>(data->sweeps, 1), data->damping));
  data->guard_ready = true;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetUp_Neural(PC pc) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCall(core::ensure_kokkos());
  PetscCall(PetscCitationsRegister(citations, &cited));
  if (!data->model) PetscCall(load(pc));
  if (!data->network || pc->flag == DIFFERENT_NONZERO_PATTERN) PetscCall(make_network(pc));
  LINNET_PETSC_GUARD(data->network->update(pc->pmat));
  data->guard_ready = false;
  if (data->sweeps > 0) {
    PetscCall(PetscCitationsRegister(hints_citations, &hints_cited));
    PetscCall(set_up_hints(pc));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

// Methods that take each direction for what it is. Pipelined ones are not among them: they replace
// the preconditioned residual by a recursion, which only a linear map obeys.
bool allows_any_direction(const char* type) {
  const char* const flexible[] = {"dcdm",   KSPFCG,    KSPFGMRES,     KSPGCR,
                                  KSPFBCGS, KSPFBCGSR, KSPRICHARDSON, KSPPREONLY};
  return std::any_of(std::begin(flexible), std::end(flexible),
                     [&](const char* name) { return std::strcmp(name, type) == 0; });
}

/// Unless the user says otherwise: |z|, by which these two would stop, is the network's opinion.
PetscErrorCode stop_by_true_residual(KSP ksp) {
  PetscBool by_z = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(ksp), &by_z, KSPRICHARDSON,
                                      KSPFCG, ""));
  if (by_z && ksp->normtype_set == KSP_NORM_DEFAULT) ksp->normtype = KSP_NORM_UNPRECONDITIONED;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// dcdm weighs directions itself, and preonly wants to see one.
bool guards_itself(const char* type) {
  return std::strcmp(type, "dcdm") == 0 || std::strcmp(type, KSPPREONLY) == 0;
}

/// Everything else takes what it is given, so that without sweeps the guard is here.
PetscErrorCode begin_guard(PC pc, KSP ksp, const char* type) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  data->guarded = nullptr;
  if (data->sweeps > 0 || !type || guards_itself(type)) PetscFunctionReturn(PETSC_SUCCESS);
  if (!data->guard_ready) PetscCall(set_up_hints(pc));
  data->hints.begin_solve(std::strcmp(type, KSPRICHARDSON) == 0);
  data->guarded = ksp;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCPostSolve_Neural(PC pc, KSP ksp, Vec, Vec) {
  PetscFunctionBegin;
  data_of(pc)->guarded = nullptr;
  PetscCall(data_of(pc)->hints.relaxation().end_solve(ksp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCPreSolve_Neural(PC pc, KSP ksp, Vec, Vec) {
  KSPType type = nullptr;
  PetscFunctionBegin;
  PetscCall(KSPGetType(ksp, &type));
  PetscCheck(data_of(pc)->any_ksp || !type || allows_any_direction(type), PETSC_COMM_SELF,
             PETSC_ERR_USER_INPUT,
             "neural: a network is no linear symmetric preconditioner, as -ksp_type %s needs; "
             "use -ksp_type dcdm (or fcg, fgmres, gcr), or -pc_neural_any_ksp to see what comes",
             type);
  PetscCall(stop_by_true_residual(ksp));
  PetscCall(begin_guard(pc, ksp, type));
  PetscCall(data_of(pc)->hints.relaxation().begin_solve(ksp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode apply_network(PC pc, Vec r, PetscReal norm, Vec d) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(data->network->apply(r, norm, data->odd == PETSC_TRUE, d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode apply_alone(PC pc, Vec r, Vec d) {
  NeuralData* data = data_of(pc);
  PetscReal norm = 0.0;
  PetscFunctionBegin;
  if (data->next_norm)
    norm = *data->next_norm;
  else
    PetscCall(VecNorm(r, NORM_2, &norm));
  ++data->alone;
  PetscCall(apply_network(pc, r, norm, d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// 0 where the method computes none.
PetscReal residual_of(KSP ksp) {
  return ksp->normtype == KSP_NORM_UNPRECONDITIONED && std::isfinite(ksp->rnorm) ? ksp->rnorm : 0.0;
}

PetscErrorCode PCApply_Neural(PC pc, Vec r, Vec d) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().neural_apply, pc, r, d, 0));
  if (data->sweeps > 0)
    PetscCall(data->hints.apply(r, d));
  else if (data->guarded)
    PetscCall(data->hints.apply_alone(r, residual_of(data->guarded), d));
  else
    PetscCall(apply_alone(pc, r, d));
  data->next_norm.reset();
  PetscCall(PetscLogEventEnd(core::events().neural_apply, pc, r, d, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The network depends on it.
template <class Value>
void take(PC pc, Value& value, const Value& wanted) {
  if (value == wanted) return;
  value = wanted;
  data_of(pc)->network.reset();
  pc->setupcalled = PETSC_FALSE;
}

PetscErrorCode read_hints_options(PC pc, core::OptionItems PetscOptionsObject) {
  PetscInt sweeps = data_of(pc)->sweeps;
  PetscReal damping = data_of(pc)->damping;
  PetscBool any = data_of(pc)->any_ksp;
  PetscFunctionBegin;
  PetscCall(PetscOptionsInt("-pc_neural_sweeps",
                            "Sweeps of the smoother before and after the network; 0: none",
                            "PCNeuralSetSweeps", sweeps, &sweeps, nullptr));
  PetscCall(PCNeuralSetSweeps(pc, sweeps));
  PetscCall(PetscOptionsReal("-pc_neural_smoother_damping", "Damping of a sweep; 0: found",
                             "PCNeuralSetSmootherDamping", damping, &damping, nullptr));
  PetscCall(PCNeuralSetSmootherDamping(pc, damping));
  PetscCall(PetscOptionsBool("-pc_neural_any_ksp", "Refuse no Krylov method", "PCNeuralSetAnyKSP",
                             any, &any, nullptr));
  PetscCall(PCNeuralSetAnyKSP(pc, any));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode read_operator_options(PC pc, core::OptionItems PetscOptionsObject) {
  grid::GridPoints points = data_of(pc)->operator_options.points;
  PetscInt sensors[3] = {0, 0, 0}, count = 3;
  PetscBool set = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PetscOptionsEnum(
      "-pc_neural_points", "Where points of the grid lie on their box, for a DeepONet",
      "PCNeuralSetPoints", grid::grid_points_names, static_cast<PetscEnum>(points),
      reinterpret_cast<PetscEnum*>(&points), nullptr));
  PetscCall(PCNeuralSetPoints(pc, points));
  PetscCall(PetscOptionsIntArray("-pc_neural_sensors",
                                 "Nodes nx,ny[,nz] that a DeepONet was trained on",
                                 "PCNeuralSetSensors", sensors, &count, &set));
  if (set) PetscCall(PCNeuralSetSensors(pc, count, sensors));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetFromOptions_Neural(PC pc, core::OptionItems PetscOptionsObject) {
  const NeuralData* data = data_of(pc);
  char path[PETSC_MAX_PATH_LEN] = "";
  PetscReal bytes = data->model_bytes;
  PetscBool odd = data->odd, set = PETSC_FALSE;
  grid::DeclaredGrid grid = data->grid;
  PetscFunctionBegin;
  PetscOptionsHeadBegin(PetscOptionsObject, "Neural options");
  PetscCall(PetscOptionsString("-pc_neural_model", "File of the network", "PCNeuralSetModel",
                               data->path.c_str(), path, sizeof path, &set));
  if (set) PetscCall(PCNeuralSetModel(pc, path));
  PetscCall(PetscOptionsReal("-pc_neural_model_bytes", "Most bytes of parameters",
                             "PCNeuralSetModelBytes", bytes, &bytes, nullptr));
  PetscCall(PCNeuralSetModelBytes(pc, bytes));
  PetscCall(PetscOptionsBool("-pc_neural_odd", "Make the network odd, (f(r) - f(-r)) / 2",
                             "PCNeuralSetOdd", odd, &odd, nullptr));
  PetscCall(PCNeuralSetOdd(pc, odd));
  PetscCall(grid::get_declared_grid(PetscOptionsObject, PCNEURAL, "PCNeuralSetGrid", &grid));
  take(pc, data_of(pc)->grid, grid);
  PetscCall(read_operator_options(pc, PetscOptionsObject));
  PetscCall(read_hints_options(pc, PetscOptionsObject));
  PetscOptionsHeadEnd();
  PetscCall(data_of(pc)->hints.relaxation().set_from_options(pc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_smoother(PC pc, PC* smoother) {
  return data_of(pc)->hints.relaxation().get(pc, smoother);
}

PetscErrorCode view_hints(PC pc, PetscViewer viewer) {
  const NeuralData* data = data_of(pc);
  const HintsStatistics& found = data->hints.statistics();
  PC smoother = nullptr;
  PetscFunctionBegin;
  if (data->sweeps > 0)
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "applied %" PetscInt_FMT " times, %" PetscInt_FMT " sweep(s) before and after\n",
        found.applications, data->sweeps));
  else
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "applied %" PetscInt_FMT " times, the smoother where the network is no good\n",
        data->alone + found.applications));
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "steps of the network: %" PetscInt_FMT " accepted, %" PetscInt_FMT " rejected\n",
      found.accepted, found.rejected));
  if (found.left_at > 0)
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "network left out since application %" PetscInt_FMT "\n", found.left_at));
  if (data->hints.damping() > 0.0)
    PetscCall(PetscViewerASCIIPrintf(viewer, "sweeps damped by %.3g\n", data->hints.damping()));
  PetscCall(get_smoother(pc, &smoother));
  PetscCall(PCView(smoother, viewer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCView_Neural(PC pc, PetscViewer viewer) {
  const NeuralData* data = data_of(pc);
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerASCIIPushTab(viewer));
  PetscCall(PetscViewerASCIIPrintf(viewer, "network %s%s\n",
                                   data->path.empty() ? "not named" : data->path.c_str(),
                                   data->odd ? ", made odd" : ""));
  if (data->network) LINNET_PETSC_GUARD(data->network->view(viewer));
  if (data->sweeps > 0 || data->hints.statistics().applications > 0)
    PetscCall(view_hints(pc, viewer));
  else
    PetscCall(PetscViewerASCIIPrintf(viewer, "applied %" PetscInt_FMT " times\n", data->alone));
  PetscCall(PetscViewerASCIIPopTab(viewer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_model(PC pc, const char path[]) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  if (data->path == path) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCReset_Neural(pc));
  data->path = path;
  pc->setupcalled = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_model_bytes(PC pc, PetscReal bytes) {
  NeuralData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCheck(bytes >= 1.0 && bytes <= 1e15, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_neural_model_bytes %g: must be between 1 and 1e15", static_cast<double>(bytes));
  if (data->model_bytes == bytes) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PCReset_Neural(pc));
  data->model_bytes = bytes;
  pc->setupcalled = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_odd(PC pc, PetscBool odd) {
  data_of(pc)->odd = odd;
  return PETSC_SUCCESS;
}

PetscErrorCode set_grid(PC pc, PetscInt dimension, const PetscInt points[],
                        const PetscBool periodic[]) {
  grid::DeclaredGrid grid;
  PetscFunctionBegin;
  PetscCall(grid::declare_grid(PCNEURAL, dimension, points, periodic, &grid));
  take(pc, data_of(pc)->grid, grid);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_points(PC pc, grid::GridPoints points) {
  take(pc, data_of(pc)->operator_options.points, points);
  return PETSC_SUCCESS;
}

PetscErrorCode set_sensors(PC pc, PetscInt dimension, const PetscInt sensors[]) {
  core::Index3 nodes{1, 1, 1};
  PetscFunctionBegin;
  PetscCheck(dimension == 2 || dimension == 3, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_neural_sensors: needs two or three counts, got %" PetscInt_FMT, dimension);
  for (PetscInt d = 0; d < dimension; ++d) {
    PetscCheck(sensors[d] >= 2 && sensors[d] <= 10000, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
               "-pc_neural_sensors: counts must be from 2 to 10000, got %" PetscInt_FMT,
               sensors[d]);
    nodes[static_cast<std::size_t>(d)] = static_cast<int>(sensors[d]);
  }
  take(pc, data_of(pc)->operator_options.sensors, nodes);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode take_next_norm(PC pc, PetscReal norm) {
  data_of(pc)->next_norm = norm;
  return PETSC_SUCCESS;
}

PetscErrorCode set_sweeps(PC pc, PetscInt sweeps) {
  PetscFunctionBegin;
  PetscCheck(sweeps >= 0 && sweeps <= 1000, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_neural_sweeps %" PetscInt_FMT ": must be from 0 to 1000", sweeps);
  if (data_of(pc)->sweeps != sweeps) pc->setupcalled = PETSC_FALSE;
  data_of(pc)->sweeps = sweeps;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_damping(PC pc, PetscReal damping) {
  PetscFunctionBegin;
  PetscCheck(damping >= 0.0 && damping <= 100.0, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_neural_smoother_damping %g: must be from 0 to 100", static_cast<double>(damping));
  if (data_of(pc)->damping != damping) pc->setupcalled = PETSC_FALSE;
  data_of(pc)->damping = damping;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_any_ksp(PC pc, PetscBool any) {
  data_of(pc)->any_ksp = any;
  return PETSC_SUCCESS;
}

PetscErrorCode get_info(PC pc, NeuralInfo* info) {
  const NeuralData* data = data_of(pc);
  const HintsStatistics& found = data->hints.statistics();
  *info = {data->alone + found.applications, found.accepted, found.rejected, found.left_at,
           data->hints.damping()};
  return PETSC_SUCCESS;
}

/// Compose or, with @p add false, remove all of them.
PetscErrorCode compose(PC pc, bool add) {
  const auto object = reinterpret_cast<PetscObject>(pc);
  PetscFunctionBegin;
#define LINNET_NEURAL_METHOD(name, function)                                                       \
  PetscCall(add ? PetscObjectComposeFunction(object, name, function)                               \
                : PetscObjectComposeFunction(object, name, nullptr))
  LINNET_NEURAL_METHOD("PCNeuralSetModel_C", set_model);
  LINNET_NEURAL_METHOD("PCNeuralSetModelBytes_C", set_model_bytes);
  LINNET_NEURAL_METHOD("PCNeuralSetOdd_C", set_odd);
  LINNET_NEURAL_METHOD("PCNeuralSetGrid_C", set_grid);
  LINNET_NEURAL_METHOD("PCNeuralSetPoints_C", set_points);
  LINNET_NEURAL_METHOD("PCNeuralSetSensors_C", set_sensors);
  LINNET_NEURAL_METHOD("PCNeuralSetSweeps_C", set_sweeps);
  LINNET_NEURAL_METHOD("PCNeuralSetSmootherDamping_C", set_damping);
  LINNET_NEURAL_METHOD("PCNeuralSetAnyKSP_C", set_any_ksp);
  LINNET_NEURAL_METHOD("PCNeuralGetSmoother_C", get_smoother);
  LINNET_NEURAL_METHOD("PCNeuralGetInfo_C", get_info);
  LINNET_NEURAL_METHOD(set_next_norm, take_next_norm);
#undef LINNET_NEURAL_METHOD
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCDestroy_Neural(PC pc) {
  PetscFunctionBegin;
  PetscCall(compose(pc, false));
  delete data_of(pc);
  pc->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode PCCreate_Neural(PC pc) {
  PetscFunctionBegin;
  pc->data =
      new NeuralData([pc](Vec r, PetscReal norm, Vec d) { return apply_network(pc, r, norm, d); });
  pc->ops->setup = PCSetUp_Neural;
  pc->ops->presolve = PCPreSolve_Neural;
  pc->ops->postsolve = PCPostSolve_Neural;
  pc->ops->apply = PCApply_Neural;
  pc->ops->setfromoptions = PCSetFromOptions_Neural;
  pc->ops->view = PCView_Neural;
  pc->ops->reset = PCReset_Neural;
  pc->ops->destroy = PCDestroy_Neural;
  PetscCall(compose(pc, true));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
