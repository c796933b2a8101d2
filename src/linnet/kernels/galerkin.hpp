// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Galerkin coarse operators P^T A P, as couplings and row sums.
///
/// The couplings are summed directly, the row sums as P^T (s + A (P 1 - 1)) with the row sums s of
/// A and A applied in its difference form, so that they keep their relative accuracy however small
/// they are beside the couplings. Sums cancel by the contrast of the coefficients: they are formed
/// in double precision, also from values in single precision.
#pragma once

#include <linnet/kernels/transfer.hpp>

namespace linnet::kernels {

namespace detail {

/// One product P(i,c) a(i,j) P(j,c+d) of a coarse coupling.
struct GalerkinTerm {
  int source;        ///< field of couplings, or -1 for the diagonal
  int fine_distance; ///< where that value lies, from the fine point of c
  int child;         ///< i, as a child of c
  int other_child;   ///< j, as a child of c+d
};

template <class T, int StrideX>
struct GalerkinKernel {
  static constexpr int width = native_width<double>;
  Coarsening coarsening;
  const T* couplings[max_couplings];
  const double* diagonal;
  int fine_pitch_y, fine_pitch_z;
  const T* weights[child_count];
  int weight_pitch_y, weight_pitch_z;
  const GalerkinTerm* terms;
  int first[max_couplings + 1];       // terms of the coarse coupling m: first[m] .. first[m+1]
  int coarse_distance[max_couplings]; // of c+d from c, in the layout of the weights
  int coarse_couplings;
  T* out[max_couplings];
  int out_pitch_y, out_pitch_z;

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using V = Pack<double, W>;
    const std::ptrdiff_t q = coarsening.fine(0, i) +
                             static_cast<std::ptrdiff_t>(coarsening.fine(1, j)) * fine_pitch_y +
                             static_cast<std::ptrdiff_t>(coarsening.fine(2, k)) * fine_pitch_z;
    const std::ptrdiff_t at = i + static_cast<std::ptrdiff_t>(j) * weight_pitch_y +
                              static_cast<std::ptrdiff_t>(k) * weight_pitch_z;
    for (int m = 0; m < coarse_couplings; ++m) {
      V sum = splat<W>(0.0);
      for (int t = first[m]; t < first[m + 1]; ++t) {
        const GalerkinTerm& term = terms[t];
        V v = term.source >= 0
                  ? load_double<W, StrideX>(couplings[term.source] + q + term.fine_distance)
                  : V(-load_strided<W, StrideX>(diagonal + q + term.fine_distance));
        if (term.child != centre_child) v *= load_double<W>(weights[term.child] + at);
        // The parent c+d may lie outside the domain, where its weight at itself is not 1.
        if (term.other_child != centre_child)
          v *= load_double<W>(weights[term.other_child] + at + coarse_distance[m]);
        sum += v;
      }
      store_double<W>(out[m] + i + static_cast<std::ptrdiff_t>(j) * out_pitch_y +
                          static_cast<std::ptrdiff_t>(k) * out_pitch_z,
                      sum);
    }
  }
};

/// The terms of all upper coarse couplings, those of coupling m at first[m] .. first[m+1].
inline std::vector<GalerkinTerm> galerkin_terms(StencilPattern fine, StencilPattern coarse,
                                                const Coarsening& coarsening, const Layout& l,
                                                int (&first)[max_couplings + 1]) {
  std::vector<GalerkinTerm> terms;
  const auto is_child = [&](int d, int o) {
    return o >= -1 && o <= 1 && (o == 0 || coarsening.halves[d]);
  };
  const auto distance = [&](int x, int y, int z) { return x + y * l.pitch_y + z * l.pitch_z; };
  for (int m = 0; m < coupling_count(coarse); ++m) {
    first[m] = static_cast<int>(terms.size());
    const Offset d = upper_offset(coarse, m);
    for (int child = 0; child < child_count; ++child) {
      const int o[3] = {child % 3 - 1, child / 3 % 3 - 1, child / 9 - 1};
      if (!is_child(0, o[0]) || !is_child(1, o[1]) || !is_child(2, o[2])) continue;
      const auto add = [&](int x, int y, int z, int source, int at) {
        const int other[3] = {o[0] + x - d.x * coarsening.stride(0),
                              o[1] + y - d.y * coarsening.stride(1),
                              o[2] + z - d.z * coarsening.stride(2)};
        for (int dir = 0; dir < 3; ++dir)
          if (!is_child(dir, other[dir])) return;
        terms.push_back({source, at, child, child_number(other[0], other[1], other[2])});
      };
      const int here = distance(o[0], o[1], o[2]);
      add(0, 0, 0, -1, here);
      for (int n = 0; n < coupling_count(fine); ++n) {
        const Offset u = upper_offset(fine, n);
        add(u.x, u.y, u.z, n, here);
        add(-u.x, -u.y, -u.z, n, here - distance(u.x, u.y, u.z));
      }
    }
  }
  first[coupling_count(coarse)] = static_cast<int>(terms.size());
  return terms;
}

} // namespace detail

/// Couplings of the owned points of the coarse operator. Valid ghosts needed: couplings two layers,
/// diagonal one, weights one.
template <class T>
void galerkin_couplings(const StencilOperator<T>& fine, const Field<double>& fine_diagonal,
                        const Interpolation<T>& p, StencilOperator<T>& coarse) {
  const Layout& l = fine.layout();
  detail::with_stride(p.coarsening, [&](auto stride) {
    detail::GalerkinKernel<T, stride()> kernel{};
    const auto terms =
        detail::galerkin_terms(fine.pattern, coarse.pattern, p.coarsening, l, kernel.first);
    Array<detail::GalerkinTerm> table("linnet::kernels::galerkin_terms", terms.size());
    Kokkos::View<const detail::GalerkinTerm*, HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>
        source(terms.data(), terms.size());
    Kokkos::deep_copy(table, source);
    kernel.terms = table.data();
    kernel.coarsening = p.coarsening;
    for (std::size_t m = 0; m < fine.couplings.size(); ++m)
      kernel.couplings[m] = fine.couplings[m].origin();
    kernel.diagonal = fine_diagonal.origin();
    kernel.fine_pitch_y = l.pitch_y;
    kernel.fine_pitch_z = l.pitch_z;
    detail::set_weights(kernel, p);
    kernel.coarse_couplings = coupling_count(coarse.pattern);
    for (int m = 0; m < kernel.coarse_couplings; ++m) {
      const Offset d = upper_offset(coarse.pattern, m);
      kernel.coarse_distance[m] = d.x + d.y * kernel.weight_pitch_y + d.z * kernel.weight_pitch_z;
      kernel.out[m] = coarse.couplings[m].origin();
    }
    kernel.out_pitch_y = coarse.layout().pitch_y;
    kernel.out_pitch_z = coarse.layout().pitch_z;
    for_each_point("linnet::kernels::galerkin", Range::box(coarse.layout().n), kernel);
    Kokkos::fence();
  });
}

} // namespace linnet::kernels
