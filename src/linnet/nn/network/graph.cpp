// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/graph.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>
#include <cctype>

namespace linnet::nn {

namespace {

constexpr std::size_t most_nodes = 4096;
// Of an input, and of any value: a member of a batch may hold the fields of a small grid in them.
constexpr int most_input_channels = 4096, most_channels = 65536;
constexpr int most_levels = 12;
constexpr std::size_t most_parameters = std::size_t{1} << 32;

/// An id is part of a path in a model file.
bool is_good_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 &&
         std::all_of(id.begin(), id.end(),
                     [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
                     }) &&
         id != "." && id != "..";
}

class Resolver {
public:
  Resolver(const Graph& graph, const std::string& name) : name_(name) { resolved_.graph = graph; }

  ResolvedGraph run() {
    const Graph& g = resolved_.graph;
    if (g.dimension < 1 || g.dimension > 3) fail("dimension must be 1, 2 or 3");
    if (g.nodes.empty() || g.nodes.size() > most_nodes)
      fail("has " + std::to_string(g.nodes.size()) + " nodes; 1 to 4096 are allowed");
    for (const Node& node : g.nodes) add(node);
    const auto output = numbers_.find(g.output);
    if (output == numbers_.end()) fail("the output '" + g.output + "' is no node");
    resolved_.output = output->second;
    if (resolved_.inputs.empty()) fail("has no node of op input");
    return std::move(resolved_);
  }

private:
  [[noreturn]] void fail(const std::string& what) const { core::throw_data(name_ + ": " + what); }
  [[noreturn]] void fail(const Node& node, const std::string& what) const {
    fail("node '" + node.id + "' (" + node.op + "): " + what);
  }

  void add(const Node& node) {
    if (!is_good_id(node.id))
      fail("node id '" + node.id + "': letters, digits, '_', '-' and '.', at most 64");
    ResolvedNode r;
    r.id = node.id;
    r.dimension = resolved_.graph.dimension;
    r.padding = resolved_.graph.padding;
    r.coarsening = resolved_.graph.coarsening;
    r.operation = find_operation(node.op);
    if (!r.operation) fail(node, "no such operation; there are " + all_names());
    take_inputs(node, r);
    take_attributes(node, r);
    try {
      r.signature = r.operation->signature(r);
    } catch (const core::Error& error) {
      fail(node, error.what());
    }
    check_signature(node, r.signature);
    add_parameters(node, r);
    if (r.in.empty()) resolved_.inputs.push_back(static_cast<int>(resolved_.nodes.size()));
    resolved_.levels = std::max(resolved_.levels, r.signature.level + 1);
    resolved_.needs_children = resolved_.needs_children || r.operation->needs_children();
    if (!numbers_.emplace(node.id, static_cast<int>(resolved_.nodes.size())).second)
      fail(node, "the id is taken");
    resolved_.nodes.push_back(std::move(r));
  }

  void take_inputs(const Node& node, ResolvedNode& r) const {
    const auto [least, most] = r.operation->inputs();
    const int count = static_cast<int>(node.in.size());
    if (count < least || count > most)
      fail(node, "takes " + std::to_string(least) +
                     (most > least ? " to " + std::to_string(most) : "") + " inputs, not " +
                     std::to_string(count));
    for (const std::string& id : node.in) {
      const auto found = numbers_.find(id);
      if (found == numbers_.end()) fail(node, "input '" + id + "' is no node before it");
      r.in.push_back(found->second);
      r.in_signatures.push_back(resolved_.nodes[static_cast<std::size_t>(found->second)].signature);
    }
  }

  void take_attributes(const Node& node, ResolvedNode& r) const {
    const auto allowed = r.operation->attributes();
    for (const auto& [key, value] : node.attributes)
      if (std::none_of(allowed.begin(), allowed.end(),
                       [&key = key](const Attribute& a) { return a.name == key; }))
        fail(node, "unknown key '" + key + "'");
    for (const Attribute& a : allowed) {
      const auto found = node.attributes.find(a.name);
      if (found == node.attributes.end() && a.required) fail(node, "needs '" + a.name + "'");
      const int value = found == node.attributes.end() ? a.standard : found->second;
      if (value < a.least || value > a.most)
        fail(node, "'" + a.name + "' is " + std::to_string(value) + ", must be " +
                       std::to_string(a.least) + " to " + std::to_string(a.most));
      r.attributes[a.name] = value;
    }
  }

  void check_signature(const Node& node, const Signature& s) const {
    if (s.channels < 1 || s.channels > most_channels)
      fail(node, "has " + std::to_string(s.channels) + " channels; 1 to 65536 are allowed");
    if (s.level < 0 || s.level >= most_levels)
      fail(node, "lies on grid level " + std::to_string(s.level) + "; 0 to 11 are allowed");
  }

  void add_parameters(const Node& node, ResolvedNode& r) {
    for (ParameterBlock block : r.operation->parameters(r)) {
      block.name = node.id + "/" + block.name;
      r.parameters.push_back(resolved_.parameters.add(std::move(block)));
      if (resolved_.parameters.size() > most_parameters) fail(node, "too many parameters");
    }
  }

  static std::string all_names() {
    std::string names;
    for (const auto& operation : operations())
      names += (names.empty() ? "" : ", ") + operation->name();
    return names;
  }

  const std::string& name_;
  ResolvedGraph resolved_;
  std::map<std::string, int> numbers_;
};

/// Where values enter.
template <class T>
struct InputLayer : Layer<T> {
  InputLayer(const ResolvedNode&, Domain&) {}
  void forward(const LayerTensors<T>&, const T*) override {}
  void backward(const LayerTensors<T>&, const T*, T*) override {}
};

class Input : public OperationOf<InputLayer> {
public:
  [[nodiscard]] std::string name() const override { return "input"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {0, 0}; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"channels", 1, most_input_channels, 1},
            {"level", 0, most_levels - 1, 0},
            {"constant", 0, 1, 0}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.attribute("level"), node.attribute("channels")};
  }
};

OperationList make_operations() {
  OperationList list;
  list.push_back(std::make_unique<Input>());
  add_activations(list);
  add_arithmetic(list);
  add_attention(list);
  add_convolutions(list);
  add_dense(list);
  add_embedding(list);
  add_field_norm(list);
  add_global_mean(list);
  add_inner_product(list);
  add_layer_norm(list);
  add_point_features(list);
  add_pooling(list);
  add_root_mean_square(list);
  add_sensor_convolution(list);
  add_sequences(list);
  add_softmax(list);
  add_stencil(list);
  add_table(list);
  add_upsampling(list);
  return list;
}

} // namespace

const OperationList& operations() {
  static const OperationList list = make_operations();
  return list;
}

const Operation* find_operation(const std::string& name) {
  for (const auto& operation : operations())
    if (operation->name() == name) return operation.get();
  return nullptr;
}

ResolvedGraph resolve(const Graph& graph, const std::string& name) {
  return Resolver(graph, name).run();
}

grid::Partition working_cut(const ResolvedGraph& graph, const core::Index3& points, int ranks) {
  const Padding padding = graph.graph.padding;
  const Coarsening coarsening = graph.graph.coarsening;
  return graph.needs_children && coarsening == Coarsening::even
             ? Domain::cut(points, graph.levels, padding, ranks)
             : Domain::exact_cut(points, graph.levels, padding, coarsening, ranks);
}

} // namespace linnet::nn
