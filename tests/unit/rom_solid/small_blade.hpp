// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A blade of few cells under rotation, pressure and hot spots: loadings to learn from and another.
#pragma once

#include "small_solid.hpp"

#include <linnet/fem/loading/hot_spot.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/quadrature/loads.hpp>
#include <linnet/fem/quadrature/points.hpp>

#include <array>
#include <vector>

namespace linnet::tests {

/// A fictitious superalloy: mm, N, s, t, degC.
inline fem::MaterialTable blade_alloy() {
  fem::MaterialTable table;
  table.name = "superalloy";
  table.everywhere = true;
  table.temperature = {20, 600, 850, 1000, 1150};
  table.young = {210e3, 180e3, 160e3, 140e3, 110e3};
  table.poisson = {0.3, 0.3, 0.3, 0.3, 0.3};
  table.expansion = {1.2e-5, 1.4e-5, 1.5e-5, 1.6e-5, 1.7e-5};
  table.yield = {300, 250, 150, 80, 40};
  table.voce = {40, 40, 30, 20, 10};
  table.voce_rate = {10, 10, 8, 6, 5};
  table.hardening = {0, 0, 0, 0, 0};
  table.drag = {400, 450, 500, 400, 250};
  table.exponent = {15, 12, 9, 7, 5};
  table.kinematic = {{200e3, 150e3, 100e3, 60e3, 30e3}};
  table.recovery = {{500, 500, 450, 400, 350}};
  table.reference_temperature = 20;
  table.density = 8.2e-9;
  return table;
}

/// Rotation about the y axis through z = -300 and pressure on one side, with the load, over a cycle
/// of 240 s: up in 20 s, 200 s of dwell, down.
inline std::vector<double> blade_times() {
  return {0, 5, 10, 15, 20, 24, 32, 55, 120, 220, 230, 240};
}

inline void add_blade_temperature(fem::Loading& loading, const fem::Mesh& mesh,
                                  const fem::HotSpot& spot, bool repeated) {
  const fem::TwistedBlade blade;
  const auto x = fem::host_copy(fem::point_coordinates(mesh));
  std::vector<double> cold, rise;
  for (std::size_t i = 0; i < x.extent(0); i += 3) {
    const auto [xi, zeta] = blade.coordinates({x(i), x(i + 1), x(i + 2)});
    cold.push_back(20.0);
    rise.push_back(spot(xi, zeta) - 20.0);
  }
  loading.add_temperature(fem::Amplitude(), fem::device_copy<double>("linnet::test::cold", cold));
  const fem::Amplitude heat({0, 20, 220, 240}, {0, 1, 1, 0});
  loading.add_temperature(repeated ? heat.repeated(240) : heat,
                          fem::device_copy<double>("linnet::test::rise", rise));
}

/// With the root bent over time where @p bent.
inline fem::Loading blade_loading(const fem::Mesh& mesh, const fem::HotSpot& spot,
                                  bool repeated = false, bool bent = false) {
  fem::Loading loading(mesh);
  if (bent)
    loading.hold("root", {false, false, true}, fem::Amplitude({0, 20, 220, 240}, {0, 1, 1.2, 0.3}),
                 [](const std::array<double, 3>& x) {
                   return std::array<double, 3>{0.0, 0.0, 2e-4 * x[0] * x[0]};
                 });
  else
    loading.hold("root", {false, false, true});
  loading.hold("leading_pin", {true, true, false});
  loading.hold("trailing_pin", {false, true, false});
  const fem::Amplitude cycle({0, 20, 220, 240}, {0, 1, 1, 0.05});
  const fem::Amplitude load = repeated ? cycle.repeated(240) : cycle;
  const std::vector<double> densities{blade_alloy().density};
  loading.add_force(load, fem::centrifugal_load(mesh, densities, 1650.0, {0, 0, -300}, {0, 1, 0}));
  loading.add_force(load, fem::pressure_load(mesh, "pressure", 0.3));
  add_blade_temperature(loading, mesh, spot, repeated);
  return loading;
}

/// A spot of 280 degrees at a place of the chord and of the span.
inline fem::HotSpot hot_spot(double chord, double span, double rise = 280.0) {
  fem::HotSpot spot;
  spot.chord = chord;
  spot.span = span;
  spot.rise = rise;
  return spot;
}

inline fem::Mesh blade_mesh(MPI_Comm comm, const std::array<PetscInt, 3>& cells) {
  fem::BoxMeshOptions options;
  options.map = fem::BoxMap::blade;
  options.cells = cells;
  return fem::make_box_mesh(comm, options);
}

struct SmallBlade : SmallSolid {
  explicit SmallBlade(MPI_Comm comm = PETSC_COMM_WORLD,
                      const std::array<PetscInt, 3>& cells = {6, 2, 8})
      : SmallSolid(blade_mesh(comm, cells), {blade_alloy()}, blade_times()) {}
};

} // namespace linnet::tests
