// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Attention and embeddings against closed forms, and transformers made of them.
#include "network_case.hpp"
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/network/model.hpp>
#include <linnet/nn/network/tensor_values.hpp>
#include <linnet/nn/transformer/transformer_graph.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

using namespace linnet;
using namespace linnet::nn;
using linnet::test::NetworkCase;

namespace {

using Values = std::vector<double>;

double deviate(std::uint64_t stream, std::size_t place) {
  return 2.0 * core::RandomStream(13, stream).uniform(place) - 1.0;
}
Values noise(std::size_t count, std::uint64_t stream) {
  Values values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = deviate(stream, i);
  return values;
}

/// A graph on rows of its own; values are (channel, row, token).
class OneRank {
public:
  OneRank(const Graph& graph, int tokens, int rows)
      : graph_(resolve(graph)),
        domain_(PETSC_COMM_SELF,
                Domain::exact_cut({tokens, rows, 1}, 1, graph.padding, graph.coarsening, 1), 1,
                graph.padding),
        network_(graph_, domain_, NetworkMode::adjoint),
        parameters(parameter_buffer<double>(graph_.parameters)),
        gradient(parameter_buffer<double>(graph_.parameters)) {
    initialise(graph_.parameters, 5, parameters);
  }
  Values forward(const std::vector<Values>& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) to_tensor<double>(inputs[i], network_.input(i));
    network_.forward(parameters);
    return values_of(network_.output());
  }
  /// Gradients by all inputs, after forward().
  std::vector<Values> backward(const Values& of_output) {
    to_tensor<double>(of_output, network_.output_gradient());
    Kokkos::deep_copy(gradient, 0.0);
    network_.backward(parameters, gradient);
    std::vector<Values> all;
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i)
      all.push_back(values_of(network_.input_gradient(i)));
    return all;
  }

private:
  static Values values_of(const kernels::Tensor<double>& t) {
    Values values(value_count(t));
    from_tensor<double>(t, values);
    return values;
  }
  ResolvedGraph graph_;
  Domain domain_;
  Network<double> network_;

public:
  kernels::Array<double> parameters, gradient;
};

Node input(const char* id, int channels) { return {id, "input", {}, {{"channels", channels}}}; }

Graph graph_of(std::vector<Node> nodes) {
  Graph graph;
  graph.dimension = 2;
  graph.output = nodes.back().id;
  graph.nodes = std::move(nodes);
  return graph;
}

constexpr int tokens = 7, rows = 3, heads = 2, width = 6, value_width = 4;
constexpr std::size_t points = tokens * rows;

Graph attention_graph() {
  return graph_of({input("q", width),
                   input("k", width),
                   input("v", value_width),
                   input("m", 1),
                   {"y", "attention", {"q", "k", "v", "m"}, {{"heads", heads}}}});
}

/// A number and its derivative along one direction.
struct Dual {
  double value = 0.0, slope = 0.0;
};
Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, a.slope + b.slope}; }
Dual operator*(const Dual& a, const Dual& b) {
  return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
Dual operator/(const Dual& a, const Dual& b) {
  const double q = a.value / b.value;
  return {q, (a.slope - q * b.slope) / b.value};
}
Dual exp(const Dual& a) {
  const double e = std::exp(a.value);
  return {e, e * a.slope};
}

/// Values and a direction, as dual numbers.
std::vector<Dual> duals(const Values& values, const Values& direction) {
  std::vector<Dual> all;
  for (std::size_t i = 0; i < values.size(); ++i) all.push_back({values[i], direction[i]});
  return all;
}

/// The closed form, of the keys that count.
std::vector<Dual> naive_attention(const std::vector<Dual>& q, const std::vector<Dual>& k,
                                  const std::vector<Dual>& v, const Values& mask) {
  std::vector<Dual> y(static_cast<std::size_t>(value_width) * points);
  const auto at = [](int c, int r, int t) {
    return static_cast<std::size_t>((c * rows + r) * tokens + t);
  };
  constexpr int d = width / heads, dv = value_width / heads;
  for (int r = 0; r < rows; ++r)
    for (int h = 0; h < heads; ++h)
      for (int i = 0; i < tokens; ++i) {
        std::vector<Dual> weight(tokens);
        Dual sum;
        for (int j = 0; j < tokens; ++j) {
          if (mask[at(0, r, j)] <= 0.5) continue;
          Dual score;
          for (int c = h * d; c < (h + 1) * d; ++c) score = score + q[at(c, r, i)] * k[at(c, r, j)];
          weight[static_cast<std::size_t>(j)] = exp(score * Dual{1.0 / std::sqrt(d), 0.0});
          sum = sum + weight[static_cast<std::size_t>(j)];
        }
        if (sum.value == 0.0) continue;
        for (int c = h * dv; c < (h + 1) * dv; ++c)
          for (int j = 0; j < tokens; ++j)
            y[at(c, r, i)] =
                y[at(c, r, i)] + weight[static_cast<std::size_t>(j)] / sum * v[at(c, r, j)];
      }
  return y;
}

/// Most tokens count; of the last sequence none does.
Values some_mask() {
  Values mask(points, 1.0);
  for (const std::size_t i : {2U, 6U, 8U, 14U, 15U, 16U, 17U, 18U, 19U, 20U}) mask[i] = 0.0;
  return mask;
}

double product(const Values& a, const Values& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TransformerOptions small() {
  TransformerOptions o;
  o.width = 8, o.heads = 2, o.hidden = 12;
  o.data_channels = 3, o.data_tokens = 4, o.data_layers = 1;
  o.symbols = 5, o.symbol_places = 6, o.symbol_layers = 1;
  o.fusion_layers = o.decoder_layers = 1;
  o.outputs = 2;
  return o;
}

} // namespace

TEST(Attention, IsTheClosedFormAndItsAdjointIsExact) {
  OneRank run(attention_graph(), tokens, rows);
  const Values q = noise(width * points, 1), k = noise(width * points, 2),
               v = noise(value_width * points, 3), mask = some_mask();
  const Values dq = noise(width * points, 4), dk = noise(width * points, 5),
               dv = noise(value_width * points, 6), gy = noise(value_width * points, 7);
  const Values y = run.forward({q, k, v, mask});
  const std::vector<Dual> exact = naive_attention(duals(q, dq), duals(k, dk), duals(v, dv), mask);
  double along = 0.0, size = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(y[i], exact[i].value, 1e-14);
    along += gy[i] * exact[i].slope;
    size += std::abs(gy[i] * exact[i].slope);
  }
  // <J x, y> = <x, J^T y>
  const std::vector<Values> g = run.backward(gy);
  EXPECT_NEAR(product(g[0], dq) + product(g[1], dk) + product(g[2], dv), along, 1e-13 * size);
  for (const double m : g[3]) EXPECT_EQ(m, 0.0);
  // Padding has no part in it.
  for (std::size_t c = 0; c < width; ++c)
    for (std::size_t p = 0; p < points; ++p) {
      const double by_key = g[1][c * points + p];
      EXPECT_TRUE(mask[p] > 0.0 || by_key == 0.0);
    }
}

/// Queries, keys and values from one node, whose gradient is written and added to.
TEST(Attention, OfANodeToItself) {
  const Graph graph = graph_of({input("x", width),
                                {"d", "dense", {"x"}, {{"units", width}}},
                                {"y", "attention", {"d", "d", "d"}, {{"heads", heads}}},
                                {"s", "add", {"y", "d"}, {}}});
  NetworkCase<double> run(PETSC_COMM_SELF, graph, {tokens, rows, 1});
  EXPECT_LE(run.parameter_gradient_error(), 1e-7);
  EXPECT_LE(run.input_gradient_error(), 1e-7);
}

TEST(Attention, CommutesWithPermutations) {
  const Graph graph = graph_of({input("x", width),
                                {"n", "layer_norm", {"x"}, {}},
                                {"q", "dense", {"n"}, {{"units", width}}},
                                {"k", "dense", {"n"}, {{"units", width}}},
                                {"v", "dense", {"n"}, {{"units", width}}},
                                {"y", "attention", {"q", "k", "v"}, {{"heads", heads}}},
                                {"s", "add", {"y", "x"}, {}}});
  OneRank run(graph, tokens, rows);
  const Values x = noise(width * points, 1);
  const std::size_t order[tokens] = {3, 0, 6, 1, 5, 2, 4};
  Values permuted(x.size());
  for (std::size_t row = 0; row < x.size() / tokens; ++row)
    for (std::size_t t = 0; t < tokens; ++t)
      permuted[row * tokens + t] = x[row * tokens + order[t]];
  const Values y = run.forward({x}), z = run.forward({permuted});
  double moved = 0.0;
  for (std::size_t row = 0; row < x.size() / tokens; ++row)
    for (std::size_t t = 0; t < tokens; ++t) {
      EXPECT_NEAR(z[row * tokens + t], y[row * tokens + order[t]], 1e-13);
      moved = std::max(moved, std::abs(z[row * tokens + t] - y[row * tokens + t]));
    }
  EXPECT_GT(moved, 0.1);
}

TEST(Softmax, IsThatOfTheChannels) {
  OneRank run(graph_of({input("x", 5), {"y", "softmax", {"x"}, {}}}), tokens, rows);
  Values x = noise(5 * points, 1);
  x[3] = 1e3; // its exponential is none
  const Values y = run.forward({x}), gy = noise(5 * points, 2), gx = run.backward(gy)[0];
  for (std::size_t p = 0; p < points; ++p) {
    double sum = 0.0, mean = 0.0, most = -HUGE_VAL;
    for (std::size_t c = 0; c < 5; ++c) most = std::max(most, x[c * points + p]);
    for (std::size_t c = 0; c < 5; ++c) sum += std::exp(x[c * points + p] - most);
    for (std::size_t c = 0; c < 5; ++c) {
      EXPECT_NEAR(y[c * points + p], std::exp(x[c * points + p] - most) / sum, 1e-15);
      mean += gy[c * points + p] * y[c * points + p];
    }
    for (std::size_t c = 0; c < 5; ++c)
      EXPECT_NEAR(gx[c * points + p], y[c * points + p] * (gy[c * points + p] - mean), 1e-15);
  }
}

TEST(Embedding, PicksRowsAndAddsToThem) {
  OneRank run(graph_of({input("x", 1), {"y", "embedding", {"x"}, {{"rows", 4}, {"channels", 3}}}}),
              4, 2);
  const Values numbers{2, 0, 2, 3, 1, 2, 9, -4}; // beyond the table: its last and first row
  const std::size_t row_of[] = {2, 0, 2, 3, 1, 2, 3, 0};
  const Values y = run.forward({numbers}), gy = noise(3 * 8, 1);
  const std::vector<Values> gx = run.backward(gy);
  Values by_rows(12, 0.0);
  for (std::size_t p = 0; p < 8; ++p)
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_EQ(y[c * 8 + p], run.parameters(row_of[p] * 3 + c));
      by_rows[row_of[p] * 3 + c] += gy[c * 8 + p];
    }
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(run.gradient(i), by_rows[i]);
  for (const double g : gx[0]) EXPECT_EQ(g, 0.0);
}

TEST(Join, PutsSequencesBehindEachOther) {
  OneRank run(graph_of({input("a", 1), input("b", 1), {"y", "join", {"a", "b"}, {{"first", 3}}}}),
              5, 2);
  EXPECT_EQ(run.forward({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {-1, -2, -3, -4, -5, -6, -7, -8, -9, 0}}),
            (Values{1, 2, 3, -1, -2, 6, 7, 8, -6, -7}));
  const std::vector<Values> g = run.backward({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  EXPECT_EQ(g[0], (Values{1, 2, 3, 0, 0, 6, 7, 8, 0, 0}));
  EXPECT_EQ(g[1], (Values{4, 5, 0, 0, 0, 9, 10, 0, 0, 0}));
}

TEST(TransformerGraph, HasTheSizeOfTheClosedForm) {
  TransformerOptions o;
  EXPECT_EQ(transformer_layer_parameters(o), 3152384);
  const auto count = [](const TransformerOptions& options) {
    // Through its text, as from a file.
    const Graph graph = graph_from_json(to_json(transformer_graph(options)), "text");
    return static_cast<std::int64_t>(resolve(graph).parameters.count());
  };
  const std::int64_t all = count(o);
  for (int TransformerOptions::*layers :
       {&TransformerOptions::data_layers, &TransformerOptions::symbol_layers,
        &TransformerOptions::fusion_layers, &TransformerOptions::decoder_layers}) {
    TransformerOptions more = o;
    ++(more.*layers);
    EXPECT_EQ(count(more) - all, 3152384);
  }
  // In front of the layers and behind them: four perceptrons of two dense layers, two tables and
  // the last normalisation of each of the four stacks.
  const std::int64_t w = 512, perceptron = w * w + w;
  const std::int64_t ends = (128 * w + w + perceptron) + 2 * (w + w + perceptron) +
                            (perceptron + w * 128 + 128) + (1000 + 256) * w + 4 * 2 * w;
  EXPECT_EQ(all, 22 * 3152384 + ends);
}

TEST(TransformerGraph, GradientsAreDerivatives) {
  for (const int symbols : {0, 5}) {
    TransformerOptions o = small();
    o.symbols = symbols;
    NetworkCase<double> run(PETSC_COMM_SELF, transformer_graph(o), {tokens, rows, 1});
    EXPECT_LE(run.parameter_gradient_error(), 1e-7);
    EXPECT_LE(run.input_gradient_error(), 1e-7);
  }
}

/// Sequences do not see each other, nor what is padding.
TEST(TransformerGraph, SequencesAreOnTheirOwn) {
  OneRank all(transformer_graph(small()), tokens, rows), one(transformer_graph(small()), tokens, 1);
  const int channels[] = {3, 1, 1, 1, 1, 1, 1};
  std::vector<Values> inputs, first;
  for (std::size_t i = 0; i < 7; ++i) {
    const auto c = static_cast<std::size_t>(channels[i]);
    inputs.push_back(noise(c * points, 20 + i));
    const bool is_mask = i == 2 || i == 5;
    if (is_mask)
      for (std::size_t p = 0; p < points; ++p) inputs[i][p] = p % tokens < 3 ? 1.0 : 0.0;
    if (i == 3 || i == 4)
      for (double& number : inputs[i]) number = std::floor(2.5 + 2.5 * number);
    first.emplace_back();
    for (std::size_t k = 0; k < c; ++k)
      for (std::size_t t = 0; t < tokens; ++t) {
        const bool is_padding = t >= 3 && i != 6 && !is_mask;
        first[i].push_back(inputs[i][k * points + t] + (is_padding ? 1.0 : 0.0));
      }
  }
  const Values y = all.forward(inputs), z = one.forward(first);
  for (std::size_t c = 0; c < 2; ++c)
    for (std::size_t t = 0; t < tokens; ++t)
      EXPECT_NEAR(y[c * points + t], z[c * tokens + t], 1e-13);
}

TEST(TransformerGraph, ModelFileAndBack) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  Model model;
  model.graph = resolve(transformer_graph(small()));
  model.parameters = parameter_buffer<float>(model.graph.parameters);
  initialise(model.graph.parameters, 5, model.parameters);
  save_model(PETSC_COMM_SELF, path, model);
  const Model back = load_model(PETSC_COMM_SELF, path);
  EXPECT_EQ(back.graph.graph, model.graph.graph);
  for (std::size_t i = 0; i < model.graph.parameters.size(); ++i)
    ASSERT_EQ(back.parameters(i), model.parameters(i)) << i;
  // One input: the sample in the file is recomputed.
  model.graph = resolve(graph_of({input("x", width),
                                  {"d", "dense", {"x"}, {{"units", width}}},
                                  {"a", "attention", {"d", "x", "d"}, {{"heads", heads}}},
                                  {"y", "join", {"a", "d"}, {{"first", 2}}}}));
  model.parameters = parameter_buffer<float>(model.graph.parameters);
  initialise(model.graph.parameters, 5, model.parameters);
  save_model(PETSC_COMM_SELF, path, model);
  EXPECT_EQ(load_model(PETSC_COMM_SELF, path).graph.graph, model.graph.graph);
}

TEST(TransformerGraph, Refusals) {
  TransformerOptions o;
  o.heads = 7;
  EXPECT_THROW(transformer_graph(o), core::Error);
  const auto refusal = [](const std::vector<Node>& nodes) -> std::string {
    try {
      static_cast<void>(resolve(graph_of(nodes), "m"));
    } catch (const core::Error& error) {
      return error.what();
    }
    return "";
  };
  const Node q = input("q", 6), k = input("k", 4), m = input("m", 2);
  EXPECT_EQ(refusal({q, k, {"y", "attention", {"q", "k", "k"}, {}}}),
            "m: node 'y' (attention): has 6 channels of queries and 4 of keys");
  EXPECT_EQ(
      refusal({q, k, {"y", "attention", {"q", "q", "k"}, {{"heads", 3}}}}),
      "m: node 'y' (attention): its 3 heads do not divide the channels of queries and values");
  EXPECT_EQ(refusal({q, m, {"y", "attention", {"q", "q", "q", "m"}, {}}}),
            "m: node 'y' (attention): its fourth input, which says what keys count, must have one "
            "channel");
  EXPECT_EQ(refusal({q, {"y", "embedding", {"q"}, {{"rows", 3}, {"channels", 2}}}}),
            "m: node 'y' (embedding): its input must have one channel, the number of a row");
  EXPECT_EQ(refusal({q, k, {"y", "join", {"q", "k"}, {{"first", 1}}}}),
            "m: node 'y' (join): its inputs differ in grid or number of channels");
}
