// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/interchange/mapped_normalisation.hpp>
#include <linnet/nn/interchange/weight_map.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>

#include <gtest/gtest.h>

#include <cstdlib>

using namespace linnet;
using namespace linnet::nn;

namespace {

using Numbers = std::vector<std::int64_t>;

TEST(WeightMap, Patterns) {
  const auto numbers = [](const char* pattern, const char* text) {
    Numbers found{7}; // what is there stays
    return matches(pattern, text, found) ? found : Numbers{};
  };
  EXPECT_EQ(numbers("a.#.weight", "a.12.weight"), (Numbers{7, 12}));
  EXPECT_EQ(numbers("a.#.weight", "a..weight"), Numbers{});
  EXPECT_EQ(numbers("a.#.weight", "a.1x.weight"), Numbers{});
  EXPECT_EQ(numbers("*.#.w", "x.1.2.w"), (Numbers{7, 2}));
  EXPECT_EQ(numbers("*#", "layer12"), (Numbers{7, 12}));
  EXPECT_EQ(numbers("*Conv_#*kernel", "params/Conv_3/kernel"), (Numbers{7, 3}));
  EXPECT_EQ(numbers("*Conv_#*kernel", "params/ConvTranspose_3/kernel"), Numbers{});
  EXPECT_EQ(numbers("layer#.S#.#/weight", "layer2.S10.1/weight"), (Numbers{7, 2, 10, 1}));
  EXPECT_EQ(numbers("*", ""), Numbers{7});
  EXPECT_EQ(numbers("", "a"), Numbers{});
  EXPECT_EQ(numbers("a#", "a1234567890123456789012"), Numbers{}); // beyond 64 bits
}

io::NamedTensor counted(const io::Shape& shape) {
  io::NamedTensor tensor{"F32", shape, {}};
  for (std::int64_t i = 0; i < io::Slab{{}, shape}.size(); ++i)
    tensor.values.push_back(static_cast<double>(i));
  return tensor;
}

/// A layer of op @p op from 2 to 3 channels, kernel 3 in two directions; its weights from a tensor.
std::vector<float> weights(const std::string& op, const std::string& layout,
                           const io::Shape& shape) {
  Graph graph;
  graph.dimension = 2;
  std::map<std::string, int> attributes{{"bias", 0}};
  attributes[op == "dense" ? "units" : "channels"] = 3;
  graph.nodes = {{"u", "input", {}, {{"channels", 2}}}, {"x", op, {"u"}, attributes}};
  graph.output = "x";
  const ResolvedGraph resolved = resolve(graph);
  io::Safetensors file;
  file.tensors["t"] = counted(shape);
  const WeightMap map =
      weight_map_from_json(R"({"layout":")" + layout + R"(","rules":{"x/weight":"t"}})", "map");
  const auto values = mapped_parameters(resolved, map, file, "file");
  return {values.data(), values.data() + resolved.parameters.blocks()[0].size()};
}

TEST(WeightMap, Layouts) {
  LINNET_CHECK(core::ensure_kokkos());
  EXPECT_EQ(weights("dense", "torch", {3, 2}), (std::vector<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(weights("dense", "flax", {2, 3}), (std::vector<float>{0, 3, 1, 4, 2, 5}));
  const auto check = [](const std::string& op, const std::string& layout, const io::Shape& shape,
                        auto&& place) {
    const std::vector<float> found = weights(op, layout, shape);
    const int first = op == "conv" ? 3 : 2, second = 5 - first;
    std::size_t i = 0;
    for (int a = 0; a < first; ++a)
      for (int b = 0; b < second; ++b)
        for (int y = 0; y < 3; ++y)
          for (int x = 0; x < 3; ++x)
            EXPECT_EQ(found[i++], static_cast<float>(place(a, b, y, x)))
                << op << " " << layout << " " << a << b << y << x;
  };
  // Linnet: conv (out, in, y, x), conv_transpose (in, out, y, x).
  for (const char* layout : {"flax", "keras"})
    check("conv", layout, {3, 3, 2, 3},
          [](int out, int in, int y, int x) { return ((y * 3 + x) * 2 + in) * 3 + out; });
  check("conv_transpose", "keras", {3, 3, 3, 2},
        [](int in, int out, int y, int x) { return ((y * 3 + x) * 3 + out) * 2 + in; });
  check("conv_transpose", "flax", {3, 3, 2, 3},
        [](int in, int out, int y, int x) { return (((2 - y) * 3 + 2 - x) * 2 + in) * 3 + out; });
  EXPECT_THROW(weights("conv", "torch", {3, 3, 2, 3}), core::Error);
}

/// A field of 2 channels in, 1 out, in two dimensions.
Normalisation scaled(const std::string& layout, const std::string& places,
                     const std::map<std::string, io::NamedTensor>& tensors) {
  Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"u", "input", {}, {{"channels", 2}}}, {"x", "conv", {"u"}, {{"channels", 1}}}};
  graph.output = "x";
  io::Safetensors file;
  file.tensors = tensors;
  const WeightMap map = weight_map_from_json(
      R"({"layout":")" + layout + R"(","rules":{"a":"b"},"normalisation":{)" + places + "}}",
      "map");
  return mapped_normalisation(resolve(graph), map, file, "file");
}

/// What it makes of the points of one field.
std::vector<double> encoded(const Normaliser& normaliser, std::vector<double> values,
                            const core::Index3& points) {
  normaliser.encode(values, {{0, 0, 0}, points});
  return values;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-14) << i;
}

TEST(WeightMap, Normalisation) {
  using Tensor = io::NamedTensor;
  const std::string both = R"("input/mean":"m","input/deviation":"s")";
  const core::Index3 two{2, 1, 1};
  // (value - mean) / (deviation + epsilon), one number for all channels, which lie behind each
  // other.
  const Normalisation one = scaled("torch", both + R"(,"epsilon":0.5)",
                                   {{"m", {"F32", {}, {1}}}, {"s", {"F32", {1}, {1.5}}}});
  expect_near(encoded(one.input, {1, 3, 5, 7}, two), {0, 1, 2, 3});
  EXPECT_EQ(one.output.kind(), NormaliserKind::none);
  // Of each channel, with the extents that PyTorch broadcasts; no deviation.
  const Normalisation channels = scaled("torch", both, {{"m", {"F32", {1, 2, 1, 1}, {1, 10}}}});
  EXPECT_EQ(channels.input.kind(), NormaliserKind::channel);
  expect_near(encoded(channels.input, {1, 3, 5, 7}, two), {0, 2, -5, -3});
  // Of each point: channels first, or, in Keras, last. The deviation is of channels.
  const Tensor deviation{"F32", {2}, {1, 2}};
  const Normalisation first =
      scaled("torch", both, {{"m", {"F32", {2, 1, 2}, {1, 2, 3, 4}}}, {"s", deviation}});
  const Normalisation last =
      scaled("keras", both, {{"m", {"F32", {1, 2, 2}, {1, 3, 2, 4}}}, {"s", deviation}});
  for (const Normalisation& points : {first, last}) {
    EXPECT_EQ(points.input.kind(), NormaliserKind::point);
    EXPECT_EQ(points.input.points(), two);
    expect_near(encoded(points.input, {1, 3, 5, 7}, two), {0, 1, 1, 1.5});
  }
  // One channel needs no extent for it; x is the last one.
  const Normalisation output =
      scaled("torch", R"("output/mean":"m")", {{"m", {"F32", {2, 3}, {1, 2, 3, 4, 5, 6}}}});
  EXPECT_EQ(output.output.points(), (core::Index3{3, 2, 1}));
  EXPECT_EQ(output.output.means()[1], 2.0);
}

TEST(WeightMap, NormalisationRefusals) {
  using Tensor = io::NamedTensor;
  const std::string mean = R"("input/mean":"m*","input/deviation":"s")";
  const auto refuse = [](const std::string& places, const std::map<std::string, Tensor>& tensors,
                         const std::string& line) {
    try {
      scaled("torch", places, tensors);
      ADD_FAILURE() << line;
    } catch (const core::Error& error) {
      EXPECT_NE(std::string(error.what()).find(line), std::string::npos) << error.what();
    }
  };
  refuse(mean, {{"m", {"F32", {3}, {1, 2, 3}}}},
         "'m': has the shape (3), and a field of 2 channel(s)");
  refuse(mean, {{"m", {"F32", {2, 3}, {1, 2, 3, 4, 5, 6}}}}, "a field of 2 channel(s)");
  refuse(mean, {{"m", {"F32", {3, 1, 1}, {1, 2, 3}}}}, "a field of 2 channel(s)");
  refuse(mean, {{"m", {"I64", {2}, {}}}}, "has the dtype I64");
  refuse(mean, {{"m", {"F32", {}, {1}}}, {"m2", {"F32", {}, {1}}}}, "takes the tensors 'm', 'm2'");
  refuse(mean, {{"s", {"F32", {2}, {1, 0}}}}, "'s': has a deviation below 1e-5");
  refuse(mean, {{"m", {"F32", {2, 1, 2}, {1, 2, 3, 4}}}, {"s", {"F32", {2, 2, 1}, {1, 2, 3, 4}}}},
         "'s': has another grid than 'm'");
  refuse(R"("input/means":"m")", {}, "unknown key 'input/means' in 'normalisation'");
  refuse(R"("epsilon":-1)", {}, "number from 0 to 1 for 'epsilon'");
}

} // namespace
