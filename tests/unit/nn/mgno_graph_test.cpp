// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The multigrid neural operator: its published sizes, the textbook cycle with given weights, its
// symmetries at every boundary, its linearity, its gradient and the same bits on any cut.
#include "network_case.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/directions/direction_graph.hpp>
#include <linnet/nn/directions/mgno_direction_graph.hpp>
#include <linnet/nn/fields/mgno_graph.hpp>

#include <gtest/gtest.h>

#include <numbers>

using namespace linnet;
using linnet::test::NetworkCase;
using nn::Coarsening;
using nn::MgnoNorm;
using nn::MgnoOptions;
using nn::Padding;

namespace {

MgnoOptions darcy(int points, int layers) {
  MgnoOptions o;
  o.points = {points, points, 1};
  o.layers = layers;
  o.channels.assign(6, 24);
  o.steps = {{1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}, {2, 0}};
  return o;
}

MgnoOptions pipe() {
  MgnoOptions o = darcy(128, 5);
  o.in = 2;
  o.steps[4] = {1, 1};
  return o;
}

MgnoOptions navier_stokes() {
  MgnoOptions o;
  o.padding = Padding::periodic;
  o.points = {64, 64, 1};
  o.layers = 5;
  o.channels.assign(5, 32);
  o.steps = {{1, 0}, {1, 0}, {1, 0}, {2, 0}, {2, 0}};
  o.bias = o.increment = true;
  o.skip = false;
  o.norm = MgnoNorm::correction;
  return o;
}

MgnoOptions helmholtz() {
  MgnoOptions o;
  o.padding = Padding::reflect;
  o.coarsening = Coarsening::odd;
  o.points = {101, 101, 1};
  o.channels = {20, 40, 60, 80, 100};
  o.steps = {{1, 0}, {1, 0}, {1, 0}, {1, 0}, {2, 0}};
  o.bias = o.first_operator = o.cycle_head = true;
  o.skip = false;
  o.norm = MgnoNorm::cycle;
  return o;
}

std::size_t parameters_of(const MgnoOptions& o) {
  return nn::resolve(nn::mgno_graph(o)).parameters.count();
}

/// A small network for what holds for all.
MgnoOptions small(int dimension, Padding padding) {
  MgnoOptions o;
  o.dimension = dimension;
  o.padding = padding;
  o.points = {16, 16, dimension == 2 ? 1 : 16};
  o.layers = 2;
  o.channels = {3, 3, 3};
  o.steps = {{1, 1}, {1, 0}, {2, 0}};
  return o;
}

/// One cycle of one channel, whose blocks get @p values; applied to @p f, all on this rank.
class CycleOfOneChannel {
public:
  CycleOfOneChannel(MgnoOptions o,
                    const std::function<std::vector<double>(const std::string&)>& values)
      : points_(o.points), graph_(nn::resolve(graph_of(o))),
        domain_(PETSC_COMM_SELF,
                nn::Domain::exact_cut(o.points, graph_.levels, o.padding, o.coarsening, 1),
                graph_.levels, o.padding, o.coarsening),
        network_(graph_, domain_, nn::NetworkMode::inference),
        parameters_(nn::parameter_buffer<double>(graph_.parameters)) {
    for (const nn::ParameterBlock& block : graph_.parameters.blocks()) {
      const std::vector<double> weights = values(block.name);
      EXPECT_EQ(weights.size(), block.size()) << block.name;
      for (std::size_t i = 0; i < block.size(); ++i) parameters_(block.offset + i) = weights[i];
    }
  }

  std::vector<double> apply(const std::vector<double>& f) {
    const kernels::Tensor<double>& x = network_.input();
    for (int j = 0; j < points_[1]; ++j)
      for (int i = 0; i < points_[0]; ++i)
        x.origin()[i + j * x.layout.pitch_y] = f[static_cast<std::size_t>(i + j * points_[0])];
    network_.forward(parameters_);
    const kernels::Tensor<double>& y = network_.output();
    std::vector<double> result;
    for (int j = 0; j < points_[1]; ++j)
      for (int i = 0; i < points_[0]; ++i) result.push_back(y.origin()[i + j * y.layout.pitch_y]);
    return result;
  }

private:
  /// The first cycle of the network alone.
  static nn::Graph graph_of(MgnoOptions& o) {
    o.channels.assign(o.steps.size(), 1);
    o.layers = 1;
    o.skip = false;
    nn::Graph graph = nn::mgno_graph(o);
    while (graph.nodes.back().op != "gelu") graph.nodes.pop_back();
    graph.output = graph.nodes.back().in[0];
    graph.nodes.pop_back();
    return graph;
  }
  core::Index3 points_;
  nn::ResolvedGraph graph_;
  nn::Domain domain_;
  nn::Network<double> network_;
  kernels::Array<double> parameters_;
};

// --- An independent V-cycle on matrices that are formed entry by entry. ---

using Dense = std::vector<std::vector<double>>;

Dense zeros(std::size_t rows, std::size_t columns) {
  return Dense(rows, std::vector<double>(columns));
}

std::vector<double> operator*(const Dense& a, const std::vector<double>& x) {
  std::vector<double> y(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += a[i][j] * x[j];
  return y;
}

Dense product(const Dense& a, const Dense& b) {
  Dense c = zeros(a.size(), b[0].size());
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < b.size(); ++k)
      if (a[i][k] != 0.0)
        for (std::size_t j = 0; j < b[0].size(); ++j) c[i][j] += a[i][k] * b[k][j];
  return c;
}

Dense transposed(const Dense& a) {
  Dense t = zeros(a[0].size(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a[0].size(); ++j) t[j][i] = a[i][j];
  return t;
}

const std::vector<double> laplace{0, -1, 0, -1, 4, -1, 0, -1, 0};

/// The five-point matrix of n x n interior points.
Dense laplacian(int n) {
  Dense a = zeros(static_cast<std::size_t>(n * n), static_cast<std::size_t>(n * n));
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i)
      for (int t = 0; t < 9; ++t) {
        const int x = i + t % 3 - 1, y = j + t / 3 - 1;
        if (x >= 0 && x < n && y >= 0 && y < n)
          a[static_cast<std::size_t>(i + j * n)][static_cast<std::size_t>(x + y * n)] =
              laplace[static_cast<std::size_t>(t)];
      }
  return a;
}

/// Bilinear interpolation from m x m to (2m+1) x (2m+1) interior points.
Dense interpolation(int m) {
  const int n = 2 * m + 1;
  Dense p = zeros(static_cast<std::size_t>(n * n), static_cast<std::size_t>(m * m));
  for (int j = 0; j < m; ++j)
    for (int i = 0; i < m; ++i)
      for (int t = 0; t < 9; ++t) {
        const int dx = t % 3 - 1, dy = t / 3 - 1;
        p[static_cast<std::size_t>(2 * i + 1 + dx + (2 * j + 1 + dy) * n)]
         [static_cast<std::size_t>(i + j * m)] = (dx == 0 ? 1.0 : 0.5) * (dy == 0 ? 1.0 : 0.5);
      }
  return p;
}

/// V(1,1) with damped Jacobi 1/5 = 0.8/4 of the stencil's own diagonal on every grid, and the same
/// operator on all of them: what the layer can hold, whose kernels are constant over a grid.
std::vector<double> v_cycle(int n, int level, int levels, const std::vector<double>& f) {
  const Dense a = laplacian(n);
  const double omega = 0.2;
  std::vector<double> u = f;
  for (double& v : u) v *= omega;
  const auto residual = [&] {
    std::vector<double> r = a * u;
    for (std::size_t i = 0; i < r.size(); ++i) r[i] = f[i] - r[i];
    return r;
  };
  const auto smooth = [&] {
    const std::vector<double> r = residual();
    for (std::size_t i = 0; i < r.size(); ++i) u[i] += omega * r[i];
  };
  if (level == levels - 1) {
    smooth();
    return u;
  }
  const Dense p = interpolation(n / 2);
  const std::vector<double> e = p * v_cycle(n / 2, level + 1, levels, transposed(p) * residual());
  for (std::size_t i = 0; i < u.size(); ++i) u[i] += e[i];
  smooth();
  return u;
}

std::vector<double> textbook_weights(const std::string& name) {
  const std::string what = name.substr(name.find('.') + 1);
  if (what.starts_with("S")) return {0, 0, 0, 0, 0.2, 0, 0, 0, 0};
  if (what.starts_with("A")) return laplace;
  return {0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25}; // R, and P, its transpose
}

std::vector<double> random_field(std::size_t n, std::uint64_t seed) {
  std::vector<double> f;
  for (std::size_t i = 0; i < n; ++i) f.push_back(core::RandomStream(seed, 0).normal(i));
  return f;
}

double largest(const std::vector<double>& x) {
  double most = 0.0;
  for (const double v : x) most = std::max(most, std::abs(v));
  return most;
}

} // namespace

TEST(MgnoGraph, PublishedSizes) {
  EXPECT_EQ(parameters_of(darcy(256, 4)), 572661u);
  EXPECT_EQ(parameters_of(darcy(211, 5)), 678093u);
  EXPECT_EQ(parameters_of(pipe()), 783876u);
  EXPECT_EQ(parameters_of(navier_stokes()), 2885194u);
  EXPECT_EQ(parameters_of(helmholtz()), 5351806u);
}

TEST(MgnoGraph, GridsOfThePublishedNetworks) {
  const auto chain = [](const MgnoOptions& o) {
    std::vector<int> list;
    for (int l = 0; l < static_cast<int>(o.channels.size()); ++l)
      list.push_back(nn::Domain::coarse_points(o.points, l, o.padding, o.coarsening)[0]);
    return list;
  };
  EXPECT_EQ(chain(darcy(256, 4)), (std::vector{256, 128, 64, 32, 16, 8}));
  EXPECT_EQ(chain(darcy(211, 5)), (std::vector{211, 106, 53, 27, 14, 7}));
  EXPECT_EQ(chain(helmholtz()), (std::vector{101, 50, 24, 11, 5}));
  EXPECT_THROW(
      static_cast<void>(nn::Domain::coarse_points({5, 5, 1}, 3, Padding::zero, Coarsening::odd)),
      core::Error);
}

// W with the kernels of a textbook cycle is that cycle.
TEST(MgnoGraph, HoldsTheTextbookCycle) {
  MgnoOptions o;
  o.coarsening = Coarsening::odd;
  o.points = {31, 31, 1};
  o.steps = {{1, 1}, {1, 1}, {2, 0}};
  o.restrict_residual = true;
  CycleOfOneChannel cycle(o, textbook_weights);
  const std::vector<double> f = random_field(31 * 31, 1);
  const std::vector<double> u = cycle.apply(f), expected = v_cycle(31, 0, 3, f);
  for (std::size_t i = 0; i < u.size(); ++i)
    ASSERT_NEAR(u[i], expected[i], 1e-13 * largest(expected)) << i;
}

// Without Pi and with the right-hand side restricted, it is the additive multilevel operator, the
// sum of P_l S_l P_l^T.
TEST(MgnoGraph, HoldsTheAdditiveCycle) {
  MgnoOptions o;
  o.coarsening = Coarsening::odd;
  o.points = {31, 31, 1};
  o.steps = {{1, 0}, {1, 0}, {1, 0}};
  CycleOfOneChannel cycle(o, [](const std::string& name) {
    const std::string what = name.substr(name.find('.') + 1);
    if (what.starts_with("Pi") || what.starts_with("A")) return std::vector<double>(9);
    return textbook_weights(name);
  });
  const std::vector<double> f = random_field(31 * 31, 2);
  const std::vector<double> u = cycle.apply(f);
  std::vector<double> expected(f.size());
  Dense p = zeros(f.size(), f.size());
  for (std::size_t i = 0; i < f.size(); ++i) p[i][i] = 1.0;
  for (int n = 31;; n /= 2) {
    const std::vector<double> part = p * (transposed(p) * f);
    for (std::size_t i = 0; i < part.size(); ++i) expected[i] += 0.2 * part[i];
    if (n == 7) break;
    p = product(p, interpolation(n / 2));
  }
  for (std::size_t i = 0; i < u.size(); ++i)
    ASSERT_NEAR(u[i], expected[i], 1e-13 * largest(expected)) << i;
}

// Sine modes for zero padding of interior points, cosine modes for reflection at boundary points
// are eigenvectors of kernels that are even in each direction, S and A of any cycle.
TEST(MgnoGraph, SmootherKeepsTheModesOfTheBoundary) {
  const int n = 15;
  for (const Padding padding : {Padding::zero, Padding::reflect}) {
    MgnoOptions o;
    o.padding = padding;
    o.points = {n, n, 1};
    o.steps = {{3, 0}};
    CycleOfOneChannel cycle(o, [](const std::string& name) {
      return name.find(".S") != std::string::npos
                 ? std::vector<double>{0.03, 0.05, 0.03, -0.07, 0.3, -0.07, 0.03, 0.05, 0.03}
                 : std::vector<double>{-0.1, -0.4, -0.1, -0.9, 3, -0.9, -0.1, -0.4, -0.1};
    });
    for (const std::array<int, 2> k : {std::array{1, 1}, std::array{3, 8}, std::array{0, 5}}) {
      std::vector<double> f;
      const auto mode = [&](int wave, int i) {
        return padding == Padding::zero
                   ? std::sin(std::numbers::pi * (wave + 1) * (i + 1) / (n + 1))
                   : std::cos(std::numbers::pi * wave * i / (n - 1));
      };
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i) f.push_back(mode(k[0], i) * mode(k[1], j));
      const std::vector<double> u = cycle.apply(f);
      std::size_t peak = 0;
      for (std::size_t i = 0; i < f.size(); ++i)
        if (std::abs(f[i]) > std::abs(f[peak])) peak = i;
      const double eigenvalue = u[peak] / f[peak];
      for (std::size_t i = 0; i < u.size(); ++i) ASSERT_NEAR(u[i], eigenvalue * f[i], 1e-14);
    }
  }
}

// On the torus the cycle commutes with the shifts of its coarsest grid, through P as well.
TEST(MgnoGraph, CommutesWithShiftsOnTheTorus) {
  const int n = 16, shift = 4;
  MgnoOptions o;
  o.padding = Padding::periodic;
  o.points = {n, n, 1};
  o.steps = {{1, 1}, {1, 0}, {2, 0}};
  std::uint64_t block = 0;
  CycleOfOneChannel cycle(o, [&](const std::string& name) {
    return random_field(
        name.find(".P") != std::string::npos && name.find("Pi") == std::string::npos ? 16 : 9,
        100 + block++);
  });
  const std::vector<double> f = random_field(n * n, 3);
  std::vector<double> moved(f.size());
  const auto at = [&](int i, int j) { return static_cast<std::size_t>(i % n + j % n * n); };
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) moved[at(i + shift, j + 2 * shift)] = f[at(i, j)];
  const std::vector<double> u = cycle.apply(f), v = cycle.apply(moved);
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i)
      ASSERT_NEAR(v[at(i + shift, j + 2 * shift)], u[at(i, j)], 1e-13 * largest(u));
}

TEST(MgnoGraph, CycleIsLinear) {
  MgnoOptions o;
  o.points = {16, 16, 1};
  o.steps = {{1, 1}, {1, 0}, {2, 0}};
  std::uint64_t block = 0;
  CycleOfOneChannel cycle(o, [&](const std::string& name) {
    const bool is_p = name.find(".P") != std::string::npos && name.find("Pi") == std::string::npos;
    return random_field(is_p ? 16 : 9, 200 + block++);
  });
  const std::vector<double> f = random_field(256, 4), g = random_field(256, 5);
  std::vector<double> both;
  for (std::size_t i = 0; i < f.size(); ++i) both.push_back(2.0 * f[i] - 0.5 * g[i]);
  const std::vector<double> u = cycle.apply(f), v = cycle.apply(g), w = cycle.apply(both);
  for (std::size_t i = 0; i < u.size(); ++i)
    ASSERT_NEAR(w[i], 2.0 * u[i] - 0.5 * v[i], 1e-13 * largest(w));
}

TEST(MgnoGraph, AnyCutGivesTheSameBits) {
  for (const int dimension : {2, 3})
    for (const Padding padding : {Padding::zero, Padding::reflect, Padding::periodic})
      for (const MgnoNorm norm : {MgnoNorm::none, MgnoNorm::correction}) {
        MgnoOptions o = small(dimension, padding);
        o.points[0] = 32;
        o.norm = norm;
        o.bias = true;
        SCOPED_TRACE(nn::name_of(padding));
        NetworkCase<float> cut(PETSC_COMM_WORLD, nn::mgno_graph(o), o.points),
            whole(PETSC_COMM_SELF, nn::mgno_graph(o), o.points);
        cut.run();
        whole.run();
        EXPECT_EQ(cut.difference_of_outputs(whole), 0.0);
        EXPECT_EQ(cut.difference_of_input_gradients(whole), 0.0);
        // Sums of up to 8192 points in another order.
        EXPECT_LE(cut.relative_difference_of_parameter_gradients(whole), 1e-5);
      }
}

TEST(MgnoGraph, GradientIsTheDerivative) {
  for (const bool residual : {false, true})
    for (const int points : {16, 19}) {
      MgnoOptions o = small(2, Padding::reflect);
      o.points = {points, points, 1};
      o.restrict_residual = residual;
      o.bias = o.cycle_head = o.increment = true;
      o.norm = MgnoNorm::cycle;
      NetworkCase<double> net(PETSC_COMM_SELF, nn::mgno_graph(o), o.points);
      EXPECT_LE(net.parameter_gradient_error(), 1e-7);
      EXPECT_LE(net.input_gradient_error(), 1e-7);
    }
}

TEST(MgnoGraph, RefusesInOneLine) {
  const auto refused = [](const MgnoOptions& o) {
    try {
      static_cast<void>(nn::mgno_graph(o));
    } catch (const core::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused(small(3, Padding::zero)), "");
  MgnoOptions o = small(2, Padding::zero);
  o.channels = {4, 6, 8};
  EXPECT_NE(refused(o).find("multiples"), std::string::npos);
  o = small(2, Padding::zero);
  o.steps.pop_back();
  EXPECT_NE(refused(o).find("one entry for each grid"), std::string::npos);
  o = small(2, Padding::zero);
  o.points = {16, 17, 1};
  EXPECT_NE(refused(o).find("both even or both odd"), std::string::npos);
  o = small(2, Padding::zero);
  o.steps[2] = {1, 1};
  EXPECT_NE(refused(o).find("coarsest"), std::string::npos);
}

TEST(MgnoDirectionGraph, TakesResidualAndRows) {
  nn::MgnoOptions options;
  options.points = {21, 13, 1};
  options.channels = {4, 4, 4};
  options.steps = {{1, 1}, {1, 1}, {2, 0}};
  options.restrict_residual = true;
  const nn::Graph direction = nn::mgno_direction_graph(options);
  const nn::ResolvedGraph graph = nn::resolve(direction);
  EXPECT_NO_THROW(nn::require_direction_graph(graph, "mgno"));
  EXPECT_EQ(nn::matrix_view(graph), nn::MatrixView::rows);
  // The same operator, on three channels.
  options.in = 3;
  EXPECT_EQ(graph.parameters.count(), nn::resolve(nn::mgno_graph(options)).parameters.count());
  NetworkCase<double> net(PETSC_COMM_WORLD, direction, options.points);
  EXPECT_LE(net.parameter_gradient_error(), 1e-7);
  EXPECT_LE(net.input_gradient_error(), 1e-7);
  options.increment = true;
  EXPECT_THROW(static_cast<void>(nn::mgno_direction_graph(options)), core::Error);
}
