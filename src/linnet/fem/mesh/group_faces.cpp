// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/group_faces.hpp>

#include <linnet/fem/mesh/face_key.hpp>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace linnet::fem {

namespace {

/// Elements of the group that no rank has found.
std::size_t count_lost(MPI_Comm comm, std::vector<char>& found) {
  MPI_Allreduce(MPI_IN_PLACE, found.data(), static_cast<int>(found.size()), MPI_CHAR, MPI_MAX,
                comm);
  return static_cast<std::size_t>(std::ranges::count(found, char{0}));
}

} // namespace

std::vector<CellFace> faces_of_group(MPI_Comm comm, CellShape shape,
                                     std::span<const PetscInt> cell_nodes,
                                     std::span<const PetscInt> original_nodes,
                                     const GroupList& group, const std::string& source) {
  const int corners = corners_per_side(shape);
  const auto width = static_cast<std::size_t>(nodes_per_side(shape));
  std::unordered_map<FaceKey, std::size_t, FaceKeyHash> elements;
  std::unordered_set<PetscInt> corner_nodes;
  for (std::size_t e = 0; e < group.nodes.size() / width; ++e) {
    const PetscInt* nodes = group.nodes.data() + e * width;
    corner_nodes.insert(nodes, nodes + corners);
    elements.emplace(face_key(corners, [&](int n) { return nodes[n]; }), elements.size());
  }
  std::vector<char> on_group(original_nodes.size());
  for (std::size_t n = 0; n < original_nodes.size(); ++n)
    on_group[n] = corner_nodes.contains(original_nodes[n]) ? 1 : 0;

  std::vector<char> found(elements.size(), 0);
  std::vector<CellFace> faces;
  const auto per_cell = static_cast<std::size_t>(nodes_per_cell(shape));
  for (std::size_t c = 0; c < cell_nodes.size() / per_cell; ++c) {
    const auto local = [&](int node) {
      return static_cast<std::size_t>(cell_nodes[c * per_cell + static_cast<std::size_t>(node)]);
    };
    for (int s = 0; s < sides_per_cell(shape); ++s) {
      const auto side = side_nodes(shape, s).first(static_cast<std::size_t>(corners));
      if (!std::ranges::all_of(side, [&](int n) { return on_group[local(n)] != 0; })) continue;
      const FaceKey key = face_key(
          corners, [&](int n) { return original_nodes[local(side[static_cast<std::size_t>(n)])]; });
      const auto element = elements.find(key);
      if (element == elements.end()) continue;
      found[element->second] = 1;
      faces.push_back({static_cast<PetscInt>(c), s});
    }
  }
  if (const std::size_t lost = count_lost(comm, found); lost > 0)
    core::throw_data("mesh " + source + ": " + std::to_string(lost) + " of " +
                     std::to_string(found.size()) + " elements of the surface '" + group.name +
                     "' are no faces of the mesh's cells; mesh surfaces and volumes together");
  return faces;
}

} // namespace linnet::fem
