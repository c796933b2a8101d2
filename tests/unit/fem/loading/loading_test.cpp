// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/fem/loading/loading.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <map>

using namespace linnet;
using fem::Amplitude;
using fem::Loading;

namespace {

fem::Mesh box() {
  fem::BoxMeshOptions options;
  options.cells = {3, 2, 4};
  options.lengths = {3, 2, 4};
  return fem::make_box_mesh(PETSC_COMM_WORLD, options);
}

const Amplitude ramp({0, 2}, {0, 1});

std::array<double, 3> field(const std::array<double, 3>& x) {
  return {x[0] + 1, 10 * x[1] + 1, 100 * x[2] + 1};
}

/// Value by held unknown.
std::map<PetscInt, double> held(const Loading& loading, double t) {
  std::vector<double> values(loading.held_dofs().size(), NAN);
  loading.held_values(t, values);
  std::map<PetscInt, double> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(loading.held_dofs()[i - 1], loading.held_dofs()[i]);
    }
    result[loading.held_dofs()[i]] = values[i];
  }
  return result;
}

} // namespace

TEST(Loading, HoldsAllLocalNodesOfAGroup) {
  const fem::Mesh mesh = box();
  Loading loading(mesh);
  loading.hold("z1", {true, false, true}, ramp, field);
  EXPECT_TRUE(loading.moves());
  loading.hold("x0", {false, true, false});
  for (const double t : {0.0, 0.5, 3.0}) {
    const auto values = held(loading, t);
    std::size_t expected = 0;
    for (PetscInt i = 0; i < mesh.nodes(); ++i) { // ghosts included
      const double* x = mesh.coordinates().data() + 3 * i;
      const auto u = field({x[0], x[1], x[2]});
      if (x[2] == 4) {
        expected += 2;
        for (const int c : {0, 2})
          EXPECT_DOUBLE_EQ(values.at(3 * i + c), std::min(0.5 * t, 1.0) * u[std::size_t(c)]);
      }
      if (x[0] == 0) {
        expected += 1;
        EXPECT_EQ(values.at(3 * i + 1), 0);
      }
    }
    EXPECT_EQ(values.size(), expected);
  }
}

TEST(Loading, SharedNodesMustAgree) {
  const fem::Mesh mesh = box();
  Loading loading(mesh);
  loading.hold("z0", {true, true, true});
  EXPECT_FALSE(loading.moves());
  loading.hold("x0", {true, false, false}); // also zero on the edge
  EXPECT_THROW(loading.hold("y0", {true, false, false}, ramp, field), core::Error);
  Loading moving(mesh);
  moving.hold("z0", {true, true, true}, ramp, field);
  moving.hold("x0", {true, true, true}, ramp, field); // the same on the edge
  EXPECT_THROW(moving.hold("x1", {true, false, false}, Amplitude({0, 2}, {0, 2}), field),
               core::Error);
  EXPECT_THROW(moving.hold("nowhere", {true, true, true}), core::Error);
  EXPECT_THROW(moving.hold("y1", {true, true, true}, ramp,
                           [](const auto&) {
                             return std::array<double, 3>{NAN, 0, 0};
                           }),
               core::Error);
}

TEST(Loading, AddsForcesTimesAmplitudes) {
  const fem::Mesh mesh = box();
  Loading loading(mesh);
  const auto reference = [&](double value) {
    auto vec = fem::global_vector(mesh.dm());
    LINNET_CHECK(VecSet(vec.get(), value));
    return vec;
  };
  loading.add_force(ramp, reference(10));
  loading.add_force(Amplitude({0, 4}, {1, 0}), reference(1));
  const auto force = fem::global_vector(mesh.dm());
  LINNET_CHECK(VecSet(force.get(), 99)); // is replaced
  loading.external_force(1, force.get());
  PetscReal low, high;
  LINNET_CHECK(VecMin(force.get(), nullptr, &low));
  LINNET_CHECK(VecMax(force.get(), nullptr, &high));
  EXPECT_DOUBLE_EQ(low, 10 * 0.5 + 0.75);
  EXPECT_DOUBLE_EQ(high, low);
  EXPECT_EQ(loading.force_terms(), 2);
  EXPECT_EQ(loading.force_factors(1), (std::vector<double>{0.5, 0.75}));
}

TEST(Loading, AddsTemperaturesTimesAmplitudes) {
  LINNET_CHECK(core::ensure_kokkos());
  const fem::Mesh mesh = box();
  Loading loading(mesh);
  const auto points = fem::device_copy<double>("test", std::vector<double>(3, 99.0));
  loading.temperature(1, points);
  EXPECT_EQ(fem::host_copy(points)(2), 0);
  loading.add_temperature(Amplitude(),
                          fem::device_copy<double>("test", std::vector<double>{20, 20, 20}));
  loading.add_temperature(ramp,
                          fem::device_copy<double>("test", std::vector<double>{100, 200, 300}));
  loading.temperature(0.5, points);
  const auto host = fem::host_copy(points);
  for (int i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(host(i), 20 + 25 * (i + 1));
  EXPECT_EQ(loading.temperature_factors(0.5), (std::vector<double>{1, 0.25}));
}
