// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/marched_level.hpp>

namespace linnet::multigrid {

using kernels::Field;
using kernels::marched;
using kernels::Planes;
using kernels::Range;

template <class T>
MarchedLevel<T>::MarchedLevel(const GridLevel& level, const kernels::StencilOperator<T>& a)
    : level_(level), dimension_(is_three_dimensional(a.pattern) ? 3 : 2),
      box_(level.layout, *level.wide_halo, dimension_), v_(marched(level.layout, dimension_)),
      r_(marched(level.layout, dimension_)) {
  for (int m = 0; m < dimension_; ++m)
    star_.couplings[m == dimension_ - 1 ? 2 : m] =
        marched(a.couplings[static_cast<std::size_t>(m)], dimension_);
  star_.row_sum = marched(a.row_sum, dimension_);
  const kernels::Layout planes = marched(level.layout, dimension_);
  star_.inverse = Field<T>("linnet::multigrid::inverse", planes);
  star_.weight = Field<T>("linnet::multigrid::row_weight", planes);
}

template <class T>
void MarchedLevel<T>::update(T row_weight) {
  const auto exchange = [&](Field<T> f) {
    f.layout = level_.layout;
    level_.wide_halo->exchange(f);
  };
  kernels::invert_diagonal(star_, dimension_);
  exchange(star_.inverse);
  kernels::weight_factored_rows(star_, dimension_, row_weight);
  exchange(star_.weight);
}

template <class T>
void MarchedLevel<T>::smooth_and_restrict(const kernels::Interpolation<T>& p, const Field<T>& f,
                                          const Field<T>& u, const Field<T>& coarse) {
  using namespace kernels::detail;
  level_.wide_halo->exchange(f);
  const auto mf = marched(f, dimension_), mu = marched(u, dimension_),
             mc = marched(coarse, dimension_);
  const auto mp = marched(p, dimension_);
  const Planes<T> v = v_.planes(), r = r_.planes();
  kernels::with_factored_star(
      star_, dimension_, [&]<int Dim>(const FactoredStarPointers<T, Dim>& a) {
        kernels::March march(kernels::planes_per_chunk(mf.layout));
        march.add(box_.extended(2, 3), [&](const Range& range) {
          for_each_point("linnet::kernels::lower_factor", range,
                         LowerStarFactor<T, Dim>{a, Planes<T>(mf), v});
        });
        march.add(box_.extended(2), [&](const Range& range) {
          for_each_point("linnet::kernels::upper_factor", range,
                         UpperStarFactor<T, Dim, false>{a, v, mu.origin()});
        });
        march.add(box_.extended(1), [&](const Range& range) {
          for_each_point("linnet::kernels::residual", range,
                         FactoredStarResidual<T, Dim>{a, mf.origin(), Planes<T>(mu), r});
        });
        const auto& c = mp.coarsening;
        march.add(
            Range::box(mc.layout.n),
            [&](const Range& range) { kernels::restrict_residual(mp, r, Planes<T>(mc), range); },
            c.stride(2), c.halves[2] ? c.shift[2] : 0);
        march.run();
      });
}

template <class T>
void MarchedLevel<T>::interpolate_and_smooth(const kernels::Interpolation<T>& p, const Field<T>& e,
                                             const Field<T>& f, const Field<T>& u) {
  using namespace kernels::detail;
  level_.coarse_halo->exchange(e);
  const auto mf = marched(f, dimension_), mu = marched(u, dimension_), me = marched(e, dimension_);
  const auto mp = marched(p, dimension_);
  const Planes<T> v = v_.planes(), r = r_.planes();
  kernels::with_factored_star(
      star_, dimension_, [&]<int Dim>(const FactoredStarPointers<T, Dim>& a) {
        kernels::March march(kernels::planes_per_chunk(mf.layout));
        march.add(box_.extended(2), [&](const Range& range) {
          kernels::interpolate_add(mp, Planes<T>(me), mu, range);
        });
        march.add(box_.extended(1), [&](const Range& range) {
          for_each_point("linnet::kernels::residual", range,
                         FactoredStarResidual<T, Dim>{a, mf.origin(), Planes<T>(mu), r});
        });
        march.add(box_.extended(0, 1), [&](const Range& range) {
          for_each_point("linnet::kernels::lower_factor", range, LowerStarFactor<T, Dim>{a, r, v});
        });
        // Two planes behind the residual, which so finds old values only.
        march.add(Range::box(box_.n), [&](const Range& range) {
          for_each_point("linnet::kernels::upper_factor", range,
                         UpperStarFactor<T, Dim, true>{a, v, mu.origin()});
        });
        march.run();
      });
}

template <class T>
double MarchedLevel<T>::memory() const {
  return static_cast<double>((star_.inverse.values.size() + star_.weight.values.size()) *
                                 sizeof(T) +
                             v_.bytes() + r_.bytes());
}

template class MarchedLevel<float>;
template class MarchedLevel<double>;

} // namespace linnet::multigrid
