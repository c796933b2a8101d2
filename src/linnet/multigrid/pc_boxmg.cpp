// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/pc_boxmg.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/log.hpp>
#include <linnet/multigrid/pc_boxmg_data.hpp>

#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

namespace linnet::multigrid {

BoxmgData* boxmg_data(PC pc) { return static_cast<BoxmgData*>(pc->data); }

namespace {

const char* const smoother_names[] = {"factored", "jacobi", "Smoother", "", nullptr};
const char* const reuse_names[] = {"never", "auto", "Reuse", "", nullptr};
const char* const coarse_names[] = {"auto", "galerkin", "Coarse", "", nullptr};
const char* const precision_names[] = {"fp64", "fp32", "Precision", "", nullptr};

BoxmgData* data_of(PC pc) { return boxmg_data(pc); }

// A changed option asks for new grids.
template <class Value>
void change(PC pc, Value& field, const Value& value) {
  if (field == value) return;
  field = value;
  data_of(pc)->preconditioner.reset();
  pc->setupcalled = PETSC_FALSE;
}

const char citations[] =
    "@article{Dendy1982,\n  author = {J. E. Dendy},\n  title = {Black box multigrid},\n"
    "  journal = {Journal of Computational Physics},\n  volume = {48},\n  pages = {366--386},\n"
    "  year = {1982}\n}\n"
    "@article{KolotilinaYeremin1993,\n  author = {L. Yu. Kolotilina and A. Yu. Yeremin},\n"
    "  title = {Factorized sparse approximate inverse preconditionings {I}. Theory},\n"
    "  journal = {SIAM Journal on Matrix Analysis and Applications},\n  volume = {14},\n"
    "  pages = {45--58},\n  year = {1993}\n}\n";
PetscBool cited = PETSC_FALSE;

PetscErrorCode PCReset_BoxMG(PC pc) {
  PetscFunctionBegin;
  data_of(pc)->preconditioner.reset();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCUpdate_BoxMG(PC pc) {
  BoxmgData* boxmg = data_of(pc);
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().boxmg_update, pc, pc->pmat, 0, 0));
  LINNET_PETSC_GUARD(boxmg->preconditioner->update(pc->pmat));
  PetscCall(PetscLogEventEnd(core::events().boxmg_update, pc, pc->pmat, 0, 0));
  if (!boxmg->preconditioner->fallback_reason().empty())
    PetscCall(
        PetscInfo(pc, "cycle in fp64: %s\n", boxmg->preconditioner->fallback_reason().c_str()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetUp_BoxMG(PC pc) {
  BoxmgData* boxmg = data_of(pc);
  PetscFunctionBegin;
  PetscCall(core::ensure_kokkos());
  PetscCall(PetscCitationsRegister(citations, &cited));
  if (!boxmg->preconditioner || pc->flag == DIFFERENT_NONZERO_PATTERN) {
    PetscCall(PetscLogEventBegin(core::events().boxmg_build, pc, pc->pmat, 0, 0));
    boxmg->preconditioner.reset();
    DM da = nullptr;
    if (boxmg->grid.points[0] == 0) PetscCall(grid::find_da(pc, &da));
    LINNET_PETSC_GUARD(
        boxmg->preconditioner = std::make_unique<BoxmgPreconditioner>(
            pc->pmat, da, boxmg->grid, boxmg->options, boxmg->weights, boxmg->learned));
    PetscCall(PetscLogEventEnd(core::events().boxmg_build, pc, pc->pmat, 0, 0));
  }
  PetscCall(PCUpdate_BoxMG(pc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

// Rounding makes an fp32 cycle slightly nonlinear. Methods that form the residual of the fp64
// matrix in every step, or that allow the preconditioner to vary, do not mind. Others (GMRES,
// BiCGStab, ...) rebuild the residual from preconditioned vectors and would report a convergence
// that the true residual does not have. Behind PREONLY there may be any of them.
bool minds_fp32(const char* type) {
  const char* const indifferent[] = {KSPCG,  "cgfused",  "dcdm",     KSPFCG,        KSPFGMRES,
                                     KSPGCR, KSPPIPEFCG, KSPPIPEGCR, KSPPIPEFGMRES, KSPRICHARDSON};
  return std::none_of(std::begin(indifferent), std::end(indifferent),
                      [&](const char* name) { return std::strcmp(name, type) == 0; });
}

PetscErrorCode PCPreSolve_BoxMG(PC pc, KSP ksp, Vec, Vec) {
  BoxmgData* boxmg = data_of(pc);
  KSPType type;
  PetscFunctionBegin;
  // A KSP that has been set up does not see that a setter asked for new grids.
  if (!boxmg->preconditioner) PetscCall(PCSetUp(pc));
  PetscCall(KSPGetType(ksp, &type));
  if (boxmg->preconditioner->precision() == Precision::fp64 || !type || !minds_fp32(type))
    PetscFunctionReturn(PETSC_SUCCESS);
  boxmg->preconditioner->require_fp64("the Krylov method " + std::string(type) +
                                      " needs an exactly linear preconditioner (cg, fcg, fgmres "
                                      "and gcr do not)");
  PetscCall(PCUpdate_BoxMG(pc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCPostSolve_BoxMG(PC pc, KSP ksp, Vec, Vec) {
  PetscInt iterations;
  KSPConvergedReason reason;
  PetscFunctionBegin;
  PetscCall(KSPGetIterationNumber(ksp, &iterations));
  PetscCall(KSPGetConvergedReason(ksp, &reason));
  data_of(pc)->preconditioner->solved(static_cast<int>(iterations), reason >= 0);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCApply_BoxMG(PC pc, Vec x, Vec y) {
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().boxmg_apply, pc, x, y, 0));
  LINNET_PETSC_GUARD(data_of(pc)->preconditioner->apply(x, y));
  PetscCall(PetscLogEventEnd(core::events().boxmg_apply, pc, x, y, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

// The setter checks the value.
PetscErrorCode get_count(core::OptionItems PetscOptionsObject, PC pc, const char* name,
                         const char* help, const char* setter_name,
                         PetscErrorCode (*setter)(PC, PetscInt), int value) {
  PetscInt v = value;
  PetscFunctionBegin;
  PetscCall(PetscOptionsInt(name, help, setter_name, v, &v, nullptr));
  PetscCall(setter(pc, v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetFromOptions_BoxMG(PC pc, core::OptionItems PetscOptionsObject) {
  BoxmgOptions o = data_of(pc)->options;
  PetscEnum precision = static_cast<PetscEnum>(o.precision);
  PetscBool set;
  PetscFunctionBegin;
  PetscOptionsHeadBegin(PetscOptionsObject, "BoxMG options");
  PetscCall(PetscOptionsEnum("-pc_boxmg_precision", "Precision of the cycle", "PCBoxMGSetPrecision",
                             precision_names, precision, &precision, &set));
  PetscCall(PCBoxMGSetPrecision(pc, static_cast<Precision>(precision)));
  PetscEnum smoother = static_cast<PetscEnum>(o.smoother);
  PetscCall(PetscOptionsEnum("-pc_boxmg_smoother", "Smoother of the cycle", "PCBoxMGSetSmoother",
                             smoother_names, smoother, &smoother, &set));
  PetscCall(PCBoxMGSetSmoother(pc, static_cast<Smoother>(smoother)));
  PetscEnum coarse = static_cast<PetscEnum>(o.coarse);
  PetscCall(PetscOptionsEnum("-pc_boxmg_coarse", "Coarse operators and interpolation",
                             "PCBoxMGSetCoarse", coarse_names, coarse, &coarse, &set));
  PetscCall(PCBoxMGSetCoarse(pc, static_cast<CoarseOperators>(coarse)));
  PetscEnum reuse = static_cast<PetscEnum>(o.reuse);
  PetscCall(PetscOptionsEnum("-pc_boxmg_reuse",
                             "Keep the hierarchy of older matrix values while that pays",
                             "PCBoxMGSetReuse", reuse_names, reuse, &reuse, &set));
  PetscCall(PCBoxMGSetReuse(pc, static_cast<Reuse>(reuse)));
  PetscBool skip = o.skip_empty ? PETSC_TRUE : PETSC_FALSE;
  PetscCall(PetscOptionsBool("-pc_boxmg_skip_empty",
                             "Leave out rows of points without unknowns, around obstacles",
                             "PCBoxMGSetSkipEmpty", skip, &skip, nullptr));
  PetscCall(PCBoxMGSetSkipEmpty(pc, skip));
  const auto count = [&](const char* name, const char* help, const char* setter_name,
                         PetscErrorCode (*setter)(PC, PetscInt), int value) {
    return get_count(PetscOptionsObject, pc, name, help, setter_name, setter, value);
  };
  PetscCall(
      count("-pc_boxmg_levels", "Most levels", "PCBoxMGSetLevels", PCBoxMGSetLevels, o.levels));
  PetscCall(count("-pc_boxmg_smooth", "Smoothing steps before and after the coarse correction",
                  "PCBoxMGSetSmooth", PCBoxMGSetSmooth, o.smooth));
  PetscCall(count("-pc_boxmg_coarse_limit", "Unknowns that are solved directly",
                  "PCBoxMGSetCoarseLimit", PCBoxMGSetCoarseLimit, o.coarse_limit));
  PetscCall(count("-pc_boxmg_agglomerate_limit",
                  "Fewer points per rank than this move to fewer ranks; 0: 24^3, in 2-D 64^2",
                  "PCBoxMGSetAgglomerateLimit", PCBoxMGSetAgglomerateLimit, o.agglomerate_limit));
  grid::DeclaredGrid grid = data_of(pc)->grid;
  PetscCall(grid::get_declared_grid(PetscOptionsObject, PCBOXMG, "PCBoxMGSetGrid", &grid));
  change(pc, data_of(pc)->grid, grid);
  PetscOptionsHeadEnd();
  PetscFunctionReturn(PETSC_SUCCESS);
}

const char* pattern_name(kernels::StencilPattern p) {
  switch (p) {
  case kernels::StencilPattern::star2d: return "5-point";
  case kernels::StencilPattern::box2d: return "9-point";
  case kernels::StencilPattern::star3d: return "7-point";
  default: return "27-point";
  }
}

// Which directions are coarsened, where it is not simply all that can be.
std::string semicoarsening(const LevelPlan& plan, int dimension) {
  if (plan.is_coarsest()) return "";
  std::string halved, kept;
  for (std::size_t d = 0; d < static_cast<std::size_t>(dimension); ++d)
    if (plan.halves[d])
      halved += "xyz"[d];
    else if (plan.cut.points()[d] > 4) // fewer may be too few to halve
      kept += "xyz"[d];
  return kept.empty() ? "" : ", coarsened along " + halved;
}

PetscErrorCode view_levels(const BoxmgPreconditioner& p, const std::vector<LevelPlan>& plans,
                           PetscViewer viewer) {
  PetscFunctionBegin;
  const auto m_matrix = p.m_matrix_levels(), adapted = p.adapted_levels();
  const bool first = &plans == &p.plans();
  for (std::size_t l = 0; l < plans.size(); ++l) {
    const LevelPlan& plan = plans[l];
    const auto n = plan.cut.points();
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "level %d: %d x %d x %d, %s, %d rank(s)%s%s\n", static_cast<int>(l), n[0], n[1],
        n[2], pattern_name(p.kind() == CycleKind::mild ? p.plans().front().pattern : plan.pattern),
        plan.cut.ranks(), semicoarsening(plan, p.map().dimension()).c_str(),
        plan.is_direct()                      ? ", solved directly"
        : plan.is_coarsest()                  ? ", relaxed (-pc_boxmg_levels allows no coarser one)"
        : !first                              ? ""
        : l < adapted.size() && adapted[l]    ? ", smoother along the strong couplings"
        : l < m_matrix.size() && !m_matrix[l] ? ", smoother guarded row by row"
                                              : ""));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCView_BoxMG(PC pc, PetscViewer viewer) {
  const BoxmgData* boxmg = data_of(pc);
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  const bool is_set_up = boxmg->preconditioner && !boxmg->preconditioner->plans().empty();
  const CycleKind kind = is_set_up ? boxmg->preconditioner->kind() : CycleKind::black_box;
  if (kind == CycleKind::mild)
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "V(1,1) cycle, linear interpolation, polynomial smoother of degree 2: the "
                "coefficients vary mildly\n"));
  else if (kind == CycleKind::obstacles)
    PetscCall(PetscViewerASCIIPrintf(
        viewer,
        "V(1,1) cycle, on the finest level one byte per cell and aggregates: the coefficients "
        "are constant around obstacles\n"));
  else
    PetscCall(PetscViewerASCIIPrintf(viewer, "V(%d,%d) cycle, BoxMG interpolation, %s smoother\n",
                                     boxmg->options.smooth, boxmg->options.smooth,
                                     smoother_names[static_cast<int>(boxmg->options.smoother)]));
  if (!is_set_up) PetscFunctionReturn(PETSC_SUCCESS);
  const BoxmgPreconditioner& p = *boxmg->preconditioner;
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "precision %s%s%s\n", precision_names[static_cast<int>(p.precision())],
      p.fallback_reason().empty() ? "" : ", not fp32 because ", p.fallback_reason().c_str()));
  PetscCall(PetscViewerASCIIPrintf(viewer, "grid from %s\n",
                                   p.map().has_da() ? "the DMDA" : "-pc_boxmg_grid"));
  if (p.decoupled_rows() > 0)
    PetscCall(PetscViewerASCIIPrintf(viewer, "%lld rows with a diagonal entry only are decoupled\n",
                                     static_cast<long long>(p.decoupled_rows())));
  if (p.zero_rows() > 0)
    PetscCall(PetscViewerASCIIPrintf(viewer,
                                     "%lld rows without entries are taken for identity rows\n",
                                     static_cast<long long>(p.zero_rows())));
  if (p.inclusions() > 0)
    PetscCall(PetscViewerASCIIPrintf(viewer,
                                     "means over %lld small inclusions of strong coupling are "
                                     "corrected beside the cycle\n",
                                     static_cast<long long>(p.inclusions())));
  if (boxmg->options.reuse == Reuse::automatic)
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "%d of %d set-ups kept the hierarchy of older values\n", p.reuses(), p.updates()));
  if (!p.other_plans().empty())
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "the strong directions vary: cycles on %d hierarchies in turn\n",
        static_cast<int>(p.other_plans().size()) + 1));
  PetscCall(view_levels(p, p.plans(), viewer));
  for (const auto& plans : p.other_plans()) {
    PetscCall(PetscViewerASCIIPrintf(viewer, "another hierarchy:\n"));
    PetscCall(view_levels(p, plans, viewer));
  }
  const auto [unknowns, rank] = p.direct_size_and_rank();
  if (unknowns >= 0 && rank < unknowns)
    PetscCall(PetscViewerASCIIPrintf(viewer, "coarsest operator singular: rank %d of %d\n", rank,
                                     unknowns));
  double memory = p.memory();
  MPI_Allreduce(MPI_IN_PLACE, &memory, 1, MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(pc)));
  PetscCall(PetscViewerASCIIPrintf(viewer, "hierarchy: %.1f MB over all ranks\n", memory / 1e6));
  PetscCall(PetscViewerASCIIPrintf(viewer, "memory traffic: %.1f bytes per point and application\n",
                                   p.bytes_per_point()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const char* const methods[] = {"PCBoxMGSetPrecision_C",       "PCBoxMGSetGrid_C",
                               "PCBoxMGSetLevels_C",          "PCBoxMGSetSmooth_C",
                               "PCBoxMGSetCoarseLimit_C",     "PCBoxMGSetAgglomerateLimit_C",
                               "PCBoxMGSetSmoother_C",        "PCBoxMGSetReuse_C",
                               "PCBoxMGGetReuse_C",           "PCBoxMGSetCoarse_C",
                               "PCBoxMGSetObstacleWeights_C", grid::get_field_preconditioner,
                               "PCBoxMGSetSkipEmpty_C",       "PCBoxMGSetInterpolation_C"};

PetscErrorCode PCDestroy_BoxMG(PC pc) {
  PetscFunctionBegin;
  for (const char* name : methods)
    PetscCall(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(pc), name, nullptr));
  delete data_of(pc);
  pc->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_precision(PC pc, Precision v) {
  change(pc, data_of(pc)->options.precision, v);
  return PETSC_SUCCESS;
}
PetscErrorCode set_smoother(PC pc, Smoother v) {
  change(pc, data_of(pc)->options.smoother, v);
  return PETSC_SUCCESS;
}
PetscErrorCode get_field_preconditioner(PC pc, grid::FieldPreconditioner** preconditioner) {
  BoxmgPreconditioner* boxmg = data_of(pc)->preconditioner.get();
  *preconditioner = boxmg && boxmg->takes_fields() ? boxmg : nullptr;
  return PETSC_SUCCESS;
}
PetscErrorCode set_coarse(PC pc, CoarseOperators v) {
  change(pc, data_of(pc)->options.coarse, v);
  return PETSC_SUCCESS;
}
PetscErrorCode set_weights(PC pc, const ObstacleWeights* v) {
  PetscFunctionBegin;
  const std::string reason = reason_to_refuse(*v);
  PetscCheck(reason.empty(), PETSC_COMM_SELF, PETSC_ERR_USER_INPUT, "%s", reason.c_str());
  change(pc, data_of(pc)->weights, *v);
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode set_interpolation(PC pc, const LearnedInterpolation* v) {
  const auto& values = v->weights.values;
  PetscFunctionBegin;
  PetscCheck(values.empty() || values.size() == kernels::InterpolationNetwork::count,
             PETSC_COMM_SELF, PETSC_ERR_USER_INPUT, "the interpolation takes %d weights, not %d",
             kernels::InterpolationNetwork::count, static_cast<int>(values.size()));
  PetscCheck(std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }),
             PETSC_COMM_SELF, PETSC_ERR_USER_INPUT, "a weight of the interpolation is not finite");
  change(pc, data_of(pc)->learned, *v);
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode set_reuse(PC pc, Reuse v) {
  change(pc, data_of(pc)->options.reuse, v);
  return PETSC_SUCCESS;
}
PetscErrorCode set_skip_empty(PC pc, PetscBool v) {
  change(pc, data_of(pc)->options.skip_empty, v == PETSC_TRUE);
  return PETSC_SUCCESS;
}
PetscErrorCode get_reuse(PC pc, PetscInt* setups, PetscInt* reuses) {
  const auto& p = data_of(pc)->preconditioner;
  *setups = p ? p->updates() : 0;
  *reuses = p ? p->reuses() : 0;
  return PETSC_SUCCESS;
}
PetscErrorCode set_grid(PC pc, PetscInt dimension, const PetscInt points[],
                        const PetscBool periodic[]) {
  grid::DeclaredGrid grid;
  PetscFunctionBegin;
  PetscCall(grid::declare_grid(PCBOXMG, dimension, points, periodic, &grid));
  change(pc, data_of(pc)->grid, grid);
  PetscFunctionReturn(PETSC_SUCCESS);
}
// A dense factor of so many unknowns takes 3.2 GB on one rank.
constexpr int most_direct_unknowns = 20000;

PetscErrorCode require_between(const char* option, PetscInt v, int least, int most) {
  PetscFunctionBegin;
  PetscCheck(v >= least && v <= most, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "%s %" PetscInt_FMT ": must be between %d and %d", option, v, least, most);
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode set_levels(PC pc, PetscInt v) {
  PetscFunctionBegin;
  PetscCall(require_between("-pc_boxmg_levels", v, 1, 1000));
  change(pc, data_of(pc)->options.levels, static_cast<int>(v));
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode set_smooth(PC pc, PetscInt v) {
  PetscFunctionBegin;
  PetscCall(require_between("-pc_boxmg_smooth", v, 1, 1000));
  change(pc, data_of(pc)->options.smooth, static_cast<int>(v));
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode set_coarse_limit(PC pc, PetscInt v) {
  PetscFunctionBegin;
  PetscCall(require_between("-pc_boxmg_coarse_limit", v, 1, most_direct_unknowns));
  change(pc, data_of(pc)->options.coarse_limit, static_cast<int>(v));
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode set_agglomerate_limit(PC pc, PetscInt v) {
  PetscFunctionBegin;
  PetscCall(require_between("-pc_boxmg_agglomerate_limit", v, 0, 1 << 30));
  change(pc, data_of(pc)->options.agglomerate_limit, static_cast<int>(v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode PCBoxMGSetPrecision(PC pc, Precision precision) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetPrecision_C", (PC, Precision), (pc, precision));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetSmoother(PC pc, Smoother smoother) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetSmoother_C", (PC, Smoother), (pc, smoother));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetCoarse(PC pc, CoarseOperators coarse) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetCoarse_C", (PC, CoarseOperators), (pc, coarse));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetReuse(PC pc, Reuse reuse) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetReuse_C", (PC, Reuse), (pc, reuse));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetSkipEmpty(PC pc, PetscBool skip) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetSkipEmpty_C", (PC, PetscBool), (pc, skip));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetObstacleWeights(PC pc, const ObstacleWeights& weights) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetObstacleWeights_C", (PC, const ObstacleWeights*), (pc, &weights));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetInterpolation(PC pc, const LearnedInterpolation& learned) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetInterpolation_C", (PC, const LearnedInterpolation*),
                 (pc, &learned));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGGetReuse(PC pc, PetscInt* setups, PetscInt* reuses) {
  PetscFunctionBegin;
  PetscUseMethod(pc, "PCBoxMGGetReuse_C", (PC, PetscInt*, PetscInt*), (pc, setups, reuses));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetGrid(PC pc, PetscInt dimension, const PetscInt points[],
                              const PetscBool periodic[]) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetGrid_C", (PC, PetscInt, const PetscInt*, const PetscBool*),
                 (pc, dimension, points, periodic));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetLevels(PC pc, PetscInt levels) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetLevels_C", (PC, PetscInt), (pc, levels));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetSmooth(PC pc, PetscInt steps) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetSmooth_C", (PC, PetscInt), (pc, steps));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetCoarseLimit(PC pc, PetscInt unknowns) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetCoarseLimit_C", (PC, PetscInt), (pc, unknowns));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCBoxMGSetAgglomerateLimit(PC pc, PetscInt points) {
  PetscFunctionBegin;
  PetscTryMethod(pc, "PCBoxMGSetAgglomerateLimit_C", (PC, PetscInt), (pc, points));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode create_boxmg(PC pc, std::unique_ptr<BoxmgData> data) {
  PetscFunctionBegin;
  pc->data = data.release();
  pc->ops->setup = PCSetUp_BoxMG;
  pc->ops->presolve = PCPreSolve_BoxMG;
  pc->ops->postsolve = PCPostSolve_BoxMG;
  pc->ops->apply = PCApply_BoxMG;
  pc->ops->applytranspose = PCApply_BoxMG; // symmetric
  pc->ops->setfromoptions = PCSetFromOptions_BoxMG;
  pc->ops->view = PCView_BoxMG;
  pc->ops->reset = PCReset_BoxMG;
  pc->ops->destroy = PCDestroy_BoxMG;
  const auto object = reinterpret_cast<PetscObject>(pc);
  PetscCall(PetscObjectComposeFunction(object, methods[0], set_precision));
  PetscCall(PetscObjectComposeFunction(object, methods[1], set_grid));
  PetscCall(PetscObjectComposeFunction(object, methods[2], set_levels));
  PetscCall(PetscObjectComposeFunction(object, methods[3], set_smooth));
  PetscCall(PetscObjectComposeFunction(object, methods[4], set_coarse_limit));
  PetscCall(PetscObjectComposeFunction(object, methods[5], set_agglomerate_limit));
  PetscCall(PetscObjectComposeFunction(object, methods[6], set_smoother));
  PetscCall(PetscObjectComposeFunction(object, methods[7], set_reuse));
  PetscCall(PetscObjectComposeFunction(object, methods[8], get_reuse));
  PetscCall(PetscObjectComposeFunction(object, methods[9], set_coarse));
  PetscCall(PetscObjectComposeFunction(object, methods[10], set_weights));
  PetscCall(PetscObjectComposeFunction(object, methods[11], get_field_preconditioner));
  PetscCall(PetscObjectComposeFunction(object, methods[12], set_skip_empty));
  PetscCall(PetscObjectComposeFunction(object, methods[13], set_interpolation));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCCreate_BoxMG(PC pc) {
  PetscFunctionBegin;
  PetscCall(create_boxmg(pc, std::make_unique<BoxmgData>()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::multigrid
