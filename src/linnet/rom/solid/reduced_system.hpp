// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Residual and tangent of a reduced solid from what the law gave at its points.
#pragma once

#include <linnet/rom/solid/reduced_quadrature.hpp>

#include <span>
#include <vector>

namespace linnet::rom {

/// sum_z w_z E_z^T sigma_z, and the length of sum_z w_z |E_z|^T (|sigma_z| + |thermal_z| I), by
/// which a force is judged that balances to zero.
struct ReducedForce {
  std::vector<double> force;
  double scale = 0.0;
};

/// @p stress: points x 6, @p thermal: points. Collective on the ranks of the quadrature.
ReducedForce integrate_force(const ReducedQuadrature& quadrature, const double* stress,
                             const double* thermal);

/// sum_z w_z E_z^T D_z E_z, modes x modes by columns. @p tangent: points x 36, stress by
/// engineering strain, row by row. Collective likewise.
std::vector<double> integrate_tangent(const ReducedQuadrature& quadrature, const double* tangent);

/// strain (points x 6) = lift (or nothing) + E gamma. Not collective.
void strains_at(const ReducedQuadrature& quadrature, std::span<const double> gamma,
                std::span<const double> lift, double* strain);

} // namespace linnet::rom
