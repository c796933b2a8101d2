// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The error indicator of a reduced solid: how badly the plastic strain that the law produced at
/// the points fits the modes.
///
///   z = argmin |phat - Phi_Z z|,   I = |phat - Phi_Z z| / |phat|,   estimate = calibration(I)
///
/// with phat the p at the points. It costs points x modes operations, whatever the mesh. It sees
/// what the modes cannot represent, in the solution and in the model's own error; it is blind to
/// errors within their span, and to elastic steps, where phat = 0. It is an indicator, no bound.
#pragma once

#include <linnet/rom/solid/reduced_model.hpp>

#include <span>
#include <vector>

namespace linnet::rom {

struct Indication {
  std::vector<double> coefficients; ///< z; zeros where there is no plastic strain
  double indicator = 0.0;           ///< I; 0 while |phat| < 1e-7
  double estimate = 0.0;            ///< of E_p; 0 where I = 0 for want of plastic strain
};

/// For p at the points of @p model, on any rank alike. Not collective.
Indication indicate(const SolidReducedModel& model, std::span<const double> plastic_strain);

} // namespace linnet::rom
