// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/darcy_solver.hpp>

#include <linnet/core/text.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/cells/cell_array.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

constexpr PetscInt most_iterations = 500;
// The residual of the recurrence departs from the true one by rounding: solved anew from where it
// ended.
constexpr int most_restarts = 3;

Owned<DM> inner_grid(MPI_Comm comm, int nodes) {
  if (nodes < 3)
    core::throw_usage("Darcy flow: a grid of " + std::to_string(nodes) +
                      " nodes per direction has none inside; at least 3 are needed");
  DM grid = nullptr;
  LINNET_CHECK(DMDACreate2d(comm, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, nodes - 2,
                            nodes - 2, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, &grid));
  Owned<DM> owner(grid);
  LINNET_CHECK(DMSetUp(grid));
  LINNET_CHECK(DMSetMatType(grid, MATSTENCIL));
  return owner;
}

void require_positive(const std::vector<double>& a) {
  for (const double value : a)
    if (!(value > 0.0) || !std::isfinite(value))
      core::throw_data("Darcy flow: a coefficient is " + core::number_text(value) +
                       "; it must be positive");
}

/// New for every solve: nothing of an earlier matrix is left in it.
core::Owned<KSP> make_solver(Mat matrix, DM grid) {
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(grid)), &ksp));
  core::Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetType(ksp, "cgfused"));
  LINNET_CHECK(KSPSetOperators(ksp, matrix, matrix));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_TRUE));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, "boxmg"));
  LINNET_CHECK(PCSetDM(pc, grid));
  return owner;
}

} // namespace

DarcySolver::DarcySolver(int nodes, double side, MPI_Comm comm, FaceMean mean)
    : comm_(comm), nodes_(nodes), cell_area_(std::pow(side / (nodes - 1), 2)), mean_(mean),
      grid_(inner_grid(comm, nodes)) {
  Mat matrix = nullptr;
  LINNET_CHECK(DMCreateMatrix(grid_.get(), &matrix));
  matrix_.reset(matrix);
  for (Owned<Vec>& c : couplings_) c = make_cell_vector(grid_.get(), "couplings");
  row_sum_ = make_cell_vector(grid_.get(), "row sums");
  rhs_ = make_cell_vector(grid_.get(), "b");
  solution_ = make_cell_vector(grid_.get(), "u");
  true_residual_ = make_cell_vector(grid_.get(), "r");
}

void DarcySolver::set_matrix(const std::vector<double>& a) {
  {
    const grid::IndexBox box = owned_cells(grid_.get());
    const CellArray cx(couplings_[0].get(), box, grid::Access::write),
        cy(couplings_[1].get(), box, grid::Access::write),
        sum(row_sum_.get(), box, grid::Access::write);
    const int last = nodes_ - 3;
    visit_cells(box, [&](int i, int j, int) {
      const auto face = [&](int di, int dj) {
        const double here = a[place(i, j)], there = a[place(i + di, j + dj)];
        return mean_ == FaceMean::harmonic ? 2.0 * here * there / (here + there)
                                           : 0.5 * (here + there);
      };
      cx(i, j, 0) = i < last ? face(1, 0) : 0.0;
      cy(i, j, 0) = j < last ? face(0, 1) : 0.0;
      // What leaves through faces to the boundary, where u = 0.
      sum(i, j, 0) = (i == 0 ? face(-1, 0) : 0.0) + (i == last ? face(1, 0) : 0.0) +
                     (j == 0 ? face(0, -1) : 0.0) + (j == last ? face(0, 1) : 0.0);
    });
  }
  const Vec couplings[2] = {couplings_[0].get(), couplings_[1].get()};
  LINNET_CHECK(grid::MatStencilSetCouplings(matrix_.get(), kernels::StencilPattern::star2d,
                                            couplings, row_sum_.get()));
}

void DarcySolver::set_right_hand_side(const std::vector<double>& f) {
  const grid::IndexBox box = owned_cells(grid_.get());
  const CellArray b(rhs_.get(), box, grid::Access::write);
  visit_cells(box, [&](int i, int j, int) { b(i, j, 0) = cell_area_ * f[place(i, j)]; });
}

void DarcySolver::iterate() {
  const core::Owned<KSP> ksp = make_solver(matrix_.get(), grid_.get());
  PetscReal size = 0.0, left = 0.0;
  LINNET_CHECK(VecNorm(rhs_.get(), NORM_2, &size));
  LINNET_CHECK(VecZeroEntries(solution_.get()));
  if (size == 0.0) return;
  // Against the right-hand side, also where it starts from the end of the solve before.
  LINNET_CHECK(
      KSPSetTolerances(ksp.get(), 1e-300, 0.5 * tolerance * size, PETSC_DEFAULT, most_iterations));
  for (int n = 0; n <= most_restarts; ++n) {
    LINNET_CHECK(KSPSolve(ksp.get(), rhs_.get(), solution_.get()));
    LINNET_CHECK(MatMult(matrix_.get(), solution_.get(), true_residual_.get()));
    LINNET_CHECK(VecAYPX(true_residual_.get(), -1.0, rhs_.get()));
    LINNET_CHECK(VecNorm(true_residual_.get(), NORM_2, &left));
    residual_ = left / size;
    if (residual_ <= tolerance) return;
  }
  throw core::Error(core::ExitCode::not_converged,
                    "Darcy flow: the residual stays at " + core::number_text(residual_) +
                        " of the right-hand side; the coefficients vary too much");
}

void DarcySolver::get_solution(std::vector<double>& u) const {
  u.assign(static_cast<std::size_t>(nodes_) * static_cast<std::size_t>(nodes_), 0.0);
  const grid::IndexBox box = owned_cells(grid_.get());
  const CellArray values(solution_.get(), box, grid::Access::read);
  visit_cells(box, [&](int i, int j, int) { u[place(i, j)] = values(i, j, 0); });
  // Zero elsewhere: each sum has one term.
  MPI_Allreduce(MPI_IN_PLACE, u.data(), static_cast<int>(u.size()), MPI_DOUBLE, MPI_SUM, comm_);
}

void DarcySolver::assemble(const std::vector<double>& a, const std::vector<double>& f) {
  require_positive(a);
  set_matrix(a);
  set_right_hand_side(f);
}

void DarcySolver::solve(const std::vector<double>& a, const std::vector<double>& f,
                        std::vector<double>& u) {
  assemble(a, f);
  iterate();
  get_solution(u);
}

} // namespace linnet::problems
