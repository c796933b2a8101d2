// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The law of one step: tangent against complex steps, limits, symmetries, hostile input.
#include <linnet/kernels/solid/viscoplastic_law.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

using namespace linnet::kernels;

namespace {

using Complex = Kokkos::complex<double>;
using Tensor = std::array<double, 6>;
using State = std::array<double, most_state>;

/// Everything of a step.
struct Case {
  SolidParameters m;
  int backstresses = 1;
  bool yields = true;
  bool viscous = true;
  double step = 1.0;
  State old{};
  Tensor strain{};

  [[nodiscard]] ViscoplasticLaw<double> law() const {
    return {m, backstresses, yields, viscous, step};
  }
};

struct Answer {
  State state{};
  Tensor stress{};
  std::array<double, 36> tangent{};
  PlasticStep<double> flow;
};

Answer answer(const Case& c, bool symmetric = false) {
  Answer a;
  a.flow = c.law().update(c.strain.data(), c.old.data(), a.state.data(), a.stress.data());
  c.law().tangent(a.flow, symmetric, a.tangent.data());
  return a;
}

SolidParameters superalloy() {
  SolidParameters m;
  m.bulk = 150e3 / (3 * 0.4);
  m.shear = 150e3 / 2.6;
  m.yield = 100;
  m.voce = 25;
  m.voce_rate = 7;
  m.hardening = 300;
  m.drag = 450;
  m.exponent = 8;
  const double c[] = {80e3, 20e3, 150e3, 4e3}, d[] = {420, 60, 900, 0};
  for (int i = 0; i < most_backstresses; ++i) m.kinematic[i] = c[i], m.recovery[i] = d[i];
  return m;
}

class Draw {
public:
  double operator()(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }
  /// Strain and state as they occur: plastic strains without trace, backstresses below saturation.
  Case step(int backstresses, bool viscous) {
    Case c;
    c.m = superalloy();
    c.m.exponent = (*this)(1.0, 20.0);
    c.m.thermal_strain = 0.015;
    c.backstresses = backstresses;
    c.viscous = viscous;
    c.step = std::pow(10.0, (*this)(-3, 4));
    const double size = std::pow(10.0, (*this)(-3.5, -1.5));
    for (int i = 0; i < 6; ++i) c.strain[at(i)] = size * (*this)(-1, 1) + (i < 3 ? 0.015 : 0.0);
    deviator(c.old.data(), 2e-3);
    c.old[state_p] = (*this)(0, 0.1);
    for (int b = 0; b < backstresses; ++b)
      deviator(&c.old[at(state_backstress + 6 * b)], 0.3 / std::max(c.m.recovery[b], 100.0));
    return c;
  }
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

private:
  void deviator(double* t, double size) {
    for (int i = 0; i < 6; ++i) t[i] = size * (*this)(-1, 1);
    const double mean = (t[0] + t[1] + t[2]) / 3;
    for (int i = 0; i < 3; ++i) t[i] -= mean;
  }
  std::mt19937 engine_{7};
};

/// Largest entry of the difference to the derivative by complex steps, over the largest entry.
double tangent_error(const Case& c) {
  constexpr double h = 1e-40;
  const Answer a = answer(c);
  const ViscoplasticLaw<Complex> law{c.m, c.backstresses, c.yields, c.viscous, c.step};
  double error = 0, largest = 0;
  for (std::size_t j = 0; j < 6; ++j) {
    Complex strain[6], next[most_state], stress[6];
    for (std::size_t i = 0; i < 6; ++i) strain[i] = c.strain[i];
    strain[j] += Complex(0.0, j < 3 ? h : 0.5 * h);
    law.update(strain, c.old.data(), next, stress);
    for (std::size_t i = 0; i < 6; ++i) {
      const double exact = stress[i].imag() / h;
      error = std::fmax(error, std::abs(exact - a.tangent[6 * i + j]));
      largest = std::fmax(largest, std::abs(exact));
    }
  }
  return error / largest;
}

/// Q t Q^T.
Tensor rotated(const double* t, const double (&q)[3][3]) {
  constexpr int place[3][3] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  Tensor r{};
  for (int i = 0; i < 3; ++i)
    for (int j = i; j < 3; ++j)
      for (int k = 0; k < 3; ++k)
        for (int l = 0; l < 3; ++l)
          r[static_cast<std::size_t>(place[i][j])] += q[i][k] * t[place[k][l]] * q[j][l];
  return r;
}

void rotate(double* t, const double (&q)[3][3]) {
  const Tensor r = rotated(t, q);
  std::copy(r.begin(), r.end(), t);
}

double distance(const double* a, const double* b, int n) {
  double error = 0, largest = 1e-300;
  for (int i = 0; i < n; ++i) {
    error = std::fmax(error, std::abs(a[i] - b[i]));
    largest = std::fmax(largest, std::abs(b[i]));
  }
  return error / largest;
}

} // namespace

TEST(ViscoplasticLaw, TangentIsTheDerivative) {
  Draw draw;
  int plastic = 0;
  for (int backstresses = 0; backstresses <= most_backstresses; ++backstresses)
    for (const bool viscous : {true, false})
      for (int i = 0; i < 200; ++i) {
        const Case c = draw.step(backstresses, viscous);
        ASSERT_TRUE(answer(c).flow.solved);
        plastic += answer(c).flow.plastic ? 1 : 0;
        // The root is exact to rounding over the part of the strain that is elastic.
        EXPECT_LT(tangent_error(c), 1e-12) << backstresses << " " << viscous << " " << i;
      }
  EXPECT_GT(plastic, 1200); // of 2000
}

TEST(ViscoplasticLaw, TangentOfElasticityIsHooke) {
  Case c;
  c.m = superalloy();
  c.yields = false;
  c.strain = {0.1, -0.2, 0.3, 0.1, 0.2, -0.1};
  const Answer a = answer(c);
  EXPECT_FALSE(a.flow.plastic);
  const double lambda = c.m.bulk - 2 * c.m.shear / 3;
  EXPECT_NEAR(a.stress[0], lambda * 0.2 + 2 * c.m.shear * 0.1, 1e-9);
  EXPECT_NEAR(a.stress[4], 2 * c.m.shear * 0.2, 1e-9);
  EXPECT_NEAR(a.tangent[0], lambda + 2 * c.m.shear, 1e-9);
  EXPECT_NEAR(a.tangent[1], lambda, 1e-9);
  EXPECT_NEAR(a.tangent[21], c.m.shear, 1e-9);
}

TEST(ViscoplasticLaw, SymmetricTangentIsTheSymmetricPart) {
  Draw draw;
  for (int i = 0; i < 50; ++i) {
    const Case c = draw.step(2, true);
    const auto full = answer(c).tangent, half = answer(c, true).tangent;
    for (std::size_t r = 0; r < 6; ++r)
      for (std::size_t k = 0; k < 6; ++k)
        EXPECT_NEAR(half[6 * r + k], 0.5 * (full[6 * r + k] + full[6 * k + r]), 1e-8);
  }
}

/// The step's equations themselves: flow rule, hardening, normality, consistency with the stress.
TEST(ViscoplasticLaw, AnswerFulfilsTheEquations) {
  Draw draw;
  for (const bool viscous : {true, false})
    for (int i = 0; i < 300; ++i) {
      const Case c = draw.step(3, viscous);
      const Answer a = answer(c);
      if (!a.flow.plastic) continue;
      const double d = a.state[state_p] - c.old[state_p],
                   mean = (a.stress[0] + a.stress[1] + a.stress[2]) / 3;
      Tensor over{}, flow{};
      for (std::size_t k = 0; k < 6; ++k) over[k] = a.stress[k] - (k < 3 ? mean : 0.0);
      for (int b = 0; b < 3; ++b)
        for (std::size_t k = 0; k < 6; ++k)
          over[k] -= 2.0 / 3.0 * c.m.kinematic[b] * a.state[7 + 6 * Draw::at(b) + k];
      const double j = std::sqrt(1.5 * contract(over.data(), over.data()));
      const double p = a.state[state_p];
      const double radius =
          c.m.yield + c.m.voce * (1 - std::exp(-c.m.voce_rate * p)) + c.m.hardening * p;
      const double viscous_stress =
          viscous ? c.m.drag * std::pow(a.flow.multiplier / c.step, 1 / c.m.exponent) : 0.0;
      EXPECT_NEAR(j, radius + viscous_stress, 1e-10 * j);
      for (std::size_t k = 0; k < 6; ++k) {
        flow[k] = a.state[k] - c.old[k];
        EXPECT_NEAR(flow[k], 1.5 * a.flow.multiplier * over[k] / j,
                    1e-17 + 1e-12 * a.flow.multiplier);
        for (int b = 0; b < 3; ++b) {
          const std::size_t place = 7 + 6 * Draw::at(b) + k;
          EXPECT_NEAR(a.state[place] - c.old[place], flow[k] - c.m.recovery[b] * a.state[place] * d,
                      1e-13 + 1e-10 * std::abs(flow[k]));
        }
        const double elastic = c.strain[k] - (k < 3 ? c.m.thermal_strain : 0.0) - a.state[k];
        const double trace = c.strain[0] + c.strain[1] + c.strain[2] - 3 * c.m.thermal_strain;
        EXPECT_NEAR(a.stress[k],
                    2 * c.m.shear * elastic +
                        (k < 3 ? (c.m.bulk - 2 * c.m.shear / 3) * trace : 0.0),
                    1e-9 * (c.m.bulk * 0.05));
      }
    }
}

TEST(ViscoplasticLaw, BackstressesOfOneRecoveryAddUp) {
  Draw draw;
  for (int i = 0; i < 100; ++i) {
    Case three = draw.step(3, i % 2 == 0);
    for (int b = 0; b < 3; ++b) three.m.recovery[b] = 300;
    for (int k = 0; k < 6; ++k)
      for (int b = 1; b < 3; ++b) three.old[Draw::at(7 + 6 * b + k)] = three.old[Draw::at(7 + k)];
    Case one = three;
    one.backstresses = 1;
    one.m.kinematic[0] = three.m.kinematic[0] + three.m.kinematic[1] + three.m.kinematic[2];
    const Answer a = answer(three), b = answer(one);
    EXPECT_LT(distance(a.stress.data(), b.stress.data(), 6), 1e-11);
    EXPECT_LT(distance(a.state.data(), b.state.data(), 13), 1e-11);
    EXPECT_LT(distance(a.tangent.data(), b.tangent.data(), 36), 1e-10);
  }
}

TEST(ViscoplasticLaw, VanishingDragIsRateIndependent) {
  Draw draw;
  for (int i = 0; i < 100; ++i) {
    Case c = draw.step(2, true);
    c.step = 1;
    c.m.exponent = 3;
    c.m.drag = 1e-9; // viscous stress K (d/dt)^(1/n) < 1e-9
    Case limit = c;
    limit.viscous = false;
    EXPECT_LT(distance(answer(c).stress.data(), answer(limit).stress.data(), 6), 1e-10);
    EXPECT_LT(distance(answer(c).state.data(), answer(limit).state.data(), 19), 1e-9);
  }
}

/// Linear isotropic hardening of J2 plasticity: the radial return in closed form.
TEST(ViscoplasticLaw, RadialReturn) {
  Case c;
  c.m = superalloy();
  c.m.voce = 0;
  c.backstresses = 0;
  c.viscous = false;
  c.strain = {0.004, -0.002, -0.002, 0.001, 0, 0};
  const double trial = 2 * c.m.shear * std::sqrt(1.5 * (0.024e-3 + 2 * 1e-6));
  const double d = (trial - c.m.yield) / (3 * c.m.shear + c.m.hardening);
  const Answer a = answer(c);
  EXPECT_NEAR(a.state[state_p], d, 1e-12 * d);
  EXPECT_NEAR(a.stress[0] - a.stress[1], 2 * c.m.shear * 0.006 * (1 - 3 * c.m.shear * d / trial),
              1e-9);
}

TEST(ViscoplasticLaw, RotatedHistoryGivesRotatedAnswer) {
  const double f = 0.7, g = -1.1;
  const double a[3][3] = {{std::cos(f), -std::sin(f), 0}, {std::sin(f), std::cos(f), 0}, {0, 0, 1}};
  const double b[3][3] = {{1, 0, 0}, {0, std::cos(g), -std::sin(g)}, {0, std::sin(g), std::cos(g)}};
  double q[3][3] = {};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k) q[i][j] += a[i][k] * b[k][j];
  Draw draw;
  for (int i = 0; i < 100; ++i) {
    const Case c = draw.step(2, i % 2 == 0);
    Case turned = c;
    rotate(turned.strain.data(), q);
    for (const int place : {0, 7, 13}) rotate(&turned.old[Draw::at(place)], q);
    Answer expected = answer(c);
    const Answer found = answer(turned);
    rotate(expected.stress.data(), q);
    for (const int place : {0, 7, 13}) rotate(&expected.state[Draw::at(place)], q);
    EXPECT_LT(distance(found.stress.data(), expected.stress.data(), 6), 1e-11);
    EXPECT_LT(distance(found.state.data(), expected.state.data(), 19), 1e-11);
  }
}

TEST(ViscoplasticLaw, AnyStepAndExponentIsSolved) {
  Draw draw;
  for (const double exponent : {1.0, 2.0, 50.0, 200.0})
    for (const double drag : {1e-6, 1.0, 1e3, 1e6})
      for (double step = 1e-30; step < 1e31; step *= 1e3)
        for (const double size : {1e-12, 1e-4, 1e-2, 10.0}) {
          Case c = draw.step(2, true);
          c.m.exponent = exponent, c.m.drag = drag, c.step = step;
          for (double& e : c.strain) e *= size / 1e-2;
          const Answer a = answer(c);
          ASSERT_TRUE(a.flow.solved) << exponent << " " << drag << " " << step << " " << size;
          for (const double s : a.stress) ASSERT_TRUE(std::isfinite(s));
          for (const double t : a.tangent) ASSERT_TRUE(std::isfinite(t));
          ASSERT_GE(a.state[state_p], c.old[state_p]);
        }
}

/// After a fall of D the backstresses may be beyond their new saturation: the overstress first
/// grows with the flow.
TEST(ViscoplasticLaw, StatesBeyondSaturationAreSolved) {
  Draw draw;
  int beyond = 0;
  for (const bool viscous : {true, false})
    for (int i = 0; i < 200; ++i) {
      Case c = draw.step(1, viscous);
      c.m.recovery[0] = 1000;
      for (std::size_t k = 7; k < 13; ++k) c.old[k] *= draw(5, 50);
      const Answer a = answer(c);
      ASSERT_TRUE(a.flow.solved);
      if (!a.flow.plastic) continue;
      ++beyond;
      // What is left of the scalar equation, over J.
      ViscoplasticLaw<double>::Trial t{};
      double slope = 0;
      Tensor s{};
      const double trace = (c.strain[0] + c.strain[1] + c.strain[2]) / 3;
      for (std::size_t k = 0; k < 6; ++k)
        s[k] = 2 * c.m.shear * (c.strain[k] - (k < 3 ? trace : 0.0) - c.old[k]);
      const double d = a.flow.multiplier;
      const double left = c.law().excess(s.data(), c.old.data(), d, t, slope) -
                          (viscous ? c.m.drag * std::pow(d / c.step, 1 / c.m.exponent) : 0.0);
      EXPECT_LT(std::abs(left), 1e-11 * t.j);
    }
  EXPECT_GT(beyond, 100);
}

TEST(ViscoplasticLaw, NumbersThatAreNoneAreNotSolved) {
  Draw draw;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  for (const bool yields : {true, false})
    for (const bool viscous : {true, false})
      for (const double bad : {nan, infinite, -infinite})
        for (std::size_t i = 0; i < (yields ? 6u : 3u); ++i) {
          Case c = draw.step(1, viscous);
          c.yields = yields;
          c.strain[i] = bad;
          EXPECT_FALSE(answer(c).flow.solved);
        }
  Case c = draw.step(1, true);
  c.strain[3] = 0.05;
  c.step = nan;
  const Answer a = answer(c);
  EXPECT_FALSE(a.flow.solved);
  for (std::size_t k = 0; k < 13; ++k) EXPECT_EQ(a.state[k], c.old[k]);
}

TEST(ViscoplasticLaw, NothingFlowsWithoutTime) {
  Draw draw;
  Case c = draw.step(1, true);
  c.strain[3] = 0.05;
  c.step = 0;
  const Answer a = answer(c);
  EXPECT_TRUE(a.flow.solved);
  EXPECT_EQ(a.state[state_p], c.old[state_p]);
  EXPECT_NEAR(a.tangent[21], c.m.shear, 1e-9);
}

/// Hardly above the yield stress (f/K)^50 underflows.
TEST(ViscoplasticLaw, FlowBelowTheSmallestNumbers) {
  Case c;
  c.m = superalloy();
  c.m.exponent = 50;
  c.m.yield = 100;
  c.m.voce = 0;
  c.backstresses = 0;
  const double shear = c.m.yield / std::sqrt(3.0) / (2 * c.m.shear);
  for (const double above : {1e-15, 1e-12, 1e-9, 1e-6, 1e-3}) {
    c.strain[3] = shear * (1 + above);
    const Answer a = answer(c);
    EXPECT_TRUE(a.flow.solved);
    for (const double t : a.tangent) EXPECT_TRUE(std::isfinite(t));
    EXPECT_NEAR(a.stress[3], 2 * c.m.shear * c.strain[3], 1e-10 * a.stress[3]);
  }
}
