// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the error of a reduced model comes from.
#pragma once

#include <string>
#include <vector>

namespace linnet::rom {

/// Squared norms of one state, or sums of them over the steps of a run; u is the solution without
/// reduction, P the orthogonal projection on the modes.
struct ErrorNorms {
  double reference = 0.0;  ///< |u|^2
  double projection = 0.0; ///< |u - P u|^2
  double reduced = 0.0;    ///< |u - u_r|^2, reduced model as it is used
  /// |u - u_f|^2, the same model with all quadrature points; negative: not known.
  double full_quadrature = -1.0;
};

/// Relative errors. Since u - P u is orthogonal to the modes, total^2 = projection^2 + model^2.
struct ErrorBudget {
  double total = 0.0;
  double projection = 0.0;       ///< no model with these modes can do better
  double model = 0.0;            ///< the rest: |P u - u_r| / |u|
  double galerkin = -1.0;        ///< |P u - u_f| / |u|: history and nonlinearity; -1: not known
  double hyper_reduction = -1.0; ///< model - galerkin, at least 0; -1: not known
};

/// @throws core::Error (usage) for norms that are negative, not finite, or whose projection exceeds
/// an error by more than rounding, which no best approximation does. All zero for reference = 0.
ErrorBudget error_budget(const ErrorNorms& norms);

/// The same for a field that is reconstructed from values at points: the values are those of the
/// reduced model, whose own error is in them.
struct GappyNorms {
  double reference = 0.0;      ///< |p|^2
  double projection = 0.0;     ///< |p - Phi Phi^T p|^2
  double exact_values = 0.0;   ///< |p - Phi z|^2, z fitted to the exact values at the points
  double reduced_values = 0.0; ///< |p - Phi z|^2, z fitted to those of the reduced model
};
struct GappyBudget {
  double total = 0.0, projection = 0.0;
  double gappy = 0.0; ///< by the fit at few points: sqrt(exact_values - projection) / |p|
  double model = 0.0; ///< by the reduced model's values: sqrt(reduced - exact), at least 0, / |p|
};
GappyBudget gappy_budget(const GappyNorms& norms);

/// "projection 1.2e-03, hyper-reduction 3.4e-04, ..." for a line of output.
std::string to_string(const ErrorBudget& budget);
std::string to_string(const GappyBudget& budget);

} // namespace linnet::rom
