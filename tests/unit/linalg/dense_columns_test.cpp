// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Orthonormal bases and POD of distributed vectors: against closed forms and naive sums, with
// dependent and useless columns, the same on any number of ranks.
#include "support/usage_error.hpp"

#include <linnet/core/random.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/orthonormalise.hpp>
#include <linnet/linalg/pod.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

using namespace linnet;
using core::Owned;
using linalg::LocalColumns;

namespace {

constexpr PetscInt rows = 96, tile = 8;

/// value(row, column), rows in whole tiles, which some ranks have more of.
Owned<Mat> columns_of(PetscInt columns, const std::function<double(PetscInt, PetscInt)>& value) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  PetscInt mine = rows / tile / ranks / (rank == 0 ? 2 : 1) * tile;
  if (ranks == 1) mine = rows;
  PetscInt before = 0;
  MPI_Exscan(&mine, &before, 1, MPIU_INT, MPI_SUM, PETSC_COMM_WORLD);
  if (rank == 0) before = 0;
  if (rank == ranks - 1) mine = rows - before;
  Owned<Mat> m = linalg::make_columns(PETSC_COMM_WORLD, mine, columns);
  const LocalColumns to(m.get(), LocalColumns::Access::write);
  for (PetscInt j = 0; j < columns; ++j)
    for (PetscInt i = 0; i < mine; ++i) to.column(j)[i] = value(before + i, j);
  return m;
}

double noise(PetscInt i, PetscInt j) {
  return core::RandomStream(7, static_cast<std::uint64_t>(j))
             .uniform(static_cast<std::uint64_t>(i)) -
         0.5;
}

PetscInt columns_in(const Owned<Mat>& m) {
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(m.get(), nullptr, &columns));
  return columns;
}

void expect_orthonormal(const Owned<Mat>& q, double tolerance) {
  const auto n = static_cast<std::size_t>(columns_in(q));
  const std::vector<double> products = linalg::inner_products(q.get(), q.get());
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(products[i + n * j], i == j ? 1.0 : 0.0, tolerance) << i << " " << j;
}

/// |(I - Q_k Q_k^T) x_j|^2 / |x_j|^2 with the first @p k columns of @p q.
double part_outside(const Owned<Mat>& q, std::size_t k, const Owned<Mat>& x, std::size_t j) {
  const auto m = static_cast<std::size_t>(columns_in(q)),
             n = static_cast<std::size_t>(columns_in(x));
  const std::vector<double> parts = linalg::inner_products(q.get(), x.get()),
                            squares = linalg::inner_products(x.get(), x.get());
  double inside = 0.0;
  for (std::size_t i = 0; i < k; ++i) inside += parts[i + m * j] * parts[i + m * j];
  return 1.0 - inside / squares[j + n * j];
}

} // namespace

TEST(SymmetricEigen, DecomposesTheSecondDifference) {
  constexpr PetscInt n = 30;
  std::vector<double> a(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    a[i + n * i] = 2.0;
    if (i > 0) a[i - 1 + n * i] = a[i + n * (i - 1)] = -1.0;
  }
  const auto e = linalg::symmetric_eigen(PETSC_COMM_WORLD, n, a);
  for (std::size_t k = 0; k < n; ++k)
    EXPECT_NEAR(e.values[n - 1 - k],
                2.0 - 2.0 * std::cos(std::numbers::pi * static_cast<double>(k + 1) / (n + 1)),
                1e-13);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i) {
      double product = 0.0;
      for (std::size_t j = 0; j < n; ++j) product += a[i + n * j] * e.vectors[j + n * k];
      EXPECT_NEAR(product, e.values[k] * e.vectors[i + n * k], 1e-13);
    }
}

TEST(DenseColumns, ProductsAreThoseOfNaiveSums) {
  const auto x = columns_of(3, noise);
  const auto y = columns_of(2, [](PetscInt i, PetscInt j) { return noise(i, j + 5); });
  const std::vector<double> products = linalg::inner_products(x.get(), y.get());
  for (PetscInt j = 0; j < 2; ++j)
    for (PetscInt i = 0; i < 3; ++i) {
      double sum = 0.0;
      for (PetscInt r = 0; r < rows; ++r) sum += noise(r, i) * noise(r, j + 5);
      EXPECT_NEAR(products[static_cast<std::size_t>(i + 3 * j)], sum, 1e-14);
    }
  const double t[] = {1.0, -2.0, 0.5};
  const auto combined = linalg::times(x.get(), 1, t);
  const LocalColumns values(combined.get(), LocalColumns::Access::read),
      from(x.get(), LocalColumns::Access::read);
  for (PetscInt i = 0; i < values.rows(); ++i)
    EXPECT_NEAR(values.column(0)[i],
                from.column(0)[i] - 2.0 * from.column(1)[i] + 0.5 * from.column(2)[i], 1e-15);
}

TEST(DenseColumns, ReproducibleProductIsThatToTheirRounding) {
  // Of very different sizes.
  const auto x =
      columns_of(5, [](PetscInt i, PetscInt j) { return std::pow(10.0, j - 2) * noise(i, j); });
  const std::vector<double> exact = linalg::inner_products(x.get(), x.get()),
                            rounded = linalg::reproducible_gram(x.get(), tile);
  for (std::size_t i = 0; i < exact.size(); ++i)
    EXPECT_NEAR(rounded[i], exact[i], 1e-14 * exact.back());
  PetscInt mine = 0;
  LINNET_CHECK(MatGetLocalSize(x.get(), &mine, nullptr));
  const std::string refusal = tests::usage_error([&] { linalg::reproducible_gram(x.get(), 7); });
  if (mine == rows) {
    EXPECT_EQ(refusal, "no error"); // the last tile is a smaller one
  } else {
    EXPECT_NE(refusal.find("no whole tiles of 7"), std::string::npos);
  }
}

TEST(Orthonormalise, IsOrthonormalToRoundingAndKeepsTheOrder) {
  // Powers of x: a condition number of 10^7.
  const auto x = columns_of(
      8, [](PetscInt i, PetscInt j) { return std::pow(static_cast<double>(i) / rows, j); });
  const auto q = linalg::orthonormalise(x.get(), 1e-16);
  ASSERT_EQ(columns_in(q), 8);
  expect_orthonormal(q, 4e-15);
  for (std::size_t j = 0; j < 8; ++j) EXPECT_NEAR(part_outside(q, j + 1, x, j), 0.0, 1e-12) << j;
  EXPECT_GT(part_outside(q, 3, x, 3), 1e-4); // and no earlier
}

TEST(Orthonormalise, LeavesOutWhatDepends) {
  // Of rank 3: a copy, a sum, zeros, and columns of very different sizes.
  const auto x = columns_of(7, [](PetscInt i, PetscInt j) {
    switch (j) {
    case 0: return noise(i, 0);
    case 1: return 1e-9 * noise(i, 1);
    case 2: return noise(i, 0);
    case 3: return 0.0;
    case 4: return 1e9 * noise(i, 2);
    case 5: return noise(i, 0) + noise(i, 2);
    default: return 3.0 * noise(i, 1);
    }
  });
  const auto q = linalg::orthonormalise(x.get());
  ASSERT_EQ(columns_in(q), 3);
  expect_orthonormal(q, 4e-15);
  for (const std::size_t j : {0, 1, 2, 4, 5, 6}) EXPECT_NEAR(part_outside(q, 3, x, j), 0.0, 1e-13);
  EXPECT_EQ(columns_in(linalg::orthonormalise(columns_of(0, noise).get())), 0);
  EXPECT_EQ(columns_in(linalg::orthonormalise(
                columns_of(2, [](PetscInt, PetscInt) { return 0.0; }).get())),
            0);
}

TEST(Orthonormalise, RefusesWhatIsNoNumber) {
  const auto x = columns_of(2, [](PetscInt i, PetscInt j) {
    return i == 70 && j == 1 ? std::numeric_limits<double>::quiet_NaN() : noise(i, j);
  });
  EXPECT_THROW(linalg::orthonormalise(x.get()), core::Error);
  EXPECT_THROW(linalg::pod(x.get(), {.most = 2, .tile = tile}), core::Error);
}

TEST(Pod, FindsWhatSnapshotsAreMadeOf) {
  // 40 snapshots of three orthogonal waves with falling amplitudes.
  const auto wave = [](PetscInt i, int k) {
    return std::sqrt(2.0 / rows) *
           std::sin(std::numbers::pi * k * (static_cast<double>(i) + 0.5) / rows);
  };
  const double amplitude[] = {5.0, 1.0, 0.2};
  constexpr PetscInt count = 40;
  const auto part = [&](PetscInt j, int k) {
    return amplitude[k - 1] * std::sqrt(2.0 / count) *
           std::cos(std::numbers::pi * k * (static_cast<double>(j) + 0.5) / count);
  };
  const auto snapshots = columns_of(count, [&](PetscInt i, PetscInt j) {
    return wave(i, 1) * part(j, 1) + wave(i, 2) * part(j, 2) + wave(i, 3) * part(j, 3);
  });
  for (const PetscInt with_tile : {PetscInt{0}, tile}) {
    const linalg::Pod found = linalg::pod(snapshots.get(), {.most = 10, .tile = with_tile});
    ASSERT_EQ(columns_in(found.modes), 3); // the rest is rounding
    expect_orthonormal(found.modes, 1e-11);
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(found.eigenvalues[k], amplitude[k] * amplitude[k], 1e-13);
    const auto waves =
        columns_of(3, [&](PetscInt i, PetscInt j) { return wave(i, static_cast<int>(j) + 1); });
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(part_outside(found.modes, k + 1, waves, k), 0.0, 1e-11);
    EXPECT_EQ(columns_in(linalg::pod(snapshots.get(), {.most = 2, .tile = with_tile}).modes), 2);
  }
}

// All bits of a POD by tiles, whatever the number of ranks: their sum is this number on each.
TEST(Pod, HasTheSameBitsOnAnyNumberOfRanks) {
  const auto snapshots = columns_of(20, noise);
  const linalg::Pod found = linalg::pod(snapshots.get(), {.most = 6, .tile = tile});
  const auto alone = [&] { // all of it on this rank
    Owned<Mat> all = linalg::make_columns(PETSC_COMM_SELF, rows, 20);
    const LocalColumns to(all.get(), LocalColumns::Access::write);
    for (PetscInt j = 0; j < 20; ++j)
      for (PetscInt i = 0; i < rows; ++i) to.column(j)[i] = noise(i, j);
    return linalg::pod(all.get(), {.most = 6, .tile = tile});
  };
  const linalg::Pod expected = alone();
  EXPECT_EQ(found.eigenvalues, expected.eigenvalues);
  PetscInt first = 0;
  LINNET_CHECK(MatGetOwnershipRange(found.modes.get(), &first, nullptr));
  const LocalColumns a(found.modes.get(), LocalColumns::Access::read),
      b(expected.modes.get(), LocalColumns::Access::read);
  for (PetscInt j = 0; j < a.columns(); ++j)
    for (PetscInt i = 0; i < a.rows(); ++i)
      EXPECT_EQ(a.column(j)[i], b.column(j)[first + i]) << i << " " << j;
}
