// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Losses of fields: closed forms of plane waves and ramps, and gradients against differences.
#include <linnet/core/random.hpp>
#include <linnet/nn/fields/field_loss.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>

using namespace linnet;
using nn::ErrorNormType;
using nn::FieldLoss;
using nn::FieldLossType;

namespace {

using Values = std::vector<double>;

/// f(i, j, k) at all points.
Values field(const core::Index3& n, const std::function<double(int, int, int)>& f) {
  Values values;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) values.push_back(f(i, j, k));
  return values;
}

Values noise(std::size_t count, std::uint64_t stream) {
  Values values;
  for (std::uint64_t i = 0; i < count; ++i)
    values.push_back(core::RandomStream(3, stream).normal(i));
  return values;
}

double square(ErrorNormType type, const core::Index3& n, const Values& e, bool periodic = false) {
  return nn::make_error_norm(type, n, periodic)->square(e, {});
}

/// cos(2 pi (p x / nx + q y / ny)), whose squares have the sum nx ny / 2.
Values wave(const core::Index3& n, int p, int q) {
  return field(n, [&](int i, int j, int) {
    return std::cos(2.0 * std::numbers::pi *
                    (static_cast<double>(p * i) / n[0] + static_cast<double>(q * j) / n[1]));
  });
}

} // namespace

TEST(ErrorNorm, SumOfSquares) {
  EXPECT_EQ(square(ErrorNormType::l2, {3, 1, 1}, {1.0, -2.0, 3.0}), 14.0);
}

// Wavenumbers are whole, of both signs, and from 20 on add nothing, each by itself.
TEST(ErrorNorm, SpectralWeightsOfWaves) {
  struct Case {
    int p, q;
    double weight;
  };
  for (const int nx : {64, 53})
    for (const Case& c :
         {Case{0, 0, 2.0}, Case{3, 5, 35.0}, Case{-3, 5, 35.0}, Case{19, -19, 723.0},
          Case{20, 4, 17.0}, Case{4, 20, 17.0}, Case{25, 22, 1.0}, Case{0, 19, 362.0}}) {
      const core::Index3 n{nx, 56, 1};
      const double points = static_cast<double>(core::volume(n));
      EXPECT_NEAR(square(ErrorNormType::h1_spectral, n, wave(n, c.p, c.q)), 0.5 * points * c.weight,
                  1e-11 * points)
          << c.p << " " << c.q;
    }
  // The highest wave of an even grid is its own conjugate.
  const core::Index3 n{8, 6, 1};
  EXPECT_NEAR(square(ErrorNormType::h1_spectral, n, wave(n, 4, 0)), 48.0 * 17.0, 1e-11);
}

TEST(ErrorNorm, DifferencesOfARamp) {
  const core::Index3 n{10, 5, 1};
  const Values ramp = field(n, [](int i, int j, int) { return 0.1 * i + 0.4 * j; });
  double squares = 0.0;
  for (const double v : ramp) squares += v * v;
  // Slopes 10 * 0.1 = 1 and 5 * 0.4 = 2 at every point, borders included.
  EXPECT_NEAR(square(ErrorNormType::h1_difference, n, ramp), 10.0 * squares + 50.0 * (1.0 + 4.0),
              1e-10);
  // 9 * 5 and 10 * 4 pairs of neighbours.
  EXPECT_NEAR(square(ErrorNormType::h1_semi, n, ramp), 45.0 * 1.0 + 40.0 * 4.0, 1e-10);
}

TEST(ErrorNorm, DifferencesOfAPeriodicWave) {
  const core::Index3 n{12, 8, 1};
  const Values e = wave(n, 2, 1);
  const double pi = std::numbers::pi, half = 0.5 * 96.0;
  const auto sine = [](double turn) { return std::sin(turn) * std::sin(turn); };
  EXPECT_NEAR(square(ErrorNormType::h1_difference, n, e, true),
              half * (10.0 + 144.0 * sine(2.0 * pi * 2.0 / 12.0) + 64.0 * sine(2.0 * pi / 8.0)),
              1e-9);
  EXPECT_NEAR(square(ErrorNormType::h1_semi, n, e, true),
              half * 4.0 * (144.0 * sine(pi * 2.0 / 12.0) + 64.0 * sine(pi / 8.0)), 1e-9);
}

TEST(FieldLoss, RelativeAndAbsolute) {
  const core::Index3 n{6, 4, 1};
  const Values y = noise(24, 1), zero(24, 0.0);
  Values p = y;
  for (double& v : p) v *= 1.25;
  for (const FieldLossType type :
       {FieldLossType::l2, FieldLossType::h1_spectral, FieldLossType::h1_semi}) {
    EXPECT_NEAR(FieldLoss(type, n, false).evaluate(p, y, {}), 0.25, 1e-14);
    EXPECT_NEAR(FieldLoss(type, n, false).evaluate(zero, y, {}), 1.0, 1e-14);
  }
  Values ones(24, 1.0), more(24, 1.5);
  EXPECT_NEAR(FieldLoss(FieldLossType::h1_difference, n, false).evaluate(more, ones, {}),
              std::sqrt(10.0 * 24.0 * 0.25), 1e-13);
}

// Central differences of a function whose derivatives are of the order of one: 1e-10 from rounding,
// 1e-10 from the third derivative.
TEST(FieldLoss, GradientIsTheDerivative) {
  for (const FieldLossType type : {FieldLossType::l2, FieldLossType::h1_spectral,
                                   FieldLossType::h1_semi, FieldLossType::h1_difference})
    for (const core::Index3& n :
         {core::Index3{7, 6, 1}, core::Index3{48, 3, 1}, core::Index3{5, 4, 3}})
      for (const bool periodic : {false, true}) {
        FieldLoss loss(type, n, periodic);
        const std::size_t count = 2 * static_cast<std::size_t>(core::volume(n)); // two channels
        const Values y = noise(count, 1), p = noise(count, 2), along = noise(count, 3);
        Values gradient(count);
        loss.evaluate(p, y, gradient);
        double derivative = 0.0;
        for (std::size_t i = 0; i < count; ++i) derivative += gradient[i] * along[i];
        const auto moved = [&](double step) {
          Values q = p;
          for (std::size_t i = 0; i < count; ++i) q[i] += step * along[i];
          return loss.evaluate(q, y, {});
        };
        const double step = 1e-5, difference = (moved(step) - moved(-step)) / (2.0 * step);
        EXPECT_NEAR(derivative, difference, 1e-8 * std::abs(difference) + 1e-9)
            << static_cast<int>(type);
      }
}

TEST(FieldLoss, WithoutErrorAndWithoutReference) {
  FieldLoss loss(FieldLossType::l2, {3, 1, 1}, false);
  const Values y{1.0, 2.0, 2.0}, zero(3, 0.0);
  Values gradient{9.0, 9.0, 9.0};
  EXPECT_EQ(loss.evaluate(y, y, gradient), 0.0);
  EXPECT_EQ(gradient, zero);
  EXPECT_EQ(loss.evaluate(y, zero, {}), 3.0);
}
