// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What an adaptive run of the two cubes needs beside a model.
#pragma once

#include "solid_case.hpp"

#include <linnet/rom/solid/adaptive_run.hpp>

namespace linnet::fuzz {

struct AdaptiveCase {
  explicit AdaptiveCase(SolidCase& solid)
      : loading(held(solid.mesh)), solver(solid.model, loading), decomposed(solid.loading()),
        lifts(PETSC_COMM_SELF, 3 * solid.mesh.owned_nodes()) {}

  /// Refers to this.
  rom::AdaptiveRun run(rom::SolidReducedModel& model) {
    rom::AdaptiveOptions options;
    options.pre_enrich = false;
    return {model, {solver, loading, decomposed, lifts}, options};
  }

  static fem::Loading held(const fem::Mesh& mesh) {
    fem::Loading loading(mesh);
    loading.hold("z0", {true, true, true});
    return loading;
  }

  fem::Loading loading;
  fem::SolidSolver solver;
  rom::DecomposedLoading decomposed;
  linalg::ColumnStore lifts;
};

} // namespace linnet::fuzz
