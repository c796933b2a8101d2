// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/rotation.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

using core::Real3;

Real3 cross(const Real3& a, const Real3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Real3 difference(const Real3& a, const Real3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

} // namespace

Real3 Rotation::velocity(const Real3& p) const {
  Real3 v = cross(axis, difference(p, center));
  for (double& component : v) component *= rate;
  return v;
}

Turn::Turn(const Rotation& rotation, double time) : center_(rotation.center), axis_(rotation.axis) {
  const double angle = rotation.angle_at(time);
  still_ = angle == 0.0;
  sine_ = std::sin(angle), cosine_ = std::cos(angle);
}

// Rodrigues: v cos + (a x v) sin + a (a.v) (1 - cos), v from the centre.
Real3 Turn::apply(const Real3& p, double sine) const {
  if (still_) return p;
  const Real3 v = difference(p, center_), across = cross(axis_, v);
  const double along = axis_[0] * v[0] + axis_[1] * v[1] + axis_[2] * v[2];
  Real3 turned{};
  for (std::size_t d = 0; d < 3; ++d)
    turned[d] = center_[d] + v[d] * cosine_ + across[d] * sine + axis_[d] * along * (1.0 - cosine_);
  return turned;
}

Real3 Turn::forth(const Real3& p) const { return apply(p, sine_); }
Real3 Turn::back(const Real3& p) const { return apply(p, -sine_); }

} // namespace linnet::problems
