// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Q-DEIM, values at points, gappy POD and error budgets.
#include "support/distributed_columns.hpp"
#include "support/usage_error.hpp"

#include <linnet/rom/error_budget.hpp>
#include <linnet/rom/gappy_pod.hpp>
#include <linnet/rom/point_values.hpp>
#include <linnet/rom/q_deim.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace linnet;

namespace {

constexpr std::int64_t rows = 80;
constexpr PetscInt modes = 4;

/// Orthonormal cosines.
double mode(std::int64_t row, PetscInt j) {
  return std::sqrt((j == 0 ? 1.0 : 2.0) / rows) *
         std::cos(3.14159265358979323846 * j * (static_cast<double>(row) + 0.5) / rows);
}

/// Pivots of the transposed modes by a naive search on one rank.
std::vector<std::int64_t> naive_pivots() {
  std::vector<std::vector<double>> v(static_cast<std::size_t>(rows));
  for (std::int64_t g = 0; g < rows; ++g)
    for (PetscInt j = 0; j < modes; ++j) v[static_cast<std::size_t>(g)].push_back(mode(g, j));
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  std::vector<std::int64_t> pivots;
  for (PetscInt k = 0; k < modes; ++k) {
    std::size_t best = 0;
    for (std::size_t g = 0; g < v.size(); ++g)
      if (dot(v[g], v[g]) > (1.0 + 1e-10) * dot(v[best], v[best])) best = g;
    pivots.push_back(static_cast<std::int64_t>(best));
    std::vector<double> q = v[best];
    const double size = dot(q, q);
    for (auto& row : v) {
      const double part = dot(q, row) / size;
      for (std::size_t i = 0; i < row.size(); ++i) row[i] -= part * q[i];
    }
  }
  return pivots;
}

std::vector<double> modes_at(const std::vector<std::int64_t>& points) {
  std::vector<double> phi;
  for (PetscInt j = 0; j < modes; ++j)
    for (const std::int64_t point : points) phi.push_back(mode(point, j));
  return phi;
}

} // namespace

TEST(QDeim, TakesThePivotsOfTheTransposedModes) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  const auto phi = tests::columns_at(numbers, modes, mode);
  EXPECT_EQ(rom::q_deim(phi.get(), numbers), naive_pivots());
  const auto dependent = tests::columns_at(
      numbers, 3, [](std::int64_t g, PetscInt j) { return mode(g, j == 2 ? 1 : j); });
  EXPECT_NE(tests::usage_error([&] {
              rom::q_deim(dependent.get(), numbers);
            }).find("only 2 are independent"),
            std::string::npos);
  const auto wrong = tests::columns_at(numbers, 2, [](std::int64_t g, PetscInt j) {
    return g == 7 && j == 0 ? std::numeric_limits<double>::quiet_NaN() : mode(g, j);
  });
  EXPECT_THROW(rom::q_deim(wrong.get(), numbers), core::Error);
}

TEST(PointValues, AreThoseOfTheRowsWithTheseNumbers) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  std::vector<std::int64_t> components;
  for (const std::int64_t number : numbers)
    for (std::int64_t c = 0; c < 3; ++c) components.push_back(3 * number + c);
  const auto fields = tests::columns_at(components, 2, [](std::int64_t row, PetscInt j) {
    return static_cast<double>(row) + 0.5 * j;
  });
  const std::vector<std::int64_t> points{17, 3, 64, 3};
  const std::vector<double> values = rom::values_at(fields.get(), numbers, points, 3);
  ASSERT_EQ(values.size(), 24U);
  for (std::size_t j = 0; j < 2; ++j)
    for (std::size_t k = 0; k < 4; ++k)
      for (std::size_t c = 0; c < 3; ++c)
        EXPECT_EQ(values[3 * k + c + 12 * j], static_cast<double>(3 * points[k]) +
                                                  static_cast<double>(c) +
                                                  0.5 * static_cast<double>(j));
  const std::vector<std::int64_t> missing{rows};
  EXPECT_THROW(rom::values_at(fields.get(), numbers, missing, 3), core::Error);
  EXPECT_NE(tests::usage_error([&] {
              rom::values_at(fields.get(), numbers, points, 2);
            }).find("components"),
            std::string::npos);
}

TEST(GappyPod, GivesFieldsInTheSpanBackOnTheWholeMesh) {
  const std::vector<std::int64_t> numbers = tests::scattered_rows(rows);
  const auto phi = tests::columns_at(numbers, modes, mode);
  std::vector<std::int64_t> points = rom::q_deim(phi.get(), numbers);
  for (const std::int64_t more : {5, 23, 41, 67, 71})
    if (std::find(points.begin(), points.end(), more) == points.end()) points.push_back(more);
  const rom::GappyPod gappy(points.size(), modes, rom::values_at(phi.get(), numbers, points));
  EXPECT_GE(gappy.condition(), 1.0);
  EXPECT_LT(gappy.condition(), 20.0);
  const double z[] = {2.0, -1.0, 0.5, 3.0};
  const auto field = [&](std::int64_t g) {
    double sum = 0.0;
    for (PetscInt j = 0; j < modes; ++j) sum += z[j] * mode(g, j);
    return sum;
  };
  std::vector<double> values;
  for (const std::int64_t point : points) values.push_back(field(point));
  const rom::GappyPod::Fit fit = gappy.fit(values);
  EXPECT_LT(fit.indicator, 1e-14);
  for (std::size_t j = 0; j < modes; ++j) EXPECT_NEAR(fit.coefficients[j], z[j], 1e-12);
  std::vector<double> whole(numbers.size());
  rom::reconstruct(phi.get(), fit.coefficients, whole);
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(whole[i], field(numbers[i]), 1e-10);
}

TEST(GappyPod, TheIndicatorIsThePartOutsideOfTheSpan) {
  const std::vector<std::int64_t> points{1, 9, 17, 25, 33, 41, 49, 57, 65, 73};
  const std::vector<double> phi = modes_at(points);
  const rom::GappyPod gappy(points.size(), modes, phi);
  std::vector<double> inside(points.size(), 0.0), outside;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = 0; j < modes; ++j)
      inside[i] += phi[i + points.size() * j] / (1.0 + static_cast<double>(j));
  for (const std::int64_t point : points) outside.push_back(tests::noise(point, 3));
  // Orthogonal to the modes at the points.
  const rom::GappyPod::Fit part = gappy.fit(outside);
  for (std::size_t j = 0; j < modes; ++j)
    for (std::size_t i = 0; i < points.size(); ++i)
      outside[i] -= part.coefficients[j] * phi[i + points.size() * j];
  const auto length = [](const std::vector<double>& v) {
    double sum = 0.0;
    for (const double value : v) sum += value * value;
    return std::sqrt(sum);
  };
  for (const double e : {1e-6, 0.1, 1.0, 10.0}) {
    std::vector<double> values = inside;
    const double scale = e * length(inside) / length(outside);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += scale * outside[i];
    EXPECT_NEAR(gappy.fit(values).indicator, e / std::sqrt(1.0 + e * e), 1e-12) << e;
  }
  EXPECT_EQ(gappy.fit(std::vector<double>(points.size(), 0.0)).indicator, 0.0);
  const rom::GappyPod floored(points.size(), modes, phi, 1e-3);
  EXPECT_EQ(floored.fit(std::vector<double>(points.size(), 1e-4)).indicator, 0.0);
  EXPECT_GT(floored.fit(std::vector<double>{1, -1, 1, -1, 1, -1, 1, -1, 1, -1}).indicator, 0.1);
}

TEST(GappyPod, RefusesTooFewPointsAndDependentModes) {
  const std::vector<std::int64_t> seven{1, 9, 17, 25, 33, 41, 49};
  EXPECT_NE(tests::usage_error([&] {
              rom::GappyPod(7, modes, modes_at(seven));
            }).find("at least 8 points"),
            std::string::npos);
  // Four modes at points that are all the same.
  const std::vector<std::int64_t> same(8, 20);
  EXPECT_NE(tests::usage_error([&] { rom::GappyPod(8, modes, modes_at(same)); }).find("depend"),
            std::string::npos);
}

TEST(ErrorBudget, PartsAddUpInSquares) {
  // u = (3, 4, 0, 1): the modes are the first two axes.
  rom::ErrorNorms norms;
  norms.reference = 26.0;
  norms.projection = 1.0;
  norms.reduced = 1.0 + 0.25;         // u_r = (3.5, 4, 0, 0)
  norms.full_quadrature = 1.0 + 0.04; // u_f = (3.2, 4, 0, 0)
  const rom::ErrorBudget budget = rom::error_budget(norms);
  EXPECT_NEAR(budget.total, std::sqrt(1.25 / 26.0), 1e-15);
  EXPECT_NEAR(budget.projection, std::sqrt(1.0 / 26.0), 1e-15);
  EXPECT_NEAR(budget.model, 0.5 / std::sqrt(26.0), 1e-15);
  EXPECT_NEAR(budget.galerkin, 0.2 / std::sqrt(26.0), 1e-15);
  EXPECT_NEAR(budget.hyper_reduction, 0.3 / std::sqrt(26.0), 1e-15);
  norms.full_quadrature = -1.0;
  EXPECT_EQ(rom::error_budget(norms).galerkin, -1.0);
  EXPECT_NE(to_string(rom::error_budget(norms)).find("projection 1.96e-01"), std::string::npos);
  norms.reduced = 0.5;
  EXPECT_NE(tests::usage_error([&] { rom::error_budget(norms); }).find("best approximation"),
            std::string::npos);
  norms.reference = 0.0;
  EXPECT_EQ(rom::error_budget(norms).total, 0.0);
  const rom::GappyBudget gappy = rom::gappy_budget({100.0, 1.0, 5.0, 9.0});
  EXPECT_NEAR(gappy.total, 0.3, 1e-15);
  EXPECT_NEAR(gappy.projection, 0.1, 1e-15);
  EXPECT_NEAR(gappy.gappy, 0.2, 1e-15);
  EXPECT_NEAR(gappy.model, 0.2, 1e-15);
}
