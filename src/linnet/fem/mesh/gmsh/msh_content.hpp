// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a gmsh file says, before anything is made of it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet::fem {

/// All elements of one type in the order of the file.
struct MshElements {
  std::vector<std::int64_t> tags;  ///< their numbers in the file
  std::vector<std::int64_t> nodes; ///< elements x nodes of the type: node numbers of the file
  /// What they belong to: in format 2.2 a physical group (0: none), in 4.1 a geometrical entity.
  std::vector<int> owners;
};

struct MshContent {
  bool owners_are_physical = false; ///< format 2.2
  std::vector<std::int64_t> node_tags;
  std::vector<double> coordinates;     ///< nodes x 3
  std::map<int, MshElements> elements; ///< by gmsh's element type
  /// Per dimension, from a geometrical entity to its physical groups (4.1 only).
  std::array<std::map<int, std::vector<int>>, 4> physical_of_entity;
  /// Names of physical groups by (dimension, number).
  std::map<std::pair<int, int>, std::string> names;
};

/// Parses @p data, the bytes of a file in gmsh's format 2.2 or 4.1, ASCII or binary; @p name is the
/// file's in messages. Every count is checked against the bytes that are left, so memory stays
/// within a multiple of the file's size. Reads the file itself instead of PETSc's reader because
/// that one trusts what the file says. @throws core::Error with the line or byte where it went
/// wrong.
MshContent parse_msh(std::string_view data, const std::string& name);

/// Nodes of an element of gmsh's type @p type, 0 for types that gmsh does not list.
int msh_element_nodes(std::int64_t type);
/// Its dimension, -1 for types that gmsh does not list.
int msh_element_dimension(std::int64_t type);
/// "27-node hexahedra"
std::string msh_element_name(int type);

} // namespace linnet::fem
