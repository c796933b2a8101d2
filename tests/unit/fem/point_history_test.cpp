// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Histories of a material point from JSON: time grids, quantities over time, refusals.
#include <linnet/core/error.hpp>
#include <linnet/fem/material_point/time_function.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;

namespace {

std::vector<double> grid(const std::string& text) {
  const io::JsonValue json = io::parse_json(text, "p.json");
  return fem::time_grid(fem::ObjectReader(json, "p.json", "time"));
}

fem::TimeFunction function(const std::string& text, double end = 10) {
  const io::JsonValue json = io::parse_json(R"({"f": )" + text + "}", "p.json");
  return fem::time_function(fem::ObjectReader(json, "p.json"), "f", 0, end);
}

template <class Work>
std::string refusal(Work&& work) {
  try {
    work();
  } catch (const core::Error& e) {
    EXPECT_EQ(e.code(), core::ExitCode::data);
    return e.what();
  }
  return "no error";
}

std::string history_with(const std::string& from, const std::string& to) {
  std::string text = R"({"mode": "six_components", "temperature": 20, "time": {"t": [0, 1]},
    "control": {"12": {"strain": 0.1}}, "material": {"E": 1, "nu": 0}})";
  text.replace(text.find(from), from.size(), to);
  return text;
}

std::string refused(const std::string& from, const std::string& to) {
  return refusal([&] { fem::point_history_from_json(history_with(from, to), "p.json"); });
}

void expect_refused(const std::string& from, const std::string& to, const std::string& line) {
  EXPECT_NE(refused(from, to).find("p.json: " + line), std::string::npos) << refused(from, to);
}

} // namespace

TEST(TimeGrid, OfAllKinds) {
  using Times = std::vector<double>;
  EXPECT_EQ(grid(R"({"t": [0, 1, 4]})"), (Times{0, 1, 4}));
  EXPECT_EQ(grid(R"({"knots": [0, 2, 10], "steps": 2})"), (Times{0, 1, 2, 6, 10}));
  EXPECT_EQ(grid(R"({"knots": [0, 2, 10], "steps": [1, 4]})"), (Times{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(grid(R"({"knots": [1, 2, 3.5], "step": 0.5})"), (Times{1, 1.5, 2, 2.5, 3, 3.5}));
  EXPECT_EQ(grid(R"({"period": 4, "cycles": 2, "steps": 2})"), (Times{0, 2, 4, 6, 8}));
  EXPECT_EQ(grid(R"({"knots": [0, 72], "step": 0.3})").size(), 241u);
}

TEST(TimeGrid, Refusals) {
  const auto line = [](const std::string& text) { return refusal([&] { grid(text); }); };
  EXPECT_EQ(line(R"({"t": [0, 0]})"), "p.json: 'time.t' must rise, got 0 after 0");
  EXPECT_EQ(line(R"({"t": [0]})"), "p.json: 'time.t' must hold at least two times");
  EXPECT_EQ(line(R"({"knots": [0, 1], "step": 0.3})"),
            "p.json: 'time.step' must divide the time from 0 to 1 evenly, got 0.3");
  EXPECT_NE(line(R"({"knots": [0, 1], "step": 1e-9})").find("more than 1000000"),
            std::string::npos);
  EXPECT_NE(line(R"({"knots": [0, 1, 2], "steps": 600000})").find("more than"), std::string::npos);
  EXPECT_NE(line(R"({"knots": [0, 1], "steps": 1, "step": 1})").find("not both"),
            std::string::npos);
  EXPECT_NE(line(R"({"knots": [0, 1], "steps": [1, 2]})").find("for each of the 1 intervals"),
            std::string::npos);
  EXPECT_NE(line(R"({"period": 1, "cycles": 0, "steps": 1})").find("from 1 to"), std::string::npos);
  EXPECT_NE(line("{}").find("'time.t' is missing"), std::string::npos);
  EXPECT_NE(line(R"({"t": [0, 1], "steps": 2})").find("'time.steps' is unknown"),
            std::string::npos);
}

TEST(TimeFunction, OfAllKinds) {
  EXPECT_EQ(function("850")(3), 850);
  const auto table = function(R"({"t": [0, 4, 10], "value": [1, 3, 0]})");
  EXPECT_DOUBLE_EQ(table(1), 1.5);
  EXPECT_DOUBLE_EQ(table(7), 1.5);
  const auto cycle = function(R"({"t": [0, 1, 4], "value": [0, 3, 0], "repeat": true})");
  EXPECT_DOUBLE_EQ(cycle(9), 3);
  EXPECT_DOUBLE_EQ(cycle(6), 2);
  const auto wave = function(R"({"triangle": {"amplitude": 2, "period": 8, "mean": 1}})");
  for (const auto& [t, v] : {std::pair{0.0, 1.0},
                             {1.0, 2.0},
                             {2.0, 3.0},
                             {4.0, 1.0},
                             {6.0, -1.0},
                             {7.0, 0.0},
                             {8.0, 1.0},
                             {10.0, 3.0}})
    EXPECT_DOUBLE_EQ(wave(t), v) << t;
  const auto sine = function(R"({"sine": {"amplitude": 2, "period": 8, "phase": 90, "mean": -2}})");
  EXPECT_NEAR(sine(0), 0, 1e-15);
  EXPECT_NEAR(sine(2), -2, 1e-15);
  EXPECT_NEAR(sine(4), -4, 1e-15);
}

TEST(TimeFunction, Refusals) {
  const auto line = [](const std::string& text) { return refusal([&] { function(text); }); };
  EXPECT_EQ(line(R"({"t": [0, 4], "value": [1, 2]})"),
            "p.json: 'f.t' must reach from 0 to 10, the times of the run; it reaches from 0 to 4");
  EXPECT_NE(line(R"({"t": [0, 4], "value": [1, 2], "repeat": true})").find("same first and last"),
            std::string::npos);
  EXPECT_EQ(line(R"({"t": [0, 10], "value": [1]})"),
            "p.json: 'f.value' has 1 entries and 't' has 2");
  EXPECT_NE(line(R"({"sine": {"amplitude": 1, "period": 0}})").find("'f.sine.period' must be pos"),
            std::string::npos);
  EXPECT_NE(line(R"({"sine": {"amplitud": 1, "period": 1}})").find("did you mean 'amplitude'"),
            std::string::npos);
  EXPECT_NE(line(R"("x")").find("'f' must be an object"), std::string::npos);
}

TEST(PointHistory, ReadsWhatIsThere) {
  const fem::PointHistory h = fem::point_history_from_json(history_with("0.1", "0.2"), "p.json");
  EXPECT_FALSE(h.uniaxial || h.mechanical || h.tangent);
  EXPECT_EQ(h.temperature(0.5), 20);
  EXPECT_FALSE(h.components[3].by_stress);
  EXPECT_EQ(h.components[3].value(1), 0.2);
  EXPECT_TRUE(h.components[0].by_stress);
  EXPECT_EQ(h.components[0].value(1), 0);
  EXPECT_EQ(h.material.young[0], 1);
}

TEST(PointHistory, Refusals) {
  expect_refused("\"mode\"", "\"mod\"", "'mod' is unknown; did you mean 'mode'?");
  expect_refused("six_components", "biaxial", "'mode' must be one of uniaxial, six_components");
  expect_refused("six_components", "uniaxial", "'control.12' is unknown");
  expect_refused("\"strain\": 0.1", "", "'control.12' needs one of 'strain' and 'stress'");
  expect_refused("0.1", "null", "'control.12.strain' must be an object");
  expect_refused("\"temperature\": 20,", "", "'temperature' is missing");
  expect_refused("\"E\": 1", "\"E\": -1", "material: 'E' must be positive");
  EXPECT_NE(refused("{\"E\": 1, \"nu\": 0}", "\"missing.json\"")
                .find("missing.json: cannot read the material file"),
            std::string::npos);
  const std::string two = R"({"materials": {"a": {"E": 1, "nu": 0}, "b": {"E": 2, "nu": 0}}})";
  expect_refused("{\"E\": 1, \"nu\": 0}", two, "'material_name' is missing");
  expect_refused("{\"E\": 1, \"nu\": 0}", two + R"(, "material_name": "c")",
                 "'material_name' is 'c'; p.json has a, b");
  EXPECT_EQ(fem::point_history_from_json(
                history_with("{\"E\": 1, \"nu\": 0}", two + R"(, "material_name": "b")"), "p.json")
                .material.young[0],
            2);
}
