// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The operators against closed forms and against their own equations.
#include "operator_fixture.hpp"

#include <linnet/linalg/grid_fft.hpp>

#include <algorithm>
#include <functional>
#include <numbers>
#include <set>

using namespace linnet;
using namespace linnet::problems;
using test::Drawn;
using test::value_at;

namespace {

constexpr double pi = std::numbers::pi;

/// Inputs that are a_0 alone, uniform in +- @p bound.
OperatorSamplerOptions constants(double bound) {
  OperatorSamplerOptions o;
  o.function = "chebyshev";
  o.terms = 1;
  o.bound = bound;
  o.grid = 11;
  return o;
}

/// The function that a sampler with the options @p o draws.
std::unique_ptr<FunctionSpace> input_of(const OperatorSamplerOptions& o, std::uint64_t number) {
  FunctionSpaceOptions space;
  space.seed = o.seed;
  space.interval = o.horizon.value_or(1.0);
  space.kind = o.function.value_or(space.kind);
  auto function = make_function_space(space);
  function->draw(number);
  return function;
}

/// Composite Gauss quadrature with three points.
double quadrature(const std::function<double(double)>& f, double a, double b, int parts) {
  const double half = 0.5 * (b - a) / parts, aside = std::sqrt(0.6) * half;
  double sum = 0.0;
  for (int i = 0; i < parts; ++i) {
    const double x = a + (2 * i + 1) * half;
    sum += 5.0 * f(x - aside) + 8.0 * f(x) + 5.0 * f(x + aside);
  }
  return sum * half / 9.0;
}

/// Derivative of order four.
double slope(const std::function<double(double)>& f, double x, double h) {
  return (8.0 * (f(x + h) - f(x - h)) - f(x + 2 * h) + f(x - 2 * h)) / (12.0 * h);
}

} // namespace

TEST(Antiderivative, IsTheIntegral) {
  OperatorSamplerOptions o;
  o.horizon = 2.0;
  const auto sampler = make_operator_sampler("antiderivative", o);
  const Drawn drawn(*sampler, 3);
  const auto u = input_of(o, 3);
  for (std::size_t p = 0; p < drawn.values.size(); p += 9) {
    const double x = drawn.points[p];
    EXPECT_NEAR(drawn.values[p], quadrature([&](double t) { return u->value(t); }, 0.0, x, 4000),
                1e-12);
    EXPECT_EQ(drawn.input[p], u->value(2.0 * static_cast<double>(p) / 99.0)); // sensor p
  }
}

// s' = a - s^2: sqrt(a) tanh(sqrt(a) x), and with -tan for a < 0, which is infinite within the
// interval where a < -pi^2/4.
TEST(NonlinearOde, IsClosedForConstantsAndLeavesOutWhatBlowsUp) {
  const auto sampler = make_operator_sampler("nonlinear_ode", constants(4.0));
  int left_out = 0;
  for (std::uint64_t k = 0; k < 60; ++k) {
    const Drawn drawn(*sampler, k);
    const double a = drawn.input[0], root = std::sqrt(std::abs(a));
    EXPECT_EQ(drawn.solved, a > -pi * pi / 4) << a;
    left_out += !drawn.solved;
    if (!drawn.solved || a < -2.4) continue;
    for (std::size_t p = 0; p < 11; ++p) {
      const double x = drawn.points[p],
                   exact = a > 0 ? root * std::tanh(root * x) : -root * std::tan(root * x);
      EXPECT_NEAR(drawn.values[p], exact, 1e-11 * (1.0 + exact * exact)) << a;
    }
  }
  EXPECT_GT(left_out, 3);
}

TEST(NonlinearOde, IsItsIntegralEquation) {
  for (const char* kind : {"gaussian", "power_series"}) {
    OperatorSamplerOptions o;
    o.function = kind;
    const auto sampler = make_operator_sampler("nonlinear_ode", o);
    std::vector<double> input(100);
    ASSERT_TRUE(sampler->draw(5, input));
    const auto u = input_of(o, 5);
    const auto square = [&](double x) { return std::pow(value_at(*sampler, {x}), 2); };
    for (const double x : {0.21, 0.8, 1.0})
      EXPECT_NEAR(value_at(*sampler, {x}), u->integral(x) - quadrature(square, 0.0, x, 300), 1e-11);
  }
}

TEST(Pendulum, IsAnOscillatorForSmallForces) {
  auto o = constants(1e-4);
  o.horizon = 3.0;
  for (const double k : {1.0, 4.0}) {
    o.reaction = k;
    const auto sampler = make_operator_sampler("pendulum", o);
    const Drawn drawn(*sampler, 2);
    const double a = drawn.input[0];
    // What the sine adds is of third order.
    for (std::size_t p = 0; p < 11; ++p)
      EXPECT_NEAR(drawn.values[p], a / k * (1.0 - std::cos(std::sqrt(k) * drawn.points[p])),
                  10.0 * std::abs(a * a * a));
  }
}

// With a large force the sine counts: s(x) = integral of (x - t) (u - k sin s).
TEST(Pendulum, IsItsIntegralEquation) {
  OperatorSamplerOptions o;
  o.horizon = 3.0;
  o.reaction = 2.0;
  const auto sampler = make_operator_sampler("pendulum", o);
  std::vector<double> input(100);
  ASSERT_TRUE(sampler->draw(8, input));
  const auto u = input_of(o, 8);
  for (const double x : {0.7, 3.0}) {
    const auto sine = [&](double t) { return (x - t) * 2.0 * std::sin(value_at(*sampler, {t})); };
    EXPECT_NEAR(value_at(*sampler, {x}), u->second_integral(x) - quadrature(sine, 0.0, x, 300),
                1e-11);
  }
}

// With V = c: s_t + (1 + c/10) s_x = 0.
TEST(Advection, IsClosedForConstants) {
  for (int which = 1; which <= 4; ++which) {
    const auto sampler =
        make_operator_sampler("advection_" + std::to_string(which), constants(1.0));
    const Drawn drawn(*sampler, 6);
    const double c = drawn.input[0], a = 1.0 + 0.1 * c;
    for (std::size_t p = 0; p < drawn.values.size(); ++p) {
      const double x = drawn.points[2 * p], t = drawn.points[2 * p + 1];
      double exact = c;
      if (which == 2) exact = x > t ? c * (x - t) : 0.0;
      if (which == 3) exact = x > a * t ? std::pow(x - a * t, 2) : std::sin(pi * (t - x / a));
      if (which == 4) exact = std::sin(2.0 * pi * (x - a * t));
      EXPECT_NEAR(drawn.values[p], exact, 2e-13) << which << " " << x << " " << t;
    }
  }
}

TEST(Advection, SatisfiesItsEquation) {
  const OperatorSamplerOptions o;
  const auto v = input_of(o, 4);
  const std::function<double(double)> speeds[] = {
      [](double) { return 1.0; }, [](double) { return 1.0; },
      [&](double x) { return 1.0 + 0.1 * v->value(x); },
      [&](double x) { return 1.0 + 0.05 * (v->value(x) + v->value(1.0 - x)); }};
  for (int which = 1; which <= 4; ++which) {
    const auto sampler = make_operator_sampler("advection_" + std::to_string(which), o);
    std::vector<double> input(100);
    ASSERT_TRUE(sampler->draw(4, input));
    const auto s = [&](double x, double t) { return value_at(*sampler, {x, t}); };
    // Before and behind what has come in.
    for (const auto& [x, t] : {std::pair{0.8, 0.3}, {0.2, 0.7}, {0.52, 0.11}}) {
      const double along = slope([&](double at) { return s(at, t); }, x, 2e-3),
                   rate = slope([&](double at) { return s(x, at); }, t, 2e-3);
      EXPECT_NEAR(rate + speeds[which - 1](x) * along, 0.0, 1e-6) << which;
    }
    for (const double x : {0.05, 0.3, 0.9}) {
      const double sine = std::sin(pi * x);
      const double start[] = {v->value(sine * sine), x * v->value(x), x * x,
                              std::sin(2.0 * pi * x)};
      EXPECT_NEAR(s(x, 0.0), start[which - 1], 1e-13);
      const double inflow[] = {s(1.0, x), 0.0, std::sin(pi * x), s(1.0, x)};
      EXPECT_NEAR(s(0.0, x), inflow[which - 1], 1e-12);
    }
  }
}

TEST(Advection, LeavesOutWhatFlowsBack) {
  auto o = constants(30.0);
  o.grid = 2;
  const auto sampler = make_operator_sampler("advection_3", o);
  int left_out = 0;
  for (std::uint64_t k = 0; k < 30; ++k) {
    const Drawn drawn(*sampler, k);
    EXPECT_EQ(drawn.solved, drawn.input[0] > -10.0);
    left_out += !drawn.solved;
  }
  EXPECT_GT(left_out, 2);
}

// V(z) = a + b z: s = a + b/2 - b/2 exp(-4 pi^2 D t) cos 2 pi (x - t).
TEST(AdvectionDiffusion, IsClosedForLinearFunctions) {
  OperatorSamplerOptions o;
  o.function = "power_series";
  o.terms = 2;
  o.diffusion = 0.05;
  o.grid = 11;
  const auto sampler = make_operator_sampler("advection_diffusion", o);
  const Drawn drawn(*sampler, 1);
  const double a = drawn.input.front(), b = drawn.input.back() - a;
  for (std::size_t p = 0; p < drawn.values.size(); ++p) {
    const double x = drawn.points[2 * p], t = drawn.points[2 * p + 1];
    EXPECT_NEAR(drawn.values[p],
                a + 0.5 * b - 0.5 * b * std::exp(-0.2 * pi * pi * t) * std::cos(2 * pi * (x - t)),
                1e-13);
  }
}

// u = a, k = 0: sine by sine.
TEST(DiffusionReaction, IsClosedWithoutReaction) {
  auto o = constants(1.0);
  o.reaction = 0.0;
  o.diffusion = 0.03;
  const auto sampler = make_operator_sampler("diffusion_reaction", o);
  const Drawn drawn(*sampler, 1);
  for (std::size_t p = 0; p < drawn.values.size(); ++p) {
    const double x = drawn.points[2 * p], t = drawn.points[2 * p + 1];
    double exact = 0.5 * x * (1.0 - x) / 0.03; // of the steady state
    for (int k = 1; k < 400; k += 2) {
      const double decay = 0.03 * k * k * pi * pi;
      exact -= 4.0 / (k * pi) * std::exp(-decay * t) / decay * std::sin(k * pi * x);
    }
    EXPECT_NEAR(drawn.values[p], drawn.input[0] * exact, t > 0.0 ? 1e-9 : 1e-7);
  }
}

// The equation times sin pi x, over the interval: c' = -D pi^2 c + 2 int (k s^2 + u) sin pi x.
TEST(DiffusionReaction, SatisfiesItsEquation) {
  OperatorSamplerOptions o;
  o.reaction = 1.0;
  o.grid = 101;
  const auto sampler = make_operator_sampler("diffusion_reaction", o);
  const Drawn drawn(*sampler, 2);
  const auto u = input_of(o, 2);
  const auto moment = [&](std::size_t frame, int power) {
    double sum = 0.0; // s^p sin pi x is flat at the ends
    for (std::size_t i = 0; i < 101; ++i)
      sum += 0.02 * std::pow(drawn.values[i + 101 * frame], power) *
             std::sin(pi * 0.01 * static_cast<double>(i));
    return sum;
  };
  const double source =
      quadrature([&](double x) { return 2.0 * u->value(x) * std::sin(pi * x); }, 0.0, 1.0, 2000);
  for (const std::size_t frame : {20u, 60u, 90u}) {
    const auto c = [&](int d) {
      return moment(static_cast<std::size_t>(static_cast<int>(frame) + d), 1);
    };
    const double rate = (8.0 * (c(1) - c(-1)) - c(2) + c(-2)) / 0.12;
    EXPECT_GT(moment(frame, 2), 1e-3);
    EXPECT_NEAR(rate, -0.01 * pi * pi * c(0) + moment(frame, 2) + source, 2e-5);
  }
}

TEST(LegendreTransform, IsClosedForParabolas) {
  OperatorSamplerOptions o;
  o.function = "power_series";
  o.terms = 3;
  o.sensors = 3;
  const auto sampler = make_operator_sampler("legendre", o);
  const Drawn drawn(*sampler, 1);
  ASSERT_EQ(drawn.values.size(), 20u);
  const double left = drawn.input[0], middle = drawn.input[1], right = drawn.input[2];
  const double c = 0.5 * (left + right) - middle;
  EXPECT_NEAR(drawn.values[0], 2.0 * middle + 2.0 / 3.0 * c, 1e-14);
  EXPECT_NEAR(drawn.values[1], (right - left) / 3.0, 1e-14);
  EXPECT_NEAR(drawn.values[2], 4.0 / 15.0 * c, 1e-14);
  for (std::size_t n = 3; n < 20; ++n) EXPECT_NEAR(drawn.values[n], 0.0, 1e-14);
}

// The polynomials are orthogonal: sum of (2n+1)/2 J_n P_n is the function, smooth as it is.
TEST(LegendreTransform, IsTheSeriesOfTheFunction) {
  OperatorSamplerOptions o;
  o.grid = 60;
  o.sensors = 9;
  const auto sampler = make_operator_sampler("legendre", o);
  const Drawn drawn(*sampler, 1);
  for (std::size_t i = 0; i < 9; ++i) {
    const double x = -1.0 + 0.25 * static_cast<double>(i);
    double sum = 0.0, p = 1.0, before = 0.0;
    for (int n = 0; n < 60; ++n) {
      sum += (n + 0.5) * drawn.values[static_cast<std::size_t>(n)] * p;
      const double next = ((2 * n + 1) * x * p - n * before) / (n + 1);
      before = p, p = next;
    }
    EXPECT_NEAR(sum, drawn.input[i], 1e-9);
  }
}

TEST(SquareWave, IsOneSquareThatMovesAlong) {
  OperatorSamplerOptions o;
  o.sensors = 2001;
  const auto sampler = make_operator_sampler("square_wave", o);
  std::vector<double> input(2001);
  double least = 2.0, most = 0.0;
  for (std::uint64_t k = 0; k < 80; ++k) {
    sampler->draw(k, input);
    const std::set<double> levels(input.begin(), input.end());
    ASSERT_EQ(levels.size(), 2u);
    EXPECT_EQ(*levels.begin(), 0.0);
    const double height = *levels.rbegin();
    EXPECT_TRUE(height > 1.0 && height < 2.0);
    const double width = static_cast<double>(std::count(input.begin(), input.end(), height)) / 2000;
    EXPECT_TRUE(width > 0.299 && width < 0.601);
    least = std::min(least, width), most = std::max(most, width);
    const auto first = std::find(input.begin(), input.end(), height);
    const double centre = static_cast<double>(first - input.begin()) / 2000 + 0.5 * width;
    EXPECT_TRUE(centre > 0.299 && centre < 0.701);
    // It crosses the end and comes back.
    for (int i = 0; i < 2000; i += 37) {
      const double x = i / 2000.0;
      EXPECT_EQ(value_at(*sampler, {x, 0.0}), input[static_cast<std::size_t>(i)]);
      EXPECT_EQ(value_at(*sampler, {x, 0.75}), input[static_cast<std::size_t>((i + 500) % 2000)]);
    }
  }
  EXPECT_LT(least, 0.32);
  EXPECT_GT(most, 0.58);
}

TEST(SquareAndEllipse, HasTheAreaOfBoth) {
  OperatorSamplerOptions o;
  o.sensors = 4001;
  const auto sampler = make_operator_sampler("square_and_ellipse", o);
  std::vector<double> input(4001);
  for (std::uint64_t k = 0; k < 20; ++k) {
    sampler->draw(k, input);
    // Beside the ellipse, which is 0.8 wide at most, there are points of the square alone or of
    // neither; the ellipse's height is the value at its centre.
    const auto top = std::max_element(input.begin() + 2720, input.begin() + 3280);
    const double height = *top;
    EXPECT_TRUE(height > 0.499 && height < 2.0);
    const auto past = static_cast<std::size_t>(top - input.begin()) + 80;
    // sqrt(h^2 - a^2 d^2), a in (5, 10), a fiftieth from the centre.
    const double slope = std::sqrt(height * height - input[past] * input[past]) / 0.02;
    EXPECT_TRUE(slope > 4.9 && slope < 10.2) << slope;
  }
}

// s = -2 nu phi_x / phi with phi_t = nu phi_xx (Hopf, Cole).
TEST(Burgers, IsTheTransformOfTheHeatEquation) {
  constexpr int n = 1024;
  OperatorSamplerOptions o;
  o.diffusion = 0.01;
  o.horizon = 0.7;
  const auto sampler = make_operator_sampler("burgers", o);
  const Drawn drawn(*sampler, 3);
  linalg::GridFft coarse({128, 1, 1}), fft({n, 1, 1});
  std::copy(drawn.input.begin(), drawn.input.end(), coarse.values());
  coarse.forward();
  std::fill_n(fft.spectrum(), n / 2 + 1, 0.0);
  // The integral of the input.
  for (int k = 1; k < 64; ++k)
    fft.spectrum()[k] = coarse.spectrum()[k] / std::complex<double>(0.0, 2.0 * pi * k) / 128.0;
  EXPECT_LT(std::abs(coarse.spectrum()[64]), 1e-12);
  fft.backward();
  for (int i = 0; i < n; ++i) fft.values()[i] = std::exp(-fft.values()[i] / 0.02);
  fft.forward();
  std::vector<std::complex<double>> phi(fft.spectrum(), fft.spectrum() + n / 2);
  double most = 0.0;
  for (std::size_t i = 0; i < 128; ++i) {
    std::complex<double> value = 0.5 * phi[0], gradient = 0.0;
    for (std::size_t k = 1; k < phi.size(); ++k) {
      const double wave = 2.0 * pi * static_cast<double>(k);
      const auto term =
          phi[k] * std::polar(std::exp(-0.01 * wave * wave * 0.7), wave * drawn.points[i]);
      value += term;
      gradient += std::complex<double>(0.0, wave) * term;
    }
    EXPECT_NEAR(drawn.values[i], -0.02 * gradient.real() / value.real(), 1e-9);
    most = std::max(most, std::abs(drawn.values[i] - drawn.input[i]));
  }
  EXPECT_GT(most, 0.05);
}

TEST(Burgers, InputsHaveTheirSpectrum) {
  OperatorSamplerOptions o;
  o.horizon = 1e-3;
  o.sensors = 16;
  const auto sampler = make_operator_sampler("burgers", o);
  std::vector<double> input(16);
  double sum = 0.0, mean = 0.0, exact = 0.0;
  constexpr int draws = 300;
  for (std::uint64_t k = 0; k < draws; ++k) {
    sampler->draw(k, input);
    for (const double v : input) sum += v * v / 16.0, mean += v / 16.0;
  }
  for (int k = 1; k < 8; ++k) exact += 2.0 * 2401.0 * std::pow(4.0 * pi * pi * k * k + 49.0, -2.5);
  // The first mode has most of it: a chi-square of some 2 x 300 degrees, 6 % each way.
  EXPECT_NEAR(sum / draws / exact, 1.0, 0.24);
  EXPECT_NEAR(mean, 0.0, 1e-12);
}
