// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Two-point fluxes: 5-point rows in 2-D, 7-point rows in 3-D.
#include <linnet/problems/diffusion/star_faces.hpp>

namespace linnet::problems::detail {

namespace {

/// The cells of @p box that lie at the side @p face of the domain of @p cells.
grid::IndexBox at_side(grid::IndexBox box, const core::Index3& cells, int face) {
  const auto d = static_cast<std::size_t>(face / 2);
  if (face % 2 == 0)
    box.hi[d] = std::min(box.hi[d], 1);
  else
    box.lo[d] = std::max(box.lo[d], cells[d] - 1);
  return box;
}

/// The cells of @p box that have a neighbour in front along @p d.
grid::IndexBox with_neighbour(grid::IndexBox box, const BoxCells& cells, int d) {
  const auto at = static_cast<std::size_t>(d);
  if (!cells.periodic[at]) box.hi[at] = std::min(box.hi[at], cells.cells[at] - 1);
  return box;
}

} // namespace

void assemble_star(const DiffusionSystem& system) {
  const Faces faces(system);
  const BoxCells& cells = system.model().grid;
  const grid::IndexBox box = owned_cells(system.dm());
  CellArray sum(system.row_sum(), box, grid::Access::read_write);
  CellArray b(system.rhs(), box, grid::Access::read_write);
  const auto close = [&](int i, int j, int k, int face) {
    const FaceClosure closure = faces.term(i, j, k, face).closure;
    sum(i, j, k) += closure.weight;
    b(i, j, k) += closure.load;
  };
  if (faces.may_close_within()) {
    visit_cells(box, [&](int i, int j, int k) {
      if (!faces.fluid(i, j, k)) return;
      for (int face = 0; face < 2 * cells.dim; ++face) close(i, j, k, face);
    });
    return;
  }
  for (int face = 0; face < 2 * cells.dim; ++face)
    visit_cells(at_side(box, cells.cells, face),
                [&](int i, int j, int k) { close(i, j, k, face); });
}

void couple_star(const DiffusionSystem& system, const std::vector<Vec>& couplings) {
  const Faces faces(system);
  const BoxCells& cells = system.model().grid;
  const grid::IndexBox box = owned_cells(system.dm());
  for (int d = 0; d < cells.dim; ++d) {
    const CellArray coupling(couplings[static_cast<std::size_t>(d)], box, grid::Access::read_write);
    if (faces.may_close_within()) {
      visit_cells(box, [&](int i, int j, int k) {
        coupling(i, j, k) = faces.fluid(i, j, k) ? faces.term(i, j, k, 2 * d + 1).coupling : 0.0;
      });
      continue;
    }
    // No branches, so that the loop vectorises.
    const core::Index3 step{d == 0, d == 1, d == 2};
    visit_cells(with_neighbour(box, cells, d), [&](int i, int j, int k) {
      coupling(i, j, k) = faces.between(i, j, k, {i + step[0], j + step[1], k + step[2]}, d);
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
