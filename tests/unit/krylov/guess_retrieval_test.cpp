// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The initial guess from earlier solves: exact where it can be, never worse than zero, the same on
// any number of ranks and with a store that was read back, through changes of the matrix.
#include "unit/io/scratch.hpp"
#include "unit/multigrid/diffusion_matrix.hpp"

#include "support/petsc_messages.hpp"

#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/krylov/guess_record.hpp>
#include <linnet/krylov/guess_retrieval.hpp>
#include <linnet/krylov/stored_solves.hpp>

#include <petsc/private/petscimpl.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace linnet;
using core::Owned;
using krylov::RetrievalCounters;
using krylov::RetrievalOptions;
using linnet::test::DiffusionCase;

namespace {

constexpr int nx = 24, ny = 20;

DiffusionCase make_case(bool dirichlet = true) {
  DiffusionCase c;
  c.dimension = 2;
  c.points = {nx, ny, 1};
  c.dirichlet = dirichlet;
  c.kappa = [](int i, int j, int) { return 1.0 + ((3 * i + 5 * j) % 7 < 3 ? 4.0 : 0.0); };
  return c;
}

double norm(Vec v) {
  PetscReal value = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &value));
  return value;
}

/// A system on @p comm and a KSP with the guess.
class Case {
public:
  explicit Case(MPI_Comm comm, const RetrievalOptions& options = {}, bool dirichlet = true)
      : da(test::make_da(comm, make_case(dirichlet))),
        A(test::make_matrix(da.get(), make_case(dirichlet))) {
    KSP created = nullptr;
    PC pc = nullptr;
    LINNET_CHECK(KSPCreate(comm, &created));
    ksp.reset(created);
    LINNET_CHECK(KSPSetOperators(created, A.get(), A.get()));
    LINNET_CHECK(KSPSetType(created, KSPCG));
    LINNET_CHECK(KSPSetNormType(created, KSP_NORM_UNPRECONDITIONED));
    LINNET_CHECK(KSPSetTolerances(created, 1e-9, 1e-300, PETSC_DEFAULT, 1000));
    LINNET_CHECK(KSPGetPC(created, &pc));
    LINNET_CHECK(PCSetType(pc, PCJACOBI));
    LINNET_CHECK(KSPGuessSetType(guess(), KSPGUESSRETRIEVAL));
    LINNET_CHECK(krylov::KSPGuessRetrievalSetOptions(guess(), options));
  }
  [[nodiscard]] KSPGuess guess() const {
    KSPGuess g = nullptr;
    LINNET_CHECK(KSPGetGuess(ksp.get(), &g));
    return g;
  }
  [[nodiscard]] Owned<Vec> vector() const {
    Vec v = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(da.get(), &v));
    return Owned<Vec>(v);
  }
  /// A bump of about 4 cells around the point (x,y), in cells.
  [[nodiscard]] Owned<Vec> bump(double x, double y) const {
    Owned<Vec> b = vector();
    PetscInt x0 = 0, y0 = 0, mx = 0, my = 0;
    PetscScalar** values = nullptr;
    LINNET_CHECK(DMDAGetCorners(da.get(), &x0, &y0, nullptr, &mx, &my, nullptr));
    LINNET_CHECK(DMDAVecGetArray(da.get(), b.get(), &values));
    for (PetscInt j = y0; j < y0 + my; ++j)
      for (PetscInt i = x0; i < x0 + mx; ++i)
        values[j][i] = std::exp(-((i - x) * (i - x) + (j - y) * (j - y)) / 32.0);
    LINNET_CHECK(DMDAVecRestoreArray(da.get(), b.get(), &values));
    return b;
  }
  /// Solves for @p b; returns the iterations, or minus the reason it failed with.
  int solve(Vec b, Vec x) const {
    LINNET_CHECK(KSPSolve(ksp.get(), b, x));
    PetscInt iterations = 0;
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    LINNET_CHECK(KSPGetIterationNumber(ksp.get(), &iterations));
    LINNET_CHECK(KSPGetConvergedReason(ksp.get(), &reason));
    return static_cast<int>(reason > 0 ? iterations : PetscInt{reason});
  }
  int solve(Vec b) const { return solve(b, vector().get()); }
  /// |b - A x| / |b| of the guess alone, or 1 where it is left to be zero.
  double guess_residual(Vec b) const {
    const Owned<Vec> x = vector(), r = vector();
    LINNET_CHECK(VecSet(x.get(), 3.0));
    PetscObjectState before = 0, after = 0;
    LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(x.get()), &before));
    LINNET_CHECK(KSPGuessFormGuess(guess(), b, x.get()));
    LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(x.get()), &after));
    if (before == after) return 1.0;
    LINNET_CHECK(MatMult(A.get(), x.get(), r.get()));
    LINNET_CHECK(VecAYPX(r.get(), -1.0, b));
    return norm(r.get()) / norm(b);
  }
  [[nodiscard]] RetrievalCounters counters() const {
    RetrievalCounters c;
    LINNET_CHECK(krylov::KSPGuessRetrievalGetCounters(guess(), &c));
    return c;
  }

  Owned<DM> da;
  Owned<Mat> A;
  Owned<KSP> ksp;
};

/// What A makes of a combination of solutions for bumps, which a store of them solves at once.
Owned<Vec> combination(const Case& c, const std::vector<std::array<double, 2>>& places) {
  Owned<Vec> sum = c.vector(), x = c.vector();
  double factor = 1.0;
  for (const auto& [px, py] : places) {
    c.solve(c.bump(px, py).get(), x.get());
    LINNET_CHECK(VecAXPY(sum.get(), factor, x.get()));
    factor *= -1.5;
  }
  LINNET_CHECK(MatMult(c.A.get(), sum.get(), x.get()));
  return x;
}

const std::vector<std::array<double, 2>> places{{6, 6}, {9, 7}, {14, 12}, {17, 5}, {5, 15}};

/// What is in a file, before any rank goes on to change it.
std::string bytes_of(const std::string& path) {
  std::string bytes = test::read_bytes(path);
  MPI_Barrier(PETSC_COMM_WORLD);
  return bytes;
}

/// Iterations of the solves of a source that wanders.
std::vector<int> wander(const Case& c, int solves) {
  const core::RandomStream random(11, 0);
  std::vector<int> iterations;
  for (int i = 0; i < solves; ++i) {
    const double x = 8 + 4 * random.uniform(2 * std::uint64_t(i)),
                 y = 8 + 4 * random.uniform(2 * std::uint64_t(i) + 1);
    iterations.push_back(c.solve(c.bump(x, y).get()));
  }
  return iterations;
}

} // namespace

TEST(GuessRetrieval, IsExactInTheSpanOfStoredSolves) {
  const Case c(PETSC_COMM_WORLD);
  const Owned<Vec> b = combination(c, places);
  EXPECT_LE(c.guess_residual(b.get()), 1e-13);
  EXPECT_EQ(c.solve(b.get()), 0);
  EXPECT_EQ(c.counters().stored, 5); // not the last one: it was known
  // Also where only a multiple of one solve is asked for.
  const Owned<Vec> one = c.bump(6, 6);
  LINNET_CHECK(VecScale(one.get(), -1e6));
  EXPECT_LE(c.guess_residual(one.get()), 1e-9); // that of the solve
}

TEST(GuessRetrieval, TakesTheNearest) {
  RetrievalOptions options;
  options.neighbours = 1;
  const Case c(PETSC_COMM_WORLD, options);
  for (const auto& [x, y] : places) c.solve(c.bump(x, y).get());
  // The sine of the angle between the bumps is what is left of the best multiple.
  const Owned<Vec> b = c.bump(14.5, 12.5), near = c.bump(14, 12);
  PetscScalar product = 0.0;
  LINNET_CHECK(VecDot(b.get(), near.get(), &product));
  const double cosine = product / (norm(b.get()) * norm(near.get()));
  EXPECT_NEAR(c.guess_residual(b.get()), std::sqrt(1.0 - cosine * cosine), 1e-7);
}

TEST(GuessRetrieval, IsTheSameOnAllNumbersOfRanks) {
  const Case c(PETSC_COMM_WORLD);
  const std::vector<int> iterations = wander(c, 24);
  const std::vector<int> on_one_rank{82, 83, 82, 74, 79, 81, 76, 78, 68, 73, 63, 61,
                                     64, 66, 64, 57, 56, 71, 57, 62, 61, 56, 65, 49};
  for (std::size_t i = 0; i < on_one_rank.size(); ++i)
    EXPECT_NEAR(iterations[i], on_one_rank[i], 1) << i;
  EXPECT_NEAR(c.counters().reduction, 1.38589e-3, 1e-6);
  EXPECT_EQ(c.counters().guesses, 24);
  EXPECT_EQ(c.counters().used, 23);
}

TEST(GuessRetrieval, IsZeroWhereNothingIsGained) {
  const Case c(PETSC_COMM_WORLD);
  const Owned<Vec> b = c.bump(6, 6), far = c.bump(19, 15);
  EXPECT_EQ(c.guess_residual(b.get()), 1.0); // nothing is stored
  c.solve(b.get());
  EXPECT_EQ(c.guess_residual(far.get()), 1.0);
  EXPECT_GT(c.solve(far.get()), 0);
}

// Two losses, eight solves from zero, a loss twice again, sixteen; a gain, and it begins anew.
TEST(GuessRetrieval, PausesWhereItSavesNoIterations) {
  krylov::GuessRecord record;
  const auto solve = [&](int with, int without) {
    const bool guess = record.wants_guess();
    record.add(guess, guess ? with : without);
    return guess;
  };
  record.add(false, 10);
  std::vector<int> pauses;
  for (int i = 0, pause = 0; i < 60; ++i) {
    if (!solve(12, 10)) {
      ++pause;
    } else if (pause > 0) {
      pauses.push_back(pause);
      pause = 0;
    }
  }
  EXPECT_EQ(pauses, (std::vector<int>{8, 16}));
  while (!record.wants_guess()) record.add(false, 10);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(solve(9 + i % 3, 10)) << i;
  EXPECT_TRUE(solve(12, 10));
  EXPECT_TRUE(solve(12, 10));
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(solve(9, 20)) << i;
  // Solves from zero have become dearer.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(solve(15, 20)) << i;
}

// They take no iterations, with which no guess can compete.
TEST(GuessRetrieval, SolvesForNothingAreNoMeasure) {
  const Case c(PETSC_COMM_WORLD);
  const auto zero = c.vector();
  LINNET_CHECK(VecSet(zero.get(), 0.0));
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(c.solve(zero.get()), 0);
    c.solve(c.bump(0.3 + 0.02 * i, 0.5).get());
  }
  EXPECT_EQ(c.counters().paused, 0);
  EXPECT_GT(c.counters().used, 5);
}

TEST(GuessRetrieval, FollowsTheMatrix) {
  const Case c(PETSC_COMM_WORLD);
  Owned<Vec> b = combination(c, places);
  EXPECT_LE(c.guess_residual(b.get()), 1e-13);
  const PetscInt before = c.counters().products;
  EXPECT_LE(c.guess_residual(b.get()), 1e-13);
  EXPECT_EQ(c.counters().products, before); // the products are known
  // Other values: solutions are no longer those of their right-hand sides, but their span serves.
  const Owned<Vec> diagonal = c.vector(), image = c.vector();
  LINNET_CHECK(MatGetDiagonal(c.A.get(), diagonal.get()));
  LINNET_CHECK(VecScale(diagonal.get(), 1.3));
  LINNET_CHECK(MatDiagonalSet(c.A.get(), diagonal.get(), INSERT_VALUES));
  Owned<Vec> x = c.vector();
  c.solve(c.bump(12, 10).get(), x.get());
  LINNET_CHECK(MatMult(c.A.get(), x.get(), image.get()));
  EXPECT_LE(c.guess_residual(image.get()), 1e-13);
  EXPECT_EQ(c.counters().products, before + 6);
  // Another matrix in its place.
  Mat twice = nullptr;
  LINNET_CHECK(MatDuplicate(c.A.get(), MAT_COPY_VALUES, &twice));
  const Owned<Mat> owner(twice);
  LINNET_CHECK(MatScale(twice, 2.0));
  LINNET_CHECK(KSPSetOperators(c.ksp.get(), twice, twice));
  EXPECT_LE(c.guess_residual(image.get()), 1.1); // with respect to A: half of x
  EXPECT_NEAR(c.guess_residual(image.get()), 0.5, 1e-12);
}

TEST(GuessRetrieval, SolvesWithTheTranspose) {
  const Case c(PETSC_COMM_WORLD);
  LINNET_CHECK(KSPSetType(c.ksp.get(), KSPGMRES));
  PetscInt first = 0, last = 0;
  LINNET_CHECK(MatGetOwnershipRange(c.A.get(), &first, &last));
  const Owned<Vec> left = c.vector();
  for (PetscInt row = first; row < last; ++row)
    LINNET_CHECK(VecSetValue(left.get(), row, 1.0 + 0.5 * std::sin(double(row)), INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(left.get()));
  LINNET_CHECK(VecAssemblyEnd(left.get()));
  LINNET_CHECK(MatDiagonalScale(c.A.get(), left.get(), nullptr)); // no longer symmetric
  const Owned<Vec> x = c.vector(), image = c.vector();
  const auto iterations = [&](Vec b) {
    PetscInt count = 0;
    LINNET_CHECK(KSPSolveTranspose(c.ksp.get(), b, x.get()));
    LINNET_CHECK(KSPGetIterationNumber(c.ksp.get(), &count));
    return count;
  };
  EXPECT_GT(iterations(c.bump(6, 6).get()), 0);
  LINNET_CHECK(MatMultTranspose(c.A.get(), x.get(), image.get()));
  EXPECT_EQ(iterations(image.get()), 0);
}

TEST(GuessRetrieval, WhatIsNotAskedForMakesRoom) {
  RetrievalOptions options;
  options.capacity = 3;
  options.neighbours = 1;
  const Case c(PETSC_COMM_WORLD, options);
  const Owned<Vec> one = c.bump(4, 4), two = c.bump(19, 4), three = c.bump(4, 15),
                   four = c.bump(19, 15);
  for (const Vec b : {one.get(), two.get(), three.get()}) c.solve(b);
  EXPECT_LE(c.guess_residual(one.get()), 1e-8); // and it is now used later than the second
  c.solve(four.get());
  EXPECT_EQ(c.counters().stored, 3);
  EXPECT_LE(c.guess_residual(one.get()), 1e-8);
  EXPECT_LE(c.guess_residual(four.get()), 1e-8);
  EXPECT_GT(c.guess_residual(two.get()), 0.1);
}

TEST(GuessRetrieval, WhatIsNoSolveIsNotStored) {
  const Case c(PETSC_COMM_WORLD);
  const Owned<Vec> zero = c.vector(), bad = c.bump(6, 6), b = c.bump(9, 9);
  EXPECT_EQ(c.solve(zero.get()), 0);
  LINNET_CHECK(VecScale(bad.get(), std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(c.solve(bad.get()), KSP_DIVERGED_NANORINF);
  LINNET_CHECK(KSPSetTolerances(c.ksp.get(), 1e-9, 1e-300, PETSC_DEFAULT, 1));
  EXPECT_EQ(c.solve(b.get()), KSP_DIVERGED_ITS);
  EXPECT_EQ(c.counters().stored, 0);
  LINNET_CHECK(KSPSetTolerances(c.ksp.get(), 1e-9, 1e-300, PETSC_DEFAULT, 1000));
  EXPECT_GT(c.solve(b.get()), 1);
  EXPECT_EQ(c.counters().stored, 1);
  // The store is not the worse for it.
  EXPECT_EQ(c.solve(zero.get()), 0);
  EXPECT_EQ(c.solve(bad.get()), KSP_DIVERGED_NANORINF);
  EXPECT_EQ(c.solve(b.get()), 0);
}

TEST(GuessRetrieval, KnowsNullSpaces) {
  const Case c(PETSC_COMM_WORLD, {}, false);
  MatNullSpace space = nullptr;
  LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &space));
  const Owned<MatNullSpace> owner(space);
  LINNET_CHECK(MatSetNullSpace(c.A.get(), space));
  LINNET_CHECK(MatSetTransposeNullSpace(c.A.get(), space));
  for (const auto& [x, y] : places) EXPECT_GT(c.solve(c.bump(x, y).get()), 0);
  // Right-hand sides that no solution reaches: their reachable parts are in the span.
  const Owned<Vec> b = c.bump(6, 6);
  LINNET_CHECK(VecAXPY(b.get(), -2.0, c.bump(9, 7).get()));
  LINNET_CHECK(VecShift(b.get(), 10.0));
  EXPECT_LE(c.solve(b.get()), 3); // solutions were found to the tolerance only
}

// The key is that of what x can reach: otherwise a constant would hide what is known. One rank has
// the same solves as many.
TEST(GuessRetrieval, NullSpacesDoNotHideWhatIsKnown) {
  const Case c(PETSC_COMM_WORLD, {}, false);
  MatNullSpace space = nullptr;
  LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_WORLD, PETSC_TRUE, 0, nullptr, &space));
  const Owned<MatNullSpace> owner(space);
  LINNET_CHECK(MatSetNullSpace(c.A.get(), space));
  LINNET_CHECK(MatSetTransposeNullSpace(c.A.get(), space));
  const Owned<Vec> b = c.bump(6, 6), x = c.vector();
  c.solve(b.get());
  LINNET_CHECK(VecShift(b.get(), 1e3)); // all but 1e-4 of b is out of reach
  LINNET_CHECK(KSPGuessFormGuess(c.guess(), b.get(), x.get()));
  EXPECT_LE(c.counters().last, 1e-7); // the tolerance of the solve, and of 1e3 in b
  EXPECT_GT(norm(x.get()), 0.0);
}

// KSP scales b, solves, and scales it back, which is another state of it.
TEST(GuessRetrieval, DiagonalScalingStoresNothingTwice) {
  const Case c(PETSC_COMM_WORLD);
  LINNET_CHECK(KSPSetDiagonalScale(c.ksp.get(), PETSC_TRUE));
  LINNET_CHECK(KSPSetDiagonalScaleFix(c.ksp.get(), PETSC_TRUE));
  const Owned<Vec> b = c.bump(6, 6), other = c.bump(17, 5);
  for (int i = 0; i < 3; ++i) c.solve(b.get());
  EXPECT_EQ(c.counters().stored, 1);
  c.solve(other.get());
  EXPECT_EQ(c.counters().stored, 2);
}

// What was not written yet is written before it is dropped.
TEST(GuessRetrieval, AnotherCapacityLosesNothing) {
  const test::Scratch scratch;
  RetrievalOptions options;
  options.store = scratch / "solves.h5";
  const Case c(PETSC_COMM_WORLD, options);
  c.solve(c.bump(6, 6).get());
  c.solve(c.bump(9, 7).get());
  options.capacity = 50;
  LINNET_CHECK(krylov::KSPGuessRetrievalSetOptions(c.guess(), options));
  EXPECT_LE(c.guess_residual(c.bump(6, 6).get()), 1e-8);
  EXPECT_EQ(c.counters().stored, 2);
  c.solve(c.bump(17, 5).get());
  options.store = scratch / "others.h5";
  LINNET_CHECK(krylov::KSPGuessRetrievalSetOptions(c.guess(), options));
  options.store = scratch / "solves.h5";
  LINNET_CHECK(krylov::KSPGuessRetrievalSetOptions(c.guess(), options));
  EXPECT_LE(c.guess_residual(c.bump(17, 5).get()), 1e-8);
  EXPECT_EQ(c.counters().stored, 3);
}

// A file belongs to one size: the guess goes on in memory with another, and comes back to it.
TEST(GuessRetrieval, AnotherSizeLeavesTheFileAlone) {
  const test::Scratch scratch;
  RetrievalOptions options;
  options.store = scratch / "solves.h5";
  {
    const Case c(PETSC_COMM_WORLD, options);
    c.solve(c.bump(6, 6).get());
    DiffusionCase larger = make_case();
    larger.points = {nx + 2, ny, 1};
    const Owned<DM> da(test::make_da(PETSC_COMM_WORLD, larger));
    const Owned<Mat> A(test::make_matrix(da.get(), larger));
    Vec v = nullptr, y = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(da.get(), &v));
    LINNET_CHECK(VecDuplicate(v, &y));
    const Owned<Vec> b(v), x(y);
    LINNET_CHECK(VecSet(v, 1.0));
    LINNET_CHECK(KSPReset(c.ksp.get()));
    LINNET_CHECK(KSPSetOperators(c.ksp.get(), A.get(), A.get()));
    LINNET_CHECK(KSPSolve(c.ksp.get(), v, y));
    EXPECT_EQ(c.counters().stored, 1); // the large one
    const std::string bytes = bytes_of(options.store);
    LINNET_CHECK(krylov::KSPGuessRetrievalSave(c.guess()));
    EXPECT_EQ(bytes_of(options.store), bytes);
    LINNET_CHECK(KSPReset(c.ksp.get()));
    LINNET_CHECK(KSPSetOperators(c.ksp.get(), c.A.get(), c.A.get()));
    EXPECT_LE(c.guess_residual(c.bump(6, 6).get()), 1e-8);
    c.solve(c.bump(17, 5).get());
  }
  const Case again(PETSC_COMM_WORLD, options);
  EXPECT_LE(again.guess_residual(again.bump(17, 5).get()), 1e-8);
  EXPECT_EQ(again.counters().stored, 2);
}

TEST(GuessRetrieval, StoreServesAnyNumberOfRanks) {
  const test::Scratch scratch;
  RetrievalOptions options;
  options.store = scratch / "solves.h5";
  Owned<Vec> none;
  {
    const Case c(PETSC_COMM_WORLD, options);
    combination(c, places);
  } // written
  std::array<double, 2> residual{1.0, 1.0};
  if (test::rank() == 0) {
    const Case alone(PETSC_COMM_SELF, options);
    const Owned<Vec> b = alone.bump(9, 7);
    residual[0] = alone.guess_residual(b.get());
    EXPECT_EQ(alone.counters().stored, 5);
    EXPECT_GT(alone.solve(alone.bump(20, 18).get()), 0);
    LINNET_CHECK(krylov::KSPGuessRetrievalSave(alone.guess()));
  }
  MPI_Bcast(residual.data(), 2, MPI_DOUBLE, 0, PETSC_COMM_WORLD);
  EXPECT_LE(residual[0], 1e-8);
  const Case again(PETSC_COMM_WORLD, options);
  EXPECT_LE(again.guess_residual(again.bump(20, 18).get()), 1e-8); // what one rank has added
  EXPECT_LE(again.guess_residual(again.bump(5, 15).get()), 1e-8);
  EXPECT_EQ(again.counters().stored, 6);
  // Those used last go into a smaller store.
  options.capacity = 1;
  const Case small(PETSC_COMM_WORLD, options);
  EXPECT_LE(small.guess_residual(small.bump(20, 18).get()), 1e-8);
  EXPECT_EQ(small.counters().stored, 1);
}

TEST(GuessRetrieval, RefusesStoresThatAreNotWhole) {
  const test::Scratch scratch;
  RetrievalOptions options;
  options.store = scratch / "solves.h5";
  {
    const Case c(PETSC_COMM_WORLD, options);
    c.solve(c.bump(6, 6).get());
  }
  const std::string bytes = bytes_of(options.store);
  const auto said = [&](const std::string& content) {
    test::write_bytes(options.store, content);
    const Case c(PETSC_COMM_WORLD, options);
    const test::Messages messages;
    const Owned<Vec> b = c.bump(6, 6), x = c.vector();
    const PetscErrorCode first = KSPGuessFormGuess(c.guess(), b.get(), x.get());
    const PetscErrorCode second = KSPGuessFormGuess(c.guess(), b.get(), x.get());
    EXPECT_EQ(first == 0, second == 0); // it does not go on without
    return first ? messages.text() : "accepted";
  };
  EXPECT_EQ(said(bytes), "accepted");
  test::expect_contains(said(bytes.substr(0, bytes.size() / 2)),
                        "solves.h5: is truncated or damaged");
  test::expect_contains(said("no file"), "solves.h5: is not");
  // One bit in the middle of the solution, which is the end of the file.
  std::string changed = bytes;
  changed[changed.size() - 8 * nx * ny / 2] ^= 4;
  test::expect_contains(said(changed), "is damaged (wrong checksum)");
  EXPECT_EQ(bytes_of(options.store), changed); // nothing was written over it
  test::write_bytes(options.store, bytes);
  const test::Messages messages;
  const test::GridVec other(2, nx, ny + 1, 1);
  EXPECT_THROW(
      {
        krylov::StoredSolves solves(other.vec, 4, 24);
        solves.load(options.store, {});
      },
      core::Error);
  try {
    krylov::StoredSolves solves(other.vec, 4, 24);
    solves.load(options.store, {});
  } catch (const core::Error& error) {
    test::expect_contains(error.what(), "has the shape (20,24); expected (21,24)");
  }
  // And the guess names its option.
  KSP ksp = nullptr;
  KSPGuess guess = nullptr;
  Mat A = nullptr;
  Vec b = nullptr, x = nullptr;
  LINNET_CHECK(
      MatCreateConstantDiagonal(PETSC_COMM_WORLD, 5, 5, PETSC_DETERMINE, PETSC_DETERMINE, 2.0, &A));
  LINNET_CHECK(MatCreateVecs(A, &x, &b));
  const Owned<Mat> owner(A);
  const Owned<Vec> owner_b(b), owner_x(x);
  LINNET_CHECK(VecSet(b, 1.0));
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  const Owned<KSP> owner_ksp(ksp);
  LINNET_CHECK(KSPSetOperators(ksp, A, A));
  LINNET_CHECK(KSPGetGuess(ksp, &guess));
  LINNET_CHECK(KSPGuessSetType(guess, KSPGUESSRETRIEVAL));
  LINNET_CHECK(krylov::KSPGuessRetrievalSetOptions(guess, options));
  EXPECT_NE(KSPGuessFormGuess(guess, b, x), 0);
  test::expect_contains(messages.text(),
                        "solves.h5 holds solves of the shape (20,24), not (" +
                            std::to_string(5 * test::ranks()) +
                            "); name another file with -ksp_guess_retrieval_store, or remove it");
  EXPECT_EQ(bytes_of(options.store), bytes);
}

TEST(GuessRetrieval, RefusesWrongOptions) {
  const Case c(PETSC_COMM_WORLD);
  const auto said = [&](const auto& change) {
    RetrievalOptions options;
    change(options);
    const test::Messages messages;
    return krylov::KSPGuessRetrievalSetOptions(c.guess(), options) ? messages.text() : "accepted";
  };
  test::expect_contains(said([](auto& o) { o.neighbours = 0; }),
                        "neighbours must be from 1 to 128");
  test::expect_contains(said([](auto& o) { o.capacity = 0; }), "capacity must be from 1 to");
  test::expect_contains(said([](auto& o) { o.keys = 65; }), "keys must be from 4 to 64, got 65");
  test::expect_contains(said([](auto& o) { o.tolerance = 1.0; }), "tolerance must be from 0");
  const test::Scratch scratch;
  RetrievalOptions options;
  options.store = scratch.folder(); // a folder
  LINNET_CHECK(krylov::KSPGuessRetrievalSetOptions(c.guess(), options));
  const Owned<Vec> b = c.bump(6, 6), x = c.vector();
  const test::Messages messages;
  EXPECT_NE(KSPGuessFormGuess(c.guess(), b.get(), x.get()), 0);
  test::expect_contains(messages.text(), "cannot be written: Is a directory");
}
