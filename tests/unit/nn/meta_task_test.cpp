// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Meta-learning: the loss is that of the query after inner steps, derivatives are those of the
// first order, bits depend neither on ranks nor on restarts, and what diverges is skipped.
#include "buffers.hpp"
#include "operator_case.hpp"
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/nn/meta/meta_task.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace linnet;
using namespace linnet::nn;
using namespace linnet::tests;

namespace {

constexpr std::int64_t operators = 6, functions = 12;

MetaOptions some_options() {
  MetaOptions o;
  o.operators = operators, o.support = 3, o.query = 5, o.inner_steps = 3;
  o.inner_rate = 0.3, o.clamp = 0.2;
  o.seed = 4;
  return o;
}

RateNetworkOptions some_rates() {
  RateNetworkOptions o;
  o.code_size = 2;
  for (std::uint64_t i = 0; i < 2 * operators; ++i) o.codes.push_back(2.0 * uniform(8, i) - 1.0);
  o.hidden = {5};
  o.largest = 0.8;
  return o;
}

TrainerOptions some_training() {
  TrainerOptions o;
  o.batch = 3, o.validation = 0.0, o.seed = 11;
  o.optimiser.type = OptimiserType::adamw;
  o.schedule.rate = 1e-2;
  o.clip = 1.0;
  return o;
}

/// A task and what it is made of, for this rank.
struct Case {
  explicit Case(bool shares_points, const MetaOptions& options = some_options(),
                std::optional<RateNetworkOptions> rates = std::nullopt)
      : data(operator_data(shares_points, operators, operators * functions)),
        base(operator_graph(), data, {}), task(base, options, std::move(rates)) {}
  OperatorData data;
  DeepONetTask base;
  MetaTask task;
};

kernels::Array<float> parameters_of(const ParameterLayout& layout) {
  const auto values = parameter_buffer<float>(layout);
  initialise(layout, 3, values);
  return values;
}

/// Sum of the losses of @p samples, its derivative in @p gradient.
double losses(TrainingTask& task, const std::vector<std::int64_t>& samples,
              const kernels::Array<float>& parameters, const kernels::Array<float>& gradient) {
  double sum = 0.0;
  Kokkos::deep_copy(gradient, 0.0F);
  task.evaluate_shards({PETSC_COMM_SELF, samples, 1, 0, 1}, parameters, {&gradient, 1}, {&sum, 1});
  return sum;
}

double loss_of(TrainingTask& task, const std::vector<std::int64_t>& samples,
               const kernels::Array<float>& parameters) {
  return losses(task, samples, parameters, parameter_buffer<float>(task.layout()));
}

/// Plain training on the functions whose loss counts in each step.
class QuerySets final : public TrainingTask {
public:
  QuerySets(DeepONetTask& base, const MetaTask& meta, const MetaOptions& options)
      : base_(base), meta_(meta), options_(options) {}
  [[nodiscard]] const ResolvedGraph& graph() const override { return base_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return operators; }
  [[nodiscard]] std::int64_t members_per_sample() const override { return options_.query; }
  double evaluate(std::int64_t, const kernels::Array<float>&,
                  const kernels::Array<float>*) override {
    return 0.0;
  }
  void evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                       std::span<const kernels::Array<float>> gradients,
                       std::span<double> losses) override {
    std::vector<std::int64_t> all;
    for (const std::int64_t number : batch.samples) {
      const auto drawn = meta_.draw(number, batch.step).query;
      all.insert(all.end(), drawn.begin(), drawn.end());
    }
    base_.evaluate_shards({batch.comm, all, batch.shards, batch.group, batch.groups}, parameters,
                          gradients, losses);
  }

private:
  DeepONetTask& base_;
  const MetaTask& meta_;
  MetaOptions options_;
};

/// What is a hundred times as steep for the last operator.
class Steep final : public DeepONetTask {
public:
  explicit Steep(const OperatorData& data) : DeepONetTask(operator_graph(), data, {}) {}
  void evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                       std::span<const kernels::Array<float>> gradients,
                       std::span<double> losses) override {
    DeepONetTask::evaluate_shards(batch, parameters, gradients, losses);
    if (batch.samples[0] % operators != operators - 1) return;
    losses[0] *= 100.0;
    for (std::size_t i = 0; i < gradients[0].extent(0); ++i) gradients[0](i) *= 100.0F;
  }
};

void expect_same(const Trainer& a, const Trainer& b) {
  EXPECT_EQ(values_of(a.parameters()), values_of(b.parameters()));
  ASSERT_EQ(a.history().size(), b.history().size());
  for (std::size_t i = 0; i < a.history().size(); ++i)
    EXPECT_EQ(a.history()[i].training, b.history()[i].training);
}

void run(Trainer& trainer, std::int64_t steps) {
  while (trainer.steps() < steps) trainer.step();
}

} // namespace

TEST(MetaTask, DrawsDisjointSamplesOfTheOperator) {
  const Case c(true);
  std::set<std::int64_t> seen;
  for (std::int64_t step = 0; step < 20; ++step) {
    const auto drawn = c.task.draw(4, step);
    std::set<std::int64_t> now(drawn.support.begin(), drawn.support.end());
    now.insert(drawn.query.begin(), drawn.query.end());
    EXPECT_EQ(now.size(), 8U);
    for (const std::int64_t s : now) EXPECT_EQ(s % operators, 4);
    seen.insert(now.begin(), now.end());
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(functions));
  EXPECT_NE(c.task.draw(4, 0).query, c.task.draw(4, 1).query);
}

// Sums over the query's functions are those of plain training on points of their own; where all
// share the points, shards of plain training have parts of them, and sums another order.
TEST(MetaTask, WithoutInnerStepsIsTrainingOnTheQueries) {
  for (const bool shares_points : {false, true}) {
    MetaOptions options = some_options();
    options.inner_steps = 0;
    Case c(shares_points, options);
    QuerySets plain(c.base, c.task, options);
    Trainer meta(PETSC_COMM_WORLD, c.task, some_training()),
        other(PETSC_COMM_WORLD, plain, some_training());
    run(meta, 5);
    run(other, 5);
    if (shares_points) {
      const auto a = values_of(meta.parameters()), b = values_of(other.parameters());
      for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 2e-4);
      EXPECT_NEAR(meta.history().back().training, other.history().back().training, 1e-5);
    } else {
      expect_same(meta, other);
    }
  }
}

TEST(MetaTask, LossIsThatOfTheQueryAfterInnerSteps) {
  for (const bool shares_points : {false, true}) {
    const MetaOptions options = some_options();
    Case c(shares_points);
    const auto start = parameters_of(c.task.layout());
    const auto theta = parameter_buffer<float>(c.task.layout()),
               gradient = parameter_buffer<float>(c.task.layout());
    for (const std::int64_t number : {0, 5}) {
      const auto drawn = c.task.draw(number, 7);
      Kokkos::deep_copy(theta, start);
      bool is_clamped = false;
      for (int step = 0; step < options.inner_steps; ++step) {
        losses(c.base, drawn.support, theta, gradient);
        for (std::size_t i = 0; i < theta.extent(0); ++i) {
          const double g = static_cast<double>(gradient(i)) / 3.0;
          is_clamped = is_clamped || std::abs(g) > options.clamp;
          theta(i) -= static_cast<float>(0.3 * std::clamp(g, -options.clamp, options.clamp));
        }
      }
      EXPECT_TRUE(is_clamped || number == 0);
      const double expected = losses(c.base, drawn.query, theta, gradient);
      const auto found = parameter_buffer<float>(c.task.layout());
      double loss = 0.0;
      const std::vector<std::int64_t> one{number};
      c.task.evaluate_shards({PETSC_COMM_SELF, one, 1, 0, 1, 7}, start, {&found, 1}, {&loss, 1});
      EXPECT_NEAR(loss, expected, 1e-5 * expected);
      EXPECT_LT(loss, loss_of(c.base, drawn.query, start)); // inner steps go down
      for (std::size_t i = 0; i < theta.extent(0); ++i)
        EXPECT_NEAR(found(i), gradient(i), 1e-4 * expected);
    }
  }
}

// One inner step: theta - eta g has no other dependence on eta, and the derivative is exact. More:
// it is that along the path of the inner steps, which stays as it is.
TEST(MetaTask, DerivativesOfLearnedRatesAreThoseOfTheLoss) {
  for (const int steps : {1, 4}) {
    MetaOptions options = some_options();
    options.inner_steps = steps;
    Case c(true, options, some_rates());
    const auto start = parameters_of(c.task.layout());
    const std::vector<std::int64_t> one{2};
    const auto loss_at = [&](const kernels::Array<float>& parameters,
                             const kernels::Array<float>& gradient) {
      double loss = 0.0;
      Kokkos::deep_copy(gradient, 0.0F);
      c.task.evaluate_shards({PETSC_COMM_SELF, one, 1, 0, 1, 0}, parameters, {&gradient, 1},
                             {&loss, 1});
      return loss;
    };
    const auto gradient = parameter_buffer<float>(c.task.layout()),
               unused = parameter_buffer<float>(c.task.layout());
    loss_at(start, gradient);
    const double eta = c.task.inner_rate(2, start);
    EXPECT_GT(eta, 0.0);
    EXPECT_LT(eta, 0.8);
    // theta_n of the drawn samples, by a task whose rate is this one.
    const auto network = c.task.network_parameters(start),
               theta = parameter_buffer<float>(c.base.layout());
    Kokkos::deep_copy(theta, network);
    const auto g = parameter_buffer<float>(c.base.layout());
    const auto drawn = c.task.draw(2, 0);
    for (int j = 0; j < steps; ++j) {
      losses(c.base, drawn.support, theta, g);
      for (std::size_t i = 0; i < theta.extent(0); ++i)
        theta(i) -= static_cast<float>(
            eta * std::clamp(static_cast<double>(g(i)) / 3.0, -options.clamp, options.clamp));
    }
    const auto along_path = [&](double other) { // with another eta
      const auto moved = parameter_buffer<float>(c.base.layout());
      for (std::size_t i = 0; i < moved.extent(0); ++i)
        moved(i) = static_cast<float>(static_cast<double>(network(i)) +
                                      other / eta * static_cast<double>(theta(i) - network(i)));
      return loss_of(c.base, drawn.query, moved);
    };
    std::size_t moved_blocks = 0;
    for (const ParameterBlock& block : c.task.layout().blocks()) {
      if (!block.name.starts_with("rate")) continue;
      ++moved_blocks;
      double along = 0.0;
      const auto with = [&](double e) {
        const auto values = parameter_buffer<float>(c.task.layout());
        Kokkos::deep_copy(values, start);
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
          values(i) += static_cast<float>(e * (uniform(6, i) - 0.5));
        return steps == 1 ? loss_at(values, unused) : along_path(c.task.inner_rate(2, values));
      };
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        along += static_cast<double>(gradient(i)) * (uniform(6, i) - 0.5);
      // 1e-7 of the loss over the step, and the third derivative over its square.
      const double step = 0.05, difference = (with(step) - with(-step)) / (2.0 * step);
      EXPECT_NEAR(difference, along, 5e-3 * std::abs(along) + 3e-5) << steps << " " << block.name;
    }
    EXPECT_EQ(moved_blocks, 4U);
  }
}

TEST(MetaTask, SameBitsOnAnyNumberOfRanks) {
  for (const bool shares_points : {false, true}) {
    Case shared(shares_points, some_options(), some_rates()),
        alone(shares_points, some_options(), some_rates());
    TrainerOptions training = some_training();
    training.validation = 2.0;
    Trainer many(PETSC_COMM_WORLD, shared.task, training),
        one(PETSC_COMM_SELF, alone.task, training);
    run(many, 4);
    run(one, 4);
    expect_same(many, one);
    EXPECT_EQ(many.history().back().validation, one.history().back().validation);
    EXPECT_EQ(shared.task.count(PETSC_COMM_WORLD).tasks, alone.task.count(PETSC_COMM_SELF).tasks);
    EXPECT_EQ(alone.task.count(PETSC_COMM_SELF).tasks, 12);
    const auto start = parameters_of(alone.task.layout());
    EXPECT_NE(values_of(one.parameters()), values_of(start));
  }
}

TEST(MetaTask, RestartGoesOnWithTheSameBits) {
  const linnet::test::Scratch scratch;
  for (const bool shares_points : {false, true}) {
    Case whole(shares_points, some_options(), some_rates()),
        cut(shares_points, some_options(), some_rates()),
        rest(shares_points, some_options(), some_rates());
    Trainer uncut(PETSC_COMM_WORLD, whole.task, some_training()),
        first(PETSC_COMM_WORLD, cut.task, some_training()),
        second(PETSC_COMM_WORLD, rest.task, some_training());
    run(uncut, 5);
    run(first, 3); // in the middle of an epoch
    first.save(scratch / "state", "meta");
    second.load(scratch / "state", "meta");
    run(second, 5);
    expect_same(uncut, second);
  }
}

// Without a clamp a rate of 1e3 sends parameters away.
TEST(MetaTask, SkipsAndCountsWhatDiverges) {
  MetaOptions options = some_options();
  options.inner_rate = 1e3, options.clamp = 0.0;
  Case c(true, options);
  TrainerOptions training = some_training();
  training.optimiser.type = OptimiserType::adam; // which has no decay
  Trainer plain(PETSC_COMM_WORLD, c.task, training);
  const auto start = values_of(plain.parameters());
  run(plain, 2);
  EXPECT_EQ(values_of(plain.parameters()), start);
  EXPECT_EQ(c.task.count(PETSC_COMM_WORLD).tasks, 6);
  EXPECT_EQ(c.task.count(PETSC_COMM_WORLD).skipped, 6);
  EXPECT_TRUE(std::isfinite(plain.history().back().training));
  EXPECT_FALSE(c.task.adapted(0, plain.parameters()));
}

// Of two operators the one that stays makes the gradient.
TEST(MetaTask, SkipsNoOtherThanWhatDiverges) {
  const OperatorData data = operator_data(true, operators, operators * functions);
  Steep base(data);
  MetaOptions options = some_options();
  options.clamp = 0.0;
  MetaTask task(base, options);
  const auto parameters = parameters_of(task.layout()),
             zero = parameter_buffer<float>(task.layout());
  const std::vector<std::int64_t> both{0, 5};
  const std::vector<kernels::Array<float>> gradients{parameter_buffer<float>(task.layout()),
                                                     parameter_buffer<float>(task.layout())};
  std::vector<double> sums(2);
  task.evaluate_shards({PETSC_COMM_SELF, both, 2, 0, 1}, parameters, gradients, sums);
  EXPECT_EQ(task.count(PETSC_COMM_SELF).skipped, 1);
  EXPECT_NE(values_of(gradients[0]), values_of(zero));
  EXPECT_EQ(values_of(gradients[1]), values_of(zero));
  // Five losses of ten times the first one.
  const double first = loss_of(base, task.draw(5, 0).support, parameters) / 3.0;
  EXPECT_NEAR(sums[1], 10.0 * 5.0 * first, 1e-5 * sums[1]);
}

// What is wrong before the inner steps is no matter of theirs.
TEST(MetaTask, EndsWhereTheLossIsNotFinite) {
  Case c(true);
  Trainer trainer(PETSC_COMM_WORLD, c.task, some_training());
  const auto broken = parameter_buffer<float>(c.task.layout());
  Kokkos::deep_copy(broken, std::numeric_limits<float>::quiet_NaN());
  trainer.start_from(broken);
  EXPECT_THROW(trainer.step(), core::Error);
}

// Some meta-steps make parameters from which inner steps lead further down than from the start.
TEST(MetaTask, Learns) {
  Case c(true);
  TrainerOptions training = some_training();
  training.validation = 2.0;
  Trainer trainer(PETSC_COMM_SELF, c.task, training);
  run(trainer, 60);
  EXPECT_LT(trainer.history().back().validation, 0.6 * trainer.history().front().validation);
}

TEST(MetaTask, RefusesWhatDoesNotFit) {
  const OperatorData data = operator_data(true, operators, operators * functions);
  DeepONetTask base(operator_graph(), data, {});
  const auto refused = [&](auto change) {
    MetaOptions options = some_options();
    change(options);
    EXPECT_THROW(MetaTask(base, options), core::Error);
  };
  refused([](MetaOptions& o) { o.operators = 7; });
  refused([](MetaOptions& o) { o.query = 10; });
  refused([](MetaOptions& o) { o.inner_rate = 0.0; });
  RateNetworkOptions rates = some_rates();
  rates.codes.resize(4);
  EXPECT_THROW(MetaTask(base, some_options(), rates), core::Error);
}

TEST(RateNetwork, IsTheSameFromItsFile) {
  const linnet::test::Scratch scratch;
  RateNetwork network(some_rates());
  const auto parameters = parameters_of(network.graph().parameters);
  save_model(PETSC_COMM_WORLD, scratch / "rates.h5", rate_model(network, parameters));
  for (const std::int64_t number : {0, 3}) {
    const std::vector<double> codes = some_rates().codes,
                              one(codes.begin() + 2 * number, codes.begin() + 2 * number + 2);
    const double rate = network.rate(number, parameters);
    // In single precision, and here one after the other: BLAS may add up in another order.
    EXPECT_NEAR(rate_of_model(PETSC_COMM_WORLD, scratch / "rates.h5", one), rate, 1e-6 * rate);
  }
  EXPECT_NE(network.rate(0, parameters), network.rate(3, parameters));
  EXPECT_THROW(rate_of_model(PETSC_COMM_WORLD, scratch / "rates.h5", std::vector<double>(3)),
               core::Error);
}
