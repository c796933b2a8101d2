// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The blade of 10 x 3 x 20 cells. Numbers of modes and points and errors are compared with those of
// an independent program of the same equations: 17 / 13 / 18 modes of u, p and stress, 123 points
// and 10 more, E_p of A and B below 1.1e-2 after 20 s, unseen C at 1.0.
#include "blade_study.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace linnet {
namespace {

void print(const char* format, auto... values) {
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) std::printf(format, values...);
}

TEST(Blade, HasTheKnownSizesAndErrors) {
  double start = MPI_Wtime();
  const auto lap = [&](const char* what) {
    print("%-28s %8.3f s\n", what, MPI_Wtime() - start);
    start = MPI_Wtime();
  };
  const tests::BladeStudy study(PETSC_COMM_WORLD, {10, 3, 20}, "blade_", true);
  lap("solutions A, B, C, and lifts");
  rom::SolidReducedModel model = study.train();
  lap("training");
  const auto& basis = model.basis();
  print("modes u / p / sigma: %d / %d / %d, points %zu + %zu, cubature residual %.2e\n",
        static_cast<int>(basis.displacement().size()),
        static_cast<int>(basis.plastic_strain().size()), static_cast<int>(basis.stress().size()),
        model.points().rule.points.size(),
        model.points().points.size() - model.points().rule.points.size(),
        model.points().rule.residual);
  EXPECT_NEAR(basis.displacement().size(), 17, 1);
  EXPECT_NEAR(basis.plastic_strain().size(), 13, 1);
  EXPECT_NEAR(basis.stress().size(), 18, 1);
  EXPECT_NEAR(static_cast<double>(model.points().rule.points.size()), 123.0, 25.0);
  for (const rom::TrainingLoading& loading : study.seen) {
    start = MPI_Wtime();
    const auto history = study.run(model, loading);
    const auto errors = study.errors(model, loading, history);
    print("%s: E_u %.2e, E_p %.2e (t > 20), %.2e (all), E_sigma %.2e, max I %.2e, %.0f us a step\n",
          loading.name.c_str(), errors.largest_displacement(), errors.largest_plastic_strain(20.0),
          errors.largest_plastic_strain(), errors.largest_stress(), history.largest_indicator(),
          1e6 * history.seconds / 27);
    EXPECT_LE(errors.largest_plastic_strain(20.0), 2e-2);
    EXPECT_LE(errors.largest_displacement(), 4e-3);
    const auto full =
        rom::run_reduced(model, rom::QuadratureKind::full, loading.loading, loading.lifts, {});
    const auto budget = rom::solid_error_budget(model, loading, history, &full);
    print("   u: %s\n   p: %s\n", to_string(budget.displacement).c_str(),
          to_string(budget.plastic_strain).c_str());
  }
  start = MPI_Wtime();
  const auto runs = rom::calibration_runs(*study.blade.model, study.products, study.seen, {});
  lap("calibration runs");
  const auto calibration = rom::Calibration::fit(runs.pairs, {});
  const auto quality = calibration.quality(runs.pairs);
  print("%d models, %d runs (%d failed), %zu pairs, Spearman %.3f, Pearson %.3f, a %.3f b %.3f s "
        "%.3f\n",
        runs.models, runs.runs, runs.failed, runs.pairs.size(), quality.spearman, quality.pearson,
        calibration.data().slope, calibration.data().intercept, calibration.data().deviation);
  EXPECT_GE(runs.pairs.size(), 200U);
  EXPECT_GE(quality.spearman, 0.85);
  model.set_calibration(calibration);
  const auto history = study.run(model, study.c());
  const auto errors = study.errors(model, study.c(), history);
  int covered = 0, flowing = 0;
  for (std::size_t k = 0; k < errors.times.size(); ++k) {
    if (!errors.flows[k]) continue;
    ++flowing;
    if (errors.plastic_strain[k] <= history.steps[k + 1].estimate) ++covered;
  }
  print("C: E_u %.2e, E_p %.2e, E_sigma %.2e, max I %.2e, covered %d of %d\n",
        errors.largest_displacement(), errors.largest_plastic_strain(), errors.largest_stress(),
        history.largest_indicator(), covered, flowing);
  EXPECT_NEAR(errors.largest_plastic_strain(20.0), 1.0, 0.15);
  EXPECT_NEAR(errors.plastic_strain.back(), 1.0, 0.15);
  EXPECT_GE(covered, 0.9 * flowing);
}

} // namespace
} // namespace linnet
