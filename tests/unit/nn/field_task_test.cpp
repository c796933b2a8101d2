// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Training from field to field: derivatives through network, normalisation and loss, pairs of a
// sample file, errors in closed form, the same bits on any number of ranks, what is refused.
#include "unit/io/scratch.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/random.hpp>
#include <linnet/nn/fields/field_task.hpp>
#include <linnet/nn/fields/mgno_graph.hpp>
#include <linnet/nn/network/operation_count.hpp>
#include <linnet/nn/training/rank_groups.hpp>
#include <linnet/nn/training/trainer.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

using namespace linnet;
using nn::FieldLossType;
using nn::NormaliserKind;

namespace {

using Values = std::vector<double>;

Values noise(std::size_t count, std::uint64_t stream) {
  Values values;
  for (std::uint64_t i = 0; i < count; ++i)
    values.push_back(core::RandomStream(5, stream).normal(i));
  return values;
}

/// Value of a field: (sample, channel, number of the point).
using FieldFunction = std::function<double(std::int64_t, int, std::int64_t)>;

/// A sample file of @p fields, each with its function.
void write_file(const std::string& path, const core::Index3& points, std::int64_t samples,
                const std::vector<std::pair<nn::SampleField, FieldFunction>>& fields) {
  nn::SampleLayout layout;
  layout.samples = samples;
  layout.points = points;
  layout.recipe = "test";
  for (const auto& [field, function] : fields) layout.fields.push_back(field);
  core::on_first_rank(PETSC_COMM_WORLD, [&] {
    nn::SampleWriter writer(PETSC_COMM_SELF, path, layout);
    for (std::int64_t s = 0; s < samples; ++s)
      for (const auto& [field, function] : fields) {
        Values values;
        for (int c = 0; c < field.channels; ++c)
          for (std::int64_t p = 0; p < core::volume(points); ++p)
            values.push_back(function(s, c, p));
        writer.write(field.name, s, {0, 0, 0}, points, values.data());
      }
    writer.close();
  });
}

double smooth(std::int64_t sample, int channel, std::int64_t p) {
  return std::sin(0.3 * static_cast<double>(p + 2 * channel) + static_cast<double>(sample));
}

/// What a network can learn: a local function of the input.
void write_pairs(const std::string& path, const core::Index3& points, std::int64_t samples,
                 int in = 1) {
  write_file(
      path, points, samples,
      {{{"coefficient", in}, smooth}, {{"solution", 1}, [](std::int64_t s, int c, std::int64_t p) {
                                         return 3.0 + 0.5 * std::pow(smooth(s, c, p), 2);
                                       }}});
}

nn::MgnoOptions small_net(int dimension, nn::Padding padding, nn::Coarsening coarsening) {
  nn::MgnoOptions o;
  o.dimension = dimension;
  o.padding = padding;
  o.coarsening = coarsening;
  o.points = coarsening == nn::Coarsening::odd ? core::Index3{15, 11, dimension == 3 ? 13 : 1}
                                               : core::Index3{16, 12, dimension == 3 ? 8 : 1};
  o.layers = 2;
  o.channels = {3, 3, 3};
  o.steps = {{1, 0}, {1, 0}, {2, 0}};
  return o;
}

nn::ResolvedGraph resolved(const nn::MgnoOptions& o) { return nn::resolve(nn::mgno_graph(o)); }

/// Of two channels where a kind has means.
nn::Normaliser some_normaliser(NormaliserKind kind, const core::Index3& points) {
  nn::NormaliserFit fit(kind, 1, points);
  for (std::uint64_t n = 0; n < 5; ++n)
    fit.add(noise(static_cast<std::size_t>(core::volume(points)), 50 + n));
  return fit.result();
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error.what();
  }
  return "";
}

nn::TrainerOptions trainer_options() {
  nn::TrainerOptions options;
  options.batch = 4;
  options.validation = 4;
  options.test = 4;
  options.seed = 3;
  options.schedule.rate = 6e-3;
  return options;
}

} // namespace

// In every block of parameters, for every loss: along a random direction of the block, central
// differences in double precision.
TEST(FieldNetwork, GradientOfEveryLossByEveryBlock) {
  struct Case {
    int dimension;
    nn::Padding padding;
    nn::Coarsening coarsening;
    NormaliserKind in, out;
  };
  for (const Case& c : {Case{2, nn::Padding::zero, nn::Coarsening::even, NormaliserKind::none,
                             NormaliserKind::channel},
                        Case{2, nn::Padding::reflect, nn::Coarsening::odd, NormaliserKind::point,
                             NormaliserKind::point},
                        Case{3, nn::Padding::periodic, nn::Coarsening::even,
                             NormaliserKind::channel, NormaliserKind::none}})
    for (const FieldLossType type : {FieldLossType::l2, FieldLossType::h1_spectral,
                                     FieldLossType::h1_semi, FieldLossType::h1_difference}) {
      const nn::MgnoOptions o = small_net(c.dimension, c.padding, c.coarsening);
      const nn::ResolvedGraph graph = resolved(o);
      nn::FieldNetwork<double> network(
          graph, o.points, {some_normaliser(c.in, o.points), some_normaliser(c.out, o.points)},
          nn::NetworkMode::training);
      nn::FieldLoss loss(type, o.points, c.padding == nn::Padding::periodic);
      const Values x = noise(network.input_count(), 1), y = noise(network.output_count(), 2);
      const auto parameters = nn::parameter_buffer<double>(graph.parameters),
                 gradient = nn::parameter_buffer<double>(graph.parameters);
      nn::initialise(graph.parameters, 7, parameters);
      Values by_output(network.output_count());
      loss.evaluate(network.forward(x, parameters), y, by_output);
      network.backward(by_output, parameters, gradient);
      std::uint64_t number = 100;
      for (const nn::ParameterBlock& block : graph.parameters.blocks()) {
        const Values along = noise(block.size(), ++number);
        double derivative = 0.0;
        for (std::size_t i = 0; i < block.size(); ++i)
          derivative += gradient(block.offset + i) * along[i];
        const auto moved = [&](double step) {
          for (std::size_t i = 0; i < block.size(); ++i)
            parameters(block.offset + i) += step * along[i];
          const double value = loss.evaluate(network.forward(x, parameters), y, {});
          for (std::size_t i = 0; i < block.size(); ++i)
            parameters(block.offset + i) -= step * along[i];
          return value;
        };
        double best = HUGE_VAL;
        for (const double step : {1e-3, 1e-4, 1e-5})
          best = std::min(best, std::abs((moved(step) - moved(-step)) / (2.0 * step) - derivative));
        EXPECT_LE(best, 1e-7 * std::abs(derivative) + 1e-9)
            << block.name << ", loss " << static_cast<int>(type);
      }
    }
}

// Two forward operations for a weight and a value: 572661 parameters and 0.43 GFLOP at 64 x 64 are
// the published network's.
TEST(OperationCount, OfThePublishedNetwork) {
  nn::MgnoOptions o;
  o.points = {64, 64, 1};
  o.channels.assign(5, 24);
  o.steps = {{1, 0}, {1, 0}, {1, 0}, {1, 0}, {2, 0}};
  o.layers = 1;
  const nn::ResolvedGraph graph = resolved(o);
  const std::vector<double> flops = nn::forward_flops(graph, o.points);
  const auto of = [&](const std::string& id) {
    for (std::size_t i = 0; i < flops.size(); ++i)
      if (graph.nodes[i].id == id) return flops[i];
    return -1.0;
  };
  EXPECT_EQ(of("layer1.S0.1"), 2.0 * 216 * 4096);
  EXPECT_EQ(of("layer1.R0"), 2.0 * 9 * 1024);
  EXPECT_EQ(of("layer1.Pi0"), 2.0 * 5184 * 1024);
  EXPECT_EQ(of("layer1.P0"), 2.0 * 9216 * 1024);
  EXPECT_EQ(of("layer1.gelu"), 0.0);
  double sum = 0.0;
  for (std::size_t i = 0; i < flops.size(); ++i) sum += 3.0 * flops[i];
  EXPECT_LT(nn::training_flops(graph, o.points), sum);
  EXPECT_GT(nn::training_flops(graph, o.points), 0.9 * sum);
}

TEST(FieldSamples, PairsOfAnEvolution) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5";
  const core::Index3 points{4, 3, 1};
  const auto frame = [](std::int64_t s, int c, std::int64_t p) {
    return static_cast<double>(1000 * s + 100 * c + p);
  };
  write_file(path, points, 3, {{{"vorticity", 6}, frame}});
  for (const std::int64_t cache : {0, 1 << 20}) {
    nn::FieldSamples samples(path, {4, cache});
    EXPECT_EQ(samples.is_cached(), cache > 0);
    EXPECT_EQ(samples.pairs(), 12);
    Values x, y;
    for (int again = 0; again < 2; ++again)
      for (std::int64_t pair = 0; pair < 12; ++pair) {
        samples.read_input(pair, x);
        samples.read_output(pair, y);
        for (std::int64_t p = 0; p < 12; ++p) {
          const int c = static_cast<int>(pair % 4);
          EXPECT_EQ(x[static_cast<std::size_t>(p)], frame(pair / 4, c, p));
          EXPECT_EQ(y[static_cast<std::size_t>(p)], frame(pair / 4, c + 1, p));
        }
      }
  }
  EXPECT_NE(refusal([&] {
              nn::FieldSamples(path, {6, 0});
            }).find("6 steps need 7 frames of 'vorticity', and there are 6"),
            std::string::npos);
}

TEST(FieldSamples, InputAndSolution) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5";
  write_pairs(path, {4, 3, 1}, 5, 2);
  Values cached, streamed;
  nn::FieldSamples keeps(path, {1, 1 << 20}), reads(path, {1, 0});
  for (std::int64_t pair = 0; pair < 5; ++pair) {
    keeps.read_input(pair, cached);
    reads.read_input(pair, streamed);
    EXPECT_EQ(cached, streamed);
    EXPECT_EQ(cached.size(), 24u);
    EXPECT_EQ(cached[13], static_cast<double>(static_cast<float>(smooth(pair, 1, 1))));
    keeps.read_output(pair, cached);
    reads.read_output(pair, streamed);
    EXPECT_EQ(cached, streamed);
    EXPECT_EQ(cached.size(), 12u);
  }
}

TEST(FieldSamples, NormalisationOfTheFirstPairsAlone) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5";
  // The last samples would move any mean.
  write_file(path, {4, 3, 1}, 6,
             {{{"coefficient", 1},
               [](std::int64_t s, int, std::int64_t) { return s < 4 ? 1.0 + 2.0 * (s % 2) : 1e6; }},
              {{"solution", 1}, smooth}});
  nn::FieldSamples samples(path, {});
  const nn::Normalisation n =
      nn::fit_normalisation(samples, 4, NormaliserKind::channel, NormaliserKind::none);
  EXPECT_NEAR(n.input.means()[0], 2.0, 1e-14);
  EXPECT_NEAR(n.input.deviations()[0], std::sqrt(48.0 / 47.0), 1e-14);
  EXPECT_EQ(n.output.kind(), NormaliserKind::none);
}

TEST(FieldSamples, Refusals) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5", half = scratch / "half.h5";
  write_file(half, {4, 3, 1}, 2, {{{"coefficient", 1}, smooth}});
  EXPECT_NE(refusal([&] { nn::FieldSamples(half, {}); }).find("lacks 'solution'"),
            std::string::npos);
  write_file(
      path, {4, 3, 1}, 3,
      {{{"coefficient", 1}, smooth},
       {{"solution", 1}, [](std::int64_t s, int, std::int64_t) { return s == 2 ? NAN : 0.0; }}});
  for (const std::int64_t cache : {0, 1 << 20}) {
    nn::FieldSamples samples(path, {1, cache});
    EXPECT_NE(refusal([&] {
                samples.require_finite(PETSC_COMM_WORLD);
              }).find("'solution' of sample 2 holds a value that is not finite"),
              std::string::npos);
  }
  // Another number of channels, and a grid that the parameters are not for.
  write_pairs(path, {16, 12, 1}, 2, 2);
  nn::FieldSamples samples(path, {});
  nn::MgnoOptions o = small_net(2, nn::Padding::zero, nn::Coarsening::even);
  EXPECT_EQ(refusal([&] { nn::FieldTask(resolved(o), samples, {}, FieldLossType::l2); }),
            "network: the input has 1 channel(s) on grid 0; the samples need 2 on grid 0");
  o.in = 2;
  EXPECT_EQ(refusal([&] { nn::FieldTask(resolved(o), samples, {}, FieldLossType::l2); }), "");
  o.norm = nn::MgnoNorm::cycle;
  o.points = {16, 8, 1};
  EXPECT_NE(refusal([&] {
              nn::FieldTask(resolved(o), samples, {}, FieldLossType::l2);
            }).find("has parameters for 16 x 8 x 1 points, and its grid has 16 x 12 x 1"),
            std::string::npos);
}

// A network of one matrix, which is the number 3: each step of the evolution w_t = 2^t gives half
// as much again as it should, and the roll-out 3, 9 and 27 where 2, 4 and 8 are right.
TEST(FieldTask, ErrorsInClosedForm) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5";
  write_file(path, {6, 5, 1}, 4, {{{"vorticity", 4}, [](std::int64_t s, int c, std::int64_t p) {
                                     return std::pow(2.0, c) * (1.0 + static_cast<double>(p + s));
                                   }}});
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}},
                 {"y", "conv", {"x"}, {{"channels", 1}, {"kernel", 1}, {"bias", 0}}}};
  graph.output = "y";
  nn::FieldSamples samples(path, {3, 1 << 20});
  nn::FieldTask task(nn::resolve(graph), samples, {}, FieldLossType::h1_semi);
  const auto parameters = nn::parameter_buffer<float>(task.graph().parameters);
  parameters(task.graph().parameters.blocks()[0].offset) = 3.0F;
  const nn::FieldErrors errors = task.errors(PETSC_COMM_WORLD, 3, 9, parameters);
  // All ranks share each sample: the same bits.
  nn::FieldTask shared(nn::resolve(graph), samples, {}, FieldLossType::h1_semi, PETSC_COMM_WORLD);
  const nn::FieldErrors same = shared.errors(PETSC_COMM_WORLD, 3, 9, parameters);
  EXPECT_EQ(same.l2, errors.l2);
  EXPECT_EQ(same.h1_spectral, errors.h1_spectral);
  EXPECT_EQ(same.h1_semi, errors.h1_semi);
  EXPECT_EQ(same.roll_out, errors.roll_out);
  EXPECT_NEAR(errors.l2, 0.5, 1e-12);
  EXPECT_NEAR(errors.h1_spectral, 0.5, 1e-12);
  EXPECT_NEAR(errors.h1_semi, 0.5, 1e-12);
  EXPECT_NEAR(errors.roll_out, std::sqrt((1.0 + 25.0 + 361.0) / (4.0 + 16.0 + 64.0)), 1e-12);
  EXPECT_NEAR(task.error(2, parameters), 0.5, 1e-12);
  EXPECT_NEAR(task.evaluate(2, parameters, nullptr), 0.5, 1e-12);
}

TEST(FieldTask, SameBitsOnAnyNumberOfRanksAndLearns) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5";
  write_pairs(path, {16, 12, 1}, 24);
  const nn::ResolvedGraph graph = resolved(small_net(2, nn::Padding::zero, nn::Coarsening::even));
  nn::FieldSamples shared(path, {}), alone(path, {1, 0});
  shared.require_finite(PETSC_COMM_WORLD);
  const auto normalisation = [](nn::FieldSamples& samples) {
    return nn::fit_normalisation(samples, 16, NormaliserKind::point, NormaliserKind::channel);
  };
  nn::FieldTask many_task(graph, shared, normalisation(shared), FieldLossType::h1_spectral),
      one_task(graph, alone, normalisation(alone), FieldLossType::h1_spectral);
  nn::Trainer many(PETSC_COMM_WORLD, many_task, trainer_options()),
      one(PETSC_COMM_SELF, one_task, trainer_options());
  while (many.history().size() < 12) many.step();
  while (one.history().size() < 12) one.step();
  for (std::size_t i = 0; i < many.parameters().extent(0); ++i)
    ASSERT_EQ(many.parameters()(i), one.parameters()(i)) << i;
  EXPECT_LT(many.history().back().validation, 0.7 * many.history().front().validation);
  const nn::FieldErrors a = many_task.errors(PETSC_COMM_WORLD, 20, 4, many.best_parameters()),
                        b = one_task.errors(PETSC_COMM_SELF, 20, 4, one.best_parameters());
  EXPECT_EQ(a.l2, b.l2);
  EXPECT_EQ(a.h1_spectral, b.h1_spectral);
  EXPECT_EQ(a.h1_semi, b.h1_semi);
  EXPECT_GT(a.l2, 0.0);
}

// What groups of ranks learn from samples that their ranks share: the bits depend on the ranks of a
// group, not on the number of groups, and restarts change none. Between different ranks of a group
// only sums over points are rounded otherwise.
TEST(FieldTask, RanksThatShareSamples) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5", state = scratch / "state";
  nn::MgnoOptions o = small_net(2, nn::Padding::zero, nn::Coarsening::even);
  o.points = {24, 20, 1};
  write_pairs(path, o.points, 24);
  const nn::ResolvedGraph graph = resolved(o);
  nn::FieldSamples samples(path, {});
  const nn::Normalisation normalisation =
      nn::fit_normalisation(samples, 16, NormaliserKind::channel, NormaliserKind::point);
  const auto task_on = [&](MPI_Comm group) {
    return nn::FieldTask(graph, samples, normalisation, FieldLossType::h1_spectral, group);
  };
  const auto run = [](nn::Trainer& trainer, std::int64_t steps) {
    while (trainer.steps() < steps) trainer.step();
  };
  nn::FieldTask one_task = task_on(PETSC_COMM_SELF);
  nn::Trainer one(PETSC_COMM_SELF, one_task, trainer_options());
  const double first_loss = one.step();
  run(one, 8);
  int ranks = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  for (int size = 1; size <= ranks; size *= 2) {
    SCOPED_TRACE(size);
    const nn::RankGroups groups(PETSC_COMM_WORLD, size);
    const core::OwnedComm group = groups.split();
    nn::FieldTask task = task_on(group.get());
    nn::Trainer many(PETSC_COMM_WORLD, task, trainer_options());
    EXPECT_EQ(many.step(), first_loss);
    run(many, 5);
    many.save(state, "shared");
    run(many, 8);
    // One group alone, from the start and from the middle of an epoch on.
    nn::Trainer few(group.get(), task, trainer_options()),
        again(group.get(), task, trainer_options());
    run(few, 8);
    again.load(state, "shared");
    run(again, 8);
    // Another size.
    nn::Trainer alone(PETSC_COMM_SELF, one_task, trainer_options());
    alone.load(state, "shared");
    run(alone, 8);
    for (std::size_t i = 0; i < many.parameters().extent(0); ++i) {
      ASSERT_EQ(many.parameters()(i), few.parameters()(i)) << i;
      ASSERT_EQ(many.parameters()(i), again.parameters()(i)) << i;
    }
    const nn::FieldErrors errors = task.errors(PETSC_COMM_WORLD, 20, 4, many.best_parameters()),
                          errors_of_one =
                              one_task.errors(PETSC_COMM_SELF, 20, 4, many.best_parameters());
    EXPECT_EQ(errors.l2, errors_of_one.l2);
    EXPECT_EQ(errors.h1_spectral, errors_of_one.h1_spectral);
    EXPECT_EQ(errors.h1_semi, errors_of_one.h1_semi);
    for (std::size_t e = 0; e < 2; ++e) {
      EXPECT_EQ(many.history()[e].validation, again.history()[e].validation);
      // Gradients differ by some 2e-6 at most, which 8 steps of 6e-3 take to the parameters.
      for (const nn::Trainer* other : {&one, &alone}) {
        const nn::EpochRecord &a = many.history()[e], &b = other->history()[e];
        EXPECT_NEAR(a.training, b.training, 1e-6 * b.training);
        EXPECT_NEAR(a.validation, b.validation, 1e-6 * b.validation);
      }
    }
  }
}

TEST(FieldTask, WhatTheFirstRankCannotReadIsAnErrorOfAll) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / "samples.h5";
  write_file(path, {8, 8, 1}, 1,
             {{{"coefficient", 1}, smooth},
              {{"solution", 1}, [](std::int64_t, int, std::int64_t) { return NAN; }}});
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}}, {"y", "tanh", {"x"}, {}}};
  graph.output = "y";
  nn::FieldSamples samples(path, {});
  nn::FieldTask task(nn::resolve(graph), samples, {}, FieldLossType::l2, PETSC_COMM_WORLD);
  EXPECT_NE(refusal([&] {
              task.error(0, nn::parameter_buffer<float>(task.graph().parameters));
            }).find("'solution' of sample 0 holds a value that is not finite"),
            std::string::npos);
}

TEST(RankGroups, AreWholeOnes) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  for (int size = 1; size <= ranks; ++size) {
    if (ranks % size != 0) {
      EXPECT_THROW(nn::RankGroups(PETSC_COMM_WORLD, size), core::Error);
      continue;
    }
    const nn::RankGroups groups(PETSC_COMM_WORLD, size);
    const core::OwnedComm comm = groups.split();
    int own_rank = 0, own_size = 1;
    MPI_Comm_rank(comm.get(), &own_rank);
    MPI_Comm_size(comm.get(), &own_size);
    EXPECT_EQ(own_size, size);
    EXPECT_EQ(groups.count() * size, ranks);
    EXPECT_EQ(groups.number() * size + own_rank, rank);
    EXPECT_EQ(groups.leads(), own_rank == 0);
  }
  for (const int size : {0, ranks + 1})
    EXPECT_EQ(refusal([&] { nn::RankGroups(PETSC_COMM_WORLD, size); }),
              "must divide the number of ranks, " + std::to_string(ranks) + ", got " +
                  std::to_string(size));
}
