// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A cycle of a cooled turbine blade with a hot spot, against figures of an independent program with
// a direct solver: volume mean and maximum of p, mean displacement of the tip's nodes, largest
// displacement, volume mean and maximum of the von Mises stress at four times.
#include "unit/fem/solid_cases.hpp"

#include <linnet/fem/loading/hot_spot.hpp>
#include <linnet/fem/quadrature/loads.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/solid_solver.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace linnet;
using namespace linnet::tests;
using fem::Amplitude;

constexpr std::array<const char*, 8> columns{
    "mean p", "max p", "tip ux", "tip uy", "tip uz", "max |u|", "mean von Mises", "max von Mises"};
using Row = std::array<double, 8>;
constexpr double row_times[4] = {20, 32, 220, 240};

std::vector<double> times() {
  std::vector<double> t;
  for (int i = 0; i <= 8; ++i) t.push_back(2.5 * i);
  for (const double at : {21, 22, 24, 27, 32, 40, 55, 80, 120, 170, 220}) t.push_back(at);
  for (int i = 1; i <= 8; ++i) t.push_back(220 + 2.5 * i);
  return t;
}

fem::Mesh blade() {
  fem::BoxMeshOptions options;
  options.map = fem::BoxMap::blade;
  options.cells = {10, 3, 20};
  return fem::make_box_mesh(PETSC_COMM_WORLD, options);
}

fem::Loading cycle(const fem::Mesh& mesh, const fem::HotSpot& spot) {
  fem::Loading loading(mesh);
  const auto place = fem::host_copy(fem::interpolate_to_points(mesh, mesh.parametric(), 3));
  std::vector<double> rise, cold(place.extent(0) / 3, 20.0);
  for (std::size_t i = 0; i < place.extent(0); i += 3)
    rise.push_back(spot(place(i), place(i + 2)) - 20.0);
  loading.add_temperature(Amplitude(), fem::device_copy<double>("linnet::test::cold", cold));
  loading.add_temperature(Amplitude({0, 20, 220, 240}, {0, 1, 1, 0}),
                          fem::device_copy<double>("linnet::test::rise", rise));
  const Amplitude load({0, 20, 220, 240}, {0, 1, 1, 0.05});
  const double density[1] = {8.2e-9};
  loading.add_force(load, fem::centrifugal_load(mesh, density, 1650.0, {0, 0, -300}, {0, 1, 0}));
  loading.add_force(load, fem::pressure_load(mesh, "pressure", 0.3));
  loading.hold("root", {false, false, true});
  loading.hold("leading_pin", {true, true, false});
  loading.hold("trailing_pin", {false, true, false});
  return loading;
}

Row row_of(const fem::SolidModel& model, Vec u) {
  const auto& mesh = model.mesh();
  const auto state = fem::host_copy(model.new_state());
  const auto stress = fem::host_copy(model.stress());
  const auto size = static_cast<std::size_t>(model.state_size());
  const double volume = integral(model, [](std::size_t) { return 1.0; });
  Row row{};
  row[0] = integral(model, [&](std::size_t i) { return state(size * i + 6); }) / volume;
  row[6] = integral(model, [&](std::size_t i) { return von_mises(&stress(6 * i)); }) / volume;
  for (std::size_t i = 0; i < stress.extent(0) / 6; ++i) {
    row[1] = std::max(row[1], state(size * i + 6));
    row[7] = std::max(row[7], von_mises(&stress(6 * i)));
  }
  const fem::HostValues values(u);
  double count = 0;
  for (const PetscInt i : mesh.nodes_of("tip")) {
    if (i >= mesh.owned_nodes()) continue;
    for (std::size_t c = 0; c < 3; ++c) row[2 + c] += values[3 * i + static_cast<PetscInt>(c)];
    count += 1;
  }
  count = sum_over_ranks(count);
  for (std::size_t c = 0; c < 3; ++c) row[2 + c] = sum_over_ranks(row[2 + c]) / count;
  for (PetscInt i = 0; i < 3 * mesh.owned_nodes(); ++i)
    row[5] = std::max(row[5], std::fabs(values[i]));
  for (const std::size_t k : {1, 5, 7}) row[k] = most_over_ranks(row[k]);
  return row;
}

void expect_rows(const fem::HotSpot& spot, const std::array<Row, 4>& expected) {
  const fem::Mesh mesh = blade();
  EXPECT_EQ(mesh.all_nodes(), 924);
  fem::SolidModel model(mesh, fem::Materials({superalloy()}));
  const fem::Loading loading = cycle(mesh, spot);
  fem::SolidSolver solver(model, loading);
  const auto u = fem::global_vector(mesh.dm());
  const std::vector<double> t = times();
  std::size_t row = 0;
  for (std::size_t i = 1; i < t.size(); ++i) {
    const auto outcome = solver.step(loading, t[i - 1], t[i], u.get());
    EXPECT_EQ(outcome.halvings, 0) << "t = " << t[i];
    if (t[i] != row_times[row]) continue;
    const Row found = row_of(model, u.get());
    for (std::size_t k = 0; k < found.size(); ++k)
      EXPECT_NEAR(found[k], expected[row][k], 1e-5 * std::fabs(expected[row][k]))
          << columns[k] << " at t = " << t[i];
    ++row;
  }
  EXPECT_EQ(row, expected.size());
}

TEST(SolidBlade, HotSpotAtTheLeadingEdge) {
  expect_rows({0.05, 0.5, 280.0},
              {{
                  {2.05586222e-06, 0.000483458822, 0.171170293, 0.283557648, 0.475229036,
                   0.553564479, 145.195075, 417.051825},
                  {5.46782934e-06, 0.000744704281, 0.17131598, 0.286889961, 0.475380789,
                   0.554229973, 145.161222, 402.003347},
                  {1.4454476e-05, 0.000948426824, 0.171493057, 0.295214381, 0.475777339,
                   0.555815864, 145.087729, 384.846067},
                  {1.44544761e-05, 0.000948426824, -0.000165728194, 0.0203479221, 0.00190339722,
                   0.0222467254, 9.77643614, 133.36997},
              }});
}

TEST(SolidBlade, HotSpotAtTheTrailingEdge) {
  expect_rows({0.95, 0.55, 280.0},
              {{
                  {1.2052393e-06, 0.000412459025, -0.0330811849, 0.251562431, 0.473982795,
                   0.5257717, 146.391423, 401.041668},
                  {3.34164995e-06, 0.000649565344, -0.0335396982, 0.253565224, 0.47407532,
                   0.525973042, 146.359644, 390.46658},
                  {9.64946288e-06, 0.000829124267, -0.0346294803, 0.259580737, 0.474350378,
                   0.526433136, 146.299212, 374.622974},
                  {9.64946294e-06, 0.000829124267, -0.00254406009, 0.0157308728, 0.00168280399,
                   0.0171923848, 8.77698589, 124.693524},
              }});
}

TEST(SolidBlade, HotSpotNearTheRoot) {
  expect_rows({0.3, 0.25, 280.0}, {{
                                      {8.68804641e-05, 0.00447619682, 0.254522557, 0.141727449,
                                       0.493063067, 0.554834112, 156.73444, 563.636938},
                                      {0.000127783434, 0.00548389681, 0.263223873, 0.164983319,
                                       0.494720773, 0.561697497, 153.840316, 513.446743},
                                      {0.000174046482, 0.00621968372, 0.270293907, 0.189792502,
                                       0.496528023, 0.568431306, 151.505068, 481.186427},
                                      {0.000182533526, 0.00726678296, 0.03526989, 0.102925691,
                                       0.00780798482, 0.105145403, 52.0800988, 438.696966},
                                  }});
}

} // namespace
