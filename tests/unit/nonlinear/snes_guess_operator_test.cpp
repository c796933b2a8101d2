// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Starts of a nonlinear solve from a network: taken where the residual is smaller than that of the
// plain start, in part on the line between, else not at all.
#include "network_case.hpp"

#include <linnet/nonlinear/snes_guess_operator.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using namespace linnet::test;
using nonlinear::SnesGuessInfo;

namespace {

/// The solution of a linear system, or of a cubic one, that the DMDA carries as "source".
class SnesGuess : public testing::Test {
protected:
  /// For the solution s_, which is what the network multiplies.
  [[nodiscard]] Values right_hand_side(double cubic) const {
    const CubicSystem system(cubic, Values(CubicSystem::count, 0.0));
    return system.residual(s_, Values(CubicSystem::count, 0.0));
  }
  /// What a solve of no steps begins with.
  Values start_of(const CubicSystem& system, const Values& plain) {
    const auto u = system.vector(plain);
    LINNET_CHECK(SNESSetType(system.snes(), SNESNRICHARDSON));
    LINNET_CHECK(SNESSetTolerances(system.snes(), 1e-300, 1e-300, 0.0, 0, 1000));
    LINNET_CHECK(SNESSolve(system.snes(), nullptr, u.get()));
    return system.natural(u.get());
  }
  static SnesGuessInfo info_of(SNES snes) {
    SnesGuessInfo info;
    PetscBool exists = PETSC_FALSE;
    LINNET_CHECK(nonlinear::SNESGuessOperatorGetInfo(snes, &exists, &info));
    EXPECT_TRUE(exists);
    return info;
  }
  void expect_start(double weight, const Values& plain, double factor) {
    const Values b = right_hand_side(0.0);
    const CubicSystem system(0.0, b);
    system.carry("source", s_);
    LINNET_CHECK(nonlinear::SNESGuessOperatorSetModel(
        system.snes(), files_.file(point_network({weight}, "source")).c_str()));
    const Values found = start_of(system, plain);
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], (1.0 - factor) * plain[i] + factor * weight * s_[i], 1e-5) << weight;
    if (factor == 0.0) {
      EXPECT_EQ(found, plain);
    }
    const SnesGuessInfo info = info_of(system.snes());
    EXPECT_EQ(info.guesses, 1);
    EXPECT_EQ(info.taken, factor == 1.0 ? 1 : 0);
    EXPECT_EQ(info.on_line, factor > 0.0 && factor < 1.0 ? 1 : 0);
    EXPECT_NEAR(info.plain, norm(system.residual(plain, b)), 1e-10 * info.plain);
    EXPECT_NEAR(info.residual, norm(system.residual(found, b)), 1e-10 * info.plain);
  }

  ModelFiles files_;
  const Values s_ = some_values(29), zero_ = Values(CubicSystem::count, 0.0);
};

PetscErrorCode fill_with_three(SNES, Vec u, void*) { return VecSet(u, 3.0); }

} // namespace

// |F| of t s is |t - 1| |b|: below |b| for t from 0 to 2.
TEST_F(SnesGuess, IsTakenWhereItIsBetter) {
  expect_start(1.0, zero_, 1.0);
  expect_start(1.9, zero_, 1.0);
  expect_start(3.0, zero_, 0.5);
  expect_start(7.0, zero_, 0.25);
  expect_start(12.0, zero_, 0.125);
  expect_start(20.0, zero_, 0.0);
  expect_start(-1.0, zero_, 0.0);
}

TEST_F(SnesGuess, IsJudgedAgainstThePlainStart) {
  const Values near = sum(zero_, 0.9, s_);
  expect_start(1.05, near, 1.0);
  expect_start(1.5, near, 0.25); // 0.9 + 0.6 t is better than 0.9 for t below 1/3
  expect_start(0.5, near, 0.0);
}

TEST_F(SnesGuess, ACorrectionStartsFromThePlainStart) {
  const Values plain = some_values(31);
  const Values b = right_hand_side(0.0);
  const CubicSystem system(0.0, b);
  LINNET_CHECK(nonlinear::SNESGuessOperatorSetModel(
      system.snes(), files_.file(point_network({0.25}, "residual")).c_str()));
  const Values found = start_of(system, plain),
               expected = sum(plain, -0.25, system.residual(plain, b));
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5);
}

TEST_F(SnesGuess, NaNIsNoStart) {
  const CubicSystem system(0.5, right_hand_side(0.5));
  system.carry("source", Values(CubicSystem::count, -1.0));
  LINNET_CHECK(nonlinear::SNESGuessOperatorSetModel(
      system.snes(), files_.file(point_network({1.0}, "log source")).c_str()));
  const Values plain = some_values(31);
  EXPECT_EQ(start_of(system, plain), plain);
  EXPECT_EQ(info_of(system.snes()).taken, 0);
}

// By options alone, on top of the program's own initial guess, in every solve.
TEST_F(SnesGuess, ServesAnyProgramByOptions) {
  const std::string path = files_.file(point_network({1.0}, "source"));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-some_snes_guess_operator_model", path.c_str()));
  LINNET_CHECK(PetscOptionsSetValue(nullptr, "-some_snes_guess_operator_inputs", "negative"));
  const Values b = right_hand_side(0.5);
  const CubicSystem system(0.5, b);
  system.carry("negative", sum(zero_, -1.0, s_));
  LINNET_CHECK(SNESSetOptionsPrefix(system.snes(), "some_"));
  LINNET_CHECK(SNESSetComputeInitialGuess(system.snes(), fill_with_three, nullptr));
  LINNET_CHECK(SNESSetFromOptions(system.snes()));
  EXPECT_NE(start_of(system, zero_), Values(CubicSystem::count, 3.0)); // -s is better than 3
  LINNET_CHECK(nonlinear::SNESGuessOperatorSetInputs(system.snes(), "source"));
  system.carry("source", s_);
  const Values found = start_of(system, zero_);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], s_[i], 1e-5);
  EXPECT_EQ(info_of(system.snes()).guesses, 2);
  // Without the network the program's guess is there again.
  LINNET_CHECK(nonlinear::SNESGuessOperatorSetModel(system.snes(), ""));
  EXPECT_EQ(start_of(system, zero_), Values(CubicSystem::count, 3.0));
  for (const char* name : {"-some_snes_guess_operator_model", "-some_snes_guess_operator_inputs"})
    LINNET_CHECK(PetscOptionsClearValue(nullptr, name));
}

TEST_F(SnesGuess, Refusals) {
  const auto said = [&](const std::string& path) {
    const CubicSystem system(0.0, s_);
    LINNET_CHECK(nonlinear::SNESGuessOperatorSetModel(system.snes(), path.c_str()));
    const auto u = system.vector(zero_);
    const Messages messages;
    return SNESSolve(system.snes(), nullptr, u.get()) ? messages.text() : "accepted";
  };
  expect_contains(said(files_.missing()), "none.h5");
  expect_contains(said(files_.file(point_network({1.0}, "source"))),
                  "initial guess: the network takes 'source', and neither DMDA nor SNES");
  expect_contains(
      said(files_.file(point_network({1.0, 2.0}, "source"))),
      "takes 2 channels, and 'source' are 1; list them with -snes_guess_operator_inputs");
  const CubicSystem system(0.0, s_);
  const Messages messages;
  EXPECT_NE(nonlinear::SNESGuessOperatorSetInputs(system.snes(), "state"), PETSC_SUCCESS);
  expect_contains(messages.text(), "name its file with -snes_guess_operator_model FILE.h5");
}
