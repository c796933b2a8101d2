// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/mesh_builder.hpp>

#include <linnet/fem/mesh/cell_quality.hpp>
#include <linnet/fem/mesh/group_faces.hpp>
#include <linnet/fem/mesh/list_fingerprint.hpp>
#include <linnet/fem/mesh/row_fetch.hpp>

#include <petscdmplex.h>
#include <petscsf.h>

#include <algorithm>
#include <numeric>

namespace linnet::fem {

namespace {

std::size_t at(PetscInt i) { return static_cast<std::size_t>(i); }

PetscInt sum(MPI_Comm comm, std::size_t mine) {
  auto total = static_cast<PetscInt>(mine);
  MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPIU_INT, MPI_SUM, comm);
  return total;
}

} // namespace

MeshBuilder::MeshBuilder(MPI_Comm comm, const CellList& list) : comm_(comm), list_(list) {
  mesh_.shape_ = list.shape;
  mesh_.regions_ = list.regions;
  mesh_.source_ = list.source;
  mesh_.all_cells_ = sum(comm, list.cell_regions.size());
  mesh_.all_nodes_ = sum(comm, list.coordinates.size() / 3);
}

Mesh MeshBuilder::build() {
  mesh_.fingerprint_ = list_fingerprint(comm_, list_);
  plex_ = distribute_cells(comm_, list_);
  take_cells();
  number_nodes();
  take_nodes();
  check_cells();
  set_section();
  take_groups();
  mesh_.dm_ = std::move(plex_.dm);
  return std::move(mesh_);
}

void MeshBuilder::take_cells() {
  PetscInt first = 0, end = 0;
  LINNET_CHECK(DMPlexGetHeightStratum(plex_.dm.get(), 0, &first, &end));
  cell_points_.resize(at(end - first));
  std::iota(cell_points_.begin(), cell_points_.end(), first);
  std::ranges::sort(cell_points_, {}, [&](PetscInt p) { return plex_.original[at(p)]; });
  for (const PetscInt p : cell_points_) mesh_.original_cells_.push_back(plex_.original[at(p)]);
  const RowFetch fetch(comm_, static_cast<PetscInt>(list_.cell_regions.size()),
                       mesh_.original_cells_);
  original_cell_ = fetch.rows(list_.cells, mesh_.nodes_per_cell());
  mesh_.cell_regions_ = fetch.rows(list_.cell_regions, 1);
}

std::vector<PetscInt> MeshBuilder::nodes_of_points() const {
  std::vector<PetscInt> node(plex_.original.size(), -1);
  PetscInt first = 0, end = 0;
  LINNET_CHECK(DMPlexGetDepthStratum(plex_.dm.get(), 0, &first, &end));
  std::unordered_map<PetscInt, PetscInt> vertex;
  for (PetscInt p = first; p < end; ++p) {
    node[at(p)] = plex_.original[at(p)];
    vertex[node[at(p)]] = p;
  }
  if (mesh_.shape_ == CellShape::hex8) return node;
  for (std::size_t c = 0; c < cell_points_.size(); ++c) {
    const PetscInt* cell = original_cell_.data() + 10 * c;
    for (std::size_t e = 0; e < tet10_edges.size(); ++e) {
      const PetscInt ends[2] = {vertex.at(cell[tet10_edges[e][0]]),
                                vertex.at(cell[tet10_edges[e][1]])};
      PetscInt edges = 0;
      const PetscInt* edge = nullptr;
      LINNET_CHECK(DMPlexGetJoin(plex_.dm.get(), 2, ends, &edges, &edge));
      if (edges == 1) node[at(edge[0])] = cell[4 + e];
      LINNET_CHECK(DMPlexRestoreJoin(plex_.dm.get(), 2, ends, &edges, &edge));
    }
  }
  return node;
}

/// Owned nodes first, each part in order of the original numbers: nothing depends on how DMPlex
/// numbers its points.
void MeshBuilder::number_nodes() {
  const std::vector<PetscInt> node = nodes_of_points();
  std::vector<char> ghost(node.size(), 0);
  PetscSF point_sf = nullptr;
  PetscInt leaves = 0;
  const PetscInt* leaf = nullptr;
  LINNET_CHECK(DMGetPointSF(plex_.dm.get(), &point_sf));
  LINNET_CHECK(PetscSFGetGraph(point_sf, nullptr, &leaves, &leaf, nullptr));
  for (PetscInt l = 0; l < leaves; ++l) ghost[at(leaf != nullptr ? leaf[l] : l)] = 1;
  for (std::size_t p = 0; p < node.size(); ++p)
    if (node[p] >= 0) node_points_.push_back(static_cast<PetscInt>(p));
  std::ranges::sort(node_points_, {},
                    [&](PetscInt p) { return std::pair(ghost[at(p)], node[at(p)]); });
  for (const PetscInt p : node_points_) {
    local_of_original_[node[at(p)]] = static_cast<PetscInt>(mesh_.original_nodes_.size());
    mesh_.original_nodes_.push_back(node[at(p)]);
    if (ghost[at(p)] == 0) ++mesh_.owned_nodes_;
  }
  mesh_.cell_nodes_.reserve(original_cell_.size());
  for (const PetscInt n : original_cell_) mesh_.cell_nodes_.push_back(local_of_original_.at(n));
}

void MeshBuilder::take_nodes() {
  const auto share = static_cast<PetscInt>(list_.coordinates.size() / 3);
  const RowFetch fetch(comm_, share, mesh_.original_nodes_);
  mesh_.coordinates_ = fetch.rows(list_.coordinates, 3);
  if (sum(comm_, list_.parametric.size()) > 0) mesh_.parametric_ = fetch.rows(list_.parametric, 3);
}

void MeshBuilder::check_cells() const {
  const std::int64_t inverted = first_inverted_cell(comm_, mesh_.shape_, mesh_.cell_nodes_,
                                                    mesh_.coordinates_, mesh_.original_cells_);
  if (inverted < 0) return;
  // The rank that read the cell knows its number in the file.
  std::int64_t tag = -1;
  const std::int64_t mine = inverted - list_.first_cell;
  if (mine >= 0 && mine < static_cast<std::int64_t>(list_.cell_tags.size()))
    tag = list_.cell_tags[static_cast<std::size_t>(mine)];
  MPI_Allreduce(MPI_IN_PLACE, &tag, 1, MPI_INT64_T, MPI_MAX, comm_);
  core::throw_data("mesh " + list_.source + ": cell " +
                   (tag >= 0 ? std::to_string(tag) : std::to_string(inverted) + " (from 0)") +
                   " is inverted or degenerate: the Jacobian of its mapping is not positive; "
                   "repair the geometry or the order of its nodes");
}

void MeshBuilder::set_section() {
  DM dm = plex_.dm.get();
  const auto points = static_cast<PetscInt>(plex_.original.size());
  PetscSection section = nullptr;
  LINNET_CHECK(PetscSectionCreate(comm_, &section));
  LINNET_CHECK(PetscSectionSetChart(section, 0, points));
  for (const PetscInt p : node_points_) LINNET_CHECK(PetscSectionSetDof(section, p, 3));
  // The order of nodes in local and global vectors; points without nodes go behind.
  std::vector<PetscInt> order = node_points_;
  std::vector<char> placed(plex_.original.size(), 0);
  for (const PetscInt p : node_points_) placed[at(p)] = 1;
  for (PetscInt p = 0; p < points; ++p)
    if (placed[at(p)] == 0) order.push_back(p);
  IS permutation = nullptr;
  LINNET_CHECK(
      ISCreateGeneral(PETSC_COMM_SELF, points, order.data(), PETSC_COPY_VALUES, &permutation));
  LINNET_CHECK(PetscSectionSetPermutation(section, permutation));
  LINNET_CHECK(ISDestroy(&permutation));
  LINNET_CHECK(PetscSectionSetUp(section));
  LINNET_CHECK(DMSetLocalSection(dm, section));
  LINNET_CHECK(PetscSectionDestroy(&section));
  PetscSection global = nullptr;
  LINNET_CHECK(DMGetGlobalSection(dm, &global));
  for (const PetscInt p : node_points_) {
    PetscInt offset = 0;
    LINNET_CHECK(PetscSectionGetOffset(global, p, &offset));
    mesh_.global_nodes_.push_back((offset < 0 ? -(offset + 1) : offset) / 3);
  }
}

void MeshBuilder::take_groups() {
  for (const GroupList& group : list_.groups) {
    Mesh::Group result{group.name, group.dimension, {}, {}};
    for (const PetscInt n : group.nodes)
      if (const auto found = local_of_original_.find(n); found != local_of_original_.end())
        result.nodes.push_back(found->second);
    std::ranges::sort(result.nodes);
    result.nodes.erase(std::ranges::unique(result.nodes).begin(), result.nodes.end());
    if (group.dimension == 2)
      result.faces = faces_of_group(comm_, list_.shape, mesh_.cell_nodes_, mesh_.original_nodes_,
                                    group, list_.source);
    mesh_.groups_.push_back(std::move(result));
  }
}

Mesh Mesh::build(MPI_Comm comm, const CellList& list) { return MeshBuilder(comm, list).build(); }

} // namespace linnet::fem
