// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/box_groups.hpp>

#include <string>
#include <string_view>

namespace linnet::fem {

namespace {

std::string side_name(std::size_t d, bool at_end) {
  return std::string(1, "xyz"[d]) + (at_end ? '1' : '0');
}

void add_faces(const BoxLattice& lattice, std::vector<GroupList>& groups) {
  for (std::size_t d = 0; d < 3; ++d)
    for (const bool end : {false, true})
      groups.push_back({side_name(d, end), 2, lattice.surface(d, end)});
}

void add_edges(const BoxLattice& lattice, std::vector<GroupList>& groups) {
  for (std::size_t along = 3; along-- > 0;) {
    const std::size_t u = along == 0 ? 1 : 0, v = along == 2 ? 1 : 2;
    for (const bool u_end : {false, true})
      for (const bool v_end : {false, true}) {
        std::array<bool, 3> ends{};
        ends[u] = u_end;
        ends[v] = v_end;
        groups.push_back({side_name(u, u_end) + side_name(v, v_end), 1, lattice.edge(along, ends)});
      }
  }
}

void add_corners(const BoxLattice& lattice, std::vector<GroupList>& groups) {
  for (const bool x : {false, true})
    for (const bool y : {false, true})
      for (const bool z : {false, true})
        groups.push_back({side_name(0, x) + side_name(1, y) + side_name(2, z),
                          0,
                          {lattice.node({x ? lattice.last(0) : 0, y ? lattice.last(1) : 0,
                                         z ? lattice.last(2) : 0})}});
}

/// The right side and the top of a plate share the face xi = 1 of the box.
void add_plate_rims(const BoxLattice& lattice, std::vector<GroupList>& groups) {
  const auto width = static_cast<std::size_t>(nodes_per_side(lattice.shape()));
  const std::vector<PetscInt> rim = lattice.surface(0, true);
  GroupList right{"right", 2, {}}, top{"top", 2, {}};
  const PetscInt middle = lattice.last(1) / 2;
  for (std::size_t e = 0; e < rim.size(); e += width) {
    bool lower = true;
    for (std::size_t n = 0; n < width; ++n) lower = lower && lattice.place(rim[e + n])[1] <= middle;
    GroupList& side = lower ? right : top;
    side.nodes.insert(side.nodes.end(), rim.data() + e, rim.data() + e + width);
  }
  groups.push_back(std::move(right));
  groups.push_back(std::move(top));
}

} // namespace

std::vector<GroupList> box_groups(const BoxLattice& lattice, BoxMap map) {
  std::vector<GroupList> groups;
  add_faces(lattice, groups);
  const auto also_called = [&](std::string_view name, std::size_t d, bool at_end) {
    groups.push_back({std::string(name), 2, lattice.surface(d, at_end)});
  };
  const auto node_called = [&](std::string_view name, const Lattice3& at) {
    groups.push_back({std::string(name), 0, {lattice.node(at)}});
  };
  if (map == BoxMap::blade) {
    also_called("root", 2, false);
    also_called("tip", 2, true);
    also_called("pressure", 1, false);
    also_called("suction", 1, true);
    const PetscInt middle = lattice.steps() * (lattice.boxes()[1] / 2);
    node_called("leading_pin", {0, middle, 0});
    node_called("trailing_pin", {lattice.last(0), middle, 0});
  } else if (map == BoxMap::cylinder_sector) {
    also_called("inner", 0, false);
    also_called("outer", 0, true);
  } else if (map == BoxMap::plate_with_hole) {
    also_called("hole", 0, false);
    also_called("bottom", 1, false);
    also_called("left", 1, true);
    add_plate_rims(lattice, groups);
  }
  add_edges(lattice, groups);
  add_corners(lattice, groups);
  return groups;
}

} // namespace linnet::fem
