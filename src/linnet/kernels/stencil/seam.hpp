// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// An extra point between the last and the first point of a direction that wraps.
///
/// With an odd number of points the two would both be coarse points, side by side. The extra point
/// makes the number even. A coupling c across the seam becomes two couplings 2c in series, one to
/// either side of the extra point behind its last point; elimination of the extra points then gives
/// a matrix B with A <= B <= 2A in the quadratic form on the couplings of the seam, and B = A for
/// stars. (Extra points of different edges of one last point are one; its variance over the other
/// ends is all that B adds.) Negative couplings across the seam are left out, which keeps B
/// positive definite.
#pragma once

#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

namespace linnet::kernels {

namespace detail {

/// Distances of all couplings, and their steps along one direction.
template <class T>
struct SeamCouplings {
  int count = 0;
  T* c[max_couplings] = {};
  int step[max_couplings] = {};                // along the direction
  std::ptrdiff_t sideways[max_couplings] = {}; // distance of the other end without that step
  int normal = 0;                              // the coupling straight across

  SeamCouplings(const StencilOperator<T>& a, int direction) : count(coupling_count(a.pattern)) {
    const Layout& l = a.layout();
    for (int m = 0; m < count; ++m) {
      const Offset o = upper_offset(a.pattern, m);
      int e[3] = {o.x, o.y, o.z};
      c[m] = a.couplings[static_cast<std::size_t>(m)].origin();
      step[m] = e[direction];
      e[direction] = 0;
      sideways[m] = e[0] + static_cast<std::ptrdiff_t>(e[1]) * l.pitch_y +
                    static_cast<std::ptrdiff_t>(e[2]) * l.pitch_z;
      if (step[m] == 1 && sideways[m] == 0) normal = m;
    }
  }
};

template <class T>
KOKKOS_FORCEINLINE_FUNCTION T positive_part(T c) {
  return c > T(0) ? c : T(0);
}

/// The last point, the extra point behind it and, as a ghost, the first one.
template <class T>
struct SplitSeamKernel {
  static constexpr int width = 1;
  SeamCouplings<T> a;
  const double* diagonal;
  T* row_sum;
  Layout l;
  std::ptrdiff_t along; // distance of neighbours along the direction

  template <int W>
  KOKKOS_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t extra =
        i + static_cast<std::ptrdiff_t>(j) * l.pitch_y + static_cast<std::ptrdiff_t>(k) * l.pitch_z;
    const std::ptrdiff_t last = extra - along, first = extra + along;
    T sum = 0;
    for (int m = 0; m < a.count; ++m) {
      if (a.step[m] == 1) {
        const T c = 2 * positive_part(a.c[m][last]);
        a.c[m][extra] = c;
        a.c[m][last] = 0;
        sum += c;
      } else if (a.step[m] == -1) {
        sum += 2 * positive_part(a.c[m][first - a.sideways[m]]);
      }
    }
    a.c[a.normal][last] = sum;
    // Nothing crosses here: the extra point stands alone, at the scale of its neighbour.
    row_sum[extra] = sum > 0 ? T(0) : static_cast<T>(diagonal[last]);
  }
};

/// Couplings that the first point keeps for its neighbours behind the seam.
template <class T>
struct DoubleSeamKernel {
  static constexpr int width = 1;
  SeamCouplings<T> a;
  Layout l;

  template <int W>
  KOKKOS_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * l.pitch_y + static_cast<std::ptrdiff_t>(k) * l.pitch_z;
    for (int m = 0; m < a.count; ++m)
      if (a.step[m] == -1) a.c[m][q] = 2 * positive_part(a.c[m][q]);
  }
};

} // namespace detail

/// Couples the extra point, the last owned one along @p direction. Valid ghosts needed (one layer);
/// afterwards those of the couplings and the row sum are invalid. For the part at the end.
template <class T>
void split_seam(const StencilOperator<T>& a, const Field<double>& diagonal, int direction) {
  const Layout& l = a.layout();
  const std::ptrdiff_t along[3] = {1, l.pitch_y, l.pitch_z};
  Range plane = Range::box(l.n);
  plane.lo[direction] = plane.hi[direction] - 1;
  for_each_point("linnet::kernels::split_seam", plane,
                 detail::SplitSeamKernel<T>{detail::SeamCouplings<T>(a, direction),
                                            diagonal.origin(), a.row_sum.origin(), l,
                                            along[direction]});
}

/// The same for what the first point stores; for the part at the beginning, after split_seam.
template <class T>
void double_seam(const StencilOperator<T>& a, int direction) {
  Range plane = Range::box(a.layout().n);
  plane.hi[direction] = plane.lo[direction] + 1;
  for_each_point("linnet::kernels::double_seam", plane,
                 detail::DoubleSeamKernel<T>{detail::SeamCouplings<T>(a, direction), a.layout()});
}

} // namespace linnet::kernels
