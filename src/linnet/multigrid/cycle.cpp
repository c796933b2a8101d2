// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/cycle.hpp>

namespace linnet::multigrid {

using kernels::Field;
using kernels::make_operator;

namespace {

template <class T>
kernels::Array<T> to_array(const std::vector<double>& values) {
  const auto array = kernels::zeros<T>("linnet::multigrid::network", values.size());
  const auto host = Kokkos::create_mirror_view(array);
  for (std::size_t i = 0; i < values.size(); ++i) host(i) = static_cast<T>(values[i]);
  Kokkos::deep_copy(array, host);
  return array;
}

} // namespace

template <class T>
Cycle<T>::Cycle(std::span<GridLevel> levels, const BoxmgOptions& options, bool regional,
                const CycleWeights& weights)
    : grid_(levels), options_(options), regional_(regional), weights_(weights),
      values_(levels.size()) {
  for (std::size_t l = 0; l < grid_.size(); ++l) allocate(l);
  if (!weights.network.empty()) network_ = to_array<T>(weights.network);
}

template <class T>
void Cycle<T>::allocate(std::size_t l) {
  const GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  if (grid.gather) {
    v.source_f = Field<T>("linnet::multigrid::source_f", grid.source_layout);
    v.source_u = Field<T>("linnet::multigrid::source_u", grid.source_layout);
  }
  if (!grid.active) return;
  v.f = Field<T>("linnet::multigrid::f", grid.layout);
  v.u = Field<T>("linnet::multigrid::u", grid.layout);
  v.a = make_operator<T>(grid.plan.pattern, grid.layout);
  if (grid.is_direct()) return;
  // Points that extend a grid get no right-hand side, and theirs must stay zero.
  const auto& extends = grid.plan.extends;
  if (options_.smooth > 1 || grid.plan.relaxations > 0 || grid.plan.reach > 1 || extends[0] ||
      extends[1] || extends[2])
    v.r = Field<T>("linnet::multigrid::r", grid.layout);
  if (!grid.plan.marches) allocate_smoother(l);
  if (grid.plan.is_coarsest()) return;
  v.p.coarsening = grid.coarsening;
  for (int n = 0; n < kernels::child_count; ++n)
    if (v.p.has_child(n))
      v.p.weights[n] = Field<T>("linnet::multigrid::weight", grid.coarse_layout);
}

template <class T>
void Cycle<T>::allocate_smoother(std::size_t l) {
  const GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  v.t = Field<T>("linnet::multigrid::t", grid.layout);
  v.g.pattern = grid.plan.pattern;
  for (int m = 0; m <= kernels::coupling_count(grid.plan.pattern); ++m)
    v.g.entries.emplace_back("linnet::multigrid::factor", grid.layout);
}

template <class T>
Field<T>& Cycle<T>::arrival_f(std::size_t l) {
  return grid_[l].gather ? values_[l].source_f : values_[l].f;
}

template <class T>
Field<T>& Cycle<T>::arrival_u(std::size_t l) {
  return grid_[l].gather ? values_[l].source_u : values_[l].u;
}

template <class T>
void Cycle<T>::apply() {
  solve_level(0);
}

template <class T>
void Cycle<T>::solve_level(std::size_t l) {
  GridLevel& grid = grid_[l];
  CycleLevel<T>& v = values_[l];
  if (grid.gather) grid.gather->forward(v.source_f, v.f);
  if (grid.active) {
    if (grid.is_direct()) {
      direct_.solve(v.f, v.u);
    } else if (grid.plan.is_coarsest()) {
      smooth_from_zero(l);
      for (int s = 1; s < grid.plan.relaxations; ++s) smooth(l, v.r);
    } else if (v.marched) {
      v.marched->smooth_and_restrict(v.p, v.f, v.u, arrival_f(l + 1));
      solve_level(l + 1);
      v.marched->interpolate_and_smooth(v.p, arrival_u(l + 1), v.f, v.u);
    } else {
      smooth_and_correct(l);
    }
  }
  if (grid.gather) grid.gather->backward(v.u, v.source_u);
}

template <class T>
void Cycle<T>::smooth_and_correct(std::size_t l) {
  CycleLevel<T>& v = values_[l];
  smooth_from_zero(l);
  for (int s = 1; s < options_.smooth; ++s) smooth(l, v.r);
  compute_residual(l, v.t);
  grid_[l].halo->exchange(v.t);
  kernels::restrict_residual(v.p, v.t, arrival_f(l + 1));
  solve_level(l + 1);
  correct_from_coarser(l);
  for (int s = 1; s < options_.smooth; ++s) smooth(l, v.r);
  // For the last time: without a place of its own the residual may take that of f.
  smooth(l, v.r.values.size() > 0 ? v.r : v.f);
}

template <class T>
void Cycle<T>::smooth_from_zero(std::size_t l) {
  CycleLevel<T>& v = values_[l];
  if (v.adapted) {
    v.adapted->first_step(v.f, v.t, v.u);
    take_adapted_steps(l, 1);
    return;
  }
  grid_[l].halo->exchange(v.f);
  kernels::apply_lower_factor(v.g, v.f, v.t);
  grid_[l].halo->exchange(v.t);
  kernels::apply_upper_factor<false>(v.g, v.t, v.u);
}

template <class T>
void Cycle<T>::compute_residual(std::size_t l, Field<T>& r) {
  CycleLevel<T>& v = values_[l];
  grid_[l].halo->exchange(v.u);
  kernels::residual(v.a, v.f, v.u, r);
}

template <class T>
void Cycle<T>::smooth(std::size_t l, Field<T>& r) {
  CycleLevel<T>& v = values_[l];
  if (v.adapted) {
    take_adapted_steps(l, 0);
    return;
  }
  compute_residual(l, r);
  grid_[l].halo->exchange(r);
  kernels::apply_lower_factor(v.g, r, v.t);
  grid_[l].halo->exchange(v.t);
  kernels::apply_upper_factor<true>(v.g, v.t, v.u);
}

// The steps commute, so that the smoother is its own transpose.
template <class T>
void Cycle<T>::take_adapted_steps(std::size_t l, int first) {
  CycleLevel<T>& v = values_[l];
  for (int s = first; s < AdaptedSmoother<T>::steps; ++s) {
    compute_residual(l, v.r);
    v.adapted->step(s, v.r, v.t, v.u);
  }
}

template <class T>
void Cycle<T>::correct_from_coarser(std::size_t l) {
  Field<T>& e = arrival_u(l + 1);
  grid_[l].coarse_halo->exchange(e);
  kernels::interpolate_add(values_[l].p, e, values_[l].u);
}

template <class T>
double Cycle<T>::memory() const {
  double bytes = 0.0;
  const auto count = [&](const Field<T>& f) {
    bytes += static_cast<double>(f.values.size() * sizeof(T));
  };
  for (const auto& v : values_) {
    for (const auto& f : v.a.couplings) count(f);
    for (const auto& f : v.g.entries) count(f);
    for (const auto& f : v.p.weights) count(f);
    for (const auto* f : {&v.a.row_sum, &v.source_f, &v.source_u, &v.f, &v.u, &v.r, &v.t})
      count(*f);
    if (v.adapted) bytes += v.adapted->memory();
    if (v.marched) bytes += v.marched->memory();
  }
  return bytes;
}

template <class T>
std::vector<std::vector<bool>> Cycle<T>::adapted_levels() const {
  std::vector<bool> flags;
  for (const auto& v : values_) flags.push_back(v.adapted != nullptr);
  return {flags};
}

template class Cycle<float>;
template class Cycle<double>;

} // namespace linnet::multigrid
