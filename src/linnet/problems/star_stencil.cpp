// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Two-point fluxes: 5-point rows in 2-D, 7-point rows in 3-D.
#include <linnet/problems/diffusion.hpp>

#include <algorithm>
namespace linnet::problems::detail {

namespace {

/// What one face of a fluid cell does: couple it to a neighbour or close it.
struct FaceTerm {
  double coupling = 0.0;
  FaceClosure closure;
};

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
    const double there = kappa_(next[0], next[1], next[2]);
    const double between = 2.0 * scale_[d] * half_harmonic_mean(here, there);
    if (is_held(mask)) return {0.0, {between, between * model_.held_value}};
    return {between, {}};
  }

private:
  const DiffusionSystem& system_;
  const DiffusionModel& model_;
  CellArray kappa_;
  std::optional<CellArray> mask_;
  double area_[3] = {1, 1, 1};
  double scale_[3] = {0, 0, 0}; ///< transmissibility between two cells of unit kappa
};

} // namespace

void assemble_star(const DiffusionSystem& system) {
  const Faces faces(system);
  const int dim = system.model().grid.dim;
  const grid::IndexBox box = owned_cells(system.dm());
  CellArray sum(system.row_sum(), box, grid::Access::read_write);
  CellArray b(system.rhs(), box, grid::Access::read_write);
  visit_cells(box, [&](int i, int j, int k) {
    if (!faces.fluid(i, j, k)) return;
    for (int face = 0; face < 2 * dim; ++face) {
      const FaceTerm term = faces.term(i, j, k, face);
      sum(i, j, k) += term.closure.weight;
      b(i, j, k) += term.closure.load;
    }
  });
}

void couple_star(const DiffusionSystem& system, const std::vector<Vec>& couplings) {
  const Faces faces(system);
  const grid::IndexBox box = owned_cells(system.dm());
  for (int d = 0; d < system.model().grid.dim; ++d) {
    CellArray coupling(couplings[static_cast<std::size_t>(d)], box, grid::Access::write);
    visit_cells(box, [&](int i, int j, int k) {
      coupling(i, j, k) = faces.fluid(i, j, k) ? faces.term(i, j, k, 2 * d + 1).coupling : 0.0;
    });
  }
}

void visit_star(const DiffusionSystem& system, Vec ghosted_u, const InflowVisitor& visit) {
  const Faces faces(system);
  const int dim = system.model().grid.dim;
  const CellArray u(ghosted_u, ghosted_cells(system.dm()), grid::Access::read);
  visit_cells(owned_cells(system.dm()), [&](int i, int j, int k) {
    if (!faces.fluid(i, j, k)) return;
    double inflow[6] = {0, 0, 0, 0, 0, 0};
    const double here = u(i, j, k);
    for (int face = 0; face < 2 * dim; ++face) {
      const FaceTerm term = faces.term(i, j, k, face);
      core::Index3 next{i, j, k};
      next[face / 2] += face % 2 ? 1 : -1;
      inflow[face] = term.closure.load - term.closure.weight * here;
      if (term.coupling != 0.0)
        inflow[face] += term.coupling * (u(next[0], next[1], next[2]) - here);
    }
    visit(i, j, k, inflow);
  });
}

} // namespace linnet::problems::detail
