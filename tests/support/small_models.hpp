// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The models whose files are in tests/fuzz/corpus/model. Their graphs are lists of parameters:
/// {"conv1/weight": [2,1,3], ...}.
#pragma once

#include <linnet/core/error.hpp>
#include <linnet/io/json_limits.hpp>
#include <linnet/io/model_file.hpp>

#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace linnet::tests {

/// The shapes that such a graph names.
inline std::map<std::string, io::Shape> shapes_of(const std::string& graph) {
  const io::JsonValue list = io::parse_json(graph, "the graph");
  std::map<std::string, io::Shape> shapes;
  for (std::size_t i = 0; i < list.keys.size(); ++i) {
    io::Shape& shape = shapes[list.keys[i]];
    for (const io::JsonValue& extent : list.items[i].items) shape.push_back(extent.integer);
  }
  if (shapes.empty()) core::throw_data("no parameters");
  return shapes;
}

/// Numbers that need all of their bits; where there are enough, a negative zero and the smallest
/// one are among them.
inline io::ModelArray small_array(io::Shape shape, std::string role, double first) {
  io::ModelArray array{std::move(shape), {}, std::move(role)};
  const auto size = static_cast<std::size_t>(io::Slab{{}, array.shape}.size());
  for (std::size_t i = 0; i < size; ++i)
    array.values.push_back(first / (1.0 + static_cast<double>(i)));
  if (size > 2) array.values[1] = -0.0;
  if (size > 3) array.values[3] = 0x1p-149; // the smallest of single precision
  return array;
}

/// Equality of all bits, so that a negative zero differs from a positive one.
inline bool same_bits(const io::ModelFile& a, const io::ModelFile& b) {
  bool same = a == b;
  const auto compare = [&](const io::ModelArray& x, const io::ModelArray& y) {
    for (std::size_t i = 0; same && i < x.values.size(); ++i)
      same = std::signbit(x.values[i]) == std::signbit(y.values[i]);
  };
  if (!same) return false;
  for (const auto& [name, array] : a.parameters) compare(array, b.parameters.at(name));
  for (const auto& [name, array] : a.normalisation) compare(array, b.normalisation.at(name));
  for (const auto& [name, array] : a.basis) compare(array, b.basis.at(name));
  if (a.check) {
    compare(a.check->input, b.check->input);
    compare(a.check->output, b.check->output);
  }
  return same;
}

/// As single precision keeps them.
inline void round_to_single(io::ModelArray& array) {
  for (double& value : array.values) value = static_cast<float>(value);
}

/// "layers": single precision with everything but a basis; "line": double precision, parameters
/// alone; "many": more arrays and texts than HDF5 keeps in the headers of their groups; "table":
/// with a basis.
inline std::map<std::string, io::ModelFile> small_models() {
  io::ModelFile layers;
  layers.graph = R"({"conv1/weight": [2,1,3], "conv1/bias": [2], "out": [1,2]})";
  layers.dtype = "float32";
  layers.parameters["conv1/weight"] = small_array({2, 1, 3}, "weight", 0.3);
  layers.parameters["conv1/bias"] = small_array({2}, "bias", -0.7);
  layers.parameters["out"] = small_array({1, 2}, "weight", 1.1);
  layers.normalisation["mean"] = small_array({2}, "", 1e9);
  layers.normalisation["input/deviation"] = small_array({2}, "scale", 3.0);
  layers.provenance = {{"data", "none"}, {"seed", "1"}, {"held_out_error", "0.013"}};
  layers.check = io::ModelCheck{small_array({1, 3}, "input", 0.1), small_array({4}, "", 0.2)};
  for (auto* list : {&layers.parameters, &layers.normalisation})
    for (auto& [name, array] : *list) round_to_single(array);
  round_to_single(layers.check->input);
  round_to_single(layers.check->output);

  io::ModelFile line;
  line.graph = R"({"a": [3,2]})";
  line.parameters["a"] = small_array({3, 2}, "weight", 1.0 / 3.0);

  io::ModelFile many;
  many.graph = "{";
  for (int i = 0; i < 10; ++i) {
    const std::string name = "w" + std::to_string(i);
    many.graph += (i > 0 ? ", \"" : "\"") + name + "\": [2]";
    many.parameters[name] = small_array({2}, "weight", i + 0.1);
    many.provenance["note" + std::to_string(i)] = "text " + std::to_string(i);
  }
  many.graph += "}";

  io::ModelFile table;
  table.graph = R"({"a": [2]})";
  table.parameters["a"] = small_array({2}, "weight", 0.5);
  table.basis["phi"] = small_array({3, 4}, "basis", 0.7);
  table.basis["points"] = small_array({4, 2}, "points", 1.0);
  return {{"layers", layers}, {"line", line}, {"many", many}, {"table", table}};
}

} // namespace linnet::tests
