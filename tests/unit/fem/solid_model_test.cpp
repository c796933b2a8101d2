// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The solid against closed forms that hold for every mesh, and its tangent against its forces.
#include "solid_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

namespace {

using namespace linnet;
using namespace linnet::tests;
using fem::CellShape;

class SolidOn : public ::testing::TestWithParam<CellShape> {};
INSTANTIATE_TEST_SUITE_P(Shapes, SolidOn, ::testing::Values(CellShape::hex8, CellShape::tet10));

/// A displacement gradient with all nine entries different.
Real3 linear_field(const Real3& x) {
  return {1e-3 * (1.0 * x[0] - 0.3 * x[1] + 0.7 * x[2]),
          1e-3 * (0.2 * x[0] - 1.4 * x[1] + 0.5 * x[2]),
          1e-3 * (-0.6 * x[0] + 0.9 * x[1] + 0.8 * x[2])};
}

TEST_P(SolidOn, StrainOfALinearFieldIsItsSymmetricGradientEverywhere) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.2, {2, 1, 3});
  const fem::SolidModel model(mesh, fem::Materials({elastic(2e5, 0.3)}));
  const auto u = nodal(mesh, linear_field);
  const auto strain =
      kernels::zeros<double>("linnet::test::strain", 6 * static_cast<std::size_t>(model.points()));
  model.strain(u.get(), strain);
  const double exact[6] = {1e-3, -1.4e-3, 0.8e-3, -0.05e-3, 0.05e-3, 0.7e-3};
  double worst = 0;
  const auto host = fem::host_copy(strain);
  for (std::size_t i = 0; i < host.extent(0); ++i)
    worst = std::max(worst, std::fabs(host(i) - exact[i % 6]));
  EXPECT_LT(worst, 1e-3 * 1e-12);
}

TEST_P(SolidOn, PatchTestForcesBalanceInside) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.2, {2, 1, 3});
  fem::SolidModel model(mesh, fem::Materials({elastic(2e5, 0.3)}));
  const auto u = nodal(mesh, linear_field);
  const auto force = fem::global_vector(mesh.dm());
  model.internal_force(u.get(), 1.0, force.get());
  // 2 G eps + lambda tr(eps) I
  const double g = 2e5 / 2.6, lambda = 2e5 * 0.3 / (1.3 * 0.4), trace = 0.4e-3;
  const double exact[6] = {2 * g * 1e-3 + lambda * trace,
                           2 * g * -1.4e-3 + lambda * trace,
                           2 * g * 0.8e-3 + lambda * trace,
                           2 * g * -0.05e-3,
                           2 * g * 0.05e-3,
                           2 * g * 0.7e-3};
  double worst = 0;
  const auto stress = fem::host_copy(model.stress());
  for (std::size_t i = 0; i < stress.extent(0); ++i)
    worst = std::max(worst, std::fabs(stress(i) - exact[i % 6]));
  EXPECT_LT(worst, 1e-12 * std::fabs(exact[1]));
  std::vector<PetscInt> boundary;
  for (const char* side : box_sides)
    for (const PetscInt node : mesh.nodes_of(side))
      for (PetscInt c = 0; c < 3; ++c) boundary.push_back(3 * node + c);
  EXPECT_GT(norm(force.get()), 1.0);
  fem::HeldDofs(mesh, boundary).zero(force.get());
  EXPECT_LT(norm(force.get()), 1e-12 * model.force_scale());
}

TEST_P(SolidOn, FreeUniformHeatingIsWithoutStress) {
  const fem::Mesh mesh = box(GetParam(), 3, 0.2, {2, 1, 3});
  fem::SolidModel model(mesh, fem::Materials({elastic(2e5, 0.3, 1.5e-5)}));
  Kokkos::deep_copy(model.temperature(), 400.0);
  const double strain = 1.5e-5 * 400.0;
  const auto u = nodal(mesh, [&](const Real3& x) {
    return Real3{strain * x[0], strain * x[1], strain * x[2]};
  });
  const auto force = fem::global_vector(mesh.dm());
  model.internal_force(u.get(), 1.0, force.get());
  EXPECT_LT(norm(force.get()), 1e-13 * model.force_scale());
  double worst = 0;
  const auto stress = fem::host_copy(model.stress());
  for (std::size_t i = 0; i < stress.extent(0); ++i) worst = std::max(worst, std::fabs(stress(i)));
  EXPECT_LT(worst, 1e-12 * 2e5 / 0.4 * strain);
}

TEST_P(SolidOn, RigidMotionsHaveNoForceAndAreTheNearNullSpace) {
  const fem::Mesh mesh = box(GetParam(), 2, 0.2, {2, 1, 3});
  fem::SolidModel model(mesh, fem::Materials({elastic(2e5, 0.3)}));
  const auto stiffness = model.create_matrix();
  const auto u = fem::global_vector(mesh.dm());
  const auto force = fem::global_vector(mesh.dm());
  model.tangent(u.get(), 1.0, stiffness.get());
  PetscReal size = 0;
  LINNET_CHECK(MatNorm(stiffness.get(), NORM_FROBENIUS, &size));
  MatNullSpace modes = nullptr;
  LINNET_CHECK(MatGetNearNullSpace(stiffness.get(), &modes));
  PetscBool constants = PETSC_FALSE;
  PetscInt count = 0;
  const Vec* vecs = nullptr;
  LINNET_CHECK(MatNullSpaceGetVecs(modes, &constants, &count, &vecs));
  EXPECT_EQ(count, 6);
  for (PetscInt i = 0; i < count; ++i) {
    LINNET_CHECK(MatMult(stiffness.get(), vecs[i], force.get()));
    EXPECT_LT(norm(force.get()), 1e-12 * size) << "mode " << i;
  }
  PetscInt block = 0;
  LINNET_CHECK(MatGetBlockSize(stiffness.get(), &block));
  EXPECT_EQ(block, 3);
}

/// Rows of what the matrix and the blocks of the cells make of the same vector.
TEST_P(SolidOn, HeldUnknownsLeaveTheMatrixAndKeepItsDiagonal) {
  const fem::Mesh mesh = box(GetParam(), 2, 0.2, {1, 1, 1});
  fem::SolidModel model(mesh, fem::Materials({elastic(2e5, 0.3)}));
  const auto u = fem::global_vector(mesh.dm());
  const auto free = model.create_matrix();
  model.tangent(u.get(), 1.0, free.get());
  std::vector<PetscInt> dofs;
  for (const PetscInt node : mesh.nodes_of("z0")) dofs.push_back(3 * node + 2);
  for (const PetscInt node : mesh.nodes_of("x0y0")) dofs.push_back(3 * node);
  model.hold(dofs);
  const PetscInt per_edge = GetParam() == CellShape::hex8 ? 3 : 5;
  EXPECT_EQ(model.held().all(), per_edge * per_edge + per_edge);
  const auto held = model.create_matrix();
  model.tangent(u.get(), 1.0, held.get());

  const auto x = nodal(mesh, [](const Real3& at) {
    return Real3{std::sin(3 * at[0] + at[1]), std::cos(at[1] - 2 * at[2]), std::sin(5 * at[2] + 1)};
  });
  const auto inner = fem::global_vector(mesh.dm());
  const auto expected = fem::global_vector(mesh.dm()), found = fem::global_vector(mesh.dm());
  LINNET_CHECK(VecCopy(x.get(), inner.get()));
  model.held().zero(inner.get());
  LINNET_CHECK(MatMult(free.get(), inner.get(), expected.get()));
  model.held().zero(expected.get());
  const auto diagonal = fem::global_vector(mesh.dm());
  LINNET_CHECK(MatGetDiagonal(free.get(), diagonal.get()));
  {
    const fem::HostValues to(expected.get()), d(diagonal.get()), at(x.get());
    for (const PetscInt i : model.held().owned()) to[i] = d[i] * at[i];
  }
  LINNET_CHECK(MatMult(held.get(), x.get(), found.get()));
  LINNET_CHECK(VecAXPY(found.get(), -1.0, expected.get()));
  EXPECT_LT(norm(found.get()), 1e-12 * norm(expected.get()));

  LINNET_CHECK(MatMult(free.get(), x.get(), expected.get()));
  model.held().zero(expected.get());
  model.apply_tangent(x.get(), found.get());
  LINNET_CHECK(VecAXPY(found.get(), -1.0, expected.get()));
  EXPECT_LT(norm(found.get()), 1e-12 * norm(expected.get()));
}

/// Brings the model to a plastic state with back stress and leaves it at a second step.
void harden(fem::SolidModel& model, Vec u) {
  const auto points = fem::point_coordinates(model.mesh());
  const auto x = fem::host_copy(points);
  const auto t = fem::host_copy(model.temperature());
  for (std::size_t i = 0; i < t.extent(0); ++i) t(i) = 700.0 + 250.0 * x(3 * i);
  Kokkos::deep_copy(
      static_cast<const Kokkos::View<double*, kernels::MemorySpace>&>(model.temperature()), t);
  const auto first = nodal(model.mesh(), [](const Real3& at) {
    return Real3{4e-3 * at[0] * at[1], 3e-3 * at[2] - 5e-3 * at[1], 12e-3 * at[2] * at[2]};
  });
  model.update(first.get(), 10.0);
  model.commit();
  LINNET_CHECK(VecAXPY(u, 1.6, first.get()));
  LINNET_CHECK(VecShift(u, 0.1));
}

/// |(f(u + h v) - f(u - h v)) / 2h - K v| / |K v| over some directions.
double tangent_error(CellShape shape, bool symmetric) {
  const fem::Mesh mesh = box(shape, 2, 0.2, {1, 1, 1});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}), {symmetric});
  const auto u = nodal(mesh, [](const Real3& at) {
    return Real3{2e-3 * at[1] * at[2], -1e-3 * at[0], 4e-3 * at[0] * at[1]};
  });
  harden(model, u.get());
  const auto stiffness = model.create_matrix();
  model.tangent(u.get(), 10.0, stiffness.get());
  const auto v = nodal(mesh, [](const Real3& at) {
    return Real3{std::sin(7 * at[0] + at[1]), std::cos(3 * at[1] + at[2]), std::sin(4 * at[2])};
  });
  const auto up = fem::global_vector(mesh.dm()), down = fem::global_vector(mesh.dm());
  const auto product = fem::global_vector(mesh.dm());
  constexpr double h = 1e-7;
  LINNET_CHECK(VecAXPY(u.get(), h, v.get()));
  model.internal_force(u.get(), 10.0, up.get());
  LINNET_CHECK(VecAXPY(u.get(), -2 * h, v.get()));
  model.internal_force(u.get(), 10.0, down.get());
  LINNET_CHECK(VecAXPY(up.get(), -1.0, down.get()));
  LINNET_CHECK(VecScale(up.get(), 0.5 / h));
  LINNET_CHECK(MatMult(stiffness.get(), v.get(), product.get()));
  LINNET_CHECK(VecAXPY(up.get(), -1.0, product.get()));
  return norm(up.get()) / norm(product.get());
}

TEST_P(SolidOn, FullTangentIsTheDerivativeOfTheForce) {
  // Differences of second order with h = 1e-7: about 1e-7 remains.
  EXPECT_LT(tangent_error(GetParam(), false), 1e-6);
}

TEST_P(SolidOn, SymmetricTangentDiffersByTheTurningOfRecoveryOnly) {
  const double error = tangent_error(GetParam(), true);
  EXPECT_LT(error, 2e-2);
  EXPECT_GT(error, 1e-5);
}

TEST_P(SolidOn, TangentLeavesTheStateAlone) {
  const fem::Mesh mesh = box(GetParam(), 2, 0.2, {1, 1, 1});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  const auto u = fem::global_vector(mesh.dm());
  harden(model, u.get());
  model.update(u.get(), 10.0);
  const auto copy = [](const kernels::Array<double>& values) {
    const auto host = fem::host_copy(values);
    return std::vector<double>(host.data(), host.data() + host.extent(0));
  };
  const auto state = copy(model.new_state()), stress = copy(model.stress());
  const auto stiffness = model.create_matrix();
  LINNET_CHECK(VecScale(u.get(), 1.5));
  model.tangent(u.get(), 10.0, stiffness.get());
  EXPECT_EQ(state, copy(model.new_state()));
  EXPECT_EQ(stress, copy(model.stress()));
}

TEST_P(SolidOn, PointsWithoutSolutionAreCountedOnAllRanks) {
  const fem::Mesh mesh = box(GetParam(), 2, 0.0, {1, 1, 1});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  const auto u = nodal(mesh, [](const Real3& at) {
    return Real3{0.0, 0.0, at[0] > 0.9 ? std::numeric_limits<double>::infinity() : 0.0};
  });
  model.update(u.get(), 1.0);
  const std::int64_t half = static_cast<std::int64_t>(model.all_points()) / 2;
  EXPECT_GT(model.failures(), 0);
  EXPECT_LE(model.failures(), half);
  LINNET_CHECK(VecSet(u.get(), 0.0));
  model.update(u.get(), 1.0);
  EXPECT_EQ(model.failures(), 0);
}

TEST_P(SolidOn, RestoreGoesBackToTheLastCommit) {
  const fem::Mesh mesh = box(GetParam(), 2, 0.0, {1, 1, 1});
  fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  const auto u = nodal(mesh, [](const Real3& at) { return Real3{0.0, 0.0, 0.02 * at[2]}; });
  model.update(u.get(), 1.0);
  model.commit();
  const auto stress = fem::host_copy(model.stress());
  const std::vector<double> before(stress.data(), stress.data() + stress.extent(0));
  LINNET_CHECK(VecScale(u.get(), -1.0));
  model.update(u.get(), 1.0);
  model.restore();
  const auto after = fem::host_copy(model.stress());
  EXPECT_EQ(before, std::vector<double>(after.data(), after.data() + after.extent(0)));
  const auto old_state = fem::host_copy(model.old_state());
  const auto new_state = fem::host_copy(model.new_state());
  EXPECT_TRUE(
      std::equal(old_state.data(), old_state.data() + old_state.extent(0), new_state.data()));
}

TEST(SolidModel, PointIdsFollowOriginalCells) {
  const fem::Mesh mesh = box(CellShape::hex8, 3, 0.0, {3, 3, 3});
  const fem::SolidModel model(mesh, fem::Materials({elastic(1.0, 0.3)}));
  const auto ids = model.point_ids();
  const auto x = fem::host_copy(fem::point_coordinates(mesh));
  ASSERT_EQ(ids.size() * 3, x.extent(0));
  const double g = 0.5 - 0.5 * kernels::Hex8::gauss;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto cell = ids[i] / 8, q = ids[i] % 8;
    const std::int64_t at[3] = {cell % 3, cell / 3 % 3, cell / 9};
    for (int d = 0; d < 3; ++d) {
      const double inside = (q >> d) & 1 ? 1 - g : g;
      EXPECT_NEAR(x(3 * i + static_cast<std::size_t>(d)), static_cast<double>(at[d]) + inside,
                  1e-12);
    }
  }
  EXPECT_EQ(model.all_points(), 27 * 8);
  EXPECT_NEAR(integral(model, [](std::size_t) { return 1.0; }), 27.0, 1e-12);
}

} // namespace
