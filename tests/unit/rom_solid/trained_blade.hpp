// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Small solids, each with a reduced model of two loadings, and a third one to run.
#pragma once

#include "small_blade.hpp"

#include <linnet/rom/solid/adaptive_run.hpp>

#include <gtest/gtest.h>

namespace linnet::tests {

/// Loadings 0 and 1 are learnt, 2 is another to run.
using MakeLoading = fem::Loading (*)(const fem::Mesh& mesh, int which);

struct Trained {
  SmallSolid body;
  MakeLoading make;
  std::vector<rom::TrainingLoading> loadings = learn();
  fem::Loading loading = make(body.mesh, 2);
  rom::TrainingLoading truth = body.solve("C", loading);
  fem::SolidSolver solver{body.solid, loading};

  Trained(fem::Mesh mesh, std::vector<fem::MaterialTable> tables, std::vector<double> times,
          MakeLoading with)
      : body(std::move(mesh), std::move(tables), std::move(times)), make(with) {}
  std::vector<rom::TrainingLoading> learn() {
    std::vector<rom::TrainingLoading> result;
    result.push_back(body.solve("A", make(body.mesh, 0)));
    result.push_back(body.solve("B", make(body.mesh, 1)));
    return result;
  }

  [[nodiscard]] rom::SolidReducedModel model(const rom::TrainingOptions& options = {}) {
    const std::vector<rom::TrainingPart> parts(loadings.begin(), loadings.end());
    return rom::train_reduced_model(body.solid, body.products, parts, options);
  }
  [[nodiscard]] rom::AdaptiveProblem problem() {
    return {solver, loading, truth.loading, truth.lifts};
  }
  /// Relative error of p of the mesh's committed state at the end of a step.
  [[nodiscard]] double error_of_mesh(int step) const {
    return distance(body.plastic_strain(), truth.plastic_strain.column(step - 1));
  }
};

inline fem::HotSpot spot_of(int which) {
  const double chord[] = {0.05, 0.95, 0.30}, span[] = {0.50, 0.55, 0.25};
  return hot_spot(chord[which], span[which]);
}
inline fem::Loading loading_of_blade(const fem::Mesh& mesh, int which) {
  return blade_loading(mesh, spot_of(which));
}
inline fem::Loading loading_of_bent_blade(const fem::Mesh& mesh, int which) {
  return blade_loading(mesh, spot_of(which), false, true);
}

/// On the ranks of @p comm.
inline Trained trained_blade(MPI_Comm comm) {
  return {blade_mesh(comm, {6, 2, 8}), {blade_alloy()}, blade_times(), loading_of_blade};
}

// These live until PETSc ends.
inline Trained& trained() {
  static Trained* const object = new Trained(trained_blade(PETSC_COMM_WORLD));
  return *object;
}
/// The same with a root that is moved.
inline Trained& trained_bent() {
  static Trained* const object = new Trained(blade_mesh(PETSC_COMM_WORLD, {6, 2, 8}),
                                             {blade_alloy()}, blade_times(), loading_of_bent_blade);
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
    EXPECT_EQ(a.steps[k].time, b.steps[k].time) << "step " << k;
    EXPECT_EQ(a.steps[k].indicator, b.steps[k].indicator) << "step " << k;
    EXPECT_EQ(a.steps[k].estimate, b.steps[k].estimate) << "step " << k;
    EXPECT_EQ(a.steps[k].high_fidelity, b.steps[k].high_fidelity) << "step " << k;
    EXPECT_EQ(a.steps[k].iterations, b.steps[k].iterations) << "step " << k;
  }
}

} // namespace linnet::tests
