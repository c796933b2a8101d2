// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Choices of a run that asks the mesh where the reduced model is not trusted.
#pragma once

#include <linnet/rom/solid/reduced_basis.hpp>
#include <linnet/rom/solid/reduced_newton.hpp>
#include <linnet/rom/solid/reduced_quadrature.hpp>

#include <optional>
#include <string>

namespace linnet::rom {

struct AdaptiveOptions {
  /// `-rom_target`: a step whose estimate of E_p is above it is solved on the mesh. 0: every step
  /// with plastic strain; infinity: none, unless the reduced Newton's method fails.
  double target = 0.1;
  /// `-rom_target_low`, at most the target, which it is where it is left out: once a step was
  /// solved on the mesh, so are those that follow it until one whose estimate is not above this.
  std::optional<double> target_low;
  /// `-rom_growth`: a step whose plastic strain is so many times that of the last step on the mesh
  /// is solved there, too, whatever its estimate. When flow begins the pattern of p is soon known,
  /// and with it the indicator small, while its size still hangs on errors of the stress to a high
  /// power. Nothing is asked before the first step on the mesh, and where the target is infinite.
  double growth = 3.0;
  int most_calls = 50;    ///< `-rom_max_hf`: steps on the mesh
  bool pre_enrich = true; ///< `-rom_preenrich`: rom/solid/pre_enrichment.hpp
  QuadratureKind quadrature = QuadratureKind::ecm;
  ReducedNewtonOptions newton;
  std::string name = "run"; ///< of the history in archives
  BasisOptions basis;       ///< tolerances below which nothing is appended
};

/// @throws core::Error (usage) naming the option for targets that are negative, not numbers or in
/// the wrong order, a growth below 1, and a negative number of calls.
void check(const AdaptiveOptions& options);

} // namespace linnet::rom
