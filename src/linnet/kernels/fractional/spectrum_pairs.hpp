// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Loops over the spectrum of a real sequence of 2 m values whose even and odd elements z are the
/// real and imaginary parts of m = n1 n2 complex ones. Frequency k lies in row k mod n1, column
/// k / n1, and meets its conjugate m - k in row n1 - k: rows k and n1 - k are a group.
#pragma once

#include <linnet/kernels/block_loop.hpp>
#include <linnet/kernels/complex.hpp>

namespace linnet::kernels {

/// Rows k and n1 - k of the spectrum.
struct RowGroup {
  long row;   ///< k
  bool alone; ///< they are the same
  long place; ///< of row k among a rank's rows; the other is the next one
};

/// The groups of a rank.
struct Spectrum {
  Complex* rows; ///< n2 values each
  const RowGroup* groups;
  const Complex* row_turn;    ///< exp(-i pi k / m) of each group
  const Complex* column_turn; ///< exp(-i pi j / n2)
  long n2;

  /// Pairs of frequencies of a group; those of row 0 and of the middle row meet within the row.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION long pairs(long group) const {
    const RowGroup& g = groups[group];
    if (!g.alone) return n2;
    return g.row == 0 ? n2 / 2 + 1 : (n2 + 1) / 2;
  }
};

namespace detail {

template <class Visit>
struct PairVisit {
  Spectrum s;
  Visit visit;

  KOKKOS_FORCEINLINE_FUNCTION void operator()(long group, long j) const {
    const RowGroup g = s.groups[group];
    Complex* const low = s.rows + g.place * s.n2;
    Complex* const high = g.alone ? low : low + s.n2;
    const long sum = g.row == 0 ? s.n2 : s.n2 - 1; // of the columns of a pair
    const long other = g.row == 0 && j == 0 ? 0 : sum - j;
    visit(group * s.n2 + j, s.row_turn[group] * s.column_turn[j], low[j], high[other]);
  }
};

} // namespace detail

/// visit(index, u, z, w) for the pairs of the groups first .. first + count - 1: frequency
/// k = row + n1 j at z and 2 m - k, which has the same place as m - k, at w; they may be the same.
/// Index is group n2 + j, and u = exp(-i pi k / m).
template <class Visit>
void for_each_pair(const char* label, const Spectrum& spectrum, long first, long count,
                   const Visit& visit) {
  const detail::PairVisit<Visit> pair{spectrum, visit};
  if constexpr (on_device) {
    for_each_in_block(
        label, first, count, spectrum.n2, KOKKOS_LAMBDA(long group, long j) {
          if (j < pair.s.pairs(group)) pair(group, j);
        });
  } else {
    for (long group = first; group < first + count; ++group)
      for (long j = 0; j < spectrum.pairs(group); ++j) pair(group, j);
  }
}

/// Half the sum and half the difference of eigenvalues k and k + m of an even kernel, by the index
/// of for_each_pair().
struct KernelEigenvalues {
  double *mean, *difference;
};

/// From the transform of the kernel, once forward: with E and O the transforms of its even and odd
/// elements, eigenvalue k is E + u O and k + m is E - u O, both real.
inline void store_eigenvalues(const Spectrum& spectrum, long first, long count,
                              const KernelEigenvalues& eigenvalues) {
  const KernelEigenvalues to = eigenvalues;
  for_each_pair(
      "linnet::kernels::store_eigenvalues", spectrum, first, count,
      KOKKOS_LAMBDA(long at, const Complex& u, Complex& z, Complex& w) {
        const Complex even = 0.5 * (z + Kokkos::conj(w)), odd = -0.5 * times_i(z - Kokkos::conj(w));
        to.mean[at] = even.real();
        to.difference[at] = (u * odd).real();
      });
}

/// The inverse of store_eigenvalues().
inline void restore_transform(const Spectrum& spectrum, long first, long count,
                              const KernelEigenvalues& eigenvalues) {
  const KernelEigenvalues from = eigenvalues;
  for_each_pair(
      "linnet::kernels::restore_transform", spectrum, first, count,
      KOKKOS_LAMBDA(long at, const Complex& u, Complex& z, Complex& w) {
        const double mean = from.mean[at], difference = from.difference[at];
        const Complex turned(u.imag() * difference, u.real() * difference); // i conj(u) d
        z = Complex(mean + turned.real(), turned.imag());
        if (&w != &z) w = Complex(mean - turned.real(), turned.imag());
      });
}

/// The transform of a vector times the eigenvalues.
inline void multiply_spectrum(const Spectrum& spectrum, long first, long count,
                              const KernelEigenvalues& eigenvalues) {
  const KernelEigenvalues by = eigenvalues;
  for_each_pair(
      "linnet::kernels::multiply_spectrum", spectrum, first, count,
      KOKKOS_LAMBDA(long at, const Complex& u, Complex& z, Complex& w) {
        const double s = by.mean[at], d = 0.5 * by.difference[at];
        const Complex zc = z, wc = Kokkos::conj(w), even = zc + wc,
                      odd(zc.imag() - wc.imag(), wc.real() - zc.real());
        const Complex a = u * odd, ib = times_i(Kokkos::conj(u) * even);
        z = s * zc + d * (a + ib);
        if (&w != &z) w = Kokkos::conj(s * wc + d * (a - ib));
      });
}

/// The least eigenvalue at the frequencies 1 .. m-1; the greatest of all numbers for none.
inline double least_eigenvalue(const Spectrum& spectrum, long groups,
                               const KernelEigenvalues& eigenvalues) {
  const Spectrum s = spectrum;
  const KernelEigenvalues from = eigenvalues;
  double least = INFINITY;
  if (groups > 0)
    Kokkos::parallel_reduce(
        "linnet::kernels::least_eigenvalue",
        Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<long>>(0, groups * s.n2),
        KOKKOS_LAMBDA(long at, double& running) {
          const long group = at / s.n2, j = at % s.n2;
          if (j >= s.pairs(group) || (j == 0 && s.groups[group].row == 0)) return;
          const double d = from.difference[at] < 0.0 ? -from.difference[at] : from.difference[at];
          if (from.mean[at] - d < running) running = from.mean[at] - d;
        },
        Kokkos::Min<double>(least));
  return least;
}

/// Their reciprocals, and 0 at the frequencies 0 and m.
inline void invert_eigenvalues(const Spectrum& spectrum, long groups,
                               const KernelEigenvalues& eigenvalues) {
  const Spectrum s = spectrum;
  const KernelEigenvalues e = eigenvalues;
  for_each_in_rows(
      "linnet::kernels::invert_eigenvalues", groups, s.n2, KOKKOS_LAMBDA(long group, long j) {
        if (j >= s.pairs(group)) return;
        const long at = group * s.n2 + j;
        const bool ends = j == 0 && s.groups[group].row == 0;
        const double a = 1.0 / (e.mean[at] + e.difference[at]),
                     b = 1.0 / (e.mean[at] - e.difference[at]);
        e.mean[at] = ends ? 0.0 : 0.5 * (a + b);
        e.difference[at] = ends ? 0.0 : 0.5 * (a - b);
      });
}

} // namespace linnet::kernels
