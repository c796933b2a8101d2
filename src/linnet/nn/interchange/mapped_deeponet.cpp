// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/interchange/mapped_deeponet.hpp>

#include <linnet/core/error.hpp>

#include <cmath>
#include <functional>
#include <set>

namespace linnet::nn {

namespace {

using io::NamedTensor;
using io::Shape;
using kernels::Activation;

constexpr std::int64_t most_units = 4096;

/// A dense layer with a bias, out of the file: weights (out, in), row-major.
struct Dense {
  std::string weight_name, bias_name;
  std::size_t in = 0, out = 0;
  std::vector<double> weights, biases;
};

/// What makes row number i of a changed layer: a row of the old one, or zeros.
using RowSource = std::function<std::ptrdiff_t(std::size_t)>;

double value_at_one(Activation kind) {
  switch (kind) {
  case Activation::identity:
  case Activation::relu: return 1.0;
  case Activation::tanh: return std::tanh(1.0);
  case Activation::gelu: return 0.5 * (1.0 + std::erf(std::sqrt(0.5)));
  case Activation::gelu_tanh:
    return 0.5 * (1.0 + std::tanh(std::sqrt(2.0 / std::acos(-1.0)) * (1.0 + 0.044715)));
  case Activation::softplus: return std::log1p(std::exp(1.0));
  }
  return 1.0;
}

class DeepONetReader {
public:
  DeepONetReader(const MappedDeepONetOptions& options, const WeightMap& map, io::Safetensors& file,
                 const std::string& path)
      : o_(options), map_(map), file_(file), path_(path) {
    for (const auto& entry : file.tensors) names_.insert(entry.first);
  }

  Graph run() {
    DeepONetOptions graph;
    graph.stacked = tensors("branch.*/weight").empty() && !tensors("branch#.*/weight").empty();
    if (!graph.stacked) widths("branch.*/weight", tensors("branch.*/weight"));
    const std::vector<int> trunk = widths("trunk.*/weight", tensors("trunk.*/weight"));
    if (graph.stacked)
      read_stacked(graph, trunk.back());
    else
      read_branch(graph, trunk.back());
    graph.coordinates = coordinates(trunk.front());
    graph.trunk.assign(trunk.begin() + 1, trunk.end());
    graph.branch_activation = o_.branch_activation;
    graph.trunk_activation = o_.trunk_activation;
    graph.linear_trunk = o_.linear_trunk;
    graph.periodic = o_.periodic;
    graph.harmonics = o_.harmonics;
    graph.zero_sides = zero_sides(graph.coordinates);
    graph.homogeneous = o_.homogeneous;
    if (o_.zero_sides != 0) bring_inside_sides(graph);
    graph.bias = !tensors("result/bias").empty();
    if (graph.bias && o_.homogeneous)
      refuse(tensors("result/bias").front(),
             "is a bias of the result, which a homogeneous DeepONet has not; name the network that "
             "was trained");
    Graph result = deeponet_graph(graph);
    const bool has_biases = tensors("trunk.*/bias").size() == graph.trunk.size();
    for (Node& node : result.nodes)
      if (node.id == "trunk.out" && has_biases) node.attributes["bias"] = 1;
    return result;
  }

private:
  [[noreturn]] void refuse(const std::string& what) const { core::throw_data(path_ + ": " + what); }
  [[noreturn]] void refuse(const std::string& tensor, const std::string& what) const {
    refuse("tensor '" + tensor + "': " + what);
  }

  [[nodiscard]] std::vector<std::string> tensors(const std::string& parameter) const {
    for (const WeightRule& rule : map_.rules) {
      if (rule.parameter != parameter) continue;
      std::vector<std::string> found = tensors_of(rule, names_, path_);
      if (!found.empty()) return found;
    }
    return {};
  }

  /// Inputs, then outputs of every layer of those that @p parameter stands for.
  std::vector<int> widths(const std::string& parameter,
                          const std::vector<std::string>& layers) const {
    if (layers.empty())
      refuse("has no tensor for '" + parameter + "' of a DeepONet by the rules of " + map_.name +
             "; name the map of the program that has written it");
    std::vector<int> result;
    const bool is_torch = map_.layout == WeightLayout::torch;
    for (const std::string& name : layers) {
      const Shape& shape = file_.tensors.at(name).shape;
      const bool fits = shape.size() == 2 && shape[0] <= most_units && shape[1] <= most_units;
      const int in = fits ? static_cast<int>(shape[is_torch ? 1 : 0]) : 0,
                out = fits ? static_cast<int>(shape[is_torch ? 0 : 1]) : 0;
      if (!fits || (!result.empty() && result.back() != in))
        refuse(name, "has the shape " + io::to_string(shape) +
                         ", which is no dense layer of at most 4096 units behind " +
                         (result.empty() ? "the input" : std::to_string(result.back())) +
                         "; name a graph with its layers as the network");
      if (result.empty()) result.push_back(in);
      result.push_back(out);
    }
    return result;
  }

  void read_branch(DeepONetOptions& graph, int trunk) {
    if (o_.split != OutputSplit::branch) unify_split(trunk);
    const std::vector<int> branch = widths("branch.*/weight", tensors("branch.*/weight"));
    graph.sensors = branch.front();
    graph.branch.assign(branch.begin() + 1, branch.end() - 1);
    graph.outputs = outputs_of(branch.back(), trunk);
  }

  /// Branches behind each other, all of one shape.
  void read_stacked(DeepONetOptions& graph, int trunk) const {
    std::vector<std::string> all = tensors("branch#.*/weight"), first;
    std::set<std::int64_t> branches;
    for (const WeightRule& rule : map_.rules)
      if (rule.parameter == "branch#.*/weight")
        for (const std::string& name : all)
          for (const std::string& pattern : rule.tensors) {
            std::vector<std::int64_t> numbers;
            if (!matches(pattern, name, numbers) || numbers.empty()) continue;
            branches.insert(numbers.front());
            if (branches.size() == 1) first.push_back(name);
            break;
          }
    if (o_.split != OutputSplit::branch)
      refuse("has a branch for every basis function, and its outputs cannot be split in another "
             "way; leave it out");
    const std::vector<int> branch = widths("branch#.*/weight", first);
    if (branch.back() != 1)
      refuse(first.back(), "gives " + std::to_string(branch.back()) +
                               " numbers, and a branch for one basis function gives 1; name a "
                               "graph with its layers as the network");
    graph.sensors = branch.front();
    graph.branch.assign(branch.begin() + 1, branch.end() - 1);
    graph.outputs = outputs_of(static_cast<int>(branches.size()), trunk);
  }

  [[nodiscard]] int outputs_of(int branch, int trunk) const {
    if (branch % trunk != 0)
      refuse("the branch gives " + std::to_string(branch) + " numbers, no multiple of the " +
             std::to_string(trunk) +
             " of the trunk; name the way its outputs are split, or a "
             "graph with its layers as the network");
    return branch / trunk;
  }

  [[nodiscard]] int coordinates(int features) const {
    const int coordinates = features - o_.periodic * (2 * o_.harmonics - 1);
    if (coordinates < o_.periodic || coordinates < 1)
      refuse("the trunk takes " + std::to_string(features) + " numbers, and " +
             std::to_string(o_.harmonics) + " harmonic(s) of " + std::to_string(o_.periodic) +
             " coordinate(s) are " + std::to_string(2 * o_.harmonics * o_.periodic) +
             "; name as many as the network was trained with");
    return coordinates;
  }

  [[nodiscard]] int zero_sides(int coordinates) const {
    if (coordinates < 16 && o_.zero_sides >> (2 * coordinates) != 0)
      refuse("its points have " + std::to_string(coordinates) +
             " coordinate(s), and sides of others are to be zero; leave these out");
    return o_.zero_sides;
  }

  /// The last layer of @p part, "branch" or "trunk".
  [[nodiscard]] Dense last_layer(const std::string& part) const {
    const std::vector<std::string> weights = tensors(part + ".*/weight"),
                                   biases = tensors(part + ".*/bias");
    if (weights.empty() || biases.size() != weights.size())
      refuse(
          "the " + part + " has " + std::to_string(weights.size()) + " matrices and " +
          std::to_string(biases.size()) +
          " biases, and each layer needs both here; name a graph with its layers as the network");
    Dense layer{weights.back(), biases.back(), 0, 0, {}, {}};
    const NamedTensor& w = file_.tensors.at(layer.weight_name);
    const NamedTensor& c = file_.tensors.at(layer.bias_name);
    const bool is_torch = map_.layout == WeightLayout::torch;
    layer.out = static_cast<std::size_t>(w.shape[is_torch ? 0 : 1]);
    layer.in = static_cast<std::size_t>(w.shape[is_torch ? 1 : 0]);
    if (w.values.empty() || c.values.size() != layer.out)
      refuse(layer.bias_name, "has " + std::to_string(c.values.size()) + " values, and '" +
                                  layer.weight_name + "' needs " + std::to_string(layer.out) +
                                  " and F64, F32, F16 or BF16; get the file anew");
    layer.biases = c.values;
    layer.weights.resize(w.values.size());
    for (std::size_t i = 0; i < layer.out; ++i)
      for (std::size_t j = 0; j < layer.in; ++j)
        layer.weights[i * layer.in + j] = w.values[is_torch ? i * layer.in + j : j * layer.out + i];
    return layer;
  }

  /// @p rows rows, each of them one of @p layer or, where the source is negative, zeros.
  static Dense rows_of(const Dense& layer, std::size_t rows, const RowSource& source) {
    Dense result{layer.weight_name,
                 layer.bias_name,
                 layer.in,
                 rows,
                 std::vector<double>(rows * layer.in),
                 std::vector<double>(rows)};
    for (std::size_t i = 0; i < rows; ++i) {
      const std::ptrdiff_t row = source(i);
      if (row < 0) continue;
      const auto from = static_cast<std::size_t>(row);
      for (std::size_t j = 0; j < layer.in; ++j)
        result.weights[i * layer.in + j] = layer.weights[from * layer.in + j];
      result.biases[i] = layer.biases[from];
    }
    return result;
  }

  void put(const Dense& layer) {
    if (layer.out > static_cast<std::size_t>(most_units))
      refuse(layer.weight_name, "becomes a layer of " + std::to_string(layer.out) +
                                    " units, and 4096 are allowed; name a graph with its layers as "
                                    "the network");
    const bool is_torch = map_.layout == WeightLayout::torch;
    const auto in = static_cast<std::int64_t>(layer.in), out = static_cast<std::int64_t>(layer.out);
    NamedTensor& w = file_.tensors.at(layer.weight_name);
    NamedTensor& c = file_.tensors.at(layer.bias_name);
    w.shape = is_torch ? Shape{out, in} : Shape{in, out};
    w.values.resize(layer.weights.size());
    for (std::size_t i = 0; i < layer.out; ++i)
      for (std::size_t j = 0; j < layer.in; ++j)
        w.values[is_torch ? i * layer.in + j : j * layer.out + i] = layer.weights[i * layer.in + j];
    c.shape = {out};
    c.values = layer.biases;
  }

  /// A branch whose field number o has the coefficients that it had, and zeros for the functions of
  /// @p trunk that are not its own.
  void unify_split(int trunk) {
    const Dense old = last_layer("branch");
    const auto fields = static_cast<std::size_t>(o_.outputs),
               basis = static_cast<std::size_t>(trunk);
    const bool both = o_.split == OutputSplit::both;
    if (both ? old.out != basis || basis % fields != 0 : old.out * fields != basis)
      refuse("the branch gives " + std::to_string(old.out) + " numbers and the trunk " +
             std::to_string(trunk) + ", which do not split into " + std::to_string(fields) +
             " output(s) in this way; name the one the network was trained with");
    const std::size_t group = basis / fields;
    put(rows_of(old, fields * basis, [&](std::size_t i) {
      const std::size_t field = i / basis, k = i % basis;
      if (k / group != field) return std::ptrdiff_t{-1};
      return static_cast<std::ptrdiff_t>(both ? k : k % group);
    }));
  }

  /// Where the result is multiplied by a product of distances to the sides, so is its bias b: it
  /// becomes the coefficient b / f(1) of a basis function f(1) more. Divides the branch by 4 for
  /// each coordinate that is zero at both ends.
  void bring_inside_sides(DeepONetOptions& graph) {
    if (graph.stacked)
      refuse("has a branch for every basis function, which no zero sides go with; name a graph "
             "with its layers as the network");
    Dense branch = last_layer("branch");
    const std::vector<std::string> bias = tensors("result/bias");
    if (!bias.empty()) {
      const Activation last = o_.linear_trunk ? Activation::identity : o_.trunk_activation;
      const std::vector<double> values = bias_values(bias, graph.outputs);
      const Dense trunk = last_layer("trunk");
      const std::size_t basis = trunk.out, wider = basis + 1;
      Dense new_trunk = rows_of(trunk, wider, [&](std::size_t k) {
        return k < basis ? static_cast<std::ptrdiff_t>(k) : std::ptrdiff_t{-1};
      });
      new_trunk.biases.back() = 1.0;
      put(new_trunk);
      branch = rows_of(branch, values.size() * wider, [&](std::size_t i) {
        const std::size_t field = i / wider, k = i % wider;
        return k < basis ? static_cast<std::ptrdiff_t>(field * basis + k) : std::ptrdiff_t{-1};
      });
      for (std::size_t o = 0; o < values.size(); ++o)
        branch.biases[o * wider + basis] = values[o] / value_at_one(last);
      graph.trunk.back() = static_cast<int>(wider);
      for (const std::string& name : bias) {
        file_.tensors.erase(name);
        names_.erase(name);
      }
    }
    for (int d = 0; d < graph.coordinates; ++d)
      if ((o_.zero_sides >> (2 * d) & 3) == 3) {
        for (double& value : branch.weights) value /= 4.0;
        for (double& value : branch.biases) value /= 4.0;
      }
    put(branch);
  }

  [[nodiscard]] std::vector<double> bias_values(const std::vector<std::string>& names,
                                                int outputs) const {
    std::vector<double> values;
    for (const std::string& name : names) {
      const NamedTensor& t = file_.tensors.at(name);
      values.insert(values.end(), t.values.begin(), t.values.end());
    }
    if (values.size() != static_cast<std::size_t>(outputs))
      refuse(names.front(), "and the other biases of the result have " +
                                std::to_string(values.size()) + " values, and there are " +
                                std::to_string(outputs) +
                                " output(s); name the network that was trained");
    return values;
  }

  const MappedDeepONetOptions& o_;
  const WeightMap& map_;
  io::Safetensors& file_;
  const std::string& path_;
  std::set<std::string> names_;
};

} // namespace

Graph mapped_deeponet(const MappedDeepONetOptions& options, const WeightMap& map,
                      io::Safetensors& file, const std::string& path) {
  return DeepONetReader(options, map, file, path).run();
}

} // namespace linnet::nn
