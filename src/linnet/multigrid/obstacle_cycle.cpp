// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/obstacle_cycle.hpp>

#include <linnet/kernels/star/star_aggregation.hpp>
#include <linnet/multigrid/star_keys.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::multigrid {

using kernels::Field;
using kernels::marched;
using kernels::Range;

namespace {

// Share of all cells that may lie in aggregates which are not connected within. Around obstacles of
// more than a few cells it stays below 0.5 %; walls one cell thick can exceed 10 %.
constexpr double most_split = 0.02;

template <class T>
kernels::StarPlanes<T> planes_of(const kernels::StencilOperator<T>& a, int dimension) {
  kernels::StarPlanes<T> planes;
  for (int m = 0; m < dimension; ++m)
    planes.couplings[m == dimension - 1 ? 2 : m] =
        kernels::Planes<T>(marched(a.couplings[static_cast<std::size_t>(m)], dimension));
  planes.row_sum = kernels::Planes<T>(marched(a.row_sum, dimension));
  return planes;
}

bool all_agree(bool yes, MPI_Comm comm) {
  int all = yes ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, comm);
  return all == 1;
}

} // namespace

template <class T>
ObstacleCycle<T>::ObstacleCycle(MPI_Comm comm, std::vector<GridLevel>& levels,
                                const BoxmgOptions& options, const ObstacleWeights& weights)
    : StarCycle<T>(levels, 1, true), comm_(comm), skip_empty_(options.skip_empty),
      weights_(weights), coarse_(std::span<GridLevel>(levels).subspan(1), options, false,
                                 {weights.coarse_rows, weights.deeper_scale}) {
  this->polynomial_ = {static_cast<T>(weights.cell + weights.faces), static_cast<T>(weights.faces)};
  if (levels[0].active) set_weights();
}

template <class T>
Field<T>& ObstacleCycle<T>::arrival_f(std::size_t l) {
  return l == 0 ? StarCycle<T>::arrival_f(0) : coarse_.input();
}

template <class T>
Field<T>& ObstacleCycle<T>::arrival_u(std::size_t l) {
  return l == 0 ? StarCycle<T>::arrival_u(0) : coarse_.output();
}

template <class T>
void ObstacleCycle<T>::solve_level(std::size_t l) {
  if (l == 0)
    StarCycle<T>::solve_level(0);
  else
    coarse_.apply();
}

template <class T>
double ObstacleCycle<T>::memory() const {
  return StarCycle<T>::memory() + coarse_.memory();
}

template <class T>
bool ObstacleCycle<T>::update(const FinestStar& finest) {
  if (!encode(finest)) return false;
  const GridLevel& grid = this->grid_[0];
  if (!grid.active) return true;
  StarLevel<T>& v = this->values_[0];
  v.spans = skip_empty_
                ? kernels::star_spans(v.codes, v.p.coarsening,
                                      marched(this->grid_[1].source_layout, this->dimension_))
                : kernels::StarSpans();
  kernels::StencilOperator<T> coarse = coarse_.arrival();
  const Found here = aggregate(planes_of(coarse, this->dimension_));
  double found[2] = {here.wrong, here.split};
  MPI_Allreduce(MPI_IN_PLACE, found, 2, MPI_DOUBLE, MPI_SUM, grid.comm.get());
  double cells = 1.0;
  for (const bool halved : grid.plan.halves) cells *= halved ? 2.0 : 1.0;
  const auto all = static_cast<double>(core::volume(grid.plan.cut.points()));
  if (found[0] > 0.0 || cells * found[1] > most_split * all) return false;
  coarse_.set_up(std::move(coarse));
  // The cycle relies on zeros outside of the domain, and where it has no coarse points to visit.
  Kokkos::deep_copy(v.u.values, T(0));
  Kokkos::deep_copy(v.f.values, T(0));
  Kokkos::deep_copy(arrival_f(1).values, T(0));
  return true;
}

// By way of diagonals in the place of the solution and row sums in that of the right-hand side. The
// answer is the same on all ranks.
template <class T>
bool ObstacleCycle<T>::encode(const FinestStar& finest) {
  GridLevel& grid = this->grid_[0];
  StarLevel<T>& v = this->values_[0];
  const auto last = static_cast<std::size_t>(this->dimension_ - 1);
  const double constant[3] = {finest.constant[0], last == 2 ? finest.constant[1] : 0.0,
                              finest.constant[last]};
  if (!all_agree(kernels::constant_star(this->sums_of(finest.a), this->dimension_, constant,
                                        finest.factor, marched(arrival_u(0), this->dimension_),
                                        marched(arrival_f(0), this->dimension_)),
                 comm_))
    return false;
  if (grid.gather) {
    grid.gather->forward(v.source_u, v.u);
    grid.gather->forward(v.source_f, v.f);
  }
  bool fits = true;
  if (grid.active) {
    const Field<T> diagonal = marched(v.u, this->dimension_),
                   row_sum = marched(v.f, this->dimension_);
    v.halo->exchange(std::vector{v.u, v.f});
    const auto keys = unite_keys(grid.comm.get(), kernels::star_keys(diagonal, row_sum));
    if (!keys.empty()) kernels::encode_star(diagonal, row_sum, keys, v.codes);
    mass_ = kernels::least_row_sum(keys);
    fits = !keys.empty() && std::isfinite(mass_); // no two cells may be coupled
    for (int m = 0; m < 3; ++m) v.codes.couplings[m] = static_cast<T>(finest.factor * constant[m]);
    if (fits) weigh_centres();
  }
  return all_agree(fits, comm_);
}

// By the shares of closed faces and of the leak. Cells that are coupled to none are solved exactly.
template <class T>
void ObstacleCycle<T>::weigh_centres() {
  if (weights_.closed == 0.0 && weights_.leak == 0.0) return;
  const kernels::CodedStar<T>& codes = this->values_[0].codes;
  double all_open = 0.0;
  for (const T c : codes.couplings) all_open += 2.0 * static_cast<double>(c);
  const auto inverse = Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, codes.inverse);
  const auto row_sum = Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, codes.row_sum);
  for (std::size_t c = 0; c < static_cast<std::size_t>(codes.codes_used); ++c) {
    if (!(inverse(c) > T(0))) continue;
    const double diagonal = 1.0 / static_cast<double>(inverse(c)),
                 leak = static_cast<double>(row_sum(c)) - mass_;
    const double closed = std::clamp(1.0 - (diagonal - mass_) / all_open, 0.0, 1.0),
                 leaking = std::clamp(leak / diagonal, 0.0, 1.0);
    inverse(c) *= static_cast<T>(weights_.centre(closed, leaking));
  }
  Kokkos::deep_copy(codes.inverse, inverse);
}

// Constant on aggregates.
template <class T>
void ObstacleCycle<T>::set_weights() {
  const GridLevel& grid = this->grid_[0];
  kernels::LinearTransfer<T>& p = this->values_[0].p;
  p.aggregates = true;
  for (int direction = 0; direction < 3; ++direction) {
    if (!p.coarsening.halves[direction]) continue;
    const auto d = static_cast<std::size_t>(direction == 2 ? this->dimension_ - 1 : direction);
    const int points = grid.coarse_layout.n[d], n = grid.plan.cut.points()[d];
    constexpr int ghosts = kernels::LinearWeights<T>::ghosts;
    p.weights[direction] = kernels::LinearWeights<T>(points);
    const auto after = Kokkos::create_mirror_view(p.weights[direction].after);
    for (int c = -ghosts; c < points + ghosts; ++c) {
      const int child = grid.box.lo[d] + 2 * c + p.coarsening.shift[direction] + 1;
      const bool inside = grid.plan.cut.periodic()[d] || (child > 0 && child < n);
      after(static_cast<std::size_t>(c + ghosts)) = inside ? T(1) : T(0);
    }
    Kokkos::deep_copy(p.weights[direction].after, after);
  }
}

template <class T>
typename ObstacleCycle<T>::Found ObstacleCycle<T>::aggregate(const kernels::StarPlanes<T>& coarse) {
  const StarLevel<T>& v = this->values_[0];
  const auto& c = v.p.coarsening;
  const kernels::Layout planes = marched(v.layout, this->dimension_);
  std::vector<kernels::RollingPlanes<T>> scratch;
  kernels::StarPlanes<T> fine;
  for (int m = 0; m < 3; ++m)
    if (this->dimension_ == 3 || m != 1) fine.couplings[m] = scratch.emplace_back(planes).planes();
  fine.row_sum = scratch.emplace_back(planes).planes();
  Found found;
  with_dimension(this->dimension_, [&](auto dim) {
    const kernels::detail::DecodeStar<T, dim()> decode{
        kernels::detail::CodedStarPointers<T, dim()>(v.codes), v.codes.row_sum.data(), fine};
    kernels::detail::StarAggregation<T, dim()> sum{fine,
                                                   coarse,
                                                   static_cast<T>(mass_),
                                                   c,
                                                   {},
                                                   static_cast<T>(weights_.wall),
                                                   // The inverse of the operator is what corrects.
                                                   static_cast<T>(1.0 / weights_.scale)};
    for (int m = 0; m < 3; ++m)
      if (dim() == 3 || m != 1) sum.open_share[m] = T(1) / v.codes.couplings[m];
    const kernels::detail::SplitAggregate<T, dim()> is_split{fine, c};
    kernels::March march(kernels::planes_per_chunk(planes));
    // With what aggregates and their stencils reach.
    march.add(Range::box(planes.n, 2, dim() == 3 ? 2 : 0, 2), [&](const Range& range) {
      found.wrong += kernels::sum_in_packs("linnet::kernels::decode", range, v.spans.near, decode);
    });
    march.add(
        Range::box(marched(this->grid_[1].source_layout, this->dimension_).n),
        [&](const Range& range) {
          kernels::for_each_point("linnet::kernels::aggregate_star", range, v.spans.coarse, sum);
          found.split += kernels::sum_in_packs("linnet::kernels::split_aggregates", range,
                                               v.spans.coarse, is_split);
        },
        c.stride(2), c.halves[2] ? c.shift[2] : 0);
    march.run();
  });
  return found;
}

template class ObstacleCycle<float>;
template class ObstacleCycle<double>;

} // namespace linnet::multigrid
