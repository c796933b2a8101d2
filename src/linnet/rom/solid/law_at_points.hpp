// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The constitutive law at the points of a reduced quadrature, called from the host.
#pragma once

#include <linnet/kernels/solid/point_law.hpp>
#include <linnet/rom/solid/reduced_quadrature.hpp>

#include <span>
#include <vector>

namespace linnet::rom {

/// Arrays of the host are those of the kernels where both share a memory; otherwise update()
/// copies.
class LawAtPoints {
public:
  explicit LawAtPoints(const ReducedQuadrature& quadrature);

  [[nodiscard]] int state_size() const { return points_.state_size; }
  /// Temperature (points) at the end of the step and state (points x state_size) at its begin.
  void begin(std::span<const double> temperature, std::span<const double> state);
  /// points x 6, to be written before update().
  [[nodiscard]] double* strain() { return strain_.data(); }
  /// The law over @p dt; returns at how many points it has no solution.
  std::int64_t update(double dt);
  /// Of the last update(): points x 6; points x 36; points; as in kernels::LawPoints.
  [[nodiscard]] const double* stress() const { return stress_.data(); }
  [[nodiscard]] const double* tangent() const { return tangent_.data(); }
  [[nodiscard]] const double* thermal() const { return thermal_.data(); }
  void copy_new_state(std::vector<double>& state) const;

private:
  std::size_t count_;
  kernels::LawPoints points_;
  kernels::HostArray<double> temperature_, strain_, old_state_, new_state_, stress_, tangent_,
      thermal_;
};

} // namespace linnet::rom
