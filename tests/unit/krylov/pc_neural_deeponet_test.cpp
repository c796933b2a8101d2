// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A DeepONet as the network of `neural`: what it predicts on the grid that it was trained on, alike
// on any number of ranks; and what it costs where it is no good.
#include "neural_case.hpp"

#include <linnet/krylov/guess_operator.hpp>
#include <linnet/krylov/sensor_transfer.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/deeponet/deeponet_graph.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using core::Index3;
using core::Owned;
using grid::GridPoints;
using krylov::SensorKind;
using test::DiffusionCase;
using test::expect_contains;
using test::grid_of;
using test::NeuralCase;
using test::Outcome;
using test::solve;

namespace {

nn::DeepONetOptions options_of(int sensors, int dimension = 2) {
  nn::DeepONetOptions o;
  o.sensors = sensors, o.coordinates = dimension;
  o.branch = {9}, o.trunk = {10, 6};
  o.branch_activation = o.trunk_activation = kernels::Activation::tanh;
  o.bias = false;
  o.zero_sides = (1 << 2 * dimension) - 1;
  return o;
}

nn::Model model_of(const nn::DeepONetOptions& o, double factor = 1.0) {
  nn::Model model = test::random_model(nn::deeponet_graph(o));
  for (std::size_t i = 0; i < model.graph.parameters.count(); ++i)
    model.parameters(i) *= static_cast<float>(factor);
  // Means and deviations of sensors, as training has them.
  const auto m = static_cast<std::size_t>(o.sensors);
  std::vector<double> means(m), deviations(m);
  for (std::size_t i = 0; i < m; ++i)
    means[i] = 0.1 * static_cast<double>(i % 3),
    deviations[i] = 0.5 + 0.01 * static_cast<double>(i % 7);
  model.normalisation.input = {
      nn::NormaliserKind::channel, o.sensors, {1, 1, 1}, means, deviations};
  return model;
}

std::vector<double> values_on(const Index3& n, std::uint64_t seed, double least = -1.0) {
  const core::RandomStream random(seed, 0);
  std::vector<double> values(static_cast<std::size_t>(core::volume(n)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = least + 2.0 * random.uniform(i);
  return values;
}

/// Fields of inner points on all nodes, constant beyond the outermost ones.
std::vector<double> extended(const std::vector<double>& inner, const Index3& n) {
  std::vector<double> all;
  for (int j = 0; j < n[1] + 2; ++j)
    for (int i = 0; i < n[0] + 2; ++i)
      all.push_back(inner[static_cast<std::size_t>(std::clamp(i - 1, 0, n[0] - 1) +
                                                   n[0] * std::clamp(j - 1, 0, n[1] - 1))]);
  return all;
}

double rms(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

void compose(const NeuralCase& c, const std::vector<double>& natural) {
  const Owned<Vec> k = c.vector(natural);
  LINNET_CHECK(PetscObjectCompose(reinterpret_cast<PetscObject>(c.matrix()),
                                  krylov::coefficient_key, reinterpret_cast<PetscObject>(k.get())));
}

/// What the network makes of @p k, which may be empty, and @p f at all nodes, at the inner ones.
std::vector<double> predicted(const nn::Model& model, const std::vector<double>& k,
                              const std::vector<double>& f, const Index3& n) {
  nn::DeepONet network(model);
  const double size = rms(f);
  std::vector<double> inputs = k, points, values(static_cast<std::size_t>(core::volume(n)));
  for (const double v : f) inputs.push_back(v / size);
  for (int j = 0; j < n[1]; ++j)
    for (int i = 0; i < n[0]; ++i)
      for (const double x : {(i + 1.0) / (n[0] + 1), (j + 1.0) / (n[1] + 1)}) points.push_back(x);
  network.evaluate(inputs, points, values);
  for (double& v : values) v *= size;
  return values;
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  double largest = 0.0, error = 0.0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    largest = std::max(largest, std::abs(b[i]));
    error = std::max(error, std::abs(a[i] - b[i]));
  }
  EXPECT_GT(largest, 0.0);
  EXPECT_LE(error, tolerance * largest);
}

class PcNeuralDeepONet : public ::testing::Test {
protected:
  std::string file(const nn::Model& model) {
    const std::string path = scratch_ / "model.h5";
    nn::save_model(PETSC_COMM_WORLD, path, model);
    return path;
  }
  test::Scratch scratch_;
};

} // namespace

// Rows are integrals over cells of (1/8)^2; single precision.
TEST_F(PcNeuralDeepONet, PredictsAsOnTheGridThatItWasTrainedOn) {
  const Index3 n{7, 7, 1};
  const double volume = 1.0 / 64;
  std::vector<double> k = values_on(n, 1, 0.5), r = values_on(n, 2), f = r;
  for (double& v : f) v /= volume;
  f = extended(f, n);
  for (const int fields : {1, 2}) {
    const nn::Model model = model_of(options_of(fields * 81));
    const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, n), file(model));
    compose(c, k);
    LINNET_CHECK(krylov::PCNeuralSetPoints(c.pc(), GridPoints::inner_nodes));
    const std::vector<double> at_nodes = fields == 2 ? extended(k, n) : std::vector<double>();
    const std::vector<double> expected = predicted(model, at_nodes, f, n);
    expect_near(c.direction(r), expected, 2e-6);
    // Odd: half the difference.
    LINNET_CHECK(krylov::PCNeuralSetOdd(c.pc(), PETSC_TRUE));
    std::vector<double> minus = f, odd = expected;
    for (double& v : minus) v = -v;
    const std::vector<double> other = predicted(model, at_nodes, minus, n);
    for (std::size_t i = 0; i < odd.size(); ++i) odd[i] = 0.5 * (odd[i] - other[i]);
    expect_near(c.direction(r), odd, 2e-6);
  }
}

// KSPGuess: the multiple of its prediction for b, and for the coefficient that the matrix carries
// now, that leaves the least residual.
TEST_F(PcNeuralDeepONet, IsAGuessOfItsPredictionForTheRightHandSide) {
  const Index3 n{7, 7, 1};
  std::vector<double> k = values_on(n, 1, 0.5), r = values_on(n, 2);
  const nn::Model model = model_of(options_of(2 * 81));
  const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, n), file(model));
  KSP raw = nullptr;
  PC pc = nullptr;
  KSPGuess guess = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &raw));
  const Owned<KSP> ksp(raw);
  LINNET_CHECK(KSPSetOperators(raw, c.matrix(), c.matrix()));
  LINNET_CHECK(KSPGetPC(raw, &pc));
  LINNET_CHECK(PCSetDM(pc, c.da()));
  LINNET_CHECK(KSPGetGuess(raw, &guess));
  LINNET_CHECK(KSPGuessSetType(guess, KSPGUESSOPERATOR));
  LINNET_CHECK(krylov::KSPGuessOperatorSetModel(guess, (scratch_ / "model.h5").c_str()));
  LINNET_CHECK(krylov::KSPGuessOperatorSetGrid(guess, GridPoints::inner_nodes, 0, nullptr));
  const auto expect_best_multiple = [&] {
    compose(c, k);
    std::vector<double> f = r;
    for (double& v : f) v *= 64.0; // over the volume of a cell
    const std::vector<double> u = predicted(model, extended(k, n), extended(f, n), n);
    const Owned<Vec> b = c.vector(r), x = c.vector(u), image = c.vector(u);
    LINNET_CHECK(MatMult(c.matrix(), x.get(), image.get()));
    PetscScalar with_b = 0.0, size = 0.0;
    LINNET_CHECK(VecDot(b.get(), image.get(), &with_b));
    LINNET_CHECK(VecDot(image.get(), image.get(), &size));
    std::vector<double> expected = u;
    for (double& v : expected) v *= with_b / size;
    LINNET_CHECK(KSPGuessFormGuess(guess, b.get(), x.get()));
    expect_near(c.natural(x.get()), expected, 1e-5);
  };
  expect_best_multiple();
  for (double& v : r) v *= -3.0; // a network is not odd
  expect_best_multiple();
  r = values_on(n, 3);
  expect_best_multiple();
  k = values_on(n, 4, 0.5);
  expect_best_multiple();
}

TEST_F(PcNeuralDeepONet, HasABiasIfTheNetworkHas) {
  const Index3 n{7, 7, 1};
  nn::DeepONetOptions o = options_of(81);
  o.bias = true, o.zero_sides = 0;
  const nn::Model model = model_of(o);
  const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, n), file(model));
  LINNET_CHECK(krylov::PCNeuralSetPoints(c.pc(), GridPoints::inner_nodes));
  std::vector<double> r = values_on(n, 2), f = r;
  for (double& v : f) v *= 64;
  expect_near(c.direction(r), predicted(model, {}, extended(f, n), n), 2e-6);
}

// On another grid than that of training, with solids, in every bit; and in three dimensions.
TEST_F(PcNeuralDeepONet, RanksAndScalesChangeNoBit) {
  struct Case {
    int dimension;
    Index3 points;
    int sensors;
  };
  for (const Case& it : {Case{2, {21, 18, 1}, 2 * 81}, Case{3, {9, 8, 7}, 125}}) {
    const std::string path = file(model_of(options_of(it.sensors, it.dimension)));
    const DiffusionCase problem = grid_of(it.dimension, it.points, true);
    const NeuralCase many(PETSC_COMM_WORLD, problem, path), one(PETSC_COMM_SELF, problem, path);
    const std::vector<double> k = values_on(it.points, 5, 0.5), r = values_on(it.points, 6);
    compose(many, k), compose(one, k);
    const std::vector<double> here = many.direction(r), alone = one.direction(r);
    EXPECT_EQ(here, alone);
    double largest = 0.0;
    for (std::size_t i = 0; i < here.size(); ++i) {
      largest = std::max(largest, std::abs(here[i]));
      const int x = static_cast<int>(i) % it.points[0],
                y = static_cast<int>(i) / it.points[0] % it.points[1],
                z = static_cast<int>(i) / it.points[0] / it.points[1];
      if (test::with_solids(x, y, z) == 0.0) {
        EXPECT_EQ(here[i], 0.0);
      }
    }
    EXPECT_GT(largest, 0.0);
    for (const double factor : {std::ldexp(1.0, -60), 1e-12, 1e12}) {
      std::vector<double> scaled = r;
      for (double& v : scaled) v *= factor;
      std::vector<double> result = many.direction(scaled);
      for (double& v : result) v /= factor;
      expect_near(result, here, 1e-6);
    }
    EXPECT_EQ(many.direction(std::vector<double>(r.size(), 0.0)),
              std::vector<double>(r.size(), 0.0));
  }
}

// Twice as fine: (1/4, 1/2, 1/4) in each direction; at a border, what lies there.
TEST_F(PcNeuralDeepONet, SensorsSeeMeansOfFinerGridsAndValuesOfCoarserOnes) {
  const auto sensed = [](const Index3& n, int m, SensorKind kind, const auto& function) {
    const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, n), "none");
    std::vector<double> natural;
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i)
        natural.push_back(function((i + 1.0) / (n[0] + 1), (j + 1.0) / (n[1] + 1)));
    const grid::GridMap map(c.matrix(), c.da(), {}, "test");
    krylov::SensorTransfer transfer(c.matrix(), map, GridPoints::inner_nodes, {m, m, 1}, kind);
    std::vector<double> values(static_cast<std::size_t>(m * m));
    transfer.apply(c.vector(natural).get(), values);
    return values;
  };
  const auto linear = [](double x, double y) { return 2.0 + x - 3.0 * y; };
  for (const SensorKind kind : {SensorKind::mean, SensorKind::value})
    for (const int n : {15, 31, 6}) {
      const std::vector<double> constant =
          sensed({n, n, 1}, 9, kind, [](double, double) { return 3.0; });
      for (const double v : constant) EXPECT_NEAR(v, 3.0, 1e-13);
      const std::vector<double> values = sensed({n, n, 1}, 9, kind, linear);
      for (int j = 2; j < 7; ++j)
        for (int i = 2; i < 7; ++i)
          EXPECT_NEAR(values[static_cast<std::size_t>(i + 9 * j)], linear(i / 8.0, j / 8.0), 1e-13)
              << n;
    }
  // One point of the finer grid beside a sensor, (3,2) of 9 x 9.
  const auto peak = [](double x, double y) {
    return std::abs(x - 7.0 / 16) + std::abs(y - 4.0 / 16) < 1e-9 ? 1.0 : 0.0;
  };
  const std::vector<double> means = sensed({15, 15, 1}, 9, SensorKind::mean, peak),
                            values = sensed({15, 15, 1}, 9, SensorKind::value, peak);
  double sum = 0.0;
  for (const double v : means) sum += v;
  EXPECT_NEAR(means[3 + 9 * 2], 0.125, 1e-14);
  EXPECT_NEAR(means[4 + 9 * 2], 0.125, 1e-14);
  EXPECT_NEAR(sum, 0.25, 1e-13);
  EXPECT_EQ(values, std::vector<double>(81, 0.0));
  // At the border x = 0 of a grid twice as fine, the one column of points that is nearer than a
  // spacing.
  const std::vector<double> edge =
      sensed({15, 15, 1}, 9, SensorKind::mean, [](double x, double) { return x; });
  EXPECT_NEAR(edge[9 * 4], 1.0 / 16, 1e-14);
  const std::vector<double> nan = sensed({15, 15, 1}, 9, SensorKind::mean, [](double x, double) {
    return x > 0.9 ? std::nan("") : 1.0;
  });
  for (const double v : nan) EXPECT_TRUE(std::isnan(v));
}

// A network that says nothing is no fixed point between sweeps, and noise is left out.
TEST_F(PcNeuralDeepONet, UselessNetworksAreLeftOut) {
  for (const double factor : {0.0, 3.0})
    for (const char* type : {KSPRICHARDSON, KSPFGMRES, KSPDCDM}) {
      nn::DeepONetOptions o = options_of(81);
      o.trunk = {40, 20};
      const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, {21, 17, 1}), file(model_of(o, factor)));
      LINNET_CHECK(krylov::PCNeuralSetSweeps(c.pc(), 1));
      const Outcome found = solve(c, type, 1e-6, 2000);
      EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL) << type << found.error;
      krylov::NeuralInfo info;
      LINNET_CHECK(krylov::PCNeuralGetInfo(c.pc(), &info));
      EXPECT_GE(info.rejected, 3) << type << factor;
      EXPECT_GT(info.left_at, 0) << type << factor;
      if (factor == 0.0) {
        EXPECT_EQ(info.accepted, 0);
      }
    }
}

TEST_F(PcNeuralDeepONet, Refusals) {
  const std::string two_fields = file(model_of(options_of(2 * 81)));
  const auto refused = [&](const DiffusionCase& problem, const std::string& path) {
    const NeuralCase c(PETSC_COMM_WORLD, problem, path);
    return test::refusal(c.pc());
  };
  expect_contains(refused(grid_of(2, {7, 7, 1}), two_fields),
                  "the matrix carries none; compose a Vec of its layout on it under the name "
                  "'coefficient'");
  expect_contains(refused(grid_of(3, {7, 7, 7}), two_fields),
                  "its trunk takes points of 2 coordinates, and the grid of the matrix has 3");
  {
    const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, {7, 7, 1}), two_fields);
    std::vector<double> k(49, 1.0);
    k[17] = std::numeric_limits<double>::quiet_NaN();
    compose(c, k);
    expect_contains(test::refusal(c.pc()), "the coefficient that the matrix carries has values "
                                           "that are not finite");
    const PetscInt nodes[] = {9, 8}, few[] = {9, 1};
    k[17] = 1.0;
    compose(c, k);
    LINNET_CHECK(krylov::PCNeuralSetSensors(c.pc(), 2, nodes));
    expect_contains(test::refusal(c.pc()),
                    "which are neither one nor two fields on the 9 x 8 nodes");
    const test::Messages messages;
    EXPECT_NE(krylov::PCNeuralSetSensors(c.pc(), 2, few), PETSC_SUCCESS);
    expect_contains(messages.text(), "-pc_neural_sensors: counts must be from 2 to 10000, got 1");
  }
  {
    const NeuralCase c(PETSC_COMM_WORLD, grid_of(2, {7, 7, 1}), two_fields);
    compose(c, std::vector<double>(49, 1.0));
    expect_contains(solve(c, KSPCG).error, "a network is no linear symmetric preconditioner");
  }
  expect_contains(refused(grid_of(2, {7, 7, 1}), file(model_of(options_of(82)))),
                  "name the nodes that it was trained on by -pc_neural_sensors");
  DiffusionCase ring = grid_of(2, {8, 8, 1});
  ring.periodic = {true, false, false};
  expect_contains(refused(ring, file(model_of(options_of(81)))), "the grid wraps in direction x");
  nn::Model shifted = model_of(options_of(81));
  shifted.normalisation.output = {nn::NormaliserKind::channel, 1, {1, 1, 1}, {1.0}, {2.0}};
  expect_contains(refused(grid_of(2, {7, 7, 1}), file(shifted)),
                  "train it with -train_output_norm none");
  nn::DeepONetOptions two = options_of(81);
  two.outputs = 2;
  expect_contains(refused(grid_of(2, {7, 7, 1}), file(model_of(two))), "has 2 outputs");
}
