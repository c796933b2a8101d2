// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Networks of PyTorch and of Keras, in files that the package safetensors has written
// (make_torch_files.py, make_keras_files.py), give in Linnet what they give there: on any number of
// ranks, to 1e-6 of the largest value. In single precision PyTorch itself differs by up to 3.5e-7
// from what its network gives in double.
#include <linnet/core/error.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/fields/field_predictor.hpp>
#include <linnet/nn/interchange/mapped_deeponet.hpp>
#include <linnet/nn/interchange/mapped_mgno.hpp>
#include <linnet/nn/interchange/mapped_normalisation.hpp>

#include <gtest/gtest.h>
#include <petscsys.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <numeric>
#include <sstream>

using namespace linnet;
using namespace linnet::nn;
using kernels::Activation;

namespace {

constexpr double tolerance = 1e-6;
const std::vector<std::string> all_types{"f32", "f64", "f16", "bf16"};

/// Names begin with the folder.
std::string path_of(const std::string& name) {
  return std::string(LINNET_FILES) + "/" + name + ".safetensors";
}

WeightMap map_of(const std::string& name) {
  const std::string path = std::string(LINNET_MAPS) + "/" + name + ".json";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return weight_map_from_json(text.str(), path);
}

const io::NamedTensor& stored(const std::string& name) {
  static const io::Safetensors torch = io::read_safetensors(path_of("torch/outputs"), 1 << 20),
                               keras = io::read_safetensors(path_of("keras/outputs"), 1 << 20);
  const std::size_t folder = name.find('/');
  return (name.starts_with("torch") ? torch : keras).tensors.at(name.substr(folder + 1));
}

using GraphMaker = std::function<Graph(const WeightMap&, io::Safetensors&, const std::string&)>;

Model model_of(const std::string& name, const std::string& map_name, const GraphMaker& graph) {
  LINNET_CHECK(core::ensure_kokkos());
  const WeightMap map = map_of(map_name);
  const std::string path = path_of(name);
  io::Safetensors file = io::read_safetensors(path, 1 << 20);
  EXPECT_EQ(file.metadata.at("format"), name.starts_with("torch") ? "pt" : "tf");
  Model model;
  model.graph = resolve(graph(map, file, path), name);
  model.parameters = mapped_parameters(model.graph, map, file, path);
  model.normalisation = mapped_normalisation(model.graph, map, file, path);
  return model;
}

/// The largest difference, relative to the largest value.
double distance(const std::vector<double>& found, const std::string& name) {
  const std::vector<double>& wanted = stored(name).values;
  EXPECT_EQ(found.size(), wanted.size()) << name;
  double largest = 0.0, difference = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    largest = std::max(largest, std::abs(wanted[i]));
    difference = std::max(difference, std::abs(found[i] - wanted[i]));
  }
  return difference / largest;
}

void compare(const std::vector<double>& found, const std::string& name) {
  const double single = distance(found, name + ".single"),
               twice = name.starts_with("keras") ? 0.0 : distance(found, name + ".double");
  EXPECT_LE(single, tolerance) << name;
  EXPECT_LE(twice, tolerance) << name;
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) std::printf("%-26s %8.1e %8.1e\n", name.c_str(), single, twice);
}

std::vector<double> deeponet_values(const Model& model, const std::string& name) {
  DeepONet network(model, name);
  const std::vector<double>&u = stored(name + ".input0").values,
        &y = stored(name + ".input1").values;
  const DeepONetParts& parts = network.parts();
  std::vector<double> values(u.size() / static_cast<std::size_t>(parts.sensors) * y.size() /
                             static_cast<std::size_t>(parts.coordinates) *
                             static_cast<std::size_t>(parts.outputs));
  network.evaluate(u, y, values);
  return values;
}

Model deeponet(const std::string& name, const std::string& type,
               const MappedDeepONetOptions& options) {
  return model_of(name + "." + type, "deepxde",
                  [&](const WeightMap& map, io::Safetensors& file, const std::string& path) {
                    return mapped_deeponet(options, map, file, path);
                  });
}

void check_deeponet(const std::string& name, const MappedDeepONetOptions& options,
                    const std::vector<std::string>& types = {"f32"}) {
  for (const std::string& type : types)
    compare(deeponet_values(deeponet(name, type, options), name), name + "." + type);
}

constexpr Activation relu = Activation::relu, tanh_ = Activation::tanh, gelu = Activation::gelu;

TEST(Torch, DeepONets) {
  check_deeponet("torch/deepxde", {.branch_activation = tanh_, .trunk_activation = tanh_},
                 all_types);
  check_deeponet("torch/split_branch", {.branch_activation = relu, .trunk_activation = tanh_});
  check_deeponet("torch/split_both", {.branch_activation = gelu,
                                      .trunk_activation = gelu,
                                      .split = OutputSplit::both,
                                      .outputs = 3});
  check_deeponet("torch/split_trunk", {.branch_activation = tanh_,
                                       .trunk_activation = tanh_,
                                       .split = OutputSplit::trunk,
                                       .outputs = 2});
  check_deeponet("torch/stacked", {.branch_activation = tanh_, .trunk_activation = tanh_});
  check_deeponet(
      "torch/periodic",
      {.branch_activation = tanh_, .trunk_activation = tanh_, .periodic = 1, .harmonics = 2});
  // x (1 - x) y, with biases of two outputs, which it covers.
  check_deeponet("torch/zero_sides",
                 {.branch_activation = gelu, .trunk_activation = tanh_, .zero_sides = 7});
}

/// A wrong guess of what no file says gives other values.
TEST(Torch, ActivationsTellApart) {
  MappedDeepONetOptions options{.branch_activation = Activation::gelu_tanh,
                                .trunk_activation = Activation::gelu_tanh,
                                .split = OutputSplit::both,
                                .outputs = 3};
  const double by_formula =
      distance(deeponet_values(deeponet("torch/split_both", "f32", options), "torch/split_both"),
               "torch/split_both.f32.double");
  EXPECT_GT(by_formula, 20.0 * tolerance); // the two formulas differ by 5e-4 at most
  EXPECT_LT(by_formula, 1e-3);
  options.branch_activation = options.trunk_activation = tanh_;
  EXPECT_GT(
      distance(deeponet_values(deeponet("torch/split_both", "f32", options), "torch/split_both"),
               "torch/split_both.f32.double"),
      1e-2);
}

/// The part of @p box of a field whose points are @p n, or the sum of all ranks' parts.
std::vector<double> part_of(const std::vector<double>& field, int channels, const core::Index3& n,
                            const grid::IndexBox& box) {
  std::vector<double> part;
  const auto at = [&](int c, int i, int j, int k) {
    return field[static_cast<std::size_t>(((c * n[2] + k) * n[1] + j) * n[0] + i)];
  };
  const core::Index3 extent = box.extent();
  for (int c = 0; c < channels; ++c)
    for (int k = 0; k < extent[2]; ++k)
      for (int j = 0; j < extent[1]; ++j)
        for (int i = 0; i < extent[0]; ++i)
          part.push_back(at(c, box.lo[0] + i, box.lo[1] + j, box.lo[2] + k));
  return part;
}

std::vector<double> whole_of(const std::vector<double>& part, int channels, const core::Index3& n,
                             const grid::IndexBox& box) {
  std::vector<double> field(static_cast<std::size_t>(core::volume(n) * channels));
  const core::Index3 extent = box.extent();
  std::size_t p = 0;
  for (int c = 0; c < channels; ++c)
    for (int k = 0; k < extent[2]; ++k)
      for (int j = 0; j < extent[1]; ++j)
        for (int i = 0; i < extent[0]; ++i)
          field[static_cast<std::size_t>(
              ((c * n[2] + box.lo[2] + k) * n[1] + box.lo[1] + j) * n[0] + box.lo[0] + i)] =
              part[p++];
  MPI_Allreduce(MPI_IN_PLACE, field.data(), static_cast<int>(field.size()), MPI_DOUBLE, MPI_SUM,
                PETSC_COMM_WORLD);
  return field;
}

void check_field(const std::string& name, const std::string& map, const GraphMaker& graph,
                 const std::vector<std::string>& types = {"f32"}) {
  const io::NamedTensor& input = stored(name + ".input0"); // (1, channels, [z,] y, x)
  core::Index3 n{1, 1, 1};
  for (std::size_t d = 0; d + 2 < input.shape.size(); ++d)
    n[static_cast<int>(d)] = static_cast<int>(input.shape[input.shape.size() - 1 - d]);
  for (const std::string& type : types) {
    FieldPredictor network(PETSC_COMM_WORLD, model_of(name + "." + type, map, graph), n);
    const std::vector<double> x = part_of(input.values, network.in(), n, network.box());
    std::vector<double> y(
        static_cast<std::size_t>(core::volume(network.box().extent()) * network.out()));
    network.apply(x, y);
    compare(whole_of(y, network.out(), n, network.box()), name + "." + type);
  }
}

GraphMaker json(const std::string& dimension, const std::string& padding,
                const std::string& nodes) {
  return [=](const WeightMap&, const io::Safetensors&, const std::string&) {
    return graph_from_json(R"({"dimension":)" + dimension + R"(,"padding":")" + padding +
                               R"(","coarsening":"even","output":"y","nodes":[)" + nodes + "]}",
                           "graph");
  };
}

TEST(Torch, ConvolutionalNetworks) {
  check_field("torch/convolutional", "torch_sequential", json("2", "zero", R"(
      {"id":"u","op":"input","channels":2},
      {"id":"a","op":"conv","in":["u"],"channels":4},
      {"id":"b","op":"gelu","in":["a"]},
      {"id":"c","op":"conv","in":["b"],"channels":6,"stride":2},
      {"id":"d","op":"gelu_tanh","in":["c"]},
      {"id":"e","op":"conv_transpose","in":["d"],"channels":3,"kernel":4,"stride":2},
      {"id":"f","op":"tanh","in":["e"]},
      {"id":"y","op":"conv","in":["f"],"channels":1,"kernel":1})"),
              all_types);
  check_field("torch/odd", "torch_sequential", json("2", "zero", R"(
      {"id":"u","op":"input","channels":1},
      {"id":"a","op":"conv","in":["u"],"channels":3,"kernel":5,"bias":0},
      {"id":"b","op":"relu","in":["a"]},
      {"id":"c","op":"conv","in":["b"],"channels":5,"stride":2},
      {"id":"d","op":"softplus","in":["c"]},
      {"id":"y","op":"conv_transpose","in":["d"],"channels":2,"kernel":3,"stride":2})"));
  check_field("torch/space", "torch_sequential", json("3", "zero", R"(
      {"id":"u","op":"input","channels":1},
      {"id":"a","op":"conv","in":["u"],"channels":2,"stride":2},
      {"id":"b","op":"tanh","in":["a"]},
      {"id":"y","op":"conv_transpose","in":["b"],"channels":3,"kernel":4,"stride":2})"));
}

/// Convolutions reflect or wrap; transposed ones of PyTorch never do.
TEST(Torch, TransposedConvolutionsCrop) {
  const std::string nodes = R"(
      {"id":"u","op":"input","channels":1},
      {"id":"a","op":"conv","in":["u"],"channels":3},
      {"id":"b","op":"gelu_tanh","in":["a"]},
      {"id":"c","op":"conv","in":["b"],"channels":4,"stride":2},
      {"id":"y","op":"conv_transpose","in":["c"],"channels":2,"kernel":4,"stride":2,"crop":1})";
  check_field("torch/crop_reflect", "torch_sequential", json("2", "reflect", nodes));
  check_field("torch/crop_circular", "torch_sequential", json("2", "periodic", nodes));
}

/// Kernels of other layouts; that of the transposed convolution has outputs before inputs.
TEST(Keras, ConvolutionalNetwork) {
  check_field("keras/fields", "keras_sequential", json("2", "zero", R"(
      {"id":"u","op":"input","channels":2},
      {"id":"a","op":"conv","in":["u"],"channels":4},
      {"id":"b","op":"tanh","in":["a"]},
      {"id":"c","op":"conv","in":["b"],"channels":6,"stride":2},
      {"id":"d","op":"relu","in":["c"]},
      {"id":"e","op":"conv_transpose","in":["d"],"channels":3,"kernel":4,"stride":2},
      {"id":"f","op":"tanh","in":["e"]},
      {"id":"y","op":"conv","in":["f"],"channels":1,"kernel":1})"));
}

GraphMaker mgno(const MappedMgnoOptions& options) {
  return [=](const WeightMap& map, const io::Safetensors& file, const std::string& path) {
    return mgno_graph(mapped_mgno(options, map, file, path));
  };
}

/// Those of the published program: on Darcy flow with its normaliser of every point, on an odd
/// grid, the Navier-Stokes equations (wrapped, normalised after corrections, added to the input),
/// the Helmholtz equation (reflected, normalised after cycles, a cycle at the end).
TEST(Torch, MultigridNeuralOperators) {
  check_field("torch/mgno_darcy", "mgno", mgno({}), all_types);
  check_field("torch/mgno_smooth", "mgno", mgno({}));
  check_field("torch/mgno_navier_stokes", "mgno",
              mgno({.padding = Padding::periodic, .increment = true}));
  check_field("torch/mgno_helmholtz", "mgno",
              mgno({.padding = Padding::reflect, .coarsening = Coarsening::odd}));
}

} // namespace
