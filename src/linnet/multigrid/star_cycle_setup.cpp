// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Set-up of the cycle on stars, level by level.
#include <linnet/multigrid/star_cycle.hpp>

#include <linnet/kernels/copy.hpp>

#include <climits>
#include <cmath>

namespace linnet::multigrid {

using kernels::Field;
using kernels::marched;
using kernels::Range;
using kernels::StarSums;

namespace {

// Neighbouring couplings that differ by more make the cycle slower than black-box multigrid. On
// coarse grids smooth coefficients vary more from point to point, and fewer points pay for it.
constexpr double most_variation = 16.0, most_coarse_variation = 50.0;

/// The fields that a star has in this dimension.
template <class T>
std::vector<Field<T>> fields_of(const StarSums<T>& a, int dimension) {
  std::vector<Field<T>> fields{a.row_sum};
  for (int m = 0; m < 3; ++m)
    if (dimension == 3 || m != 1) fields.push_back(a.couplings[m]);
  return fields;
}

template <class T>
std::vector<Field<T>> on_layout(std::vector<Field<T>> fields, const kernels::Layout& l) {
  for (auto& f : fields) f.layout = l;
  return fields;
}

} // namespace

template <class T>
bool StarCycle<T>::suits(const kernels::StencilOperator<double>& finest) {
  const int dimension = is_three_dimensional(finest.pattern) ? 3 : 2;
  StarSums<double> sums;
  sums.row_sum = marched(finest.row_sum, dimension);
  for (int m = 0; m < dimension; ++m)
    sums.couplings[m == dimension - 1 ? 2 : m] =
        marched(finest.couplings[static_cast<std::size_t>(m)], dimension);
  Range ends;
  for (int d = 0; d < 3; ++d) {
    ends.lo[d] = 1;
    ends.hi[d] = sums.row_sum.layout.n[d] - 1;
  }
  return kernels::varies_mildly(sums, dimension, ends, most_variation);
}

template <class T>
bool StarCycle<T>::update(const kernels::StencilOperator<double>& finest, double factor) {
  StarSums<T> arrived = arrival_sums(0);
  const Range owned = Range::box(arrived.row_sum.layout.n);
  for (int m = 0; m < dimension_; ++m)
    kernels::copy_scaled(marched(finest.couplings[static_cast<std::size_t>(m)], dimension_),
                         arrived.couplings[m == dimension_ - 1 ? 2 : m], owned, factor);
  kernels::copy_scaled(marched(finest.row_sum, dimension_), arrived.row_sum, owned, factor);
  for (std::size_t l = 0; l < grid_.size(); ++l) {
    const StarSums<T> sums = bring_to_level(l, arrived);
    if (!grid_[l].active) return true;
    if (grid_[l].is_direct()) {
      factor_level(l, sums);
      return true;
    }
    set_up_level(l, sums);
    if (!varies_mildly(l, sums)) return false;
    arrived = arrival_sums(l + 1);
    coarsen(l, sums, arrived);
    // The cycle relies on zeros outside of the domain.
    Kokkos::deep_copy(values_[l].u.values, T(0));
  }
  return true;
}

/// Where the operator of level l is formed: couplings on the level itself, if it works on that cut,
/// and row sums, which the cycle does not need, in the place of its solution.
template <class T>
StarSums<T> StarCycle<T>::arrival_sums(std::size_t l) {
  if (!grid_[l].gather) return level_sums(l);
  return StarSums<T>(marched(grid_[l].source_layout, dimension_), dimension_);
}

template <class T>
StarSums<T> StarCycle<T>::level_sums(std::size_t l) {
  StarLevel<T>& v = values_[l];
  StarSums<T> sums;
  for (int m = 0; m < 3; ++m) sums.couplings[m] = v.a.couplings[m];
  sums.row_sum = marched(v.u, dimension_);
  Kokkos::deep_copy(v.u.values, T(0));
  return sums;
}

template <class T>
StarSums<T> StarCycle<T>::bring_to_level(std::size_t l, const StarSums<T>& arrived) {
  GridLevel& grid = grid_[l];
  if (!grid.gather) return arrived;
  StarSums<T> sums;
  if (grid.active) sums = level_sums(l);
  const auto from = on_layout(fields_of(arrived, dimension_), grid.source_layout);
  const auto to = grid.active ? on_layout(fields_of(sums, dimension_), values_[l].layout)
                              : std::vector<Field<T>>(from.size());
  for (std::size_t m = 0; m < from.size(); ++m) grid.gather->forward(from[m], to[m]);
  return sums;
}

// Couplings and diagonal, with ghosts.
template <class T>
void StarCycle<T>::set_up_level(std::size_t l, const StarSums<T>& sums) {
  StarLevel<T>& v = values_[l];
  v.halo->exchange(on_layout(fields_of(sums, dimension_), v.layout));
  kernels::star_diagonal(sums, dimension_, Range::box(v.a.diagonal.layout.n), v.a.diagonal);
  Field<T> diagonal = v.a.diagonal;
  diagonal.layout = v.layout;
  v.halo->exchange(diagonal);
}

template <class T>
bool StarCycle<T>::varies_mildly(std::size_t l, const StarSums<T>& sums) const {
  const StarLevel<T>& v = values_[l];
  Range ends;
  for (int d = 0; d < 3; ++d) {
    ends.lo[d] = v.behind[d] ? 0 : 1;
    ends.hi[d] = v.front[d] ? INT_MAX : sums.row_sum.layout.n[d] - 1;
  }
  const double most = l == 0 ? most_variation : most_coarse_variation;
  int mild = kernels::varies_mildly(sums, dimension_, ends, most) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &mild, 1, MPI_INT, MPI_MIN, grid_[l].comm.get());
  return mild == 1;
}

// One direction after the other, plane by plane. Where the next direction still needs them, values
// on ghost points are computed, too.
template <class T>
void StarCycle<T>::coarsen(std::size_t l, const StarSums<T>& sums, const StarSums<T>& coarse) {
  StarLevel<T>& v = values_[l];
  const auto& c = v.p.coarsening;
  const kernels::Layout& target = coarse.row_sum.layout;
  set_weights(l, sums, target);
  // Along x and y on rolling planes; the last direction writes the result.
  const int last = c.halves[2] ? 2 : c.halves[1] ? 1 : 0;
  kernels::March march(kernels::planes_per_chunk(sums.row_sum.layout));
  kernels::StarPlanes<T> fine(sums, dimension_);
  std::vector<kernels::RollingPlanes<T>> scratch;
  kernels::Layout layout = sums.row_sum.layout;
  Range range = extended(l, 2);
  for (int d = 0; d <= last; ++d) {
    range.lo[d] = 0;
    range.hi[d] = target.n[d];
    if (!c.halves[d]) continue;
    kernels::StarPlanes<T> to(coarse, dimension_);
    if (d != last) {
      layout = kernels::Layout(
          {d == 0 ? target.n[0] : layout.n[0], d == 1 ? target.n[1] : layout.n[1], layout.n[2]},
          {d == 0 ? 0 : layout.g[0], d == 1 ? 0 : layout.g[1], layout.g[2]});
      const auto planes = [&] { return scratch.emplace_back(layout).planes(); };
      for (int m = 0; m < 3; ++m)
        if (dimension_ == 3 || m != 1) to.couplings[m] = planes();
      to.row_sum = planes();
    }
    march.add(
        range,
        [this, &v, &c, fine, to, d](const Range& planes) {
          kernels::coarsen_star(fine, v.p.weights[d], c.shift[d], d, dimension_, planes, to);
        },
        d == 2 ? 2 : 1, d == 2 ? c.shift[2] : 0);
    fine = to;
  }
  march.run();
}

// The least leak over the coupling beside each wall.
template <class T>
std::array<std::array<double, 2>, 3> StarCycle<T>::wall_leaks(std::size_t l,
                                                              const StarSums<T>& sums) const {
  const StarLevel<T>& v = values_[l];
  const auto& layout = sums.row_sum.layout;
  std::array<std::array<double, 2>, 3> leaks;
  for (int d = 0; d < 3; ++d)
    for (const bool end : {false, true}) {
      double& leak = leaks[static_cast<std::size_t>(d)][end ? 1 : 0];
      leak = INFINITY;
      if (!v.p.coarsening.halves[d] || (end ? v.front[d] : v.behind[d])) continue;
      Range wall = Range::box(layout.n);
      wall.lo[d] = end ? layout.n[d] - 1 : 0;
      wall.hi[d] = wall.lo[d] + 1;
      leak = kernels::least_leak(sums, d, end, wall);
    }
  MPI_Allreduce(MPI_IN_PLACE, leaks.data(), 6, MPI_DOUBLE, MPI_MIN, grid_[l].comm.get());
  return leaks;
}

// One half from each side; beside a wall c / (c + s), as far as the whole wall leaks.
template <class T>
void StarCycle<T>::set_weights(std::size_t l, const StarSums<T>& sums,
                               const kernels::Layout& target) {
  StarLevel<T>& v = values_[l];
  const GridLevel& grid = grid_[l];
  const auto leaks = wall_leaks(l, sums);
  for (int direction = 0; direction < 3; ++direction) {
    if (!v.p.coarsening.halves[direction]) continue;
    const auto d = static_cast<std::size_t>(direction == 2 ? dimension_ - 1 : direction);
    const bool wraps = grid.plan.cut.periodic()[d];
    const int n = grid.plan.cut.points()[d];
    const auto& leak = leaks[static_cast<std::size_t>(direction)];
    const auto weight = [&](int child) {
      if (wraps || (child > 0 && child < n - 1)) return 0.5;
      return child == 0 || child == n - 1 ? 1.0 / (1.0 + leak[child == 0 ? 0 : 1]) : 0.0;
    };
    constexpr int ghosts = kernels::LinearWeights<T>::ghosts;
    const int points = target.n[direction];
    kernels::LinearWeights<T>& weights = v.p.weights[direction];
    if (weights.before.size() == 0) weights = kernels::LinearWeights<T>(points);
    const auto before = Kokkos::create_mirror_view(weights.before);
    const auto after = Kokkos::create_mirror_view(weights.after);
    for (int c = -ghosts; c < points + ghosts; ++c) {
      const int fine = grid.box.lo[d] + 2 * c + v.p.coarsening.shift[direction];
      const bool inside = wraps || (fine >= 0 && fine < n);
      const auto at = static_cast<std::size_t>(c + ghosts);
      before(at) = inside ? static_cast<T>(weight(fine - 1)) : T(0);
      after(at) = inside ? static_cast<T>(weight(fine + 1)) : T(0);
    }
    Kokkos::deep_copy(weights.before, before);
    Kokkos::deep_copy(weights.after, after);
  }
}

template <class T>
void StarCycle<T>::factor_level(std::size_t l, const StarSums<T>& sums) {
  const GridLevel& grid = grid_[l];
  const auto pattern =
      dimension_ == 3 ? kernels::StencilPattern::star3d : kernels::StencilPattern::star2d;
  const auto precise = kernels::make_operator<double>(pattern, values_[l].layout);
  const Range owned = Range::box(sums.row_sum.layout.n);
  for (int m = 0; m < dimension_; ++m)
    kernels::copy_scaled(sums.couplings[m == dimension_ - 1 ? 2 : m],
                         marched(precise.couplings[static_cast<std::size_t>(m)], dimension_), owned,
                         T(1));
  kernels::copy_scaled(sums.row_sum, marched(precise.row_sum, dimension_), owned, T(1));
  direct_.factor(precise, grid.plan.cut.periodic());
}

template class StarCycle<float>;
template class StarCycle<double>;

} // namespace linnet::multigrid
