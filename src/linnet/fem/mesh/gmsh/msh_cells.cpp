// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/gmsh/msh_cells.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/fem/mesh/cell_conformity.hpp>
#include <linnet/fem/mesh/gmsh/msh_node_index.hpp>

#include <algorithm>
#include <limits>
#include <set>

namespace linnet::fem {

namespace {

constexpr int hex8_type = 5, tet10_type = 11, tet4_type = 4;

class Cells {
public:
  Cells(const MshContent& content, const std::string& name)
      : content_(content), nodes_(content.node_tags, name) {
    list_.source = name;
  }

  CellList take() {
    const int type = volume_type();
    list_.shape = type == hex8_type ? CellShape::hex8 : CellShape::tet10;
    const MshElements& cells = content_.elements.at(type);
    list_.cell_tags = cells.tags;
    take_regions(cells);
    take_nodes(cells);
    check_conformity(list_);
    for (int dimension = 2; dimension >= 0; --dimension) take_groups(dimension);
    return std::move(list_);
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    core::throw_data("mesh " + list_.source + ": " + what);
  }

  [[nodiscard]] int volume_type() const {
    std::vector<int> types;
    for (const auto& [type, elements] : content_.elements)
      if (msh_element_dimension(type) == 3 && !elements.tags.empty()) types.push_back(type);
    if (types.empty()) fail("no volume cells; mesh the volumes (gmsh -3) before saving");
    for (const int type : types) {
      if (type == tet4_type)
        fail("4-node tetrahedra: they lock in plastic flow, which keeps the volume; use second "
             "order (gmsh -3 -order 2)");
      if (type != hex8_type && type != tet10_type)
        fail(msh_element_name(type) + "; allowed: 8-node hexahedra, 10-node tetrahedra");
    }
    if (types.size() > 1)
      fail("mixed cells, " + msh_element_name(types[0]) + " and " + msh_element_name(types[1]) +
           "; allowed: one kind");
    return types[0];
  }

  /// The physical groups of an element.
  [[nodiscard]] std::vector<int> groups_of(int dimension, int owner) const {
    if (content_.owners_are_physical)
      return owner == 0 ? std::vector<int>{} : std::vector<int>{owner};
    const auto& entities = content_.physical_of_entity[static_cast<std::size_t>(dimension)];
    const auto found = entities.find(owner);
    return found == entities.end() ? std::vector<int>{} : found->second;
  }

  [[nodiscard]] std::string group_name(int dimension, int group) const {
    const auto found = content_.names.find({dimension, group});
    return found == content_.names.end() ? std::to_string(group) : found->second;
  }

  /// Regions are in order of the numbers of their groups. A mesh without any is one region.
  void take_regions(const MshElements& cells) {
    std::map<int, int> group_of_owner; // 0: none
    for (const int owner : cells.owners) {
      if (group_of_owner.contains(owner)) continue;
      const std::vector<int> groups = groups_of(3, owner);
      if (groups.size() > 1)
        fail("volume " + std::to_string(owner) + " is in two physical volumes, '" +
             group_name(3, groups[0]) + "' and '" + group_name(3, groups[1]) +
             "'; allowed: one, it selects the material");
      group_of_owner[owner] = groups.empty() ? 0 : groups[0];
    }
    std::set<int> groups;
    for (const auto& [owner, group] : group_of_owner) groups.insert(group);
    if (groups.size() > 1 && groups.contains(0))
      fail("some cells are in no physical volume; put all volumes into one (Physical Volume)");
    std::map<int, int> region_of_group;
    for (const int group : groups) {
      const std::string name = group == 0 ? "solid" : group_name(3, group);
      const auto place = std::ranges::find(list_.regions, name);
      region_of_group[group] = static_cast<int>(place - list_.regions.begin());
      if (place == list_.regions.end()) list_.regions.push_back(name);
    }
    for (const int owner : cells.owners)
      list_.cell_regions.push_back(region_of_group.at(group_of_owner.at(owner)));
  }

  void take_nodes(const MshElements& cells) {
    std::vector<char> used(content_.node_tags.size());
    std::vector<std::size_t> place;
    place.reserve(cells.nodes.size());
    for (const std::int64_t tag : cells.nodes) {
      place.push_back(nodes_.at(tag));
      used[place.back()] = 1;
    }
    const auto count = std::ranges::count(used, char{1});
    if (std::max<std::int64_t>(3 * count, static_cast<std::int64_t>(cells.nodes.size())) >
        std::numeric_limits<PetscInt>::max())
      fail("too many nodes for PETSc's integers; use a PETSc with 64-bit indices");
    number_.assign(used.size(), -1);
    PetscInt next = 0;
    for (std::size_t n = 0; n < used.size(); ++n) {
      if (used[n] == 0) continue;
      number_[n] = next++;
      list_.coordinates.insert(list_.coordinates.end(), content_.coordinates.data() + 3 * n,
                               content_.coordinates.data() + 3 * n + 3);
    }
    list_.cells.reserve(place.size());
    for (const std::size_t n : place) list_.cells.push_back(number_[n]);
  }

  /// Elements that no physical group names are left out: gmsh writes them when it saves all.
  void take_groups(int dimension) {
    std::map<int, GroupList> groups; // by number
    for (const auto& [type, elements] : content_.elements) {
      if (msh_element_dimension(type) != dimension) continue;
      const auto width = static_cast<std::size_t>(msh_element_nodes(type));
      for (std::size_t e = 0; e < elements.tags.size(); ++e)
        for (const int group : groups_of(dimension, elements.owners[e])) {
          GroupList& list = groups[group];
          list.name = group_name(dimension, group);
          list.dimension = dimension;
          if (static_cast<int>(width) != nodes_per_entity(list_.shape, dimension))
            fail(msh_element_name(type) + " in the group '" + list.name +
                 "', which do not fit the sides of the cells");
          for (std::size_t n = 0; n < width; ++n)
            list.nodes.push_back(node_of_group(elements.nodes[e * width + n], list.name));
        }
    }
    for (auto& [number, group] : groups) add_group(std::move(group));
  }

  [[nodiscard]] PetscInt node_of_group(std::int64_t tag, const std::string& group) const {
    const PetscInt node = number_[nodes_.at(tag)];
    if (node < 0)
      fail("node " + std::to_string(tag) + " of the group '" + group + "' belongs to no cell");
    return node;
  }

  /// Groups of one dimension and name are one group.
  void add_group(GroupList group) {
    for (GroupList& there : list_.groups)
      if (there.name == group.name && there.dimension == group.dimension) {
        there.nodes.insert(there.nodes.end(), group.nodes.begin(), group.nodes.end());
        return;
      }
    list_.groups.push_back(std::move(group));
  }

  const MshContent& content_;
  MshNodeIndex nodes_;
  std::vector<PetscInt> number_; // per node of the file, -1: no cell has it
  CellList list_;
};

} // namespace

CellList cells_of_msh(const MshContent& content, const std::string& name) {
  return Cells(content, name).take();
}

} // namespace linnet::fem
