// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Histories of a material point against reference solutions (data/viscoplastic_reference.json says
// how they were made) and against closed forms.
#include <linnet/core/kokkos_session.hpp>
#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/material_point/point_table.hpp>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

using namespace linnet;
using nlohmann::json;
using Rows = std::vector<std::vector<double>>;

namespace {

const json& reference() {
  static const json data = [] {
    std::ifstream file(LINNET_REFERENCE);
    return json::parse(file);
  }();
  return data;
}

struct Walk {
  Rows rows; ///< at all times, the first included
  fem::PointState last;
  int halvings = 0;
};

Walk run(json input, const json& time, const json& material) {
  EXPECT_EQ(core::ensure_kokkos(), 0);
  input["time"] = time;
  input["material"] = material;
  const fem::PointHistory history = fem::point_history_from_json(input.dump(), "test.json");
  const fem::Materials materials({history.material});
  fem::MaterialPoint point(history, materials.on_host(0));
  Walk result;
  result.rows.push_back(fem::point_row(point, history.uniaxial));
  for (std::size_t i = 1; i < history.times.size(); ++i) {
    result.halvings += point.step(history.times[i]).halvings;
    result.rows.push_back(fem::point_row(point, history.uniaxial));
  }
  result.last = point.state();
  return result;
}

Walk run(const json& one, json time, int refinement) {
  time["steps"] = time["steps"].get<int>() * refinement;
  return run(one["input"], time, reference()["material"]);
}

/// Rows at the times of @p wanted; those in between are left out of @p wanted, too.
Rows at_times(const Rows& all, Rows& wanted) {
  Rows found, kept;
  std::size_t i = 0;
  for (const auto& row : wanted) {
    const double slack = 1e-9 * all.back()[0];
    while (i < all.size() && all[i][0] < row[0] - slack) ++i;
    if (i == all.size() || all[i][0] > row[0] + slack) continue;
    found.push_back(all[i]);
    kept.push_back(row);
  }
  wanted = kept;
  return found;
}

/// Largest difference in a column over the largest magnitude in it, for the worst column. Columns
/// that are zero but for rounding are measured by their tensor: by the largest of @p wanted's
/// columns from @p first on.
double error(const Rows& found, const Rows& wanted) {
  EXPECT_EQ(found.size(), wanted.size());
  double worst = 0;
  for (std::size_t c = 0; c < wanted.front().size(); ++c) {
    double difference = 0, scale = 1e-12;
    for (std::size_t r = 0; r < found.size(); ++r) {
      difference = std::max(difference, std::abs(found[r][c] - wanted[r][c]));
      scale = std::max(scale, std::abs(wanted[r][c]));
    }
    worst = std::max(worst, scale > 1e-12 ? difference / scale : difference);
  }
  return worst;
}

class ReferenceCase : public testing::TestWithParam<std::size_t> {
protected:
  [[nodiscard]] const json& one() const { return reference()["cases"][GetParam()]; }
};

std::string case_name(const testing::TestParamInfo<std::size_t>& info) {
  return reference()["cases"][info.param]["name"];
}

const json norton = json::parse(R"({"E": 140000, "nu": 0.3, "R0": 0, "K": 400, "n": 7})");

} // namespace

TEST_P(ReferenceCase, ImplicitEulerRows) {
  for (const json& grid : one()["backward_euler"]) {
    const Walk done = run(one(), grid["time"], 1);
    EXPECT_EQ(done.halvings, 0);
    Rows wanted = grid["rows"];
    const std::size_t count = wanted.size();
    const Rows found = at_times(done.rows, wanted);
    ASSERT_EQ(wanted.size(), count);
    EXPECT_LT(error(found, wanted), 1e-9);
  }
}

TEST_P(ReferenceCase, FirstOrderInTheStep) {
  double before = 0;
  Rows coarse, extrapolated;
  for (const int refinement : {32, 64}) {
    Rows wanted = one()["ode_rows"];
    const Rows fine =
        at_times(run(one(), one()["backward_euler"][0]["time"], refinement).rows, wanted);
    ASSERT_GE(wanted.size(), 5u);
    const double now = error(fine, wanted);
    if (refinement == 64) {
      EXPECT_GT(before / now, 1.85);
      EXPECT_LT(before / now, 2.15);
      extrapolated = fine;
      for (std::size_t r = 0; r < fine.size(); ++r)
        for (std::size_t c = 0; c < fine[r].size(); ++c)
          extrapolated[r][c] = 2 * fine[r][c] - coarse[r][c];
      EXPECT_LT(error(extrapolated, wanted), 0.15 * now);
    }
    before = now;
    coarse = fine;
  }
}

TEST_P(ReferenceCase, ErrorsOfPOnHalvedSteps) {
  if (!one().contains("final_p_errors_of_halved_steps")) return;
  int refinement = 1;
  for (const double expected : one()["final_p_errors_of_halved_steps"]) {
    const Walk done = run(one(), one()["backward_euler"][0]["time"], refinement);
    const double exact = one()["ode_rows"].back().back();
    // Four digits are known.
    EXPECT_NEAR(std::abs(done.rows.back().back() / exact - 1), expected, 1e-3 * expected);
    refinement *= 2;
  }
}

TEST_P(ReferenceCase, TangentOfTheLastStep) {
  for (const json& grid : one()["backward_euler"]) {
    if (!grid.contains("tangent_of_last_step")) continue;
    const Walk done = run(one(), grid["time"], 1);
    for (std::size_t i = 0; i < 6; ++i)
      for (std::size_t j = 0; j < 6; ++j)
        EXPECT_NEAR(done.last.tangent[6 * i + j], grid["tangent_of_last_step"][i][j].get<double>(),
                    1e-8 * 180e3);
  }
}

/// Six components with all stresses but one prescribed as zero are a uniaxial test.
TEST_P(ReferenceCase, UniaxialTestBySixComponents) {
  if (one()["input"]["mode"] != "uniaxial") return;
  json input = one()["input"];
  input["mode"] = "six_components";
  const json time = one()["backward_euler"][0]["time"];
  const Rows full = run(input, time, reference()["material"]).rows;
  const Rows axial = run(one(), time, 1).rows;
  for (std::size_t r = 0; r < axial.size(); ++r) {
    EXPECT_NEAR(full[r][8], axial[r][3], 1e-8);          // stress
    EXPECT_NEAR(1.5 * full[r][20], axial[r][5], 1e-8);   // back stress
    EXPECT_NEAR(full[r][15], -0.5 * axial[r][4], 1e-12); // lateral flow
    EXPECT_NEAR(full[r][9], 0.0, 1e-8);                  // lateral stress
  }
}

INSTANTIATE_TEST_SUITE_P(All, ReferenceCase, testing::Range(std::size_t{0}, std::size_t{10}),
                         case_name);

/// Under constant stress pure Norton flow has a constant rate, which implicit Euler gives exactly.
TEST(ClosedForm, NortonCreep) {
  const json input = {
      {"mode", "uniaxial"}, {"temperature", 20}, {"control", {{"11", {{"stress", 120}}}}}};
  const Walk done = run(input, {{"knots", {0, 1000}}, {"steps", 10}}, norton);
  EXPECT_NEAR(done.rows.back()[4], std::pow(120.0 / 400.0, 7) * 1000, 1e-10);
  EXPECT_NEAR(done.rows.back()[2], 120.0 / 140000 + done.rows.back()[4], 1e-12);
}

TEST(ClosedForm, NortonRelaxation) {
  const json input = {{"mode", "uniaxial"},
                      {"temperature", 20},
                      {"control", {{"11", {{"strain", 300.0 / 140000}}}}}};
  const auto stress = [&](double end, int steps) {
    // Geometric steps: fast at first.
    json t = {0.0};
    for (int i = 0; i <= steps; ++i) t.push_back(end * std::pow(1e-9, 1.0 - double(i) / steps));
    return run(input, {{"t", t}}, norton).rows.back()[3];
  };
  for (const auto& [end, exact] :
       {std::pair{1.0, 111.728346449}, std::pair{100.0, 51.8825729756}}) {
    const double coarse = stress(end, 400) - exact, fine = stress(end, 800) - exact;
    EXPECT_NEAR(coarse / fine, 2.0, 0.05);
    EXPECT_LT(std::abs(2 * fine - coarse), 1e-3 * exact);
  }
}

/// C a = (C/D)(1 - exp(-D p)): no rate in it, so that only the number of steps counts.
TEST(ClosedForm, MonotonicArmstrongFrederick) {
  json material = reference()["material"];
  const json input = {{"mode", "uniaxial"},
                      {"temperature", 1000},
                      {"strain", "mechanical"},
                      {"control", {{"11", {{"strain", {{"t", {0, 10}}, {"value", {0, 0.01}}}}}}}}};
  double before = 0;
  for (const int steps : {200, 400, 800}) {
    const auto row = run(input, {{"knots", {0, 10}}, {"steps", steps}}, material).rows.back();
    const double exact = 60000.0 / 400 * (1 - std::exp(-400 * row[6]));
    const double now = std::abs(row[5] - exact);
    if (before > 0) {
      EXPECT_NEAR(before / now, 2.0, 0.1);
    }
    before = now;
  }
  EXPECT_LT(before, 0.2);
}

TEST(ClosedForm, SteadyCreepWithSaturatedHardening) {
  const double stress = 400;
  const json input = {
      {"mode", "uniaxial"}, {"temperature", 850}, {"control", {{"11", {{"stress", stress}}}}}};
  json material = reference()["material"];
  material["C"] = 40000;
  material["D"] = 450;
  const auto rows = run(input, {{"knots", {0, 5e5, 5.01e5}}, {"steps", 200}}, material).rows;
  const double p_rate =
      (rows.back()[6] - rows[rows.size() - 2][6]) / (rows.back()[0] - rows[rows.size() - 2][0]);
  const double exact = std::pow((stress - 40000.0 / 450 - 150 - 30) / 500, 9);
  EXPECT_NEAR(p_rate, exact, 1e-6 * exact);
}

/// Free heating: no stress; held: E alpha dT.
TEST(ClosedForm, HeatingWithoutFlow) {
  const json material = {{"E", 2e5}, {"nu", 0.3}, {"alpha", 2e-5}, {"Tref", 20}};
  json input = {{"mode", "six_components"},
                {"temperature", {{"t", {0, 1}}, {"value", {20, 120}}}},
                {"control", json::object()}};
  const json time = {{"t", {0, 1}}};
  const auto free = run(input, time, material).last;
  EXPECT_NEAR(free.strain[0], 2e-3, 1e-15);
  EXPECT_NEAR(free.stress[2], 0.0, 1e-9);
  input["mode"] = "uniaxial";
  input["control"]["11"]["strain"] = 0;
  EXPECT_NEAR(run(input, time, material).last.stress[0], -400.0, 1e-9);
}

/// Two equal halves of a backstress act as one; the parts add up to X.
TEST(MaterialPoint, SeveralBackstresses) {
  const json& one = reference()["cases"][0];
  json material = reference()["material"];
  const json c = material["C"], d = material["D"];
  json half = c;
  for (json& value : half) value = value.get<double>() / 2;
  material["C"] = {half, half};
  material["D"] = {d, d};
  const json time = one["backward_euler"][0]["time"];
  const Rows single = run(one, time, 1).rows, twin = run(one["input"], time, material).rows;
  for (std::size_t r = 0; r < single.size(); ++r) {
    for (std::size_t k = 0; k < 7; ++k)
      EXPECT_NEAR(twin[r][k], single[r][k], 1e-10 * std::max(1.0, std::abs(single[r][k])));
    EXPECT_NEAR(twin[r][7] + twin[r][8], twin[r][5], 1e-12);
  }
  EXPECT_EQ(fem::point_columns(true, 2).size(), 9u);
  EXPECT_EQ(fem::point_columns(false, 1).size(), 27u);
  EXPECT_EQ(fem::point_columns(false, 3).size(), 45u);
}

/// Shear stress prescribed beside an axial strain: what was asked for comes out.
TEST(MaterialPoint, MixedControl) {
  const json input = {
      {"mode", "six_components"},
      {"temperature", 900},
      {"strain", "mechanical"},
      {"control",
       {{"11", {{"strain", {{"triangle", {{"amplitude", 0.006}, {"period", 24}}}}}}},
        {"12", {{"stress", {{"sine", {{"amplitude", 80}, {"period", 12}}}}}}},
        {"33", {{"stress", -20}}}}}};
  const Walk done =
      run(input, {{"period", 24}, {"cycles", 2}, {"steps", 96}}, reference()["material"]);
  for (const auto& row : done.rows) {
    const double x = row[0] / 24 - std::floor(row[0] / 24);
    const double wave = x < 0.25 ? 4 * x : x < 0.75 ? 2 - 4 * x : 4 * x - 4;
    EXPECT_NEAR(row[2], 0.006 * wave, 1e-14);
    EXPECT_NEAR(row[10], -20, 1e-8);
    EXPECT_NEAR(row[11], 80 * std::sin(2 * M_PI * row[0] / 12), 1e-8);
    EXPECT_NEAR(row[9], 0, 1e-8);
  }
  EXPECT_GT(done.rows.back()[26], 0.01);
}

/// A stress that perfect plasticity cannot carry has no equilibrium.
TEST(MaterialPoint, StressBeyondTheLimitIsRefused) {
  const json input = {{"mode", "uniaxial"},
                      {"temperature", 20},
                      {"control", {{"11", {{"stress", {{"t", {0, 1}}, {"value", {0, 120}}}}}}}}};
  const json material = {{"E", 2e5}, {"nu", 0.3}, {"R0", 100}};
  try {
    run(input, {{"t", {0, 1}}}, material);
    ADD_FAILURE() << "no error";
  } catch (const core::Error& e) {
    EXPECT_EQ(e.code(), core::ExitCode::not_converged);
    EXPECT_NE(std::string(e.what()).find("shorter steps"), std::string::npos) << e.what();
  }
}
