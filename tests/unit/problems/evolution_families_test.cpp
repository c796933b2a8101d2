// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "operator_fixture.hpp"

#include <linnet/problems/operators/evolution_families.hpp>
#include <linnet/problems/operators/operator_fields.hpp>

#include <algorithm>
#include <numbers>

using namespace linnet;
using namespace linnet::problems;
using Modes = PeriodicEvolution::Modes;
using Complex = std::complex<double>;

namespace {

constexpr double pi = std::numbers::pi;

/// Modes of the function @p f of x / length at @p n points.
template <class Function>
Modes modes_of(int n, Function f) {
  linalg::GridFft fft({n, 1, 1});
  for (int i = 0; i < n; ++i) fft.values()[i] = f(static_cast<double>(i) / n);
  fft.forward();
  Modes modes(fft.spectrum(), fft.spectrum() + n / 2);
  for (auto& mode : modes) mode /= n;
  return modes;
}

/// The series' derivative of order @p order at @p x, in units of the period @p length.
double derivative(const Modes& modes, double x, double length, int order) {
  double sum = order == 0 ? modes[0].real() : 0.0;
  for (std::size_t k = 1; k < modes.size(); ++k) {
    const Complex wave(0.0, 2.0 * pi * static_cast<double>(k) / length);
    sum += 2.0 * (modes[k] * std::pow(wave, order) *
                  std::polar(1.0, 2.0 * pi * static_cast<double>(k) * x))
                     .real();
  }
  return sum;
}

/// What the terms add up to at @p x; @p rates: u_t and u_tt.
double residual(const EvolutionTerms& c, const Modes& modes, double x, double length,
                const std::array<double, 2>& rates) {
  const auto d = [&](int order) { return derivative(modes, x, length, order); };
  const double u = d(0);
  return c.u_tt * rates[1] + c.u_t * rates[0] + c.u_x * d(1) + c.u_xx * d(2) + c.u_xxx * d(3) +
         c.u * u + c.u2 * u * u + c.u3 * u * u * u + c.u_u_x * u * d(1) + c.u2_u_x * u * u * d(1) +
         c.sin_u * std::sin(u) + c.cos_u_u_x * std::cos(u) * d(1);
}

Modes after(const EvolutionTerms& terms, int points, double length, const Modes& start, double time,
            int steps) {
  PeriodicEvolution solver(terms, points, length);
  solver.set_modes(start);
  EXPECT_TRUE(solver.advance(time, steps));
  return solver.modes();
}

double largest_distance(const Modes& a, const Modes& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k)
    most = std::max(most, std::abs(a[k] - (k < b.size() ? b[k] : 0.0)));
  return most;
}

double smooth_start(double x) {
  return 0.4 + 0.3 * std::sin(2.0 * pi * x) + 0.2 * std::cos(4.0 * pi * x + 0.3);
}

EvolutionFamiliesOptions of_family(const std::string& name) {
  EvolutionFamiliesOptions o;
  o.families = {name};
  return o;
}

} // namespace

// Every term counts, with its sign.
TEST(PeriodicEvolution, SatisfiesItsEquation) {
  const EvolutionTerms first{.u_t = 2.0,
                             .u_x = 0.3,
                             .u_xx = -0.02,
                             .u_xxx = 0.01,
                             .u = 0.4,
                             .u2 = -0.6,
                             .u3 = 0.7,
                             .u_u_x = 0.5,
                             .u2_u_x = -0.4,
                             .sin_u = 0.8,
                             .cos_u_u_x = 0.9};
  const EvolutionTerms second{
      .u_tt = 2.0, .u_xx = -0.5, .u = 0.4, .u2 = -0.6, .u3 = 0.7, .sin_u = 0.8};
  constexpr double length = 1.7, t = 0.2, h = 5e-3;
  const Modes start = modes_of(64, smooth_start);
  for (const auto& terms : {first, second}) {
    const auto at = [&](double time) { return after(terms, 96, length, start, time, 200); };
    const Modes now = at(t), around[4] = {at(t - 2 * h), at(t - h), at(t + h), at(t + 2 * h)};
    for (const double x : {0.1, 0.45, 0.83}) {
      double u[4];
      for (int i = 0; i < 4; ++i) u[i] = derivative(around[i], x, length, 0);
      const double u_t = (8.0 * (u[2] - u[1]) - u[3] + u[0]) / (12.0 * h);
      const double u_tt =
          (16.0 * (u[2] + u[1]) - u[3] - u[0] - 30.0 * derivative(now, x, length, 0)) /
          (12.0 * h * h);
      EXPECT_GT(std::abs(u_t), 0.01);
      EXPECT_NEAR(residual(terms, now, x, length, {u_t, u_tt}), 0.0, 2e-6);
    }
  }
}

TEST(PeriodicEvolution, IsExactWhereItIsLinear) {
  const Modes start = modes_of(64, smooth_start);
  const double q = 2.0 * pi / 3.0;
  const Modes moved = after({.u_t = 1.0, .u_x = 0.7, .u_xx = -0.1, .u_xxx = 0.02, .u = 0.3}, 96,
                            3.0, start, 2.5, 1);
  for (std::size_t k = 0; k < 3; ++k) {
    const double w = q * static_cast<double>(k);
    const Complex rate(-0.1 * w * w - 0.3, -0.7 * w + 0.02 * w * w * w);
    EXPECT_LT(std::abs(moved[k] - start[k] * std::exp(2.5 * rate)), 1e-14);
  }
  const Modes swung = after({.u_tt = 1.0, .u_xx = -0.25, .u = 0.04}, 96, 3.0, start, 2.5, 1);
  for (std::size_t k = 0; k < 3; ++k) {
    const double w = std::sqrt(0.25 * q * q * static_cast<double>(k * k) + 0.04);
    EXPECT_LT(std::abs(swung[k] - start[k] * std::cos(2.5 * w)), 1e-14);
  }
}

// 3 c sech^2(sqrt(c) (x - c t) / (2 delta)) for u_t + u u_x + delta^2 u_xxx = 0.
TEST(PeriodicEvolution, MovesASolitonOfKortewegAndDeVries) {
  constexpr double delta = 0.022, c = 0.5;
  const auto soliton = [](double at, double t) {
    const double x = 2.0 * (at - std::floor(at)), from = std::remainder(x - 0.7 - c * t, 2.0);
    return 3.0 * c / std::pow(std::cosh(std::sqrt(c) * from / (2.0 * delta)), 2);
  };
  const Modes start = modes_of(512, [&](double x) { return soliton(x, 0.0); });
  const Modes end =
      after({.u_t = 1.0, .u_xxx = delta * delta, .u_u_x = 1.0}, 512, 2.0, start, 1.0, 4000);
  for (int i = 0; i < 200; ++i)
    EXPECT_NEAR(series_value(end, i / 200.0), soliton(i / 200.0, 1.0), 1e-7);
  EXPECT_NEAR(end[0].real(), start[0].real(), 1e-15);
}

// 4 atan(eta / omega cos(omega t) / cosh(eta x)), eta^2 + omega^2 = 1, for u_tt = u_xx - sin u.
TEST(PeriodicEvolution, KeepsABreatherOfSineGordon) {
  constexpr double omega = 0.6, eta = 0.8, length = 80.0;
  const auto breather = [](double at, double t) {
    const double x = length * (at - 0.5);
    return 4.0 * std::atan(eta / omega * std::cos(omega * t) / std::cosh(eta * x));
  };
  const Modes start = modes_of(512, [&](double x) { return breather(x, 0.0); });
  const Modes end = after({.u_tt = 1.0, .u_xx = -1.0, .sin_u = 1.0}, 768, length, start, 3.0, 150);
  for (int i = 0; i < 200; ++i)
    EXPECT_NEAR(series_value(end, i / 200.0), breather(i / 200.0, 3.0), 1e-6);
}

// u' = r u (1 - u).
TEST(PeriodicEvolution, GrowsToItsLimit) {
  const Modes end = after({.u_t = 1.0, .u_xx = -0.1, .u = -2.0, .u2 = 2.0}, 16, 1.0,
                          {Complex(0.2), Complex(0.0)}, 1.5, 60);
  EXPECT_NEAR(end[0].real(), 1.0 / (1.0 + 4.0 * std::exp(-3.0)), 1e-7);
}

TEST(PeriodicEvolution, IsOfOrderFourAndConservesMass) {
  const Modes start = modes_of(64, smooth_start);
  const EvolutionTerms flux{
      .u_t = 1.0, .u_xx = -0.02, .u_u_x = 1.0, .u2_u_x = 0.5, .cos_u_u_x = 0.5};
  const EvolutionTerms wave{.u_tt = 1.0, .u_xx = -1.0, .sin_u = 4.0};
  for (const auto& terms : {flux, wave}) {
    const Modes exact = after(terms, 96, 2.0, start, 1.0, 1000);
    const double coarse = largest_distance(after(terms, 96, 2.0, start, 1.0, 40), exact),
                 fine = largest_distance(after(terms, 96, 2.0, start, 1.0, 80), exact);
    EXPECT_NEAR(std::log2(coarse / fine), 4.0, 0.4) << coarse << " " << fine;
  }
  EXPECT_NEAR(after(flux, 96, 2.0, start, 1.0, 40)[0].real(), start[0].real(), 1e-15);
}

TEST(PeriodicEvolution, SaysWhatItCannotDo) {
  const auto refusal = [](const EvolutionTerms& terms) {
    return test::message_of([&] { PeriodicEvolution(terms, 16, 1.0); });
  };
  test::expect_line(refusal({.u_t = 1.0, .u_xx = 0.1}), "its diffusion is negative");
  test::expect_line(refusal({.u_tt = 1.0, .u_xx = 0.1}), "modes grow");
  test::expect_line(refusal({.u_xx = -0.1}), "it must have u_t");
  test::expect_line(refusal({.u_tt = 1.0, .u_t = 1.0, .u_xx = -1.0}), "it must have u_t");
  PeriodicEvolution solver({.u_t = 1.0, .u2 = -1.0}, 16, 1.0);
  solver.set_modes(Modes{Complex(2.0)}); // infinite at t = 1/2
  EXPECT_FALSE(solver.advance(1.0, 100000));
}

TEST(EvolutionFamilies, AreSplitIntoTrainingAndHeldOut) {
  EXPECT_EQ(training_families().size(), 10u);
  EXPECT_EQ(held_out_families(), (std::vector<std::string>{"sine_gordon", "burgers"}));
  for (const auto& name : held_out_families())
    EXPECT_EQ(std::count(training_families().begin(), training_families().end(), name), 0);
  EXPECT_EQ(evolution_families().size(), 12u);
}

// The final time is 1: coefficients carry it.
TEST(EvolutionFamilies, CodesAreCoefficientsAboutTheirCentres) {
  EvolutionFamiliesOptions o;
  o.families = {"heat", "wave", "kdv", "burgers"};
  o.operators = 50;
  const EvolutionFamilies sampler(o);
  ASSERT_EQ(sampler.operator_count(), 200);
  std::vector<double> diffusions;
  for (int n = 0; n < 50; ++n) {
    const auto heat = sampler.equation(4 * n), wave = sampler.equation(4 * n + 1),
               kdv = sampler.equation(4 * n + 2), burgers = sampler.equation(4 * n + 3);
    EXPECT_EQ(heat.u_t, 1.0);
    EXPECT_NEAR(heat.u_xx, -6e-3, 6e-4);
    EXPECT_NEAR(wave.u_xx, -0.25, 0.025);
    EXPECT_NEAR(kdv.u_xxx, 4.84e-4, 4.84e-5);
    EXPECT_NEAR(burgers.u_u_x, 2.0, 0.2);
    EXPECT_NEAR(burgers.u_xx, -0.02 / pi, 0.002 / pi);
    diffusions.push_back(heat.u_xx);
  }
  const auto [low, high] = std::minmax_element(diffusions.begin(), diffusions.end());
  EXPECT_GT(*high - *low, 0.8 * 1.2e-3);
}

TEST(EvolutionFamilies, HaveTheirTerms) {
  EvolutionFamiliesOptions o;
  o.families = evolution_families();
  o.operators = 1;
  o.spread = 0.0;
  const EvolutionFamilies sampler(o);
  const double nu = 6e-3, shock = 0.02 / pi, a = sampler.equation(4).u / 2.0;
  EXPECT_TRUE(a > 0.0 && a < 1.0);
  const EvolutionTerms expected[] = {
      {.u_t = 1.0, .u_xx = -nu},
      {.u_t = 1.0, .u_x = 1.0},
      {.u_t = 1.0, .u_xx = -nu, .u = -0.2},
      {.u_t = 1.0, .u_xx = -nu, .u = -2.0, .u2 = 2.0},
      {.u_t = 1.0, .u_xx = -nu, .u = 2.0 * a, .u2 = -2.0 * (1.0 + a), .u3 = 2.0},
      {.u_t = 1.0, .u_xx = -shock, .u2_u_x = 2.0},
      {.u_t = 1.0, .u_xx = -shock, .cos_u_u_x = 2.0},
      {.u_t = 1.0, .u_xxx = 4.84e-4, .u_u_x = 1.0},
      {.u_tt = 1.0, .u_xx = -0.25},
      {.u_tt = 1.0, .u_xx = -1.0, .u = 0.01},
      {.u_tt = 1.0, .u_xx = -1.0, .sin_u = 1.0},
      {.u_t = 1.0, .u_xx = -shock, .u_u_x = 2.0}};
  for (int family = 0; family < 12; ++family) {
    const auto list = sampler.equation(family).list(), terms = expected[family].list();
    for (std::size_t term = 0; term < list.size(); ++term)
      EXPECT_NEAR(list[term], terms[term], 1e-15) << o.families[static_cast<std::size_t>(family)];
  }
}

TEST(EvolutionFamilies, CodesOfAllOperators) {
  EvolutionFamiliesOptions o;
  o.families = {"heat", "kdv"};
  o.operators = 2;
  const EvolutionFamilies sampler(o);
  const OperatorFields fields(std::make_unique<EvolutionFamilies>(o), {0, false});
  ASSERT_EQ(fields.operator_count(), 4);
  const std::vector<double> codes = fields.codes();
  ASSERT_EQ(codes.size(), 48U);
  for (int number = 0; number < 4; ++number) {
    const auto terms = sampler.equation(number).list();
    EXPECT_TRUE(std::equal(terms.begin(), terms.end(), codes.begin() + 12 * number));
  }
}

// What is drawn in place of a sample without a solution is of the same operator.
TEST(OperatorFields, KeepTheOperatorOfADrawThatFails) {
  struct Failing final : OperatorSampler {
    explicit Failing(std::uint64_t& last) : OperatorSampler(0), last_(last) {}
    [[nodiscard]] int sensors() const override { return 1; }
    [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
    [[nodiscard]] int operator_count() const override { return 7; }
    bool draw(std::uint64_t number, std::span<double> input) override {
      last_ = number, input[0] = 0.0;
      return ++draws_ == 3;
    }
    void evaluate(std::span<const double>, std::span<double> values) override {
      std::fill(values.begin(), values.end(), 0.0);
    }
    [[nodiscard]] std::string recipe() const override { return "failing"; }

  private:
    std::uint64_t& last_;
    int draws_ = 0;
    std::vector<PointAxis> axes_{equispaced_axis("x", 0.0, 1.0, 3)};
  };
  std::uint64_t last = 0;
  OperatorFields fields(std::make_unique<Failing>(last), {0, false});
  FieldValues values;
  fields.make(12, values);
  EXPECT_GT(last, std::uint64_t{1} << 40);
  EXPECT_EQ(last % 7, 5U);
}

TEST(EvolutionFamilies, SamplesBelongToTheirOperators) {
  EvolutionFamiliesOptions o;
  o.families = {"heat", "advection"};
  o.operators = 3;
  EvolutionFamilies sampler(o);
  std::vector<double> input(64), code(12);
  for (std::uint64_t k = 0; k < 12; ++k) {
    sampler.draw(k, input);
    sampler.code(code);
    const auto terms = sampler.equation(static_cast<int>(k % 6)).list();
    EXPECT_TRUE(std::equal(code.begin(), code.end(), terms.begin()));
    // From the input, by the equation.
    linalg::GridFft fft({64, 1, 1});
    std::copy(input.begin(), input.end(), fft.values());
    fft.forward();
    EXPECT_LT(std::abs(fft.spectrum()[32]), 1e-12);
    for (const double t : {1.0 / 12.0, 0.5, 1.0}) {
      double sum = fft.spectrum()[0].real() / 64.0;
      for (int mode = 1; mode < 32; ++mode) {
        const double q = pi * mode;
        const Complex rate(code[3] * q * q, -code[2] * q);
        sum += (fft.spectrum()[mode] * std::exp(rate * t + Complex(0.0, q * 0.37))).real() / 32.0;
      }
      EXPECT_NEAR(test::value_at(sampler, {0.37, t}), sum, 1e-13);
    }
  }
}

TEST(EvolutionFamilies, InputsAreScaledSums) {
  EvolutionFamiliesOptions o = of_family("linear_reaction");
  EvolutionFamilies sampler(o);
  std::vector<double> input(64);
  int smooth = 0, cut = 0;
  constexpr int draws = 400;
  for (std::uint64_t k = 0; k < draws; ++k) {
    sampler.draw(k, input);
    const Modes modes = [&] {
      linalg::GridFft fft({64, 1, 1});
      std::copy(input.begin(), input.end(), fft.values());
      fft.forward();
      return Modes(fft.spectrum(), fft.spectrum() + 33);
    }();
    double low = 1.0, high = 0.0, beyond = 0.0;
    for (const double v : input) low = std::min(low, v), high = std::max(high, v);
    EXPECT_NEAR(low, 0.0, 0.03);
    EXPECT_NEAR(high, 1.0, 0.03);
    for (std::size_t m = 5; m < 33; ++m) beyond = std::max(beyond, std::abs(modes[m]) / 64.0);
    int sines = 0;
    for (std::size_t m = 1; m < 5; ++m) sines += std::abs(modes[m]) / 64.0 > 1e-12;
    smooth += beyond < 1e-12;
    EXPECT_TRUE(beyond > 1e-12 || sines <= 2);
    // Outside the window there is one value.
    cut += std::abs(input[0] - input[1]) + std::abs(input[1] - input[2]) < 0.06 && beyond > 1e-3 &&
           std::abs(input[62] - input[0]) < 0.06;
  }
  // 0.81 of them within four standard deviations, 2 % each.
  EXPECT_NEAR(smooth / static_cast<double>(draws), 0.81, 0.08);
  EXPECT_GT(cut, 10);
}

// What is said in docs/operator_problems.md, for one sample of each kind of equation.
TEST(EvolutionFamilies, LabelsAreThoseOfAFinerSolver) {
  for (const auto& name : {"heat", "logistic_reaction", "cubic_flux", "kdv", "sine_gordon"}) {
    EvolutionFamiliesOptions o = of_family(name);
    EvolutionFamilies coarse(o);
    o.refinement = 2;
    EvolutionFamilies fine(o);
    const test::Drawn a(coarse, 1), b(fine, 1);
    EXPECT_EQ(a.input, b.input);
    EXPECT_LT(test::largest_difference(a.values, b.values), 1e-5) << name;
  }
}
