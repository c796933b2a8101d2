// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Rigid bodies that turn about a fixed axis.
#pragma once

#include <linnet/core/types.hpp>

namespace linnet::problems {

/// The motion x(t) = center + R(angle + rate t) (x(0) - center), R a rotation about `axis` by the
/// right-hand rule; in 2-D about z.
struct Rotation {
  core::Real3 center{0.0, 0.0, 0.0}; ///< a point of the axis
  core::Real3 axis{0.0, 0.0, 1.0};   ///< of length 1
  double rate = 0.0;                 ///< radians per unit of time
  double angle = 0.0;                ///< radians, at the time 0

  [[nodiscard]] double angle_at(double time) const { return angle + rate * time; }
  /// Velocity of the body at the point @p p: rate axis x (p - center).
  [[nodiscard]] core::Real3 velocity(const core::Real3& p) const;
};

/// The rotation by a fixed angle, and back. By the angle 0 points keep their bits.
class Turn {
public:
  Turn() = default; ///< by the angle 0
  Turn(const Rotation& rotation, double time);

  [[nodiscard]] core::Real3 forth(const core::Real3& p) const;
  [[nodiscard]] core::Real3 back(const core::Real3& p) const;

private:
  [[nodiscard]] core::Real3 apply(const core::Real3& p, double sine) const;

  core::Real3 center_{0.0, 0.0, 0.0}, axis_{0.0, 0.0, 1.0};
  double sine_ = 0.0, cosine_ = 1.0;
  bool still_ = true;
};

} // namespace linnet::problems
