// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_sampler_fixture.hpp"

#include <linnet/core/random.hpp>
#include <linnet/problems/operators/helmholtz_samples.hpp>

#include <numbers>

using namespace linnet;
using namespace linnet::problems;

namespace {

constexpr double pi = std::numbers::pi;

template <class Function>
std::vector<double> on_square(const std::vector<double>& coordinates, Function of) {
  std::vector<double> values;
  for (const double y : coordinates)
    for (const double x : coordinates) values.push_back(of(x, y));
  return values;
}

std::vector<double> nodes(int n) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back(static_cast<double>(i) / (n - 1));
  return x;
}

double root_mean_square(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t p = 0; p < a.size(); ++p) sum += std::pow(a[p] - b[p], 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

/// u = cos(2 pi x) cos(pi y) has no flux through the boundary; k^2 varies.
double manufactured_error(int elements) {
  HelmholtzSolver solver(elements);
  const auto k2 = [](double x, double y) { return 30.0 + 10.0 * x * y; };
  const auto u = [](double x, double y) { return std::cos(2 * pi * x) * std::cos(pi * y); };
  std::vector<double> load(static_cast<std::size_t>(solver.nodes() * solver.nodes()), 0.0), found;
  solver.add_source(
      on_square(solver.gauss_points(),
                [&](double x, double y) { return (5 * pi * pi - k2(x, y)) * u(x, y); }),
      load);
  solver.solve(on_square(solver.gauss_points(), k2), load, found);
  return root_mean_square(found, on_square(nodes(solver.nodes()), u));
}

/// k = 5 and flux 1 on all of the upper side: u = -cos(k y) / (k sin k), a wave along y alone.
double wave_error(int elements) {
  HelmholtzSolver solver(elements);
  std::vector<double> load(static_cast<std::size_t>(solver.nodes() * solver.nodes()), 0.0), found;
  solver.add_upper_flux(0.0, 1.0, 1.0, load);
  solver.solve(on_square(solver.gauss_points(), [](double, double) { return 25.0; }), load, found);
  return root_mean_square(found, on_square(nodes(solver.nodes()), [](double, double y) {
                            return -std::cos(5.0 * y) / (5.0 * std::sin(5.0));
                          }));
}

void expect_second_order(double (*error)(int), double at_most) {
  const double e[3] = {error(20), error(40), error(80)};
  EXPECT_LT(e[2], at_most);
  for (int level = 0; level < 2; ++level) EXPECT_NEAR(std::log2(e[level] / e[level + 1]), 2.0, 0.1);
}

} // namespace

TEST(HelmholtzSolver, IsOfSecondOrder) { expect_second_order(manufactured_error, 1e-2); }
TEST(HelmholtzSolver, FluxOfAPlaneWave) { expect_second_order(wave_error, 1e-2); }

// The wave number of bilinear elements is too small by (k h)^2 / 24 along a direction of the grid:
// a cavity resonates where theirs does. cos(m pi y) with 6 (1 - cos(m pi h)) / (2 + cos(m pi h)) =
// (k h)^2 is an eigenvector to rounding.
TEST(HelmholtzSolver, ResonatesAtTheDiscreteWaveNumber) {
  constexpr int n = 24, m = 5;
  const double c = std::cos(m * pi / n), eigenvalue = n * n * 6.0 * (1.0 - c) / (2.0 + c);
  EXPECT_NEAR(std::sqrt(eigenvalue) / (m * pi) - 1.0, std::pow(m * pi / n, 2) / 24.0, 1e-3);
  HelmholtzSolver solver(n);
  std::vector<double> load((n + 1) * (n + 1), 0.0), below, above;
  solver.add_upper_flux(0.0, 1.0, 1.0, load);
  const auto solve = [&](double k2, std::vector<double>& u) {
    solver.solve(on_square(solver.gauss_points(), [&](double, double) { return k2; }), load, u);
  };
  const double away = 1e-6 * eigenvalue;
  solve(eigenvalue - away, below);
  solve(eigenvalue + away, above);
  // Large with opposite signs: (-1)^m, the load times the mode, over its norm (2 + c) / 6.
  EXPECT_NEAR(below[0] * away, 6.0 / (2.0 + c) * std::pow(-1.0, m), 0.01);
  EXPECT_NEAR(above[0] * away, -6.0 / (2.0 + c) * std::pow(-1.0, m), 0.01);
}

TEST(HelmholtzSolver, IntegratesAFluxThatEndsWithinAnElement) {
  HelmholtzSolver solver(4);
  std::vector<double> load(25, 0.0);
  solver.add_upper_flux(0.3, 0.6, 2.0, load);
  double sum = 0.0, moment = 0.0;
  for (std::size_t i = 0; i < 5; ++i) {
    sum += load[20 + i], moment += 0.25 * static_cast<double>(i) * load[20 + i];
    for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(load[i + 5 * j], 0.0);
  }
  EXPECT_NEAR(sum, 0.6, 1e-15);
  EXPECT_NEAR(moment, 0.36 - 0.09, 1e-15);
}

TEST(HelmholtzSamples, SpeedIsTheSumOfItsModes) {
  HelmholtzOptions o;
  o.modes = 4;
  o.seed = 9;
  const HelmholtzSamples family(o);
  const std::vector<double> x{0.1, 0.7};
  const auto c = family.speed(6, x);
  const core::RandomStream stream(9, (std::uint64_t{12} << 56) + 6);
  const int waves[4][2] = {{0, 1}, {1, 0}, {1, 1}, {0, 2}};
  for (std::size_t j = 0; j < 2; ++j)
    for (std::size_t i = 0; i < 2; ++i) {
      double g = 0.0;
      for (std::uint64_t m = 0; m < 4; ++m) {
        const int a = waves[m][0], b = waves[m][1];
        const double norm = (a > 0 ? std::sqrt(2.0) : 1.0) * (b > 0 ? std::sqrt(2.0) : 1.0);
        g += stream.normal(m) / (pi * pi * (a * a + b * b) + 9.0) * norm * std::cos(pi * a * x[i]) *
             std::cos(pi * b * x[j]);
      }
      EXPECT_NEAR(c[i + 2 * j], 20.0 + std::tanh(g), 1e-13);
    }
}

TEST(HelmholtzSamples, HasTheSameBitsEverywhere) {
  HelmholtzOptions o;
  o.nodes = 31;
  o.frequency = 300.0;
  test::expect_same_bits_everywhere<HelmholtzSamples>(o);
  test::expect_kept_points<HelmholtzSamples>(o, 31, 3);
}

TEST(HelmholtzSamples, RefusesBadOptions) {
  const auto refusal = [](auto change) {
    HelmholtzOptions o;
    change(o);
    return test::message_of([&] { HelmholtzSamples{o}; });
  };
  test::expect_line(refusal([](auto& o) { o.speed = 1.0; }), "above 1");
  test::expect_line(refusal([](auto& o) { o.modes = 0; }), "from 1 to");
  test::expect_line(refusal([](auto& o) { o.frequency = -1.0; }), "must be positive");
  test::expect_line(refusal([](auto& o) { o.flux_from = 0.8; }), "part of");
  test::expect_line(refusal([](auto& o) { o.nodes = 1; }), "at least 2");
}
