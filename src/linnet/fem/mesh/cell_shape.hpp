// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The two kinds of cells: nodes, edges and sides in gmsh's numbering.
///
/// hex8:  nodes (---) (+--) (++-) (-+-) (--+) (+-+) (+++) (-++) of the reference cube [-1,1]^3.
/// tet10: nodes (0,0,0) (1,0,0) (0,1,0) (0,0,1) of the reference tetrahedron, then the middles of
/// the
///        edges 01 12 02 03 23 13.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace linnet::fem {

enum class CellShape { hex8, tet10 };

constexpr int nodes_per_cell(CellShape shape) { return shape == CellShape::hex8 ? 8 : 10; }
/// Vertices of a cell; they are its first nodes.
constexpr int corners_per_cell(CellShape shape) { return shape == CellShape::hex8 ? 8 : 4; }
constexpr int sides_per_cell(CellShape shape) { return shape == CellShape::hex8 ? 6 : 4; }
/// Nodes of a side: quad4 or tri6, corners first.
constexpr int nodes_per_side(CellShape shape) { return shape == CellShape::hex8 ? 4 : 6; }
constexpr int corners_per_side(CellShape shape) { return shape == CellShape::hex8 ? 4 : 3; }
/// Nodes of an element of a surface (dimension 2), a curve (1) or a point (0).
constexpr int nodes_per_entity(CellShape shape, int dimension) {
  if (dimension == 2) return nodes_per_side(shape);
  if (dimension == 1) return shape == CellShape::hex8 ? 2 : 3;
  return dimension == 0 ? 1 : nodes_per_cell(shape);
}

namespace detail {
/// Sides x- x+ y- y+ z- z+ of the reference cube; counter-clockwise as seen from outside.
inline constexpr std::array<std::array<int, 4>, 6> hex8_sides{
    {{0, 4, 7, 3}, {1, 2, 6, 5}, {0, 1, 5, 4}, {3, 7, 6, 2}, {0, 3, 2, 1}, {4, 5, 6, 7}}};
/// Sides x=0, y=0, z=0, x+y+z=1 of the reference tetrahedron; counter-clockwise from outside.
inline constexpr std::array<std::array<int, 6>, 4> tet10_sides{
    {{0, 3, 2, 7, 8, 6}, {0, 1, 3, 4, 9, 7}, {0, 2, 1, 6, 5, 4}, {1, 2, 3, 5, 8, 9}}};
} // namespace detail

/// The nodes of side @p side within the cell: corners counter-clockwise as seen from outside, so
/// that the cross product of the side's tangents points outwards; then the middles of its edges.
constexpr std::span<const int> side_nodes(CellShape shape, int side) {
  const auto s = static_cast<std::size_t>(side);
  if (shape == CellShape::hex8) return detail::hex8_sides[s];
  return detail::tet10_sides[s];
}

/// Ends of edge @p e of a tetrahedron; its middle is node 4 + e of a tet10.
inline constexpr std::array<std::array<int, 2>, 6> tet10_edges{
    {{0, 1}, {1, 2}, {0, 2}, {0, 3}, {2, 3}, {1, 3}}};

} // namespace linnet::fem
