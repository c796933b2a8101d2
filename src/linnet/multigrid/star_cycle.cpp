// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/star_cycle.hpp>

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/star/star_inspection.hpp>

#include <algorithm>

namespace linnet::multigrid {

using kernels::Field;
using kernels::marched;
using kernels::Planes;
using kernels::Range;
using kernels::StarSums;

namespace {

constexpr int fine_layers = 3, coarse_layers = 2;

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
StarCycle<T>::StarCycle(std::vector<GridLevel>& levels, std::size_t stars, bool coded)
    : grid_(levels), dimension_(is_three_dimensional(levels.front().plan.pattern) ? 3 : 2),
      values_(stars) {
  for (std::size_t l = 0; l < stars; ++l) allocate(l, coded && l == 0);
}

template <class T>
void StarCycle<T>::allocate(std::size_t l, bool coded) {
  const GridLevel& grid = grid_[l];
  StarLevel<T>& v = values_[l];
  if (grid.gather) {
    v.source_f = Field<T>("linnet::multigrid::source_f", grid.source_layout);
    v.source_u = Field<T>("linnet::multigrid::source_u", grid.source_layout);
  }
  if (!grid.active) return;
  const int z = dimension_ == 3 ? fine_layers : 0;
  v.layout = kernels::with_aligned_rows(
      kernels::Layout(grid.box.extent(), {fine_layers, fine_layers, z}), sizeof(T));
  v.f = kernels::aligned_field<T>("linnet::multigrid::f", v.layout);
  v.u = kernels::aligned_field<T>("linnet::multigrid::u", v.layout);
  const kernels::Layout planes = marched(v.layout, dimension_);
  v.is_coded = coded;
  allocate_operator(v, planes, grid.is_direct());
  if (grid.is_direct()) return;
  v.w = kernels::RollingPlanes<T>(planes);
  v.r = kernels::RollingPlanes<T>(planes);
  v.halo = make_halo(grid, grid.plan.cut, fine_layers);
  v.coarse_halo = make_halo(grid, grid.plan.coarse_cut(), coarse_layers);
  v.box = MarchedBox(v.layout, *v.halo, dimension_);
  for (int m = 0; m < 3; ++m) {
    if (dimension_ == 2 && m == 1) continue;
    const int d = m == 2 ? last_direction(dimension_) : m;
    v.p.coarsening.halves[m] = grid.coarsening.halves[d];
    v.p.coarsening.shift[m] = grid.coarsening.shift[d];
  }
}

template <class T>
void StarCycle<T>::allocate_operator(StarLevel<T>& v, const kernels::Layout& planes,
                                     bool is_direct) {
  if (v.is_coded) {
    v.codes.codes = kernels::aligned_field<std::uint8_t>("linnet::multigrid::codes", planes);
    for (auto* table :
         {&v.codes.diagonal, &v.codes.inverse, &v.codes.alone_inverse, &v.codes.row_sum})
      *table =
          kernels::Array<T>("linnet::multigrid::code_table", kernels::CodedStar<T>::most_codes);
    return;
  }
  for (int m = 0; m < 3; ++m)
    if (dimension_ == 3 || m != 1)
      v.a.couplings[m] = kernels::aligned_field<T>("linnet::multigrid::coupling", planes);
  if (!is_direct) v.a.diagonal = kernels::aligned_field<T>("linnet::multigrid::diagonal", planes);
}

template <class T>
Field<T>& StarCycle<T>::arrival_f(std::size_t l) {
  return grid_[l].gather ? values_[l].source_f : values_[l].f;
}

template <class T>
Field<T>& StarCycle<T>::arrival_u(std::size_t l) {
  return grid_[l].gather ? values_[l].source_u : values_[l].u;
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

template <class T>
template <class Body>
void StarCycle<T>::with_star(const StarLevel<T>& v, const Body& body) const {
  with_dimension(dimension_, [&](auto dim) {
    if (v.is_coded)
      body(kernels::detail::CodedStarPointers<T, dim()>(v.codes));
    else
      body(kernels::detail::StarPointers<T, dim()>(v.a));
  });
}

namespace {

/// With the planes beyond the walls at both ends of a march: a coded star relies on zeros there,
/// and rolling planes may hold others.
template <class Star>
Range beyond_walls(Range range, const kernels::Layout& marched_layout) {
  if (!Star::masks) return range;
  range.lo[2] = std::min(range.lo[2], -1);
  range.hi[2] = std::max(range.hi[2], marched_layout.n[2] + 1);
  return range;
}

template <class Body>
void with_aggregates(bool aggregates, const Body& body) {
  if (aggregates)
    body(std::true_type{});
  else
    body(std::false_type{});
}

} // namespace

// u = S f, f_coarse = P^T (f - A u).
template <class T>
void StarCycle<T>::smooth_and_restrict(std::size_t l) {
  StarLevel<T>& v = values_[l];
  const auto f = marched(v.f, dimension_), u = marched(v.u, dimension_);
  const auto coarse = marched(arrival_f(l + 1), dimension_);
  const Planes<T> w = v.w.planes(), r = v.r.planes();
  const auto& c = v.p.coarsening;
  with_star(v, [&](const auto& a) {
    using Star = std::decay_t<decltype(a)>;
    kernels::March march(kernels::planes_per_chunk(f.layout));
    march.add(beyond_walls<Star>(v.box.extended(3), f.layout), [&](const Range& range) {
      using Kernel = kernels::detail::DivideByDiagonal<Star>;
      for_each_point("linnet::kernels::divide", range, v.spans.near, Kernel{a, f.origin(), w});
    });
    march.add(v.box.extended(2), [&](const Range& range) {
      using Kernel = kernels::detail::PolynomialStep<Star, false>;
      for_each_point("linnet::kernels::polynomial", range, v.spans.near,
                     Kernel{a, w, u.origin(), polynomial_});
    });
    march.add(v.box.extended(1), [&](const Range& range) {
      using Kernel = kernels::detail::MarchedResidual<Star, false>;
      for_each_point("linnet::kernels::residual", range, v.spans.near,
                     Kernel{a, f.origin(), Planes<T>(u), r});
    });
    march.add(
        Range::box(coarse.layout.n),
        [&](const Range& range) {
          with_aggregates(v.p.aggregates, [&](auto aggregates) {
            const kernels::detail::TransferPointers<T, aggregates()> p(v.p);
            kernels::with_stride(c, [&](auto stride) {
              using Kernel = kernels::detail::LinearRestriction<T, stride(), aggregates()>;
              for_each_point("linnet::kernels::restrict", range, v.spans.coarse,
                             Kernel{p, r, Planes<T>(coarse)});
            });
          });
        },
        c.stride(2), c.halves[2] ? c.shift[2] : 0);
    march.run();
  });
}

// u += P e, u += S (f - A u); points that are coupled to none are solved.
template <class T>
void StarCycle<T>::interpolate_and_smooth(std::size_t l) {
  StarLevel<T>& v = values_[l];
  const auto f = marched(v.f, dimension_), u = marched(v.u, dimension_);
  const auto e = marched(arrival_u(l + 1), dimension_);
  const Planes<T> w = v.w.planes();
  const auto& c = v.p.coarsening;
  // By coarse points along x, and the fine points that they reach.
  const Range interpolated = kernels::interpolated_from(c, v.box.extended(2));
  with_star(v, [&](const auto& a) {
    using Star = std::decay_t<decltype(a)>;
    kernels::March march(kernels::planes_per_chunk(f.layout));
    march.add(interpolated, [&](const Range& range) {
      with_aggregates(v.p.aggregates, [&](auto aggregates) {
        const kernels::detail::TransferPointers<T, aggregates()> p(v.p);
        kernels::with_stride(c, [&](auto stride) {
          using Kernel = kernels::detail::LinearInterpolation<Star, stride(), aggregates()>;
          for_each_point(
              "linnet::kernels::interpolate", range, v.spans.interpolated,
              Kernel{a, p, Planes<T>(e), u.origin(), u.layout.pitch_y, u.layout.pitch_z});
        });
      });
    });
    march.add(beyond_walls<Star>(v.box.extended(1), f.layout), [&](const Range& range) {
      using Kernel = kernels::detail::MarchedResidual<Star, true>;
      for_each_point("linnet::kernels::residual", range, v.spans.near,
                     Kernel{a, f.origin(), Planes<T>(u), w});
    });
    // At least two planes behind the residual, which so finds old values only.
    march.add(Range::box(f.layout.n), [&](const Range& range) {
      using Kernel = kernels::detail::PolynomialStep<Star, true>;
      for_each_point("linnet::kernels::polynomial", range, v.spans.near,
                     Kernel{a, w, u.origin(), polynomial_});
      if constexpr (Star::masks)
        for_each_point("linnet::kernels::solve_alone", range,
                       within_occupied_ ? v.spans.alone_within : v.spans.alone,
                       kernels::detail::SolveAlone<T>{a.code, v.codes.alone_inverse.data(),
                                                      f.origin(), u.origin(), a.small, a.pitch_y,
                                                      a.pitch_z});
    });
    march.run();
  });
}

template <class T>
StarSums<double> StarCycle<T>::sums_of(const kernels::StencilOperator<double>& a) {
  const int dimension = is_three_dimensional(a.pattern) ? 3 : 2;
  StarSums<double> sums;
  sums.row_sum = marched(a.row_sum, dimension);
  for (int m = 0; m < dimension; ++m)
    sums.couplings[m == dimension - 1 ? 2 : m] =
        marched(a.couplings[static_cast<std::size_t>(m)], dimension);
  return sums;
}

template <class T>
std::vector<Field<T>> StarCycle<T>::fields_of(const StarSums<T>& a,
                                              const kernels::Layout& l) const {
  std::vector<Field<T>> fields{a.row_sum};
  for (int m = 0; m < 3; ++m)
    if (dimension_ == 3 || m != 1) fields.push_back(a.couplings[m]);
  for (auto& f : fields) f.layout = l;
  return fields;
}

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
  // Zeros stay outside of the domain, where the cycle relies on them; what it uses elsewhere it has
  // written before.
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
  const auto from = fields_of(arrived, grid.source_layout);
  const auto to =
      grid.active ? fields_of(sums, values_[l].layout) : std::vector<Field<T>>(from.size());
  for (std::size_t m = 0; m < from.size(); ++m) grid.gather->forward(from[m], to[m]);
  return sums;
}

template <class T>
void StarCycle<T>::set_up_level(std::size_t l, const StarSums<T>& sums) {
  StarLevel<T>& v = values_[l];
  v.halo->exchange(fields_of(sums, v.layout));
  kernels::star_diagonal(sums, dimension_, Range::box(v.a.diagonal.layout.n), v.a.diagonal);
  Field<T> diagonal = v.a.diagonal;
  diagonal.layout = v.layout;
  v.halo->exchange(diagonal);
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

template <class T>
std::vector<Field<T>> StarCycle<T>::couplings() const {
  const StarLevel<T>& v = values_[0];
  std::vector<Field<T>> result;
  if (grid_[0].gather || v.is_coded) return result;
  for (int m = 0; m < dimension_; ++m) {
    result.push_back(v.a.couplings[m == dimension_ - 1 ? 2 : m]);
    result.back().layout = v.layout;
  }
  return result;
}

template <class T>
double StarCycle<T>::memory() const {
  std::size_t bytes = 0;
  for (const auto& v : values_) {
    for (const auto* f : {&v.a.couplings[0], &v.a.couplings[1], &v.a.couplings[2], &v.a.diagonal,
                          &v.f, &v.u, &v.source_f, &v.source_u})
      bytes += f->values.size() * sizeof(T);
    bytes += v.codes.codes.values.size() + v.w.bytes() + v.r.bytes();
  }
  return static_cast<double>(bytes);
}

template class StarCycle<float>;
template class StarCycle<double>;

} // namespace linnet::multigrid
