// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_sampler_fixture.hpp"

#include <linnet/core/random.hpp>
#include <linnet/problems/operators/navier_stokes_samples.hpp>
#include <linnet/problems/random/periodic_random_field.hpp>

#include <complex>
#include <numbers>

using namespace linnet;
using namespace linnet::problems;
using Modes = VorticitySolver::Modes;

namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;

std::size_t mode_count(int n) {
  return static_cast<std::size_t>(n) * static_cast<std::size_t>(n / 2 + 1);
}

int wave_y(int row, int n) { return row <= n / 2 ? row : row - n; }

template <class Function>
std::vector<double> on_points(int n, Function of) {
  std::vector<double> values;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i)
      values.push_back(of(static_cast<double>(i) / n, static_cast<double>(j) / n));
  return values;
}

double largest(const std::vector<double>& a) {
  double most = 0.0;
  for (const double v : a) most = std::max(most, std::abs(v));
  return most;
}

double difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t p = 0; p < a.size(); ++p) sum += std::pow(a[p] - b[p], 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

Modes random_modes(int n, double alpha) {
  RandomFieldOptions o;
  o.alpha = alpha;
  o.tau = 7.0;
  Modes modes(mode_count(n));
  draw_periodic_modes(n, o, modes.data());
  return modes;
}

/// Integral over the square of the product of two fields, the second one weighted by @p weight of
/// |2 pi k|^2.
template <class Weight>
double product(int n, const Modes& a, const Modes& b, Weight weight) {
  double sum = 0.0;
  for (int row = 0; row < n; ++row)
    for (int k = 0; k <= n / 2; ++k) {
      const auto m = static_cast<std::size_t>(k + (n / 2 + 1) * row);
      const double ky = wave_y(row, n), square = two_pi * two_pi * (k * k + ky * ky);
      const double pairs = k == 0 || 2 * k == n ? 1.0 : 2.0; // the modes that are not kept
      if (square > 0.0) sum += pairs * weight(square) * (std::conj(a[m]) * b[m]).real();
    }
  return sum;
}

} // namespace

TEST(PeriodicRandomField, HasItsSpectrum) {
  constexpr int n = 16, draws = 500;
  RandomFieldOptions o;
  o.alpha = 2.5;
  o.tau = 7.0;
  o.seed = 3;
  Modes modes(mode_count(n));
  // Mean of |g_k|^2 over its expectation, over rings of wave numbers.
  std::array<double, 3> sum{}, count{};
  std::complex<double> square = 0.0;
  for (std::uint64_t s = 0; s < draws; ++s) {
    o.sample = s;
    draw_periodic_modes(n, o, modes.data());
    for (int row = 0; row < n; ++row)
      for (int k = 0; k <= n / 2; ++k) {
        const int ky = wave_y(row, n), length = k * k + ky * ky;
        const auto mode = modes[static_cast<std::size_t>(k + (n / 2 + 1) * row)];
        if (length == 0 || 2 * k == n || 2 * std::abs(ky) == n) {
          EXPECT_EQ(mode, 0.0);
          continue;
        }
        const double expected =
            std::pow(7.0, 3.0) * std::pow(two_pi * two_pi * length + 49.0, -2.5);
        const std::size_t ring = length <= 5 ? 0 : length <= 20 ? 1 : 2;
        sum[ring] += std::norm(mode) / expected, count[ring] += 1.0;
        square += mode * mode / expected;
      }
  }
  // Of some 8000 independent modes or more: one standard deviation is 1 % or less.
  for (std::size_t ring = 0; ring < 3; ++ring) EXPECT_NEAR(sum[ring] / count[ring], 1.0, 0.05);
  // Real and imaginary parts are equally large and independent.
  EXPECT_LT(std::abs(square) / (count[0] + count[1] + count[2]), 0.02);
}

TEST(PeriodicRandomField, IsRealAndKeepsItsModesOnFinerGrids) {
  const Modes coarse = random_modes(12, 2.5), fine = random_modes(30, 2.5);
  for (int row = 0; row < 12; ++row)
    for (int k = 0; k < 6; ++k) {
      const int ky = wave_y(row, 12), fine_row = ky >= 0 ? ky : ky + 30;
      if (std::abs(ky) == 6) continue;
      EXPECT_EQ(coarse[static_cast<std::size_t>(k + 7 * row)],
                fine[static_cast<std::size_t>(k + 16 * fine_row)]);
    }
  for (int ky = 1; ky < 6; ++ky)
    EXPECT_EQ(coarse[static_cast<std::size_t>(7 * ky)],
              std::conj(coarse[static_cast<std::size_t>(7 * (12 - ky))]));
}

// cos(2 pi x) cos(4 pi y) is advected by its own flow along its lines of equal vorticity: it only
// decays, by the time scheme's own factor.
TEST(VorticitySolver, OneModeDecays) {
  constexpr int n = 16, steps = 50;
  constexpr double nu = 0.01, dt = 0.02;
  const auto w0 = on_points(
      n, [](double x, double y) { return std::cos(two_pi * x) * std::cos(2 * two_pi * y); });
  const double z = nu * dt * two_pi * two_pi * 5.0;
  const double factor[2] = {std::pow((1.0 - 0.5 * z) / (1.0 + 0.5 * z), steps),
                            std::exp(-z * steps)};
  for (const TimeScheme scheme : {TimeScheme::euler, TimeScheme::rk4}) {
    VorticitySolver solver(n, nu, scheme);
    solver.set_values(w0);
    solver.advance(steps, dt);
    auto expected = w0;
    for (double& v : expected) v *= factor[scheme == TimeScheme::rk4];
    EXPECT_LT(difference(solver.values(), expected), 1e-13);
  }
}

// Two modes of different length do advect each other: w = cos(2 pi x) + cos(4 pi y), psi =
// cos(2 pi x)/(4 pi^2) + cos(4 pi y)/(16 pi^2), u.grad w = -3/2 sin(2 pi x) sin(4 pi y).
TEST(VorticitySolver, ForcingHoldsASteadyFlow) {
  constexpr int n = 16;
  constexpr double nu = 0.003;
  const auto w0 = on_points(
      n, [](double x, double y) { return std::cos(two_pi * x) + std::cos(2 * two_pi * y); });
  const auto f = on_points(n, [](double x, double y) {
    return -1.5 * std::sin(two_pi * x) * std::sin(2 * two_pi * y) +
           nu * two_pi * two_pi * (std::cos(two_pi * x) + 4.0 * std::cos(2 * two_pi * y));
  });
  for (const TimeScheme scheme : {TimeScheme::euler, TimeScheme::rk4}) {
    VorticitySolver solver(n, nu, scheme);
    solver.set_forcing(f);
    solver.set_values(w0);
    solver.advance(20, 0.01);
    // The exponential of rk4 does not know the balance: it keeps it to its order, dt^4.
    EXPECT_LT(difference(solver.values(), w0), scheme == TimeScheme::euler ? 1e-13 : 1e-9);
  }
}

TEST(VorticitySolver, AdvectionConservesEnergyEnstrophyAndMean) {
  for (const int n : {32, 33, 48}) { // multiples of three or not
    VorticitySolver solver(n, 0.0, TimeScheme::rk4);
    solver.set_modes(random_modes(n, 1.5));
    const Modes w = solver.modes();
    Modes rate(w.size());
    solver.rate(w, rate);
    const auto one = [](double) { return 1.0; };
    const auto inverse = [](double k2) { return 1.0 / k2; };
    const double enstrophy = product(n, w, rate, one), energy = product(n, w, rate, inverse);
    const double size = std::sqrt(product(n, w, w, one) * product(n, rate, rate, one));
    EXPECT_GT(size, 0.0);
    EXPECT_LT(std::abs(enstrophy), 1e-14 * size);
    EXPECT_LT(std::abs(energy), 1e-14 * size);
    EXPECT_EQ(rate[0], 0.0);
  }
}

TEST(VorticitySolver, HasTheOrderOfItsScheme) {
  constexpr int n = 32;
  const auto f = on_points(n, [](double x, double y) { return std::sin(two_pi * (x + y)); });
  Modes start = random_modes(n, 2.5);
  for (auto& mode : start) mode *= 20.0;
  const auto run = [&](TimeScheme scheme, int steps) {
    VorticitySolver solver(n, 1e-3, scheme);
    solver.set_forcing(f);
    solver.set_modes(start);
    solver.advance(steps, 0.5 / steps);
    return solver.values();
  };
  const auto exact = run(TimeScheme::rk4, 400);
  for (const auto& [scheme, steps, order] :
       {std::tuple{TimeScheme::euler, 200, 1.0}, std::tuple{TimeScheme::rk4, 20, 4.0}}) {
    const double coarse = difference(run(scheme, steps), exact),
                 fine = difference(run(scheme, 2 * steps), exact);
    EXPECT_NEAR(std::log2(coarse / fine), order, 0.15) << coarse << " " << fine;
  }
}

TEST(VorticitySolver, SaysWhenStepsAreTooLong) {
  VorticitySolver solver(16, 0.0, TimeScheme::euler);
  Modes start = random_modes(16, 1.5);
  for (auto& mode : start) mode *= 1e6;
  solver.set_modes(start);
  test::expect_line(test::message_of([&] { solver.advance(2000, 1.0); }), "take shorter ones");
}

namespace {
NavierStokesOptions small_flow() {
  NavierStokesOptions o;
  o.points = 32;
  o.stride = 2;
  o.scheme = TimeScheme::rk4;
  o.viscosity = 1e-3;
  o.time_step = 0.05;
  o.frames = 3;
  return o;
}
} // namespace

TEST(NavierStokesSamples, HasTheSameBitsEverywhere) {
  test::expect_same_bits_everywhere<NavierStokesSamples>(small_flow());
}

TEST(NavierStokesSamples, KeepsTheRightPoints) {
  auto o = small_flow();
  o.stride = 1;
  test::expect_kept_points<NavierStokesSamples>(o, 32, 4);
}

TEST(NavierStokesSamples, FramesAreTimesOfOneFlow) {
  const auto o = small_flow();
  NavierStokesSamples family(o);
  FieldValues values;
  family.make(2, values);
  ASSERT_EQ(family.fields()[0].channels, 4);
  // The same by hand: forcing, start, two frames.
  VorticitySolver solver(32, 1e-3, TimeScheme::rk4);
  solver.set_forcing(on_points(32, [](double x, double y) {
    return 0.1 * (std::sin(two_pi * (x + y)) + std::cos(two_pi * (x + y)));
  }));
  RandomFieldOptions field;
  field.alpha = 2.5, field.tau = 7.0, field.sample = 2;
  Modes w(mode_count(32));
  draw_periodic_modes(32, field, w.data());
  for (auto& mode : w) mode *= std::sqrt(2.0);
  solver.set_modes(w);
  solver.advance(40, 0.05);
  const auto frame = solver.values();
  double mean = 0.0;
  for (int j = 0; j < 16; ++j)
    for (int i = 0; i < 16; ++i)
      EXPECT_NEAR(values[0][static_cast<std::size_t>(2 * 256 + 16 * j + i)],
                  frame[static_cast<std::size_t>(64 * j + 2 * i)], 1e-12);
  for (const double v : frame) mean += v / 1024.0;
  EXPECT_LT(std::abs(mean), 1e-15 * largest(frame) * 1024);
}

TEST(NavierStokesSamples, RefusesBadOptions) {
  const auto refusal = [](auto change) {
    NavierStokesOptions o;
    change(o);
    return test::message_of([&] { NavierStokesSamples{o}; });
  };
  test::expect_line(refusal([](auto& o) { o.time_step = 0.3; }), "does not divide");
  test::expect_line(refusal([](auto& o) { o.viscosity = -1.0; }), "at least 0");
  test::expect_line(refusal([](auto& o) { o.frames = 0; }), "must be positive");
  test::expect_line(refusal([](auto& o) { o.tau = -1.0; }), "must be positive");
}
