// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "blade_study.hpp"

#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/rom/point_values.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace linnet {
namespace {

constexpr std::array<PetscInt, 3> cells{6, 2, 10};

const tests::BladeStudy& study() {
  static const auto* const one = new tests::BladeStudy(PETSC_COMM_WORLD, cells, "training_", true);
  return *one;
}

double largest_off_identity(const std::vector<double>& gram, std::size_t n) {
  double most = 0.0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      most = std::max(most, std::abs(gram[i + n * j] - (i == j ? 1.0 : 0.0)));
  return most;
}

double gram_error(const linalg::OrthonormalBasis& basis) {
  const auto modes = basis.columns().matrix();
  return largest_off_identity(linalg::inner_products(basis.product(), modes.get(), modes.get()),
                              static_cast<std::size_t>(basis.size()));
}

TEST(SolidTraining, MakesOrthonormalModesAndAnExactVolume) {
  const rom::SolidReducedModel model = study().train();
  EXPECT_LE(gram_error(model.basis().displacement()), 1e-9);
  EXPECT_LE(gram_error(model.basis().plastic_strain()), 1e-9);
  EXPECT_LE(gram_error(model.basis().stress()), 1e-9);
  const rom::ReducedPoints& z = model.points();
  const double volume = std::accumulate(z.weights.begin(), z.weights.end(), 0.0);
  EXPECT_NEAR(volume, study().products.volume(), 1e-8 * volume);
  EXPECT_TRUE(
      std::all_of(z.rule.weights.begin(), z.rule.weights.end(), [](double w) { return w > 0.0; }));
  EXPECT_TRUE(std::is_sorted(z.points.begin(), z.points.end()));
  EXPECT_GE(z.points.size(), 2 * static_cast<std::size_t>(model.basis().plastic_strain().size()));
  EXPECT_LE(z.rule.residual, 1e-5);
  EXPECT_LT(z.points.size(), static_cast<std::size_t>(study().blade.model->all_points()) / 3);
}

/// Exactly: a first guess made of modes would else move the supports of a solve on the mesh.
TEST(SolidTraining, MakesModesThatAreZeroWhereTheSolidIsHeld) {
  for (const linalg::PodMethod method : {linalg::PodMethod::tsqr, linalg::PodMethod::gram}) {
    rom::TrainingOptions options;
    options.basis.method = method;
    const rom::SolidReducedModel model = study().train(options);
    const std::vector<double>& held = study().c().loading.held_unknowns();
    const linalg::ColumnStore& modes = model.basis().displacement().columns();
    for (PetscInt k = 0; k < modes.size(); ++k)
      for (std::size_t i = 0; i < held.size(); ++i)
        if (held[i] != 0.0) {
          EXPECT_EQ(modes.column(k)[i], 0.0) << "mode " << k << ", unknown " << i;
        }
  }
}

TEST(SolidTraining, GivesTheSameModelOnOneRank) {
  const rom::SolidReducedModel here = study().train();
  const tests::BladeStudy alone(PETSC_COMM_SELF, cells, "training_", false);
  const rom::SolidReducedModel there = alone.train();
  EXPECT_EQ(here.basis().displacement().size(), there.basis().displacement().size());
  EXPECT_EQ(here.basis().plastic_strain().size(), there.basis().plastic_strain().size());
  EXPECT_EQ(here.basis().stress().size(), there.basis().stress().size());
  ASSERT_EQ(here.points().points, there.points().points);
  double heaviest = 0.0;
  for (const double w : there.points().weights) heaviest = std::max(heaviest, w);
  for (std::size_t i = 0; i < here.points().weights.size(); ++i)
    EXPECT_NEAR(here.points().weights[i], there.points().weights[i], 1e-4 * heaviest);
  // The leading modes are the same with their signs; later ones carry the rounding of the first.
  const std::size_t column = here.at_points().strains.size() /
                             static_cast<std::size_t>(here.basis().displacement().size());
  const auto &mine_e = here.at_points().strains, &theirs_e = there.at_points().strains;
  for (std::size_t k = 0; k < 5; ++k) {
    double scale = 0.0, miss = 0.0;
    for (std::size_t i = k * column; i < (k + 1) * column; ++i) {
      scale = std::max(scale, std::abs(theirs_e[i]));
      miss = std::max(miss, std::abs(mine_e[i] - theirs_e[i]));
    }
    EXPECT_LE(miss, 1e-6 * scale) << "mode " << k;
  }
  const auto mine = study().run(here, study().c()), theirs = alone.run(there, alone.c());
  EXPECT_NEAR(mine.largest_indicator(), theirs.largest_indicator(), 1e-4);
}

TEST(SolidTraining, AllRanksHaveTheSameBits) {
  const rom::SolidReducedModel model = study().train();
  const auto history = study().run(model, study().c());
  std::vector<double> mine;
  for (const auto& step : history.steps) {
    mine.insert(mine.end(), step.displacement.begin(), step.displacement.end());
    mine.push_back(step.indicator);
  }
  std::vector<double> first = mine;
  MPI_Bcast(first.data(), static_cast<int>(first.size()), MPI_DOUBLE, 0, PETSC_COMM_WORLD);
  EXPECT_EQ(mine, first);
}

TEST(SolidTraining, ReproducesWhatWasSeenAndNotTheUnseen) {
  const rom::SolidReducedModel model = study().train();
  for (const rom::TrainingLoading& loading : study().seen) {
    const auto errors = study().errors(model, loading, study().run(model, loading));
    EXPECT_LE(errors.largest_plastic_strain(20.0), 3e-2) << loading.name;
    EXPECT_LE(errors.largest_displacement(), 5e-3) << loading.name;
    EXPECT_LE(errors.largest_stress(), 3e-2) << loading.name;
  }
  const auto history = study().run(model, study().c());
  const auto errors = study().errors(model, study().c(), history);
  EXPECT_GE(errors.largest_plastic_strain(), 0.5);
  // just after yielding begins p is tiny and fits badly whatever the loading
  EXPECT_GE(history.steps.back().indicator, 0.15);
  EXPECT_LE(study().run(model, study().seen.front()).steps.back().indicator, 0.02);
}

TEST(SolidTraining, BudgetAddsUp) {
  const rom::SolidReducedModel model = study().train();
  const rom::TrainingLoading& a = study().seen.front();
  const auto full = rom::run_reduced(model, rom::QuadratureKind::full, a.loading, a.lifts, {});
  const auto budget = rom::solid_error_budget(model, a, study().run(model, a), &full);
  EXPECT_NEAR(std::hypot(budget.displacement.projection, budget.displacement.model),
              budget.displacement.total, 1e-3 * budget.displacement.total);
  EXPECT_LE(budget.displacement.projection, 1e-4);
  EXPECT_LE(budget.plastic_strain.projection, 1e-3);
  EXPECT_GT(budget.displacement.total, 0.0);
}

TEST(SolidTraining, CalibratesItsIndicator) {
  rom::CalibrationRunOptions options;
  int notes = 0;
  const rom::CalibrationRuns runs =
      rom::calibration_runs(*study().blade.model, study().products, study().seen, options,
                            [&](const std::string&) { ++notes; });
  EXPECT_GE(runs.pairs.size(), options.least_pairs);
  EXPECT_GE(notes, runs.runs);
  EXPECT_GE(runs.models, 8);
  const rom::Calibration calibration = rom::Calibration::fit(runs.pairs, options.calibration);
  EXPECT_GE(calibration.quality(runs.pairs).spearman, 0.8);
  rom::SolidReducedModel model = study().train();
  model.set_calibration(calibration);
  const auto history = study().run(model, study().c());
  const auto errors = rom::plastic_strain_errors(model, history, study().c());
  int covered = 0, flowing = 0;
  for (std::size_t k = 0; k < errors.errors.size(); ++k) {
    if (!errors.flows[k]) continue;
    ++flowing;
    if (errors.errors[k] <= history.steps[k + 1].estimate) ++covered;
  }
  EXPECT_GE(flowing, 15);
  EXPECT_GE(covered, 0.9 * flowing);
}

TEST(SolidTraining, GrowsByAppending) {
  rom::SolidReducedModel model = study().train();
  const rom::TrainingLoading& c = study().c();
  auto quadrature = rom::quadrature_of(model, rom::QuadratureKind::ecm);
  rom::ReducedLoading grown(model, quadrature, c.loading, c.lifts);
  const auto before = model.basis().displacement().size();
  const std::vector<double> first(model.basis().strains().column(0).begin(),
                                  model.basis().strains().column(0).end());
  const core::Owned<Vec> u = fem::global_vector(study().blade.mesh.dm());
  const auto column = c.displacement.column(9);
  std::copy(column.begin(), column.end(), io::VecWriteArray(u.get()).data());
  const auto p = c.plastic_strain.column(9);
  EXPECT_TRUE(model.basis().append_displacement(u.get(), 1e-6));
  std::copy(column.begin(), column.end(), io::VecWriteArray(u.get()).data());
  EXPECT_FALSE(model.basis().append_displacement(u.get(), 1e-6)); // it is in the span now
  EXPECT_TRUE(model.basis().append_plastic_strain(p, 1e-4));
  model.basis().append_stress(c.stress.column(9), 1e-4);
  model.update();
  EXPECT_EQ(model.basis().displacement().size(), before + 1);
  EXPECT_EQ(model.basis().strains().size(), before + 1);
  EXPECT_TRUE(std::ranges::equal(first, model.basis().strains().column(0)));
  // the strain that was appended is that of the mode that was appended
  const auto mode = model.basis().displacement().columns().column(before);
  std::copy(mode.begin(), mode.end(), io::VecWriteArray(u.get()).data());
  const auto strain =
      kernels::zeros<double>("strain", 6 * static_cast<std::size_t>(study().blade.model->points()));
  study().blade.model->strain(u.get(), strain);
  const auto host = fem::host_copy(strain);
  for (std::size_t i = 0; i < host.extent(0); ++i)
    EXPECT_EQ(host(i), model.basis().strains().column(before)[i]);
  // products with old and new modes are those that a new loading finds
  quadrature = rom::quadrature_of(model, rom::QuadratureKind::ecm);
  grown.update(model, quadrature);
  const rom::ReducedLoading anew(model, quadrature, c.loading, c.lifts);
  rom::ReducedLoad a, b;
  grown.at(10, 1.0, a);
  anew.at(10, 1.0, b);
  EXPECT_EQ(a.temperature, b.temperature);
  ASSERT_EQ(a.force.size(), b.force.size());
  for (std::size_t k = 0; k < a.force.size(); ++k)
    EXPECT_NEAR(a.force[k], b.force[k], 1e-9 * std::abs(b.force[0]));
  // and the step that was shown fits
  const auto fit = model.plastic_strain_fit()->fit(model.gather()(p, 1));
  EXPECT_LE(fit.indicator, 1e-9);
}

} // namespace
} // namespace linnet
