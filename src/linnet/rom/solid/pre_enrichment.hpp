// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a reduced model can be told of a new loading before its first step: the elastic answer to
/// it. Elastic steps are beyond the reach of the indicator, which sees plastic strain only; without
/// this their error would depend on how much the loading resembles those of the training.
#pragma once

#include <linnet/fem/loading/loading.hpp>
#include <linnet/rom/solid/reduced_model.hpp>

#include <vector>

namespace linnet::rom {

struct PreEnrichment {
  std::vector<int> steps; ///< whose temperature and load were answered
  int modes = 0;          ///< appended to those of displacement
  double seconds = 0.0;
};

/// For each of peak_steps(): linear elasticity at the temperature, the loads and the held
/// displacements of its end. What of the displacement lies outside of the span becomes a mode
/// unless at most @p tolerance of it, and then the stress a row of the quadrature. The points are
/// chosen anew if there are new modes. Memory: a second model of the mesh for its duration. Cost: a
/// linear solve each, by the options of fem::SolidSolver. @p decomposed is @p loading at the times
/// of the steps, @p lifts those of its held displacements. Collective; @throws core::Error on all
/// ranks: (not_converged) where the solver fails, and as choose_points.
PreEnrichment pre_enrich(SolidReducedModel& model, const fem::Loading& loading,
                         const DecomposedLoading& decomposed, const linalg::ColumnStore& lifts,
                         double tolerance);

} // namespace linnet::rom
