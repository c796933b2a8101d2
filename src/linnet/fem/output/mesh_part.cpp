// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/output/mesh_part.hpp>

#include <algorithm>

namespace linnet::fem {

io::MeshPart output_part(const Mesh& mesh) {
  io::MeshPart part;
  const bool hexahedra = mesh.shape() == CellShape::hex8;
  part.kind = hexahedra ? io::MeshCell::hexahedron : io::MeshCell::tetrahedron_10;
  part.cells = mesh.all_cells();
  part.nodes = mesh.all_nodes();
  part.fingerprint = mesh.fingerprint();
  const auto original = mesh.original_nodes();
  const auto cells = mesh.original_cells();
  part.cell_numbers.assign(cells.begin(), cells.end());
  part.node_numbers.assign(original.begin(), original.begin() + mesh.owned_nodes());
  part.coordinates.assign(mesh.coordinates().begin(),
                          mesh.coordinates().begin() + 3 * mesh.owned_nodes());
  part.connectivity.reserve(mesh.cell_nodes().size());
  for (const PetscInt node : mesh.cell_nodes())
    part.connectivity.push_back(original[static_cast<std::size_t>(node)]);
  // gmsh lists the middles of the edges 23 and 13 the other way round than VTK.
  if (!hexahedra)
    for (std::size_t i = 0; i < part.connectivity.size(); i += 10)
      std::swap(part.connectivity[i + 8], part.connectivity[i + 9]);
  if (mesh.regions().size() > 1)
    part.cell_regions.assign(mesh.cell_regions().begin(), mesh.cell_regions().end());
  return part;
}

} // namespace linnet::fem
