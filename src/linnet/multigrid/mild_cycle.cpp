// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/mild_cycle.hpp>

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

} // namespace

template <class T>
MildCycle<T>::MildCycle(std::vector<GridLevel>& levels)
    : StarCycle<T>(levels, levels.size(), false) {}

template <class T>
bool MildCycle<T>::suits(const kernels::StencilOperator<double>& finest) {
  const int dimension = is_three_dimensional(finest.pattern) ? 3 : 2;
  const StarSums<double> sums = StarCycle<T>::sums_of(finest);
  Range ends;
  for (int d = 0; d < 3; ++d) {
    ends.lo[d] = 1;
    ends.hi[d] = sums.row_sum.layout.n[d] - 1;
  }
  return kernels::varies_mildly(sums, dimension, ends, most_variation);
}

template <class T>
bool MildCycle<T>::update(const FinestStar& finest) {
  StarSums<T> arrived = this->arrival_sums(0);
  const StarSums<double> given = this->sums_of(finest.a);
  const Range owned = Range::box(arrived.row_sum.layout.n);
  for (int m = 0; m < 3; ++m)
    if (this->dimension_ == 3 || m != 1)
      kernels::copy_scaled(given.couplings[m], arrived.couplings[m], owned, finest.factor);
  kernels::copy_scaled(given.row_sum, arrived.row_sum, owned, finest.factor);
  for (std::size_t l = 0; l < this->grid_.size(); ++l) {
    const StarSums<T> sums = this->bring_to_level(l, arrived);
    if (!this->grid_[l].active) return true;
    if (this->grid_[l].is_direct()) {
      this->factor_level(l, sums);
      return true;
    }
    this->set_up_level(l, sums);
    if (!varies_mildly(l, sums)) return false;
    arrived = this->arrival_sums(l + 1);
    coarsen(l, sums, arrived);
  }
  return true;
}

template <class T>
bool MildCycle<T>::varies_mildly(std::size_t l, const StarSums<T>& sums) const {
  const StarLevel<T>& v = this->values_[l];
  Range ends;
  for (int d = 0; d < 3; ++d) {
    ends.lo[d] = v.box.behind[d] ? 0 : 1;
    ends.hi[d] = v.box.front[d] ? INT_MAX : sums.row_sum.layout.n[d] - 1;
  }
  const double most = l == 0 ? most_variation : most_coarse_variation;
  int mild = kernels::varies_mildly(sums, this->dimension_, ends, most) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &mild, 1, MPI_INT, MPI_MIN, this->grid_[l].comm.get());
  return mild == 1;
}

// One direction after the other, plane by plane. Where the next direction still needs them, values
// on ghost points are computed, too.
template <class T>
void MildCycle<T>::coarsen(std::size_t l, const StarSums<T>& sums, const StarSums<T>& coarse) {
  StarLevel<T>& v = this->values_[l];
  const auto& c = v.p.coarsening;
  const kernels::Layout& target = coarse.row_sum.layout;
  set_weights(l, sums, target);
  // Along x and y on rolling planes; the last direction writes the result.
  const int last = c.halves[2] ? 2 : c.halves[1] ? 1 : 0;
  kernels::March march(kernels::planes_per_chunk(sums.row_sum.layout));
  kernels::StarPlanes<T> fine(sums, this->dimension_);
  std::vector<kernels::RollingPlanes<T>> scratch;
  kernels::Layout layout = sums.row_sum.layout;
  Range range = v.box.extended(2);
  for (int d = 0; d <= last; ++d) {
    range.lo[d] = 0;
    range.hi[d] = target.n[d];
    if (!c.halves[d]) continue;
    kernels::StarPlanes<T> to(coarse, this->dimension_);
    if (d != last) {
      layout = kernels::Layout(
          {d == 0 ? target.n[0] : layout.n[0], d == 1 ? target.n[1] : layout.n[1], layout.n[2]},
          {d == 0 ? 0 : layout.g[0], d == 1 ? 0 : layout.g[1], layout.g[2]});
      const auto planes = [&] { return scratch.emplace_back(layout).planes(); };
      for (int m = 0; m < 3; ++m)
        if (this->dimension_ == 3 || m != 1) to.couplings[m] = planes();
      to.row_sum = planes();
    }
    march.add(
        range,
        [this, &v, &c, fine, to, d](const Range& planes) {
          kernels::coarsen_star(fine, v.p.weights[d], c.shift[d], d, this->dimension_, planes, to);
        },
        d == 2 ? 2 : 1, d == 2 ? c.shift[2] : 0);
    fine = to;
  }
  march.run();
}

// The least leak over the coupling beside each wall.
template <class T>
std::array<std::array<double, 2>, 3> MildCycle<T>::wall_leaks(std::size_t l,
                                                              const StarSums<T>& sums) const {
  const StarLevel<T>& v = this->values_[l];
  const auto& layout = sums.row_sum.layout;
  std::array<std::array<double, 2>, 3> leaks;
  for (int d = 0; d < 3; ++d)
    for (const bool end : {false, true}) {
      double& leak = leaks[static_cast<std::size_t>(d)][end ? 1 : 0];
      leak = INFINITY;
      if (!v.p.coarsening.halves[d] || (end ? v.box.front[d] : v.box.behind[d])) continue;
      Range wall = Range::box(layout.n);
      wall.lo[d] = end ? layout.n[d] - 1 : 0;
      wall.hi[d] = wall.lo[d] + 1;
      leak = kernels::least_leak(sums, d, end, wall);
    }
  MPI_Allreduce(MPI_IN_PLACE, leaks.data(), 6, MPI_DOUBLE, MPI_MIN, this->grid_[l].comm.get());
  return leaks;
}

// One half from each side; beside a wall c / (c + s), as far as the whole wall leaks.
template <class T>
void MildCycle<T>::set_weights(std::size_t l, const StarSums<T>& sums,
                               const kernels::Layout& target) {
  StarLevel<T>& v = this->values_[l];
  const GridLevel& grid = this->grid_[l];
  const auto leaks = wall_leaks(l, sums);
  for (int direction = 0; direction < 3; ++direction) {
    if (!v.p.coarsening.halves[direction]) continue;
    const auto d = static_cast<std::size_t>(direction == 2 ? this->dimension_ - 1 : direction);
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

template class MildCycle<float>;
template class MildCycle<double>;

} // namespace linnet::multigrid
