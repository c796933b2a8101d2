// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Material tables: what they hold, what is refused, and what kernels see.
#include <linnet/core/kokkos_session.hpp>
#include <linnet/fem/material/materials.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

using namespace linnet;
using fem::Materials;

namespace {

std::string refusal(const std::string& text) {
  try {
    fem::material_tables_from_json(text, "m.json");
  } catch (const core::Error& e) {
    EXPECT_EQ(e.code(), core::ExitCode::data);
    return e.what();
  }
  return "no error";
}

void expect_refused(const std::string& text, const std::string& part) {
  const std::string line = refusal(text);
  EXPECT_NE(line.find(part), std::string::npos) << line;
  EXPECT_EQ(line.rfind("m.json: ", 0), 0u) << line;
}

fem::MaterialTable one(const std::string& text) {
  return fem::material_tables_from_json(text, "m.json").at(0);
}

Materials materials(const std::string& text) {
  EXPECT_EQ(core::ensure_kokkos(), 0);
  return Materials(fem::material_tables_from_json(text, "m.json"), "m.json");
}

const char* const hot = R"({"T": [0, 100, 300], "E": [200, 150, 100], "nu": [0.3, 0.2, 0.4],
  "alpha": [1e-5, 2e-5, 2e-5], "Tref": 10, "R0": [4, 2, 1], "Q": 1, "b": 10, "H": [5, 6, 7],
  "K": [10, 20, 30], "n": [5, 4, 3], "C": [[90, 80, 70], [9, 8, 7]],
  "D": [[500, 400, 300], [0, 0, 0]], "density": 2})";

} // namespace

TEST(MaterialTable, ReadsAllColumns) {
  const fem::MaterialTable t = one(hot);
  EXPECT_EQ(t.rows(), 3);
  EXPECT_EQ(t.backstresses(), 2);
  EXPECT_TRUE(t.yields() && t.viscous() && t.everywhere);
  EXPECT_EQ(t.young[1], 150);
  EXPECT_EQ(t.voce, (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(t.kinematic[1][2], 7);
  EXPECT_EQ(t.recovery[0][1], 400);
  EXPECT_EQ(t.reference_temperature, 10);
  EXPECT_EQ(t.density, 2);
}

TEST(MaterialTable, LeavesOutWhatIsNotThere) {
  const fem::MaterialTable elastic = one(R"({"E": 1, "nu": 0})");
  EXPECT_FALSE(elastic.yields());
  EXPECT_EQ(elastic.rows(), 1);
  const fem::MaterialTable plastic = one(R"({"E": 1, "nu": 0, "R0": 1, "H": 0.5})");
  EXPECT_TRUE(plastic.yields() && !plastic.viscous());
  EXPECT_EQ(plastic.backstresses(), 0);
  EXPECT_EQ(one(R"({"E": [1], "nu": 0, "T": 20, "R0": 1, "C": 3, "D": [2]})").kinematic[0][0], 3);
}

TEST(MaterialTable, RefusesWrongForms) {
  expect_refused("[1]", "the material must be an object, got a list");
  expect_refused(R"({"nu": 0.3})", "needs 'E'");
  expect_refused(R"({"E": 1, "nu": 0.3, "alhpa": 0})", "unknown key 'alhpa'; did you mean 'alpha'");
  expect_refused(R"({"E": "1", "nu": 0.3})", "'E' must be a number or a list of them, got a text");
  expect_refused(R"({"E": [1, 2], "nu": 0.3})", "'E' has 2 entries and 'T' has 1");
  expect_refused(R"({"T": [1, 2], "E": [1, null], "nu": 0.3})", "'E' must hold numbers");
  expect_refused(R"({"T": [], "E": 1, "nu": 0.3})", "'T' must be a number or a list");
  expect_refused(R"({"E": 1, "nu": 0.3, "alpha": 1e-5})", "needs 'Tref'");
  expect_refused(R"({"E": 1, "nu": 0.3, "K": 1, "n": 2})", "'K' needs 'R0'");
  expect_refused(R"({"E": 1, "nu": 0.3, "R0": 1, "K": 1})", "'K' needs 'n'");
  expect_refused(R"({"E": 1, "nu": 0.3, "R0": 1, "D": 1})", "'D' needs 'C'");
  expect_refused(R"({"E": 1, "nu": 0.3, "R0": 1, "b": 1})", "'b' needs 'Q'");
  expect_refused(R"({"E": 1, "nu": 0.3, "interpolation": "cubic"})", "must be \"linear\"");
  expect_refused(R"({"E": 1, "nu": 0.3, "R0": 1, "C": [[1], [2]], "D": 1})",
                 "'C' has 2 backstresses and 'D' has 1");
  expect_refused(
      R"({"E": 9, "nu": 0, "R0": 1, "C": [[1],[1],[1],[1],[1]], "D": [[1],[1],[1],[1],[1]]})",
      "at most 4");
  expect_refused(R"({"E": 1e999, "nu": 0.3})", "line 1");
}

TEST(MaterialTable, RefusesUnphysicalValues) {
  const auto changed = [](const std::string& from, const std::string& to) {
    std::string text =
        R"({"E": 1e5, "nu": 0.3, "R0": 100, "K": 10, "n": 5, "C": 10, "D": 1, "Q": 1, "b": 1, "H": 0, "density": 1})";
    return text.replace(text.find(from), from.size(), to);
  };
  expect_refused(changed("1e5", "0"), "'E' must be positive, got 0");
  expect_refused(changed("1e5", "-2"), "'E' must be positive, got -2");
  expect_refused(changed("1e5", "1e31"), "'E' must be a number of at most 1e30");
  expect_refused(changed("0.3", "0.5"), "'nu' must lie between -1 and 0.5");
  expect_refused(changed("0.3", "-1"), "'nu' must lie between -1 and 0.5");
  expect_refused(changed("100", "-1"), "'R0' must not be negative, got -1");
  expect_refused(changed("\"K\": 10", "\"K\": 0"), "'K' must be positive (leave K and n out");
  expect_refused(changed("\"n\": 5", "\"n\": 0.5"), "'n' must lie between 1 and 200, got 0.5");
  expect_refused(changed("\"C\": 10", "\"C\": -10"), "'C' must not be negative");
  expect_refused(changed("\"D\": 1", "\"D\": -1"), "'D' must not be negative");
  expect_refused(changed("\"H\": 0", "\"H\": -1"), "'H' must not be negative");
  expect_refused(changed("\"b\": 1", "\"b\": -1"), "'b' must not be negative");
  expect_refused(changed("\"Q\": 1", "\"Q\": -101"), "must leave a positive yield stress R0 + Q");
  expect_refused(changed("\"Q\": 1, \"b\": 1", "\"Q\": -99, \"b\": 2000"), "softens faster");
  EXPECT_EQ(refusal(changed("\"Q\": 1", "\"Q\": -99")), "no error");
  expect_refused(changed("\"density\": 1", "\"density\": -1"), "'density' must not be negative");
  expect_refused(R"({"E": 1, "nu": 0, "R0": 0})", "'R0' must be positive in a rate-independent");
  expect_refused(R"({"T": [1, 1], "E": 1, "nu": 0})",
                 "'T' must rise from row to row, got 1 after 1");
  expect_refused(R"({"T": [1, 2], "E": [1, 0], "nu": 0})", "got 0 at T = 2");
}

TEST(MaterialTable, SeveralByName) {
  const char* text = R"({"materials": {"disk": {"E": 1, "nu": 0}, "coat": {"E": 2, "nu": 0}}})";
  const Materials m = materials(text);
  EXPECT_EQ(m.of_regions({"coat", "disk", "coat"}), (std::vector<int>{1, 0, 1}));
  try {
    static_cast<void>(m.of_regions({"disk", "bolt"}));
    ADD_FAILURE();
  } catch (const core::Error& e) {
    EXPECT_EQ(std::string(e.what()),
              "m.json: has no material for the mesh's region 'bolt'; it has 'disk', 'coat'. Name "
              "materials as the regions, or give one table for all, without 'materials'");
  }
  EXPECT_EQ(materials(R"({"E": 1, "nu": 0, "name": "x"})").of_regions({"a", "b"}),
            (std::vector<int>{0, 0}));
  expect_refused(R"({"materials": {"a": {"E": 0, "nu": 0}}})", "materials.a: 'E' must be positive");
  expect_refused(R"({"materials": {}})", "must be an object {name: material, ...}");
  expect_refused(R"({"materials": {"a": {"E": 1, "nu": 0}}, "E": 1})",
                 "key 'E' beside 'materials'");
}

/// What a kernel finds against interpolation done here.
TEST(Materials, KernelsSeeTheTable) {
  const Materials m = materials(hot);
  const auto on_device = m.on_device();
  const kernels::Array<double> found("found", 12);
  Kokkos::parallel_for(
      "linnet::test::material", Kokkos::RangePolicy<kernels::ExecutionSpace>(0, 1),
      KOKKOS_LAMBDA(int) {
        const kernels::SolidParameters p = on_device(0).at(150.0);
        const double values[] = {p.bulk,         p.shear,       p.thermal_strain,
                                 p.yield,        p.voce,        p.voce_rate,
                                 p.hardening,    p.drag,        p.exponent,
                                 p.kinematic[1], p.recovery[0], on_device(0).density};
        for (int i = 0; i < 12; ++i) found(i) = values[i];
      });
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), found);
  const double e = 137.5, nu = 0.25;
  const double expected[] = {e / (3 * (1 - 2 * nu)),
                             e / (2 * (1 + nu)),
                             2e-5 * 140,
                             1.75,
                             1,
                             10,
                             6.25,
                             22.5,
                             3.75,
                             7.75,
                             375,
                             2};
  for (int i = 0; i < 12; ++i) EXPECT_NEAR(host(i), expected[i], 1e-13 * expected[i]) << i;
  EXPECT_EQ(m.on_host(0).at(1000.0).yield, 1);
  EXPECT_EQ(m.on_host(0).at(-5.0).yield, 4);
  EXPECT_EQ(m.state_size(), 19);
}

TEST(Materials, RangeOfTemperatures) {
  const auto range = materials(hot).range(0);
  EXPECT_TRUE(range.contains(0) && range.contains(300));
  EXPECT_FALSE(range.contains(-1e-9) || range.contains(301) || range.contains(std::nan("")));
  EXPECT_TRUE(materials(R"({"E": 1, "nu": 0})").range(0).contains(-1e5));
  for (const char* one : {R"({"T": [20], "E": [1], "nu": 0})", R"({"T": 20, "E": 1, "nu": 0})"}) {
    EXPECT_TRUE(materials(one).range(0).contains(20.0)) << one;
    EXPECT_FALSE(materials(one).range(0).contains(20.1)) << one;
  }
}

TEST(Materials, FingerprintIsOfAllValues) {
  const std::string text = hot;
  const std::string mark = materials(text).fingerprint();
  EXPECT_EQ(mark.size(), 16u);
  EXPECT_EQ(materials(text).fingerprint(), mark);
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"[200, 150", "[201, 150"},
                                 {"\"Q\": 1", "\"Q\": 2"},
                                 {"\"density\": 2", "\"density\": 3"},
                                 {"\"Tref\": 10", "\"Tref\": 11"},
                                 {"[9, 8, 7]", "[9, 8, 6]"},
                                 {"[0, 0, 0]", "[0, 1, 0]"},
                                 {"[0, 100, 300]", "[0, 100, 301]"}}) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    EXPECT_NE(materials(other).fingerprint(), mark) << to;
  }
  EXPECT_NE(materials(R"({"materials": {"a": {"E": 1, "nu": 0}}})").fingerprint(),
            materials(R"({"materials": {"b": {"E": 1, "nu": 0}}})").fingerprint());
}

TEST(Materials, FilesOfTheRepository) {
  EXPECT_EQ(core::ensure_kokkos(), 0);
  const std::string folder = LINNET_MATERIALS;
  const Materials alloy = Materials::read(PETSC_COMM_WORLD, folder + "/superalloy.json");
  EXPECT_EQ(alloy.name(0), "superalloy");
  EXPECT_EQ(alloy.table(0).rows(), 5);
  const Materials cube = Materials::read(PETSC_COMM_WORLD, folder + "/cube.json");
  EXPECT_EQ(cube.of_regions({"elastic", "viscoplastic"}), (std::vector<int>{1, 0}));
  EXPECT_FALSE(cube.on_host(1).yields);
  EXPECT_THROW(Materials::read(PETSC_COMM_WORLD, folder + "/missing.json"), core::Error);
  EXPECT_THROW(Materials::read(PETSC_COMM_WORLD, folder), core::Error);
}
