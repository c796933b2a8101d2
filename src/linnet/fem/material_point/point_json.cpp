// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material_point/time_function.hpp>

#include <linnet/core/text.hpp>
#include <linnet/io/text_file.hpp>

#include <algorithm>
#include <filesystem>

namespace linnet::fem {

namespace {

using io::JsonValue;
using Kind = JsonValue::Kind;

constexpr io::JsonLimits limits{std::size_t{16} << 20, 16, std::size_t{1} << 20};

/// Where a text names a file: from the working directory if it is there, else from the folder of
/// the file that names it.
std::string beside(const std::string& file, const std::string& source) {
  const std::filesystem::path there = std::filesystem::path(source).parent_path() / file;
  std::error_code ignored;
  return std::filesystem::exists(there, ignored) ? there.string() : file;
}

MaterialTable material_of(const ObjectReader& json, std::string& file) {
  const JsonValue& value = json.at("material");
  std::vector<MaterialTable> tables;
  std::string source = json.source();
  if (value.kind == Kind::text) {
    source = file = beside(json.text("material"), json.source());
    tables = material_tables_from_json(io::read_text_file(source, "material file"), source);
  } else {
    tables = material_tables(value, source, "material");
  }
  std::vector<std::string> names;
  for (const MaterialTable& table : tables) names.push_back(table.name);
  if (!json.has("material_name")) {
    if (tables.size() > 1)
      json.fail("material_name",
                "is missing; " + source + " has several materials: " + core::joined(names));
    return tables.front();
  }
  const std::string name = json.text("material_name");
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    json.fail("material_name", "is '" + name + "'; " + source + " has " +
                                   (names == std::vector<std::string>{""} ? "one without a name"
                                                                          : core::joined(names)));
  return tables[static_cast<std::size_t>(found - names.begin())];
}

void read_control(const ObjectReader& json, PointHistory& history) {
  const ObjectReader control = json.object("control");
  std::vector<std::string> allowed(component_names.begin(), component_names.end());
  if (history.uniaxial) allowed.resize(1);
  control.allow(allowed);
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (!control.has(allowed[i])) continue;
    const ObjectReader one = control.object(allowed[i]);
    one.allow({"strain", "stress"});
    if (one.has("strain") == one.has("stress"))
      control.fail(allowed[i], "needs one of 'strain' and 'stress'");
    ControlledComponent& component = history.components[i];
    component.by_stress = one.has("stress");
    component.value = time_function(one, component.by_stress ? "stress" : "strain",
                                    history.times.front(), history.times.back());
  }
  if (history.uniaxial && !control.has("11"))
    control.fail("11", "is missing; a uniaxial test controls it by 'strain' or 'stress'");
}

} // namespace

PointHistory point_history_from_json(const std::string& text, const std::string& source) {
  const JsonValue value = io::parse_json(text, source, limits);
  const ObjectReader json(value, source);
  json.allow({"about", "mode", "material", "material_name", "strain", "temperature", "time",
              "control", "tangent"});
  if (json.has("about")) static_cast<void>(json.text("about"));
  PointHistory history;
  history.uniaxial = json.choice("mode", {"uniaxial", "six_components"}) == 0;
  history.mechanical = json.choice("strain", {"total", "mechanical"}, 0) == 1;
  history.tangent = json.boolean("tangent", false);
  history.times = time_grid(json.object("time"));
  history.temperature =
      time_function(json, "temperature", history.times.front(), history.times.back());
  read_control(json, history);
  history.material = material_of(json, history.material_file);
  return history;
}

PointHistory point_history_of_file(const std::string& path) {
  return point_history_from_json(
      io::read_text_file(path, "history of a material point", limits.bytes), path);
}

} // namespace linnet::fem
