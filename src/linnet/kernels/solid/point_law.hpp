// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The constitutive law at a list of points that belong to no cell, as a reduced quadrature has it.
#pragma once

#include <linnet/kernels/solid/viscoplastic_law.hpp>

#include <cstdint>

namespace linnet::kernels {

/// Points one after the other; copies share the arrays. Tensors are stored 11, 22, 33, 12, 13, 23
/// as tensor components.
struct LawPoints {
  Array<int> material;            ///< per point: which of the materials
  Array<SolidMaterial> materials; ///< their tables lie in the kernels' memory
  Array<double> temperature;      ///< points
  Array<double> strain;           ///< points x 6, at the end of the step
  Array<double> old_state;        ///< points x state_size, at its begin
  Array<double> new_state;        ///< points x state_size, at its end
  Array<double> stress;           ///< points x 6, at its end
  Array<double> tangent;          ///< points x 36: stress by engineering strain, row by row
  Array<double> thermal;          ///< points: 3 kappa alpha (T - Tref), what full restraint takes
  int state_size = 7;             ///< the largest of the materials' ones
};

namespace detail {

struct PointLawKernel {
  LawPoints points;
  double dt;

  KOKKOS_INLINE_FUNCTION void operator()(const std::int64_t i, std::int64_t& failures) const {
    const SolidMaterial& material = points.materials(points.material(i));
    const SolidParameters parameters = material.at(points.temperature(i));
    const ViscoplasticLaw<double> law{parameters, material.backstresses, material.yields,
                                      material.viscous, dt};
    const std::int64_t state = points.state_size * i;
    const auto step = law.update(points.strain.data() + 6 * i, points.old_state.data() + state,
                                 points.new_state.data() + state, points.stress.data() + 6 * i);
    law.tangent(step, false, points.tangent.data() + 36 * i);
    points.thermal(i) = 3.0 * parameters.bulk * parameters.thermal_strain;
    if (!step.solved) ++failures;
  }
};

} // namespace detail

/// Stress, new state and tangent of all @p count points from their strains over @p dt; returns how
/// many points had no solution. The tangent is the consistent one, not made symmetric.
inline std::int64_t update_points(const LawPoints& points, std::int64_t count, double dt) {
  std::int64_t failures = 0;
  Kokkos::parallel_reduce(
      "linnet::solid::point_law",
      Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<std::int64_t>>(0, count),
      detail::PointLawKernel{points, dt}, failures);
  return failures;
}

} // namespace linnet::kernels
