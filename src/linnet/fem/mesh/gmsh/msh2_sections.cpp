// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/gmsh/msh_sections.hpp>

namespace linnet::fem {

namespace {

/// The first tag is the physical group, gmsh writes two or more.
int physical_group(MshCursor& in, std::int64_t tags) {
  int group = 0;
  for (std::int64_t t = 0; t < tags; ++t) {
    const int tag = in.integer("tag of an element");
    if (t == 0) group = tag < 0 ? -tag : tag;
  }
  return group;
}

std::int64_t checked_tags(const MshCursor& in, std::int64_t tags) {
  constexpr std::int64_t most_tags = 10000; // partitions are listed among the tags
  if (tags < 0 || tags > most_tags)
    in.fail("number of tags " + std::to_string(tags) + " of an element");
  return tags;
}

void parse_one(MshCursor& in, MshElements& elements, int nodes, std::int64_t tag,
               std::int64_t tags) {
  elements.tags.push_back(tag);
  elements.owners.push_back(physical_group(in, tags));
  for (int n = 0; n < nodes; ++n) elements.nodes.push_back(in.integer("node of an element"));
}

/// Binary elements come in runs of the same type and number of tags.
std::int64_t parse_run(MshCursor& in, MshContent& content, std::int64_t most) {
  const int type = in.integer("element type");
  const std::int64_t entries = in.integer("number of elements");
  const std::int64_t tags = checked_tags(in, in.integer("number of tags"));
  const int nodes = checked_element_nodes(in, type);
  if (entries < 1 || entries > most) in.fail("a run of " + std::to_string(entries) + " elements");
  MshElements& elements = content.elements[type];
  for (std::int64_t e = 0; e < entries; ++e)
    parse_one(in, elements, nodes, in.integer("element number"), tags);
  return entries;
}

} // namespace

int checked_element_nodes(const MshCursor& in, std::int64_t type) {
  const int nodes = msh_element_nodes(type);
  if (nodes == 0)
    in.fail("element type " + std::to_string(type) +
            "; allowed: gmsh's types 1 to 31, volumes of 8-node hexahedra or 10-node tetrahedra");
  return nodes;
}

void parse_nodes_2(MshCursor& in, MshContent& content) {
  const std::int64_t nodes = in.text_size("number of nodes");
  in.check_count(nodes, 8, 28);
  for (std::int64_t n = 0; n < nodes; ++n) {
    content.node_tags.push_back(in.integer("node number"));
    for (int d = 0; d < 3; ++d) content.coordinates.push_back(in.real("coordinate"));
  }
}

void parse_elements_2(MshCursor& in, MshContent& content) {
  const std::int64_t entries = in.text_size("number of elements");
  in.check_count(entries, 6, 8);
  std::int64_t done = 0;
  while (done < entries) {
    if (in.binary()) {
      done += parse_run(in, content, entries - done);
      continue;
    }
    const int tag = in.integer("element number");
    const int type = in.integer("element type");
    const int nodes = checked_element_nodes(in, type);
    const std::int64_t tags = checked_tags(in, in.integer("number of tags"));
    parse_one(in, content.elements[type], nodes, tag, tags);
    ++done;
  }
}

} // namespace linnet::fem
