// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cycle_problem.hpp"

#include <linnet/grid/mat_stencil.hpp>
#include <linnet/multigrid/pc_mgno.hpp>
#include <linnet/problems/cell_array.hpp>
#include <linnet/problems/components.hpp>
#include <linnet/problems/diffusion_matrix.hpp>
#include <linnet/problems/null_space.hpp>
#include <linnet/problems/random_velocity.hpp>

#include <cmath>
#include <limits>

namespace app {

using namespace linnet::problems;
using linnet::multigrid::ObstacleWeights;

namespace {

constexpr int most_iterations = 1000;

Owned<Vec> make_mask(DM grid, const BoxCells& cells, const std::vector<Obstacle>& obstacles,
                     std::uint64_t seed) {
  Owned<Vec> mask = make_cell_vector(grid, "mask");
  LINNET_CHECK(add_obstacles(grid, cells.domain, obstacles, seed, mask.get()));
  {
    const auto box = owned_cells(grid);
    const CellArray values(mask.get(), box, linnet::grid::Access::read_write);
    const int up = cells.dim - 1;
    visit_cells(box, [&](int i, int j, int k) {
      if (std::array{i, j, k}[static_cast<std::size_t>(up)] == cells.cells[up] - 1)
        values(i, j, k) = held_cell;
    });
  }
  PetscInt closed = 0;
  LINNET_CHECK(close_isolated_cells(grid, {}, mask.get(), &closed));
  return mask;
}

Owned<Mat> make_matrix(DM grid, const BoxCells& cells, Vec mask, std::uint64_t seed, Vec rhs) {
  DiffusionModel model;
  model.grid = cells;
  for (FaceCondition& face : model.boundary) face.kind = BoundaryKind::neumann;
  const Owned<Vec> source = make_cell_vector(grid, "source"), kappa = make_cell_vector(grid, "1");
  fill_random_divergence(grid, model, mask, seed, source.get());
  model.source_field = source.get();
  LINNET_CHECK(VecSet(kappa.get(), 1.0));
  DiffusionSystem system(grid, model);
  system.assemble(kappa.get(), mask, 0.0);
  // Water without air above it, between obstacles.
  const FloatingPieces pieces(system, mask, Compatibility::project);
  LINNET_CHECK(VecCopy(system.rhs(), rhs));
  Mat matrix = nullptr;
  LINNET_CHECK(DMSetMatType(grid, MATSTENCIL));
  LINNET_CHECK(DMCreateMatrix(grid, &matrix));
  Owned<Mat> owner(matrix);
  set_matrix(system, pieces.null_vectors() > 0, matrix);
  pieces.attach(grid, matrix);
  return owner;
}

} // namespace

CycleProblem::CycleProblem(const BoxCells& cells, const std::vector<Obstacle>& obstacles,
                           std::uint64_t seed)
    : grid_(create_cell_dm(PETSC_COMM_SELF, cells, false)) {
  const Owned<Vec> mask = make_mask(grid_.get(), cells, obstacles, seed);
  rhs_ = make_cell_vector(grid_.get(), "rhs");
  solution_ = make_cell_vector(grid_.get(), "u");
  matrix_ = make_matrix(grid_.get(), cells, mask.get(), seed, rhs_.get());
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  solver_.reset(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetOperators(ksp, matrix_.get(), matrix_.get()));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(PCSetDM(pc, grid_.get()));
}

void CycleProblem::solve(const ObstacleWeights& weights, int steps, double tolerance) {
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(solver_.get(), &pc));
  LINNET_CHECK(linnet::multigrid::PCBoxMGSetObstacleWeights(pc, weights));
  LINNET_CHECK(KSPSetTolerances(solver_.get(), tolerance, 1e-300, PETSC_DEFAULT, steps));
  LINNET_CHECK(KSPSolve(solver_.get(), rhs_.get(), solution_.get()));
}

double CycleProblem::rate(const ObstacleWeights& weights, int steps) {
  if (!linnet::multigrid::reason_to_refuse(weights).empty())
    return std::numeric_limits<double>::infinity();
  solve(weights, steps, 1e-14);
  PetscReal norm = 0.0, first = 0.0;
  PetscInt taken = 0;
  LINNET_CHECK(KSPGetResidualNorm(solver_.get(), &norm));
  LINNET_CHECK(KSPGetIterationNumber(solver_.get(), &taken));
  LINNET_CHECK(VecNorm(rhs_.get(), NORM_2, &first));
  return taken > 0 ? std::log10(norm / first) / taken : 0.0;
}

int CycleProblem::iterations(const ObstacleWeights& weights, double tolerance) {
  solve(weights, most_iterations, tolerance);
  PetscInt taken = 0;
  LINNET_CHECK(KSPGetIterationNumber(solver_.get(), &taken));
  return static_cast<int>(taken);
}

} // namespace app
