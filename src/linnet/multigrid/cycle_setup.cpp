// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Set-up of the cycle: interpolation, Galerkin operators and smoothers, level by level, in fp64.
#include <linnet/multigrid/cycle.hpp>

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/factored_inverse_bound.hpp>
#include <linnet/kernels/galerkin.hpp>
#include <linnet/kernels/seam.hpp>

#include <algorithm>

namespace linnet::multigrid {

using kernels::Field;
using kernels::Interpolation;
using kernels::Range;
using kernels::StencilOperator;

namespace {

Range with_ghosts(const kernels::Layout& l, int width) {
  return Range::box(l.n, std::min(width, l.g[0]), std::min(width, l.g[1]), std::min(width, l.g[2]));
}

StencilOperator<double> make_operator(kernels::StencilPattern pattern, const kernels::Layout& l) {
  StencilOperator<double> a;
  a.pattern = pattern;
  a.row_sum = Field<double>("linnet::multigrid::setup_row_sum", l);
  for (int m = 0; m < kernels::coupling_count(pattern); ++m)
    a.couplings.emplace_back("linnet::multigrid::setup_coupling", l);
  return a;
}

std::vector<Field<double>> fields_of(const StencilOperator<double>& a) {
  auto fields = a.couplings;
  fields.push_back(a.row_sum);
  return fields;
}

// The operator on the level's own cut with two ghost layers, from wherever it arrived.
StencilOperator<double> bring_to_level(GridLevel& grid, const StencilOperator<double>& arrived) {
  StencilOperator<double> a;
  if (grid.active) a = make_operator(arrived.pattern, grid.setup_layout);
  const std::size_t count = arrived.couplings.size() + 1;
  const auto from = fields_of(arrived);
  const auto to = grid.active ? fields_of(a) : std::vector<Field<double>>(count);
  for (std::size_t m = 0; m < count; ++m) {
    if (grid.gather)
      grid.gather->forward(from[m], to[m]);
    else
      kernels::copy_scaled(from[m], to[m], Range::box(grid.setup_layout.n), 1.0);
  }
  return a;
}

// Couples the points that extend the grid where it wraps.
void split_seams(GridLevel& grid, const StencilOperator<double>& a) {
  const auto n = grid.plan.cut.points();
  for (int d = 0; d < 3; ++d) {
    if (!grid.plan.extends[d]) continue;
    grid.setup_halo->exchange(fields_of(a));
    if (grid.box.hi[d] == n[d]) {
      Field<double> diagonal("linnet::multigrid::setup_diagonal", grid.setup_layout);
      kernels::diagonal(a, Range::box(grid.setup_layout.n), diagonal);
      kernels::split_seam(a, diagonal, d);
    }
    if (grid.box.lo[d] == 0) kernels::double_seam(a, d);
  }
}

struct NegativePart {
  const double* c;
  kernels::Layout l;
  KOKKOS_FUNCTION double value(int i, int j, int k) const {
    return -c[i + static_cast<std::ptrdiff_t>(j) * l.pitch_y +
              static_cast<std::ptrdiff_t>(k) * l.pitch_z];
  }
};

// True on all ranks if no coupling and no row sum is negative.
bool is_m_matrix(const StencilOperator<double>& a, MPI_Comm comm) {
  double worst = 0.0;
  for (const auto& c : fields_of(a))
    worst =
        std::max(worst, kernels::max_over_points("linnet::multigrid::sign", Range::box(c.layout.n),
                                                 NegativePart{c.origin(), c.layout}));
  MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_DOUBLE, MPI_MAX, comm);
  return worst <= 0.0;
}

// G on the owned points, its rows weighted such that lambda_max(G A G^T) < 2.
void set_up_factor(GridLevel& grid, const StencilOperator<double>& a, const Field<double>& diagonal,
                   bool m_matrix, kernels::FactoredInverse<double>& g) {
  kernels::set_up_factored_inverse(a, diagonal, g);
  Field<double> bound("linnet::multigrid::setup_bound", grid.setup_layout);
  if (!m_matrix) {
    grid.setup_halo->exchange(g.entries);
    kernels::bound_rows(a, diagonal, g, bound);
  }
  kernels::weight_rows(a, diagonal, bound, g);
}

} // namespace

template <class T>
void Cycle<T>::update(const StencilOperator<double>& finest) {
  StencilOperator<double> arrived = finest;
  for (std::size_t l = 0; l < grid_.size(); ++l) {
    GridLevel& grid = grid_[l];
    const StencilOperator<double> a =
        grid.is_direct() && grid.active && !grid.gather ? arrived : bring_to_level(grid, arrived);
    if (!grid.active) return;
    if (grid.is_direct()) {
      direct_.factor(a, grid.plan.cut.periodic());
      return;
    }
    split_seams(grid, a);
    grid.setup_halo->exchange(fields_of(a));
    Field<double> diagonal("linnet::multigrid::setup_diagonal", grid.setup_layout);
    kernels::diagonal(a, Range::box(grid.setup_layout.n), diagonal);
    grid.setup_halo->exchange(diagonal);
    set_up_smoother(l, a, diagonal);
    if (grid.plan.is_coarsest()) return;
    arrived = coarsen(l, a, diagonal);
  }
}

template <class T>
void Cycle<T>::set_up_smoother(std::size_t l, const StencilOperator<double>& a,
                               const Field<double>& diagonal) {
  GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  const Range padded = with_ghosts(grid.layout, 1);
  for (std::size_t m = 0; m < a.couplings.size(); ++m)
    kernels::copy_scaled(a.couplings[m], v.a.couplings[m], padded, 1.0);
  kernels::copy_scaled(a.row_sum, v.a.row_sum, padded, 1.0);

  kernels::FactoredInverse<double> g;
  for (std::size_t m = 0; m <= a.couplings.size(); ++m)
    g.entries.emplace_back("linnet::multigrid::setup_factor", grid.setup_layout);
  g.pattern = a.pattern;
  v.m_matrix = is_m_matrix(a, grid.comm.get());
  if (options_.smoother == Smoother::jacobi)
    kernels::set_up_jacobi(a, g);
  else
    set_up_factor(grid, a, diagonal, v.m_matrix, g);
  grid.halo->exchange(g.entries);
  for (std::size_t m = 0; m < g.entries.size(); ++m)
    kernels::copy_scaled(g.entries[m], v.g.entries[m], padded, 1.0);
}

template <class T>
StencilOperator<double> Cycle<T>::coarsen(std::size_t l, const StencilOperator<double>& a,
                                          const Field<double>& diagonal) {
  GridLevel& grid = grid_[l];
  Interpolation<double> p;
  p.coarsening = grid.coarsening;
  std::vector<Field<double>> weights;
  for (int n = 0; n < kernels::child_count; ++n)
    if (p.has_child(n)) {
      p.weights[n] = Field<double>("linnet::multigrid::setup_weight", grid.coarse_layout);
      weights.push_back(p.weights[n]);
    }
  kernels::set_up_interpolation(a, diagonal, p);
  grid.coarse_halo->exchange(weights);
  for (int n = 0; n < kernels::child_count; ++n)
    if (p.has_child(n))
      kernels::copy_scaled(p.weights[n], values_[l].p.weights[n],
                           with_ghosts(grid.coarse_layout, 1), 1.0);

  StencilOperator<double> coarse =
      make_operator(kernels::is_three_dimensional(a.pattern) ? kernels::StencilPattern::box3d
                                                             : kernels::StencilPattern::box2d,
                    grid.coarse_layout);
  kernels::galerkin_couplings(a, diagonal, p, coarse);

  // Row sums: P^T (A (P 1)).
  Field<double> ones("linnet::multigrid::ones", grid.coarse_layout);
  kernels::fill(ones, Range::box(grid.coarse_layout.n), 1.0);
  grid.coarse_halo->exchange(ones);
  Field<double> x("linnet::multigrid::interpolated_ones", grid.setup_layout);
  kernels::interpolate_add(p, ones, x);
  // Interpolation may have written ghosts; those outside the domain must stay zero.
  grid.halo->exchange(x);
  Field<double> y("linnet::multigrid::product_of_ones", grid.setup_layout);
  kernels::product(a, x, y);
  // Points without couplings are solved exactly by the smoother and stay out of the coarse grid.
  kernels::zero_where_alone(diagonal, a.row_sum, y);
  grid.halo->exchange(y);
  kernels::restrict_residual(p, y, coarse.row_sum);
  return coarse;
}

template class Cycle<float>;
template class Cycle<double>;

} // namespace linnet::multigrid
