// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/box_mesh.hpp>

#include <linnet/core/random.hpp>
#include <linnet/fem/mesh/box_groups.hpp>
#include <linnet/fem/mesh/box_lattice.hpp>
#include <linnet/fem/mesh/box_maps.hpp>

namespace linnet::fem {

namespace {

constexpr std::uint64_t distortion_seed = 20190430;

struct Share {
  PetscInt first, count;
};

/// This rank's contiguous part of @p all.
Share share_of(MPI_Comm comm, PetscInt all) {
  PetscInt mine = PETSC_DECIDE, end = 0;
  LINNET_CHECK(PetscSplitOwnership(comm, &mine, &all));
  MPI_Scan(&mine, &end, 1, MPIU_INT, MPI_SUM, comm);
  return {end - mine, mine};
}

/// Fractions of the box at the nodes of a lattice, inner vertices moved at random.
class Fractions {
public:
  Fractions(const BoxLattice& lattice, double distortion)
      : lattice_(lattice), distortion_(distortion) {}

  /// Middles of edges are the means of the ends: the end below and above in every odd direction.
  [[nodiscard]] core::Real3 at(const Lattice3& place) const {
    if (lattice_.shape() == CellShape::hex8) return vertex(place);
    const core::Real3 a = vertex({place[0] / 2, place[1] / 2, place[2] / 2});
    const core::Real3 b = vertex({(place[0] + 1) / 2, (place[1] + 1) / 2, (place[2] + 1) / 2});
    return {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2};
  }

private:
  [[nodiscard]] core::Real3 vertex(const Lattice3& place) const {
    const Lattice3& n = lattice_.boxes();
    core::Real3 result;
    bool inner = distortion_ > 0;
    for (std::size_t d = 0; d < 3; ++d) {
      result[d] = static_cast<double>(place[d]) / static_cast<double>(n[d]);
      inner = inner && place[d] > 0 && place[d] < n[d];
    }
    if (!inner) return result;
    const auto number =
        static_cast<std::uint64_t>(place[0] + (n[0] + 1) * (place[1] + (n[1] + 1) * place[2]));
    for (std::size_t d = 0; d < 3; ++d) {
      const double shift = 2 * core::RandomStream(distortion_seed, d).uniform(number) - 1;
      result[d] += distortion_ * shift / static_cast<double>(n[d]);
    }
    return result;
  }

  const BoxLattice& lattice_;
  double distortion_;
};

void add_nodes(const BoxLattice& lattice, const BoxMeshOptions& options, const Share& share,
               CellList& list) {
  const Fractions fractions(lattice, options.distortion);
  for (PetscInt n = share.first; n < share.first + share.count; ++n) {
    const core::Real3 parameters = box_parameters(options.map, fractions.at(lattice.place(n)));
    const core::Real3 point = mapped_point(options, parameters);
    list.parametric.insert(list.parametric.end(), parameters.begin(), parameters.end());
    list.coordinates.insert(list.coordinates.end(), point.begin(), point.end());
  }
}

} // namespace

Mesh make_box_mesh(MPI_Comm comm, const BoxMeshOptions& given) {
  const BoxMeshOptions options = checked_box_options(given);
  const BoxLattice lattice(options.shape, options.cells);
  CellList list;
  list.shape = options.shape;
  list.source = "of a mapped box";
  list.regions = {"solid"};
  const Share cells = share_of(comm, lattice.cells());
  list.first_cell = cells.first;
  list.cell_regions.assign(static_cast<std::size_t>(cells.count), 0);
  for (PetscInt c = cells.first; c < cells.first + cells.count; ++c) {
    const std::vector<PetscInt> nodes = lattice.cell_nodes(c);
    list.cells.insert(list.cells.end(), nodes.begin(), nodes.end());
  }
  const Share nodes = share_of(comm, lattice.nodes());
  list.first_node = nodes.first;
  add_nodes(lattice, options, nodes, list);
  list.groups = box_groups(lattice, options.map);
  return Mesh::build(comm, list);
}

} // namespace linnet::fem
