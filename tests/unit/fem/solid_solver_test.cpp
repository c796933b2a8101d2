// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Implicit steps of solids: supports, failures, and solutions known in closed form.
#include "solid_cases.hpp"

#include <linnet/core/error.hpp>
#include <linnet/fem/quadrature/loads.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/solid_solver.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace {

using namespace linnet;
using namespace linnet::tests;
using fem::Amplitude;
using fem::CellShape;

/// A PETSc option while the object lives.
class Option {
public:
  Option(const char* name, const char* value) : name_(name) {
    LINNET_CHECK(PetscOptionsSetValue(nullptr, name, value));
  }
  ~Option() { static_cast<void>(PetscOptionsClearValue(nullptr, name_)); }
  Option(const Option&) = delete;
  Option& operator=(const Option&) = delete;

private:
  const char* name_;
};

/// Only the rigid motions of a box are held.
void hold_rigid_motions(fem::Loading& loading) {
  loading.hold("x0y0z0", {true, true, true});
  loading.hold("x1y0z0", {false, true, true});
  loading.hold("x0y1z0", {false, false, true});
}

void set_temperature(fem::Loading& loading, const fem::SolidModel& model,
                     const Amplitude& amplitude, const std::function<double(const Real3&)>& value) {
  const auto x = fem::host_copy(fem::point_coordinates(model.mesh()));
  std::vector<double> field;
  for (std::size_t i = 0; i < x.extent(0); i += 3)
    field.push_back(value({x(i), x(i + 1), x(i + 2)}));
  loading.add_temperature(amplitude, fem::device_copy<double>("linnet::test::field", field));
}

class SolverOn : public ::testing::TestWithParam<CellShape> {};
INSTANTIATE_TEST_SUITE_P(Shapes, SolverOn, ::testing::Values(CellShape::hex8, CellShape::tet10));

TEST_P(SolverOn, FreeHeatingWithoutForceEndsAtTheThermalStrain) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.15, {2, 1, 3});
  fem::SolidModel model(mesh, fem::Materials({elastic(2e5, 0.3, 1.5e-5)}));
  fem::Loading loading(mesh);
  hold_rigid_motions(loading);
  set_temperature(loading, model, Amplitude({0, 1}, {0, 1}), [](const Real3&) { return 300.0; });
  fem::SolidSolver solver(model, loading);
  const auto u = fem::global_vector(mesh.dm());
  const auto outcome = solver.step(loading, 0.0, 1.0, u.get());
  EXPECT_LE(outcome.newton, 3);
  EXPECT_EQ(outcome.halvings, 0);
  EXPECT_LE(outcome.residual, outcome.reference);
  const double strain = 1.5e-5 * 300;
  const auto exact = nodal(mesh, [&](const Real3& x) {
    return Real3{strain * x[0], strain * x[1], strain * x[2]};
  });
  LINNET_CHECK(VecAXPY(u.get(), -1.0, exact.get()));
  EXPECT_LT(norm(u.get()), 1e-8 * norm(exact.get()));
}

TEST_P(SolverOn, ReactionsBalanceTheLoads) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.15, {2, 1, 3});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  fem::Loading loading(mesh);
  loading.hold("z0", {true, true, true});
  loading.add_force(Amplitude({0, 1}, {0, 1}), fem::pressure_load(mesh, "x1", 30.0));
  loading.add_force(Amplitude({0, 1}, {0, 1}), fem::pressure_load(mesh, "z1", -90.0));
  set_temperature(loading, model, Amplitude({0, 1}, {0, 1}), [](const Real3&) { return 850.0; });
  fem::SolidSolver solver(model, loading);
  const auto u = fem::global_vector(mesh.dm());
  const auto outcome = solver.step(loading, 0.0, 1.0, u.get());
  EXPECT_GT(outcome.newton, 2);
  const auto held_part = fem::global_vector(mesh.dm());
  LINNET_CHECK(VecCopy(solver.reactions(), held_part.get()));
  const Real3 all = resultant(held_part.get());
  model.held().zero(held_part.get());
  const Real3 rest = resultant(held_part.get());
  const double load[3] = {-30.0 * 3, 0, 90.0 * 2};
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(all[c] - rest[c], -load[c], 1e-5);
    EXPECT_NEAR(rest[c], 0.0, 1e-5);
  }
}

/// Uniaxial stretch by held faces: the tangent carries them, so the first guess is uniform, too.
TEST_P(SolverOn, HeldFacesThatMoveStretchUniformly) {
  const Option ksp("-ksp_type", "preonly"), pc("-pc_type", "redundant");
  const fem::Mesh mesh = box(GetParam(), 3, 0.15, {2, 1, 3});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  fem::Loading loading(mesh);
  loading.hold("x0", {true, false, false});
  loading.hold("y0", {false, true, false});
  loading.hold("z0", {false, false, true});
  loading.hold("z1", {false, false, true}, Amplitude({0, 1}, {0, 1}), [](const Real3&) {
    return Real3{0, 0, 0.03};
  });
  set_temperature(loading, model, Amplitude(), [](const Real3&) { return 20.0; });
  fem::SolidSolver solver(model, loading);
  const auto u = fem::global_vector(mesh.dm());
  const auto outcome = solver.step(loading, 0.0, 1.0, u.get());
  EXPECT_EQ(outcome.halvings, 0);
  const auto state = fem::host_copy(model.new_state());
  const auto stress = fem::host_copy(model.stress());
  const auto size = static_cast<std::size_t>(model.state_size());
  double p = 0, worst = 0;
  for (std::size_t i = 0; i < stress.extent(0) / 6; ++i) p = std::max(p, state(i * size + 6));
  p = most_over_ranks(p);
  // sigma = E (strain - p), the law in one dimension: C a = 1.5 X_11.
  const double d = p, theta = 1 / (1 + 500 * d);
  const double sigma = 210e3 * (0.01 - p);
  const double flow =
      300 + 40 * (1 - std::exp(-10 * p)) + 200e3 * theta * d + 400 * std::pow(d, 1.0 / 15);
  EXPECT_NEAR(sigma, flow, 1e-6 * sigma);
  for (std::size_t i = 0; i < stress.extent(0); ++i)
    worst = std::max(worst, std::fabs(stress(i) - (i % 6 == 2 ? sigma : 0.0)));
  EXPECT_LT(worst, 1e-6 * sigma);
}

TEST(SolidSolver, LastResidualsOfTheFullTangentFallQuadratically) {
  const Option rtol("-ksp_rtol", "1e-12"), lag("-snes_lag_preconditioner", "1");
  const fem::Mesh mesh = box(CellShape::hex8, 3, 0.2, {1, 1, 1});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}), {false});
  fem::Loading loading(mesh);
  loading.hold("z0", {true, true, true});
  loading.add_force(Amplitude({0, 1}, {0, 1}),
                    fem::traction_load(mesh, "z1", [](const Real3& x, const Real3&) {
                      return Real3{60.0, 0.0, 250.0 + 60 * x[0]};
                    }));
  set_temperature(loading, model, Amplitude(), [](const Real3& x) { return 800 + 100 * x[2]; });
  fem::SolidSolverOptions options;
  options.tolerance = 1e-11;
  fem::SolidSolver solver(model, loading, options);
  LINNET_CHECK(SNESSetConvergenceHistory(solver.snes(), nullptr, nullptr, 50, PETSC_TRUE));
  const auto u = fem::global_vector(mesh.dm());
  const auto outcome = solver.step(loading, 0.0, 10.0, u.get());
  EXPECT_EQ(outcome.halvings, 0);
  PetscReal* history = nullptr;
  PetscInt count = 0;
  LINNET_CHECK(SNESGetConvergenceHistory(solver.snes(), &history, nullptr, &count));
  ASSERT_GE(count, 5);
  // The order from three residuals, the last of which is not rounding yet.
  double best = 0;
  for (PetscInt i = count - 1; i >= 2 && i >= count - 2; --i)
    best = std::max(best, std::log(history[i] / history[i - 1]) /
                              std::log(history[i - 1] / history[i - 2]));
  EXPECT_GT(best, 1.7);
}

/// A bar at 900 degC, free to expand, that is elastic for the first quarter of a second and in full
/// plastic flow afterwards.
struct Bar {
  explicit Bar(double smallest)
      : mesh(box(CellShape::hex8, 3, 0.2, {1, 1, 1})), model(mesh, fem::Materials({superalloy()})),
        loading(mesh), u(fem::global_vector(mesh.dm())) {
    loading.hold("z0", {false, false, true});
    loading.hold("x0y0z0", {true, true, false});
    loading.hold("x1y0z0", {false, true, false});
    loading.add_force(Amplitude({0, 0.25, 0.5, 1}, {0, 0.25, 2, 3}),
                      fem::traction_load(mesh, "z1", [](const Real3& x, const Real3&) {
                        return Real3{5.0, 0.0, 250.0 + 60 * x[0]};
                      }));
    set_temperature(loading, model, Amplitude(), [](const Real3&) { return 900.0; });
    options.smallest_step = smallest;
  }
  fem::Mesh mesh;
  fem::SolidModel model;
  fem::Loading loading;
  fem::SolidSolverOptions options;
  core::Owned<Vec> u;
};

/// Two iterations are enough while the bar is elastic.
TEST(SolidSolver, WithoutASmallerStepTheStateOfTheLastSubstepRemains) {
  const Option most("-snes_max_it", "2"), rtol("-ksp_rtol", "1e-10");
  Bar bar(1.0 / 4);
  fem::SolidSolver solver(bar.model, bar.loading, bar.options);
  std::string message;
  try {
    solver.step(bar.loading, 0.0, 1.0, bar.u.get());
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::not_converged);
    message = error.what();
  }
  EXPECT_NE(message.find("no equilibrium at time 0.5"), std::string::npos) << message;
  EXPECT_NE(message.find("-solid_smallest_step"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_EQ(solver.time(), 0.25);

  Bar quarter(1.0 / 4);
  fem::SolidSolver alone(quarter.model, quarter.loading, quarter.options);
  alone.step(quarter.loading, 0.0, 0.25, quarter.u.get());
  LINNET_CHECK(VecAXPY(quarter.u.get(), -1.0, bar.u.get()));
  EXPECT_LT(norm(quarter.u.get()), 1e-9 * norm(bar.u.get()));
  const auto same = [](const kernels::Array<double>& a, const kernels::Array<double>& b,
                       double error) {
    const auto x = fem::host_copy(a), y = fem::host_copy(b);
    for (std::size_t i = 0; i < x.extent(0); ++i)
      if (!(std::fabs(x(i) - y(i)) <= error)) return false;
    return true;
  };
  EXPECT_TRUE(same(bar.model.stress(), quarter.model.stress(), 1e-5));
  EXPECT_TRUE(same(bar.model.new_state(), quarter.model.new_state(), 1e-11));
  EXPECT_TRUE(same(bar.model.new_state(), bar.model.old_state(), 0.0));
  EXPECT_TRUE(same(bar.model.temperature(), quarter.model.temperature(), 0.0));
}

TEST(SolidSolver, ALoadingThatHoldsOtherUnknownsIsRefused) {
  Bar bar(1.0);
  fem::SolidSolver solver(bar.model, bar.loading, bar.options);
  fem::Loading other(bar.mesh);
  other.hold("z1", {true, true, true});
  EXPECT_THROW(solver.step(other, 0.0, 1.0, bar.u.get()), core::Error);
}

} // namespace
