// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Adaptive runs that are interrupted, saved, and gone on with.
#include "trained_blade.hpp"

#include <linnet/core/error.hpp>
#include <linnet/rom/solid/adaptive_checkpoint.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace linnet;
using namespace linnet::tests;
using rom::AdaptiveOptions;
using rom::AdaptiveRun;

AdaptiveOptions options(rom::QuadratureKind kind = rom::QuadratureKind::ecm) {
  AdaptiveOptions result;
  result.target = 0.01;
  result.quadrature = kind;
  return result;
}

std::string path(const std::string& name) {
  int ranks = 0;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  return "adaptive_" + name + "_" + std::to_string(ranks) + ".h5";
}

/// The trained model with estimates of its own.
rom::SolidReducedModel calibrated() {
  rom::SolidReducedModel model = trained().model();
  std::vector<rom::IndicatorPair> pairs;
  for (int i = 1; i <= 30; ++i) pairs.push_back({0.004 * i, 0.005 * i * (1.0 + 0.1 * (i % 3))});
  model.set_calibration(rom::Calibration::fit(pairs, {}));
  return model;
}

/// A run to its end, and what it left on the mesh.
struct Whole {
  AdaptiveOptions options;
  rom::SolidReducedModel model = calibrated();
  AdaptiveRun run{model, trained().problem(), options};
  std::vector<double> mesh;

  explicit Whole(const AdaptiveOptions& with = ::options()) : options(with) {
    run.start();
    finish(run);
    mesh = trained().body.plastic_strain();
  }
};

/// Saves after some steps, forgets everything, and goes on.
void expect_restart_after(int steps, const Whole& whole) {
  Trained& t = trained();
  const std::string materials = t.body.materials.fingerprint(), file = path("part");
  {
    rom::SolidReducedModel model = calibrated();
    AdaptiveRun run(model, t.problem(), whole.options);
    run.start();
    while (run.done() < steps) run.advance();
    rom::save_adaptive_run(file, run, materials, {"made for a test", {}}, "blade");
  }
  Kokkos::deep_copy(t.body.solid.old_state(), 1.0);
  rom::AdaptiveCheckpoint checkpoint =
      rom::load_adaptive_run(file, t.body.solid, t.body.products, materials);
  EXPECT_EQ(checkpoint.problem, "blade");
  EXPECT_EQ(checkpoint.archive.content.options, "made for a test");
  EXPECT_TRUE(checkpoint.archive.content.online.empty());
  AdaptiveRun run(checkpoint.archive.model, t.problem(), whole.options);
  run.resume(std::move(checkpoint.state));
  EXPECT_EQ(run.done(), steps);
  finish(run);
  expect_same(run.history(), whole.run.history());
  EXPECT_EQ(run.costs().steps(), whole.run.costs().steps());
  EXPECT_EQ(run.costs().calls.front().replayed, whole.run.costs().calls.front().replayed);
  EXPECT_EQ(run.model().points().points, whole.model.points().points);
  EXPECT_EQ(t.body.plastic_strain(), whole.mesh);
}

TEST(AdaptiveCheckpoint, GoesOnWithTheSameBits) {
  const Whole whole;
  ASSERT_GE(whole.run.costs().calls.size(), 2u);
  const int first = whole.run.costs().calls.front().step,
            last = whole.run.costs().calls.back().step;
  for (const int steps : {0, first, first + 1, last - 1}) expect_restart_after(steps, whole);
}

/// With all points of the mesh each rank has the history of its own.
TEST(AdaptiveCheckpoint, KeepsTheHistoryOfAllPoints) {
  const Whole whole(options(rom::QuadratureKind::full));
  ASSERT_GE(whole.run.costs().calls.size(), 2u);
  expect_restart_after(whole.run.costs().calls.front().step + 1, whole);
}

TEST(AdaptiveCheckpoint, RefusesAnArchiveWithoutARun) {
  Trained& t = trained();
  const rom::SolidReducedModel model = t.model();
  const std::string materials = t.body.materials.fingerprint(), file = path("archive");
  rom::write_archive(file, model, materials, {});
  std::string message;
  try {
    rom::load_adaptive_run(file, t.body.solid, t.body.products, materials);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::data);
    message = error.what();
  }
  EXPECT_NE(message.find("no interrupted run"), std::string::npos) << message;
}

} // namespace
