// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A cooled, rotating blade with a hot spot over one cycle: the loadings of the tests of reduced
/// models.
#pragma once

#include <linnet/fem/loading/hot_spot.hpp>
#include <linnet/fem/loading/loading.hpp>
#include <linnet/fem/loading/time_grid.hpp>
#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/fem/quadrature/loads.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/solid_solver.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/training_set.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linnet::tests {

/// A fictitious superalloy.
inline fem::Materials superalloy() {
  fem::MaterialTable t;
  t.name = "solid";
  t.everywhere = true;
  t.temperature = {20, 600, 850, 1000, 1150};
  t.young = {210000, 180000, 160000, 140000, 110000};
  t.poisson = {0.3, 0.3, 0.3, 0.3, 0.3};
  t.expansion = {1.2e-5, 1.4e-5, 1.5e-5, 1.6e-5, 1.7e-5};
  t.yield = {300, 250, 150, 80, 40};
  t.voce = {40, 40, 30, 20, 10};
  t.voce_rate = {10, 10, 8, 6, 5};
  t.hardening = {0, 0, 0, 0, 0};
  t.drag = {400, 450, 500, 400, 250};
  t.exponent = {15, 12, 9, 7, 5};
  t.kinematic = {{200000, 150000, 100000, 60000, 30000}};
  t.recovery = {{500, 500, 450, 400, 350}};
  t.reference_temperature = 20;
  t.density = 8.2e-9;
  return fem::Materials({t});
}

inline std::vector<double> blade_times() {
  std::vector<double> times{0.0};
  const std::vector<double> steps = fem::parse_times(
      {"20:8", "21", "22", "24", "27", "32", "40", "55", "80", "120", "170", "220", "240:8"});
  times.insert(times.end(), steps.begin(), steps.end());
  return times;
}

/// The blade on the ranks of a communicator.
struct Blade {
  fem::Mesh mesh;
  fem::Materials materials;
  std::unique_ptr<fem::SolidModel> model;

  Blade(MPI_Comm comm, std::array<PetscInt, 3> cells)
      : mesh(fem::make_box_mesh(comm, options(cells))), materials(superalloy()),
        model(new_model()) {}

  static fem::BoxMeshOptions options(std::array<PetscInt, 3> cells) {
    fem::BoxMeshOptions options;
    options.map = fem::BoxMap::blade;
    options.cells = cells;
    return options;
  }
  [[nodiscard]] std::unique_ptr<fem::SolidModel> new_model() const {
    return std::make_unique<fem::SolidModel>(mesh, materials);
  }
  [[nodiscard]] kernels::Array<double> field(double (*value)(double, double, const fem::HotSpot&),
                                             const fem::HotSpot& spot) const {
    const kernels::Array<double> parameters =
        fem::interpolate_to_points(mesh, mesh.parametric(), 3);
    const auto at = fem::host_copy(parameters);
    std::vector<double> values(parameters.extent(0) / 3);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = value(at(3 * i), at(3 * i + 2), spot);
    return fem::device_copy<double>("linnet::tests::field", values);
  }
  /// With the root held at a height over time where @p lift is not 0: its peak.
  [[nodiscard]] fem::Loading loading(const fem::HotSpot& spot, double lift = 0.0) const {
    const fem::Amplitude heat({0, 20, 220, 240}, {0, 1, 1, 0});
    const fem::Amplitude load({0, 20, 220, 240}, {0, 1, 1, 0.05});
    fem::Loading loading(mesh);
    loading.hold("leading_pin", {true, true, false});
    loading.hold("trailing_pin", {false, true, false});
    if (lift == 0.0)
      loading.hold("root", {false, false, true});
    else
      loading.hold("root", {false, false, true}, heat, [lift](const std::array<double, 3>& x) {
        return std::array<double, 3>{0.0, 0.0, lift * (1.0 + 0.1 * x[0])};
      });
    loading.add_temperature(fem::Amplitude(1.0),
                            field([](double, double, const fem::HotSpot&) { return 20.0; }, spot));
    loading.add_temperature(heat, field([](double xi, double zeta,
                                           const fem::HotSpot& s) { return s(xi, zeta) - 20.0; },
                                        spot));
    const std::vector<double> density{8.2e-9};
    loading.add_force(load, fem::centrifugal_load(mesh, density, 1650.0, {0, 0, -300}, {0, 1, 0}));
    loading.add_force(load, fem::pressure_load(mesh, "pressure", 0.3));
    return loading;
  }
};

inline fem::HotSpot hot_spot(double chord, double span, double rise) {
  fem::HotSpot spot;
  spot.chord = chord;
  spot.span = span;
  spot.rise = rise;
  return spot;
}

/// Direct solver: the meshes of the tests are small.
inline void use_direct_solver() {
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, const char*>>{{"-ksp_type", "preonly"},
                                                        {"-pc_type", "cholesky"},
                                                        {"-pc_factor_mat_solver_type", "mumps"},
                                                        {"-rom_lift_pc_type", "gamg"}})
    LINNET_CHECK(PetscOptionsSetValue(nullptr, name, value));
}

/// Solves the loading without reduction and records it in the file @p path. Collective.
inline void record(const Blade& blade, const fem::Loading& loading,
                   const std::vector<double>& times, const std::string& path) {
  use_direct_solver();
  const std::unique_ptr<fem::SolidModel> model = blade.new_model();
  fem::SolidSolver solver(*model, loading);
  rom::SnapshotWriter writer(path, *model, blade.materials.fingerprint(),
                             rom::DecomposedLoading::of(loading, *model, times));
  const core::Owned<Vec> u = fem::global_vector(blade.mesh.dm());
  for (std::size_t k = 1; k < times.size(); ++k) {
    solver.step(loading, times[k - 1], times[k], u.get());
    writer.append(*model, u.get());
  }
  writer.close();
}

} // namespace linnet::tests
