// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The elements of solids: shape functions, their reference gradients, and quadrature rules of
/// cells and faces. Nodes are numbered as gmsh does.
///
/// An element type has `nodes`, `points` (quadrature points of a cell), `bbar`, and the functions
/// `point(q, x, w)`, `values(x, n)` and `gradients(x, g)`; body loads take `load_points` points of
/// `load_point(q, x, w)`; its faces have `face_nodes`,
/// `face_points`, `face_point(q, s, w)`, `face_values(s, n)` and `face_gradients(s, g)`, s being
/// two coordinates in the face.
#pragma once

#include <linnet/kernels/compat.hpp>

namespace linnet::kernels {

/// Trilinear hexahedron on [-1,1]^3 with 2x2x2 Gauss points, x fastest. Its volumetric strain is
/// the mean of the cell (B-bar, Hughes, Int. J. Numer. Meth. Engng 15 (1980) 1413).
struct Hex8 {
  static constexpr int nodes = 8, points = 8;
  static constexpr bool bbar = true;
  static constexpr int face_nodes = 4, face_points = 4;
  static constexpr double gauss = 0.57735026918962576451; ///< 1/sqrt(3)

  /// Sign of the coordinate @p d of node @p a.
  static KOKKOS_INLINE_FUNCTION double sign(int a, int d) {
    const int high = d == 0 ? ((a + 1) >> 1) & 1 : d == 1 ? (a >> 1) & 1 : a >> 2;
    return high ? 1.0 : -1.0;
  }
  static KOKKOS_INLINE_FUNCTION void point(int q, double* x, double& weight) {
    for (int d = 0; d < 3; ++d) x[d] = (q >> d) & 1 ? gauss : -gauss;
    weight = 1.0;
  }
  static constexpr int load_points = points;
  static KOKKOS_INLINE_FUNCTION void load_point(int q, double* x, double& weight) {
    point(q, x, weight);
  }
  static KOKKOS_INLINE_FUNCTION void values(const double* x, double* n) {
    for (int a = 0; a < nodes; ++a)
      n[a] = 0.125 * (1 + sign(a, 0) * x[0]) * (1 + sign(a, 1) * x[1]) * (1 + sign(a, 2) * x[2]);
  }
  /// g[3a+d] = dN_a/dx_d.
  static KOKKOS_INLINE_FUNCTION void gradients(const double* x, double* g) {
    for (int a = 0; a < nodes; ++a) {
      double f[3];
      for (int d = 0; d < 3; ++d) f[d] = 1 + sign(a, d) * x[d];
      g[3 * a] = 0.125 * sign(a, 0) * f[1] * f[2];
      g[3 * a + 1] = 0.125 * sign(a, 1) * f[0] * f[2];
      g[3 * a + 2] = 0.125 * sign(a, 2) * f[0] * f[1];
    }
  }

  static KOKKOS_INLINE_FUNCTION void face_point(int q, double* s, double& weight) {
    for (int d = 0; d < 2; ++d) s[d] = (q >> d) & 1 ? gauss : -gauss;
    weight = 1.0;
  }
  static KOKKOS_INLINE_FUNCTION void face_values(const double* s, double* n) {
    for (int a = 0; a < 4; ++a) n[a] = 0.25 * (1 + sign(a, 0) * s[0]) * (1 + sign(a, 1) * s[1]);
  }
  /// g[2a+d] = dN_a/ds_d.
  static KOKKOS_INLINE_FUNCTION void face_gradients(const double* s, double* g) {
    for (int a = 0; a < 4; ++a) {
      g[2 * a] = 0.25 * sign(a, 0) * (1 + sign(a, 1) * s[1]);
      g[2 * a + 1] = 0.25 * sign(a, 1) * (1 + sign(a, 0) * s[0]);
    }
  }
};

/// Quadratic tetrahedron on the unit simplex with 4 points (degree 2); faces with 6 points (degree
/// 4, Dunavant, Int. J. Numer. Meth. Engng 21 (1985) 1129).
struct Tet10 {
  static constexpr int nodes = 10, points = 4;
  static constexpr bool bbar = false;
  static constexpr int face_nodes = 6, face_points = 6;

  /// Corner @p end (0 or 1) of the edge whose middle is node 4 + @p edge.
  static KOKKOS_INLINE_FUNCTION int edge_corner(int edge, int end) {
    constexpr int table[6][2] = {{0, 1}, {1, 2}, {2, 0}, {3, 0}, {2, 3}, {1, 3}};
    return table[edge][end];
  }
  static KOKKOS_INLINE_FUNCTION void point(int q, double* x, double& weight) {
    constexpr double near = 0.58541019662496845446, far = 0.13819660112501051518;
    for (int d = 0; d < 3; ++d) x[d] = q == d + 1 ? near : far;
    weight = 1.0 / 24.0;
  }
  /// Of degree 5: four points near the corners, four near the sides, six near the edges
  /// (Walkington, Carnegie Mellon University, 2000).
  static constexpr int load_points = 14;
  static KOKKOS_INLINE_FUNCTION void load_point(int q, double* x, double& weight) {
    constexpr double at[2] = {0.31088591926330060980, 0.092735250310891226402};
    constexpr double part[3] = {0.018781320953002641800, 0.012248840519393658257,
                                0.0070910034628469110730};
    constexpr double edge = 0.045503704125649649492;
    double l[4];
    if (q < 8) {
      for (int i = 0; i < 4; ++i) l[i] = i == q % 4 ? 1 - 3 * at[q / 4] : at[q / 4];
    } else {
      for (int i = 0; i < 4; ++i) l[i] = edge;
      for (int end = 0; end < 2; ++end) l[edge_corner(q - 8, end)] = 0.5 - edge;
    }
    weight = q < 8 ? part[q / 4] : part[2];
    for (int d = 0; d < 3; ++d) x[d] = l[d + 1];
  }
  static KOKKOS_INLINE_FUNCTION void corner_values(const double* x, double* l) {
    l[0] = 1 - x[0] - x[1] - x[2];
    for (int d = 0; d < 3; ++d) l[d + 1] = x[d];
  }
  static KOKKOS_INLINE_FUNCTION double corner_gradient(int corner, int d) {
    return corner == 0 ? -1.0 : corner == d + 1 ? 1.0 : 0.0;
  }
  static KOKKOS_INLINE_FUNCTION void values(const double* x, double* n) {
    double l[4];
    corner_values(x, l);
    for (int a = 0; a < 4; ++a) n[a] = l[a] * (2 * l[a] - 1);
    for (int e = 0; e < 6; ++e) n[4 + e] = 4 * l[edge_corner(e, 0)] * l[edge_corner(e, 1)];
  }
  static KOKKOS_INLINE_FUNCTION void gradients(const double* x, double* g) {
    double l[4];
    corner_values(x, l);
    for (int d = 0; d < 3; ++d) {
      for (int a = 0; a < 4; ++a) g[3 * a + d] = (4 * l[a] - 1) * corner_gradient(a, d);
      for (int e = 0; e < 6; ++e) {
        const int i = edge_corner(e, 0), j = edge_corner(e, 1);
        g[3 * (4 + e) + d] = 4 * (l[i] * corner_gradient(j, d) + l[j] * corner_gradient(i, d));
      }
    }
  }

  static KOKKOS_INLINE_FUNCTION void face_point(int q, double* s, double& weight) {
    constexpr double at[2] = {0.44594849091596488632, 0.09157621350977074346};
    constexpr double part[2] = {0.11169079483900573285, 0.05497587182766093383};
    const int group = q / 3, corner = q % 3;
    for (int d = 0; d < 2; ++d) s[d] = corner == d + 1 ? 1 - 2 * at[group] : at[group];
    weight = part[group];
  }
  static KOKKOS_INLINE_FUNCTION void face_values(const double* s, double* n) {
    const double l[3] = {1 - s[0] - s[1], s[0], s[1]};
    for (int a = 0; a < 3; ++a) {
      n[a] = l[a] * (2 * l[a] - 1);
      n[3 + a] = 4 * l[a] * l[(a + 1) % 3];
    }
  }
  static KOKKOS_INLINE_FUNCTION void face_gradients(const double* s, double* g) {
    const double l[3] = {1 - s[0] - s[1], s[0], s[1]};
    constexpr double slope[3][2] = {{-1, -1}, {1, 0}, {0, 1}};
    for (int d = 0; d < 2; ++d)
      for (int a = 0; a < 3; ++a) {
        const int b = (a + 1) % 3;
        g[2 * a + d] = (4 * l[a] - 1) * slope[a][d];
        g[2 * (3 + a) + d] = 4 * (l[a] * slope[b][d] + l[b] * slope[a][d]);
      }
  }
};

} // namespace linnet::kernels
