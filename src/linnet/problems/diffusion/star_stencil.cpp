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

namespace {

/// The inflows of one cell, whatever its faces do.
void find_inflow(const Faces& faces, const CellArray& u, int dim, int i, int j, int k,
                 double (&inflow)[6]) {
  const double here = u(i, j, k);
  for (int face = 0; face < 2 * dim; ++face) {
    const FaceTerm term = faces.term(i, j, k, face);
    core::Index3 next{i, j, k};
    next[face / 2] += face % 2 ? 1 : -1;
    inflow[face] = term.closure.load - term.closure.weight * here;
    if (term.coupling != 0.0) inflow[face] += term.coupling * (u(next[0], next[1], next[2]) - here);
  }
}

/// Inflows of a row of cells that are coupled to all of their neighbours, face by face: no
/// branches, so that the loops vectorise.
class OpenRow {
public:
  OpenRow(const Faces& faces, const CellArray& u, int dim, int length)
      : faces_(faces), u_(u), dim_(dim) {
    for (int face = 0; face < 2 * dim; ++face)
      inflows_[face].resize(static_cast<std::size_t>(length));
  }
  /// The cells lo <= i < hi of the row (j,k).
  void compute(int lo, int hi, int j, int k) {
    lo_ = lo;
    for (int face = 0; face < 2 * dim_; ++face) {
      const int d = face / 2, step = face % 2 ? 1 : -1;
      const int di = d == 0 ? step : 0, nj = j + (d == 1 ? step : 0), nk = k + (d == 2 ? step : 0);
      double* inflow = inflows_[face].data() - lo;
      for (int i = lo; i < hi; ++i)
        inflow[i] =
            faces_.between(i, j, k, {i + di, nj, nk}, d) * (u_(i + di, nj, nk) - u_(i, j, k));
    }
  }
  void get(int i, double (&inflow)[6]) const {
    for (int face = 0; face < 2 * dim_; ++face)
      inflow[face] = inflows_[face][static_cast<std::size_t>(i - lo_)];
  }

private:
  const Faces& faces_;
  const CellArray& u_;
  int dim_, lo_ = 0;
  std::vector<double> inflows_[6];
};

/// The cells of @p box that have neighbours on both sides along @p d.
std::array<int, 2> between_neighbours(const grid::IndexBox& box, const BoxCells& cells, int d) {
  const auto at = static_cast<std::size_t>(d);
  if (cells.periodic[at] || d >= cells.dim) return {box.lo[at], box.hi[at]};
  return {std::max(box.lo[at], 1), std::min(box.hi[at], cells.cells[at] - 1)};
}

} // namespace

void visit_star(const DiffusionSystem& system, Vec ghosted_u, const InflowVisitor& visit) {
  const Faces faces(system);
  const BoxCells& cells = system.model().grid;
  const grid::IndexBox box = owned_cells(system.dm());
  const CellArray u(ghosted_u, ghosted_cells(system.dm()), grid::Access::read);
  const auto x = between_neighbours(box, cells, 0), y = between_neighbours(box, cells, 1),
             z = between_neighbours(box, cells, 2);
  OpenRow row(faces, u, cells.dim, box.extent()[0]);
  for (int k = box.lo[2]; k < box.hi[2]; ++k)
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      const bool is_open = !faces.may_close_within() && j >= y[0] && j < y[1] && k >= z[0] &&
                           k < z[1] && x[0] < x[1];
      if (is_open) row.compute(x[0], x[1], j, k);
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        if (!faces.fluid(i, j, k)) continue;
        double inflow[6] = {0, 0, 0, 0, 0, 0};
        if (is_open && i >= x[0] && i < x[1])
          row.get(i, inflow);
        else
          find_inflow(faces, u, cells.dim, i, j, k, inflow);
        visit(i, j, k, inflow);
      }
    }
}

} // namespace linnet::problems::detail
