// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Steps of a network in a nonlinear solve: the step by its definition, what is refused, and that
// bad networks cost time and never the answer, under every method that takes a nonlinear
// preconditioner.
#include "network_case.hpp"

#include <linnet/nonlinear/network_pause.hpp>
#include <linnet/nonlinear/snes_neural.hpp>
#include <linnet/nonlinear/state_network.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using namespace linnet::test;
using nonlinear::SnesNeuralInfo;
using nonlinear::StateNetwork;

namespace {

const nonlinear::NetworkNames names{"test", "-model", "-inputs"};

/// Neither linear nor odd, on any grid.
nn::Graph two_layers() {
  nn::Graph g;
  g.dimension = 2;
  g.nodes = {{"r", "input", {}, {}},
             {"c", "conv", {"r"}, {{"channels", 4}}},
             {"a", "relu", {"c"}, {}},
             {"d", "conv", {"a"}, {{"channels", 1}}}};
  g.output = "d";
  return g;
}

class SnesNeural : public testing::Test {
protected:
  /// A nonlinear solver of type @p outer with the network of @p path inside.
  static SNES inner(const CubicSystem& system, const char* outer, const std::string& path) {
    SNES snes = nullptr;
    LINNET_CHECK(SNESSetType(system.snes(), outer));
    LINNET_CHECK(SNESGetNPC(system.snes(), &snes));
    LINNET_CHECK(SNESSetType(snes, SNESNEURAL));
    LINNET_CHECK(nonlinear::SNESNeuralSetModel(snes, path.c_str()));
    LINNET_CHECK(SNESSetFromOptions(system.snes())); // PETSc's types set line searches up in it
    return snes;
  }
  static SnesNeuralInfo info_of(SNES snes) {
    SnesNeuralInfo info;
    LINNET_CHECK(nonlinear::SNESNeuralGetInfo(snes, &info));
    return info;
  }
  /// |F| over |F(0)| of what comes of u = 0, by the definition.
  static double solve(const CubicSystem& system, const Values& b) {
    const auto u = system.vector(Values(CubicSystem::count, 0.0));
    SNESConvergedReason reason = SNES_CONVERGED_ITERATING;
    LINNET_CHECK(SNESSolve(system.snes(), nullptr, u.get()));
    LINNET_CHECK(SNESGetConvergedReason(system.snes(), &reason));
    EXPECT_GT(reason, 0) << SNESConvergedReasons[reason];
    return norm(system.residual(system.natural(u.get()), b)) / norm(b);
  }
  static PetscInt iterations(const CubicSystem& system) {
    PetscInt count = 0;
    LINNET_CHECK(SNESGetIterationNumber(system.snes(), &count));
    return count;
  }

  ModelFiles files_;
  const Values b_ = some_values(3);
};

} // namespace

TEST_F(SnesNeural, TheNetworkSeesItsChannels) {
  const CubicSystem system(0.3, b_);
  Values k(CubicSystem::count), mask(CubicSystem::count, 0.0);
  for (std::size_t i = 0; i < k.size(); ++i)
    k[i] = 1.5 + 0.5 * some_values(5)[i] + 1e-3 * double(i);
  mask[17] = 1.0;
  mask[101] = 2.0;
  system.carry("coefficient", k);
  system.carry("mask", mask);
  const Values u = some_values(7), F = system.residual(u, b_);
  const auto x = system.vector(u), f = system.vector(F), d = system.vector(u);
  StateNetwork network(system.snes(),
                       files_.file(point_network({0.5, -2.0, 3.0, 0.25},
                                                 "residual, log coefficient,state,coefficient")),
                       "", 1 << 20, names);
  EXPECT_TRUE(network.makes_correction());
  EXPECT_EQ(network.inputs(), "residual,log coefficient,state,coefficient");
  const double rms = norm(F) / std::sqrt(double(CubicSystem::count));
  for (const double factor : {1.0, 1e-9, 1e6}) { // of the residual: d is homogeneous in it
    LINNET_CHECK(VecCopy(system.vector(sum(Values(F.size(), 0.0), factor, F)).get(), f.get()));
    network.apply(system.snes(), x.get(), f.get(), d.get());
    const Values found = system.natural(d.get());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double expected =
          mask[i] != 0.0
              ? -F[i]
              : rms * (0.5 * -F[i] / rms - 2.0 * std::log(k[i]) + 3.0 * u[i] + 0.25 * k[i]);
      EXPECT_NEAR(found[i] / factor, expected, 2e-6 * rms * 5.0) << i;
    }
  }
  LINNET_CHECK(VecZeroEntries(f.get()));
  network.apply(system.snes(), x.get(), f.get(), d.get());
  EXPECT_EQ(norm(system.natural(d.get())), 0.0);
}

// F is linear here, so that the line search finds the least residual along d = -F / 2.
TEST_F(SnesNeural, AStepIsTheBestAlongTheCorrection) {
  const CubicSystem system(0.0, b_);
  const Values u = some_values(11), F = system.residual(u, b_), d = sum(Values(F.size()), -0.5, F),
               zero(F.size(), 0.0), image = system.residual(d, zero);
  const double lambda = -dot(F, image) / dot(image, image);
  LINNET_CHECK(SNESSetType(system.snes(), SNESNEURAL));
  LINNET_CHECK(
      nonlinear::SNESNeuralSetModel(system.snes(), files_.file(point_network({0.5}, "")).c_str()));
  LINNET_CHECK(SNESSetTolerances(system.snes(), 1e-300, 1e-12, 0.0, 1, 1000));
  const auto x = system.vector(u);
  LINNET_CHECK(SNESSolve(system.snes(), nullptr, x.get()));
  const Values found = system.natural(x.get()), expected = sum(u, lambda, d);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 2e-5) << i;
  SNESConvergedReason reason = SNES_CONVERGED_ITERATING;
  PetscReal after = 0.0;
  LINNET_CHECK(SNESGetConvergedReason(system.snes(), &reason));
  EXPECT_EQ(reason, SNES_DIVERGED_MAX_IT);
  LINNET_CHECK(SNESGetFunctionNorm(system.snes(), &after));
  EXPECT_NEAR(after, norm(system.residual(found, b_)), 1e-10 * after);
  EXPECT_EQ(info_of(system.snes()).accepted, 1);
}

// Steps that leave too much are undone in every bit, and Richardson's step takes their place.
TEST_F(SnesNeural, RefusedStepsLeaveNoTrace) {
  const Values u = some_values(11);
  const auto after_one_step = [&](double weight, double accept) {
    const CubicSystem system(0.0, b_);
    LINNET_CHECK(SNESSetType(system.snes(), SNESNEURAL));
    LINNET_CHECK(nonlinear::SNESNeuralSetModel(
        system.snes(), files_.file(point_network({weight, 0.1}, "residual,state")).c_str()));
    LINNET_CHECK(nonlinear::SNESNeuralSetAccept(system.snes(), accept));
    LINNET_CHECK(SNESSetTolerances(system.snes(), 1e-300, 1e-12, 0.0, 1, 1000));
    const auto x = system.vector(u);
    LINNET_CHECK(SNESSolve(system.snes(), nullptr, x.get()));
    EXPECT_EQ(info_of(system.snes()).fallback, accept < 0.5 ? 1 : 0);
    return system.natural(x.get());
  };
  const Values refused = after_one_step(0.5, 1e-3), other = after_one_step(-0.7, 1e-3),
               taken = after_one_step(0.5, 1.0);
  EXPECT_EQ(refused, other); // whatever the network said
  EXPECT_NE(refused, taken);
}

TEST_F(SnesNeural, ServesEveryMethodThatTakesOne) {
  const std::string path = files_.file(point_network({0.3}, "residual"));
  for (const char* outer : {SNESNGMRES, SNESANDERSON, SNESQN, SNESNCG}) {
    const CubicSystem system(0.5, b_);
    const SNES snes = inner(system, outer, path);
    EXPECT_LE(solve(system, b_), 1.001e-5) << outer;
    const SnesNeuralInfo info = info_of(snes);
    EXPECT_GT(info.accepted, 0) << outer;
  }
}

// Zero, noise and NaN: the answer is that of any other solver.
TEST_F(SnesNeural, ABadNetworkCostsTimeAndNotTheAnswer) {
  const std::string nothing = files_.file(point_network({0.0}, "residual")),
                    uphill = files_.file(point_network({0.0, 5.0}, "residual,noise")),
                    nan = files_.file(point_network({0.3, 1.0}, "residual,log negative")),
                    noise = files_.file(random_model(two_layers()));
  PetscInt alone = 0;
  for (const std::string& path : {nothing, uphill, nan, noise}) {
    const CubicSystem system(0.5, b_);
    system.carry("noise", some_values(23));
    system.carry("negative", Values(CubicSystem::count, -1.0));
    const SNES snes = inner(system, SNESNGMRES, path);
    EXPECT_LE(solve(system, b_), 1.001e-5) << path;
    const SnesNeuralInfo info = info_of(snes);
    EXPECT_EQ(info.steps, info.accepted + info.rejected + info.left_out);
    if (path == nothing) alone = iterations(system);
    if (path != nothing && path != nan) continue;
    EXPECT_EQ(info.accepted, 0);
    EXPECT_GE(info.rejected, 3);
    EXPECT_GT(info.left_out, info.rejected); // it is not asked in vain for ever
    EXPECT_EQ(iterations(system), alone);
  }
}

TEST_F(SnesNeural, IsLeftOutForLongerAndLonger) {
  nonlinear::NetworkPause pause;
  std::string told;
  for (int step = 0; step < 40; ++step) {
    const bool skips = pause.skips();
    told += skips ? '.' : 'x';
    if (!skips) pause.judge(false);
  }
  EXPECT_EQ(told, "xxx........x................x...........");
  pause.judge(true);
  for (int step = 0; step < 21; ++step) static_cast<void>(pause.skips());
  EXPECT_FALSE(pause.skips());
  pause.judge(true);
  pause.judge(false);
  EXPECT_FALSE(pause.skips());
}

// The figures of one rank.
TEST_F(SnesNeural, DoesNotDependOnTheRanks) {
  const CubicSystem system(0.5, b_);
  const SNES snes = inner(system, SNESNGMRES, files_.file(random_model(two_layers(), 9)));
  EXPECT_LE(solve(system, b_), 1.001e-5);
  const SnesNeuralInfo info = info_of(snes);
  EXPECT_EQ(iterations(system), 27);
  EXPECT_EQ(info.accepted, 1);
  EXPECT_EQ(info.rejected, 4);
}

TEST_F(SnesNeural, OptionsAndView) {
  const std::string path = files_.file(point_network({0.3, 0.0}, ""));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-snes_type", SNESNGMRES));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-npc_snes_type", SNESNEURAL));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-npc_snes_neural_model", path.c_str()));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-npc_snes_neural_inputs", "residual,state"));
  {
    const CubicSystem system(0.5, b_);
    LINNET_CHECK(SNESSetFromOptions(system.snes()));
    EXPECT_LE(solve(system, b_), 1.001e-5);
    const std::string text = files_.view(system.snes());
    for (const char* part :
         {"type: neural", path.c_str(), "2 parameters, inputs residual,state, grid 13 x 10 x 1",
          "steps of the network taken", "more than 0.95 of the residual left"})
      expect_contains(text, part);
  }
  for (const char* name :
       {"-snes_type", "-npc_snes_type", "-npc_snes_neural_model", "-npc_snes_neural_inputs"})
    LINNET_CHECK(PetscOptionsClearValue(nullptr, name));
}

TEST_F(SnesNeural, Refusals) {
  const auto said = [&](const std::string& path) {
    const CubicSystem system(0.5, b_);
    LINNET_CHECK(SNESSetType(system.snes(), SNESNEURAL));
    LINNET_CHECK(nonlinear::SNESNeuralSetModel(system.snes(), path.c_str()));
    const auto x = system.vector(b_);
    const Messages messages;
    return SNESSolve(system.snes(), nullptr, x.get()) ? messages.text() : "accepted";
  };
  expect_contains(said(""), "no network; name its file with -snes_neural_model FILE.h5");
  expect_contains(said(files_.missing()), "none.h5");
  expect_contains(said(files_.file(random_model(small_graph(3)))),
                  "works in 3 dimensions, and the grid has 2");
  expect_contains(said(files_.file(point_network({1.0, 1.0}, ""))),
                  "takes 2 channels, and 'residual' are 1; list them with -snes_neural_inputs");
  expect_contains(said(files_.file(point_network({1.0}, "source"))),
                  "makes solutions, not corrections");
  expect_contains(said(files_.file(point_network({1.0, 1.0}, "residual,log heat"))),
                  "takes 'heat', and neither DMDA nor SNES nor Jacobian carries such a Vec");
  expect_contains(said(files_.file(point_network({1.0, 1.0}, "residual,residual"))),
                  "two channels 'residual'");
  // A network for one grid alone.
  nn::Model fixed = point_network({1.0}, "");
  fixed.normalisation.output =
      nn::Normaliser(nn::NormaliserKind::point, 1, {4, 4, 1}, Values(16, 0.0), Values(16, 1.0));
  expect_contains(said(files_.file(fixed)), "4 x 4");
  {
    const CubicSystem system(0.5, b_);
    const SNES outer = system.snes();
    const auto x = system.vector(b_);
    LINNET_CHECK(nonlinear::SNESNeuralSetModel(
        inner(system, SNESNEURAL, files_.file(point_network({1.0}, ""))), ""));
    const Messages messages;
    EXPECT_NE(SNESSolve(outer, nullptr, x.get()), PETSC_SUCCESS);
    expect_contains(messages.text(), "takes no nonlinear preconditioner itself");
  }
  const CubicSystem system(0.5, b_);
  LINNET_CHECK(SNESSetType(system.snes(), SNESNEURAL));
  const Messages messages;
  EXPECT_NE(nonlinear::SNESNeuralSetAccept(system.snes(), 1.5), PETSC_SUCCESS);
  expect_contains(messages.text(), "-snes_neural_accept 1.5: must be above 0 and at most 1");
}
