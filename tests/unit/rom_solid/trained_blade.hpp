// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The small blade with a reduced model of two loadings, and a third one to run.
#pragma once

#include "small_blade.hpp"

#include <gtest/gtest.h>

namespace linnet::tests {

/// The blade with two loadings learnt, and another to run.
struct Trained {
  SmallBlade blade;
  std::vector<rom::TrainingLoading> loadings = learn();
  fem::Loading loading = blade_loading(blade.mesh, hot_spot(0.30, 0.25));
  rom::TrainingLoading truth = blade.solve("C", loading);
  fem::SolidSolver solver{blade.solid, loading};

  explicit Trained(MPI_Comm comm = PETSC_COMM_WORLD) : blade(comm) {}
  std::vector<rom::TrainingLoading> learn() {
    std::vector<rom::TrainingLoading> result;
    result.push_back(blade.solve("A", blade_loading(blade.mesh, hot_spot(0.05, 0.50))));
    result.push_back(blade.solve("B", blade_loading(blade.mesh, hot_spot(0.95, 0.55))));
    return result;
  }

  [[nodiscard]] rom::SolidReducedModel model() {
    const std::vector<rom::TrainingPart> parts(loadings.begin(), loadings.end());
    return rom::train_reduced_model(blade.solid, blade.products, parts, {});
  }
  [[nodiscard]] rom::AdaptiveProblem problem() {
    return {solver, loading, truth.loading, truth.lifts};
  }
  /// Relative error of p of the mesh's committed state at the end of a step.
  [[nodiscard]] double error_of_mesh(int step) const {
    return distance(blade.plastic_strain(), truth.plastic_strain.column(step - 1));
  }
};

inline Trained& trained() {
  static Trained* const object = new Trained; // lives until PETSc ends
  return *object;
}

inline void finish(rom::AdaptiveRun& run) {
  while (run.done() < run.steps()) run.advance();
}

/// Bit for bit, but for zeros behind the coefficients of steps from before the basis grew.
inline void expect_same(const std::vector<double>& a, const std::vector<double>& b, std::size_t k) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    EXPECT_EQ(i < a.size() ? a[i] : 0.0, i < b.size() ? b[i] : 0.0) << "step " << k;
}

inline void expect_same(const rom::OnlineHistory& a, const rom::OnlineHistory& b) {
  ASSERT_EQ(a.steps.size(), b.steps.size());
  for (std::size_t k = 0; k < a.steps.size(); ++k) {
    expect_same(a.steps[k].displacement, b.steps[k].displacement, k);
    expect_same(a.steps[k].plastic_strain, b.steps[k].plastic_strain, k);
    expect_same(a.steps[k].stress, b.steps[k].stress, k);
    EXPECT_EQ(a.steps[k].indicator, b.steps[k].indicator) << "step " << k;
    EXPECT_EQ(a.steps[k].high_fidelity, b.steps[k].high_fidelity) << "step " << k;
    EXPECT_EQ(a.steps[k].iterations, b.steps[k].iterations) << "step " << k;
  }
}

} // namespace linnet::tests
