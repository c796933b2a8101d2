// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/samples/met_residuals.hpp>

#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/linalg/met_tolerance.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

constexpr std::uint64_t met_stream = std::uint64_t{8} << 56;
constexpr double tight = 1e-10;
constexpr PetscInt most_iterations = 1000;

void solve(KSP solver, Vec b, Vec x, double tolerance, PetscInt steps) {
  LINNET_CHECK(KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetInitialGuessNonzero(solver, PETSC_FALSE));
  LINNET_CHECK(KSPSetTolerances(solver, tolerance, 1e-300, PETSC_DEFAULT, steps));
  LINNET_CHECK(KSPSolve(solver, b, x));
}

} // namespace

MetDraw draw_met(std::uint64_t seed, std::uint64_t sample, PetscInt most_steps) {
  const core::RandomStream stream(seed, met_stream);
  MetDraw draw;
  draw.velocity = static_cast<std::uint64_t>(stream.uniform(2 * sample) * 0x1p53);
  const double u = stream.uniform(2 * sample + 1);
  draw.steps = std::min(most_steps, static_cast<PetscInt>(u * (most_steps + 1.0)));
  return draw;
}

void met_residual(KSP solver, Vec b, PetscInt steps, Vec r) {
  LINNET_CHECK(VecCopy(b, r));
  if (steps > 0) {
    Mat matrix = nullptr;
    Vec x = nullptr;
    LINNET_CHECK(KSPGetOperators(solver, &matrix, nullptr));
    LINNET_CHECK(VecDuplicate(b, &x));
    const core::Owned<Vec> owner(x);
    solve(solver, b, x, linalg::met_tolerance, steps);
    LINNET_CHECK(MatMult(matrix, x, r));
    LINNET_CHECK(VecAYPX(r, -1.0, b));
  }
  PetscReal norm = 0.0;
  LINNET_CHECK(VecNorm(r, NORM_2, &norm));
  if (!std::isfinite(norm) || norm == 0.0)
    throw core::Error(core::ExitCode::not_converged,
                      "the residual after " + std::to_string(steps) +
                          " steps, from which to learn, is zero or not finite");
  LINNET_CHECK(VecScale(r, 1.0 / norm));
}

void solve_tightly(KSP solver, Vec r, Vec e) {
  solve(solver, r, e, tight, most_iterations);
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINNET_CHECK(KSPGetConvergedReason(solver, &reason));
  if (reason <= 0)
    throw core::Error(core::ExitCode::not_converged,
                      std::string("the error of a sample was not found: ") +
                          KSPConvergedReasons[reason]);
}

} // namespace linnet::problems
