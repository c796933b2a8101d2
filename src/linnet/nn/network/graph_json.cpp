// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/graph.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/json_limits.hpp>

#include <nlohmann/json.hpp>

namespace linnet::nn {

namespace {

constexpr std::int64_t most_integer = 1000000000;

using io::JsonValue;
using Kind = io::JsonValue::Kind;

class GraphReader {
public:
  GraphReader(const std::string& text, const std::string& name)
      : name_(name), json_(io::parse_json(text, name)) {}

  Graph run() const {
    if (json_.kind != Kind::object) fail("must be an object");
    Graph graph;
    for (std::size_t i = 0; i < json_.keys.size(); ++i) {
      const std::string& key = json_.keys[i];
      const JsonValue& value = json_.items[i];
      if (key == "dimension")
        graph.dimension = integer(value, key);
      else if (key == "padding")
        graph.padding = choice(value, key, parse_padding);
      else if (key == "coarsening")
        graph.coarsening = choice(value, key, parse_coarsening);
      else if (key == "output")
        graph.output = string(value, key);
      else if (key == "nodes")
        graph.nodes = nodes(value);
      else
        fail("has the unknown key '" + key + "'");
    }
    return graph;
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    core::throw_data(name_ + ": the graph " + what);
  }
  [[nodiscard]] std::string string(const JsonValue& value, const std::string& key) const {
    if (value.kind != Kind::text) fail("needs a text for '" + key + "'");
    return value.text;
  }
  [[nodiscard]] int integer(const JsonValue& value, const std::string& key) const {
    if (value.kind != Kind::integer) fail("needs an integer for '" + key + "'");
    if (value.integer < -most_integer || value.integer > most_integer)
      fail("has a number out of range for '" + key + "'");
    return static_cast<int>(value.integer);
  }
  template <class Value>
  [[nodiscard]] Value choice(const JsonValue& value, const std::string& key,
                             Value (*parse)(std::string_view)) const {
    try {
      return parse(string(value, key));
    } catch (const core::Error& error) {
      fail(std::string("has a wrong ") + error.what());
    }
  }
  [[nodiscard]] std::vector<Node> nodes(const JsonValue& value) const {
    if (value.kind != Kind::list) fail("needs a list for 'nodes'");
    std::vector<Node> list;
    for (const JsonValue& node : value.items) list.push_back(one_node(node));
    return list;
  }
  [[nodiscard]] Node one_node(const JsonValue& value) const {
    if (value.kind != Kind::object) fail("needs an object for each node");
    Node node;
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string& key = value.keys[i];
      const JsonValue& entry = value.items[i];
      if (key == "id")
        node.id = string(entry, key);
      else if (key == "op")
        node.op = string(entry, key);
      else if (key == "in")
        node.in = ids(entry);
      else
        node.attributes[key] = integer(entry, key);
    }
    return node;
  }
  [[nodiscard]] std::vector<std::string> ids(const JsonValue& value) const {
    if (value.kind != Kind::list) fail("needs a list for 'in'");
    std::vector<std::string> list;
    for (const JsonValue& id : value.items) list.push_back(string(id, "in"));
    return list;
  }

  const std::string& name_;
  JsonValue json_;
};

} // namespace

std::string to_json(const Graph& graph) {
  using Json = nlohmann::ordered_json;
  Json nodes = Json::array();
  for (const Node& node : graph.nodes) {
    Json entry{{"id", node.id}, {"op", node.op}};
    if (!node.in.empty()) entry["in"] = node.in;
    for (const auto& [key, value] : node.attributes) entry[key] = value;
    nodes.push_back(std::move(entry));
  }
  return Json{{"dimension", graph.dimension},
              {"padding", name_of(graph.padding)},
              {"coarsening", name_of(graph.coarsening)},
              {"nodes", std::move(nodes)},
              {"output", graph.output}}
      .dump();
}

Graph graph_from_json(const std::string& text, const std::string& name) {
  return GraphReader(text, name).run();
}

} // namespace linnet::nn
