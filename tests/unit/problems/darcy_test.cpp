// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_sampler_fixture.hpp"

#include <linnet/core/random.hpp>
#include <linnet/problems/operators/trigonometric_darcy.hpp>
#include <linnet/problems/operators/two_phase_darcy.hpp>

#include <numbers>

using namespace linnet;
using namespace linnet::problems;

namespace {

constexpr double pi = std::numbers::pi;

std::size_t at(int n, int i, int j) { return static_cast<std::size_t>(i + n * j); }

template <class Function>
std::vector<double> on_nodes(int n, double side, Function of) {
  std::vector<double> values;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) values.push_back(of(side * i / (n - 1), side * j / (n - 1)));
  return values;
}

/// Root mean square of the error for u = sin(pi x/L) sin(2 pi y/L) and a = 2 + cos(x) sin(3 y).
double manufactured_error(int n, double side) {
  const auto u = [&](double x, double y) {
    return std::sin(pi * x / side) * std::sin(2.0 * pi * y / side);
  };
  const auto a =
      on_nodes(n, side, [](double x, double y) { return 2.0 + std::cos(x) * std::sin(3.0 * y); });
  const auto f = on_nodes(n, side, [&](double x, double y) {
    const double kx = pi / side, ky = 2.0 * pi / side;
    const double value = 2.0 + std::cos(x) * std::sin(3.0 * y);
    const double ax = -std::sin(x) * std::sin(3.0 * y), ay = 3.0 * std::cos(x) * std::cos(3.0 * y);
    const double ux = kx * std::cos(kx * x) * std::sin(ky * y),
                 uy = ky * std::sin(kx * x) * std::cos(ky * y);
    return value * (kx * kx + ky * ky) * u(x, y) - ax * ux - ay * uy;
  });
  DarcySolver solver(n, side);
  std::vector<double> found;
  solver.solve(a, f, found);
  EXPECT_LE(solver.residual(), DarcySolver::tolerance);
  const auto expected = on_nodes(n, side, u);
  double sum = 0.0;
  for (std::size_t p = 0; p < found.size(); ++p) sum += std::pow(found[p] - expected[p], 2);
  return std::sqrt(sum / static_cast<double>(found.size()));
}

} // namespace

TEST(DarcySolver, IsOfSecondOrder) {
  for (const double side : {1.0, 2.0}) {
    const double e[3] = {manufactured_error(33, side), manufactured_error(65, side),
                         manufactured_error(129, side)};
    EXPECT_LT(e[0], 2e-2);
    for (int level = 0; level < 2; ++level) {
      const double order = std::log2(e[level] / e[level + 1]);
      EXPECT_GT(order, 1.9);
      EXPECT_LT(order, 2.1);
    }
  }
}

// -Laplace u = 1 has the value 0.0736713532814... in the middle of the unit square (its series).
TEST(DarcySolver, ConstantCoefficient) {
  const int n = 65;
  DarcySolver solver(n);
  const std::vector<double> one(static_cast<std::size_t>(n * n), 1.0);
  std::vector<double> u;
  solver.solve(one, one, u);
  EXPECT_NEAR(u[at(n, 32, 32)], 0.07367135328, 2e-5);
  for (int i = 0; i < n; ++i)
    for (const std::size_t p : {at(n, i, 0), at(n, i, n - 1), at(n, 0, i), at(n, n - 1, i)})
      EXPECT_EQ(u[p], 0.0);
}

TEST(DarcySolver, BalancesTheFluxesOfEveryNode) {
  TwoPhaseDarcyOptions o;
  o.nodes = 40;
  TwoPhaseDarcy family(o);
  const auto a = family.coefficient(2);
  const std::vector<double> one(a.size(), 1.0);
  std::vector<double> u;
  DarcySolver(40).solve(a, one, u);
  double worst = 0.0;
  for (int j = 1; j < 39; ++j)
    for (int i = 1; i < 39; ++i) {
      const std::size_t p = at(40, i, j);
      double out = 0.0;
      for (const std::size_t q : {p - 1, p + 1, p - 40, p + 40})
        out += 0.5 * (a[p] + a[q]) * (u[p] - u[q]);
      worst = std::max(worst, std::abs(39.0 * 39.0 * out - 1.0));
    }
  // |r| <= 1e-10 |f| in the 2-norm, of 38^2 ones.
  EXPECT_LT(worst, 38e-10);
}

TEST(DarcySolver, RefusesWhatIsNotPositive) {
  DarcySolver solver(9);
  std::vector<double> a(81, 1.0), f(81, 1.0), u;
  a[40] = 0.0;
  test::expect_line(test::message_of([&] { solver.solve(a, f, u); }), "must be positive");
  test::expect_line(test::message_of([] { DarcySolver(2); }), "at least 3");
}

TEST(TwoPhaseDarcy, HasTheSameBitsEverywhere) {
  TwoPhaseDarcyOptions o = rough_darcy();
  o.nodes = 48;
  test::expect_same_bits_everywhere<TwoPhaseDarcy>(o);
}

TEST(TwoPhaseDarcy, KeepsTheRightPoints) {
  for (const auto& [n, stride] : {std::pair{33, 2}, std::pair{32, 2}, std::pair{43, 3}}) {
    TwoPhaseDarcyOptions o;
    o.nodes = n;
    o.stride = 1;
    test::expect_kept_points<TwoPhaseDarcy>(o, n, stride);
  }
}

TEST(TwoPhaseDarcy, PublishedSizes) {
  EXPECT_EQ(TwoPhaseDarcy({}).points()[0], 211);
  EXPECT_EQ(TwoPhaseDarcy(rough_darcy()).points()[0], 256);
  EXPECT_EQ(TrigonometricDarcy({}).points()[0], 256);
}

// The two phases take half of the area each: the field has the mean zero.
TEST(TwoPhaseDarcy, PhasesAreBalanced) {
  TwoPhaseDarcyOptions o = rough_darcy();
  o.nodes = 32;
  TwoPhaseDarcy family(o);
  constexpr int draws = 500;
  double high = 0.0;
  for (std::uint64_t s = 0; s < draws; ++s)
    for (const double a : family.coefficient(s)) {
      EXPECT_TRUE(a == o.low || a == o.high);
      high += a == o.high;
    }
  EXPECT_NEAR(high / draws / (32 * 32), 0.5, 0.02);
}

TEST(TwoPhaseDarcy, RefusesBadOptions) {
  const auto refusal = [](auto change) {
    TwoPhaseDarcyOptions o;
    change(o);
    return test::message_of([&] { TwoPhaseDarcy{o}; });
  };
  test::expect_line(refusal([](auto& o) { o.nodes = 2; }), "at least 3");
  test::expect_line(refusal([](auto& o) { o.stride = 0; }), "from 1 to 420");
  test::expect_line(refusal([](auto& o) { o.stride = 421; }), "from 1 to 420");
  test::expect_line(refusal([](auto& o) { o.low = -1; }), "must be positive");
  test::expect_line(refusal([](auto& o) { o.tau = 0; }), "must be positive");
}

TEST(TrigonometricDarcy, IsTheProductOfItsScales) {
  TrigonometricDarcyOptions o;
  o.nodes = 37;
  o.stride = 1;
  o.seed = 5;
  const auto a = TrigonometricDarcy(o).coefficient(7);
  const core::RandomStream stream(5, (std::uint64_t{10} << 56) + 7);
  for (const auto& [i, j] :
       {std::pair{0, 0}, std::pair{36, 0}, std::pair{3, 36}, std::pair{17, 8}}) {
    const double x = -1.0 + i / 18.0, y = -1.0 + j / 18.0;
    double product = 1.0;
    for (std::uint64_t k = 1; k <= 6; ++k) {
      const double lowest = std::pow(2.0, static_cast<double>(k) - 1.0);
      const double wave = lowest + 0.5 * lowest * stream.uniform(k - 1);
      product *= (1.0 + 0.5 * std::cos(wave * pi * (x + y))) *
                 (1.0 + 0.5 * std::sin(wave * pi * (y - 3.0 * x)));
    }
    EXPECT_NEAR(a[at(37, i, j)], product, 1e-10 * product);
  }
}

TEST(TrigonometricDarcy, HasTheSameBitsEverywhere) {
  TrigonometricDarcyOptions o;
  o.nodes = 65;
  test::expect_same_bits_everywhere<TrigonometricDarcy>(o);
  o.stride = 1;
  test::expect_kept_points<TrigonometricDarcy>(o, 65, 4);
}

// On [-1,1]^2 and not on the unit square: four times the solution for a of the same values.
TEST(TrigonometricDarcy, LivesOnTheSquareOfSideTwo) {
  TrigonometricDarcyOptions o;
  o.nodes = 41;
  o.stride = 1;
  TrigonometricDarcy family(o);
  FieldValues values;
  family.make(0, values);
  std::vector<double> u;
  DarcySolver(41).solve(values[0], std::vector<double>(41 * 41, 1.0), u);
  for (std::size_t p = 0; p < u.size(); ++p) EXPECT_NEAR(values[1][p], 4.0 * u[p], 1e-8);
}
