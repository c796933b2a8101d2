// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/mesh_geometry.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/xdmf.hpp>

namespace linnet::io {
namespace {

constexpr const char* nodes_dataset = "/geometry/nodes";
constexpr const char* cells_dataset = "/geometry/cells";
constexpr const char* region_dataset = "/geometry/region";

int nodes_of(MeshCell kind) { return kind == MeshCell::hexahedron ? 8 : 10; }

} // namespace

MeshGeometry::MeshGeometry(MPI_Comm comm, MeshPart part)
    : part_(std::move(part)), cells_(comm, part_.cells, part_.cell_numbers),
      nodes_(comm, part_.nodes, part_.node_numbers) {
  int any = part_.cell_regions.empty() ? 0 : 1;
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, comm);
  regions_ = any != 0;
  core::together(comm, [&] {
    const std::size_t cells = part_.cell_numbers.size();
    if (!cells_.is_complete() || !nodes_.is_complete() ||
        part_.connectivity.size() != cells * static_cast<std::size_t>(nodes_of(part_.kind)) ||
        (regions_ && part_.cell_regions.size() != cells) ||
        part_.coordinates.size() != 3 * part_.node_numbers.size())
      throw core::Error(core::ExitCode::internal, "MeshGeometry: the parts of the ranks do not "
                                                  "make up the mesh");
  });
}

std::string MeshGeometry::line() const {
  return "mesh of " + std::to_string(part_.cells) + " cells and " + std::to_string(part_.nodes) +
         " nodes, fingerprint " + part_.fingerprint;
}

std::int64_t MeshGeometry::bytes() const {
  return 24 * part_.nodes + 8 * part_.cells * (nodes_of(part_.kind) + 1) + 65536;
}

void MeshGeometry::write(H5File& file) const {
  const std::int64_t width = nodes_of(part_.kind);
  file.create_group("/geometry");
  file.create_dataset(nodes_dataset, NumberType::float64, {part_.nodes, 3});
  file.write(nodes_dataset, nodes_.slab({3}), nodes_.to_file(part_.coordinates, 3).data());
  file.create_dataset(cells_dataset, NumberType::int64, {part_.cells, width});
  file.write(cells_dataset, cells_.slab({width}),
             cells_.to_file(part_.connectivity, static_cast<int>(width)).data());
  if (!regions_) return;
  const auto wide = cells_.to_file(part_.cell_regions, 1);
  const std::vector<std::int32_t> regions(wide.begin(), wide.end());
  file.create_dataset(region_dataset, NumberType::int32, {part_.cells});
  file.write(region_dataset, cells_.slab(), regions.data());
}

std::string MeshGeometry::xdmf(const std::string& h5_name) const {
  const std::string cells = std::to_string(part_.cells);
  const std::string width = std::to_string(nodes_of(part_.kind));
  std::string text =
      std::string("  <Topology TopologyType=\"") +
      (part_.kind == MeshCell::hexahedron ? "Hexahedron" : "Tetrahedron_10") +
      "\" NumberOfElements=\"" + cells + "\">\n   " +
      xdmf_item(cells + " " + width, NumberType::int64, h5_name + ":" + cells_dataset) +
      "</Topology>\n  <Geometry GeometryType=\"XYZ\">\n   " +
      xdmf_item(std::to_string(part_.nodes) + " 3", NumberType::float64,
                h5_name + ":" + nodes_dataset) +
      "</Geometry>\n";
  if (regions_)
    text += xdmf_attribute(*this, {"region", Center::cell, false, true},
                           h5_name + ":" + region_dataset);
  return text;
}

Shape MeshGeometry::shape(Center center) const {
  return {center == Center::cell ? part_.cells : part_.nodes};
}

} // namespace linnet::io
