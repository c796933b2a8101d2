// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The stiffness of one cell, K = sum over points of w B^T D B, as one product of two small
/// matrices whose rows are the strain components of all points.
///
/// On the CPU it is accumulated in tiles of registers, for a symmetric D those on and above the
/// diagonal only; on a GPU the threads of a team take an entry each.
#pragma once

#include <linnet/kernels/simd.hpp>
#include <linnet/kernels/solid/element.hpp>

namespace linnet::kernels {

template <class Element>
struct StiffnessBlock {
  static constexpr int size = 3 * Element::nodes;
  static constexpr int rows = 6 * Element::points;
  static constexpr int tile = 8;
  static constexpr int pitch = (size + tile - 1) / tile * tile; ///< columns, padded with zeros
  static constexpr int width = native_width<double> < tile ? native_width<double> : tile;

  /// Row @p k of the strain matrix of one point by engineering strains, `pitch` columns.
  static KOKKOS_FORCEINLINE_FUNCTION void strain_row(int k, const double* g, const double* mean,
                                                     double* row) {
    constexpr int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    for (int i = 0; i < pitch; ++i) row[i] = 0.0;
    const int i = first[k], j = second[k];
    for (int a = 0; a < Element::nodes; ++a) {
      if (k < 3) {
        if constexpr (Element::bbar)
          for (int c = 0; c < 3; ++c) row[3 * a + c] = (mean[3 * a + c] - g[3 * a + c]) / 3.0;
        row[3 * a + i] += g[3 * a + i];
      } else {
        row[3 * a + i] = g[3 * a + j];
        row[3 * a + j] = g[3 * a + i];
      }
    }
  }

  /// Row @p k of w D B of one point from the six rows @p b of its strain matrix.
  static KOKKOS_FORCEINLINE_FUNCTION void stress_row(int k, double weight, const double* d,
                                                     const double* b, double* row) {
    for (int c = 0; c < pitch; c += width) {
      Pack<double, width> sum = splat<width>(0.0);
      for (int l = 0; l < 6; ++l)
        sum += splat<width>(weight * d[6 * k + l]) * load<width>(b + l * pitch + c);
      store<width>(row + c, sum);
    }
  }

  /// Rows r .. r+tile-1 and columns c .. c+width-1 of B^T (wDB) to @p k (pitch columns).
  static KOKKOS_FORCEINLINE_FUNCTION void add_tile(const double* b, const double* db, int r, int c,
                                                   double* k) {
    Pack<double, width> sum[tile];
    for (int i = 0; i < tile; ++i) sum[i] = splat<width>(0.0);
    for (int l = 0; l < rows; ++l) {
      const Pack<double, width> right = load<width>(db + l * pitch + c);
      const double* left = b + l * pitch + r;
      for (int i = 0; i < tile; ++i) sum[i] += splat<width>(left[i]) * right;
    }
    for (int i = 0; i < tile; ++i) store<width>(k + (r + i) * pitch + c, sum[i]);
  }

  /// The whole block on the CPU to @p to (size x size); @p work: pitch x pitch.
  static KOKKOS_INLINE_FUNCTION void multiply(const double* b, const double* db, bool symmetric,
                                              double* work, double* to) {
    for (int r = 0; r < pitch; r += tile)
      for (int c = symmetric ? r : 0; c < pitch; c += width) add_tile(b, db, r, c, work);
    for (int r = 0; r < size; ++r) {
      const int mirrored = symmetric ? r / tile * tile : 0;
      for (int c = 0; c < mirrored; ++c) to[r * size + c] = work[c * pitch + r];
      for (int c = mirrored; c < size; ++c) to[r * size + c] = work[r * pitch + c];
    }
  }

  /// One entry, for a GPU.
  static KOKKOS_INLINE_FUNCTION double entry(const double* b, const double* db, int r, int c) {
    double sum = 0.0;
    for (int l = 0; l < rows; ++l) sum += b[l * pitch + r] * db[l * pitch + c];
    return sum;
  }
};

} // namespace linnet::kernels
