// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "solver.hpp"

#include "krylov_norm.hpp"

#include <linnet/core/default_option.hpp>
#include <linnet/core/text.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/krylov/guess_operator.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

namespace app {

using linnet::core::set_default_option;
using namespace linnet::problems;

namespace {

constexpr int max_corrections = 3; // passes after the first
// Of one pass: methods that recompute their residual stall a few digits above rounding.
constexpr double largest_reduction = 1e-13;

bool is_one_of(const char* name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const char* word) { return std::strcmp(name, word) == 0; });
}

std::string option_text(const char* name) {
  char text[64] = "";
  LINNET_CHECK(PetscOptionsGetString(nullptr, nullptr, name, text, sizeof text, nullptr));
  return text;
}

// The rows of a grid with one unknown per cell: blocked and element-wise formats have no place.
void require_matrix_type() {
  const std::string type = option_text("-dm_mat_type");
  if (type.find("baij") != std::string::npos ||
      is_one_of(type.c_str(), {"is", "sell", "seqsell", "mpisell"}))
    linnet::core::throw_usage("-dm_mat_type: must be stencil, aij or a device form of aij "
                              "(aijcusparse, aijkokkos, ...), got " +
                              type);
}

void require_algebraic_preconditioner() {
  const std::string type = option_text("-pc_type");
  if (is_one_of(type.c_str(), {"boxmg", "mgno"}))
    linnet::core::throw_usage("-diffusion_compress_solids: cannot be used with -pc_type " + type +
                              ", which needs the whole grid; take -pc_type gamg or leave "
                              "-diffusion_compress_solids out");
}

// With rows on several ranks its products crash inside PETSc 3.18, whatever the method. Apart from
// the operator the rows are refused by PETSc itself.
void require_serial_eisenstat(KSP ksp) {
  PC pc = nullptr;
  Mat A = nullptr, rows = nullptr;
  PetscBool eisenstat = PETSC_FALSE;
  PetscMPIInt ranks = 1;
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(KSPGetOperators(ksp, &A, &rows));
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCEISENSTAT, &eisenstat));
  MPI_Comm_size(PetscObjectComm(reinterpret_cast<PetscObject>(pc)), &ranks);
  if (eisenstat && A == rows && ranks > 1)
    linnet::core::throw_usage("-pc_type: eisenstat runs on one rank only, got " +
                              std::to_string(ranks) +
                              "; take -pc_type sor, the same sweeps within each rank");
}

// A breakdown ends a recursion, and a new start often gets past it; the other failures repeat.
bool may_go_on(KSPConvergedReason reason) {
  return reason > 0 || reason == KSP_DIVERGED_BREAKDOWN || reason == KSP_DIVERGED_BREAKDOWN_BICG;
}

// A recursion may run on below the true residual at its end; the history does not.
void end_pass(double norm, Solve& record) {
  auto& history = record.history;
  for (auto r = history.rbegin(); r != history.rend() && r->norm < norm; ++r) r->norm = norm;
  history.push_back({record.iterations, norm});
}

double now() { return MPI_Wtime(); }

// Inner products square the values, and a coefficient may enlarge them on the way.
void require_range(double norm) {
  if (!(norm < 1e120))
    linnet::core::throw_usage("source, boundary and initial data are too large for double "
                              "precision: their norm is " +
                              linnet::core::number_text(norm) + "; choose larger units");
}

} // namespace

void set_default_options() {
  set_default_option("-ksp_type", "cg");
  set_default_option("-ksp_rtol", "1e-8");
  // The error of CG falls in the energy norm. The residual may grow meanwhile, by the square root
  // of the condition number; PETSc gives up at a factor of 1e4.
  set_default_option("-ksp_divtol", "1e15");
  set_default_option("-dm_mat_type", MATSTENCIL);
  require_matrix_type();
  set_default_option("-pc_type", "boxmg");
}

bool preconditioner_needs_rows() {
  return !is_one_of(option_text("-pc_type").c_str(), {"none", "jacobi", "boxmg", "mgno"});
}

LinearSolver::LinearSolver(const Problem& problem, bool compress)
    : problem_(problem), compress_(compress && problem.mask) {
  if (compress_) require_algebraic_preconditioner();
  make_ksp();
  residual_ = make_cell_vector(problem.cells.get(), "residual");
}

void LinearSolver::make_ksp() {
  KSP ksp = nullptr;
  DM cells = problem_.cells.get();
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(cells)), &ksp));
  ksp_.reset(ksp);
  if (!compress_) {
    LINNET_CHECK(KSPSetDM(ksp, cells));
    LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  }
  LINNET_CHECK(KSPSetResidualHistory(ksp, nullptr, PETSC_DECIDE, PETSC_TRUE));
}

Vec LinearSolver::correction() const {
  if (!correction_) correction_ = make_cell_vector(problem_.cells.get(), "correction");
  return correction_.get();
}

// Preconditioners of PETSc want rows; ours, jacobi and none take the matrix-free operator.
bool LinearSolver::needs_rows() const {
  MatType matrix = nullptr;
  LINNET_CHECK(MatGetType(operator_.get(), &matrix));
  if (std::strcmp(matrix, MATSTENCIL) != 0) return false;
  return preconditioner_needs_rows();
}

void LinearSolver::make_preconditioning_matrix() {
  if (!needs_rows()) {
    LINNET_CHECK(KSPSetOperators(ksp_.get(), operator_.get(), operator_.get()));
    return;
  }
  Mat rows = rows_.get();
  LINNET_CHECK(
      MatConvert(operator_.get(), MATAIJ, rows ? MAT_REUSE_MATRIX : MAT_INITIAL_MATRIX, &rows));
  if (!rows_) rows_.reset(rows);
  LINNET_CHECK(MatSetOption(rows, MAT_SYMMETRIC, PETSC_TRUE));
  LINNET_CHECK(KSPSetOperators(ksp_.get(), operator_.get(), rows));
}

void LinearSolver::set_operator(const DiffusionSystem& system, const FloatingPieces* pieces) {
  const bool first = !operator_;
  system_ = &system;
  if (!operator_) {
    Mat A = nullptr;
    LINNET_CHECK(DMCreateMatrix(problem_.cells.get(), &A));
    operator_.reset(A);
  }
  const bool singular = pieces != nullptr && pieces->null_vectors() > 0;
  set_matrix(system, singular, operator_.get());
  LINNET_CHECK(PetscObjectCompose(reinterpret_cast<PetscObject>(operator_.get()),
                                  linnet::krylov::coefficient_key,
                                  reinterpret_cast<PetscObject>(problem_.kappa.get())));
  if (singular)
    pieces->attach(problem_.cells.get(), operator_.get());
  else
    LINNET_CHECK(MatSetNullSpace(operator_.get(), nullptr));
  // A KSP takes no matrix of another size.
  const bool renew = compress_ && problem_.moves() && !first;
  if (renew) make_ksp();
  if (compress_)
    compress_operator(system, singular);
  else
    make_preconditioning_matrix();
  if (!compress_) follow_coarse_operators(first);
  if (first || renew) set_from_options();
}

void LinearSolver::follow_coarse_operators(bool first) {
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(ksp_.get(), &pc));
  if (first && option_text("-pc_type") == PCMG) {
    coarse_.emplace(CoarseOperators{problem_, *system_});
    offer_coarse_operators(*coarse_);
  }
  if (!first) refresh_coarse_operators(pc);
}

// Read here and not from the KSP: preonly passes over its tolerances, and so would never be judged
// by those of the user.
void LinearSolver::read_tolerances() {
  Tolerances& t = tolerances_;
  LINNET_CHECK(
      KSPGetTolerances(ksp_.get(), &t.relative, &t.absolute, &t.divergence, &t.iterations));
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, "-ksp_rtol", &t.relative, nullptr));
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, "-ksp_atol", &t.absolute, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-ksp_max_it", &t.iterations, nullptr));
  if (!(t.relative >= 0.0 && t.relative < 1.0))
    linnet::core::throw_usage("-ksp_rtol: must be at least 0 and below 1, got " +
                              option_text("-ksp_rtol"));
  if (!(t.absolute >= 0.0))
    linnet::core::throw_usage("-ksp_atol: must not be negative, got " + option_text("-ksp_atol"));
  if (t.iterations < 0)
    linnet::core::throw_usage("-ksp_max_it: must not be negative, got " +
                              option_text("-ksp_max_it"));
}

void LinearSolver::set_from_options() {
  KSP ksp = ksp_.get();
  read_tolerances();
  LINNET_CHECK(KSPSetFromOptions(ksp));
  require_serial_eisenstat(ksp);
  choose_norm(ksp);
  LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE)); // of a correction nothing is known
  PetscBool once = PETSC_FALSE;
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(ksp), KSPPREONLY, &once));
  once_ = once == PETSC_TRUE;
}

void LinearSolver::compress_operator(const DiffusionSystem& system, bool singular) {
  if (singular)
    linnet::core::throw_usage("-diffusion_compress_solids: cannot be used where nothing fixes u in "
                              "a piece of the fluid; set a dirichlet or robin face");
  compressed_ = std::make_unique<CompressedSystem>(system, problem_.mask.get());
  packed_residual_ = compressed_->make_vector();
  packed_correction_ = compressed_->make_vector();
  LINNET_CHECK(KSPSetOperators(ksp_.get(), compressed_->matrix(), compressed_->matrix()));
}

double LinearSolver::residual(Vec b, Vec u) const {
  double norm = 0.0;
  LINNET_CHECK(MatMult(operator_.get(), u, residual_.get()));
  LINNET_CHECK(VecAYPX(residual_.get(), -1.0, b));
  LINNET_CHECK(VecNorm(residual_.get(), NORM_2, &norm));
  return norm;
}

double LinearSolver::residual_sum() const {
  PetscScalar sum = 0.0;
  LINNET_CHECK(VecSum(residual_.get(), &sum));
  return sum;
}

// No u in double precision has a much smaller residual: rounding each entry of the exact solution
// and of each term of b - A u moves the residual by at most this. The errors of a row partly
// cancel: runs stall at about a fifth of it.
double LinearSolver::rounding_limit(Vec b, Vec u) const {
  double norm = 0.0;
  const Owned<Vec> size_of_b = make_cell_vector(problem_.cells.get(), "scale");
  LINNET_CHECK(VecCopy(b, size_of_b.get()));
  LINNET_CHECK(VecAbs(size_of_b.get()));
  multiply_absolute(*system_, u, correction());
  LINNET_CHECK(VecAXPY(correction(), 1.0, size_of_b.get()));
  LINNET_CHECK(VecNorm(correction(), NORM_2, &norm));
  return 0.5 * PETSC_MACHINE_EPSILON * norm;
}

void LinearSolver::set_up(Solve& record) {
  const double begin = now();
  LINNET_CHECK(KSPSetUp(ksp_.get()));
  LINNET_CHECK(KSPSetUpOnBlocks(ksp_.get()));
  // PETSc has taken one as a pattern for its work vectors.
  LINNET_CHECK(DMClearGlobalVectors(problem_.cells.get()));
  record.setup_seconds += now() - begin;
}

// The cells that compression leaves out have no correction, and expand() does not touch them.
void LinearSolver::solve_correction(double reduction, Vec d, Solve& record) {
  const Tolerances& t = tolerances_;
  LINNET_CHECK(
      KSPSetTolerances(ksp_.get(), reduction, 0.0, t.divergence, t.iterations - record.iterations));
  const double begin = now();
  if (compress_) {
    compressed_->compress(residual_.get(), packed_residual_.get());
    LINNET_CHECK(VecZeroEntries(d));
    LINNET_CHECK(KSPSolve(ksp_.get(), packed_residual_.get(), packed_correction_.get()));
    compressed_->expand(packed_correction_.get(), d);
  } else {
    LINNET_CHECK(KSPSolve(ksp_.get(), residual_.get(), d));
  }
  record.solve_seconds += now() - begin;
  LINNET_CHECK(KSPSetTolerances(ksp_.get(), t.relative, t.absolute, t.divergence, t.iterations));
}

// The ends of a pass are recorded by refine(), which computes them anew.
void LinearSolver::record_pass(double scale, Solve& record) const {
  PetscInt iterations = 0, length = 0;
  const PetscReal* history = nullptr;
  KSPNormType norm = KSP_NORM_NONE;
  LINNET_CHECK(KSPGetIterationNumber(ksp_.get(), &iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp_.get(), &record.reason));
  LINNET_CHECK(KSPGetResidualHistory(ksp_.get(), &history, &length));
  LINNET_CHECK(KSPGetNormType(ksp_.get(), &norm));
  if (norm == KSP_NORM_UNPRECONDITIONED)
    for (PetscInt i = 1; i < std::min(length, iterations); ++i)
      record.history.push_back({record.iterations + i, scale * history[i]});
  record.iterations += iterations;
}

// One pass: u += d with A d = b - A u, down to a residual of norm `target`. Returns the new norm. A
// correction that does harm is taken back; of a first pass only one that is not finite, since the
// residual may grow on the way to the solution. Later passes solve for d / |b - A u|: some methods
// end at numbers that are small in themselves (the happy breakdown of symmlq).
double LinearSolver::correct(Vec b, Vec u, double before, double target, bool first,
                             Solve& record) {
  const double scale = first ? 1.0 : before;
  LINNET_CHECK(VecScale(residual_.get(), 1.0 / scale));
  double size = 0.0;
  LINNET_CHECK(VecNorm(u, NORM_INFINITY, &size));
  const bool from_zero = first && size == 0.0;
  Vec d = from_zero ? u : correction();
  solve_correction(std::clamp(target / before, largest_reduction, 0.5), d, record);
  record_pass(scale, record);
  LINNET_CHECK(VecNorm(d, NORM_INFINITY, &size));
  if (std::isfinite(size)) {
    if (!from_zero) LINNET_CHECK(VecAXPY(u, scale, d));
    const double after = residual(b, u);
    if ((first && std::isfinite(after)) || after < before) return after;
    if (!from_zero) LINNET_CHECK(VecAXPY(u, -scale, d));
  }
  if (from_zero) LINNET_CHECK(VecZeroEntries(u));
  return residual(b, u);
}

namespace {

// Runs stall at about a fifth of the limit of rounding.
bool is_out_of_reach(double goal, double norm, double limit) {
  return norm <= limit && goal < 0.2 * limit;
}

} // namespace

double LinearSolver::refine(Vec b, Vec u, double goal, Solve& record) {
  double norm = residual(b, u);
  record.history.push_back({0, norm});
  record.reason = norm <= tolerances_.absolute ? KSP_CONVERGED_ATOL : KSP_CONVERGED_RTOL;
  if (tolerances_.iterations == 0 && !(norm <= goal)) record.reason = KSP_DIVERGED_ITS;
  // Some methods do one iteration where none is allowed.
  const int passes = tolerances_.iterations == 0 ? 0 : 1 + max_corrections;
  for (int pass = 0; pass < passes && !(norm <= goal); ++pass) {
    const double before = norm;
    if (pass > 0 && is_out_of_reach(goal, norm, rounding_limit(b, u))) break;
    // Corrections aim a digit lower: the norm of the KSP, or rounding, has misled it once.
    norm = correct(b, u, before, pass == 0 ? goal : 0.1 * goal, pass == 0, record);
    end_pass(norm, record);
    if (once_ || !may_go_on(record.reason) || record.iterations >= tolerances_.iterations) break;
    if (pass > 0 && !(norm <= 0.5 * before)) break;
  }
  return norm;
}

Solve LinearSolver::solve(Vec b, Vec u) {
  Solve record;
  record.once = once_;
  set_up(record);
  double size = 0.0;
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  require_range(size);
  const double goal = std::max(tolerances_.relative * size, tolerances_.absolute);
  const double norm = refine(b, u, goal, record);
  const double scale = size > 0.0 ? size : 1.0;
  record.relative_residual = norm / scale;
  record.goal = goal / scale;
  record.converged = record.relative_residual <= record.goal;
  if (!record.converged) record.limit = rounding_limit(b, u) / scale;
  // A method that gave up where the goal was met after all has not diverged.
  if (record.converged && record.reason < 0) record.reason = KSP_CONVERGED_RTOL;
  return record;
}

void LinearSolver::release() {
  ksp_.reset();
  operator_.reset();
  rows_.reset();
  compressed_.reset();
}

void LinearSolver::apply(Vec u, Vec result) const {
  LINNET_CHECK(MatMult(operator_.get(), u, result));
}

std::string LinearSolver::description() const {
  KSPType ksp = nullptr;
  PCType pc_type = nullptr;
  MatType matrix = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPGetType(ksp_.get(), &ksp));
  LINNET_CHECK(KSPGetPC(ksp_.get(), &pc));
  LINNET_CHECK(PCGetType(pc, &pc_type));
  LINNET_CHECK(MatGetType(compress_ ? compressed_->matrix() : operator_.get(), &matrix));
  return std::string(ksp) + " with " + (pc_type ? pc_type : "none") + " on a matrix of type " +
         matrix +
         (compress_ ? " (fluid cells only)"
          : rows_   ? ", preconditioned from aij"
                    : "");
}

} // namespace app
