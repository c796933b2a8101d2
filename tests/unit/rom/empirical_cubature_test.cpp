// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Reduced quadrature on integrands of known rank, stored and by products, on points and on cells.
#include "support/distributed_columns.hpp"
#include "support/usage_error.hpp"

#include <linnet/rom/empirical_cubature.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <numeric>

using namespace linnet;
using core::Owned;

namespace {

constexpr std::int64_t cells = 60, per_cell = 4, points = cells * per_cell;

/// Numbers of the points of this rank's cells, cell by cell.
std::vector<std::int64_t> point_numbers() {
  std::vector<std::int64_t> numbers;
  for (const std::int64_t cell : tests::scattered_rows(cells))
    for (std::int64_t q = 0; q < per_cell; ++q) numbers.push_back(per_cell * cell + q);
  return numbers;
}

double weight_of(std::int64_t point) { return 0.5 + static_cast<double>(point % 11) / 11.0; }

/// Smooth functions with falling sizes, positive in the mean.
double integrand(std::int64_t point, PetscInt j) {
  const double x = (static_cast<double>(point) + 0.5) / points;
  return std::pow(0.6, j) * (std::cos(std::numbers::pi * j * x) + 0.3 * std::exp(x) * (j % 3));
}

struct Case {
  std::vector<std::int64_t> numbers = point_numbers();
  std::vector<double> weights;
  explicit Case() {
    for (const std::int64_t number : numbers) weights.push_back(weight_of(number));
  }
  rom::CubatureRule solve(const rom::Integrands& j, const rom::CubatureOptions& options,
                          const rom::CubatureRule* start = nullptr) const {
    return rom::empirical_cubature(PETSC_COMM_WORLD, j, weights, numbers, options, start);
  }
};

double volume() {
  double sum = 0.0;
  for (std::int64_t g = 0; g < points; ++g) sum += weight_of(g);
  return sum;
}

/// |b - J x| / |b| of integrands written out, without the row of ones.
double error_of(const rom::CubatureRule& rule, PetscInt size,
                const std::function<double(std::int64_t, PetscInt)>& value) {
  double rest = 0.0, all = 0.0;
  for (PetscInt j = 0; j < size; ++j) {
    double exact = 0.0, reduced = 0.0;
    for (std::int64_t g = 0; g < points; ++g) exact += weight_of(g) * value(g, j);
    for (std::size_t k = 0; k < rule.points.size(); ++k)
      reduced += rule.weights[k] * value(rule.points[k], j);
    rest += (exact - reduced) * (exact - reduced);
    all += exact * exact;
  }
  return std::sqrt(rest / all);
}

void expect_valid(const rom::CubatureRule& rule, double tolerance) {
  EXPECT_LE(rule.residual, tolerance);
  EXPECT_NEAR(std::accumulate(rule.weights.begin(), rule.weights.end(), 0.0), volume(),
              1e-12 * volume());
  for (const double w : rule.weights) EXPECT_GT(w, 0.0);
  EXPECT_TRUE(std::is_sorted(rule.points.begin(), rule.points.end()));
}

/// Fields of the products: strains of 3 modes and 4 stresses.
double strain(std::int64_t row, PetscInt i) {
  return tests::noise(row / 6, i, 5) + 0.2 * std::sin(0.1 * static_cast<double>(row) * (i + 1));
}
double stress(std::int64_t row, PetscInt k) {
  return std::pow(0.5, k) * (1.0 + std::cos(0.05 * static_cast<double>(row) * (k + 1)));
}
constexpr double multiplicity[] = {1.0, 1.0, 1.0, 2.0, 2.0, 2.0};
double product(std::int64_t point, PetscInt j) {
  double sum = 0.0;
  for (std::int64_t c = 0; c < 6; ++c)
    sum += multiplicity[c] * strain(6 * point + c, j % 3) * stress(6 * point + c, j / 3);
  return sum;
}

struct Products {
  Owned<Mat> left, right, stored;
  explicit Products(const Case& c) {
    std::vector<std::int64_t> rows;
    for (const std::int64_t number : c.numbers)
      for (std::int64_t d = 0; d < 6; ++d) rows.push_back(6 * number + d);
    left = tests::columns_at(rows, 3, strain);
    right = tests::columns_at(rows, 4, stress);
    stored = tests::columns_at(c.numbers, 12, product);
  }
  rom::ProductIntegrands by_products() const {
    return {left.get(), right.get(), {1.0, 1.0, 1.0, 2.0, 2.0, 2.0}};
  }
};

} // namespace

TEST(EmpiricalCubature, KeepsIntegralsAndVolumeWithPositiveWeights) {
  const Case c;
  const auto j = tests::columns_at(c.numbers, 20, integrand);
  const rom::StoredIntegrands integrands(j.get());
  std::size_t before = 0;
  for (const double tolerance : {1e-2, 1e-4, 1e-6}) {
    const rom::CubatureRule rule = c.solve(integrands, {.tolerance = tolerance});
    expect_valid(rule, tolerance);
    EXPECT_GT(rule.points.size(), before);
    EXPECT_LE(rule.points.size(), 21U);
    EXPECT_EQ(static_cast<int>(rule.points.size()), rule.iterations - rule.removed);
    EXPECT_LT(error_of(rule, 20, integrand), 2.0 * tolerance);
    before = rule.points.size();
  }
}

TEST(EmpiricalCubature, IsExactWithAsManyPointsAsTheRank) {
  const Case c;
  for (const int rank : {1, 3, 8}) {
    // 30 rows that are combinations of the constant and rank - 1 random functions.
    const auto value = [&](std::int64_t g, PetscInt row) {
      double sum = tests::noise(0, row, 31);
      for (int k = 1; k < rank; ++k) sum += tests::noise(k, row, 31) * tests::noise(g, k, 32);
      return sum;
    };
    const auto j = tests::columns_at(c.numbers, 30, value);
    const rom::CubatureRule rule = c.solve(rom::StoredIntegrands(j.get()), {.tolerance = 1e-12});
    expect_valid(rule, 1e-12);
    EXPECT_LE(rule.points.size(), static_cast<std::size_t>(rank));
    EXPECT_LT(error_of(rule, 30, value), 1e-11);
  }
}

TEST(EmpiricalCubature, StartsFromAFormerRule) {
  const Case c;
  const auto j = tests::columns_at(c.numbers, 20, integrand);
  const rom::StoredIntegrands integrands(j.get());
  const rom::CubatureOptions options{.tolerance = 1e-5};
  const rom::CubatureRule rule = c.solve(integrands, options);
  const rom::CubatureRule again = c.solve(integrands, options, &rule);
  EXPECT_EQ(again.iterations, 0);
  EXPECT_EQ(again.removed, 0);
  EXPECT_EQ(again.points, rule.points);
  // Five integrands more: fewer steps than from nothing.
  const auto more = tests::columns_at(c.numbers, 25, [](std::int64_t g, PetscInt k) {
    return k < 20 ? integrand(g, k) : 0.05 * tests::noise(g, k, 77);
  });
  const rom::StoredIntegrands larger(more.get());
  const rom::CubatureRule cold = c.solve(larger, options), warm = c.solve(larger, options, &rule);
  expect_valid(warm, 1e-5);
  EXPECT_LT(warm.iterations, cold.iterations);
  rom::CubatureRule foreign = rule;
  foreign.points.back() = points + 5;
  try {
    c.solve(integrands, options, &foreign);
    ADD_FAILURE() << "a rule of other points was taken";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
  }
}

// Each rank solves the whole problem alone, too.
TEST(EmpiricalCubature, TakesTheSamePointsOnAnyNumberOfRanks) {
  const Case c;
  // Symmetric functions: every point has a twin with the same column up to rounding.
  const auto value = [](std::int64_t g, PetscInt k) {
    const double x = (2.0 * static_cast<double>(g) + 1.0) / (2.0 * points) - 0.5;
    return std::pow(0.7, k) * std::cos(2.0 * std::numbers::pi * k * x) + 0.1 * k;
  };
  const auto j = tests::columns_at(c.numbers, 10, value);
  std::vector<std::int64_t> every(static_cast<std::size_t>(points));
  std::iota(every.begin(), every.end(), 0);
  std::vector<double> equal(every.size(), 1.0 / points);
  Owned<Mat> all = linalg::make_columns(PETSC_COMM_SELF, static_cast<PetscInt>(points), 10);
  {
    const linalg::LocalColumns to(all.get(), linalg::LocalColumns::Access::write);
    for (PetscInt k = 0; k < 10; ++k)
      for (std::int64_t g = 0; g < points; ++g) to.column(k)[g] = value(g, k);
  }
  const std::vector<double> mine(c.numbers.size(), 1.0 / points);
  for (const double candidates : {0.0, 4.0, 0.5}) {
    const rom::CubatureOptions options{.tolerance = 1e-6, .candidates = candidates};
    const rom::CubatureRule alone = rom::empirical_cubature(
        PETSC_COMM_SELF, rom::StoredIntegrands(all.get()), equal, every, options);
    const rom::CubatureRule rule = rom::empirical_cubature(
        PETSC_COMM_WORLD, rom::StoredIntegrands(j.get()), mine, c.numbers, options);
    EXPECT_EQ(rule.points, alone.points) << candidates;
    for (std::size_t k = 0; k < std::min(rule.weights.size(), alone.weights.size()); ++k)
      EXPECT_NEAR(rule.weights[k], alone.weights[k], 1e-9);
    EXPECT_EQ(rule.iterations, alone.iterations);
  }
}

TEST(EmpiricalCubature, ProductsAreTheStoredMatrix) {
  const Case c;
  const Products p(c);
  const rom::ProductIntegrands products = p.by_products();
  const rom::StoredIntegrands stored(p.stored.get());
  ASSERT_EQ(products.size(), 12U);
  ASSERT_EQ(products.points(), c.numbers.size());
  std::vector<double> r(12), a(c.numbers.size()), b(a), column(12), other(12);
  for (std::size_t i = 0; i < 12; ++i) r[i] = tests::noise(static_cast<std::int64_t>(i), 3, 9);
  products.project(r, a);
  stored.project(r, b);
  for (std::size_t g = 0; g < a.size(); ++g) EXPECT_NEAR(a[g], b[g], 1e-13);
  products.squared_norms(a);
  stored.squared_norms(b);
  for (std::size_t g = 0; g < a.size(); ++g) EXPECT_NEAR(a[g], b[g], 1e-12);
  products.integrate(c.weights, column);
  stored.integrate(c.weights, other);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(column[i], other[i], 1e-11);
  for (std::size_t g = 0; g < a.size(); g += 5) {
    products.column(g, column);
    stored.column(g, other);
    for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(column[i], other[i], 1e-14);
  }
  const rom::CubatureOptions options{.tolerance = 1e-5};
  const rom::CubatureRule rule = c.solve(products, options);
  expect_valid(rule, 1e-5);
  EXPECT_LT(error_of(rule, 12, product), 1e-4);
}

TEST(EmpiricalCubature, TakesWholeCells) {
  const Case c;
  const Products p(c);
  const rom::ProductIntegrands products = p.by_products();
  const rom::CubatureOptions options{
      .tolerance = 1e-5, .unit = rom::CubatureUnit::cell, .points_per_cell = per_cell};
  const rom::CubatureRule rule = c.solve(products, options);
  expect_valid(rule, 1e-5);
  EXPECT_LT(error_of(rule, 12, product), 1e-4);
  ASSERT_EQ(rule.points.size() % per_cell, 0U);
  EXPECT_EQ(static_cast<int>(rule.points.size() / per_cell), rule.iterations - rule.removed);
  for (std::size_t k = 0; k < rule.points.size(); ++k) {
    const std::size_t first = k - k % per_cell;
    EXPECT_EQ(rule.points[k], rule.points[first] + static_cast<std::int64_t>(k - first));
    // One factor for all points of a cell.
    EXPECT_NEAR(rule.weights[k] / weight_of(rule.points[k]),
                rule.weights[first] / weight_of(rule.points[first]), 1e-12 * volume());
  }
  const rom::CubatureRule again = c.solve(products, options, &rule);
  EXPECT_EQ(again.iterations, 0);
  EXPECT_EQ(again.points, rule.points);
}

TEST(EmpiricalCubature, SeeksAmongCandidatesBetweenLooksAtAll) {
  const Case c;
  const Products p(c);
  const rom::ProductIntegrands products = p.by_products();
  for (const auto unit : {rom::CubatureUnit::point, rom::CubatureUnit::cell}) {
    rom::CubatureOptions options{
        .tolerance = 1e-5, .unit = unit, .points_per_cell = per_cell, .candidates = 0.0};
    const rom::CubatureRule whole = c.solve(products, options);
    for (const double candidates : {5.0, 0.1}) {
      options.candidates = candidates;
      const rom::CubatureRule rule = c.solve(products, options);
      expect_valid(rule, 1e-5);
      EXPECT_LT(error_of(rule, 12, product), 1e-4);
      EXPECT_LE(rule.points.size(), whole.points.size() + 2 * per_cell);
      // The fit of a rule is the best one with its points.
      EXPECT_EQ(c.solve(products, options, &rule).iterations, 0);
    }
  }
}

/// Passes on, and counts how often all points were looked at.
class Counted final : public rom::Integrands {
public:
  explicit Counted(const rom::Integrands& inner) : inner_(&inner) {}
  [[nodiscard]] std::size_t size() const override { return inner_->size(); }
  [[nodiscard]] std::size_t points() const override { return inner_->points(); }
  void project(std::span<const double> r, std::span<double> values) const override {
    ++looks;
    inner_->project(r, values);
  }
  void column(std::size_t point, std::span<double> values) const override {
    inner_->column(point, values);
  }
  void squared_norms(std::span<double> values) const override { inner_->squared_norms(values); }
  void integrate(std::span<const double> w, std::span<double> b) const override {
    inner_->integrate(w, b);
  }
  [[nodiscard]] double reference_square() const override { return inner_->reference_square(); }
  [[nodiscard]] std::unique_ptr<rom::Integrands>
  subset(std::span<const std::size_t> points) const override {
    return inner_->subset(points);
  }
  [[nodiscard]] double bytes_per_sweep() const override { return inner_->bytes_per_sweep(); }
  [[nodiscard]] double flops_per_sweep() const override { return inner_->flops_per_sweep(); }

  mutable int looks = 0;

private:
  const rom::Integrands* inner_;
};

/// Where rounding is all that is left, the other points are not tried one after the other.
TEST(EmpiricalCubature, GivesUpLongBeforeItHasTriedAllPoints) {
  const Case c;
  const PetscInt size = 5;
  const auto j = tests::columns_at(c.numbers, size, integrand);
  const rom::StoredIntegrands integrands(j.get());
  const Counted counted(integrands);
  EXPECT_THROW(c.solve(counted, {.tolerance = 1e-300, .candidates = 0.0}), core::Error);
  EXPECT_LT(counted.looks, 60) << "of " << points << " points";
}

TEST(EmpiricalCubature, SaysWhatCanBeReached) {
  const Case c;
  const auto j = tests::columns_at(c.numbers, 20, integrand);
  const rom::StoredIntegrands integrands(j.get());
  const auto refusal = [&](const rom::CubatureOptions& options) {
    try {
      c.solve(integrands, options);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ExitCode::not_converged);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const std::string few = refusal({.tolerance = 1e-8, .most_points = 4});
  EXPECT_NE(few.find("not reachable: 4 points, all that are allowed"), std::string::npos) << few;
  // Below rounding.
  const std::string small = refusal({.tolerance = 1e-30});
  EXPECT_NE(small.find("not reachable"), std::string::npos) << small;
  EXPECT_NE(small.find("-ecm_tol"), std::string::npos) << small;
  const auto usage = [&](const rom::CubatureOptions& options) {
    return tests::usage_error([&] { c.solve(integrands, options); });
  };
  EXPECT_NE(usage({.tolerance = 0.0}).find("-ecm_tol"), std::string::npos);
  EXPECT_NE(usage({.candidates = -1.0}).find("-ecm_candidates"), std::string::npos);
  EXPECT_NE(usage({.unit = rom::CubatureUnit::cell, .points_per_cell = 241}).find("whole cells"),
            std::string::npos);
  Case wrong;
  if (!wrong.weights.empty()) wrong.weights.front() = -1.0;
  EXPECT_THROW(wrong.solve(integrands, {}), core::Error);
}
