// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "solver.hpp"

#include <linnet/grid/mat_stencil.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace app {

using namespace linnet::problems;

namespace {

constexpr int max_repeats = 3;

void set_default(const char* name, const char* value) {
  PetscBool given = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &given));
  if (given) return;
  LINNET_CHECK(PetscOptionsSetValue(nullptr, name, value));
  // Asked for once, so that a run that ends early does not report our own value as unused.
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &given));
}

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
  if (option_text("-pc_type") == "boxmg")
    linnet::core::throw_usage("-diffusion_compress_solids: cannot be used with -pc_type boxmg, "
                              "which needs the whole grid; take -pc_type gamg or leave "
                              "-diffusion_compress_solids out");
}

double now() { return MPI_Wtime(); }

} // namespace

void set_default_options() {
  set_default("-ksp_type", "cg");
  set_default("-ksp_rtol", "1e-8");
  set_default("-dm_mat_type", MATSTENCIL);
  require_matrix_type();
  set_default("-pc_type", "boxmg");
  const std::string type = option_text("-ksp_type");
  // Others do not offer this norm with a preconditioner on the left.
  if (is_one_of(type.c_str(),
                {"cg", "fcg", "cgfused", "dcdm", "pipecg", "gcr", "fgmres", "richardson"}))
    set_default("-ksp_norm_type", "unpreconditioned");
}

LinearSolver::LinearSolver(const Problem& problem, bool compress)
    : problem_(problem), compress_(compress && problem.mask) {
  if (compress_) require_algebraic_preconditioner();
  KSP ksp = nullptr;
  DM cells = problem.cells.get();
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(cells)), &ksp));
  ksp_.reset(ksp);
  if (!compress_) {
    LINNET_CHECK(KSPSetDM(ksp, cells));
    LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  }
  LINNET_CHECK(KSPSetResidualHistory(ksp, nullptr, PETSC_DECIDE, PETSC_TRUE));
  work_ = make_cell_vector(cells, "residual");
}

// Preconditioners of PETSc want rows; ours, jacobi and none take the matrix-free operator.
bool LinearSolver::needs_rows() const {
  MatType matrix = nullptr;
  LINNET_CHECK(MatGetType(operator_.get(), &matrix));
  if (std::strcmp(matrix, MATSTENCIL) != 0) return false;
  return !is_one_of(option_text("-pc_type").c_str(), {"none", "jacobi", "boxmg", "mgno"});
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
  if (!operator_) {
    Mat A = nullptr;
    LINNET_CHECK(DMCreateMatrix(problem_.cells.get(), &A));
    operator_.reset(A);
  }
  const bool singular = pieces != nullptr && pieces->null_vectors() > 0;
  set_matrix(system, singular, operator_.get());
  if (singular) pieces->attach(problem_.cells.get(), operator_.get());
  if (compress_)
    compress_operator(system, singular);
  else
    make_preconditioning_matrix();
  if (first) LINNET_CHECK(KSPSetFromOptions(ksp_.get()));
}

void LinearSolver::compress_operator(const DiffusionSystem& system, bool singular) {
  if (singular)
    linnet::core::throw_usage("-diffusion_compress_solids: cannot be used where nothing fixes u in "
                              "a piece of the fluid; set a dirichlet or robin face");
  compressed_ = std::make_unique<CompressedSystem>(system, problem_.mask.get());
  packed_b_ = compressed_->make_vector();
  packed_u_ = compressed_->make_vector();
  LINNET_CHECK(KSPSetOperators(ksp_.get(), compressed_->matrix(), compressed_->matrix()));
}

void LinearSolver::iterate(Vec b, Vec u, bool guess, Solve& record) {
  LINNET_CHECK(KSPSetInitialGuessNonzero(ksp_.get(), guess ? PETSC_TRUE : PETSC_FALSE));
  if (compress_) {
    compressed_->compress(b, packed_b_.get());
    compressed_->compress(u, packed_u_.get());
    b = packed_b_.get();
  }
  const double begin = now();
  LINNET_CHECK(KSPSetUp(ksp_.get()));
  LINNET_CHECK(KSPSetUpOnBlocks(ksp_.get()));
  const double ready = now();
  LINNET_CHECK(KSPSolve(ksp_.get(), b, compress_ ? packed_u_.get() : u));
  record.setup_seconds += ready - begin;
  record.solve_seconds += now() - ready;
  if (compress_) compressed_->expand(packed_u_.get(), u);
  PetscInt iterations = 0, length = 0;
  const PetscReal* history = nullptr;
  LINNET_CHECK(KSPGetIterationNumber(ksp_.get(), &iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp_.get(), &record.reason));
  LINNET_CHECK(KSPGetResidualHistory(ksp_.get(), &history, &length));
  record.iterations += iterations;
  const PetscInt first = record.history.empty() ? 0 : 1; // a repeat begins where the last ended
  if (length > first)
    record.history.insert(record.history.end(), history + first, history + length);
}

void LinearSolver::residual(Vec b, Vec u, double* norm, double* norm_b) const {
  LINNET_CHECK(MatMult(operator_.get(), u, work_.get()));
  LINNET_CHECK(VecAYPX(work_.get(), -1.0, b));
  LINNET_CHECK(VecNorm(work_.get(), NORM_2, norm));
  LINNET_CHECK(VecNorm(b, NORM_2, norm_b));
}

double LinearSolver::residual_sum() const {
  PetscScalar sum = 0.0;
  LINNET_CHECK(VecSum(work_.get(), &sum));
  return sum;
}

Solve LinearSolver::solve(Vec b, Vec u) {
  Solve record;
  PetscReal rtol, atol, norm, norm_b, start;
  LINNET_CHECK(KSPGetTolerances(ksp_.get(), &rtol, &atol, nullptr, nullptr));
  LINNET_CHECK(VecNorm(u, NORM_INFINITY, &start));
  bool guess = start != 0.0;
  double last = PETSC_MAX_REAL;
  for (int repeat = 0; repeat < max_repeats; ++repeat) {
    iterate(b, u, guess, record);
    residual(b, u, &norm, &norm_b);
    const double goal = std::max(rtol * norm_b, atol);
    record.relative_residual = norm_b > 0.0 ? norm / norm_b : norm;
    record.converged = norm <= goal;
    if (record.converged || record.reason < 0 || !(norm < 0.5 * last)) break;
    last = norm;
    guess = true;
  }
  return record;
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
