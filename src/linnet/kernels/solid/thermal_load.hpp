// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How much a temperature field strains a solid.
#pragma once

#include <linnet/kernels/solid/cell_integrals.hpp>

#include <cstdint>

namespace linnet::kernels {

namespace detail {

struct ThermalLoadKernel {
  SolidPoints points;
  Array<double> weights;
  int points_per_cell;

  KOKKOS_INLINE_FUNCTION void operator()(const std::int64_t i, double& sum) const {
    const SolidMaterial& material = points.materials(points.cell_material(i / points_per_cell));
    const double strain = material.at(points.temperature(i)).thermal_strain;
    sum += weights(i) * strain * strain;
  }
};

} // namespace detail

/// Integral of the square of the thermal strain alpha(T) (T - Tref) over this rank's points, with
/// @p weights at @p points.temperature; @p points_per_cell neighbours have the material of a cell.
inline double thermal_load(const SolidPoints& points, const Array<double>& weights,
                           int points_per_cell) {
  double sum = 0.0;
  Kokkos::parallel_reduce("linnet::solid::thermal_load",
                          Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<std::int64_t>>(
                              0, static_cast<std::int64_t>(points.temperature.extent(0))),
                          detail::ThermalLoadKernel{points, weights, points_per_cell}, sum);
  return sum;
}

} // namespace linnet::kernels
