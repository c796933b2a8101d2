// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// KSP cgfused against PETSc's cg: the same residuals step by step, on fields and on Vecs, and the
// same reasons to stop.
#include <linnet/core/random.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/krylov/cg_fused.hpp>
#include <linnet/multigrid/pc_boxmg.hpp>

#include <petscdmda.h>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

using namespace linnet;

namespace {

/// A diffusion problem with random coefficients between 1 and 3 and a little reaction.
class Problem {
public:
  explicit Problem(const core::Index3& n, const char* type = MATSTENCIL, double reaction = 1e-3) {
    const auto none = DM_BOUNDARY_NONE;
    const int dimension = n[2] == 1 ? 2 : 3;
    if (dimension == 3)
      LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, none, none, none, DMDA_STENCIL_STAR, n[0], n[1],
                                n[2], PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr,
                                nullptr, nullptr, &da_));
    else
      LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, none, none, DMDA_STENCIL_STAR, n[0], n[1],
                                PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, &da_));
    LINNET_CHECK(DMSetUp(da_));
    LINNET_CHECK(DMSetMatType(da_, MATSTENCIL));
    Mat stencil;
    LINNET_CHECK(DMCreateMatrix(da_, &stencil));
    std::vector<Vec> couplings;
    for (int m = 0; m < dimension; ++m) couplings.push_back(random(1.0, 3.0));
    Vec row_sum = random(reaction, 2.0 * reaction);
    const auto pattern =
        dimension == 3 ? kernels::StencilPattern::star3d : kernels::StencilPattern::star2d;
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
  double true_residual = 0.0;
};

using Configure = std::function<void(KSP)>;

Outcome solve(Problem& problem, const char* type, const char* pc_type, KSPNormType norm,
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
  Vec r;
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(MatMult(problem.matrix(), x, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  PetscReal size, scale;
  LINNET_CHECK(VecNorm(r, NORM_2, &size));
  LINNET_CHECK(VecNorm(b, NORM_2, &scale));
  result.true_residual = size / scale;
  for (Vec* v : {&b, &x, &r}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(KSPDestroy(&ksp));
  return result;
}

void expect_same(const Outcome& fused, const Outcome& plain, double tolerance) {
  EXPECT_EQ(fused.reason, plain.reason);
  ASSERT_EQ(fused.norms.size(), plain.norms.size());
  for (std::size_t i = 0; i < plain.norms.size(); ++i)
    EXPECT_NEAR(fused.norms[i], plain.norms[i], tolerance * plain.norms[0]) << i;
}

const core::Index3 grids[] = {{23, 19, 21}, {70, 45, 1}, {8, 40, 33}};
const KSPNormType norms[] = {KSP_NORM_PRECONDITIONED, KSP_NORM_UNPRECONDITIONED, KSP_NORM_NATURAL};

void flexible(KSP ksp) { LINNET_CHECK(krylov::KSPCGFusedSetFlexible(ksp, PETSC_TRUE)); }

} // namespace

// Sums in another order change r by 1e-16, which may turn the last digit of its cast to fp32, 6e-8.
TEST(CgFused, OnFieldsTakesTheStepsOfCg) {
  for (const auto& n : grids)
    for (const KSPNormType norm : norms) {
      Problem one(n), two(n), three(n);
      SCOPED_TRACE(KSPNormTypes[norm]);
      const Outcome plain = solve(one, KSPCG, "boxmg", norm);
      EXPECT_GT(plain.reason, 0);
      expect_same(solve(two, KSPCGFUSED, "boxmg", norm), plain, 1e-6);
      expect_same(solve(three, KSPCGFUSED, "boxmg", norm, flexible), plain, 1e-6);
    }
}

TEST(CgFused, OnVecsTakesTheStepsOfCg) {
  for (const KSPNormType norm : norms)
    for (const char* type : {MATSTENCIL, MATAIJ}) {
      Problem one(grids[0], type), two(grids[0], type), three(grids[0], type);
      const Outcome plain = solve(one, KSPCG, PCJACOBI, norm);
      EXPECT_GT(plain.reason, 0);
      expect_same(solve(two, KSPCGFUSED, PCJACOBI, norm), plain, 1e-9);
      expect_same(solve(three, KSPCGFUSED, PCJACOBI, norm, flexible), plain, 1e-9);
    }
}

// A monitor that applies the preconditioner, whose fields the method counts on.
TEST(CgFused, BearsMonitorsThatUseThePreconditioner) {
  const auto watch = [](KSP ksp) {
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
  };
  for (const KSPNormType norm : norms) {
    Problem one(grids[0]), two(grids[0]);
    const Outcome plain = solve(one, KSPCG, "boxmg", norm);
    expect_same(solve(two, KSPCGFUSED, "boxmg", norm, watch), plain, 1e-6);
  }
}

TEST(CgFused, ReachesTheTrueResidual) {
  Problem problem(grids[0]);
  const Outcome o = solve(problem, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, [](KSP ksp) {
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-12, 1e-300, 1e10, 60));
  });
  EXPECT_GT(o.reason, 0);
  EXPECT_LT(o.true_residual, 1e-11);
}

TEST(CgFused, KeepsToTheComplementOfANullSpace) {
  const auto attach = [](KSP ksp) {
    Mat a;
    MatNullSpace constant;
    LINNET_CHECK(KSPGetOperators(ksp, &a, nullptr));
    LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &constant));
    LINNET_CHECK(MatSetNullSpace(a, constant));
    LINNET_CHECK(MatNullSpaceDestroy(&constant));
    LINNET_CHECK(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
  };
  Problem one(grids[0], MATSTENCIL, 0.0), two(grids[0], MATSTENCIL, 0.0);
  const Outcome plain = solve(one, KSPCG, "boxmg", KSP_NORM_PRECONDITIONED, attach);
  EXPECT_GT(plain.reason, 0);
  expect_same(solve(two, KSPCGFUSED, "boxmg", KSP_NORM_PRECONDITIONED, attach), plain, 1e-6);
}

TEST(CgFused, StopsWhereCgStops) {
  const auto shifted = [](KSP ksp) {
    Mat a;
    LINNET_CHECK(KSPGetOperators(ksp, &a, nullptr));
    LINNET_CHECK(MatShift(a, -4.0)); // indefinite
  };
  Problem one(grids[0], MATAIJ), two(grids[0], MATAIJ);
  const Outcome plain = solve(one, KSPCG, PCNONE, KSP_NORM_UNPRECONDITIONED, shifted);
  const Outcome fused = solve(two, KSPCGFUSED, PCNONE, KSP_NORM_UNPRECONDITIONED, shifted);
  EXPECT_EQ(plain.reason, KSP_DIVERGED_INDEFINITE_MAT);
  expect_same(fused, plain, 1e-9);
  const auto few = [](KSP ksp) { LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, 1e10, 3)); };
  Problem three(grids[0]), four(grids[0]);
  const Outcome short_plain = solve(three, KSPCG, "boxmg", KSP_NORM_UNPRECONDITIONED, few);
  EXPECT_EQ(short_plain.reason, KSP_DIVERGED_ITS);
  expect_same(solve(four, KSPCGFUSED, "boxmg", KSP_NORM_UNPRECONDITIONED, few), short_plain, 1e-6);
}
