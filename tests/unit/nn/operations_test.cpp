// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What single operations compute, against closed forms and naive loops.
#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/nn/network/network.hpp>

#include <petscsys.h>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace linnet;
using nn::Node;
using nn::Padding;

namespace {

/// A graph on this rank's own grid. All arrays are (channel, z, y, x) row-major.
class OneRank {
public:
  OneRank(int dimension, Padding padding, const std::vector<Node>& nodes,
          const core::Index3& points)
      : graph_(nn::resolve({dimension, padding, nn::Coarsening::even, nodes, nodes.back().id})),
        domain_(PETSC_COMM_SELF, nn::Domain::cut(points, graph_.levels, padding, 1), graph_.levels,
                padding),
        network_(graph_, domain_, nn::NetworkMode::adjoint),
        parameters(nn::parameter_buffer<double>(graph_.parameters)),
        gradient(nn::parameter_buffer<double>(graph_.parameters)) {}

  std::vector<double> forward(const std::vector<std::vector<double>>& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) set(network_.input(i), inputs[i]);
    network_.forward(parameters);
    return get(network_.output());
  }
  /// The gradient by input number @p number, after forward().
  std::vector<double> backward(const std::vector<double>& of_output, std::size_t number = 0) {
    set(network_.output_gradient(), of_output);
    Kokkos::deep_copy(gradient, 0.0);
    network_.backward(parameters, gradient);
    return get(network_.input_gradient(number));
  }
  [[nodiscard]] std::size_t offset(std::size_t block) const {
    return graph_.parameters.blocks()[block].offset;
  }

private:
  template <class Use>
  static void visit(const kernels::Tensor<double>& t, const Use& use) {
    const kernels::Layout& l = t.layout;
    std::size_t number = 0;
    for (int c = 0; c < t.channels; ++c)
      for (int k = 0; k < l.n[2]; ++k)
        for (int j = 0; j < l.n[1]; ++j)
          for (int i = 0; i < l.n[0]; ++i)
            use(number++, t.origin(c)[i + j * l.pitch_y + k * l.pitch_z]);
  }
  static void set(const kernels::Tensor<double>& t, const std::vector<double>& values) {
    visit(t, [&](std::size_t q, double& v) { v = values.at(q); });
  }
  static std::vector<double> get(const kernels::Tensor<double>& t) {
    std::vector<double> values;
    visit(t, [&](std::size_t, double& v) { values.push_back(v); });
    return values;
  }

  nn::ResolvedGraph graph_;
  nn::Domain domain_;
  nn::Network<double> network_;

public:
  kernels::Array<double> parameters, gradient;
};

std::vector<double> noise(std::size_t count, std::uint64_t stream) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(core::RandomStream(3, stream).normal(i));
  return values;
}

Node input(const char* id = "x", int channels = 1) {
  return {id, "input", {}, {{"channels", channels}}};
}

using Values = std::vector<double>;

} // namespace

TEST(Operations, MaxPoolSendsTheGradientToTheFirstLargestChild) {
  OneRank run(2, Padding::zero, {input(), {"y", "max_pool", {"x"}, {}}}, {4, 4, 1});
  EXPECT_EQ(run.forward({{1, 7, -3, -1, //
                          7, 2, -1, -1, //
                          4, 4, 0, 0,   //
                          4, 4, 0, 5}}),
            (Values{7, -1, 4, 5}));
  EXPECT_EQ(run.backward({1, 2, 3, 4}), (Values{0, 1, 0, 2, //
                                                0, 0, 0, 0, //
                                                3, 0, 0, 0, //
                                                0, 0, 0, 4}));
}

TEST(Operations, MaxPoolInThreeDimensions) {
  OneRank run(3, Padding::zero, {input("x", 2), {"y", "max_pool", {"x"}, {}}}, {20, 6, 4});
  const Values x = noise(2 * 20 * 6 * 4, 1), y = run.forward({x}), gx = run.backward(noise(240, 2));
  const Values gy = noise(240, 2);
  std::size_t q = 0;
  for (std::size_t plane = 0; plane < 4; ++plane) // of both channels
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t i = 0; i < 10; ++i, ++q) {
        double largest = -HUGE_VAL, sent = 0.0;
        for (std::size_t c = 0; c < 8; ++c) {
          const std::size_t at = ((2 * plane + c / 4) * 6 + 2 * j + c / 2 % 2) * 20 + 2 * i + c % 2;
          largest = std::max(largest, x[at]);
          EXPECT_EQ(gx[at], x[at] == y[q] ? gy[q] : 0.0);
          sent += gx[at];
        }
        EXPECT_EQ(y[q], largest);
        EXPECT_EQ(sent, gy[q]);
      }
}

TEST(Operations, UpsampleLinearRepeatsTheBorder) {
  const std::vector<Node> nodes{{"x", "input", {}, {{"level", 1}}},
                                {"y", "upsample_linear", {"x"}, {}}};
  const Values x{1, 2, 5, 9}, y{1, 1.25, 1.75, 2.75, 4.25, 6, 8, 9};
  for (const Padding padding : {Padding::zero, Padding::reflect}) {
    OneRank run(1, padding, nodes, {8, 1, 1});
    EXPECT_EQ(run.forward({x}), y);
    EXPECT_EQ(run.backward({1, 0, 0, 0, 0, 0, 0, 0}), (Values{1, 0, 0, 0}));
    EXPECT_EQ(run.backward({0, 0, 1, 0, 0, 0, 0, 0}), (Values{0.25, 0.75, 0, 0}));
  }
  OneRank run(1, Padding::periodic, nodes, {8, 1, 1});
  Values wrapped = y;
  wrapped.front() = 3; // 3/4 1 + 1/4 9
  wrapped.back() = 7;
  EXPECT_EQ(run.forward({x}), wrapped);
  EXPECT_EQ(run.backward({1, 0, 0, 0, 0, 0, 0, 0}), (Values{0.75, 0, 0, 0.25}));
}

TEST(Operations, UpsampleLinearIsExactForLinearFunctions) {
  OneRank run(3, Padding::zero,
              {{"x", "input", {}, {{"level", 1}}}, {"y", "upsample_linear", {"x"}, {}}},
              {40, 8, 12});
  // Of the places of the centres, in units of the fine grid.
  const auto f = [](double x, double y, double z) { return 3.0 + x - 5.0 * y + 0.5 * z; };
  Values coarse;
  for (int k = 0; k < 6; ++k)
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i < 20; ++i) coarse.push_back(f(2 * i + 0.5, 2 * j + 0.5, 2 * k + 0.5));
  const Values y = run.forward({coarse});
  for (int k = 1; k < 11; ++k)
    for (int j = 1; j < 7; ++j)
      for (int i = 1; i < 39; ++i)
        EXPECT_NEAR(y[static_cast<std::size_t>((k * 8 + j) * 40 + i)], f(i, j, k), 1e-13);
}

TEST(Operations, LayerNormOfEachPoint) {
  constexpr std::size_t points = 21 * 3, channels = 5;
  OneRank run(2, Padding::zero, {input("x", channels), {"y", "layer_norm", {"x"}, {}}}, {21, 3, 1});
  const Values x = noise(channels * points, 1);
  double* gamma = run.parameters.data() + run.offset(0);
  double* beta = run.parameters.data() + run.offset(1);
  for (std::size_t c = 0; c < channels; ++c)
    gamma[c] = 0.5 + static_cast<double>(c), beta[c] = -2.0 * static_cast<double>(c);
  const Values y = run.forward({x}), gy = noise(channels * points, 2);
  static_cast<void>(run.backward(gy));
  Values by_gamma(channels, 0.0), by_beta(channels, 0.0);
  for (std::size_t p = 0; p < points; ++p) {
    double mean = 0.0, variance = 0.0;
    for (std::size_t c = 0; c < channels; ++c) mean += x[c * points + p] / channels;
    for (std::size_t c = 0; c < channels; ++c)
      variance += std::pow(x[c * points + p] - mean, 2) / channels;
    for (std::size_t c = 0; c < channels; ++c) {
      const double xh = (x[c * points + p] - mean) / std::sqrt(variance + 1e-5);
      EXPECT_NEAR(y[c * points + p], gamma[c] * xh + beta[c], 1e-13);
      by_gamma[c] += gy[c * points + p] * xh;
      by_beta[c] += gy[c * points + p];
    }
  }
  for (std::size_t c = 0; c < channels; ++c) {
    EXPECT_NEAR(run.gradient(run.offset(0) + c), by_gamma[c], 1e-12);
    EXPECT_NEAR(run.gradient(run.offset(1) + c), by_beta[c], 1e-12);
  }
}

TEST(Operations, StencilReadsItsOwnCoefficients) {
  constexpr int nx = 19, ny = 5, nz = 3, points = nx * ny * nz;
  OneRank run(3, Padding::zero, {input(), input("k", 27), {"y", "stencil", {"x", "k"}, {}}},
              {nx, ny, nz});
  const Values x = noise(points, 1), k = noise(27 * points, 2), y = run.forward({x, k});
  for (int p = 0; p < points; ++p) {
    double sum = 0.0;
    for (int o = 0; o < 27; ++o) {
      const int i = p % nx + o % 3 - 1, j = p / nx % ny + o / 3 % 3 - 1,
                l = p / nx / ny + o / 9 - 1;
      if (i >= 0 && i < nx && j >= 0 && j < ny && l >= 0 && l < nz)
        sum += k[static_cast<std::size_t>(o * points + p)] *
               x[static_cast<std::size_t>((l * ny + j) * nx + i)];
    }
    EXPECT_NEAR(y[static_cast<std::size_t>(p)], sum, 1e-13);
  }
}

TEST(Operations, ConcatAndMultiply) {
  const std::vector<Node> nodes{input("a", 1),
                                input("b", 2),
                                {"c", "concat", {"a", "b"}, {}},
                                {"y", "multiply", {"c", "a"}, {}}};
  OneRank run(1, Padding::zero, nodes, {2, 1, 1});
  const std::vector<Values> inputs{{2, 3}, {5, 7, 11, 13}};
  EXPECT_EQ(run.forward(inputs), (Values{4, 9, 10, 21, 22, 39}));
  EXPECT_EQ(run.backward({1, 1, 0, 0, 1, 2}, 1), (Values{0, 0, 2, 6}));
  static_cast<void>(run.forward(inputs));
  // By a: as the first channel of c, and as the factor of all three.
  EXPECT_EQ(run.backward({1, 1, 0, 0, 1, 2}, 0), (Values{4 + 11, 6 + 26}));
}

TEST(Operations, GlobalMean) {
  OneRank run(2, Padding::zero, {input("x", 2), {"y", "global_mean", {"x"}, {}}}, {3, 2, 1});
  // Sums of integers are exact, whatever their size.
  const Values x{1, 2, 3, 4, 5, -6, 1e300, 0, 0, 0, 0, -1e300};
  const Values y = run.forward({x});
  for (std::size_t p = 0; p < 6; ++p) {
    EXPECT_EQ(y[p], 9.0 / 6.0);
    EXPECT_EQ(y[6 + p], 0.0);
  }
  const Values infinite{1, 2, HUGE_VAL, 4, 5, 6, 1, 1, 1, 1, 1, 1}, z = run.forward({infinite});
  EXPECT_TRUE(std::isnan(z[0]));
  EXPECT_EQ(z[6], 1.0);
}

TEST(Operations, WrongInputsAreRefused) {
  const auto refusal = [](Padding padding, const std::vector<Node>& nodes) -> std::string {
    try {
      static_cast<void>(
          nn::resolve({2, padding, nn::Coarsening::even, nodes, nodes.back().id}, "m"));
    } catch (const core::Error& error) {
      return error.what();
    }
    return "";
  };
  const Node x = input(), nine = input("k", 9), coarse{"c", "avg_pool", {"x"}, {}};
  const Node stencil{"y", "stencil", {"x", "k"}, {}};
  EXPECT_EQ(refusal(Padding::zero, {x, nine, stencil}), "");
  EXPECT_EQ(refusal(Padding::reflect, {x, nine, stencil}),
            "m: node 'y' (stencil): needs padding zero or periodic");
  EXPECT_EQ(
      refusal(Padding::zero, {x, input("k", 27), stencil}),
      "m: node 'y' (stencil): needs an input of one channel and one of 9 channels on the same "
      "grid");
  EXPECT_EQ(refusal(Padding::zero, {x, coarse, {"y", "concat", {"x", "c"}, {}}}),
            "m: node 'y' (concat): its inputs differ in grid");
  EXPECT_EQ(refusal(Padding::zero, {x, nine, {"y", "multiply", {"x", "k"}, {}}}),
            "m: node 'y' (multiply): its second input must have the grid of the first, and as many "
            "channels or one");
}
