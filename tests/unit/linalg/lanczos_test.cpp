// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Lanczos against the known spectrum of the Laplacian on a box and of diagonal matrices.
#include "box_laplacian.hpp"

#include <linnet/core/random.hpp>
#include <linnet/linalg/lanczos.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

using namespace linnet;
using core::Owned;
using linalg::Lanczos;
using test::BoxLaplacian;

namespace {

// No two sides alike, so that the eigenvalues at the ends are simple.
constexpr std::array<PetscInt, 3> sides{9, 8, 7};

Owned<Vec> like(Mat A) {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(A, &v, nullptr));
  return Owned<Vec>(v);
}

/// Noise by PETSc's index.
Owned<Vec> noise(Mat A, std::uint64_t seed = 5) {
  auto v = like(A);
  PetscInt first = 0, end = 0;
  LINNET_CHECK(VecGetOwnershipRange(v.get(), &first, &end));
  for (PetscInt i = first; i < end; ++i)
    LINNET_CHECK(VecSetValue(v.get(), i, core::RandomStream(seed, 0).normal(std::uint64_t(i)),
                             INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(v.get()));
  LINNET_CHECK(VecAssemblyEnd(v.get()));
  return v;
}

Owned<Mat> diagonal(PetscInt n, const std::function<double(PetscInt)>& entry) {
  Mat A = nullptr;
  LINNET_CHECK(
      MatCreateAIJ(PETSC_COMM_WORLD, PETSC_DECIDE, PETSC_DECIDE, n, n, 1, nullptr, 0, nullptr, &A));
  PetscInt first = 0, end = 0;
  LINNET_CHECK(MatGetOwnershipRange(A, &first, &end));
  for (PetscInt i = first; i < end; ++i)
    LINNET_CHECK(MatSetValue(A, i, i, entry(i), INSERT_VALUES));
  LINNET_CHECK(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY));
  return Owned<Mat>(A);
}

double dot(Vec a, Vec b) {
  PetscScalar value = 0.0;
  LINNET_CHECK(VecDot(a, b, &value));
  return value;
}

double norm(Vec v) { return std::sqrt(dot(v, v)); }

/// Largest entry of V^T V - I for the vectors that @p get fills.
double orthonormality(Mat A, PetscInt m, const std::function<void(PetscInt, Vec)>& get) {
  std::vector<Owned<Vec>> v;
  for (PetscInt i = 0; i < m; ++i) get(i, v.emplace_back(like(A)).get());
  double worst = 0.0;
  for (std::size_t i = 0; i < v.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j)
      worst = std::max(worst, std::abs(dot(v[i].get(), v[j].get()) - (i == j ? 1.0 : 0.0)));
  return worst;
}

/// A q_i - theta_i q_i
Owned<Vec> residual(Mat A, const Lanczos& l, PetscInt i) {
  auto q = like(A), r = like(A);
  l.ritz_vector(i, q.get());
  LINNET_CHECK(MatMult(A, q.get(), r.get()));
  LINNET_CHECK(VecAXPY(r.get(), -l.ritz_values()[std::size_t(i)], q.get()));
  return r;
}

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error.what();
  }
  return {};
}

} // namespace

// Long after the extreme pairs have converged, where the process without reorthogonalisation makes
// copies of them. 1e-12: 4000 roundings for the norm 12 of A over beta of about 3.
TEST(Lanczos, BasisAndRitzVectorsAreOrthonormal) {
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  const Lanczos l(A, noise(A).get(), {.steps = 200});
  ASSERT_EQ(l.size(), 200);
  EXPECT_FALSE(l.invariant());
  EXPECT_LE(orthonormality(A, 200, [&](PetscInt k, Vec w) { l.basis_vector(k, w); }), 1e-12);
  EXPECT_LE(orthonormality(A, 200, [&](PetscInt i, Vec q) { l.ritz_vector(i, q); }), 1e-12);
}

TEST(Lanczos, TridiagonalMatrixIsTheProjection) {
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  const auto start = noise(A);
  const double length = norm(start.get());
  const Lanczos l(A, start.get(), {.steps = 25});
  EXPECT_EQ(norm(start.get()), length); // left alone
  auto w = like(A), v = like(A), product = like(A);
  l.basis_vector(0, w.get());
  LINNET_CHECK(VecAXPY(w.get(), -1.0 / length, start.get()));
  EXPECT_LE(norm(w.get()), 1e-14);
  for (PetscInt k = 0; k < 25; ++k) {
    l.basis_vector(k, w.get());
    LINNET_CHECK(MatMult(A, w.get(), product.get()));
    for (PetscInt j = 0; j < 25; ++j) {
      l.basis_vector(j, v.get());
      const double expected = j == k       ? l.diagonal()[std::size_t(k)]
                              : j == k - 1 ? l.off_diagonal()[std::size_t(j)]
                              : j == k + 1 ? l.off_diagonal()[std::size_t(k)]
                                           : 0.0;
      EXPECT_NEAR(dot(v.get(), product.get()), expected, 1e-12) << j << "," << k;
    }
  }
}

TEST(Lanczos, ExtremePairsAreThoseOfTheLaplacian) {
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  const auto exact = BoxLaplacian::eigenvalues(sides);
  const Lanczos l(A, noise(A).get(), {.steps = 120});
  const auto& theta = l.ritz_values();
  EXPECT_TRUE(std::is_sorted(theta.begin(), theta.end()));
  for (PetscInt i = 0; i < 3; ++i) {
    EXPECT_NEAR(theta[std::size_t(i)], exact[std::size_t(i)], 1e-12);
    EXPECT_NEAR(theta[theta.size() - 1 - std::size_t(i)], exact[exact.size() - 1 - std::size_t(i)],
                1e-12);
    EXPECT_LE(norm(residual(A, l, i).get()), 1e-9);
    EXPECT_LE(norm(residual(A, l, l.size() - 1 - i).get()), 1e-9);
  }
}

// Half way, where no pair has converged, the formula for the residual has all its digits.
TEST(Lanczos, ResidualNormIsThatOfThePair) {
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  const Lanczos l(A, noise(A).get(), {.steps = 20});
  for (PetscInt i = 0; i < l.size(); ++i) {
    EXPECT_NEAR(norm(residual(A, l, i).get()), l.residual_norm(i), 1e-12);
    EXPECT_GT(l.residual_norm(i), 1e-4);
    EXPECT_GE(l.ritz_entry(0, i), 0.0);
  }
}

// A start vector with parts along four of the seven eigenvalues: four steps and no more.
TEST(Lanczos, EndsInAnInvariantSpace) {
  const auto A = diagonal(70, [](PetscInt i) { return 1.0 + double(i % 7); });
  auto start = noise(A.get());
  PetscInt first = 0, end = 0;
  LINNET_CHECK(VecGetOwnershipRange(start.get(), &first, &end));
  for (PetscInt i = first; i < end; ++i)
    if (i % 7 > 3) LINNET_CHECK(VecSetValue(start.get(), i, 0.0, INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(start.get()));
  LINNET_CHECK(VecAssemblyEnd(start.get()));
  PetscInt told = 0;
  const Lanczos l(A.get(), start.get(),
                  {.steps = 30, .progress = [&](PetscInt done) { told = done; }});
  ASSERT_EQ(l.size(), 4);
  EXPECT_EQ(told, 4);
  EXPECT_TRUE(l.invariant());
  for (PetscInt i = 0; i < 4; ++i) {
    EXPECT_NEAR(l.ritz_values()[std::size_t(i)], 1.0 + double(i), 1e-13);
    EXPECT_EQ(l.residual_norm(i), 0.0);
    EXPECT_LE(norm(residual(A.get(), l, i).get()), 1e-12);
  }
}

// More steps than rows: the whole spectrum, on as many ranks as there are, some without rows.
TEST(Lanczos, WholeSpectrumOfASmallMatrix) {
  const auto A = diagonal(3, [](PetscInt i) { return double(i * i) - 1.0; });
  auto start = like(A.get());
  LINNET_CHECK(VecSet(start.get(), 2.0));
  const Lanczos l(A.get(), start.get(), {.steps = 10});
  ASSERT_EQ(l.size(), 3);
  for (PetscInt i = 0; i < 3; ++i)
    EXPECT_NEAR(l.ritz_values()[std::size_t(i)], double(i * i) - 1.0, 1e-13);
}

TEST(Lanczos, CombinationsAreSumsOfRitzVectors) {
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  const Lanczos l(A, noise(A).get(), {.steps = 30});
  constexpr PetscInt sets = 5;
  std::vector<double> c(30 * sets);
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = core::RandomStream(3, 1).normal(i);
  std::vector<double> many(std::size_t(l.rows()) * sets);
  l.combine(sets, c.data(), many.data());
  auto sum = like(A), q = like(A);
  for (PetscInt s = 0; s < sets; ++s) {
    const auto of_set = c.begin() + 30 * s;
    l.combine(std::vector<double>(of_set, of_set + 30), sum.get());
    const PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArrayRead(sum.get(), &values));
    double difference = 0.0;
    for (PetscInt row = 0; row < l.rows(); ++row)
      difference =
          std::max(difference, std::abs(values[row] - many[std::size_t(row + l.rows() * s)]));
    LINNET_CHECK(VecRestoreArrayRead(sum.get(), &values));
    EXPECT_LE(difference, 1e-13);
    for (PetscInt i = 0; i < 30; ++i) {
      l.ritz_vector(i, q.get());
      LINNET_CHECK(VecAXPY(sum.get(), -of_set[i], q.get()));
    }
    EXPECT_LE(norm(sum.get()), 1e-12);
  }
  EXPECT_NE(message_of([&] {
              l.combine(std::vector<double>(29), sum.get());
            }).find("takes 30 coefficients"),
            std::string::npos);
}

TEST(Lanczos, MemoryIsStatedAndLimited) {
  // 1000 rows: 125 cache lines, odd; basis, two squares of 10 and 6 m + 1.
  EXPECT_EQ(linalg::lanczos_bytes(1000, 10), 8 * (1000 * 10 + 2 * 100 + 61));
  // 1024 rows: 128 cache lines, one more.
  EXPECT_EQ(linalg::lanczos_bytes(1024, 10), 8 * (1032 * 10 + 2 * 100 + 61));
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  PetscInt rows = 0, most = 0;
  LINNET_CHECK(MatGetLocalSize(A, &rows, nullptr));
  MPI_Allreduce(&rows, &most, 1, MPIU_INT, MPI_MAX, PETSC_COMM_WORLD);
  const auto bytes = linalg::lanczos_bytes(most, 12);
  const auto run = [&](std::int64_t limit) {
    return message_of([&] { Lanczos(A, noise(A).get(), {.steps = 12, .memory_limit = limit}); });
  };
  EXPECT_EQ(run(bytes), "");
  EXPECT_NE(run(bytes - 1).find("12 steps need " + std::to_string(bytes) + " bytes"),
            std::string::npos);
}

TEST(Lanczos, WrongInputIsRefused) {
  const BoxLaplacian box(PETSC_COMM_WORLD, sides);
  Mat A = box.A.get();
  auto zero = like(A);
  EXPECT_NE(message_of([&] { Lanczos(A, zero.get(), {}); }).find("start vector"),
            std::string::npos);
  EXPECT_NE(message_of([&] { Lanczos(A, noise(A).get(), {.steps = 0}); }).find("steps must be"),
            std::string::npos);
  const auto bad = diagonal(8, [](PetscInt i) { return i == 5 ? NAN : 1.0; });
  EXPECT_NE(message_of([&] { Lanczos(bad.get(), noise(bad.get()).get(), {}); }).find("not finite"),
            std::string::npos);
}
