// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "blade_case.hpp"

#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/rom/solid/comparison.hpp>
#include <linnet/rom/solid/reduced_system.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace linnet {
namespace {

using rom::QuadratureKind;

constexpr std::array<PetscInt, 3> cells{4, 2, 6};

const std::vector<double>& few_times() {
  static const std::vector<double> times{0, 5, 10, 15, 20, 25, 40, 80, 220, 240};
  return times;
}

/// A coarse blade that a model was learnt from, once for all tests of the program.
struct Learnt {
  tests::Blade blade{PETSC_COMM_WORLD, cells};
  rom::SolidProducts products{*blade.model, fem::DisplacementProduct::l2};
  std::vector<rom::TrainingLoading> loadings;

  explicit Learnt(double lift) {
    const std::string path = lift == 0.0 ? "solid_newton.h5" : "solid_newton_lift.h5";
    tests::record(blade, blade.loading(tests::hot_spot(0.3, 0.3, 280), lift), few_times(), path);
    loadings.push_back(
        rom::read_training_loading(path, *blade.model, blade.materials.fingerprint()));
  }
  [[nodiscard]] const rom::TrainingLoading& loading() const { return loadings.front(); }
  [[nodiscard]] rom::SolidReducedModel train() const {
    const std::vector<rom::TrainingPart> parts(loadings.begin(), loadings.end());
    return rom::train_reduced_model(*blade.model, products, parts, {});
  }
  static const Learnt& plain() {
    static const Learnt* const one = new Learnt(0.0);
    return *one;
  }
  static const Learnt& lifted() {
    static const Learnt* const one = new Learnt(0.02);
    return *one;
  }
};

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = a.size() == b.size() ? 0.0 : 1e300;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

double largest(const std::vector<double>& a) {
  double most = 0.0;
  for (const double x : a) most = std::max(most, std::abs(x));
  return most;
}

TEST(ReducedNewton, AllPointsEqualGalerkin) {
  for (const Learnt* learnt : {&Learnt::plain(), &Learnt::lifted()}) {
    const rom::SolidReducedModel chosen = learnt->train();
    rom::SolidReducedModel again = learnt->train();
    rom::SolidBasis basis = std::move(again.basis());
    rom::ReducedPoints points = rom::all_points(basis, chosen.numbering());
    const rom::SolidReducedModel model(std::move(basis), {}, std::move(points));
    const rom::TrainingLoading& a = learnt->loading();
    rom::ReducedNewtonOptions options;
    options.tolerance = 1e-11;
    const auto ecm = rom::run_reduced(model, QuadratureKind::ecm, a.loading, a.lifts, options);
    const auto full = rom::run_reduced(chosen, QuadratureKind::full, a.loading, a.lifts, options);
    for (std::size_t k = 1; k < ecm.steps.size(); ++k) {
      const auto& u = ecm.steps[k].displacement;
      EXPECT_LE(largest_difference(u, full.steps[k].displacement), 1e-10 * largest(u)) << k;
      EXPECT_GE(ecm.steps[k].iterations, 1);
    }
  }
}

TEST(ReducedNewton, TangentIsTheDerivativeOfTheForce) {
  const Learnt& learnt = Learnt::plain();
  const rom::SolidReducedModel model = learnt.train();
  const auto quadrature = rom::quadrature_of(model, QuadratureKind::ecm);
  const rom::ReducedLoading loads(model, quadrature, learnt.loading().loading,
                                  learnt.loading().lifts);
  rom::ReducedLoad load;
  loads.at(4, 1.0, load);
  rom::LawAtPoints law(quadrature);
  law.begin(load.temperature,
            std::vector<double>(quadrature.points() * static_cast<std::size_t>(law.state_size())));
  const linalg::OrthonormalBasis& psi = model.basis().displacement();
  const core::Owned<Vec> u = fem::global_vector(learnt.blade.mesh.dm());
  const auto column = learnt.loading().displacement.column(3);
  std::copy(column.begin(), column.end(), io::VecWriteArray(u.get()).data());
  std::vector<double> gamma = psi.coefficients(u.get());
  const auto force = [&](const std::vector<double>& c) {
    rom::strains_at(quadrature, c, {}, law.strain());
    EXPECT_EQ(law.update(5.0), 0);
    return rom::integrate_force(quadrature, law.stress(), law.thermal()).force;
  };
  force(gamma);
  const std::vector<double> tangent = rom::integrate_tangent(quadrature, law.tangent());
  const std::size_t n = gamma.size();
  const double scale = largest(tangent), h = 1e-6 * largest(gamma);
  double flow = 0.0; // the points must yield, or the test says nothing of the plastic part
  std::vector<double> state(quadrature.points() * static_cast<std::size_t>(law.state_size()));
  law.copy_new_state(state);
  for (std::size_t z = 0; z < quadrature.points(); ++z)
    flow = std::max(flow, state[z * static_cast<std::size_t>(law.state_size()) + 6]);
  EXPECT_GT(flow, 1e-5);
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}, n - 1}) {
    std::vector<double> up = gamma, down = gamma;
    up[k] += h;
    down[k] -= h;
    const auto plus = force(up), minus = force(down);
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR((plus[i] - minus[i]) / (2 * h), tangent[i + n * k], 2e-6 * scale)
          << i << " " << k;
  }
}

TEST(ReducedNewton, IntegralsAreThoseOfNaiveLoops) {
  const Learnt& learnt = Learnt::plain();
  const rom::SolidReducedModel model = learnt.train();
  const auto quadrature = rom::quadrature_of(model, QuadratureKind::ecm);
  const std::size_t m = quadrature.points(), n = quadrature.modes;
  std::vector<double> stress(6 * m), thermal(m, 0.5), tangent(36 * m);
  for (std::size_t i = 0; i < stress.size(); ++i) stress[i] = std::sin(1.0 + double(i));
  for (std::size_t i = 0; i < tangent.size(); ++i) tangent[i] = std::cos(2.0 * double(i));
  const auto force = rom::integrate_force(quadrature, stress.data(), thermal.data());
  const auto matrix = rom::integrate_tangent(quadrature, tangent.data());
  const auto e = [&](std::size_t z, std::size_t i, std::size_t k) { // engineering strain
    return quadrature.strains[6 * m * k + 6 * z + i] * (i < 3 ? 1.0 : 2.0);
  };
  double scale = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    double sum = 0.0, size = 0.0;
    for (std::size_t z = 0; z < m; ++z)
      for (std::size_t i = 0; i < 6; ++i) {
        sum += quadrature.weights[z] * e(z, i, k) * stress[6 * z + i];
        size += quadrature.weights[z] * std::abs(e(z, i, k)) *
                (std::abs(stress[6 * z + i]) + (i < 3 ? 0.5 : 0.0));
      }
    EXPECT_NEAR(force.force[k], sum, 1e-12 * size);
    scale += size * size;
    for (std::size_t l = 0; l < n; ++l) {
      double entry = 0.0, magnitude = 0.0;
      for (std::size_t z = 0; z < m; ++z)
        for (std::size_t i = 0; i < 6; ++i)
          for (std::size_t j = 0; j < 6; ++j) {
            const double part =
                quadrature.weights[z] * e(z, i, k) * tangent[36 * z + 6 * i + j] * e(z, j, l);
            entry += part;
            magnitude += std::abs(part);
          }
      EXPECT_NEAR(matrix[k + n * l], entry, 1e-12 * magnitude);
    }
  }
  EXPECT_NEAR(force.scale, std::sqrt(scale), 1e-12 * std::sqrt(scale));
}

TEST(ReducedNewton, ReproducesWhatItLearntFrom) {
  for (const Learnt* learnt : {&Learnt::plain(), &Learnt::lifted()}) {
    const rom::SolidReducedModel model = learnt->train();
    const rom::TrainingLoading& a = learnt->loading();
    for (const QuadratureKind kind : {QuadratureKind::ecm, QuadratureKind::full}) {
      const auto history = rom::run_reduced(model, kind, a.loading, a.lifts, {});
      const auto errors =
          rom::compare(rom::Reconstruction(model, a.loading, a.lifts), model, history,
                       a.loading.times(), rom::states_of(a, *learnt->blade.model));
      EXPECT_LE(errors.largest_displacement(), kind == QuadratureKind::ecm ? 5e-3 : 1e-3);
      EXPECT_LE(errors.largest_plastic_strain(20.0), 5e-2);
      EXPECT_LE(errors.largest_stress(), 3e-2);
      EXPECT_TRUE(std::any_of(errors.flows.begin(), errors.flows.end(), [](bool f) { return f; }));
    }
  }
}

TEST(ReducedNewton, DividesStepsThatFail) {
  const Learnt& learnt = Learnt::plain();
  const rom::SolidReducedModel model = learnt.train();
  const auto quadrature = rom::quadrature_of(model, QuadratureKind::ecm);
  const rom::ReducedLoading loads(model, quadrature, learnt.loading().loading,
                                  learnt.loading().lifts);
  rom::ReducedNewtonOptions few;
  few.most_iterations = 2;
  few.smallest_step = 1.0 / 4096;
  rom::ReducedSolid solid(quadrature, few);
  int halvings = 0;
  for (int step = 1; step <= 4; ++step) {
    const auto outcome = solid.step(loads, step);
    halvings += outcome.halvings;
    EXPECT_LE(outcome.residual, outcome.reference);
    solid.accept();
  }
  EXPECT_GT(halvings, 0);
  few.most_iterations = 1;
  few.smallest_step = 0.5;
  rom::ReducedSolid hopeless(quadrature, few);
  const std::vector<double> before = hopeless.coefficients();
  try {
    for (int step = 1; step <= 9; ++step) {
      hopeless.step(loads, step);
      hopeless.accept();
    }
    FAIL() << "no error";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::not_converged);
    EXPECT_NE(std::string(error.what()).find("t = "), std::string::npos) << error.what();
  }
  EXPECT_EQ(hopeless.trial_coefficients(), hopeless.coefficients());
}

TEST(ReducedNewton, KeepsWhatItIsGiven) {
  const Learnt& learnt = Learnt::plain();
  const rom::SolidReducedModel model = learnt.train();
  const auto quadrature = rom::quadrature_of(model, QuadratureKind::ecm);
  const rom::ReducedLoading loads(model, quadrature, learnt.loading().loading,
                                  learnt.loading().lifts);
  rom::ReducedSolid one(quadrature), two(quadrature);
  for (int step = 1; step <= 5; ++step) {
    one.step(loads, step);
    one.accept();
  }
  two.set(one.coefficients(), one.state());
  one.step(loads, 6);
  two.step(loads, 6);
  EXPECT_EQ(one.trial_coefficients(), two.trial_coefficients()); // bit by bit
  EXPECT_EQ(one.trial_state(), two.trial_state());
  EXPECT_NE(one.trial_state(), one.state());
  EXPECT_THROW(two.set({}, one.state()), core::Error);
}

} // namespace
} // namespace linnet
