// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Set-up of the cycle: interpolation, Galerkin operators and smoothers, level by level, in the
// storage of the cycle. Sums that cancel are formed in double precision by the kernels.
#include <linnet/multigrid/cycle.hpp>

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/m_matrix.hpp>
#include <linnet/kernels/stencil/regional_interpolation.hpp>
#include <linnet/kernels/stencil/seam.hpp>
#include <linnet/multigrid/setup_kernels.hpp>

#include <algorithm>

namespace linnet::multigrid {

using kernels::Field;
using kernels::Range;
using kernels::StencilOperator;

namespace {

template <class T>
std::vector<Field<T>> fields_of(const StencilOperator<T>& a) {
  auto fields = a.couplings;
  fields.push_back(a.row_sum);
  return fields;
}

template <class From, class To>
void copy_operator(const StencilOperator<From>& from, const StencilOperator<To>& to,
                   From factor = From(1)) {
  const auto x = fields_of(from);
  const auto y = fields_of(to);
  for (std::size_t m = 0; m < x.size(); ++m)
    kernels::copy_scaled(x[m], y[m], Range::box(x[m].layout.n), factor);
}

template <class T>
void clear(const Field<T>& f) {
  Kokkos::deep_copy(f.values, T(0));
}

// On all ranks together.
template <class T>
bool is_m_matrix(const StencilOperator<T>& a, MPI_Comm comm) {
  int fits = kernels::is_m_matrix(a) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &fits, 1, MPI_INT, MPI_MIN, comm);
  return fits == 1;
}

} // namespace

template <class T>
template <class From>
void Cycle<T>::update(const StencilOperator<From>& finest, From factor) {
  const StencilOperator<T> arrived = arrival_operator(0);
  copy_operator(finest, arrived, factor);
  set_up(arrived);
}

template <class T>
StencilOperator<T> Cycle<T>::arrival() {
  const StencilOperator<T> a = arrival_operator(0);
  for (const Field<T>& f : fields_of(a)) clear(f);
  return a;
}

template <class T>
void Cycle<T>::set_up(StencilOperator<T> arrived) {
  for (std::size_t l = 0; l < grid_.size(); ++l) {
    GridLevel& grid = grid_[l];
    bring_to_level(l, arrived);
    if (!grid.active) return;
    const StencilOperator<T>& a = values_[l].a;
    if (grid.is_direct()) {
      const auto precise = kernels::make_operator<double>(a.pattern, a.layout());
      copy_operator(a, precise);
      direct_.factor(precise, grid.plan.cut.periodic());
      return;
    }
    split_seams(l);
    grid.wide_halo->exchange(fields_of(a));
    set_up_smoother(l);
    if (grid.plan.is_coarsest()) return;
    arrived = arrival_operator(l + 1);
    coarsen(l, arrived);
    // The inverse of the operator is what corrects.
    if (weights_.scale != 1.0)
      copy_operator(arrived, arrived, static_cast<T>(1.0 / weights_.scale));
  }
}

// Where the operator of level l is formed: on the level itself, if it works on that cut.
template <class T>
StencilOperator<T> Cycle<T>::arrival_operator(std::size_t l) {
  const GridLevel& grid = grid_[l];
  return grid.gather ? kernels::make_operator<T>(grid.plan.pattern, grid.source_layout)
                     : values_[l].a;
}

template <class T>
void Cycle<T>::bring_to_level(std::size_t l, const StencilOperator<T>& arrived) {
  GridLevel& grid = grid_[l];
  if (!grid.gather) return;
  const auto from = fields_of(arrived);
  const auto to = grid.active ? fields_of(values_[l].a) : std::vector<Field<T>>(from.size());
  for (std::size_t m = 0; m < from.size(); ++m) {
    if (grid.active) clear(to[m]); // also the points that extend the grid
    grid.gather->forward(from[m], to[m]);
  }
}

// Couples the points that extend the grid where it wraps.
template <class T>
void Cycle<T>::split_seams(std::size_t l) {
  GridLevel& grid = grid_[l];
  const StencilOperator<T>& a = values_[l].a;
  const auto n = grid.plan.cut.points();
  for (int d = 0; d < 3; ++d) {
    if (!grid.plan.extends[d]) continue;
    grid.wide_halo->exchange(fields_of(a));
    if (grid.box.hi[d] == n[d]) {
      Field<double> diagonal("linnet::multigrid::diagonal", grid.layout);
      kernels::diagonal(a, Range::box(grid.layout.n), diagonal);
      kernels::split_seam(a, diagonal, d);
    }
    if (grid.box.lo[d] == 0) kernels::double_seam(a, d);
  }
}

// G on the owned points and one layer around, its rows weighted such that lambda_max(G A G^T) < 2.
template <class T>
void Cycle<T>::set_up_smoother(std::size_t l) {
  GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  v.m_matrix = is_m_matrix(v.a, grid.comm.get());
  if (grid.plan.marches) set_up_march(l);
  if (v.marched) return;
  v.adapted = options_.smoother == Smoother::factored && grid.plan.reach > 1
                  ? AdaptedSmoother<T>::create(grid, v.a)
                  : nullptr;
  if (v.adapted) return;
  if (options_.smoother == Smoother::jacobi) {
    kernels::set_up_jacobi(v.a, v.g);
  } else if (v.m_matrix) {
    kernels::set_up_factored_inverse(v.a, static_cast<T>(weights_.row), v.g);
  } else {
    kernels::set_up_factored_inverse(v.a, T(1), v.g);
    grid.wide_halo->exchange(v.g.entries);
    kernels::bound_rows(v.a, v.g, v.t);
    kernels::weight_rows(v.a, v.t, v.g);
  }
  grid.halo->exchange(v.g.entries);
}

// A march where the operator is an M-matrix; else fields for what takes its place.
template <class T>
void Cycle<T>::set_up_march(std::size_t l) {
  CycleLevel<T>& v = values_[l];
  if (v.m_matrix && !v.marched) {
    v.marched = std::make_unique<MarchedLevel<T>>(grid_[l], v.a);
    v.g.entries.clear();
    v.t = Field<T>();
  } else if (!v.m_matrix && (v.marched || v.g.entries.empty())) {
    v.marched.reset();
    allocate_smoother(l);
  }
  if (v.marched) v.marched->update(static_cast<T>(weights_.row));
}

// Empty if no rank has a point without couplings.
template <class T>
Field<double> Cycle<T>::diagonal_for_lone_points(std::size_t l) {
  GridLevel& grid = grid_[l];
  const StencilOperator<T>& a = values_[l].a;
  int lone = kernels::has_lone_points(a) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &lone, 1, MPI_INT, MPI_MAX, grid.comm.get());
  if (lone == 0) return {};
  Field<double> diagonal("linnet::multigrid::diagonal", grid.layout);
  Kokkos::deep_copy(diagonal.values, -1.0);
  kernels::diagonal(a, Range::box(grid.layout.n), diagonal);
  grid.wide_halo->exchange(diagonal);
  return diagonal;
}

// In the place of u; empty without a network.
template <class T>
Field<T> Cycle<T>::interpolation_odds(std::size_t l) {
  if (network_.size() == 0) return {};
  const CycleLevel<T>& v = values_[l];
  kernels::set_up_interpolation_odds(v.a, v.p.coarsening, network_, v.u);
  grid_[l].halo->exchange(v.u);
  return v.u;
}

template <class T>
void Cycle<T>::coarsen(std::size_t l, StencilOperator<T>& coarse) {
  GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  std::vector<Field<T>> weights;
  for (int n = 0; n < kernels::child_count; ++n)
    if (v.p.has_child(n)) weights.push_back(v.p.weights[n]);
  kernels::set_up_interpolation(v.a, diagonal_for_lone_points(l), interpolation_odds(l), v.p);
  if (regional_) kernels::keep_to_own_regions(v.a, v.p);
  grid.coarse_halo->exchange(weights);
  kernels::galerkin_couplings(v.a, v.p, coarse);
  sum_coarse_rows(l, coarse.row_sum);
}

// P^T (s + A (P 1 - 1)).
template <class T>
void Cycle<T>::sum_coarse_rows(std::size_t l, Field<T>& coarse_row_sum) {
  GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  Field<T>&deficit = v.u, &product = v.f;
  clear(deficit);
  kernels::add_deficit_of_ones(v.p, deficit);
  grid.halo->exchange(deficit);
  // Points without couplings are solved exactly by the smoother and stay out of the coarse grid.
  kernels::sum_rows(v.a, deficit, product);
  grid.halo->exchange(product);
  kernels::restrict_residual(v.p, product, coarse_row_sum);
  // The cycle relies on zeros outside of the domain.
  clear(deficit);
  clear(product);
}

template class Cycle<float>;
template class Cycle<double>;
template void Cycle<float>::update(const StencilOperator<double>&, double);
template void Cycle<double>::update(const StencilOperator<double>&, double);

} // namespace linnet::multigrid
