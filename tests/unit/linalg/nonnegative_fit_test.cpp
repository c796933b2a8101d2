// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// QR factors that are updated, and nonnegative least squares against all subsets of columns.
#include <linnet/core/random.hpp>
#include <linnet/linalg/nonnegative_fit.hpp>
#include <linnet/linalg/small_dense.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace linnet;

namespace {

using Columns = std::vector<std::vector<double>>;

Columns random_columns(std::size_t rows, std::size_t count, std::uint64_t seed) {
  Columns columns(count, std::vector<double>(rows));
  for (std::size_t j = 0; j < count; ++j)
    for (std::size_t i = 0; i < rows; ++i) columns[j][i] = core::RandomStream(seed, j).normal(i);
  return columns;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Least squares with the columns of @p set, by a fresh factorisation.
std::vector<double> fresh_solution(const Columns& a, const std::vector<std::size_t>& set,
                                   std::span<const double> b) {
  const std::size_t rows = b.size(), n = set.size();
  std::vector<double> values;
  for (const std::size_t j : set) values.insert(values.end(), a[j].begin(), a[j].end());
  const linalg::Reflections f(rows, n, values);
  const std::vector<double> q = f.times(n, linalg::identity(n)), r = f.r();
  std::vector<double> x(n);
  for (std::size_t k = 0; k < n; ++k) x[k] = dot(std::span(q).subspan(rows * k, rows), b);
  linalg::solve_upper(n, r, n, false, 1, x);
  return x;
}

double residual_of(const Columns& a, const std::vector<std::size_t>& set, std::span<const double> x,
                   std::span<const double> b) {
  std::vector<double> rest(b.begin(), b.end());
  for (std::size_t k = 0; k < set.size(); ++k)
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= x[k] * a[set[k]][i];
  return std::sqrt(dot(rest, rest));
}

/// The smallest residual over all subsets whose solution is not negative.
double brute_force(const Columns& a, std::span<const double> b) {
  double best = std::sqrt(dot(b, b));
  for (std::size_t mask = 1; mask < (std::size_t{1} << a.size()); ++mask) {
    std::vector<std::size_t> set;
    for (std::size_t j = 0; j < a.size(); ++j)
      if (mask >> j & 1U) set.push_back(j);
    if (set.size() > b.size()) continue;
    const std::vector<double> x = fresh_solution(a, set, b);
    if (std::all_of(x.begin(), x.end(), [](double v) { return v >= 0.0; }))
      best = std::min(best, residual_of(a, set, x, b));
  }
  return best;
}

/// Lawson and Hanson's choice of columns until none has a positive product with the residual.
void fit_all(const Columns& a, linalg::NonnegativeFit& fit) {
  for (;;) {
    std::size_t best = a.size();
    double most = 1e-11;
    for (std::size_t j = 0; j < a.size(); ++j) {
      const auto& taken = fit.labels();
      if (std::find(taken.begin(), taken.end(), static_cast<std::int64_t>(j)) != taken.end())
        continue;
      if (const double score = dot(a[j], fit.residual()); score > most) {
        most = score;
        best = j;
      }
    }
    if (best == a.size() || !fit.add(a[best], static_cast<std::int64_t>(best))) return;
  }
}

} // namespace

TEST(UpdatedQr, IsThatOfAFreshFactorisationAfterHundredsOfChanges) {
  constexpr std::size_t rows = 150, count = 400;
  Columns a = random_columns(rows, count, 3);
  // Some columns differ by 1e-6 alone.
  for (std::size_t j = 1; j < count; j += 9)
    for (std::size_t i = 0; i < rows; ++i) a[j][i] = a[j - 1][i] + 1e-6 * a[j][i];
  linalg::UpdatedQr qr(rows);
  std::vector<std::size_t> set;
  for (std::size_t j = 0; j < count; ++j) {
    if (set.size() >= 130 || (j % 4 == 3 && set.size() > 5)) {
      const std::size_t at = (j * 37) % set.size();
      qr.remove(at);
      set.erase(set.begin() + static_cast<std::ptrdiff_t>(at));
    }
    ASSERT_TRUE(qr.append(a[j]));
    set.push_back(j);
  }
  ASSERT_EQ(qr.size(), set.size());
  double orthogonality = 0.0, product = 0.0;
  for (std::size_t k = 0; k < set.size(); ++k) {
    for (std::size_t l = 0; l <= k; ++l)
      orthogonality = std::max(orthogonality, std::abs(dot(qr.q(k), qr.q(l)) - (k == l)));
    for (std::size_t i = 0; i < rows; ++i) {
      double sum = 0.0;
      for (std::size_t l = 0; l <= k; ++l) sum += qr.q(l)[i] * qr.r(l, k);
      product = std::max(product, std::abs(sum - a[set[k]][i]));
    }
  }
  EXPECT_LT(orthogonality, 1e-13);
  EXPECT_LT(product, 1e-12);
  const std::vector<double> b = random_columns(rows, 1, 11)[0];
  const std::vector<double> x = qr.solve(b), expected = fresh_solution(a, set, b);
  // Of columns that differ by 1e-6, x has 1e6: the rounding of A x.
  EXPECT_NEAR(residual_of(a, set, x, b), residual_of(a, set, expected, b), 1e-8);
  const std::vector<double> rest = qr.residual(b);
  EXPECT_NEAR(std::sqrt(dot(rest, rest)), residual_of(a, set, expected, b), 1e-8);
}

TEST(UpdatedQr, RefusesWhatDepends) {
  const Columns a = random_columns(6, 3, 5);
  linalg::UpdatedQr qr(6);
  ASSERT_TRUE(qr.append(a[0]));
  ASSERT_TRUE(qr.append(a[1]));
  std::vector<double> sum(6);
  for (std::size_t i = 0; i < 6; ++i) sum[i] = 2.0 * a[0][i] - 3.0 * a[1][i];
  EXPECT_FALSE(qr.append(sum));
  EXPECT_FALSE(qr.append(std::vector<double>(6, 0.0)));
  EXPECT_EQ(qr.size(), 2U);
  EXPECT_TRUE(qr.append(a[2]));
}

TEST(NonnegativeFit, IsTheBestOfAllSubsets) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Columns a = random_columns(6, 9, seed);
    const std::vector<double> b = random_columns(6, 1, 100 + seed)[0];
    linalg::NonnegativeFit fit(b);
    fit_all(a, fit);
    for (const double x : fit.x()) EXPECT_GT(x, 0.0);
    EXPECT_NEAR(std::sqrt(dot(fit.residual(), fit.residual())), brute_force(a, b), 1e-10) << seed;
  }
}

TEST(NonnegativeFit, StartsFromAnyPoint) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Columns a = random_columns(8, 10, seed);
    const std::vector<double> b = random_columns(8, 1, 200 + seed)[0];
    linalg::NonnegativeFit cold(b), warm(b), again(b);
    fit_all(a, cold);
    // Columns 0 to 6, whether they belong there or not.
    std::vector<double> start;
    for (std::size_t j = 0; j < 7; ++j) start.insert(start.end(), a[j].begin(), a[j].end());
    const std::vector<double> x(7, 1.0);
    const std::vector<std::int64_t> labels{0, 1, 2, 3, 4, 5, 6};
    warm.start(start, x, labels);
    fit_all(a, warm);
    EXPECT_NEAR(dot(warm.residual(), warm.residual()), dot(cold.residual(), cold.residual()),
                1e-10);
    // From the solution itself nothing drops out.
    std::vector<double> chosen;
    for (const std::int64_t label : cold.labels())
      chosen.insert(chosen.end(), a[static_cast<std::size_t>(label)].begin(),
                    a[static_cast<std::size_t>(label)].end());
    again.start(chosen, cold.x(), cold.labels());
    EXPECT_EQ(again.removed(), 0);
    EXPECT_EQ(again.size(), cold.size());
  }
}

TEST(SmallDense, FactorsGiveTheMatrixBack) {
  constexpr std::size_t m = 7, n = 4;
  const Columns columns = random_columns(m, n, 2);
  std::vector<double> a;
  for (const auto& column : columns) a.insert(a.end(), column.begin(), column.end());
  const linalg::Svd svd = linalg::singular_values(m, n, a);
  const linalg::Reflections f(m, n, a);
  const std::vector<double> qr = f.times(n, f.r());
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < m; ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < n; ++k)
        sum += svd.left[i + m * k] * svd.values[k] * svd.right_t[k + n * j];
      EXPECT_NEAR(sum, a[i + m * j], 1e-13);
      EXPECT_NEAR(qr[i + m * j], a[i + m * j], 1e-13);
    }
  std::vector<double> c{4.0, 0.0, 2.0, 5.0}; // upper triangle of [4 2; 2 5]
  EXPECT_EQ(linalg::cholesky(2, c), 2U);
  EXPECT_NEAR(c[0], 2.0, 1e-15);
  EXPECT_NEAR(c[2], 1.0, 1e-15);
  EXPECT_NEAR(c[3], 2.0, 1e-15);
  std::vector<double> indefinite{1.0, 0.0, 2.0, 1.0};
  EXPECT_EQ(linalg::cholesky(2, indefinite), 1U);
}
