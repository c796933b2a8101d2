// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/gmsh/msh_sections.hpp>

namespace linnet::fem {

namespace {

void parse_entity(MshCursor& in, int dimension, MshContent& content) {
  const int tag = in.integer("entity number");
  for (int d = 0; d < (dimension == 0 ? 3 : 6); ++d) in.real("bound of an entity");
  const std::int64_t groups = in.size("number of physical groups");
  in.check_count(groups, 2, 4);
  std::vector<int>& physical = content.physical_of_entity[static_cast<std::size_t>(dimension)][tag];
  for (std::int64_t g = 0; g < groups; ++g) {
    const int group = in.integer("physical group");
    physical.push_back(group < 0 ? -group : group);
  }
  if (dimension == 0) return;
  const std::int64_t bounds = in.size("number of bounding entities");
  in.check_count(bounds, 2, 4);
  for (std::int64_t b = 0; b < bounds; ++b) in.integer("bounding entity");
}

int checked_dimension(const MshCursor& in, int dimension) {
  if (dimension < 0 || dimension > 3)
    in.fail("entity of dimension " + std::to_string(dimension) + "; allowed: 0 to 3");
  return dimension;
}

std::int64_t parse_node_block(MshCursor& in, MshContent& content) {
  const int dimension = checked_dimension(in, in.integer("entity dimension"));
  in.integer("entity number");
  const bool parametric = in.integer("parametric flag") != 0;
  const std::int64_t nodes = in.size("number of nodes");
  in.check_count(nodes, 8, 32);
  for (std::int64_t n = 0; n < nodes; ++n) content.node_tags.push_back(in.size("node number"));
  for (std::int64_t n = 0; n < nodes; ++n) {
    for (int d = 0; d < 3; ++d) content.coordinates.push_back(in.real("coordinate"));
    for (int d = 0; parametric && d < dimension; ++d) in.real("parametric coordinate");
  }
  return nodes;
}

std::int64_t parse_element_block(MshCursor& in, MshContent& content) {
  const int dimension = checked_dimension(in, in.integer("entity dimension"));
  const int entity = in.integer("entity number");
  const int type = in.integer("element type");
  const int nodes = checked_element_nodes(in, type);
  if (msh_element_dimension(type) != dimension)
    in.fail(msh_element_name(type) + " on an entity of dimension " + std::to_string(dimension));
  const std::int64_t entries = in.size("number of elements");
  in.check_count(entries, 2 * (nodes + 1), 8 * (nodes + 1));
  MshElements& elements = content.elements[type];
  for (std::int64_t e = 0; e < entries; ++e) {
    elements.tags.push_back(in.size("element number"));
    elements.owners.push_back(entity);
    for (int n = 0; n < nodes; ++n) elements.nodes.push_back(in.size("node of an element"));
  }
  return entries;
}

/// The head of $Nodes and $Elements: blocks, entries and two bounds of the tags; then the blocks.
template <class Block>
void parse_blocks(MshCursor& in, std::int64_t text_bytes, std::int64_t binary_bytes,
                  Block&& block) {
  const std::int64_t blocks = in.size("number of blocks");
  const std::int64_t entries = in.size("number of entries");
  in.size("smallest number"), in.size("largest number");
  in.check_count(blocks, 8, 20);
  in.check_count(entries, text_bytes, binary_bytes);
  std::int64_t found = 0;
  for (std::int64_t b = 0; b < blocks; ++b) found += block();
  if (found != entries)
    in.fail("blocks with " + std::to_string(found) + " entries where " + std::to_string(entries) +
            " are announced");
}

} // namespace

void parse_entities_4(MshCursor& in, MshContent& content) {
  std::array<std::int64_t, 4> entities{};
  for (auto& count : entities) {
    count = in.size("number of entities");
    in.check_count(count, 10, 36);
  }
  for (int d = 0; d < 4; ++d)
    for (std::int64_t e = 0; e < entities[static_cast<std::size_t>(d)]; ++e)
      parse_entity(in, d, content);
}

void parse_nodes_4(MshCursor& in, MshContent& content) {
  parse_blocks(in, 8, 32, [&] { return parse_node_block(in, content); });
}

void parse_elements_4(MshCursor& in, MshContent& content) {
  parse_blocks(in, 4, 16, [&] { return parse_element_block(in, content); });
}

} // namespace linnet::fem
