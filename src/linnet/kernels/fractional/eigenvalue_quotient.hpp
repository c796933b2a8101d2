// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Quotients by the eigenvalues of a sum of Kronecker products.
#pragma once

#include <linnet/kernels/block_loop.hpp>

namespace linnet::kernels {

/// Of one direction; @p mass null stands for ones.
struct AxisEigenvalues {
  const double *operator_part, *mass;
  long size;

  /// From (A, M) of the directions before to those of all up to this one, at eigenvalue i.
  KOKKOS_INLINE_FUNCTION void append(long i, double& a, double& m) const {
    const double mine = mass ? mass[i] : 1.0;
    a = a * mine + m * operator_part[i];
    m *= mine;
  }
};

/// values(line, k) /= sum over d of (M x .. A_d x .. M) + reaction (M x M x M), for the rank's
/// lines first .. first + lines - 1 of the plane x (x y), and all k of the last direction; lines
/// first.
inline void divide_by_eigenvalues(const AxisEigenvalues* axes, int dim, double reaction, long first,
                                  long lines, double* values) {
  const AxisEigenvalues x = axes[0], y = axes[1], last = axes[dim - 1];
  const bool has_middle = dim == 3;
  for_each_in_rows(
      "linnet::kernels::divide_by_eigenvalues", last.size, lines, KOKKOS_LAMBDA(long k, long line) {
        double a = 0.0, m = 1.0;
        x.append((first + line) % x.size, a, m);
        if (has_middle) y.append((first + line) / x.size, a, m);
        last.append(k, a, m);
        values[k * lines + line] /= a + reaction * m;
      });
}

} // namespace linnet::kernels
