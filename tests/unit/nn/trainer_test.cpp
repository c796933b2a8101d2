// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Training: the same bits on any number of ranks and after any restart, a loss that falls, samples
// that are held out, and what is refused.
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/nn/network/network.hpp>
#include <linnet/nn/training/permutation.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace linnet;
using nn::Trainer;
using nn::TrainerOptions;

namespace {

nn::Graph small_graph() {
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}},
                 {"c", "conv", {"x"}, {{"channels", 4}}},
                 {"t", "tanh", {"c"}, {}},
                 {"y", "conv", {"t"}, {{"channels", 1}}}};
  graph.output = "y";
  return graph;
}

/// Learns the smoothing of noise: mean squares of y - (x + its neighbours) / 5.
class Smoothing : public nn::TrainingTask {
public:
  explicit Smoothing(std::int64_t count)
      : count_(count), graph_(nn::resolve(small_graph())),
        domain_(PETSC_COMM_SELF, nn::Domain::cut({12, 10, 1}, 1, nn::Padding::zero, 1), 1,
                nn::Padding::zero),
        network_(graph_, domain_, nn::NetworkMode::training) {}
  [[nodiscard]] const nn::ResolvedGraph& graph() const override { return graph_; }
  [[nodiscard]] std::int64_t samples() const override { return count_; }

  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override {
    seen.insert(sample);
    const kernels::Tensor<float>&x = network_.input(), &y = network_.output();
    const int pitch = x.layout.pitch_y;
    const core::RandomStream noise(3, static_cast<std::uint64_t>(sample));
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 12; ++i)
        x.origin()[i + j * pitch] =
            static_cast<float>(noise.normal(static_cast<std::uint64_t>(12 * j + i)));
    network_.forward(parameters);
    double loss = 0.0;
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 12; ++i) {
        const auto at = [&](int p, int q) {
          return p < 0 || q < 0 || p > 11 || q > 9 ? 0.0F : x.origin()[p + q * pitch];
        };
        const float target =
            0.2F * (at(i, j) + at(i - 1, j) + at(i + 1, j) + at(i, j - 1) + at(i, j + 1));
        const float e = y.origin()[i + j * y.layout.pitch_y] - target;
        loss += static_cast<double>(e) * static_cast<double>(e);
        if (gradient) {
          const kernels::Tensor<float>& g = network_.output_gradient();
          g.origin()[i + j * g.layout.pitch_y] = poison ? NAN : 2.0F * e / 120.0F;
        }
      }
    if (gradient) network_.backward(parameters, *gradient);
    return loss / 120.0;
  }

  std::set<std::int64_t> seen;
  bool poison = false;

private:
  std::int64_t count_;
  nn::ResolvedGraph graph_;
  nn::Domain domain_;
  nn::Network<float> network_;
};

/// All ranks share each sample; what the others have of its gradient is zero.
class SharedSmoothing final : public Smoothing {
public:
  using Smoothing::Smoothing;
  [[nodiscard]] int ranks_per_sample() const override {
    int ranks = 1;
    MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
    return ranks;
  }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override {
    int rank = 0;
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
    const double loss = Smoothing::evaluate(sample, parameters, rank == 0 ? gradient : nullptr);
    return rank == 0 ? loss : NAN; // nobody asks for it
  }
};

TrainerOptions some_options() {
  TrainerOptions options;
  options.batch = 7;
  options.validation = 0.2;
  options.seed = 11;
  options.schedule.rate = 1e-2;
  return options;
}

void run(Trainer& trainer, std::int64_t steps) {
  while (trainer.steps() < steps) trainer.step();
}

void expect_same(const Trainer& a, const Trainer& b) {
  for (std::size_t i = 0; i < a.parameters().extent(0); ++i)
    ASSERT_EQ(a.parameters()(i), b.parameters()(i)) << "parameter " << i;
  ASSERT_EQ(a.history().size(), b.history().size());
  for (std::size_t i = 0; i < a.history().size(); ++i) {
    EXPECT_EQ(a.history()[i].training, b.history()[i].training);
    EXPECT_EQ(a.history()[i].validation, b.history()[i].validation);
  }
}

} // namespace

TEST(Trainer, SameBitsOnAnyNumberOfRanks) {
  Smoothing shared(50), alone(50);
  Trainer many(PETSC_COMM_WORLD, shared, some_options()),
      one(PETSC_COMM_SELF, alone, some_options());
  run(many, 23);
  run(one, 23);
  expect_same(many, one);
}

// Where there are more shards than 64 / N, each has several samples, which changes the order of
// sums.
TEST(Trainer, SamplesThatAllRanksShare) {
  SharedSmoothing shared(50);
  Smoothing alone(50);
  TrainerOptions options = some_options();
  for (const std::int64_t batch : {7, 40}) {
    options.batch = batch;
    Trainer many(PETSC_COMM_WORLD, shared, options), one(PETSC_COMM_SELF, alone, options);
    run(many, 5);
    run(one, 5);
    EXPECT_EQ(shared.seen, alone.seen);
    if (batch == 7) expect_same(many, one);
    EXPECT_NEAR(many.step(), one.step(), 1e-6);
  }
  if (shared.ranks_per_sample() > 1) { // a group that is not whole
    EXPECT_THROW(Trainer(PETSC_COMM_SELF, shared, options), core::Error);
  }
}

TEST(Trainer, RestartGoesOnWithTheSameBits) {
  const linnet::test::Scratch scratch;
  Smoothing task(50);
  Trainer whole(PETSC_COMM_WORLD, task, some_options());
  run(whole, 23);
  for (const nn::OptimiserType type : {nn::OptimiserType::adam, nn::OptimiserType::muon}) {
    TrainerOptions options = some_options();
    options.optimiser.type = type;
    Trainer uncut(PETSC_COMM_WORLD, task, options), first(PETSC_COMM_WORLD, task, options),
        second(PETSC_COMM_WORLD, task, options);
    run(uncut, 23);
    run(first, 9); // in the middle of an epoch
    first.spend(1000.0);
    first.save(scratch / "state", "smoothing");
    second.load(scratch / "state", "smoothing");
    const double before = second.seconds();
    EXPECT_GT(before, 1000.0);
    run(second, 23);
    EXPECT_GT(second.seconds(), before);
    expect_same(uncut, second);
  }
}

TEST(Trainer, AnotherTrainingIsRefused) {
  const linnet::test::Scratch scratch;
  Smoothing task(50);
  Trainer trainer(PETSC_COMM_WORLD, task, some_options());
  trainer.save(scratch / "state", "smoothing");
  EXPECT_THROW(trainer.load(scratch / "state", "sharpening"), core::Error);
}

TEST(Trainer, LearnsAndHoldsOut) {
  Smoothing task(50);
  Trainer trainer(PETSC_COMM_WORLD, task, some_options());
  EXPECT_EQ(trainer.split().training, 40);
  run(trainer, 4); // within the first epoch of 5 steps
  for (const std::int64_t sample : task.seen) EXPECT_LT(sample, 40) << "held out, yet used";
  run(trainer, 300);
  ASSERT_EQ(trainer.history().size(), 60u);
  EXPECT_LT(trainer.history().back().validation, 0.05 * trainer.history().front().validation);
}

// Of 8 groups of 6, a fifth is one.
TEST(Trainer, HoldsOutWholeGroups) {
  TrainerOptions options = some_options();
  options.group = 6;
  EXPECT_EQ(nn::split_samples(48, options).training, 42);
  Smoothing task(48);
  Trainer trainer(PETSC_COMM_SELF, task, options);
  run(trainer, 5); // of the 6 steps of an epoch
  EXPECT_LT(*task.seen.rbegin(), 42);
  EXPECT_GT(*task.seen.rbegin(), 36);
  run(trainer, 6);
  EXPECT_EQ(*task.seen.rbegin(), 47);
  EXPECT_THROW(static_cast<void>(nn::split_samples(50, options)), core::Error);
}

TEST(Trainer, NumbersOfSamples) {
  TrainerOptions options = some_options();
  options.validation = 5, options.test = 8;
  const nn::SampleSplit split = nn::split_samples(50, options);
  EXPECT_EQ(split.training, 37);
  EXPECT_EQ(split.validation, 5);
  EXPECT_EQ(split.test, 8);
  options.validation = 0.25; // of those that are no test
  EXPECT_EQ(nn::split_samples(50, options).validation, 10);
  options.test = 44;
  EXPECT_THROW(static_cast<void>(nn::split_samples(50, options)), core::Error);
  options.test = 60;
  EXPECT_THROW(static_cast<void>(nn::split_samples(50, options)), core::Error);
  options.group = 5, options.test = 7;
  EXPECT_THROW(static_cast<void>(nn::split_samples(50, options)), core::Error);
}

TEST(Trainer, NeverSeesTheTest) {
  Smoothing task(50);
  TrainerOptions options = some_options();
  options.validation = 5, options.test = 8;
  Trainer trainer(PETSC_COMM_SELF, task, options);
  run(trainer, 10);
  EXPECT_EQ(trainer.history().size(), 2u);
  EXPECT_EQ(*task.seen.rbegin(), 41);
}

// The momentum of a step follows from its number: restarts change no bit.
TEST(Trainer, RestartInAOneCycle) {
  const linnet::test::Scratch scratch;
  Smoothing task(50);
  TrainerOptions options = some_options();
  options.schedule.type = nn::ScheduleType::one_cycle;
  options.schedule.period = 5, options.schedule.steps = 25;
  Trainer uncut(PETSC_COMM_WORLD, task, options), first(PETSC_COMM_WORLD, task, options),
      second(PETSC_COMM_WORLD, task, options);
  run(uncut, 25);
  run(first, 13);
  first.save(scratch / "state", "smoothing");
  second.load(scratch / "state", "smoothing");
  run(second, 25);
  expect_same(uncut, second);
  options.schedule.least_momentum = 0.9;
  Trainer other(PETSC_COMM_WORLD, task, options);
  run(other, 25);
  EXPECT_NE(other.history().back().training, uncut.history().back().training);
}

TEST(Trainer, StartsFromOtherParameters) {
  Smoothing task(50);
  Trainer first(PETSC_COMM_WORLD, task, some_options());
  run(first, 10);
  TrainerOptions other = some_options();
  other.seed = 12;
  Trainer second(PETSC_COMM_WORLD, task, other);
  second.start_from(first.parameters());
  for (std::size_t i = 0; i < first.parameters().extent(0); ++i)
    ASSERT_EQ(second.parameters()(i), first.parameters()(i));
  second.step();
  EXPECT_NE(second.parameters()(0), first.parameters()(0)); // its own copy
}

// With the plain gradient a step is as long as the rate times the largest element that is left.
TEST(Trainer, ClampsElements) {
  Smoothing task(50);
  TrainerOptions options = some_options();
  options.optimiser.type = nn::OptimiserType::sgd;
  options.schedule.rate = 0.5;
  Trainer free(PETSC_COMM_WORLD, task, options);
  options.clamp = 1e-2;
  Trainer clamped(PETSC_COMM_WORLD, task, options);
  const nn::ParameterLayout& layout = task.graph().parameters;
  const auto start = nn::parameter_buffer<float>(layout);
  Kokkos::deep_copy(start, free.parameters());
  free.step();
  clamped.step();
  std::size_t cut = 0;
  for (std::size_t i = 0; i < start.extent(0); ++i) {
    const double whole = static_cast<double>(start(i)) - static_cast<double>(free.parameters()(i)),
                 part =
                     static_cast<double>(start(i)) - static_cast<double>(clamped.parameters()(i));
    cut += std::abs(whole) > 5e-3 ? 1 : 0;
    EXPECT_NEAR(part, std::max(-5e-3, std::min(5e-3, whole)), 1e-6);
  }
  EXPECT_GT(cut, 0U);
  EXPECT_LT(cut, layout.count());
}

TEST(Trainer, Refusals) {
  Smoothing task(5);
  EXPECT_THROW(Trainer(PETSC_COMM_WORLD, task, some_options()), core::Error);
  Smoothing poisoned(50);
  poisoned.poison = true;
  Trainer trainer(PETSC_COMM_WORLD, poisoned, some_options());
  EXPECT_THROW(trainer.step(), core::Error);
}

TEST(Permutation, IsOneAndChangesWithSeedAndRound) {
  for (const std::uint64_t count : {1, 2, 7, 64, 1000}) {
    std::set<std::uint64_t> images;
    const nn::Permutation p(count, 3, 5);
    for (std::uint64_t i = 0; i < count; ++i) {
      EXPECT_LT(p(i), count);
      images.insert(p(i));
    }
    EXPECT_EQ(images.size(), count);
  }
  int same_round = 0, same_seed = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    same_round += nn::Permutation(1000, 3, 5)(i) == nn::Permutation(1000, 3, 6)(i);
    same_seed += nn::Permutation(1000, 3, 5)(i) == nn::Permutation(1000, 4, 5)(i);
  }
  // One in a thousand is expected to stay in its place.
  EXPECT_LT(same_round, 10);
  EXPECT_LT(same_seed, 10);
}
