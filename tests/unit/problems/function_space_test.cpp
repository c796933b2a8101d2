// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cell_grid_fixture.hpp"

#include <linnet/problems/random/cubic_spline.hpp>
#include <linnet/problems/random/function_space.hpp>
#include <linnet/problems/random/kernel_factor.hpp>

#include <cmath>

using namespace linnet;
using namespace linnet::problems;

namespace {

/// Composite Gauss quadrature with three points, on @p parts of (a, b).
template <class Function>
double quadrature(Function f, double a, double b, int parts) {
  const double half = 0.5 * (b - a) / parts, aside = std::sqrt(0.6) * half;
  double sum = 0.0;
  for (int i = 0; i < parts; ++i) {
    const double x = a + (2 * i + 1) * half;
    sum += 5.0 * f(x - aside) + 8.0 * f(x) + 5.0 * f(x + aside);
  }
  return sum * half / 9.0;
}

std::vector<double> on_points(int n, double length, double (*f)(double)) {
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(f(length * i / (n - 1)));
  return values;
}

FunctionSpaceOptions of_kind(const std::string& kind) {
  FunctionSpaceOptions o;
  o.kind = kind;
  return o;
}

/// Means of f(x) f(y) over @p draws functions, for each y.
std::vector<double> mean_products(FunctionSpace& space, int draws, double x,
                                  const std::vector<double>& y) {
  std::vector<double> means(y.size());
  for (int s = 0; s < draws; ++s) {
    space.draw(static_cast<std::uint64_t>(s));
    for (std::size_t i = 0; i < y.size(); ++i)
      means[i] += space.value(x) * space.value(y[i]) / draws;
  }
  return means;
}

} // namespace

TEST(CubicSpline, ReproducesCubicPolynomialsAndTheirIntegrals) {
  const auto f = [](double x) { return 2.0 - x + 3.0 * x * x - 1.5 * x * x * x; };
  for (const int points : {4, 5, 6, 17}) {
    CubicSpline spline(points, 1.5);
    spline.fit(on_points(points, 1.5, f));
    for (const double x : {0.0, 0.1, 0.74, 1.2, 1.5}) {
      EXPECT_NEAR(spline.value(x), f(x), 1e-14);
      EXPECT_NEAR(spline.integral(x), x * (2.0 + x * (-0.5 + x * (1.0 - 0.375 * x))), 1e-14);
      EXPECT_NEAR(spline.second_integral(x),
                  x * x * (1.0 + x * (-1.0 / 6.0 + x * (0.25 - 0.075 * x))), 1e-14);
    }
  }
}

TEST(CubicSpline, IsOfOrderFour) {
  const auto error = [](int points) {
    CubicSpline spline(points, 3.0);
    spline.fit(on_points(points, 3.0, [](double x) { return std::exp(-x) * std::sin(3.0 * x); }));
    double most = 0.0;
    for (int i = 0; i <= 1000; ++i) {
      const double x = 0.003 * i;
      most = std::max(most, std::abs(spline.value(x) - std::exp(-x) * std::sin(3.0 * x)));
    }
    return most;
  };
  EXPECT_NEAR(std::log2(error(41) / error(81)), 4.0, 0.3);
}

TEST(CubicSpline, RefusesThreePoints) { EXPECT_THROW(CubicSpline(3, 1.0), core::Error); }

TEST(KernelFactor, IsTheCovariance) {
  constexpr int n = 200;
  const auto kernel = [](int i, int j) { return std::exp(-0.5 * std::pow(0.02 * (i - j), 2)); };
  const auto l = kernel_factor(n, kernel, 1e-12);
  const std::size_t rank = l.size() / n;
  EXPECT_LT(rank, 25u);
  for (std::size_t i = 0; i < n; i += 7)
    for (std::size_t j = 0; j < n; j += 3) {
      double sum = 0.0;
      for (std::size_t r = 0; r < rank; ++r) sum += l[r * n + i] * l[r * n + j];
      // The rest is semidefinite: no entry is larger than the diagonal.
      EXPECT_NEAR(sum, kernel(static_cast<int>(i), static_cast<int>(j)), 2e-12);
    }
}

TEST(FunctionSpace, IntegralsAreThoseOfTheFunction) {
  for (const auto& kind : function_spaces())
    for (const double interval : {1.0, 2.5}) {
      auto o = of_kind(kind);
      o.interval = interval;
      const auto space = make_function_space(o);
      space->draw(7);
      const int parts = 4 * space->pieces();
      const double end = interval;
      const auto value = [&](double x) { return space->value(x); };
      const auto integral = [&](double x) { return space->integral(x); };
      EXPECT_NEAR(space->integral(0.0), 0.0, 1e-15);
      EXPECT_NEAR(space->integral(end), quadrature(value, 0.0, end, parts), 1e-12) << kind;
      EXPECT_NEAR(space->second_integral(end), quadrature(integral, 0.0, end, parts), 1e-12);
      const double x = 0.37 * interval, y = x + interval / space->pieces();
      EXPECT_NEAR(space->integral(y) - space->integral(x), quadrature(value, x, y, 64), 1e-14);
    }
}

// The estimate of a covariance r of Gaussian variables has the variance (1 + r^2) / draws.
TEST(FunctionSpace, GaussianFieldsHaveTheirCovariance) {
  constexpr int draws = 2500;
  const std::array distances{0.0, 0.1, 0.3};
  for (const auto& kind : {"gaussian", "matern"}) {
    auto o = of_kind(kind);
    o.seed = 5;
    const auto space = make_function_space(o);
    const auto products = mean_products(*space, draws, 0.25, {0.25, 0.35, 0.55});
    for (std::size_t d = 0; d < 3; ++d) {
      const double share = distances[d] / 0.2,
                   r = o.kind == "gaussian" ? std::exp(-0.5 * share * share) : std::exp(-share);
      EXPECT_NEAR(products[d], r, 4.0 * std::sqrt((1.0 + r * r) / draws)) << kind << " " << d;
    }
  }
}

TEST(FunctionSpace, SeriesHaveTheirCovariance) {
  constexpr int draws = 20000;
  for (const auto& kind : {"chebyshev", "power_series"}) {
    auto o = of_kind(kind);
    o.terms = 5;
    o.bound = 2.0;
    o.interval = 2.0;
    const auto space = make_function_space(o);
    const double x = 1.7, y = 0.4;
    double sum = 0.0, square = 0.0;
    for (int k = 0; k < 5; ++k) {
      const auto term = [&](double at) {
        return o.kind == "chebyshev" ? std::cos(k * std::acos(at - 1.0)) : std::pow(0.5 * at, k);
      };
      sum += term(x) * term(y) * 4.0 / 3.0;
      square += (term(x) * term(x) + term(y) * term(y)) * 4.0 / 6.0;
    }
    EXPECT_NEAR(mean_products(*space, draws, x, {y})[0], sum, 4.0 * 1.5 * square / std::sqrt(draws))
        << kind;
    // Five terms: a polynomial of degree 4.
    double difference = 0.0;
    for (const auto& [i, weight] :
         {std::pair{0, -1.0}, {1, 5.0}, {2, -10.0}, {3, 10.0}, {4, -5.0}, {5, 1.0}})
      difference += weight * space->value(0.4 * i);
    EXPECT_NEAR(difference, 0.0, 1e-13);
  }
}

TEST(FunctionSpace, DependsOnSeedAndNumberAlone) {
  for (const auto& kind : function_spaces()) {
    auto o = of_kind(kind);
    const auto space = make_function_space(o), other = make_function_space(o);
    space->draw(3);
    const double value = space->value(0.613);
    other->draw(9);
    other->draw(3);
    EXPECT_EQ(other->value(0.613), value);
    other->draw(4);
    EXPECT_NE(other->value(0.613), value);
    ++o.seed;
    const auto reseeded = make_function_space(o);
    reseeded->draw(3);
    EXPECT_NE(reseeded->value(0.613), value);
  }
}

TEST(FunctionSpace, RefusesBadOptions) {
  const auto refusal = [](auto change) {
    FunctionSpaceOptions o;
    change(o);
    return test::message_of([&] { make_function_space(o); });
  };
  test::expect_line(refusal([](auto& o) { o.kind = "bessel"; }), "there are gaussian, matern");
  test::expect_line(refusal([](auto& o) { o.correlation = 0.0; }), "must be positive");
  test::expect_line(refusal([](auto& o) { o.interval = -1.0; }), "at most 1000");
  test::expect_line(refusal([](auto& o) { o.terms = -1; }), "from 1 to 10000");
  test::expect_line(refusal([](auto& o) { o.bound = NAN; }), "must be positive");
  test::expect_line(refusal([](auto& o) { o.interval = 500.0, o.correlation = 1e-3; }),
                    "too much memory");
}
