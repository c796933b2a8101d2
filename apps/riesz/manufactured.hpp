// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A known solution: u = exp(-t) times the product of (x/L (1 - x/L))^q over the directions, with
/// its image under the operator by the power rule.
#pragma once

#include <linnet/fractional/mat_riesz.hpp>

namespace app {

/// v = (x/L (1 - x/L))^q on (0, L) at @p x.
double bump(int q, double length, double x);
/// (-d2/dx2)^(alpha/2) v at @p x in (0, L).
double riesz_of_bump(int q, double alpha, double length, double x);

} // namespace app
