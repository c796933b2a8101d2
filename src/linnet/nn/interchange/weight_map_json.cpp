// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/interchange/weight_map.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/json_limits.hpp>

#include <set>

namespace linnet::nn {

namespace {

using io::JsonValue;
using Kind = JsonValue::Kind;

constexpr std::size_t most_characters = 1024; // of a pattern

class MapReader {
public:
  MapReader(const std::string& text, const std::string& name)
      : name_(name), json_(io::parse_json(text, name)) {}

  WeightMap run() const {
    if (json_.kind != Kind::object) fail("must be an object");
    WeightMap map;
    map.name = name_;
    for (std::size_t i = 0; i < json_.keys.size(); ++i) {
      const std::string& key = json_.keys[i];
      const JsonValue& value = json_.items[i];
      if (key == "origin")
        map.origin = string(value, key);
      else if (key == "layout")
        map.layout = layout(string(value, key));
      else if (key == "rules")
        map.rules = rules(value);
      else if (key == "ignore")
        map.ignore = strings(value, key);
      else if (key == "normalisation")
        read_normalisation(value, map);
      else
        fail("has the unknown key '" + key +
             "'; origin, layout, rules, ignore and normalisation are allowed");
    }
    if (map.rules.empty()) fail("needs 'rules'");
    return map;
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    core::throw_data(name_ + ": the map " + what);
  }
  [[nodiscard]] std::string string(const JsonValue& value, const std::string& key) const {
    if (value.kind != Kind::text || value.text.empty() || value.text.size() > most_characters)
      fail("needs a text of 1 to 1024 characters for '" + key + "'");
    return value.text;
  }
  /// Of a list, or of a text alone.
  [[nodiscard]] std::vector<std::string> strings(const JsonValue& value,
                                                 const std::string& key) const {
    if (value.kind == Kind::text) return {string(value, key)};
    if (value.kind != Kind::list) fail("needs a text or a list of them for '" + key + "'");
    std::vector<std::string> list;
    for (const JsonValue& item : value.items) list.push_back(string(item, key));
    return list;
  }
  [[nodiscard]] WeightLayout layout(const std::string& text) const {
    if (text == "torch") return WeightLayout::torch;
    if (text == "flax") return WeightLayout::flax;
    if (text == "keras") return WeightLayout::keras;
    fail("has the layout '" + text + "'; torch, flax and keras are allowed");
  }
  void read_normalisation(const JsonValue& value, WeightMap& map) const {
    static const std::set<std::string> places{"input/mean", "input/deviation", "output/mean",
                                              "output/deviation"};
    if (value.kind != Kind::object) fail("needs an object for 'normalisation'");
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string& key = value.keys[i];
      const JsonValue& item = value.items[i];
      if (key == "epsilon") {
        const bool is_number = item.kind == Kind::real || item.kind == Kind::integer;
        if (!is_number || item.real < 0.0 || item.real > 1.0)
          fail("needs a number from 0 to 1 for 'epsilon'");
        map.epsilon = item.real;
      } else if (places.contains(key)) {
        map.normalisation[key] = strings(item, key);
      } else {
        fail("has the unknown key '" + key + "' in 'normalisation'; input/mean, input/deviation, " +
             "output/mean, output/deviation and epsilon are allowed");
      }
    }
  }
  [[nodiscard]] std::vector<WeightRule> rules(const JsonValue& value) const {
    std::vector<WeightRule> list;
    if (value.kind == Kind::object)
      for (std::size_t i = 0; i < value.keys.size(); ++i)
        list.push_back({value.keys[i], strings(value.items[i], value.keys[i]), ""});
    else if (value.kind == Kind::list)
      for (const JsonValue& item : value.items) list.push_back(rule(item));
    else
      fail("needs an object or a list for 'rules'");
    return list;
  }
  [[nodiscard]] WeightRule rule(const JsonValue& value) const {
    if (value.kind != Kind::object) fail("needs an object for each of its rules");
    WeightRule rule;
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string& key = value.keys[i];
      if (key == "parameter")
        rule.parameter = string(value.items[i], key);
      else if (key == "op")
        rule.op = string(value.items[i], key);
      else if (key == "tensor")
        rule.tensors = strings(value.items[i], key);
      else
        fail("has a rule with the unknown key '" + key + "'; parameter, tensor and op are allowed");
    }
    if (rule.parameter.empty() || rule.tensors.empty())
      fail("has a rule without 'parameter' or without 'tensor'");
    return rule;
  }

  const std::string& name_;
  JsonValue json_;
};

} // namespace

WeightMap weight_map_from_json(const std::string& text, const std::string& name) {
  return MapReader(text, name).run();
}

} // namespace linnet::nn
