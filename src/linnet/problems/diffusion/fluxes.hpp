// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What flows where in a solution: boundary fluxes, global balance, flux vectors, effective
/// conductivity.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>

#include <array>
#include <optional>

namespace linnet::problems {

/// Integrals over a solution; per unit depth in 2-D.
struct FluxReport {
  std::array<double, 6> outflow{}; ///< through x_lo, x_hi, y_lo, y_hi, z_lo, z_hi
  double wall_outflow = 0.0;       ///< into held cells and solid ones of fixed value
  double source = 0.0;             ///< integral of f over the fluid
  double reaction = 0.0;           ///< integral of reaction u
  double imbalance = 0.0;          ///< source - reaction - all outflow
  double magnitude = 0.0; ///< absolute values of all parts summed cell by cell, inner faces too
  double turnover = 0.0;  ///< larger of |flux| over box faces and walls, and |f| + |r u|
  std::optional<double> conductivity; ///< effective, see below
  int conductivity_direction = 0;
};

/// Integrates over the assembled @p system with the solution @p u. The effective conductivity is
/// through-flow times length over area and difference of the mean values, for the first direction
/// with two Dirichlet faces of different mean values, when nothing else feeds or drains the box.
/// Collective.
FluxReport integrate_fluxes(const DiffusionSystem& system, Vec u);

/// Fills @p flux, a global vector of a DMDA with the cells of the system and one component per
/// direction, with -K grad u at the cell centres: means of the two faces; 0 in solid cells.
/// Collective.
void fill_flux_vectors(const DiffusionSystem& system, Vec u, DM flux_dm, Vec flux);

} // namespace linnet::problems
