// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/gmsh/msh_content.hpp>

namespace linnet::fem {

namespace {

struct ElementType {
  int nodes, dimension;
  const char* family;
};

constexpr const char* lines = "lines";
constexpr const char* triangles = "triangles";
constexpr const char* quadrangles = "quadrangles";
constexpr const char* tetrahedra = "tetrahedra";
constexpr const char* hexahedra = "hexahedra";
constexpr const char* prisms = "prisms";
constexpr const char* pyramids = "pyramids";

/// gmsh's types 1 to 31 (its manual, "MSH file format").
constexpr std::array<ElementType, 31> types{
    {{2, 1, lines},       {3, 2, triangles},   {4, 2, quadrangles}, {4, 3, tetrahedra},
     {8, 3, hexahedra},   {6, 3, prisms},      {5, 3, pyramids},    {3, 1, lines},
     {6, 2, triangles},   {9, 2, quadrangles}, {10, 3, tetrahedra}, {27, 3, hexahedra},
     {18, 3, prisms},     {14, 3, pyramids},   {1, 0, "points"},    {8, 2, quadrangles},
     {20, 3, hexahedra},  {15, 3, prisms},     {13, 3, pyramids},   {9, 2, triangles},
     {10, 2, triangles},  {12, 2, triangles},  {15, 2, triangles},  {15, 2, triangles},
     {21, 2, triangles},  {4, 1, lines},       {5, 1, lines},       {6, 1, lines},
     {20, 3, tetrahedra}, {35, 3, tetrahedra}, {56, 3, tetrahedra}}};

const ElementType* type_of(std::int64_t type) {
  if (type < 1 || type > static_cast<std::int64_t>(types.size())) return nullptr;
  return &types[static_cast<std::size_t>(type - 1)];
}

} // namespace

int msh_element_nodes(std::int64_t type) {
  const ElementType* const found = type_of(type);
  return found == nullptr ? 0 : found->nodes;
}

int msh_element_dimension(std::int64_t type) {
  const ElementType* const found = type_of(type);
  return found == nullptr ? -1 : found->dimension;
}

std::string msh_element_name(int type) {
  const ElementType* const found = type_of(type);
  if (found == nullptr) return "elements of type " + std::to_string(type);
  return std::to_string(found->nodes) + "-node " + found->family;
}

} // namespace linnet::fem
