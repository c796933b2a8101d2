// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Diffusion problems with random coefficients, and what a KSP makes of them, for the tests of
/// cgfused.
#pragma once

#include <linnet/core/random.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/krylov/cg_fused.hpp>

#include <petscdmda.h>
#include <petscksp.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace linnet::tests {

/// A diffusion problem with random coefficients and a little reaction.
class Problem {
public:
  /// Couplings lie between 1 and 3, or between 1 and 10^decades. @p corners: 9 or 27 entries a row.
  explicit Problem(const core::Index3& n, const char* type = MATSTENCIL, double reaction = 1e-3,
                   double decades = 0.0, bool corners = false) {
    using kernels::StencilPattern;
    const StencilPattern stars[] = {StencilPattern::star2d, StencilPattern::star3d},
                         boxes[] = {StencilPattern::box2d, StencilPattern::box3d};
    const auto shape = corners ? DMDA_STENCIL_BOX : DMDA_STENCIL_STAR;
    const auto none = DM_BOUNDARY_NONE;
    const int dimension = n[2] == 1 ? 2 : 3;
    if (dimension == 3)
      LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, none, none, none, shape, n[0], n[1], n[2],
                                PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr,
                                nullptr, &da_));
    else
      LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, none, none, shape, n[0], n[1], PETSC_DECIDE,
                                PETSC_DECIDE, 1, 1, nullptr, nullptr, &da_));
    LINNET_CHECK(DMSetUp(da_));
    LINNET_CHECK(DMSetMatType(da_, MATSTENCIL));
    Mat stencil;
    LINNET_CHECK(DMCreateMatrix(da_, &stencil));
    std::vector<Vec> couplings;
    const StencilPattern pattern = (corners ? boxes : stars)[dimension - 2];
    for (int m = 0; m < kernels::coupling_count(pattern); ++m)
      couplings.push_back(decades > 0.0 ? powers(decades) : random(1.0, 3.0));
    Vec row_sum = random(reaction, 2.0 * reaction);
    LINNET_CHECK(grid::MatStencilSetCouplings(stencil, pattern, couplings.data(), row_sum));
    for (Vec& c : couplings) LINNET_CHECK(VecDestroy(&c));
    LINNET_CHECK(VecDestroy(&row_sum));
    if (std::string(type) == MATSTENCIL) {
      a_ = stencil;
    } else {
      LINNET_CHECK(MatConvert(stencil, type, MAT_INITIAL_MATRIX, &a_));
      LINNET_CHECK(MatDestroy(&stencil));
    }
  }
  ~Problem() {
    MatDestroy(&a_);
    DMDestroy(&da_);
  }
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  /// Values between @p lo and @p hi by the place in the natural order: the same on any ranks.
  Vec random(double lo, double hi) {
    Vec v, natural;
    LINNET_CHECK(DMCreateGlobalVector(da_, &v));
    LINNET_CHECK(DMDACreateNaturalVector(da_, &natural));
    PetscInt first, last;
    LINNET_CHECK(VecGetOwnershipRange(natural, &first, &last));
    const std::uint64_t seed = ++seed_;
    for (PetscInt i = first; i < last; ++i)
      LINNET_CHECK(VecSetValue(
          natural, i,
          lo + (hi - lo) * core::RandomStream(seed, 0).uniform(static_cast<std::uint64_t>(i)),
          INSERT_VALUES));
    LINNET_CHECK(VecAssemblyBegin(natural));
    LINNET_CHECK(VecAssemblyEnd(natural));
    LINNET_CHECK(DMDANaturalToGlobalBegin(da_, natural, INSERT_VALUES, v));
    LINNET_CHECK(DMDANaturalToGlobalEnd(da_, natural, INSERT_VALUES, v));
    LINNET_CHECK(VecDestroy(&natural));
    return v;
  }
  /// 10 to powers between 0 and @p decades.
  Vec powers(double decades) {
    Vec v = random(0.0, decades * std::log(10.0));
    LINNET_CHECK(VecExp(v));
    return v;
  }
  [[nodiscard]] Mat matrix() const { return a_; }
  [[nodiscard]] DM da() const { return da_; }

private:
  DM da_ = nullptr;
  Mat a_ = nullptr;
  std::uint64_t seed_ = 0;
};

struct Outcome {
  std::vector<double> norms;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  double true_residual = 0.0; ///< |b - A x| / |b|
  double true_norm = 0.0;     ///< |b - A x|
  krylov::CGFusedWork work;   ///< of cgfused
};

using Configure = std::function<void(KSP)>;

inline Outcome solve(Problem& problem, const char* type, const char* pc_type, KSPNormType norm,
                     const Configure& configure = {}) {
  KSP ksp;
  PC pc;
  Vec b = problem.random(-1.0, 2.0), x = problem.random(-1.0, 1.0);
  Outcome result;
  std::vector<PetscReal> history(500);
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, problem.matrix(), problem.matrix()));
  LINNET_CHECK(KSPSetDM(ksp, problem.da()));
  LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPSetType(ksp, type));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, pc_type));
  LINNET_CHECK(KSPSetNormType(ksp, norm));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, 1e10, 300));
  LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_TRUE));
  LINNET_CHECK(KSPSetResidualHistory(ksp, history.data(), 500, PETSC_TRUE));
  if (configure) configure(ksp);
  LINNET_CHECK(KSPSolve(ksp, b, x));
  PetscInt count;
  LINNET_CHECK(KSPGetResidualHistory(ksp, nullptr, &count));
  result.norms.assign(history.begin(), history.begin() + count);
  LINNET_CHECK(KSPGetConvergedReason(ksp, &result.reason));
  if (std::string(type) == KSPCGFUSED) LINNET_CHECK(krylov::KSPCGFusedGetWork(ksp, &result.work));
  Vec r;
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(MatMult(problem.matrix(), x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  PetscReal size, scale;
  LINNET_CHECK(VecNorm(r, NORM_2, &size));
  LINNET_CHECK(VecNorm(b, NORM_2, &scale));
  result.true_residual = size / scale;
  result.true_norm = size;
  for (Vec* v : {&b, &x, &r}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(KSPDestroy(&ksp));
  return result;
}

/// A monitor that applies the preconditioner, whose fields cgfused counts on.
inline void watch_with_preconditioner(KSP ksp) {
  const auto monitor = [](KSP k, PetscInt, PetscReal, void*) -> PetscErrorCode {
    PC pc;
    Vec b, y;
    LINNET_CHECK(KSPGetPC(k, &pc));
    LINNET_CHECK(KSPGetRhs(k, &b));
    LINNET_CHECK(VecDuplicate(b, &y));
    LINNET_CHECK(PCApply(pc, b, y));
    LINNET_CHECK(VecDestroy(&y));
    return PETSC_SUCCESS;
  };
  LINNET_CHECK(KSPMonitorSet(ksp, monitor, nullptr, nullptr));
}

} // namespace linnet::tests
