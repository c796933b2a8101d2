// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/box_lattice.hpp>

#include <algorithm>
#include <utility>

namespace linnet::fem {

namespace {

/// Kuhn's six tetrahedra: from the first corner of the box to the last one along its edges, once in
/// every order of the directions. Neighbouring boxes divide their common face alike.
constexpr std::array<std::array<std::size_t, 3>, 6> paths{
    {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}}};

} // namespace

std::vector<Lattice3> BoxLattice::tetrahedron(const Lattice3& box, PetscInt which) const {
  Lattice3 at{2 * box[0], 2 * box[1], 2 * box[2]};
  std::vector<Lattice3> nodes{at};
  for (const std::size_t d : paths[static_cast<std::size_t>(which)]) {
    at[d] += 2;
    nodes.push_back(at);
  }
  if (which >= 3) std::swap(nodes[1], nodes[2]); // odd orders have the other orientation
  for (const auto& ends : tet10_edges) {
    const Lattice3& a = nodes[static_cast<std::size_t>(ends[0])];
    const Lattice3& b = nodes[static_cast<std::size_t>(ends[1])];
    nodes.push_back({(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2});
  }
  return nodes;
}

std::vector<Lattice3> BoxLattice::cell(PetscInt number) const {
  const PetscInt box = number / cells_per_box();
  const PetscInt row = box / boxes_[0];
  const Lattice3 at{box % boxes_[0], row % boxes_[1], row / boxes_[1]};
  if (shape_ == CellShape::tet10) return tetrahedron(at, number % cells_per_box());
  std::vector<Lattice3> nodes;
  for (PetscInt k = 0; k < 2; ++k)
    for (const auto& [i, j] :
         std::array<std::pair<PetscInt, PetscInt>, 4>{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}})
      nodes.push_back({at[0] + i, at[1] + j, at[2] + k});
  return nodes;
}

std::vector<PetscInt> BoxLattice::cell_nodes(PetscInt number) const {
  std::vector<PetscInt> nodes;
  for (const Lattice3& at : cell(number)) nodes.push_back(node(at));
  return nodes;
}

std::vector<PetscInt> BoxLattice::surface(std::size_t d, bool at_end) const {
  const PetscInt index = at_end ? last(d) : 0;
  const std::size_t u = (d + 1) % 3, v = (d + 2) % 3;
  const auto corners = static_cast<std::size_t>(corners_per_side(shape_));
  std::vector<PetscInt> elements;
  Lattice3 box{};
  box[d] = at_end ? boxes_[d] - 1 : 0;
  for (box[v] = 0; box[v] < boxes_[v]; ++box[v])
    for (box[u] = 0; box[u] < boxes_[u]; ++box[u])
      for (PetscInt c = 0; c < cells_per_box(); ++c) {
        const PetscInt number = box[0] + boxes_[0] * (box[1] + boxes_[1] * box[2]);
        const std::vector<Lattice3> nodes = cell(number * cells_per_box() + c);
        for (int s = 0; s < sides_per_cell(shape_); ++s) {
          const auto side = side_nodes(shape_, s);
          const auto on_surface = [&](int n) {
            return nodes[static_cast<std::size_t>(n)][d] == index;
          };
          if (!std::ranges::all_of(side.first(corners), on_surface)) continue;
          for (const int n : side) elements.push_back(node(nodes[static_cast<std::size_t>(n)]));
        }
      }
  return elements;
}

std::vector<PetscInt> BoxLattice::edge(std::size_t d, const std::array<bool, 3>& at_end) const {
  Lattice3 at{};
  for (std::size_t c = 0; c < 3; ++c)
    if (c != d && at_end[c]) at[c] = last(c);
  const auto number = [&](PetscInt index) {
    at[d] = index;
    return node(at);
  };
  std::vector<PetscInt> elements;
  for (PetscInt b = 0; b < boxes_[d]; ++b) {
    elements.push_back(number(steps() * b));
    elements.push_back(number(steps() * (b + 1)));
    if (shape_ == CellShape::tet10) elements.push_back(number(2 * b + 1));
  }
  return elements;
}

} // namespace linnet::fem
