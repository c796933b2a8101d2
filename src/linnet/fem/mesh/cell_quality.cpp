// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/cell_quality.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace linnet::fem {

namespace {

using Point = std::array<double, 3>;
/// Derivatives of the shape functions by the three reference coordinates at one point.
template <std::size_t nodes>
using Gradients = std::array<Point, nodes>;

constexpr std::array<Point, 8> cube{{{-1, -1, -1},
                                     {1, -1, -1},
                                     {1, 1, -1},
                                     {-1, 1, -1},
                                     {-1, -1, 1},
                                     {1, -1, 1},
                                     {1, 1, 1},
                                     {-1, 1, 1}}};

Gradients<8> hex8_gradients(const Point& at) {
  Gradients<8> result;
  for (std::size_t n = 0; n < 8; ++n) {
    const Point& s = cube[n];
    const double a = 1 + s[0] * at[0], b = 1 + s[1] * at[1], c = 1 + s[2] * at[2];
    result[n] = {s[0] * b * c / 8, s[1] * a * c / 8, s[2] * a * b / 8};
  }
  return result;
}

/// N_i = L_i (2 L_i - 1) at corners, 4 L_i L_j at edges.
Gradients<10> tet10_gradients(const Point& at) {
  const std::array<double, 4> l{1 - at[0] - at[1] - at[2], at[0], at[1], at[2]};
  constexpr std::array<Point, 4> dl{{{-1, -1, -1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  Gradients<10> result;
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t n = 0; n < 4; ++n) result[n][d] = (4 * l[n] - 1) * dl[n][d];
    for (std::size_t e = 0; e < 6; ++e) {
      const auto i = static_cast<std::size_t>(tet10_edges[e][0]);
      const auto j = static_cast<std::size_t>(tet10_edges[e][1]);
      result[4 + e][d] = 4 * (l[i] * dl[j][d] + l[j] * dl[i][d]);
    }
  }
  return result;
}

std::vector<Gradients<8>> hex8_checks() {
  std::vector<Gradients<8>> result;
  for (const Point& p : cube) result.push_back(hex8_gradients(p));
  const double g = 1 / std::sqrt(3.0);
  for (const Point& p : cube) result.push_back(hex8_gradients({g * p[0], g * p[1], g * p[2]}));
  return result;
}

std::vector<Gradients<10>> tet10_checks() {
  const std::array<Point, 4> corner{{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  std::vector<Gradients<10>> result;
  for (const Point& p : corner) result.push_back(tet10_gradients(p));
  for (const auto& ends : tet10_edges) {
    const Point& a = corner[static_cast<std::size_t>(ends[0])];
    const Point& b = corner[static_cast<std::size_t>(ends[1])];
    result.push_back(tet10_gradients({(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2}));
  }
  const double inner = (5 - std::sqrt(5.0)) / 20;
  for (const Point& p : corner) {
    const double f = 1 - 4 * inner;
    result.push_back(tet10_gradients({inner + f * p[0], inner + f * p[1], inner + f * p[2]}));
  }
  return result;
}

template <std::size_t nodes>
double determinant(const Gradients<nodes>& gradients, std::span<const double> x) {
  std::array<Point, 3> j{};
  for (std::size_t n = 0; n < nodes; ++n)
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t d = 0; d < 3; ++d) j[c][d] += x[3 * n + c] * gradients[n][d];
  return j[0][0] * (j[1][1] * j[2][2] - j[1][2] * j[2][1]) -
         j[0][1] * (j[1][0] * j[2][2] - j[1][2] * j[2][0]) +
         j[0][2] * (j[1][0] * j[2][1] - j[1][1] * j[2][0]);
}

template <std::size_t nodes>
double smallest(const std::vector<Gradients<nodes>>& checks, std::span<const double> x) {
  double result = std::numeric_limits<double>::infinity();
  for (const auto& gradients : checks) {
    const double det = determinant(gradients, x);
    if (!(det >= result)) result = det; // a NaN stays
    if (std::isnan(result)) break;
  }
  return result;
}

} // namespace

double smallest_jacobian(CellShape shape, std::span<const double> x) {
  static const auto hex8 = hex8_checks();
  static const auto tet10 = tet10_checks();
  return shape == CellShape::hex8 ? smallest(hex8, x) : smallest(tet10, x);
}

std::int64_t first_inverted_cell(MPI_Comm comm, CellShape shape,
                                 std::span<const PetscInt> cell_nodes,
                                 std::span<const double> coordinates,
                                 std::span<const PetscInt> original_cells) {
  constexpr auto none = std::numeric_limits<std::int64_t>::max();
  const auto width = static_cast<std::size_t>(nodes_per_cell(shape));
  std::int64_t first = none;
  std::vector<double> x(3 * width);
  for (std::size_t c = 0; c < original_cells.size(); ++c) {
    for (std::size_t n = 0; n < width; ++n)
      std::copy_n(coordinates.data() + 3 * cell_nodes[c * width + n], 3, x.data() + 3 * n);
    if (!(smallest_jacobian(shape, x) > 0))
      first = std::min(first, static_cast<std::int64_t>(original_cells[c]));
  }
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT64_T, MPI_MIN, comm);
  return first == none ? -1 : first;
}

} // namespace linnet::fem
