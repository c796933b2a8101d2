// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Temperature of a cooled blade with a hot spot: a family of loadings with three parameters.
#pragma once

#include <array>

namespace linnet::fem {

/// T(xi, zeta) = base + bow max(0, sin(pi clip(0.9 zeta + 0.05, 0, 1)))
///             + rise exp(-((xi - chord) / 0.18)^2 / 2 - ((zeta - span) / 0.16)^2 / 2)
/// with xi from the leading to the trailing edge and zeta from the root to the tip, both 0 to 1.
struct HotSpot {
  double chord = 0.5, span = 0.5; ///< where the spot is
  double rise = 0.0;              ///< of the temperature in the spot
  double base = 600.0, bow = 200.0;

  [[nodiscard]] double operator()(double xi, double zeta) const;
};

/// A blade that is a profile extruded along z and twisted about the z axis, the profile's chord
/// along x from -chord/2 to chord/2 at z = 0.
struct TwistedBlade {
  double chord = 20.0, span = 40.0; ///< lengths
  double twist = 15.0;              ///< degrees from root to tip

  /// (xi, zeta) of a point: the twist is undone.
  [[nodiscard]] std::array<double, 2> coordinates(const std::array<double, 3>& x) const;
};

} // namespace linnet::fem
