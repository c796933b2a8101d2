// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A reduced model learns one state.
#pragma once

#include <linnet/rom/solid/reduced_model.hpp>

#include <span>

namespace linnet::rom {

/// What was new, and what it cost.
struct Enrichment {
  bool displacement = false, plastic_strain = false;
  double append_seconds = 0.0; ///< modes, strains and stress rows
  double points_seconds = 0.0; ///< SolidReducedModel::update()
};

/// Appends to the modes of displacement (@p u is without its lift) and of p what lies outside of
/// their spans, unless it is at most the tolerances of @p options; the stress as a row of the
/// quadrature and to its modes; and chooses the points anew. p and stress are those of @p solid's
/// last step. Collective; @throws core::Error as SolidReducedModel::update(), and the model is then
/// what it was.
Enrichment enrich(SolidReducedModel& model, const fem::SolidModel& solid, Vec u,
                  const BasisOptions& options);

} // namespace linnet::rom
