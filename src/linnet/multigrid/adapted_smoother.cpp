// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/adapted_smoother.hpp>

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/adapted_inverse_bound.hpp>
#include <linnet/multigrid/inverse_pattern.hpp>

#include <cmath>

namespace linnet::multigrid {

using kernels::Field;
using kernels::Range;
using kernels::StencilOperator;

namespace {

// 1 over the Chebyshev points of [0.2, 1.8]: lambda_max(S A) is at most 1.8.
template <class T>
T step_weight(int s) {
  constexpr double root_half = 0.70710678118654752;
  return static_cast<T>(1.0 / (1.0 + (s == 0 ? 0.8 : -0.8) * root_half));
}

core::Index3 layers(const GridLevel& level, int width) {
  core::Index3 w;
  const auto n = level.plan.cut.points();
  for (std::size_t d = 0; d < 3; ++d) w[d] = n[d] == 1 ? 0 : width;
  return w;
}

grid::Halo make_halo(const GridLevel& level, int width) {
  return {level.comm.get(), level.plan.cut, layers(level, width), grid::HaloShape::box};
}

template <class T>
StencilOperator<T> with_wide_ghosts(const StencilOperator<T>& a, const GridLevel& level,
                                    const kernels::Layout& layout) {
  auto wide = kernels::make_operator<T>(a.pattern, layout);
  const Range owned = Range::box(layout.n);
  for (std::size_t m = 0; m < a.couplings.size(); ++m)
    kernels::copy_scaled(a.couplings[m], wide.couplings[m], owned, T(1));
  kernels::copy_scaled(a.row_sum, wide.row_sum, owned, T(1));
  auto fields = wide.couplings;
  fields.push_back(wide.row_sum);
  make_halo(level, level.plan.reach + 1).exchange(fields);
  return wide;
}

} // namespace

template <class T>
std::unique_ptr<AdaptedSmoother<T>> AdaptedSmoother<T>::create(const GridLevel& level,
                                                               const StencilOperator<T>& a) {
  const int reach = level.plan.reach;
  const int width = 2 * reach + 1;
  const kernels::Layout layout(
      level.box.extent(), {width, width, kernels::is_three_dimensional(a.pattern) ? width : 0});
  const auto wide = with_wide_ghosts(a, level, layout);
  Field<double> diagonal("linnet::multigrid::diagonal", layout);
  const auto inner = layers(level, reach);
  kernels::diagonal(wide, Range::box(layout.n, inner[0], inner[1], inner[2]), diagonal);
  const auto pattern = choose_inverse_pattern(level.comm.get(), level.box, level.plan.cut.points(),
                                              reach, wide, diagonal);
  if (!pattern) return nullptr;
  std::unique_ptr<AdaptedSmoother> smoother(new AdaptedSmoother);
  smoother->g_.offsets = *pattern;
  smoother->set_up(wide, diagonal, level);
  return smoother;
}

template <class T>
void AdaptedSmoother<T>::set_up(const StencilOperator<T>& a, const Field<double>& diagonal,
                                const GridLevel& level) {
  for (int m = 0; m < kernels::adapted_members; ++m)
    g_.entries.emplace_back("linnet::multigrid::factor", a.layout());
  kernels::set_up_adapted_inverse(a, diagonal, g_);
  make_halo(level, 2 * level.plan.reach + 1).exchange(g_.entries);
  Field<T> bound("linnet::multigrid::bound", a.layout());
  kernels::bound_rows(a, diagonal, g_, bound);
  // A row without couplings is solved exactly: by the first step.
  kernels::weight_rows(a, bound, 1 / step_weight<T>(0), g_);
  halo_ = std::make_unique<grid::Halo>(make_halo(level, level.plan.reach));
  halo_->exchange(g_.entries);
}

template <class T>
void AdaptedSmoother<T>::first_step(const Field<T>& f, Field<T>& t, Field<T>& u) {
  halo_->exchange(f);
  kernels::apply_lower_factor(g_, f, t);
  halo_->exchange(t);
  kernels::apply_upper_factor<false>(g_, t, step_weight<T>(0), u);
}

template <class T>
void AdaptedSmoother<T>::step(int s, const Field<T>& r, Field<T>& t, Field<T>& u) {
  halo_->exchange(r);
  kernels::apply_lower_factor(g_, r, t);
  halo_->exchange(t);
  kernels::apply_upper_factor<true>(g_, t, step_weight<T>(s), u);
}

template <class T>
double AdaptedSmoother<T>::memory() const {
  double bytes = 0.0;
  for (const auto& f : g_.entries) bytes += static_cast<double>(f.values.size() * sizeof(T));
  return bytes;
}

template class AdaptedSmoother<float>;
template class AdaptedSmoother<double>;

} // namespace linnet::multigrid
