// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What linear algebra finds of a DeepONet: its last layer by least squares, its trunk by a POD.
#include "deeponet_case.hpp"

#include <linnet/nn/deeponet/last_layer.hpp>
#include <linnet/nn/deeponet/pod_basis.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <numeric>

using namespace linnet;
using namespace linnet::nn;
using namespace linnet::test;

/// With the layer that makes the targets, what is left is their rounding to single precision; on
/// triples and Cartesian data, with the size of the input as a factor or with convolutions.
TEST(LastLayer, FindsTheLayerThatMadeTheTargets) {
  for (const Case& c : cases)
    for (const bool homogeneous : {false, true}) {
      DeepONetOptions o = homogeneous ? rich() : convolutional();
      o.homogeneous = homogeneous, o.bias = !homogeneous;
      const ResolvedGraph graph = resolved(o);
      OperatorData data = make_data(c.shape, 150);
      const Normalisation normalisation{{}, some_normaliser(c.shape)};
      const auto truth = parameters_of(graph);
      const std::size_t values =
          static_cast<std::size_t>(c.shape.outputs) * static_cast<std::size_t>(c.shape.points);
      for (std::size_t s = 0; s < 150; ++s) { // the network's own values
        std::vector<double> field(values);
        for (int q = 0; q < c.shape.points; ++q) {
          const std::size_t place =
              (c.shape.shares_points ? 0 : s * static_cast<std::size_t>(c.shape.points)) +
              static_cast<std::size_t>(q);
          const auto at = value_of_graph(graph, truth, data.sensors.data() + s * 7,
                                         data.coordinates.data() + place * 2);
          for (int k = 0; k < c.shape.outputs; ++k)
            field[static_cast<std::size_t>(k * c.shape.points + q)] =
                at[static_cast<std::size_t>(k)];
        }
        normalisation.output.decode(field, {{0, 0, 0}, {c.shape.points, 1, 1}});
        for (std::size_t i = 0; i < values; ++i)
          data.values[s * values + i] = static_cast<float>(field[i]);
      }
      const auto start = parameter_buffer<float>(graph.parameters);
      Kokkos::deep_copy(start, truth);
      for (const ParameterBlock& block : graph.parameters.blocks())
        if (block.name.starts_with("branch.out"))
          std::fill_n(start.data() + block.offset, block.size(), 0.0F);
      DeepONetTask task(graph, data, normalisation);
      const double before = task.errors(0, 150, start).mean_square;
      LastLayer layer(graph, data, normalisation);
      const auto fitted = parameter_buffer<float>(graph.parameters);
      Kokkos::deep_copy(fitted, start);
      layer.fit(PETSC_COMM_WORLD, 150, 1e-15, fitted);
      EXPECT_GT(before, 1e-4) << c.name;
      EXPECT_LT(task.errors(0, 150, fitted).mean_square, 1e-8 * before) << c.name;
      // The same bits on one rank.
      const auto alone = parameter_buffer<float>(graph.parameters);
      Kokkos::deep_copy(alone, start);
      layer.fit(PETSC_COMM_SELF, 150, 1e-15, alone);
      EXPECT_EQ(tests::values_of(fitted), tests::values_of(alone)) << c.name;
    }
}

/// One sensor and one function of the trunk: two unknowns, a factor of u and a constant. With the
/// ridge r/2 times the trace of their normal matrix on its diagonal, Cramer's rule has them.
TEST(LastLayer, AddsTheRidgeToTheNormalMatrix) {
  constexpr double ridge = 0.3;
  constexpr std::int64_t samples = 60;
  for (const bool shares_points : {false, true}) {
    DeepONetOptions o;
    o.sensors = 1, o.branch = {}, o.trunk = {1}, o.bias = false;
    o.trunk_activation = kernels::Activation::tanh;
    const ResolvedGraph graph = resolved(o);
    const OperatorData data = make_data({1, 1, 1, 3, shares_points}, samples);
    const auto parameters = parameters_of(graph), probe = parameter_buffer<float>(graph.parameters);
    Kokkos::deep_copy(probe, parameters);
    const auto last_layer = [&](const kernels::Array<float>& values) {
      std::vector<float*> places; // factor, constant
      for (const ParameterBlock& block : graph.parameters.blocks())
        if (block.name.starts_with("branch.out")) places.push_back(values.data() + block.offset);
      return places;
    };
    *last_layer(probe).at(0) = 0.0F,
    *last_layer(probe).at(1) = 1.0F; // values are those of the trunk
    double uu = 0.0, u1 = 0.0, ones = 0.0, uy = 0.0, y1 = 0.0;
    for (std::int64_t s = 0; s < samples; ++s)
      for (int q = 0; q < 3; ++q) {
        const auto* const u = data.sensors.data() + s;
        const auto* const place = data.coordinates.data() + (shares_points ? q : 3 * s + q);
        const double t = value_of_graph(graph, probe, u, place).front(), h = *u,
                     y = data.values[static_cast<std::size_t>(3 * s + q)];
        uu += h * h * t * t, u1 += h * t * t, ones += t * t, uy += h * t * y, y1 += t * y;
      }
    // Of Cartesian data, too: the mean diagonal of a Kronecker product is that of its factors.
    const double lambda = ridge * 0.5 * (uu + ones);
    const double a = uu + lambda, d = ones + lambda, determinant = a * d - u1 * u1;
    LastLayer(graph, data, {}).fit(PETSC_COMM_WORLD, samples, ridge, parameters);
    EXPECT_NEAR(*last_layer(parameters).at(0), (uy * d - u1 * y1) / determinant, 1e-6);
    EXPECT_NEAR(*last_layer(parameters).at(1), (a * y1 - u1 * uy) / determinant, 1e-6);
  }
}

TEST(LastLayer, RefusesWhatIsNotLinearInOneLayer) {
  DeepONetOptions o = rich();
  o.stacked = true;
  const OperatorData data = make_data(cases[0].shape, 3);
  EXPECT_THROW(LastLayer(resolved(o), data, {}), core::Error);
  o.stacked = false, o.branch = {4000}; // 4001 times 6 unknowns
  EXPECT_THROW(LastLayer(resolved(o), data, {}), core::Error);
}

/// Whatever the branch says, a result is the mean and a combination of the modes, to the rounding
/// of single precision; at more and at fewer points than samples.
TEST(PodBasis, HoldsAllThatTheNetworkSays) {
  for (const int points : {12, 90}) {
    const OperatorData data = make_data({7, 1, 1, points, true}, 40);
    const PodBasis basis = pod_basis(data, 40, 4);
    DeepONetOptions o;
    o.sensors = 7, o.branch = {9}, o.modes = 4, o.points = points, o.bias = false;
    const ResolvedGraph graph = resolved(o);
    const auto parameters = parameters_of(graph);
    for (const ParameterBlock& block : graph.parameters.blocks())
      if (block.role == ParameterRole::basis)
        std::copy(basis.values.begin(), basis.values.end(), parameters.data() + block.offset);
    DeepONet network({graph, parameters, {{}, basis.mean}, {}});
    const auto count = static_cast<std::size_t>(points);
    std::vector<double> y(count), result(count), mean(count, 0.0), u(7);
    std::iota(y.begin(), y.end(), 0.0);
    for (std::size_t i = 0; i < data.values.size(); ++i)
      mean[i % count] += static_cast<double>(data.values[i]) / 40.0;
    for (std::uint64_t sample = 0; sample < 5; ++sample) {
      for (std::size_t i = 0; i < 7; ++i) u[i] = 10.0 * uniform(20 + sample, i) - 5.0;
      network.evaluate(u, y, result);
      double size = 0.0, outside = 0.0;
      for (std::size_t q = 0; q < count; ++q) {
        result[q] -= mean[q];
        size += result[q] * result[q];
      }
      for (std::size_t k = 0; k < 4; ++k) { // the modes are orthogonal
        double along = 0.0, square = 0.0;
        for (std::size_t q = 0; q < count; ++q) {
          const auto mode = static_cast<double>(basis.values[4 * q + k]);
          along += mode * result[q];
          square += mode * mode;
        }
        for (std::size_t q = 0; q < count; ++q)
          result[q] -= along / square * static_cast<double>(basis.values[4 * q + k]);
      }
      for (const double value : result) outside += value * value;
      EXPECT_GT(size, 1e-2) << points;
      EXPECT_LT(std::sqrt(outside / size), 3e-6) << points;
    }
  }
}

/// Outputs of rank 3 and a mean: three modes have all of them, at more and at fewer points than
/// samples.
TEST(PodBasis, SpansTheTrainingOutputs) {
  for (const int points : {12, 90}) {
    OperatorData data = make_data({7, 1, 1, points, true}, 40);
    for (std::size_t s = 0; s < 40; ++s)
      for (std::size_t q = 0; q < static_cast<std::size_t>(points); ++q) {
        double value = 2.0 + 0.1 * static_cast<double>(q);
        for (const std::uint64_t k : {10U, 11U, 12U})
          value += (uniform(k, s) - 0.3) * (uniform(k + 10, q) - 0.5);
        data.values[s * static_cast<std::size_t>(points) + q] = static_cast<float>(value);
      }
    const PodBasis basis = pod_basis(data, 40, 3);
    EXPECT_GT(basis.captured, 1.0 - 1e-10);
    EXPECT_LT(pod_basis(data, 40, 2).captured, 1.0 - 1e-4);
    for (int k = 0; k < 3; ++k) // mean square 1, over their number
      for (int l = 0; l <= k; ++l) {
        double product = 0.0;
        for (int q = 0; q < points; ++q)
          product += static_cast<double>(basis.values[static_cast<std::size_t>(3 * q + k)]) *
                     static_cast<double>(basis.values[static_cast<std::size_t>(3 * q + l)]);
        EXPECT_NEAR(product * 9.0 / points, k == l ? 1.0 : 0.0, 1e-5);
      }
    double square = 0.0; // of the outputs about their mean, which three modes have
    for (int q = 0; q < points; ++q) {
      double sum = 0.0, squares = 0.0;
      for (int i = 0; i < 40; ++i) {
        const auto value =
            static_cast<double>(data.values[static_cast<std::size_t>(i * points + q)]);
        sum += value, squares += value * value;
      }
      square += (squares - sum * sum / 40.0) / (40.0 * points);
    }
    const PodBasis scaled = pod_basis(data, 40, 3, true);
    for (std::size_t i = 0; i < basis.values.size(); ++i)
      EXPECT_NEAR(scaled.values[i], std::sqrt(square) * basis.values[i], 1e-5);
    // A branch that is linear and a table of modes: least squares leave what three modes leave.
    DeepONetOptions o;
    o.sensors = 7, o.branch = {}, o.modes = 3, o.points = points, o.bias = false;
    const ResolvedGraph graph = resolved(o);
    OperatorData numbered = data;
    numbered.coordinates.resize(static_cast<std::size_t>(points));
    std::iota(numbered.coordinates.begin(), numbered.coordinates.end(), 0.0F);
    for (std::size_t s = 0; s < 40; ++s) // the three coefficients are among the sensors
      for (std::size_t k = 0; k < 3; ++k)
        numbered.sensors[s * 7 + k] = static_cast<float>(uniform(10 + k, s));
    const Normalisation normalisation{{}, basis.mean};
    const auto parameters = parameters_of(graph);
    for (const ParameterBlock& block : graph.parameters.blocks())
      if (block.role == ParameterRole::basis)
        std::copy(basis.values.begin(), basis.values.end(), parameters.data() + block.offset);
    LastLayer(graph, numbered, normalisation).fit(PETSC_COMM_SELF, 40, 0.0, parameters);
    DeepONetTask task(graph, numbered, normalisation);
    EXPECT_LT(task.errors(0, 40, parameters).mean_square, 1e-10);
    // Training leaves the modes alone.
    TrainerOptions training;
    training.batch = 36;
    Trainer trainer(PETSC_COMM_WORLD, task, training);
    trainer.start_from(parameters);
    for (int step = 0; step < 3; ++step) trainer.step();
    for (const ParameterBlock& block : graph.parameters.blocks()) {
      if (block.role != ParameterRole::basis) continue;
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        EXPECT_EQ(trainer.parameters().data()[i], parameters.data()[i]);
    }
  }
  EXPECT_THROW(pod_basis(make_data({7, 1, 1, 5, true}, 40), 40, 6), core::Error);
  EXPECT_THROW(pod_basis(make_data({7, 1, 1, 5, false}, 40), 40, 2), core::Error);
}
