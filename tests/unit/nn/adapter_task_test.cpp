// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Low-rank adapters: they start as nothing, are what they say when merged, and train alone.
#include "buffers.hpp"
#include "operator_case.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/meta/adapter_task.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using namespace linnet::nn;
using namespace linnet::tests;

namespace {

struct Case {
  Case()
      : data(operator_data(true, 1, 20)), base(operator_graph(), data, {}),
        frozen(buffer(base.layout(), noise<float>(base.layout(), 1, 0.5))),
        task(base, frozen, {3, 0.7}) {}
  OperatorData data;
  DeepONetTask base;
  kernels::Array<float> frozen;
  AdapterTask task;
};

/// Neither A nor B is zero.
kernels::Array<float> some_adapters(const AdapterTask& task) {
  return buffer(task.layout(), noise<float>(task.layout(), 2, 0.4));
}

const ParameterBlock& block_of(const ParameterLayout& layout, const std::string& name) {
  for (const ParameterBlock& block : layout.blocks())
    if (block.name == name) return block;
  throw std::runtime_error(name);
}

} // namespace

TEST(AdapterTask, StartsFromTheNetworkAsItIs) {
  const Case c;
  const auto start = parameter_buffer<float>(c.task.layout());
  initialise(c.task.layout(), 3, start);
  EXPECT_EQ(values_of(c.task.network_parameters(start)), values_of(c.frozen));
  // A is normal of variance 1 / rank: 3 (3 + 6 + 1 + 6) numbers, in 4 layers of two blocks each.
  EXPECT_EQ(c.task.layout().blocks().size(), 8U);
  double squares = 0.0, count = 0.0;
  for (const ParameterBlock& block : c.task.layout().blocks())
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
      if (block.name.ends_with("adapter_b")) {
        EXPECT_EQ(start(i), 0.0F);
        continue;
      }
      squares += std::pow(static_cast<double>(start(i)), 2);
      ++count;
    }
  EXPECT_EQ(count, 48.0);
  EXPECT_NEAR(squares / count, 1.0 / 3.0, 4.0 * std::sqrt(2.0 / count) / 3.0);
}

// y = W x + scale B (A x) in double precision, to the rounding of single.
TEST(AdapterTask, MergesIntoTheLayersWeights) {
  const Case c;
  const auto adapters = some_adapters(c.task), merged = c.task.network_parameters(adapters);
  const ParameterLayout &all = c.base.layout(), &own = c.task.layout();
  std::size_t weights = 0;
  for (const ParameterBlock& block : all.blocks()) {
    const bool is_dense = block.name.ends_with("/weight");
    if (!is_dense) {
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        EXPECT_EQ(merged(i), c.frozen(i)) << block.name;
      continue;
    }
    ++weights;
    const std::string layer = block.name.substr(0, block.name.find('/'));
    const std::size_t a = block_of(own, layer + "/adapter_a").offset,
                      b = block_of(own, layer + "/adapter_b").offset;
    const auto out = static_cast<std::size_t>(block.shape[0]),
               in = static_cast<std::size_t>(block.shape[1]);
    for (std::size_t o = 0; o < out; ++o) {
      double value = 0.0, expected = 0.0;
      for (std::size_t i = 0; i < in; ++i) {
        const double x = uniform(9, i) - 0.3;
        value += static_cast<double>(merged(block.offset + o * in + i)) * x;
        expected += static_cast<double>(c.frozen(block.offset + o * in + i)) * x;
        for (std::size_t r = 0; r < 3; ++r)
          expected += 0.7 * static_cast<double>(adapters(b + o * 3 + r)) *
                      static_cast<double>(adapters(a + r * in + i)) * x;
      }
      EXPECT_NEAR(value, expected, 1e-6) << block.name;
    }
  }
  EXPECT_EQ(weights, 4U);
}

TEST(AdapterTask, GradientsAreThoseOfTheLoss) {
  Case c;
  const auto adapters = some_adapters(c.task);
  const std::vector<std::int64_t> samples{3, 0, 8, 5};
  const auto run = [&](const kernels::Array<float>& at, const kernels::Array<float>& gradient) {
    double sum = 0.0;
    Kokkos::deep_copy(gradient, 0.0F);
    c.task.evaluate_shards({PETSC_COMM_SELF, samples, 1, 0, 1}, at, {&gradient, 1}, {&sum, 1});
    return sum;
  };
  const auto gradient = parameter_buffer<float>(c.task.layout()),
             unused = parameter_buffer<float>(c.task.layout());
  const double loss = run(adapters, gradient);
  double one_by_one = 0.0;
  for (const std::int64_t s : samples) one_by_one += c.task.evaluate(s, adapters, nullptr);
  EXPECT_NEAR(one_by_one, loss, 1e-5 * loss);
  for (const ParameterBlock& block : c.task.layout().blocks()) {
    double along = 0.0, size = 0.0;
    const auto moved = [&](double e) {
      const auto values = parameter_buffer<float>(c.task.layout());
      Kokkos::deep_copy(values, adapters);
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        values(i) += static_cast<float>(e * (uniform(6, i) - 0.5));
      return run(values, unused);
    };
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
      along += static_cast<double>(gradient(i)) * (uniform(6, i) - 0.5);
      size += std::pow(static_cast<double>(gradient(i)), 2);
    }
    const double step = 1e-2, difference = (moved(step) - moved(-step)) / (2.0 * step);
    EXPECT_NEAR(difference, along, 3e-3 * std::max(std::abs(along), std::sqrt(size))) << block.name;
  }
}

TEST(AdapterTask, TrainsAloneWithTheSameBitsOnAnyNumberOfRanks) {
  Case shared, alone;
  TrainerOptions options;
  options.batch = 12, options.validation = 4.0, options.seed = 2;
  options.schedule.rate = 1e-2;
  Trainer many(PETSC_COMM_WORLD, shared.task, options), one(PETSC_COMM_SELF, alone.task, options);
  const double before = alone.task.error_sum(0, 12, one.parameters());
  for (int step = 0; step < 12; ++step) {
    many.step();
    one.step();
  }
  EXPECT_EQ(values_of(many.parameters()), values_of(one.parameters()));
  EXPECT_EQ(many.history().back().validation, one.history().back().validation);
  EXPECT_LT(alone.task.error_sum(0, 12, one.parameters()), 0.95 * before);
  EXPECT_EQ(values_of(shared.frozen), values_of(alone.frozen));
}

TEST(AdapterTask, RefusesWhatDoesNotFit) {
  const Case c;
  DeepONetTask base(operator_graph(), c.data, {});
  EXPECT_THROW(AdapterTask(base, c.frozen, {0, 1.0}), core::Error);
  const kernels::Array<float> other = kernels::zeros<float>("linnet::tests::other", 3);
  EXPECT_THROW(AdapterTask(base, other, {2, 1.0}), core::Error);
}
