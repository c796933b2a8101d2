// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Integrals over cells and faces of a mesh, written apart from the library: shape functions by
/// products of Lagrange polynomials, and quadrature that is exact for every integrand used here.
#pragma once

#include <linnet/fem/mesh/mesh.hpp>

#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

namespace linnet::tests {

using Vector3 = std::array<double, 3>;

inline Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Gauss's rule with four points on [0,1]: exact to degree 7.
inline constexpr std::array<std::array<double, 2>, 4> gauss4{
    {{0.0694318442029737, 0.1739274225687269},
     {0.3300094782075719, 0.3260725774312731},
     {0.6699905217924281, 0.3260725774312731},
     {0.9305681557970263, 0.1739274225687269}}};

/// A point with its weight on [0,1]^dim, or on the simplex (a cube collapsed).
struct Quadrature {
  Vector3 at;
  double weight;
};

inline std::vector<Quadrature> quadrature(int dim, bool simplex) {
  std::vector<Quadrature> points;
  for (const auto& [a, wa] : gauss4)
    for (const auto& [b, wb] : gauss4)
      for (const auto& [c, wc] : gauss4) {
        if (dim == 2 && c != gauss4[0][0]) continue;
        const double last = dim == 2 ? 1.0 : wc;
        if (!simplex)
          points.push_back({{a, b, dim == 2 ? 0.0 : c}, wa * wb * last});
        else if (dim == 2)
          points.push_back({{a, b * (1 - a), 0}, wa * wb * (1 - a)});
        else
          points.push_back({{a, b * (1 - a), c * (1 - a) * (1 - b)},
                            wa * wb * wc * (1 - a) * (1 - a) * (1 - b)});
      }
  return points;
}

/// Shape functions at a point of [0,1]^dim or of the unit simplex, in gmsh's order.
inline std::vector<double> shape_functions(int dim, bool simplex, const Vector3& p) {
  if (!simplex) {
    const int corner[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                              {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
    std::vector<double> n;
    for (int v = 0; v < (dim == 2 ? 4 : 8); ++v) {
      double value = 1;
      for (int d = 0; d < dim; ++d)
        value *=
            corner[v][d] != 0 ? p[static_cast<std::size_t>(d)] : 1 - p[static_cast<std::size_t>(d)];
      n.push_back(value);
    }
    return n;
  }
  if (dim == 2) {
    const double l[3] = {1 - p[0] - p[1], p[0], p[1]};
    return {l[0] * (2 * l[0] - 1), l[1] * (2 * l[1] - 1), l[2] * (2 * l[2] - 1),
            4 * l[0] * l[1],       4 * l[1] * l[2],       4 * l[2] * l[0]};
  }
  const double l[4] = {1 - p[0] - p[1] - p[2], p[0], p[1], p[2]};
  return {l[0] * (2 * l[0] - 1), l[1] * (2 * l[1] - 1), l[2] * (2 * l[2] - 1),
          l[3] * (2 * l[3] - 1), 4 * l[0] * l[1],       4 * l[1] * l[2],
          4 * l[0] * l[2],       4 * l[0] * l[3],       4 * l[2] * l[3],
          4 * l[1] * l[3]};
}

/// Position and tangents; derivatives of the quadratic shape functions by central differences,
/// which are exact for them.
struct Place {
  Vector3 x{};
  std::array<Vector3, 3> tangent{};
};

inline Place place(int dim, bool simplex, const Vector3& p, const std::vector<Vector3>& nodes) {
  const auto position = [&](const Vector3& q) {
    Vector3 x{};
    const std::vector<double> n = shape_functions(dim, simplex, q);
    for (std::size_t v = 0; v < nodes.size(); ++v)
      for (std::size_t d = 0; d < 3; ++d) x[d] += n[v] * nodes[v][d];
    return x;
  };
  Place result{position(p), {}};
  for (std::size_t t = 0; t < static_cast<std::size_t>(dim); ++t) {
    Vector3 above = p, below = p;
    above[t] += 0.25;
    below[t] -= 0.25;
    const Vector3 a = position(above), b = position(below);
    for (std::size_t d = 0; d < 3; ++d) result.tangent[t][d] = 2 * (a[d] - b[d]);
  }
  return result;
}

inline Vector3 coordinate(const fem::Mesh& mesh, PetscInt node) {
  const double* x = mesh.coordinates().data() + 3 * node;
  return {x[0], x[1], x[2]};
}

inline PetscInt cell_node(const fem::Mesh& mesh, PetscInt cell, int node) {
  return mesh.cell_nodes()[static_cast<std::size_t>(cell * mesh.nodes_per_cell() + node)];
}

inline std::vector<double> sum_over_ranks(std::vector<double> values, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM,
                comm);
  return values;
}

/// Volume of a region (-1: of all) by its cells. Collective.
inline double volume(const fem::Mesh& mesh, int region = -1) {
  const bool simplex = mesh.shape() == fem::CellShape::tet10;
  double result = 0;
  for (PetscInt c = 0; c < mesh.cells(); ++c) {
    if (region >= 0 && mesh.cell_regions()[static_cast<std::size_t>(c)] != region) continue;
    std::vector<Vector3> nodes;
    for (int n = 0; n < mesh.nodes_per_cell(); ++n)
      nodes.push_back(coordinate(mesh, cell_node(mesh, c, n)));
    for (const auto& q : quadrature(3, simplex)) {
      const Place at = place(3, simplex, q.at, nodes);
      result += q.weight * dot(at.tangent[0], cross(at.tangent[1], at.tangent[2]));
    }
  }
  return sum_over_ranks({result}, mesh.comm())[0];
}

struct FaceIntegrals {
  double faces = 0;
  double area = 0;
  Vector3 normal{};       ///< integral of the outward normal
  double flux = 0;        ///< integral of x . n
  Vector3 first_moment{}; ///< integral of x
};

/// Over the named surface on all ranks. Collective.
inline FaceIntegrals over_faces(const fem::Mesh& mesh, std::string_view group) {
  const bool simplex = mesh.shape() == fem::CellShape::tet10;
  std::vector<double> sum(9, 0.0);
  for (const fem::CellFace& face : mesh.faces(group)) {
    std::vector<Vector3> nodes;
    for (const int n : fem::side_nodes(mesh.shape(), face.side))
      nodes.push_back(coordinate(mesh, cell_node(mesh, face.cell, n)));
    sum[0] += 1;
    for (const auto& q : quadrature(2, simplex)) {
      const Place at = place(2, simplex, q.at, nodes);
      const Vector3 normal = cross(at.tangent[0], at.tangent[1]);
      const double area = std::sqrt(dot(normal, normal));
      sum[1] += q.weight * area;
      for (std::size_t d = 0; d < 3; ++d) {
        sum[2 + d] += q.weight * normal[d];
        sum[6 + d] += q.weight * area * at.x[d];
      }
      sum[5] += q.weight * dot(normal, at.x);
    }
  }
  sum = sum_over_ranks(sum, mesh.comm());
  return {sum[0], sum[1], {sum[2], sum[3], sum[4]}, sum[5], {sum[6], sum[7], sum[8]}};
}

/// Owned nodes of the group on all ranks. Collective.
inline PetscInt count_nodes(const fem::Mesh& mesh, std::string_view group) {
  PetscInt count = 0;
  for (const PetscInt n : mesh.nodes_of(group)) count += n < mesh.owned_nodes() ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPIU_INT, MPI_SUM, mesh.comm());
  return count;
}

} // namespace linnet::tests
