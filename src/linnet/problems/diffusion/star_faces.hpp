// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the faces of a cell do in the two-point discretisation: couple it or close it.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>

#include <algorithm>
#include <optional>

namespace linnet::problems::detail {

/// What one face of a fluid cell does: couple it to a neighbour or close it.
struct FaceTerm {
  double coupling = 0.0;
  FaceClosure closure;
};

/// Derivatives of an inflow by conductivities.
struct FaceSlope {
  double here = 0.0, there = 0.0;
};

/// The faces of an assembled system. Borrows the system and its ghosted vectors.
class Faces {
public:
  explicit Faces(const DiffusionSystem& system)
      : system_(system), model_(system.model()),
        kappa_(system.ghosted_kappa(), ghosted_cells(system.dm()), grid::Access::read) {
    if (system.ghosted_mask())
      mask_.emplace(system.ghosted_mask(), ghosted_cells(system.dm()), grid::Access::read);
    for (int d = 0; d < model_.grid.dim; ++d) {
      area_[d] = model_.grid.face_area(d);
      scale_[d] = area_[d] * model_.tensor.diagonal[d] / model_.grid.spacing(d);
    }
  }

  // Neither the product nor the sum, which may leave the range of a double where the mean does not.
  static double half_harmonic_mean(double a, double b) {
    const double low = std::min(a, b), high = std::max(a, b);
    return low / (1.0 + low / high);
  }

  [[nodiscard]] bool fluid(int i, int j, int k) const {
    return !mask_ || is_fluid((*mask_)(i, j, k));
  }

  /// True if cells can be closed towards other cells, not at the sides of the domain alone.
  [[nodiscard]] bool may_close_within() const { return mask_.has_value(); }

  /// Coupling of the cell (i,j,k) to @p next, its neighbour along @p d, if both are fluid.
  [[nodiscard]] double between(int i, int j, int k, const core::Index3& next, int d) const {
    return 2.0 * scale_[d] * half_harmonic_mean(kappa_(i, j, k), kappa_(next[0], next[1], next[2]));
  }

  /// The face @p face of the fluid cell (i,j,k).
  [[nodiscard]] FaceTerm term(int i, int j, int k, int face) const {
    const int d = face / 2, step = face % 2 ? 1 : -1;
    const core::Index3 at{i, j, k};
    const double here = kappa_(i, j, k), half = 2.0 * scale_[d] * here;
    core::Index3 next = at;
    next[d] += step;
    const bool outside = next[d] < 0 || next[d] >= model_.grid.cells[d];
    if (outside && !model_.grid.periodic[d]) {
      const FacePoint p = condition_at(model_.boundary, model_.grid, i, j, k, face, system_.time());
      return {0.0, close_face(model_.boundary[face].kind, half, area_[d], p.value, p.coefficient)};
    }
    const double mask = mask_ ? (*mask_)(next[0], next[1], next[2]) : 0.0;
    if (is_solid(mask)) {
      if (model_.wall == WallKind::no_flux) return {};
      return {0.0, {half, half * model_.wall_value}};
    }
    const double coupling = between(i, j, k, next, d);
    if (is_held(mask)) return {0.0, {coupling, coupling * model_.held_value}};
    return {coupling, {}};
  }

  /// Derivatives of the inflow through the face @p face of the fluid cell (i,j,k) by the
  /// conductivity in the cell and in its neighbour, for the values @p u and @p next_u there.
  [[nodiscard]] FaceSlope slope(int i, int j, int k, int face, double u, double next_u) const {
    const int d = face / 2, step = face % 2 ? 1 : -1;
    core::Index3 next{i, j, k};
    next[d] += step;
    const double here = kappa_(i, j, k), by_half = 2.0 * scale_[d];
    const bool outside = next[d] < 0 || next[d] >= model_.grid.cells[d];
    if (outside && !model_.grid.periodic[d]) {
      const FacePoint p = condition_at(model_.boundary, model_.grid, i, j, k, face, system_.time());
      const FaceClosure by = close_face_slope(model_.boundary[face].kind, by_half * here, area_[d],
                                              p.value, p.coefficient);
      return {by_half * (by.load - by.weight * u), 0.0};
    }
    const double mask = mask_ ? (*mask_)(next[0], next[1], next[2]) : 0.0;
    if (is_solid(mask)) {
      if (model_.wall == WallKind::no_flux) return {};
      return {by_half * (model_.wall_value - u), 0.0};
    }
    const double there = kappa_(next[0], next[1], next[2]), share = here / (here + there);
    const double drop = (is_held(mask) ? model_.held_value : next_u) - u;
    return {by_half * (1.0 - share) * (1.0 - share) * drop,
            is_held(mask) ? 0.0 : by_half * share * share * drop};
  }

private:
  const DiffusionSystem& system_;
  const DiffusionModel& model_;
  CellArray kappa_;
  std::optional<CellArray> mask_;
  double area_[3] = {1, 1, 1};
  double scale_[3] = {0, 0, 0}; ///< transmissibility between two cells of unit kappa
};

} // namespace linnet::problems::detail
