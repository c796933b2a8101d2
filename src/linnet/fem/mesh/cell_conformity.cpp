// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/cell_conformity.hpp>

#include <linnet/core/error.hpp>
#include <linnet/fem/mesh/face_key.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace linnet::fem {

namespace {

class Check {
public:
  explicit Check(const CellList& list)
      : list_(list), width_(static_cast<std::size_t>(nodes_per_cell(list.shape))),
        cells_(list.cells.size() / width_) {}

  void run() const {
    check_nodes();
    check_faces();
    if (list_.shape == CellShape::tet10) {
      check_edges();
      check_roles();
    }
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    core::throw_data("mesh " + list_.source + ": " + what);
  }

  [[nodiscard]] std::string name(std::size_t cell) const {
    return std::to_string(cell < list_.cell_tags.size() ? list_.cell_tags[cell]
                                                        : static_cast<std::int64_t>(cell));
  }

  [[nodiscard]] PetscInt node(std::size_t cell, int n) const {
    return list_.cells[cell * width_ + static_cast<std::size_t>(n)];
  }

  void check_nodes() const {
    for (std::size_t c = 0; c < cells_; ++c) {
      const PetscInt* const end = list_.cells.data() + (c + 1) * width_;
      for (const PetscInt* n = end - width_; n != end; ++n)
        if (std::find(n + 1, end, *n) != end)
          fail("cell " + name(c) + " names a node twice; collapsed cells are not allowed");
    }
  }

  struct Face {
    FaceKey key;
    PetscInt opposite; // of the smallest corner: tells the three orders of four corners apart
    std::size_t cell;
  };

  void check_faces() const {
    const int corners = corners_per_side(list_.shape);
    std::vector<Face> faces;
    faces.reserve(cells_ * static_cast<std::size_t>(sides_per_cell(list_.shape)));
    for (std::size_t c = 0; c < cells_; ++c)
      for (int s = 0; s < sides_per_cell(list_.shape); ++s) {
        const auto side = side_nodes(list_.shape, s);
        const auto corner = [&](int n) { return node(c, side[static_cast<std::size_t>(n)]); };
        Face face{face_key(corners, corner), 0, c};
        for (int n = 0; corners == 4 && n < 4; ++n)
          if (corner(n) == face.key[0]) face.opposite = corner((n + 2) % 4);
        faces.push_back(face);
      }
    std::ranges::sort(faces, {}, [](const Face& f) { return std::tie(f.key, f.cell); });
    std::vector<std::pair<std::size_t, std::size_t>> neighbours;
    for (std::size_t f = 0; f + 1 < faces.size(); ++f) {
      if (faces[f].key != faces[f + 1].key) continue;
      if (faces[f].opposite != faces[f + 1].opposite)
        fail("cells " + name(faces[f].cell) + " and " + name(faces[f + 1].cell) +
             " see the corners of their common face in different order");
      if (f + 2 < faces.size() && faces[f].key == faces[f + 2].key)
        fail("more than two cells share a face, among them " + name(faces[f].cell) + " and " +
             name(faces[f + 2].cell) + "; every cell may stand in one physical volume only");
      neighbours.emplace_back(faces[f].cell, faces[f + 1].cell);
    }
    std::ranges::sort(neighbours);
    const auto twins = std::ranges::adjacent_find(neighbours);
    if (twins != neighbours.end())
      fail("cells " + name(twins->first) + " and " + name(twins->second) +
           " share more than one face; every cell may stand in one physical volume only");
  }

  void check_edges() const {
    struct Edge {
      PetscInt low, high, middle;
      std::size_t cell;
    };
    std::vector<Edge> edges;
    edges.reserve(cells_ * tet10_edges.size());
    for (std::size_t c = 0; c < cells_; ++c)
      for (std::size_t e = 0; e < tet10_edges.size(); ++e) {
        const auto [low, high] =
            std::minmax({node(c, tet10_edges[e][0]), node(c, tet10_edges[e][1])});
        edges.push_back({low, high, node(c, 4 + static_cast<int>(e)), c});
      }
    std::ranges::sort(edges, {}, [](const Edge& e) { return std::tie(e.low, e.high, e.cell); });
    for (std::size_t e = 0; e + 1 < edges.size(); ++e)
      if (edges[e].low == edges[e + 1].low && edges[e].high == edges[e + 1].high &&
          edges[e].middle != edges[e + 1].middle)
        fail("cells " + name(edges[e].cell) + " and " + name(edges[e + 1].cell) +
             " have different nodes in the middle of their common edge");
    std::ranges::sort(edges, {}, [](const Edge& e) { return std::tie(e.middle, e.low, e.high); });
    for (std::size_t e = 0; e + 1 < edges.size(); ++e)
      if (edges[e].middle == edges[e + 1].middle &&
          std::tie(edges[e].low, edges[e].high) != std::tie(edges[e + 1].low, edges[e + 1].high))
        fail("cells " + name(edges[e].cell) + " and " + name(edges[e + 1].cell) +
             " have the same node in the middle of different edges");
  }

  void check_roles() const {
    std::vector<char> is_corner(list_.coordinates.size() / 3);
    for (std::size_t c = 0; c < cells_; ++c)
      for (int n = 0; n < 4; ++n) is_corner[static_cast<std::size_t>(node(c, n))] = 1;
    for (std::size_t c = 0; c < cells_; ++c)
      for (int n = 4; n < 10; ++n)
        if (is_corner[static_cast<std::size_t>(node(c, n))] != 0)
          fail("a node in the middle of an edge of cell " + name(c) +
               " is a corner of another cell; hanging nodes are not allowed");
  }

  const CellList& list_;
  std::size_t width_, cells_;
};

} // namespace

void check_conformity(const CellList& list) { Check(list).run(); }

} // namespace linnet::fem
