// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material/material_table.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>

namespace linnet::fem {

namespace {

using io::JsonValue;
using Kind = JsonValue::Kind;

constexpr std::size_t most_rows = 10000;
constexpr std::size_t most_characters = 256; // of a name
const std::vector<std::string> known_keys{
    "T", "E", "nu",      "alpha", "Tref",  "R0",           "Q", "b", "H", "K", "n",
    "C", "D", "density", "name",  "about", "interpolation"};

bool is_number(const JsonValue& value) {
  return value.kind == Kind::real || value.kind == Kind::integer;
}

class TableReader {
public:
  TableReader(const JsonValue& json, std::string where) : json_(json), where_(std::move(where)) {}

  MaterialTable run() {
    if (json_.kind != Kind::object)
      fail("", "must be an object, got a " + std::string(io::to_string(json_.kind)));
    check_keys();
    MaterialTable table;
    rows_ = count_rows();
    table.temperature = json_.find("T") ? column("T") : std::vector<double>{0.0};
    table.isothermal = json_.find("T") && rows_ == 1;
    table.young = needed("E");
    table.poisson = needed("nu");
    table.expansion = column_or_zero("alpha");
    read_reference(table);
    if (json_.find("density")) table.density = number("density");
    if (const JsonValue* name = json_.find("name")) table.name = text(*name, "name");
    read_flow(table);
    check_material(table, where_);
    return table;
  }

private:
  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    core::throw_data(where_ + ": " + (key.empty() ? "the material" : "'" + key + "'") + " " + what);
  }

  void check_keys() const {
    for (const std::string& key : json_.keys) {
      if (std::find(known_keys.begin(), known_keys.end(), key) != known_keys.end()) continue;
      const std::string near = core::closest_word(key, known_keys);
      fail("", "has the unknown key '" + key + "'; " +
                   (near.empty() ? "" : "did you mean '" + near + "'? ") +
                   "allowed: " + core::joined(known_keys));
    }
    if (const JsonValue* about = json_.find("about")) text(*about, "about");
    if (const JsonValue* rule = json_.find("interpolation"))
      if (text(*rule, "interpolation").find("linear") == std::string::npos)
        fail("interpolation", "must be \"linear\", got \"" + rule->text + "\"");
  }

  /// That of T; without T there is one row.
  std::size_t count_rows() const {
    const JsonValue* t = json_.find("T");
    if (!t || is_number(*t)) return 1;
    if (t->kind != Kind::list || t->items.empty() || t->items.size() > most_rows)
      fail("T", "must be a number or a list of 1 to " + std::to_string(most_rows) + " of them");
    return t->items.size();
  }

  std::string text(const JsonValue& value, const std::string& key) const {
    if (value.kind != Kind::text) fail(key, "must be a text");
    if (key != "about" && (value.text.empty() || value.text.size() > most_characters))
      fail(key, "must have 1 to " + std::to_string(most_characters) + " characters");
    return value.text;
  }

  double number(const std::string& key) const {
    const JsonValue* value = json_.find(key);
    if (!is_number(*value))
      fail(key, "must be one number, got a " + std::string(io::to_string(value->kind)));
    return value->real;
  }

  std::vector<double> column_of(const JsonValue& value, const std::string& key) const {
    if (is_number(value)) return std::vector<double>(rows_, value.real);
    if (value.kind != Kind::list)
      fail(key,
           "must be a number or a list of them, got a " + std::string(io::to_string(value.kind)));
    const bool alone = value.items.size() == 1; // a constant in brackets
    if (!alone && value.items.size() != rows_)
      fail(key,
           "has " + std::to_string(value.items.size()) + " entries and 'T' has " +
               std::to_string(rows_) + "; give one per temperature, or one number for all" +
               (key == "C" || key == "D" ? ", and [[..], [..]] for several backstresses" : ""));
    std::vector<double> column;
    for (const JsonValue& item : value.items) {
      if (!is_number(item))
        fail(key, "must hold numbers, got a " + std::string(io::to_string(item.kind)));
      column.push_back(item.real);
    }
    if (alone) column.resize(rows_, column.front());
    return column;
  }
  std::vector<double> column(const std::string& key) const {
    return column_of(*json_.find(key), key);
  }
  std::vector<double> needed(const std::string& key) const {
    if (!json_.find(key)) fail("", "needs '" + key + "'");
    return column(key);
  }
  std::vector<double> column_or_zero(const std::string& key) const {
    return json_.find(key) ? column(key) : std::vector<double>(rows_, 0.0);
  }

  /// One column, or a list of columns.
  std::vector<std::vector<double>> columns(const std::string& key) const {
    const JsonValue& value = *json_.find(key);
    if (value.kind != Kind::list || value.items.empty() || value.items[0].kind != Kind::list)
      return {column_of(value, key)};
    std::vector<std::vector<double>> all;
    for (const JsonValue& item : value.items) all.push_back(column_of(item, key));
    return all;
  }

  void read_reference(MaterialTable& table) const {
    const bool expands = std::any_of(table.expansion.begin(), table.expansion.end(),
                                     [](double alpha) { return alpha != 0.0; });
    if (json_.find("Tref"))
      table.reference_temperature = number("Tref");
    else if (expands)
      fail("", "needs 'Tref', the temperature without thermal strain, because 'alpha' is not zero");
  }

  /// Yield, hardening and flow.
  void read_flow(MaterialTable& table) const {
    if (!json_.find("R0")) {
      for (const char* key : {"Q", "b", "H", "K", "n", "C", "D"})
        if (json_.find(key))
          fail(key, "needs 'R0', the initial yield stress (0: flow without a threshold); leave it "
                    "out for a linear elastic material");
      return;
    }
    together("K", "n");
    together("C", "D");
    together("Q", "b");
    table.yield = column("R0");
    table.voce = column_or_zero("Q");
    table.voce_rate = column_or_zero("b");
    table.hardening = column_or_zero("H");
    if (json_.find("K")) {
      table.drag = column("K");
      table.exponent = column("n");
    }
    if (!json_.find("C")) return;
    table.kinematic = columns("C");
    table.recovery = columns("D");
  }
  void together(const char* one, const char* other) const {
    const bool first = json_.find(one) != nullptr;
    if (first == (json_.find(other) != nullptr)) return;
    fail(first ? one : other, std::string("needs '") + (first ? other : one) + "' beside it");
  }

  const JsonValue& json_;
  std::string where_;
  std::size_t rows_ = 1;
};

} // namespace

MaterialTable material_table(const JsonValue& json, const std::string& source,
                             const std::string& place) {
  return TableReader(json, place.empty() ? source : source + ": " + place).run();
}

std::vector<MaterialTable> material_tables(const JsonValue& json, const std::string& source,
                                           const std::string& place) {
  const JsonValue* all = json.find("materials");
  if (json.kind != Kind::object || !all) {
    MaterialTable table = material_table(json, source, place);
    table.everywhere = true;
    return {table};
  }
  const std::string where = place.empty() ? source : source + ": " + place;
  for (const std::string& key : json.keys)
    if (key != "materials" && key != "about")
      core::throw_data(where + ": has the key '" + key +
                       "' beside 'materials'; each material's values belong to its own object");
  if (all->kind != Kind::object || all->keys.empty())
    core::throw_data(where + ": 'materials' must be an object {name: material, ...}");
  std::vector<MaterialTable> tables;
  for (std::size_t i = 0; i < all->keys.size(); ++i) {
    const std::string& name = all->keys[i];
    if (name.empty() || name.size() > most_characters)
      core::throw_data(where + ": 'materials' holds a name that has not 1 to " +
                       std::to_string(most_characters) + " characters");
    const std::string path = (place.empty() ? "" : place + ".") + "materials." + name;
    tables.push_back(material_table(all->items[i], source, path));
    if (!tables.back().name.empty() && tables.back().name != name)
      core::throw_data(source + ": " + path + ": 'name' is \"" + tables.back().name +
                       "\"; leave it out, the key is the name");
    tables.back().name = name;
  }
  return tables;
}

std::vector<MaterialTable> material_tables_from_json(const std::string& text,
                                                     const std::string& source) {
  return material_tables(io::parse_json(text, source), source);
}

} // namespace linnet::fem
