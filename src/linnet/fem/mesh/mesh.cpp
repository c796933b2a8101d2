// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/mesh.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>

namespace linnet::fem {

MPI_Comm Mesh::comm() const { return PetscObjectComm(reinterpret_cast<PetscObject>(dm_.get())); }

std::vector<std::string> Mesh::group_names() const {
  std::vector<std::string> names;
  for (const Group& group : groups_) names.push_back(group.name);
  return names;
}

bool Mesh::has_group(std::string_view name) const {
  return std::ranges::any_of(groups_, [&](const Group& group) { return group.name == name; });
}

const Mesh::Group& Mesh::group(std::string_view name, int dimension) const {
  const auto fits = [&](const Group& group) {
    return group.name == name && (dimension < 0 || group.dimension == dimension);
  };
  const auto found = std::ranges::find_if(groups_, fits);
  if (found == groups_.end()) {
    std::vector<std::string> there;
    for (const Group& group : groups_)
      if (dimension < 0 || group.dimension == dimension) there.push_back(group.name);
    core::throw_usage("mesh " + source_ + " has no " + (dimension == 2 ? "surface" : "group") +
                      " '" + std::string(name) +
                      "'; it has: " + (there.empty() ? "none" : core::joined(there)));
  }
  if (std::find_if(std::next(found), groups_.end(), fits) != groups_.end())
    core::throw_usage("mesh " + source_ + " has several groups '" + std::string(name) +
                      "' of different dimension; give them different names");
  return *found;
}

const std::vector<CellFace>& Mesh::faces(std::string_view name) const {
  return group(name, 2).faces;
}

const std::vector<PetscInt>& Mesh::nodes_of(std::string_view name) const {
  return group(name, -1).nodes;
}

} // namespace linnet::fem
