// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/star_cycle.hpp>

#include <algorithm>

namespace linnet::multigrid {

using kernels::Field;
using kernels::marched;
using kernels::Planes;
using kernels::Range;

namespace {

constexpr int fine_layers = 3, coarse_layers = 2;

template <class Body>
void with_dimension(int dimension, const Body& body) {
  if (dimension == 3)
    body(std::integral_constant<int, 3>{});
  else
    body(std::integral_constant<int, 2>{});
}

int last_direction(int dimension) { return dimension - 1; }

std::unique_ptr<grid::Halo> make_halo(const GridLevel& grid, const grid::Partition& cut,
                                      int width) {
  core::Index3 w;
  for (int d = 0; d < 3; ++d) w[d] = cut.points()[d] == 1 ? 0 : width;
  return std::make_unique<grid::Halo>(grid.comm.get(), cut, w, grid::HaloShape::box);
}

} // namespace

template <class T>
bool StarCycle<T>::suits(const std::vector<LevelPlan>& plans, const BoxmgOptions& options) {
  const auto pattern = plans.front().pattern;
  return options.smoother == Smoother::factored && options.smooth == 1 && plans.size() > 1 &&
         (pattern == kernels::StencilPattern::star2d ||
          pattern == kernels::StencilPattern::star3d) &&
         plans.back().is_direct() && std::none_of(plans.begin(), plans.end(), [](const auto& plan) {
           return plan.extends[0] || plan.extends[1] || plan.extends[2];
         });
}

template <class T>
StarCycle<T>::StarCycle(std::vector<GridLevel>& levels)
    : grid_(levels), dimension_(is_three_dimensional(levels.front().plan.pattern) ? 3 : 2),
      values_(levels.size()) {
  for (std::size_t l = 0; l < grid_.size(); ++l) allocate(l);
}

template <class T>
void StarCycle<T>::allocate(std::size_t l) {
  const GridLevel& grid = grid_[l];
  StarLevel<T>& v = values_[l];
  if (grid.gather) {
    v.source_f = Field<T>("linnet::multigrid::source_f", grid.source_layout);
    v.source_u = Field<T>("linnet::multigrid::source_u", grid.source_layout);
  }
  if (!grid.active) return;
  const int z = dimension_ == 3 ? fine_layers : 0;
  v.layout = kernels::Layout(grid.box.extent(), {fine_layers, fine_layers, z});
  v.f = Field<T>("linnet::multigrid::f", v.layout);
  v.u = Field<T>("linnet::multigrid::u", v.layout);
  const kernels::Layout planes = marched(v.layout, dimension_);
  for (int m = 0; m < 3; ++m)
    if (dimension_ == 3 || m != 1)
      v.a.couplings[m] = Field<T>("linnet::multigrid::coupling", planes);
  if (grid.is_direct()) return;
  v.w = kernels::RollingPlanes<T>(planes);
  v.r = kernels::RollingPlanes<T>(planes);
  v.a.diagonal = Field<T>("linnet::multigrid::diagonal", planes);
  v.halo = make_halo(grid, grid.plan.cut, fine_layers);
  v.coarse_halo = make_halo(grid, coarsened(grid.plan.cut, grid.plan.halves), coarse_layers);
  for (int m = 0; m < 3; ++m) {
    if (dimension_ == 2 && m == 1) continue;
    const int d = m == 2 ? last_direction(dimension_) : m;
    core::Index3 step{0, 0, 0};
    step[static_cast<std::size_t>(d)] = 1;
    v.front[m] = v.halo->has_neighbour(step);
    step[static_cast<std::size_t>(d)] = -1;
    v.behind[m] = v.halo->has_neighbour(step);
    v.p.coarsening.halves[m] = grid.coarsening.halves[d];
    v.p.coarsening.shift[m] = grid.coarsening.shift[d];
  }
}

template <class T>
Field<T>& StarCycle<T>::arrival_f(std::size_t l) {
  return grid_[l].gather ? values_[l].source_f : values_[l].f;
}

template <class T>
Field<T>& StarCycle<T>::arrival_u(std::size_t l) {
  return grid_[l].gather ? values_[l].source_u : values_[l].u;
}

// The owned points and so many layers that neighbours own, by marched directions.
template <class T>
Range StarCycle<T>::extended(std::size_t l, int layers) const {
  const StarLevel<T>& v = values_[l];
  Range range = Range::box(marched(v.layout, dimension_).n);
  for (int d = 0; d < 3; ++d) {
    if (v.behind[d]) range.lo[d] -= layers;
    if (v.front[d]) range.hi[d] += layers;
  }
  return range;
}

template <class T>
void StarCycle<T>::solve_level(std::size_t l) {
  GridLevel& grid = grid_[l];
  StarLevel<T>& v = values_[l];
  if (grid.gather) grid.gather->forward(v.source_f, v.f);
  if (grid.active) {
    if (grid.is_direct()) {
      direct_.solve(v.f, v.u);
    } else {
      v.halo->exchange(v.f);
      smooth_and_restrict(l);
      solve_level(l + 1);
      v.coarse_halo->exchange(arrival_u(l + 1));
      interpolate_and_smooth(l);
    }
  }
  if (grid.gather) grid.gather->backward(v.u, v.source_u);
}

// u = S f, f_coarse = P^T (f - A u).
template <class T>
void StarCycle<T>::smooth_and_restrict(std::size_t l) {
  StarLevel<T>& v = values_[l];
  const auto f = marched(v.f, dimension_), u = marched(v.u, dimension_);
  const auto coarse = marched(arrival_f(l + 1), dimension_);
  const Planes<T> w = v.w.planes(), r = v.r.planes();
  const auto& c = v.p.coarsening;
  with_dimension(dimension_, [&](auto dim) {
    const kernels::detail::StarPointers<T, dim()> a(v.a);
    kernels::March march(kernels::planes_per_chunk(f.layout));
    march.add(extended(l, 3), [&](const Range& range) {
      using Kernel = kernels::detail::DivideByDiagonal<T, dim()>;
      for_each_point("linnet::kernels::divide", range, Kernel{a, f.origin(), w});
    });
    march.add(extended(l, 2), [&](const Range& range) {
      using Kernel = kernels::detail::PolynomialStep<T, dim(), false>;
      for_each_point("linnet::kernels::polynomial", range, Kernel{a, w, u.origin()});
    });
    march.add(extended(l, 1), [&](const Range& range) {
      using Kernel = kernels::detail::MarchedResidual<T, dim(), false>;
      for_each_point("linnet::kernels::residual", range, Kernel{a, f.origin(), Planes<T>(u), r});
    });
    march.add(
        Range::box(coarse.layout.n),
        [&](const Range& range) {
          const kernels::detail::TransferPointers<T> p(v.p);
          kernels::with_stride(c, [&](auto stride) {
            for_each_point(
                "linnet::kernels::restrict", range,
                kernels::detail::LinearRestriction<T, stride()>{p, r, Planes<T>(coarse)});
          });
        },
        c.stride(2), c.halves[2] ? c.shift[2] : 0);
    march.run();
  });
}

// u += P e, u += S (f - A u).
template <class T>
void StarCycle<T>::interpolate_and_smooth(std::size_t l) {
  StarLevel<T>& v = values_[l];
  const auto f = marched(v.f, dimension_), u = marched(v.u, dimension_);
  const auto e = marched(arrival_u(l + 1), dimension_);
  const Planes<T> w = v.w.planes();
  const auto& c = v.p.coarsening;
  // By coarse points along x, and the fine points that they reach.
  Range interpolated = extended(l, 2);
  if (c.halves[0]) {
    interpolated.lo[0] = (interpolated.lo[0] - c.shift[0]) >> 1;
    interpolated.hi[0] = ((interpolated.hi[0] - 1 - c.shift[0]) >> 1) + 1;
  }
  with_dimension(dimension_, [&](auto dim) {
    const kernels::detail::StarPointers<T, dim()> a(v.a);
    kernels::March march(kernels::planes_per_chunk(f.layout));
    march.add(interpolated, [&](const Range& range) {
      const kernels::detail::TransferPointers<T> p(v.p);
      kernels::with_stride(c, [&](auto stride) {
        for_each_point("linnet::kernels::interpolate", range,
                       kernels::detail::LinearInterpolation<T, stride()>{
                           p, Planes<T>(e), u.origin(), u.layout.pitch_y, u.layout.pitch_z});
      });
    });
    march.add(extended(l, 1), [&](const Range& range) {
      using Kernel = kernels::detail::MarchedResidual<T, dim(), true>;
      for_each_point("linnet::kernels::residual", range, Kernel{a, f.origin(), Planes<T>(u), w});
    });
    // At least two planes behind the residual, which so finds old values only.
    march.add(Range::box(f.layout.n), [&](const Range& range) {
      using Kernel = kernels::detail::PolynomialStep<T, dim(), true>;
      for_each_point("linnet::kernels::polynomial", range, Kernel{a, w, u.origin()});
    });
    march.run();
  });
}

template <class T>
double StarCycle<T>::memory() const {
  std::size_t bytes = 0;
  for (const auto& v : values_) {
    for (const auto* f : {&v.a.couplings[0], &v.a.couplings[1], &v.a.couplings[2], &v.a.diagonal,
                          &v.f, &v.u, &v.source_f, &v.source_u})
      bytes += f->values.size() * sizeof(T);
    bytes += v.w.bytes() + v.r.bytes();
  }
  return static_cast<double>(bytes);
}

template class StarCycle<float>;
template class StarCycle<double>;

} // namespace linnet::multigrid
