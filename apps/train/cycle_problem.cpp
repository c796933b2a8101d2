// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cycle_problem.hpp"

#include <linnet/grid/mat_stencil.hpp>
#include <linnet/multigrid/pc_mgno.hpp>

#include <cmath>
#include <limits>

namespace app {

using namespace linnet::problems;
using linnet::multigrid::ObstacleWeights;

namespace {

constexpr int most_iterations = 1000;

} // namespace

CycleProblem::CycleProblem(const TankOptions& options, std::uint64_t seed)
    : tank_(PETSC_COMM_SELF, options, seed, MATSTENCIL),
      rhs_(make_cell_vector(tank_.grid(), "rhs")), solution_(make_cell_vector(tank_.grid(), "u")) {
  tank_.fill_right_hand_side(seed, rhs_.get());
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
  solver_.reset(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetOperators(ksp, tank_.matrix(), tank_.matrix()));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(PCSetDM(pc, tank_.grid()));
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
