// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A material point, with each component of strain or of stress prescribed.
///
/// The unknowns are the strains of the stress-controlled components. Newton's method with the
/// consistent tangent of the law solves for their stresses; a step that fails is cut in halves.
#pragma once

#include <linnet/fem/material_point/point_history.hpp>
#include <linnet/kernels/solid/viscoplastic_law.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace linnet::fem {

using Tensor6 = std::array<double, 6>;

/// What is known at one time.
struct PointState {
  double time = 0;
  double temperature = 0;
  Tensor6 strain{}; ///< total
  Tensor6 stress{};
  std::array<double, kernels::most_state>
      law{};                        ///< ep, p, a_i as in kernels/solid/viscoplastic_law.hpp
  std::array<double, 36> tangent{}; ///< d stress / d engineering strain, row by row
};

/// How much work a step was.
struct PointWork {
  int newton = 0;      ///< iterations, all parts of the step together
  int halvings = 0;    ///< how often a part was cut in two
  double residual = 0; ///< largest distance of a prescribed stress over the scale of stresses
};

/// Walks through a history. Keeps a reference to it. Not collective.
class MaterialPoint {
public:
  /// @p material as from Materials::on_host; its storage must outlive this.
  MaterialPoint(const PointHistory& history, const kernels::SolidMaterial& material);

  /// The state at the first time, and then after each step.
  [[nodiscard]] const PointState& state() const { return state_; }
  /// Goes on to the time @p t. @throws core::Error (not_converged) naming time and remedy.
  PointWork step(double t);
  /// (2/3) C_i a_i of the current state at its temperature.
  [[nodiscard]] Tensor6 backstress(int i) const;
  /// Thermal strain at the current temperature, of each normal component.
  [[nodiscard]] double thermal_strain() const;
  [[nodiscard]] const kernels::SolidMaterial& material() const { return material_; }

private:
  bool advance(double t, PointWork& work, int depth);
  bool solve(double t, PointState& next, PointWork& work) const;
  bool evaluate(const kernels::SolidParameters& p, double dt, PointState& next) const;
  double scale_of(const kernels::SolidParameters& p, const PointState& next) const;

  const PointHistory& history_;
  kernels::SolidMaterial material_;
  std::vector<int> free_; ///< stress-controlled components
  PointState state_;
};

} // namespace linnet::fem
