// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Convolutions of the small grids that members of a batch hold in their channels, against a naive
// loop in double precision, and their derivatives.
#include "network_case.hpp"
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/network/model.hpp>
#include <linnet/nn/network/operation_count.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using namespace linnet::nn;
using linnet::test::NetworkCase;

namespace {

struct Example {
  int fields;
  core::Index3 n;
  int channels, kernel, stride;
  bool pad;
};

const Example examples[] = {{1, {5, 1, 1}, 2, 5, 1, false}, {2, {37, 1, 1}, 3, 3, 2, true},
                            {3, {4, 1, 1}, 2, 1, 1, false}, {1, {29, 29, 1}, 4, 5, 2, false},
                            {2, {7, 6, 1}, 5, 3, 1, true},  {2, {8, 5, 1}, 3, 5, 2, true},
                            {3, {3, 3, 1}, 2, 3, 1, false}, {2, {6, 5, 4}, 3, 3, 2, true},
                            {1, {5, 7, 6}, 2, 3, 1, false}, {2, {4, 1, 3}, 3, 3, 3, true}};

Graph graph_of(const Example& e) {
  Graph graph;
  graph.dimension = 1;
  graph.nodes = {{"x", "input", {}, {{"channels", e.fields * e.n[0] * e.n[1] * e.n[2]}}},
                 {"y",
                  "sensor_conv",
                  {"x"},
                  {{"channels", e.channels},
                   {"nx", e.n[0]},
                   {"ny", e.n[1]},
                   {"nz", e.n[2]},
                   {"kernel", e.kernel},
                   {"stride", e.stride},
                   {"pad", e.pad ? 1 : 0}}}};
  graph.output = "y";
  return graph;
}

/// What a direction of @p n points becomes: places, taps, stride and zeros before the first point.
struct Window {
  int places, taps, stride, pad;
  Window(const Example& e, int n)
      : places(1), taps(n == 1 ? 1 : e.kernel), stride(n == 1 ? 1 : e.stride),
        pad(n == 1 || !e.pad ? 0 : e.kernel / 2) {
    for (places = 0; places * stride + taps - pad <= n + pad; ++places) {
    }
  }
};

/// Of one member: (channel, z, y, x).
std::vector<double> naive(const Example& e, const std::vector<double>& x,
                          const std::vector<double>& weights, const std::vector<double>& bias) {
  const Window wx(e, e.n[0]), wy(e, e.n[1]), wz(e, e.n[2]);
  std::vector<double> y;
  for (int o = 0; o < e.channels; ++o)
    for (int k = 0; k < wz.places; ++k)
      for (int j = 0; j < wy.places; ++j)
        for (int i = 0; i < wx.places; ++i) {
          double sum = bias[static_cast<std::size_t>(o)];
          std::size_t w =
              static_cast<std::size_t>(o) * weights.size() / static_cast<std::size_t>(e.channels);
          for (int c = 0; c < e.fields; ++c)
            for (int tz = 0; tz < wz.taps; ++tz)
              for (int ty = 0; ty < wy.taps; ++ty)
                for (int tx = 0; tx < wx.taps; ++tx, ++w) {
                  const int qx = i * wx.stride + tx - wx.pad, qy = j * wy.stride + ty - wy.pad,
                            qz = k * wz.stride + tz - wz.pad;
                  if (qx < 0 || qx >= e.n[0] || qy < 0 || qy >= e.n[1] || qz < 0 || qz >= e.n[2])
                    continue;
                  sum +=
                      weights[w] *
                      x[static_cast<std::size_t>(((c * e.n[2] + qz) * e.n[1] + qy) * e.n[0] + qx)];
                }
          y.push_back(sum);
        }
  return y;
}

double deviate(std::uint64_t stream, std::size_t place) {
  return 2.0 * core::RandomStream(11, stream).uniform(place) - 1.0;
}

/// Largest difference to the naive loop, relative to the largest value.
template <class T>
double difference(const Example& e, int members) {
  const ResolvedGraph graph = resolve(graph_of(e));
  BatchNetwork<T> batch(graph, members, NetworkMode::inference);
  const auto parameters = parameter_buffer<T>(graph.parameters);
  std::vector<std::vector<double>> blocks;
  for (const ParameterBlock& block : graph.parameters.blocks()) {
    blocks.emplace_back();
    for (std::size_t i = 0; i < block.size(); ++i) {
      parameters(block.offset + i) = static_cast<T>(deviate(1 + blocks.size(), i));
      blocks.back().push_back(static_cast<double>(parameters(block.offset + i)));
    }
  }
  const kernels::Tensor<T> in = batch.network().input(), out = batch.network().output();
  for (int c = 0; c < in.channels; ++c)
    for (int m = 0; m < members; ++m)
      in.origin(c)[m] = static_cast<T>(deviate(9, static_cast<std::size_t>(c * members + m)));
  batch.network().forward(parameters);
  double largest = 0.0, off = 0.0;
  for (int m = 0; m < members; ++m) {
    std::vector<double> x;
    for (int c = 0; c < in.channels; ++c) x.push_back(static_cast<double>(in.origin(c)[m]));
    const std::vector<double> y = naive(e, x, blocks[0], blocks[1]);
    EXPECT_EQ(static_cast<std::size_t>(out.channels), y.size());
    for (std::size_t c = 0; c < y.size(); ++c) {
      largest = std::max(largest, std::abs(y[c]));
      off = std::max(off, std::abs(static_cast<double>(out.origin(static_cast<int>(c))[m]) - y[c]));
    }
  }
  return off / largest;
}

std::string refusal(const Graph& graph) {
  try {
    static_cast<void>(resolve(graph, "m"));
  } catch (const core::Error& error) {
    return error.what();
  }
  return "";
}

} // namespace

/// Also with more windows than one tile has, and members that fill no register.
TEST(SensorConvolution, IsThatOfTheNaiveLoop) {
  for (const Example& e : examples)
    for (const int members : {1, 7, 64}) {
      SCOPED_TRACE(to_json(graph_of(e)));
      EXPECT_LE(difference<double>(e, members), 1e-13);
      EXPECT_LE(difference<float>(e, members), 2e-6);
    }
}

TEST(SensorConvolution, GradientsAreDerivatives) {
  for (const Example& e : examples) {
    SCOPED_TRACE(to_json(graph_of(e)));
    NetworkCase<double> run(PETSC_COMM_SELF, graph_of(e), {13, 1, 1});
    EXPECT_LE(run.parameter_gradient_error(), 1e-9); // linear in them
    EXPECT_LE(run.input_gradient_error(), 1e-9);
    EXPECT_LE(run.adjoint_error(), 1e-13);
  }
}

/// Between other layers, on points with ghosts, and where the gradient of its input is shared.
TEST(SensorConvolution, WorksAtThePointsOfAGrid) {
  Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {{"channels", 2}}},
                 {"c", "conv", {"x"}, {{"channels", 12}}},
                 {"y", "sensor_conv", {"c"}, {{"channels", 2}, {"nx", 3}, {"ny", 2}, {"pad", 1}}},
                 {"k", "conv", {"y"}, {{"channels", 12}}},
                 {"s", "add", {"k", "c"}, {}}};
  graph.output = "s";
  NetworkCase<double> run(PETSC_COMM_WORLD, graph, {9, 8, 1});
  EXPECT_LE(run.parameter_gradient_error(), 1e-7);
  EXPECT_LE(run.adjoint_error(), 1e-13);
  // More windows than a tile has, in tiles that end elsewhere on every cut: no bit depends on that.
  NetworkCase<float> cut(PETSC_COMM_WORLD, graph, {28, 16, 1}),
      whole(PETSC_COMM_SELF, graph, {28, 16, 1});
  cut.run();
  whole.run();
  EXPECT_EQ(cut.difference_of_outputs(whole), 0.0);
  EXPECT_EQ(cut.difference_of_input_gradients(whole), 0.0);
}

TEST(SensorConvolution, CountsItsWindows) {
  const ResolvedGraph graph = resolve(graph_of({1, {29, 29, 1}, 64, 5, 2, false}));
  EXPECT_EQ(graph.nodes[1].signature.channels, 64 * 13 * 13);
  EXPECT_EQ(forward_flops(graph, {10, 1, 1})[1], 2.0 * 10 * 169 * 64 * 25);
}

TEST(SensorConvolution, ModelFileAndBack) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  Model model;
  model.graph = resolve(graph_of({2, {8, 5, 1}, 3, 5, 2, true}));
  model.parameters = parameter_buffer<float>(model.graph.parameters);
  initialise(model.graph.parameters, 5, model.parameters);
  save_model(PETSC_COMM_WORLD, path, model);
  const Model back = load_model(PETSC_COMM_WORLD, path); // and recomputes its sample
  EXPECT_EQ(back.graph.graph, model.graph.graph);
  for (std::size_t i = 0; i < model.graph.parameters.size(); ++i)
    ASSERT_EQ(back.parameters(i), model.parameters(i)) << i;
}

TEST(SensorConvolution, Refusals) {
  const auto changed = [](const std::string& key, int value) {
    Graph graph = graph_of({2, {8, 5, 1}, 3, 5, 2, false});
    graph.nodes[1].attributes[key] = value;
    return refusal(graph);
  };
  EXPECT_EQ(changed("stride", 1), "");
  EXPECT_EQ(changed("kernel", 4), "m: node 'y' (sensor_conv): 'kernel' must be odd");
  EXPECT_EQ(changed("nx", 9), "m: node 'y' (sensor_conv): its input has 80 channels, which are not "
                              "fields of 9 x 5 x 1 values");
  EXPECT_EQ(changed("kernel", 7), "m: node 'y' (sensor_conv): a kernel of 7 points does not fit "
                                  "into 5; set 'pad' to 1");
  Graph many = graph_of({1, {16, 16, 16}, 15, 1, 1, false});
  many.nodes.push_back(
      {"z",
       "sensor_conv",
       {"y"},
       {{"channels", 1}, {"nx", 40}, {"ny", 48}, {"nz", 32}, {"kernel", 15}, {"pad", 1}}});
  EXPECT_EQ(refusal(many),
            "m: node 'z' (sensor_conv): has 3375 taps at 61440 places; 2^24 in all are allowed");
  const Graph large = graph_of({1, {60, 60, 1}, 4096, 1, 1, false});
  EXPECT_EQ(refusal(large), "m: node 'y' (sensor_conv): has 14745600 values, more than the 65536 "
                            "that a member may have");
}
