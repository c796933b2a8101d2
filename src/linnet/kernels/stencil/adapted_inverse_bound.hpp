// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Absolute row sums of G A G^T for a factored inverse G with a pattern of its own: what the
/// weights of factored_inverse_bound.hpp need.
#pragma once

#include <linnet/kernels/stencil/adapted_inverse.hpp>
#include <linnet/kernels/stencil/factored_inverse_bound.hpp>

#include <algorithm>
#include <tuple>

namespace linnet::kernels {

namespace detail {

/// A list of ints or distances in the memory of the execution space.
template <class T>
Array<T> device_list(const char* label, const std::vector<T>& values) {
  Array<T> list(std::string(label), values.size());
  const auto host = Kokkos::create_mirror_view(list);
  for (std::size_t n = 0; n < values.size(); ++n) host(n) = values[n];
  Kokkos::deep_copy(list, host);
  return list;
}

/// How a row of G A and then one of G A G^T comes about, written down once for all points.
///
/// Entry e of the row of G A is the sum of the terms first[e] .. first[e+1]-1: member of G times
/// the coupling (or, number -1, the diagonal) at a distance. Likewise entry d of the row of G A
/// G^T: entry of G A times member of G at a distance.
struct RowProducts {
  struct Term {
    int left, right;
    std::ptrdiff_t at;
  };
  std::vector<int> first_ga{0}, first_gag{0};
  std::vector<Term> ga, gag;

  RowProducts(StencilPattern p, const Layout& l, const AdaptedPattern& offsets) {
    const auto key = [](const Offset& o) { return std::tuple(o.z, o.y, o.x); };
    const auto less = [&](const Offset& a, const Offset& b) { return key(a) < key(b); };
    const auto sorted = [&](std::vector<Offset> all) {
      std::sort(all.begin(), all.end(), less);
      all.erase(std::unique(all.begin(), all.end(),
                            [&](const Offset& a, const Offset& b) { return key(a) == key(b); }),
                all.end());
      return all;
    };
    std::vector<Offset> reached;
    for (int a = 0; a < adapted_members; ++a) {
      const Offset o = member_offset(offsets, a);
      reached.push_back(o);
      for (int n = 0; n < coupling_count(p); ++n) {
        const Offset u = upper_offset(p, n);
        reached.push_back({o.x + u.x, o.y + u.y, o.z + u.z});
        reached.push_back({o.x - u.x, o.y - u.y, o.z - u.z});
      }
    }
    reached = sorted(reached);
    for (const Offset& e : reached) {
      for (int a = 0; a < adapted_members; ++a) {
        const Offset o = member_offset(offsets, a);
        if (key(o) == key(e)) ga.push_back({a, -1, distance(l, o)});
        const auto s = stored_coupling(p, l, o, e);
        if (s.number >= 0) ga.push_back({a, s.number, s.at});
      }
      first_ga.push_back(static_cast<int>(ga.size()));
    }
    std::vector<Offset> coupled;
    for (const Offset& e : reached)
      for (int b = 0; b < adapted_members; ++b) {
        const Offset o = member_offset(offsets, b);
        coupled.push_back({e.x - o.x, e.y - o.y, e.z - o.z});
      }
    for (const Offset& d : sorted(coupled)) {
      for (std::size_t e = 0; e < reached.size(); ++e)
        for (int b = 0; b < adapted_members; ++b) {
          const Offset o = member_offset(offsets, b);
          if (key({d.x + o.x, d.y + o.y, d.z + o.z}) == key(reached[e]))
            gag.push_back({static_cast<int>(e), b, distance(l, d)});
        }
      first_gag.push_back(static_cast<int>(gag.size()));
    }
  }
};

template <class T>
struct AdaptedBoundKernel {
  static constexpr bool repeatable = true;
  static constexpr int width = native_width<T>;
  static constexpr int most_entries = adapted_members * (2 * max_couplings + 1);
  const T* couplings[max_couplings];
  const double* diagonal;
  const T* g[adapted_members];
  T* bound;
  Array<int> first_ga, first_gag;
  Array<RowProducts::Term> ga, gag;
  int entries_ga, entries_gag;
  int pitch_y, pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<T, W>;
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * pitch_y + static_cast<std::ptrdiff_t>(k) * pitch_z;
    V row[most_entries];
    for (int e = 0; e < entries_ga; ++e) {
      V sum = splat<W>(T(0));
      for (int t = first_ga.data()[e]; t < first_ga.data()[e + 1]; ++t) {
        const auto& term = ga.data()[t];
        const V weight = load<W>(g[term.left] + q);
        if (term.right < 0)
          sum += weight * convert<T, W, double>(load<W>(diagonal + q + term.at));
        else
          sum -= weight * load<W>(couplings[term.right] + q + term.at);
      }
      row[e] = sum;
    }
    V total = splat<W>(T(0));
    for (int d = 0; d < entries_gag; ++d) {
      V sum = splat<W>(T(0));
      for (int t = first_gag.data()[d]; t < first_gag.data()[d + 1]; ++t) {
        const auto& term = gag.data()[t];
        sum += row[term.left] * load<W>(g[term.right] + q + term.at);
      }
      total += abs<W, T>(sum);
    }
    store<W>(bound + q, total);
  }
};

template <class T, StencilPattern P>
struct AdaptedWeightKernel {
  static constexpr int width = native_width<T>;
  StencilPointers<T, P> a;
  const T* bound;
  T alone_root;
  T* g[adapted_members];
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * a.pitch_y + static_cast<std::ptrdiff_t>(k) * a.pitch_z;
    const Pack<T, W> floor = splat<W>(weight_times_bound<T> / m_matrix_weight<T>);
    const Pack<T, W> d = max<W, T>(load<W>(bound + q), floor);
    const Pack<T, W> root = sqrt<W, T>(weight_times_bound<T> / d);
    const auto alone = a.template alone<W>(q) > 0;
    const Pack<T, W> weight = alone ? splat<W>(alone_root) : root;
    for (int m = 0; m < adapted_members; ++m) store<W>(g[m] + q, load<W>(g[m] + q) * weight);
  }
};

} // namespace detail

/// Scales the owned rows of G by sqrt(w), w = min(0.9, 1.8 / bound), and w = @p alone_weight for
/// rows without couplings. All fields on the layout of A.
template <class T>
void weight_rows(const StencilOperator<T>& a, const Field<T>& bound, T alone_weight,
                 AdaptedInverse<T>& g) {
  with_pattern(a.pattern, [&](auto p) {
    using Kernel = detail::AdaptedWeightKernel<T, p()>;
    Kernel kernel{detail::StencilPointers<T, p()>(a), bound.origin(), std::sqrt(alone_weight), {}};
    for (int m = 0; m < adapted_members; ++m) kernel.g[m] = g.entries[m].origin();
    for_each_point("linnet::kernels::adapted_weight_rows", Range::box(bound.layout.n), kernel);
  });
}

/// bound = sum_j |M(i,j)|, M = G A G^T, on the owned points; all fields on one layout. With offsets
/// of G that reach r layers couplings must be valid r+1 layers out, the diagonal r, G 2r+1.
template <class T>
void bound_rows(const StencilOperator<T>& a, const Field<double>& diagonal,
                const AdaptedInverse<T>& g, Field<T>& bound) {
  using Term = detail::RowProducts::Term;
  const detail::RowProducts products(a.pattern, a.layout(), g.offsets);
  detail::AdaptedBoundKernel<T> kernel;
  for (int m = 0; m < coupling_count(a.pattern); ++m) kernel.couplings[m] = a.couplings[m].origin();
  for (int m = 0; m < adapted_members; ++m) kernel.g[m] = g.entries[m].origin();
  kernel.diagonal = diagonal.origin();
  kernel.bound = bound.origin();
  kernel.first_ga = detail::device_list<int>("linnet::kernels::first_ga", products.first_ga);
  kernel.first_gag = detail::device_list<int>("linnet::kernels::first_gag", products.first_gag);
  kernel.ga = detail::device_list<Term>("linnet::kernels::ga", products.ga);
  kernel.gag = detail::device_list<Term>("linnet::kernels::gag", products.gag);
  kernel.entries_ga = static_cast<int>(products.first_ga.size()) - 1;
  kernel.entries_gag = static_cast<int>(products.first_gag.size()) - 1;
  kernel.pitch_y = a.layout().pitch_y;
  kernel.pitch_z = a.layout().pitch_z;
  for_each_point("linnet::kernels::adapted_bound_rows", Range::box(a.layout().n), kernel);
}

} // namespace linnet::kernels
