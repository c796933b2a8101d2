// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Bases that grow, stores of columns and orders of rows.
#include "support/distributed_columns.hpp"
#include "support/usage_error.hpp"

#include <linnet/linalg/orthonormal_basis.hpp>
#include <linnet/linalg/pod.hpp>
#include <linnet/linalg/row_order.hpp>

#include <gtest/gtest.h>

#include <petscdmda.h>

#include <cmath>

using namespace linnet;
using core::Owned;

namespace {

constexpr std::int64_t rows = 60;

Owned<Vec> vector_at(const std::vector<std::int64_t>& numbers,
                     const std::function<double(std::int64_t)>& value) {
  Vec v = nullptr;
  LINNET_CHECK(
      VecCreateMPI(PETSC_COMM_WORLD, static_cast<PetscInt>(numbers.size()), PETSC_DETERMINE, &v));
  PetscScalar* values = nullptr;
  LINNET_CHECK(VecGetArray(v, &values));
  for (std::size_t i = 0; i < numbers.size(); ++i) values[i] = value(numbers[i]);
  LINNET_CHECK(VecRestoreArray(v, &values));
  return Owned<Vec>(v);
}

double largest_product(const linalg::OrthonormalBasis& basis) {
  const auto n = static_cast<std::size_t>(basis.size());
  const Owned<Mat> q = basis.columns().matrix();
  const std::vector<double> products = linalg::inner_products(basis.product(), q.get(), q.get());
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      largest = std::max(largest, std::abs(products[i + n * j] - (i == j ? 1.0 : 0.0)));
  return largest;
}

} // namespace

TEST(OrthonormalBasis, AppendsWhatIsNewToRounding) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  const auto w =
      vector_at(numbers, [](std::int64_t i) { return 0.1 + static_cast<double>(i % 7); });
  const linalg::InnerProduct product{nullptr, w.get()};
  const auto snapshots =
      tests::columns_at(numbers, 5, [](std::int64_t i, PetscInt j) { return tests::noise(i, j); });
  const linalg::Pod pod =
      linalg::pod(snapshots.get(), {.inner_product = product, .row_numbers = numbers});
  linalg::OrthonormalBasis basis(pod.modes.get(), product);
  ASSERT_EQ(basis.size(), 5);
  const std::vector<double> before(basis.columns().column(0).begin(),
                                   basis.columns().column(0).end());
  // In the span: nothing is appended.
  const auto inside = vector_at(
      numbers, [](std::int64_t i) { return tests::noise(i, 1) - 2.0 * tests::noise(i, 4); });
  EXPECT_FALSE(basis.append(inside.get(), 0.0));
  EXPECT_NEAR(basis.projection_error(inside.get()), 0.0, 1e-14);
  // Nearly in the span: 1e-7 of it is new, which one pass of Gram-Schmidt would leave at 1e-9.
  const auto nearly = vector_at(numbers, [](std::int64_t i) {
    return tests::noise(i, 1) - 2.0 * tests::noise(i, 4) + 1e-7 * tests::noise(i, 9);
  });
  EXPECT_FALSE(basis.append(nearly.get(), 1e-6));
  ASSERT_TRUE(basis.append(nearly.get(), 1e-9));
  EXPECT_LT(largest_product(basis), 1e-12);
  for (PetscInt j = 0; j < 6; ++j) {
    const auto fresh = vector_at(numbers, [&](std::int64_t i) { return tests::noise(i, 20 + j); });
    ASSERT_TRUE(basis.append(fresh.get(), 1e-6));
    EXPECT_NEAR(basis.projection_error(fresh.get()), 0.0, 1e-14);
  }
  EXPECT_EQ(basis.size(), 12);
  EXPECT_LT(largest_product(basis), 1e-12);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), basis.columns().column(0).begin()));
  // Coefficients give the vector back.
  const std::vector<double> c = basis.coefficients(nearly.get());
  Vec copy = nullptr;
  LINNET_CHECK(VecDuplicate(nearly.get(), &copy));
  const Owned<Vec> owner(copy);
  basis.combine(c, copy);
  LINNET_CHECK(VecAXPY(copy, -1.0, nearly.get()));
  EXPECT_LT(linalg::norm(product, copy), 1e-13 * linalg::norm(product, nearly.get()));
  basis.truncate(5);
  EXPECT_GT(basis.projection_error(nearly.get()), 1e-9);
}

TEST(ColumnStore, GrowsAndLendsItsValues) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  linalg::ColumnStore store(PETSC_COMM_WORLD, static_cast<PetscInt>(numbers.size()));
  for (PetscInt j = 0; j < 20; ++j) {
    const auto v = vector_at(numbers, [&](std::int64_t i) { return tests::noise(i, j); });
    store.append(v.get());
    const auto local = static_cast<std::int64_t>(numbers.size()) * 8;
    EXPECT_LE(store.bytes(), (3 * (j + 1) / 2 + 1) * local);
  }
  EXPECT_EQ(store.rows(), rows);
  const Owned<Mat> m = store.matrix();
  const std::vector<double> values = tests::all_values(m.get(), numbers, rows);
  for (PetscInt j = 0; j < 20; ++j)
    for (std::int64_t i = 0; i < rows; ++i)
      EXPECT_EQ(values[static_cast<std::size_t>(rows * j + i)], tests::noise(i, j));
  Vec other = nullptr;
  LINNET_CHECK(VecCreateMPI(PETSC_COMM_WORLD, PETSC_DECIDE, rows + 1, &other));
  const Owned<Vec> owner(other);
  EXPECT_NE(tests::usage_error([&] { store.append(other); }).find("column store"),
            std::string::npos);
}

TEST(RowOrder, MovesRowsThereAndBack) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  const linalg::RowOrder order(PETSC_COMM_WORLD, numbers);
  EXPECT_EQ(order.rows(), rows);
  std::vector<double> mine(numbers.size()), back(numbers.size()),
      block(static_cast<std::size_t>(order.count()));
  for (std::size_t i = 0; i < mine.size(); ++i)
    mine[i] = std::sqrt(static_cast<double>(numbers[i]));
  order.to_original(mine, block);
  for (std::size_t i = 0; i < block.size(); ++i)
    EXPECT_EQ(block[i], std::sqrt(static_cast<double>(order.begin()) + static_cast<double>(i)));
  order.from_original(block, back);
  EXPECT_EQ(mine, back);
  std::vector<std::int64_t> twice = numbers;
  for (std::int64_t& number : twice) number = number == 5 ? 6 : number;
  EXPECT_NE(tests::usage_error([&] { linalg::RowOrder(PETSC_COMM_WORLD, twice); }).find("once"),
            std::string::npos);
  for (std::int64_t& number : twice) number = number == 6 ? rows : number;
  EXPECT_NE(tests::usage_error([&] {
              linalg::RowOrder(PETSC_COMM_WORLD, twice);
            }).find("0 to " + std::to_string(rows - 1)),
            std::string::npos);
}

TEST(RowOrder, NumbersOfAGridAreNatural) {
  DM da = nullptr;
  LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                            7, 6, PETSC_DECIDE, PETSC_DECIDE, 2, 1, nullptr, nullptr, &da));
  const Owned<DM> owner(da);
  LINNET_CHECK(DMSetUp(da));
  Vec v = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(da, &v));
  const Owned<Vec> vec(v);
  const std::vector<std::int64_t> numbers = linalg::row_numbers(v);
  PetscInt x = 0, y = 0, m = 0, n = 0;
  LINNET_CHECK(DMDAGetCorners(da, &x, &y, nullptr, &m, &n, nullptr));
  std::size_t at = 0;
  for (PetscInt j = y; j < y + n; ++j)
    for (PetscInt i = x; i < x + m; ++i)
      for (PetscInt c = 0; c < 2; ++c) EXPECT_EQ(numbers[at++], 2 * (i + 7 * j) + c);
}
