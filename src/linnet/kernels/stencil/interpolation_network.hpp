// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A small network that divides a fine point between the two coarse points beside it better than
/// the operator at that point alone does.
///
/// Black-box interpolation (boxmg_interpolation.hpp) gives a point i between the coarse
/// points i-e and i+e the weights K(i,-e) and K(i,e) over their sum with the row sum, K(p,d) being
/// the couplings of p collapsed onto the direction d. What lies beside the line it ignores. The
/// network sees that, too, and multiplies the odds of the two by
///   r(N(x)) / r(N(x')),   r(y) = 1+y for y >= 0, 1/(1-y) else,
/// x what i sees from the side of the lower coarse point, x' the same from the other side. The sum
/// of the two weights stays as it is, each stays in [0,1], and zeros stay zeros, whatever the
/// network says: constants are interpolated as before, and the Galerkin operator stays definite.
///
/// N has two hidden layers of softsign(y) = y/(1+|y|). Its inputs compare two couplings each, by
/// tanh(log(a/b)/8): they do not change with a factor of the operator, in a mirrored medium they
/// are those of the mirrored point, and directions across the line enter by sums over all of them,
/// so that the same network serves every direction of a grid.
#pragma once

#include <linnet/kernels/stencil/boxmg_interpolation.hpp>

#include <tuple>
#include <utility>

namespace linnet::kernels {

/// Where what lies in the flat array of weights; matrices are row-major, (to, from).
struct InterpolationNetwork {
  static constexpr int features = 12;
  static constexpr int width = 12;
  static constexpr int first = 0;
  static constexpr int first_bias = first + width * features;
  static constexpr int second = first_bias + width;
  static constexpr int second_bias = second + width * width;
  static constexpr int output = second_bias + width;
  static constexpr int count = output + width;
  /// N is cut off there, so that odds change by 4096 at most.
  static constexpr int most = 63;
};

namespace detail {

template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> softsign(const Pack<T, W>& y) {
  return y / (splat<W>(T(1)) + abs<W, T>(y));
}

/// (a^(1/4) - b^(1/4)) / (a^(1/4) + b^(1/4)) = tanh(log(a/b)/8); 0 if both are 0. Not negative.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> compare(const Pack<T, W>& a, const Pack<T, W>& b) {
  using V = Pack<T, W>;
  const V zero = splat<W>(T(0)), one = splat<W>(T(1));
  const V large = max<W, T>(a, b), small = min<W, T>(a, b);
  const auto some = large > zero;
  const V root = sqrt<W, T>(sqrt<W, T>(some ? small / (some ? large : one) : one));
  const V size = (one - root) / (one + root);
  return a > b ? size : -size;
}

/// Couplings in series; 0 if one of them is.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> in_series(const Pack<T, W>& a, const Pack<T, W>& b) {
  const Pack<T, W> zero = splat<W>(T(0)), one = splat<W>(T(1)), sum = a + b;
  const auto some = sum > zero;
  return some ? a * (b / (some ? sum : one)) : zero;
}

/// N for the inputs @p x; @p h and @p g are the values of the hidden layers.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> evaluate_network(const T* network, const Pack<T, W>* x,
                                                        Pack<T, W>* h, Pack<T, W>* g) {
  using N = InterpolationNetwork;
  using V = Pack<T, W>;
  for (int i = 0; i < N::width; ++i) {
    V y = splat<W>(network[N::first_bias + i]);
    for (int j = 0; j < N::features; ++j)
      y = multiply_add<W, T>(splat<W>(network[N::first + i * N::features + j]), x[j], y);
    h[i] = softsign<W, T>(y);
  }
  V result = splat<W>(T(0));
  for (int i = 0; i < N::width; ++i) {
    V y = splat<W>(network[N::second_bias + i]);
    for (int j = 0; j < N::width; ++j)
      y = multiply_add<W, T>(splat<W>(network[N::second + i * N::width + j]), h[j], y);
    g[i] = softsign<W, T>(y);
    result = multiply_add<W, T>(splat<W>(network[N::output + i]), g[i], result);
  }
  const V most = splat<W>(T(N::most));
  return max<W, T>(min<W, T>(result, most), -most);
}

/// r of the file's head.
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> odds_of(const Pack<T, W>& y) {
  const Pack<T, W> one = splat<W>(T(1)), size = one + abs<W, T>(y);
  return y < 0 ? one / size : size;
}

/// What a point between two coarse points along direction E sees.
template <class T, StencilPattern P, int StrideX, int E>
struct InterpolationInputs {
  static constexpr int count = InterpolationNetwork::features;
  StencilPointers<T, P> a;

  KOKKOS_FORCEINLINE_FUNCTION std::ptrdiff_t step(int d) const {
    return d == 0 ? 1 : d == 1 ? a.pitch_y : a.pitch_z;
  }
  static constexpr int component(const Offset& o, int d) {
    return d == 0 ? o.x : d == 1 ? o.y : o.z;
  }

  /// Couplings of the point at @p q to the side @p Sign of direction @p D.
  template <int W, int D, int Sign>
  KOKKOS_FORCEINLINE_FUNCTION Pack<T, W> collapsed(std::ptrdiff_t q) const {
    const Pack<T, W> zero = splat<W>(T(0));
    Pack<T, W> sum = zero;
    static_for<coupling_count(P)>([&](auto m) {
      constexpr int along = component(upper_offset(P, m()), D) * Sign;
      if constexpr (along != 0) {
        const T* c = a.c[m()] + q - (along > 0 ? 0 : a.distance.d[m()]);
        sum += max<W, T>(load_strided<W, StrideX>(c), zero);
      }
    });
    return sum;
  }

  /// Couplings around the point, by the side of E they lie on (0: the lower) or lead to.
  template <int W>
  struct Around {
    using V = Pack<T, W>;
    V direct[2];  ///< of the point
    V back[2];    ///< of the coarse point to it
    V outward[2]; ///< of the coarse point away from it
    V across[2];  ///< of the coarse point across E
    V beside[2];  ///< of the neighbours across E, to either side
    V pulled[2];  ///< of the point across E, shared as those neighbours lean to either side
    V detour[2];  ///< by way of those neighbours to the coarse point
    V away;       ///< of the point across E
    V further;    ///< of the neighbours across E away from it
  };

  /// Inputs of N as seen from the lower coarse point of the W fine points from @p q on.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void read(std::ptrdiff_t q, Pack<T, W>* x) const {
    const Around<W> n = look_around<W>(q);
    x[0] = compare<W, T>(n.direct[0], n.direct[1]);
    x[1] = compare<W, T>(n.detour[0], n.detour[1]);
    x[2] = compare<W, T>(n.pulled[0], n.pulled[1]);
    for (int s = 0; s < 2; ++s) {
      x[3 + s] = compare<W, T>(n.detour[s], n.direct[s]);
      x[5 + s] = compare<W, T>(n.across[s], n.back[s]);
      x[7 + s] = compare<W, T>(n.outward[s], n.back[s]);
    }
    const Pack<T, W> beside = n.beside[0] + n.beside[1];
    x[9] = compare<W, T>(n.away, n.direct[0] + n.direct[1]);
    x[10] = compare<W, T>(n.further, beside);
    x[11] = compare<W, T>(n.away, beside);
  }
  /// The same from the other side.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION static void turn(const Pack<T, W>* x, Pack<T, W>* y) {
    for (int n = 0; n < 3; ++n) y[n] = -x[n];
    for (int n = 3; n < 9; n += 2) y[n] = x[n + 1], y[n + 1] = x[n];
    for (int n = 9; n < count; ++n) y[n] = x[n];
  }

private:
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Around<W> look_around(std::ptrdiff_t q) const {
    using V = Pack<T, W>;
    const V zero = splat<W>(T(0)), one = splat<W>(T(1));
    const std::ptrdiff_t low = q - step(E), high = q + step(E);
    Around<W> n;
    n.direct[0] = collapsed<W, E, -1>(q), n.direct[1] = collapsed<W, E, 1>(q);
    n.back[0] = collapsed<W, E, 1>(low), n.back[1] = collapsed<W, E, -1>(high);
    n.outward[0] = collapsed<W, E, -1>(low), n.outward[1] = collapsed<W, E, 1>(high);
    n.away = n.further = zero;
    for (int s = 0; s < 2; ++s) n.across[s] = n.beside[s] = n.pulled[s] = n.detour[s] = zero;
    const auto neighbour = [&](auto d, auto sign) {
      const std::ptrdiff_t there = sign() * step(d());
      const V out = collapsed<W, d(), sign()>(q);
      const V beside[2] = {collapsed<W, E, -1>(q + there), collapsed<W, E, 1>(q + there)};
      const V across[2] = {collapsed<W, d(), sign()>(low), collapsed<W, d(), sign()>(high)};
      n.away += out;
      n.further += collapsed<W, d(), sign()>(q + there);
      const V both = beside[0] + beside[1];
      const V pull = out / (both > zero ? both : one);
      for (int s = 0; s < 2; ++s) {
        n.across[s] += across[s];
        n.beside[s] += beside[s];
        n.pulled[s] += pull * beside[s];
        n.detour[s] += in_series<W, T>(out, in_series<W, T>(beside[s], across[s]));
      }
    };
    static_for<is_three_dimensional(P) ? 3 : 2>([&](auto d) {
      if constexpr (d() != E) {
        neighbour(d, std::integral_constant<int, -1>{});
        neighbour(d, std::integral_constant<int, 1>{});
      }
    });
    return n;
  }
};

template <class T, StencilPattern P, int StrideX, int E>
struct InterpolationOddsKernel {
  static constexpr bool repeatable = true;
  static constexpr int width = native_width<T>;
  InterpolationInputs<T, P, StrideX, E> inputs;
  Coarsening coarsening;
  const T* network;
  T* odds;

  /// The fine points behind the coarse points (i..i+W-1, j, k) along E.
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    using N = InterpolationNetwork;
    using V = Pack<T, W>;
    const std::ptrdiff_t q = coarsening.fine(0, i) + coarsening.fine(1, j) * inputs.step(1) +
                             coarsening.fine(2, k) * inputs.step(2) + inputs.step(E);
    V x[N::features], y[N::features], h[N::width], g[N::width];
    inputs.template read<W>(q, x);
    inputs.template turn<W>(x, y);
    const V lower = odds_of<W, T>(evaluate_network<W, T>(network, x, h, g));
    const V result = lower / odds_of<W, T>(evaluate_network<W, T>(network, y, h, g));
    if constexpr (W == 1)
      odds[q] = result;
    else
      for (int l = 0; l < W; ++l) odds[q + StrideX * l] = result[l];
  }
};

/// The coarse indices c along @p d whose fine point, or the one behind it, is one of @p n owned.
inline std::pair<int, int> coarse_range(const Coarsening& coarsening, int d, int n, bool behind) {
  if (!coarsening.halves[d]) return {0, n};
  const int step = behind ? 1 : 0;
  const int first = coarsening.behind(d, 0) == step ? 0 : 1;
  const int last = coarsening.behind(d, n - 1) == step ? n - 1 : n - 2;
  return {coarsening.coarse(d, first), coarsening.coarse(d, last) + 1};
}

} // namespace detail

/// The coarse points whose next fine point along @p e lies between two coarse points and is owned.
inline Range points_before_odds(const Coarsening& coarsening, const Layout& fine, int e) {
  Range range;
  for (int d = 0; d < 3; ++d)
    std::tie(range.lo[d], range.hi[d]) = detail::coarse_range(coarsening, d, fine.n[d], d == e);
  return range;
}

/// Calls body(pattern, stride along x, e), all compile-time constants, for every direction e that
/// @p coarsening halves.
template <class Body>
void for_each_halved_direction(StencilPattern pattern, const Coarsening& coarsening,
                               const Body& body) {
  with_pattern_and_stride(pattern, coarsening, [&](auto p, auto stride) {
    static_for<is_three_dimensional(p()) ? 3 : 2>([&](auto e) {
      if constexpr (e() != 0 || stride() == 2)
        if (coarsening.halves[e()]) body(p, stride, std::integral_constant<int, e()>{});
    });
  });
}

/// @p odds of every owned fine point that lies between two coarse points, along one direction: the
/// factor by which @p network changes the odds of the lower one. Other values stay as they are.
/// @p a must be valid two layers out; @p odds has its layout.
template <class T>
void set_up_interpolation_odds(const StencilOperator<T>& a, const Coarsening& coarsening,
                               const Array<T>& network, const Field<T>& odds) {
  for_each_halved_direction(a.pattern, coarsening, [&](auto p, auto stride, auto e) {
    using Inputs = detail::InterpolationInputs<T, p(), stride(), e()>;
    using Kernel = detail::InterpolationOddsKernel<T, p(), stride(), e()>;
    for_each_point("linnet::kernels::interpolation_odds",
                   points_before_odds(coarsening, a.layout(), e()),
                   Kernel{Inputs{detail::StencilPointers<T, p()>(a)}, coarsening, network.data(),
                          odds.origin()});
  });
}

} // namespace linnet::kernels
