// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// POD by its methods and in its inner products: against sums on one rank that are written out, with
// rows in parts and orders that differ with the number of ranks.
#include "support/distributed_columns.hpp"
#include "support/usage_error.hpp"

#include <linnet/linalg/pod.hpp>
#include <linnet/linalg/row_order.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

using namespace linnet;
using core::Owned;
using linalg::PodMethod;

namespace {

constexpr std::int64_t rows = 90;

double weight_of(std::int64_t row) { return std::pow(10.0, static_cast<double>(row % 5) - 2.0); }

Owned<Vec> weights_at(const std::vector<std::int64_t>& numbers) {
  Vec w = nullptr;
  LINNET_CHECK(
      VecCreateMPI(PETSC_COMM_WORLD, static_cast<PetscInt>(numbers.size()), PETSC_DETERMINE, &w));
  PetscScalar* values = nullptr;
  LINNET_CHECK(VecGetArray(w, &values));
  for (std::size_t i = 0; i < numbers.size(); ++i) values[i] = weight_of(numbers[i]);
  LINNET_CHECK(VecRestoreArray(w, &values));
  return Owned<Vec>(w);
}

double mass(std::int64_t i, std::int64_t j) {
  if (i == j) return 4.0 + static_cast<double>(i % 3);
  return std::abs(i - j) == 1 ? 1.0 : 0.0;
}

/// The matrix mass() with the rows where the numbers are.
Owned<Mat> mass_at(const std::vector<std::int64_t>& numbers) {
  const auto local = static_cast<PetscInt>(numbers.size());
  PetscInt first = 0;
  MPI_Exscan(&local, &first, 1, MPIU_INT, MPI_SUM, PETSC_COMM_WORLD);
  std::vector<PetscInt> place(static_cast<std::size_t>(rows), 0);
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) first = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    place[static_cast<std::size_t>(numbers[i])] = first + static_cast<PetscInt>(i);
  MPI_Allreduce(MPI_IN_PLACE, place.data(), static_cast<int>(rows), MPIU_INT, MPI_SUM,
                PETSC_COMM_WORLD);
  Mat m = nullptr;
  LINNET_CHECK(MatCreateAIJ(PETSC_COMM_WORLD, local, local, PETSC_DETERMINE, PETSC_DETERMINE, 3,
                            nullptr, 3, nullptr, &m));
  for (const std::int64_t i : numbers)
    for (std::int64_t j = std::max<std::int64_t>(i - 1, 0); j <= std::min(i + 1, rows - 1); ++j)
      LINNET_CHECK(MatSetValue(m, place[static_cast<std::size_t>(i)],
                               place[static_cast<std::size_t>(j)], mass(i, j), INSERT_VALUES));
  LINNET_CHECK(MatAssemblyBegin(m, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(m, MAT_FINAL_ASSEMBLY));
  return Owned<Mat>(m);
}

enum class Product { euclidean, weights, matrix };

/// x^T M y of columns that are written out.
double product_of(Product kind, const double* x, const double* y) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = std::max<std::int64_t>(i - 1, 0); j <= std::min(i + 1, rows - 1); ++j) {
      const double m = kind == Product::matrix    ? mass(i, j)
                       : i != j                   ? 0.0
                       : kind == Product::weights ? weight_of(i)
                                                  : 1.0;
      sum += x[i] * m * y[j];
    }
  return sum;
}

/// Waves with falling sizes and some noise.
double snapshot(std::int64_t row, PetscInt j) {
  double sum = 0.0;
  for (int k = 1; k <= 8; ++k)
    sum += std::pow(0.3, k) *
           std::sin(std::numbers::pi * k * (static_cast<double>(row) + 0.3) / rows) *
           std::cos(0.7 * k * static_cast<double>(j) + k);
  return sum;
}

struct Case {
  std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  Owned<Vec> weights = weights_at(numbers);
  Owned<Mat> matrix = mass_at(numbers);

  linalg::InnerProduct product(Product kind) const {
    return {kind == Product::matrix ? matrix.get() : nullptr,
            kind == Product::weights ? weights.get() : nullptr};
  }
};

std::vector<PodMethod> methods(Product kind) {
  std::vector<PodMethod> all{PodMethod::gram, PodMethod::tsqr};
  if (linalg::has_slepc() && kind != Product::matrix) all.push_back(PodMethod::slepc);
  return all;
}

std::size_t columns_in(Mat m) {
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(m, nullptr, &columns));
  return static_cast<std::size_t>(columns);
}

} // namespace

TEST(Pod, ModesAreOrthonormalAndTheTailIsTheErrorOfProjections) {
  const Case c;
  constexpr PetscInt count = 12;
  const auto snapshots = tests::columns_at(c.numbers, count, snapshot);
  const std::vector<double> s = tests::all_values(snapshots.get(), c.numbers, rows);
  for (const Product kind : {Product::euclidean, Product::weights, Product::matrix})
    for (const PodMethod method : methods(kind)) {
      SCOPED_TRACE("product " + std::to_string(static_cast<int>(kind)) + " method " +
                   std::to_string(static_cast<int>(method)));
      const linalg::Pod pod = linalg::pod(snapshots.get(), {.method = method,
                                                            .tolerance = 1e-2,
                                                            .inner_product = c.product(kind),
                                                            .row_numbers = c.numbers});
      const std::size_t n = columns_in(pod.modes.get());
      ASSERT_GT(n, 2U);
      ASSERT_LT(n, 8U);
      const std::vector<double> q = tests::all_values(pod.modes.get(), c.numbers, rows);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
          EXPECT_NEAR(product_of(kind, &q[rows * i], &q[rows * j]), i == j ? 1.0 : 0.0, 1e-10);
      // Sum of squares of what the modes do not have.
      double energy = 0.0, outside = 0.0;
      for (std::size_t k = 0; k < count; ++k) {
        std::vector<double> rest(s.begin() + static_cast<std::ptrdiff_t>(rows * k),
                                 s.begin() + static_cast<std::ptrdiff_t>(rows * (k + 1)));
        energy += product_of(kind, rest.data(), rest.data());
        for (std::size_t i = 0; i < n; ++i) {
          const double part = product_of(kind, &q[rows * i], rest.data());
          for (std::size_t g = 0; g < rows; ++g) rest[g] -= part * q[rows * i + g];
        }
        outside += product_of(kind, rest.data(), rest.data());
      }
      EXPECT_NEAR(pod.energy(), energy, 1e-12 * energy);
      EXPECT_NEAR(pod.projection_error(), std::sqrt(outside / energy), 1e-9);
      const std::vector<double> sigma = pod.singular_values();
      ASSERT_EQ(sigma.size(), n);
      EXPECT_NEAR(sigma[0] * sigma[0], pod.eigenvalues[0], 1e-13 * energy);
      EXPECT_GT(sigma[n - 1], 1e-2 * sigma[0]);
    }
}

// The same numbers on any ranks, which is what sums written out on one of them are.
TEST(Pod, SpectrumAndModesDoNotHangOnTheRanksNorOnTheMethod) {
  const Case c;
  constexpr PetscInt count = 6;
  const auto snapshots = tests::columns_at(c.numbers, count, snapshot);
  std::vector<std::int64_t> every(static_cast<std::size_t>(rows));
  for (std::int64_t i = 0; i < rows; ++i) every[static_cast<std::size_t>(i)] = i;
  Owned<Mat> alone = linalg::make_columns(PETSC_COMM_SELF, static_cast<PetscInt>(rows), count);
  {
    const linalg::LocalColumns to(alone.get(), linalg::LocalColumns::Access::write);
    for (PetscInt j = 0; j < count; ++j)
      for (std::int64_t i = 0; i < rows; ++i) to.column(j)[i] = snapshot(i, j);
  }
  const linalg::Pod expected = linalg::pod(alone.get(), {.row_numbers = every});
  const std::size_t kept = 4;
  ASSERT_GE(columns_in(expected.modes.get()), kept);
  const linalg::LocalColumns reference(expected.modes.get(), linalg::LocalColumns::Access::read);
  for (const PodMethod method : methods(Product::euclidean)) {
    const linalg::Pod pod =
        linalg::pod(snapshots.get(), {.method = method, .row_numbers = c.numbers});
    ASSERT_GE(columns_in(pod.modes.get()), kept);
    for (std::size_t k = 0; k < kept; ++k)
      EXPECT_NEAR(pod.eigenvalues[k], expected.eigenvalues[k], 1e-10 * expected.eigenvalues[0]);
    const std::vector<double> q = tests::all_values(pod.modes.get(), c.numbers, rows);
    for (std::size_t k = 0; k < kept; ++k)
      for (std::int64_t i = 0; i < rows; ++i)
        EXPECT_NEAR(q[rows * k + static_cast<std::size_t>(i)],
                    reference.column(static_cast<PetscInt>(k))[i], 1e-8)
            << "mode " << k << " row " << i;
  }
}

// Antisymmetric modes have two entries of the same size and opposite sign.
TEST(Pod, TheSignIsThatOfTheFirstOfTheLargestEntries) {
  const Case c;
  const auto snapshots = tests::columns_at(c.numbers, 1, [](std::int64_t row, PetscInt) {
    return row == 20 ? -3.0 : row == 69 ? 3.0 * (1.0 + 1e-13) : 0.01;
  });
  const linalg::Pod pod = linalg::pod(snapshots.get(), {.row_numbers = c.numbers});
  const std::vector<double> q = tests::all_values(pod.modes.get(), c.numbers, rows);
  EXPECT_GT(q[20], 0.5);
  EXPECT_LT(q[69], -0.5);
}

TEST(Pod, TallSkinnyFactorsResolveWhatTheGramMatrixCannot) {
  const Case c;
  // Three orthogonal waves; the last one is 1e-12 of the first.
  const double size[] = {1.0, 1e-5, 1e-12};
  const auto snapshots = tests::columns_at(c.numbers, 3, [&](std::int64_t row, PetscInt j) {
    return size[j] * std::sqrt(2.0 / rows) *
           std::sin(std::numbers::pi * (j + 1) * (static_cast<double>(row) + 0.5) / rows);
  });
  const linalg::Pod gram = linalg::pod(snapshots.get(), {.row_numbers = c.numbers});
  const linalg::Pod tsqr =
      linalg::pod(snapshots.get(), {.method = PodMethod::tsqr, .row_numbers = c.numbers});
  EXPECT_EQ(columns_in(gram.modes.get()), 2U);
  ASSERT_EQ(columns_in(tsqr.modes.get()), 3U);
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(tsqr.singular_values()[k] / size[k], 1.0, 1e-3) << k;
  const std::vector<double> q = tests::all_values(tsqr.modes.get(), c.numbers, rows);
  for (std::int64_t row = 0; row < rows; ++row)
    EXPECT_NEAR(std::abs(q[2 * rows + static_cast<std::size_t>(row)]),
                std::abs(std::sqrt(2.0 / rows) * std::sin(std::numbers::pi * 3.0 *
                                                          (static_cast<double>(row) + 0.5) / rows)),
                1e-3);
  for (const Product kind : {Product::weights, Product::matrix})
    EXPECT_EQ(columns_in(linalg::pod(snapshots.get(),
                                     {.method = PodMethod::tsqr, .inner_product = c.product(kind)})
                             .modes.get()),
              3U);
}

TEST(Pod, TakesMoreSnapshotsThanRowsAndDependentOnes) {
  const std::vector<std::int64_t> few = tests::scattered_rows(9);
  const auto wide =
      tests::columns_at(few, 20, [](std::int64_t i, PetscInt j) { return tests::noise(i, j); });
  const auto flat = tests::columns_at(few, 5, [](std::int64_t i, PetscInt j) {
    return tests::noise(i, 0) * (j + 1.0) + (j == 3 ? tests::noise(i, 1) : 0.0);
  });
  const auto zero = tests::columns_at(few, 2, [](std::int64_t, PetscInt) { return 0.0; });
  for (const PodMethod method : methods(Product::euclidean)) {
    EXPECT_EQ(columns_in(linalg::pod(wide.get(), {.method = method}).modes.get()), 9U);
    EXPECT_EQ(columns_in(linalg::pod(flat.get(), {.method = method}).modes.get()), 2U);
    EXPECT_EQ(columns_in(linalg::pod(zero.get(), {.method = method}).modes.get()), 0U);
    EXPECT_EQ(columns_in(linalg::pod(wide.get(), {.method = method, .most = 3}).modes.get()), 3U);
  }
}

TEST(Pod, TheRuleOfTruncation) {
  const double values[] = {1.0, 1e-2, 1e-4, 1e-5, -1e-9, 1e-12};
  // eps = 0.05: one is above eps^2 = 2.5e-3 ... two are; the energy asks for no more.
  EXPECT_EQ(linalg::modes_kept(values, 1.01011, 0.05), 2);
  // Many small ones: the energy asks for more than the largest allows.
  const std::vector<double> flat(100, 9e-3);
  std::vector<double> many{1.0};
  many.insert(many.end(), flat.begin(), flat.end());
  EXPECT_EQ(linalg::modes_kept(many, 1.9, 0.1), 99);       // 1 + 98 * 9e-3 > 0.99 * 1.9
  EXPECT_EQ(linalg::modes_kept(values, 1.01011, 1e-9), 4); // cut at the first negative one
  EXPECT_EQ(linalg::modes_kept(values, 1.01011, 0.0, 1e-4 * 0.999), 3);
  EXPECT_EQ(linalg::modes_kept({}, 0.0, 0.1), 0);
}

TEST(Pod, RefusesInOneLine) {
  const Case c;
  const auto x = tests::columns_at(c.numbers, 2, [](std::int64_t i, PetscInt j) {
    return i == 70 && j == 1 ? std::numeric_limits<double>::quiet_NaN() : tests::noise(i, j);
  });
  for (const PodMethod method : methods(Product::euclidean))
    EXPECT_THROW(linalg::pod(x.get(), {.method = method}), core::Error);
  const auto good = tests::columns_at(
      c.numbers, 2, [](std::int64_t i, PetscInt j) { return tests::noise(i, j); });
  const auto refusal = [&](const linalg::PodOptions& options) {
    return tests::usage_error([&] { linalg::pod(good.get(), options); });
  };
  EXPECT_NE(refusal({.tolerance = 1.0}).find("[0, 1)"), std::string::npos);
  EXPECT_NE(refusal({.method = PodMethod::tsqr, .tile = 4}).find("tiles"), std::string::npos);
  EXPECT_NE(refusal({.inner_product = {c.matrix.get(), c.weights.get()}}).find("not both"),
            std::string::npos);
  EXPECT_NE(refusal({.method = PodMethod::slepc, .inner_product = c.product(Product::matrix)})
                .find("gram or tsqr"),
            std::string::npos);
  LINNET_CHECK(VecSet(c.weights.get(), -1.0));
  EXPECT_NE(refusal({.method = PodMethod::tsqr, .inner_product = c.product(Product::weights)})
                .find("above 0"),
            std::string::npos);
}
