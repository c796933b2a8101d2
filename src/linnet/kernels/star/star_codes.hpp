// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether a star operator has constant couplings on a grid with points cut out, and its codes
/// (coded_star.hpp).
#pragma once

#include <linnet/kernels/star/coded_star.hpp>

#include <algorithm>
#include <vector>

namespace linnet::kernels {

/// What a code stands for: the diagonal of a point, negative if it is coupled to no other, and its
/// row sum.
using StarKey = std::uint64_t;

namespace detail {

KOKKOS_FORCEINLINE_FUNCTION std::uint32_t bits_of(float v) {
  std::uint32_t bits;
  std::memcpy(&bits, &v, sizeof(bits));
  return bits;
}
KOKKOS_FORCEINLINE_FUNCTION float float_of(std::uint32_t bits) {
  float v;
  std::memcpy(&v, &bits, sizeof(v));
  return v;
}
/// 0 for a point outside of the domain.
KOKKOS_FORCEINLINE_FUNCTION StarKey key_of(float diagonal, float row_sum) {
  return diagonal == 0.0f ? StarKey{0}
                          : static_cast<StarKey>(bits_of(diagonal)) << 32 | bits_of(row_sum);
}

/// Relative difference below which couplings count as equal.
inline constexpr double same_coupling = 1e-6;

template <int W>
KOKKOS_FORCEINLINE_FUNCTION double largest_lane(const Pack<double, W>& v) {
  if constexpr (W == 1) {
    return v;
  } else {
    double largest = v[0];
    for (int lane = 1; lane < W; ++lane) largest = max<1, double>(largest, v[lane]);
    return largest;
  }
}

/// Diagonal and row sum of every point. What apply returns is positive where a coupling is neither
/// 0 nor the constant of its direction, or a row sum is negative.
template <class T, int Dim>
struct StarDiagonals {
  const double* c[3]; ///< by marched direction, the ghosts behind valid
  const double* s;
  Layout at;
  double constant[3];
  double factor;
  T* diagonal;
  T* row_sum;
  Layout at_result;

  KOKKOS_FUNCTION double of_row(int n, int j, int k) const {
    constexpr int w = native_width<double>;
    Pack<double, w> worst = splat<w>(-1.0);
    double result = -1.0;
    int i = 0;
    for (; i + w <= n; i += w) worst = max<w, double>(worst, value<w>(i, j, k));
    for (; i < n; ++i) result = max<1, double>(result, value<1>(i, j, k));
    return max<1, double>(result, largest_lane<w>(worst));
  }

  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION Pack<double, W> value(int i, int j, int k) const {
    using V = Pack<double, W>;
    const std::ptrdiff_t step[3] = {1, at.pitch_y, at.pitch_z};
    const std::ptrdiff_t q = i + j * step[1] + k * step[2];
    const V own = load<W>(s + q);
    V worst = -own, sum = splat<W>(0.0);
    static_for<3>([&](auto m) {
      if constexpr (Dim == 3 || m() != 1) {
        const V front = load<W>(c[m()] + q);
        const V off = abs<W, double>(front - constant[m()]) - same_coupling * constant[m()];
        worst = max<W, double>(worst, front > 0 ? off : -front);
        sum += front + load<W>(c[m()] + q - step[m()]);
      }
    });
    // A row without entries is one of the unit matrix.
    const V alone = own > 0 ? -factor * own : splat<W>(-1.0);
    const V result = sum > 0 ? factor * (sum + own) : alone;
    const std::ptrdiff_t to = i + static_cast<std::ptrdiff_t>(j) * at_result.pitch_y +
                              static_cast<std::ptrdiff_t>(k) * at_result.pitch_z;
    store_double<W>(diagonal + to, result);
    store_double<W>(row_sum + to, sum > 0 ? factor * own : splat<W>(0.0));
    return worst;
  }
};

/// Puts keys into an open hash table.
template <class T>
struct CollectKeys {
  static constexpr int slots = 1024; ///< of the table, four times as many as there may be codes
  const T* diagonal;
  const T* row_sum;
  int pitch_y;
  std::ptrdiff_t pitch_z;
  StarKey* table;

  KOKKOS_FUNCTION void of_row(int n, int j, int k) const {
    StarKey last = 0;
    for (int i = 0; i < n; ++i) {
      const std::ptrdiff_t q = i + static_cast<std::ptrdiff_t>(j) * pitch_y + k * pitch_z;
      const StarKey key = key_of(static_cast<float>(diagonal[q]), static_cast<float>(row_sum[q]));
      if (key == last || key == 0) continue;
      last = key;
      insert(key);
    }
  }
  KOKKOS_FUNCTION void insert(StarKey key) const {
    auto slot = static_cast<unsigned>((key * 0x9E3779B97F4A7C15ull) >> 54);
    for (int tries = 0; tries < slots; ++tries, slot = (slot + 1) % slots) {
      const StarKey there = table[slot];
      if (there == key) return;
      if (there != 0) continue;
      const StarKey found = Kokkos::atomic_compare_exchange(&table[slot], StarKey{0}, key);
      if (found == 0 || found == key) return;
    }
  }
};

/// The codes of the points of a row: places in the sorted list of keys.
template <class T>
struct Encode {
  const T* diagonal;
  const T* row_sum;
  int pitch_y;
  std::ptrdiff_t pitch_z;
  const StarKey* keys;
  int count;
  std::uint8_t* codes;

  KOKKOS_FUNCTION void of_row(int lo, int hi, int j, int k) const {
    StarKey last = 0;
    std::uint8_t code = 0;
    for (int i = lo; i < hi; ++i) {
      const std::ptrdiff_t q = i + static_cast<std::ptrdiff_t>(j) * pitch_y + k * pitch_z;
      const StarKey key = key_of(static_cast<float>(diagonal[q]), static_cast<float>(row_sum[q]));
      if (key != last) last = key, code = place(key);
      codes[q] = code;
    }
  }
  /// keys[0] is 0 and the others ascend.
  KOKKOS_FUNCTION std::uint8_t place(StarKey key) const {
    int lo = 0, hi = count;
    while (hi - lo > 1) {
      const int middle = (lo + hi) / 2;
      (key < keys[middle] ? hi : lo) = middle;
    }
    return static_cast<std::uint8_t>(lo);
  }
};

/// Calls body(j, k) for the rows of @p range.
template <class Body>
void for_each_row(const char* label, const Range& range, const Body& body) {
  const int rows = range.hi[1] - range.lo[1], lo_y = range.lo[1], lo_z = range.lo[2];
  Kokkos::parallel_for(
      label, Kokkos::RangePolicy<ExecutionSpace>(0, rows * (range.hi[2] - range.lo[2])),
      KOKKOS_LAMBDA(int row) { body(lo_y + row % rows, lo_z + row / rows); });
}

// A function of its own: nvcc takes no kernel from within a generic lambda.
template <int Dim, class T>
double set_diagonals(const StarSums<double>& a, const double (&constant)[3], double factor,
                     const Field<T>& diagonal, const Field<T>& row_sum) {
  StarDiagonals<T, Dim> kernel{{},     a.row_sum.origin(), a.row_sum.layout, {},
                               factor, diagonal.origin(),  row_sum.origin(), diagonal.layout};
  for (int m = 0; m < 3; ++m) {
    kernel.c[m] = Dim == 2 && m == 1 ? nullptr : a.couplings[m].origin();
    kernel.constant[m] = constant[m];
  }
  const auto& n = a.row_sum.layout.n;
  const int points = n[0], rows = n[1];
  double worst = -1.0;
  Kokkos::parallel_reduce(
      "linnet::kernels::star_diagonals", Kokkos::RangePolicy<ExecutionSpace>(0, rows * n[2]),
      KOKKOS_LAMBDA(int row, double& running) {
        running = max<1, double>(running, kernel.of_row(points, row % rows, row / rows));
      },
      Kokkos::Max<double>(worst));
  return worst;
}

} // namespace detail

/// Diagonals (negative for points that are coupled to none) and row sums of @p a times @p factor.
/// False if the couplings are not those of @p constant, by marched direction, or a row sum is
/// negative. Ghosts of the couplings must be valid.
template <class T>
bool constant_star(const StarSums<double>& a, int dimension, const double (&constant)[3],
                   double factor, const Field<T>& diagonal, const Field<T>& row_sum) {
  return (dimension == 3 ? detail::set_diagonals<3>(a, constant, factor, diagonal, row_sum)
                         : detail::set_diagonals<2>(a, constant, factor, diagonal, row_sum)) <= 0.0;
}

/// The keys of the owned points, in no order; more than CodedStar::most_codes may miss some.
template <class T>
std::vector<StarKey> star_keys(const Field<T>& diagonal, const Field<T>& row_sum) {
  const Layout& l = diagonal.layout;
  constexpr int slots = detail::CollectKeys<T>::slots;
  Array<StarKey> table("linnet::kernels::keys", slots);
  const detail::CollectKeys<T> kernel{diagonal.origin(), row_sum.origin(), l.pitch_y, l.pitch_z,
                                      table.data()};
  const int n = l.n[0];
  detail::for_each_row(
      "linnet::kernels::collect_keys", Range::box(l.n),
      KOKKOS_LAMBDA(int j, int k) { kernel.of_row(n, j, k); });
  const auto host = Kokkos::create_mirror_view_and_copy(HostSpace{}, table);
  std::vector<StarKey> keys;
  for (int s = 0; s < slots; ++s)
    if (host(static_cast<std::size_t>(s)) != 0) keys.push_back(host(static_cast<std::size_t>(s)));
  return keys;
}

/// The least row sum of points that are coupled to others; +infinity if there are none.
inline double least_row_sum(const std::vector<StarKey>& keys) {
  double least = INFINITY;
  for (const StarKey key : keys)
    if (detail::float_of(static_cast<std::uint32_t>(key >> 32)) > 0.0f)
      least =
          std::min(least, static_cast<double>(detail::float_of(static_cast<std::uint32_t>(key))));
  return least;
}

/// Codes and tables for the sorted @p keys, of which the first is 0, on all points and ghosts.
template <class T>
void encode_star(const Field<T>& diagonal, const Field<T>& row_sum,
                 const std::vector<StarKey>& keys, CodedStar<T>& a) {
  const auto count = static_cast<int>(keys.size());
  a.codes_used = count;
  Array<StarKey> list("linnet::kernels::keys", keys.size());
  const auto on_host = Kokkos::create_mirror_view(list);
  const auto d = Kokkos::create_mirror_view(a.diagonal), i = Kokkos::create_mirror_view(a.inverse),
             alone = Kokkos::create_mirror_view(a.alone_inverse),
             s = Kokkos::create_mirror_view(a.row_sum);
  for (std::size_t c = 0; c < keys.size(); ++c) {
    on_host(c) = keys[c];
    const double value = detail::float_of(static_cast<std::uint32_t>(keys[c] >> 32));
    d(c) = static_cast<T>(std::abs(value));
    i(c) = value > 0.0 ? static_cast<T>(1.0 / value) : T(0);
    alone(c) = value < 0.0 ? static_cast<T>(-1.0 / value) : T(0);
    s(c) = static_cast<T>(detail::float_of(static_cast<std::uint32_t>(keys[c])));
  }
  Kokkos::deep_copy(list, on_host);
  Kokkos::deep_copy(a.diagonal, d);
  Kokkos::deep_copy(a.inverse, i);
  Kokkos::deep_copy(a.alone_inverse, alone);
  Kokkos::deep_copy(a.row_sum, s);
  const Layout& l = a.codes.layout;
  const Range all = Range::box(l.n, l.g[0], l.g[1], l.g[2]);
  const detail::Encode<T> kernel{diagonal.origin(), row_sum.origin(), l.pitch_y,
                                 l.pitch_z,         list.data(),      count,
                                 a.codes.origin()};
  const int lo = all.lo[0], hi = all.hi[0];
  detail::for_each_row(
      "linnet::kernels::encode", all, KOKKOS_LAMBDA(int j, int k) { kernel.of_row(lo, hi, j, k); });
}

} // namespace linnet::kernels
