// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A cube in two layers of different metals, of second-order tetrahedra: each point has the law of
// its layer, the reduced ones too.
#include "adaptive_checks.hpp"

#include <linnet/fem/mesh/mesh.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace linnet;
using namespace linnet::tests;

/// The upper one is softer and flows at lower stresses.
std::vector<fem::MaterialTable> layer_alloys() {
  fem::MaterialTable lower = blade_alloy(), upper = blade_alloy();
  lower.everywhere = upper.everywhere = false;
  lower.name = "lower";
  upper.name = "upper";
  for (double& young : upper.young) young *= 0.6;
  for (double& yield : upper.yield) yield *= 0.5;
  for (double& expansion : upper.expansion) expansion *= 1.1;
  return {lower, upper};
}

/// Pulled, and heated at one place: x = 0.1, 0.9 or 0.4.
fem::Loading loading_of_layers(const fem::Mesh& mesh, int which) {
  const double place = which == 0 ? 0.1 : which == 1 ? 0.9 : 0.4;
  fem::Loading loading(mesh);
  loading.hold("z0", {true, true, true});
  const fem::Amplitude load({0, 20, 220, 240}, {0, 1, 1, 0.05}),
      heat({0, 20, 220, 240}, {0, 1, 1, 0});
  loading.add_force(load, fem::pressure_load(mesh, "z1", -60.0));
  const auto x = fem::host_copy(fem::point_coordinates(mesh));
  std::vector<double> cold, rise;
  for (std::size_t i = 0; i < x.extent(0); i += 3) {
    const double away = (x(i) - place) / 0.25;
    cold.push_back(20.0);
    rise.push_back(600.0 + 250.0 * std::exp(-0.5 * away * away));
  }
  loading.add_temperature(fem::Amplitude(), fem::device_copy<double>("linnet::test::cold", cold));
  loading.add_temperature(heat, fem::device_copy<double>("linnet::test::rise", rise));
  return loading;
}

Trained& layers() {
  static Trained* const object =
      new Trained(fem::read_mesh(PETSC_COMM_WORLD, LINNET_MESHES "/two_layer_cube.msh"),
                  layer_alloys(), {0, 10, 20, 60, 220, 240}, loading_of_layers);
  return *object;
}

TEST(TwoMaterials, TheReducedModelReproducesItsTraining) { expect_the_training(layers()); }

TEST(TwoMaterials, WithTargetZeroIsTheRunOnTheMesh) {
  ASSERT_EQ(layers().body.materials.count(), 2);
  ASSERT_EQ(layers().body.solid.points_per_cell(), 4);
  expect_the_run_on_the_mesh(layers(), 4);
}

TEST(TwoMaterials, AfterACallTheModelIsWhereTheMeshIs) {
  expect_the_model_where_the_mesh_is(layers());
}

} // namespace
