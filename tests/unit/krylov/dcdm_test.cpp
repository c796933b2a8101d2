// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// KSP dcdm with directions good, bad and broken: conjugate gradients where it should be, textbook
// steps, an energy error that never grows, and an honest end.
#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/krylov/dcdm.hpp>

#include <petscdmda.h>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

using namespace linnet;
using core::Owned;
using krylov::DcdmOptions;
using krylov::DcdmStatistics;

namespace {

/// d = f(r): this rank's values.
using Generator = std::function<void(Vec r, Vec d)>;

PetscErrorCode apply_generator(PC pc, Vec r, Vec d) {
  PetscFunctionBeginUser;
  const Generator* f = nullptr;
  PetscCall(PCShellGetContext(pc, &f));
  LINNET_PETSC_GUARD((*f)(r, d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Of a global index, the same on any ranks.
double noise(std::uint64_t seed, PetscInt i) {
  return 2.0 * core::RandomStream(seed, 0).uniform(static_cast<std::uint64_t>(i)) - 1.0;
}

Generator scaled(double factor) {
  return [factor](Vec r, Vec d) {
    LINNET_CHECK(VecCopy(r, d));
    LINNET_CHECK(VecScale(d, factor));
  };
}

/// The five-point Laplacian on n x n points, with jumps in the reaction; Neumann: singular.
class Problem {
public:
  Problem(MPI_Comm comm, PetscInt n, bool singular = false) : n_(n) {
    Mat a = nullptr;
    LINNET_CHECK(
        MatCreateAIJ(comm, PETSC_DECIDE, PETSC_DECIDE, n * n, n * n, 5, nullptr, 5, nullptr, &a));
    a_.reset(a);
    PetscInt begin = 0, end = 0;
    LINNET_CHECK(MatGetOwnershipRange(a, &begin, &end));
    for (PetscInt row = begin; row < end; ++row) {
      const PetscInt i = row % n, j = row / n;
      double sum = singular ? 0.0 : (i < n / 2 ? 0.1 : 0.01);
      const auto couple = [&](PetscInt k, PetscInt l) {
        const bool inside = k >= 0 && l >= 0 && k < n && l < n;
        if (!inside && singular) return;
        sum += 1.0;
        if (inside) LINNET_CHECK(MatSetValue(a, row, k + n * l, -1.0, INSERT_VALUES));
      };
      couple(i - 1, j), couple(i + 1, j), couple(i, j - 1), couple(i, j + 1);
      LINNET_CHECK(MatSetValue(a, row, row, sum, INSERT_VALUES));
    }
    LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
    if (!singular) return;
    MatNullSpace constants = nullptr;
    LINNET_CHECK(MatNullSpaceCreate(comm, PETSC_TRUE, 0, nullptr, &constants));
    LINNET_CHECK(MatSetNullSpace(a, constants));
    LINNET_CHECK(MatNullSpaceDestroy(&constants));
  }
  [[nodiscard]] Mat matrix() const { return a_.get(); }
  [[nodiscard]] Owned<Vec> vector(std::uint64_t seed = 0) const {
    Vec v = nullptr;
    PetscInt begin = 0, end = 0;
    LINNET_CHECK(MatCreateVecs(a_.get(), &v, nullptr));
    LINNET_CHECK(VecGetOwnershipRange(v, &begin, &end));
    for (PetscInt i = begin; seed > 0 && i < end; ++i)
      LINNET_CHECK(VecSetValue(v, i, noise(seed, i), INSERT_VALUES));
    LINNET_CHECK(VecAssemblyBegin(v));
    LINNET_CHECK(VecAssemblyEnd(v));
    return Owned<Vec>(v);
  }

private:
  PetscInt n_;
  Owned<Mat> a_;
};

struct Outcome {
  std::vector<double> norms;
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  DcdmStatistics statistics;
  Owned<Vec> x;
  double true_residual = 0.0; ///< |b - A x| / |b|
};

struct Setting {
  DcdmOptions dcdm;
  double rtol = 1e-8;
  PetscInt max_it = 200;
  const char* type = KSPDCDM;
  std::function<void(KSP)> configure;
};

Setting with_mmax(PetscInt mmax) {
  Setting s;
  s.dcdm.mmax = mmax;
  return s;
}

Outcome solve(const Problem& problem, Vec b, const Generator& f, const Setting& s = {}) {
  KSP raw = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(b)), &raw));
  const Owned<KSP> ksp(raw);
  std::vector<PetscReal> history(1000);
  PetscInt count = 0;
  Outcome result;
  LINNET_CHECK(KSPSetOperators(raw, problem.matrix(), problem.matrix()));
  LINNET_CHECK(KSPSetType(raw, s.type));
  if (std::string(s.type) == KSPDCDM) LINNET_CHECK(krylov::KSPDCDMSetOptions(raw, s.dcdm));
  LINNET_CHECK(KSPGetPC(raw, &pc));
  LINNET_CHECK(PCSetType(pc, PCSHELL));
  LINNET_CHECK(PCShellSetContext(pc, const_cast<Generator*>(&f)));
  LINNET_CHECK(PCShellSetApply(pc, apply_generator));
  LINNET_CHECK(KSPSetNormType(raw, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(raw, s.rtol, 1e-300, 1e20, s.max_it));
  LINNET_CHECK(KSPSetResidualHistory(raw, history.data(), 1000, PETSC_TRUE));
  if (s.configure) s.configure(raw);
  result.x = problem.vector();
  LINNET_CHECK(KSPSolve(raw, b, result.x.get()));
  LINNET_CHECK(KSPGetResidualHistory(raw, nullptr, &count));
  result.norms.assign(history.begin(), history.begin() + count);
  LINNET_CHECK(KSPGetConvergedReason(raw, &result.reason));
  LINNET_CHECK(KSPGetIterationNumber(raw, &result.iterations));
  if (std::string(s.type) == KSPDCDM)
    LINNET_CHECK(krylov::KSPDCDMGetStatistics(raw, &result.statistics));
  const Owned<Vec> r = problem.vector();
  double size = 0.0;
  LINNET_CHECK(MatMult(problem.matrix(), result.x.get(), r.get()));
  LINNET_CHECK(VecAYPX(r.get(), -1.0, b));
  LINNET_CHECK(VecNorm(r.get(), NORM_2, &result.true_residual));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  if (size > 0.0) result.true_residual /= size;
  return result;
}

void expect_same_history(const Outcome& a, const Outcome& b, double tolerance,
                         const std::string& what) {
  // Of nonlinear directions rounding grows from step to step.
  const std::size_t count = std::min({a.norms.size(), b.norms.size(), std::size_t{40}});
  EXPECT_GE(count, 5U) << what;
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_NEAR(a.norms[i] / b.norms[i], 1.0, tolerance) << what << ' ' << i;
}

/// A^-1 by PETSc's LU on every rank.
class Inverse {
public:
  explicit Inverse(Mat a) {
    LINNET_CHECK(PCCreate(PetscObjectComm(reinterpret_cast<PetscObject>(a)), &pc_));
    LINNET_CHECK(PCSetOperators(pc_, a, a));
    LINNET_CHECK(PCSetType(pc_, PCREDUNDANT));
    LINNET_CHECK(PCSetUp(pc_));
  }
  ~Inverse() { PCDestroy(&pc_); }
  Inverse(const Inverse&) = delete;
  Inverse& operator=(const Inverse&) = delete;
  void operator()(Vec r, Vec d) const { LINNET_CHECK(PCApply(pc_, r, d)); }

private:
  PC pc_ = nullptr;
};

double to_half(double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  const int places = std::max(exponent - 11, -24);
  const double unit = std::ldexp(1.0, places);
  const double rounded = std::nearbyint(x / unit) * unit;
  return std::abs(rounded) > 65504.0 ? std::copysign(HUGE_VAL, x) : rounded;
}

Generator rounded(const Generator& f, const std::function<double(double)>& round) {
  return [=](Vec r, Vec d) {
    PetscScalar* values = nullptr;
    PetscInt count = 0;
    Vec narrow = nullptr;
    const auto narrowed = [&](Vec v) {
      LINNET_CHECK(VecGetLocalSize(v, &count));
      LINNET_CHECK(VecGetArray(v, &values));
      for (PetscInt i = 0; i < count; ++i) values[i] = round(values[i]);
      LINNET_CHECK(VecRestoreArray(v, &values));
    };
    LINNET_CHECK(VecDuplicate(r, &narrow));
    LINNET_CHECK(VecCopy(r, narrow));
    narrowed(narrow);
    f(narrow, d);
    narrowed(d);
    LINNET_CHECK(VecDestroy(&narrow));
  };
}

double energy_norm(Mat a, Vec e) {
  Vec ae = nullptr;
  PetscScalar square = 0.0;
  LINNET_CHECK(VecDuplicate(e, &ae));
  LINNET_CHECK(MatMult(a, e, ae));
  LINNET_CHECK(VecDot(e, ae, &square));
  LINNET_CHECK(VecDestroy(&ae));
  return std::sqrt(square);
}

} // namespace

// Known counts: 1, 2 and 4 iterations to 1e-13 for the inverse in double, single and half
// precision; a small right-hand side shows that the network sees a residual of norm 1.
TEST(Dcdm, AnInverseTakesOneIterationAndRoundedOnesAFew) {
  const Problem problem(PETSC_COMM_WORLD, 16);
  const Inverse inverse(problem.matrix());
  const Generator exact = [&](Vec r, Vec d) { inverse(r, d); };
  const Owned<Vec> b = problem.vector(1);
  LINNET_CHECK(VecScale(b.get(), 1e-6));
  for (const PetscInt mmax : {0, 1, 2, 5}) {
    Setting s = with_mmax(mmax);
    s.rtol = 1e-12;
    EXPECT_EQ(solve(problem, b.get(), exact, s).iterations, 1) << mmax;
    s.rtol = 1e-13;
    const Generator single = rounded(exact, [](double x) { return double(float(x)); });
    EXPECT_EQ(solve(problem, b.get(), single, s).iterations, 2) << mmax;
    const Outcome half = solve(problem, b.get(), rounded(exact, to_half), s);
    EXPECT_GT(half.reason, 0) << mmax;
    EXPECT_LE(half.iterations, 5) << mmax;
    EXPECT_EQ(half.statistics.rejected, 0) << mmax;
    s.dcdm.normalise = PETSC_FALSE; // then half precision has no digits for it, which is caught
    EXPECT_GT(solve(problem, b.get(), rounded(exact, to_half), s).statistics.rejected, 0) << mmax;
  }
}

TEST(Dcdm, TheIdentityGivesConjugateGradients) {
  const Problem problem(PETSC_COMM_WORLD, 20);
  const Owned<Vec> b = problem.vector(2);
  Setting cg;
  cg.type = KSPCG;
  const Outcome expected = solve(problem, b.get(), scaled(1.0), cg);
  for (const PetscInt mmax : {1, 2, 5, 100})
    for (const auto gs : {krylov::GramSchmidt::classical, krylov::GramSchmidt::modified}) {
      Setting s = with_mmax(mmax);
      s.dcdm.gram_schmidt = gs;
      const Outcome found = solve(problem, b.get(), scaled(1.0), s);
      EXPECT_GT(found.reason, 0);
      EXPECT_NEAR(found.iterations, expected.iterations, 1) << mmax;
      for (std::size_t i = 0; i < 40; ++i)
        EXPECT_NEAR(found.norms[i] / expected.norms[i], 1.0, 1e-10) << mmax << ' ' << i;
    }
}

// The history of PETSc's flexible conjugate gradients with the same window.
TEST(Dcdm, EqualsFlexibleConjugateGradients) {
  const Problem problem(PETSC_COMM_WORLD, 20);
  const Owned<Vec> b = problem.vector(3);
  // Nonlinear: Jacobi where the residual is positive, less elsewhere.
  const Generator gate = [](Vec r, Vec d) {
    PetscScalar *to = nullptr, *from = nullptr;
    PetscInt count = 0;
    LINNET_CHECK(VecCopy(r, d));
    LINNET_CHECK(VecGetLocalSize(d, &count));
    LINNET_CHECK(VecGetArray(d, &to));
    LINNET_CHECK(VecGetArray(r, &from));
    for (PetscInt i = 0; i < count; ++i) to[i] = from[i] > 0.0 ? 0.25 * from[i] : 0.1 * from[i];
    LINNET_CHECK(VecRestoreArray(r, &from));
    LINNET_CHECK(VecRestoreArray(d, &to));
  };
  for (const PetscInt mmax : {1, 2, 5}) {
    Setting fcg;
    fcg.type = KSPFCG;
    fcg.configure = [mmax](KSP ksp) {
      LINNET_CHECK(KSPFCGSetMmax(ksp, mmax));
      LINNET_CHECK(KSPFCGSetNprealloc(ksp, mmax));
      LINNET_CHECK(KSPFCGSetTruncationType(ksp, KSP_FCD_TRUNC_TYPE_STANDARD));
    };
    const Outcome expected = solve(problem, b.get(), gate, fcg);
    const Outcome found = solve(problem, b.get(), gate, with_mmax(mmax));
    EXPECT_EQ(found.iterations, expected.iterations) << mmax;
    expect_same_history(found, expected, 1e-8, "mmax " + std::to_string(mmax));
  }
  // Scale and sign of the directions do not matter.
  const Outcome plain = solve(problem, b.get(), gate);
  for (const double factor : {7.3, -0.01}) {
    const Generator other = [&](Vec r, Vec d) {
      gate(r, d);
      LINNET_CHECK(VecScale(d, factor));
    };
    expect_same_history(solve(problem, b.get(), other), plain, 1e-10, "scaled");
  }
}

// The published program recomputes the residual in each step: its loop, written out.
TEST(Dcdm, TrueResidualsGiveTheTextbookSteps) {
  const Problem problem(PETSC_COMM_WORLD, 12);
  const Owned<Vec> b = problem.vector(4), r = problem.vector(), x = problem.vector(),
                   q = problem.vector(), aq = problem.vector();
  Setting s = with_mmax(2);
  s.dcdm.true_residual_every = 1;
  const Generator f = [](Vec from, Vec d) {
    LINNET_CHECK(VecCopy(from, d));
    LINNET_CHECK(VecAbs(d));
    LINNET_CHECK(VecAXPY(d, 3.0, from));
  };
  const Outcome found = solve(problem, b.get(), f, s);
  std::vector<Owned<Vec>> p, ap;
  std::vector<double> energy;
  LINNET_CHECK(VecCopy(b.get(), r.get()));
  const std::size_t steps = std::min<std::size_t>(found.norms.size() - 1, 60);
  for (std::size_t k = 0; k < steps; ++k) {
    double norm = 0.0;
    PetscScalar g = 0.0, qr = 0.0;
    LINNET_CHECK(VecNorm(r.get(), NORM_2, &norm));
    EXPECT_NEAR(found.norms[k] / norm, 1.0, 1e-9) << k;
    LINNET_CHECK(VecScale(r.get(), 1.0 / norm));
    f(r.get(), q.get());
    std::vector<PetscScalar> dots;
    for (std::size_t j = k >= 2 ? k - 2 : 0; j < k; ++j) {
      dots.emplace_back();
      LINNET_CHECK(VecDot(q.get(), ap[j].get(), &dots.back()));
    }
    for (std::size_t j = k >= 2 ? k - 2 : 0, i = 0; j < k; ++j, ++i)
      LINNET_CHECK(VecAXPY(q.get(), -dots[i] / energy[j], p[j].get()));
    LINNET_CHECK(MatMult(problem.matrix(), q.get(), aq.get()));
    LINNET_CHECK(VecDot(q.get(), aq.get(), &g));
    LINNET_CHECK(VecDot(q.get(), r.get(), &qr));
    LINNET_CHECK(VecAXPY(x.get(), norm * qr / g, q.get()));
    p.push_back(problem.vector());
    ap.push_back(problem.vector());
    energy.push_back(g);
    LINNET_CHECK(VecCopy(q.get(), p.back().get()));
    LINNET_CHECK(VecCopy(aq.get(), ap.back().get()));
    LINNET_CHECK(MatMult(problem.matrix(), x.get(), r.get()));
    LINNET_CHECK(VecAYPX(r.get(), -1.0, b.get()));
  }
}

TEST(Dcdm, DirectionsAreConjugateWithinTheWindow) {
  const Problem problem(PETSC_COMM_WORLD, 16);
  const Owned<Vec> b = problem.vector(5);
  std::uint64_t call = 0;
  const Generator f = [&](Vec r, Vec d) { // the residual and as much noise
    PetscInt begin = 0, end = 0;
    PetscScalar* values = nullptr;
    const std::uint64_t seed = 100 + call++;
    LINNET_CHECK(VecCopy(r, d));
    LINNET_CHECK(VecGetOwnershipRange(d, &begin, &end));
    LINNET_CHECK(VecGetArray(d, &values));
    for (PetscInt i = begin; i < end; ++i) values[i - begin] += 0.1 * noise(seed, i);
    LINNET_CHECK(VecRestoreArray(d, &values));
  };
  for (const PetscInt mmax : {1, 3, 8}) {
    call = 0;
    Setting s = with_mmax(mmax);
    s.dcdm.monitor_conjugacy = PETSC_TRUE;
    s.max_it = 30;
    testing::internal::CaptureStdout();
    const Outcome found = solve(problem, b.get(), f, s);
    const std::string text = testing::internal::GetCapturedStdout();
    EXPECT_LE(found.statistics.conjugacy, 1e-10) << mmax;
    int rank = 0;
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
    if (rank == 0) {
      EXPECT_NE(text.find("DCDM conjugacy"), std::string::npos);
    }
  }
}

// Valid directions that lead nowhere: conjugate gradients with Jacobi take over, so that the count
// is bounded by theirs, the wait before and the phases in which the generator gets another chance.
TEST(Dcdm, DirectionsThatLeadNowhereAreLeft) {
  const Problem problem(PETSC_COMM_WORLD, 20);
  const Owned<Vec> b = problem.vector(5);
  std::uint64_t call = 0;
  const Generator noise_alone = [&](Vec, Vec d) {
    PetscInt begin = 0, end = 0;
    const std::uint64_t seed = 1000 + call++;
    LINNET_CHECK(VecGetOwnershipRange(d, &begin, &end));
    for (PetscInt i = begin; i < end; ++i)
      LINNET_CHECK(VecSetValue(d, i, noise(seed, i), INSERT_VALUES));
    LINNET_CHECK(VecAssemblyBegin(d));
    LINNET_CHECK(VecAssemblyEnd(d));
  };
  const PetscInt alone = solve(problem, b.get(), scaled(1.0)).iterations;
  const Outcome found = solve(problem, b.get(), noise_alone);
  EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL);
  EXPECT_LE(found.true_residual, 1e-8 * (1.0 + 1e-6));
  EXPECT_GE(found.statistics.abandoned, 1);
  EXPECT_EQ(found.statistics.rejected, 0);
  EXPECT_LE(found.iterations, 3 * alone + 60);
}

// Slow is not useless: the residual of conjugate gradients may stand for long, too.
TEST(Dcdm, ConjugateGradientsAreNeverLeft) {
  const Problem problem(PETSC_COMM_WORLD, 60);
  const Owned<Vec> b = problem.vector();
  // All of the right-hand side at one corner: the residual spreads before it falls.
  LINNET_CHECK(VecSetValue(b.get(), 0, 1.0, ADD_VALUES));
  LINNET_CHECK(VecAssemblyBegin(b.get()));
  LINNET_CHECK(VecAssemblyEnd(b.get()));
  const Outcome found = solve(problem, b.get(), scaled(1.0));
  EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL);
  EXPECT_EQ(found.statistics.abandoned, 0);
}

// The energy error falls by the factor of the exact line search, and so never grows, whatever the
// directions are.
TEST(Dcdm, TheEnergyErrorNeverGrows) {
  const Problem problem(PETSC_COMM_WORLD, 12);
  const Inverse inverse(problem.matrix());
  const Owned<Vec> exact = problem.vector(6), b = problem.vector(), e = problem.vector();
  LINNET_CHECK(MatMult(problem.matrix(), exact.get(), b.get()));
  std::uint64_t call = 0;
  const std::vector<std::pair<std::string, Generator>> generators = {
      {"random",
       [&](Vec, Vec d) {
         PetscInt begin = 0, end = 0;
         const std::uint64_t seed = 1000 + call++;
         LINNET_CHECK(VecGetOwnershipRange(d, &begin, &end));
         for (PetscInt i = begin; i < end; ++i)
           LINNET_CHECK(VecSetValue(d, i, noise(seed, i), INSERT_VALUES));
         LINNET_CHECK(VecAssemblyBegin(d));
         LINNET_CHECK(VecAssemblyEnd(d));
       }},
      {"indefinite",
       [](Vec r, Vec d) {
         PetscInt begin = 0, end = 0;
         PetscScalar* values = nullptr;
         LINNET_CHECK(VecCopy(r, d));
         LINNET_CHECK(VecGetOwnershipRange(d, &begin, &end));
         LINNET_CHECK(VecGetArray(d, &values));
         for (PetscInt i = begin; i < end; ++i) values[i - begin] *= i % 3 == 0 ? -1.0 : 1.0;
         LINNET_CHECK(VecRestoreArray(d, &values));
       }},
      {"wrong sign", scaled(-1.0)}};
  for (const auto& [name, f] : generators) {
    call = 0;
    double before = energy_norm(problem.matrix(), exact.get());
    for (PetscInt its = 1; its <= 12; ++its) {
      call = 0;
      Setting s;
      s.max_it = its;
      s.rtol = 1e-14;
      const Outcome found = solve(problem, b.get(), f, s);
      LINNET_CHECK(VecWAXPY(e.get(), -1.0, found.x.get(), exact.get()));
      const double after = energy_norm(problem.matrix(), e.get());
      EXPECT_LE(after, before * (1.0 + 1e-12)) << name << ' ' << its;
      before = after;
    }
  }
  // |I - M A| <= 1/4 in the energy norm: each step contracts by that at least.
  const Generator close = [&](Vec r, Vec d) {
    PetscInt begin = 0, end = 0;
    inverse(r, d);
    const double size = energy_norm(problem.matrix(), d);
    const Owned<Vec> error = problem.vector();
    const std::uint64_t seed = 2000 + call++;
    LINNET_CHECK(VecGetOwnershipRange(error.get(), &begin, &end));
    for (PetscInt i = begin; i < end; ++i)
      LINNET_CHECK(VecSetValue(error.get(), i, noise(seed, i), INSERT_VALUES));
    LINNET_CHECK(VecAssemblyBegin(error.get()));
    LINNET_CHECK(VecAssemblyEnd(error.get()));
    LINNET_CHECK(VecAXPY(d, 0.25 * size / energy_norm(problem.matrix(), error.get()), error.get()));
  };
  for (const PetscInt mmax : {0, 2}) {
    double before = energy_norm(problem.matrix(), exact.get());
    for (PetscInt its = 1; its <= 6; ++its) {
      call = 0;
      Setting s = with_mmax(mmax);
      s.max_it = its;
      s.rtol = 1e-14;
      const Outcome found = solve(problem, b.get(), close, s);
      LINNET_CHECK(VecWAXPY(e.get(), -1.0, found.x.get(), exact.get()));
      const double after = energy_norm(problem.matrix(), e.get());
      EXPECT_LE(after, 0.25 * before * (1.0 + 1e-8)) << mmax << ' ' << its;
      before = after;
    }
  }
}

// No false convergence, and a documented end.
TEST(Dcdm, BrokenDirectionsFallBackToTheDiagonal) {
  const Problem problem(PETSC_COMM_WORLD, 16);
  const Owned<Vec> b = problem.vector(7);
  const auto constant = [](double value) {
    return Generator([value](Vec, Vec d) { LINNET_CHECK(VecSet(d, value)); });
  };
  const Generator orthogonal = [](Vec r, Vec d) { // 1 - (1.r) r / |r|^2
    PetscScalar sum = 0.0;
    double norm = 0.0;
    LINNET_CHECK(VecSum(r, &sum));
    LINNET_CHECK(VecNorm(r, NORM_2, &norm));
    LINNET_CHECK(VecSet(d, 1.0));
    LINNET_CHECK(VecAXPY(d, -sum / (norm * norm), r));
  };
  for (const auto& [name, f] :
       std::vector<std::pair<std::string, Generator>>{{"zero", constant(0.0)},
                                                      {"nan", constant(NAN)},
                                                      {"infinite", constant(HUGE_VAL)},
                                                      {"huge", constant(1e200)}}) {
    const Outcome found = solve(problem, b.get(), f);
    EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << name;
    EXPECT_LE(found.true_residual, 1e-8) << name;
    EXPECT_EQ(found.statistics.rejected, found.iterations) << name;
    EXPECT_LE(found.iterations, 60) << name; // conjugate gradients with Jacobi
  }
  for (const auto& [name, f] : std::vector<std::pair<std::string, Generator>>{
           {"constant", constant(1.0)}, {"orthogonal", orthogonal}, {"wrong sign", scaled(-1.0)}}) {
    Setting s;
    s.max_it = 900;
    const Outcome found = solve(problem, b.get(), f, s);
    EXPECT_TRUE(found.reason == KSP_CONVERGED_RTOL || found.reason == KSP_DIVERGED_ITS) << name;
    if (found.reason > 0) {
      EXPECT_LE(found.true_residual, 1e-8 * (1.0 + 1e-12)) << name;
    }
  }
}

TEST(Dcdm, EndsAreHonest) {
  const Problem problem(PETSC_COMM_WORLD, 16);
  const Owned<Vec> b = problem.vector(8), zero = problem.vector();
  EXPECT_EQ(solve(problem, zero.get(), scaled(1.0)).iterations, 0);
  EXPECT_EQ(solve(problem, zero.get(), scaled(1.0)).reason, KSP_CONVERGED_ATOL);
  Setting few;
  few.max_it = 3;
  EXPECT_EQ(solve(problem, b.get(), scaled(1.0), few).reason, KSP_DIVERGED_ITS);
  // More digits than there are: not converged, whatever the recursion says.
  Setting deep;
  deep.rtol = 1e-19;
  deep.max_it = 900;
  EXPECT_LT(solve(problem, b.get(), scaled(1.0), deep).reason, 0);
  // Right to the last digit asked for.
  deep.rtol = 1e-12;
  const Outcome found = solve(problem, b.get(), scaled(1.0), deep);
  EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL);
  EXPECT_LE(found.true_residual, 1e-12);
  // An indefinite matrix is told.
  const Problem minus(PETSC_COMM_WORLD, 8);
  LINNET_CHECK(MatScale(minus.matrix(), -1.0));
  const Owned<Vec> c = minus.vector(9);
  EXPECT_EQ(solve(minus, c.get(), scaled(1.0)).reason, KSP_DIVERGED_INDEFINITE_MAT);
  const Owned<Vec> bad = problem.vector(10);
  LINNET_CHECK(VecSetValue(bad.get(), 3, NAN, INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(bad.get()));
  LINNET_CHECK(VecAssemblyEnd(bad.get()));
  EXPECT_EQ(solve(problem, bad.get(), scaled(1.0)).reason, KSP_DIVERGED_NANORINF);
}

TEST(Dcdm, NullSpacesAreTakenOut) {
  const Problem problem(PETSC_COMM_WORLD, 16, true);
  const Owned<Vec> b = problem.vector(11);
  PetscScalar sum = 0.0, mean = 0.0;
  LINNET_CHECK(VecSum(b.get(), &sum));
  LINNET_CHECK(VecShift(b.get(), -sum / 256.0));
  const Generator shifted = [](Vec r, Vec d) { // leaves the range of A
    LINNET_CHECK(VecCopy(r, d));
    LINNET_CHECK(VecShift(d, 0.3));
  };
  for (const Generator& f : {scaled(1.0), shifted, scaled(0.0)}) { // the last falls back
    const Outcome found = solve(problem, b.get(), f);
    EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL);
    EXPECT_LE(found.true_residual, 1e-8 * (1.0 + 1e-6));
    LINNET_CHECK(VecSum(found.x.get(), &mean));
    EXPECT_LE(std::abs(mean), 1e-10);
  }
  // Data that do not fit: the projected problem is solved.
  LINNET_CHECK(VecShift(b.get(), 0.5));
  const Outcome projected = solve(problem, b.get(), scaled(1.0));
  EXPECT_EQ(projected.reason, KSP_CONVERGED_RTOL);
  EXPECT_TRUE(std::isfinite(projected.true_residual));
}

TEST(Dcdm, RanksDoNotMatter) {
  const Problem many(PETSC_COMM_WORLD, 17), one(PETSC_COMM_SELF, 17);
  const Owned<Vec> b = many.vector(12), c = one.vector(12);
  const Outcome parallel = solve(many, b.get(), scaled(1.0)),
                serial = solve(one, c.get(), scaled(1.0));
  EXPECT_EQ(parallel.iterations, serial.iterations);
  expect_same_history(parallel, serial, 1e-8, "ranks");
}
