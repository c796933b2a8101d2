// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Unstructured meshes in output files.
#pragma once

#include <linnet/io/file_order.hpp>
#include <linnet/io/output_geometry.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace linnet::io {

/// Kinds of cells, with the nodes in the order of XDMF and VTK. Of the quadratic tetrahedron: the
/// vertices, then the middles of the edges 01, 12, 20, 03, 13, 23.
enum class MeshCell { hexahedron, tetrahedron_10 };

/// A mesh and the part of it that this rank writes: every cell and every node is in exactly one
/// rank's part. Cells and nodes have numbers from 0, which are their places in the files.
struct MeshPart {
  MeshCell kind = MeshCell::hexahedron;
  std::int64_t cells = 0; ///< of all ranks
  std::int64_t nodes = 0; ///< of all ranks
  std::vector<std::int64_t> cell_numbers;
  std::vector<std::int64_t> connectivity; ///< numbers of the nodes of each cell, 8 or 10
  std::vector<std::int64_t> cell_regions; ///< number of each cell's region, or empty
  std::vector<std::int64_t> node_numbers;
  std::vector<double> coordinates; ///< 3 for each node
  std::string fingerprint;         ///< of the whole mesh; two meshes are the same if theirs are
};

/// Datasets /geometry/nodes (nodes,3), /geometry/cells (cells,8 or 10) and, with regions,
/// /geometry/region (cells), which shows as the field `region`.
class MeshGeometry : public OutputGeometry {
public:
  /// Collective; @throws core::Error (internal) unless the parts make up the mesh.
  MeshGeometry(MPI_Comm comm, MeshPart part);
  [[nodiscard]] std::string line() const override;
  [[nodiscard]] std::int64_t bytes() const override;
  void write(H5File& file) const override;
  [[nodiscard]] std::string xdmf(const std::string& h5_name) const override;
  [[nodiscard]] Shape shape(Center center) const override;

  [[nodiscard]] const FileOrder& order(Center center) const {
    return center == Center::cell ? cells_ : nodes_;
  }

private:
  MeshPart part_;
  FileOrder cells_, nodes_;
  bool regions_ = false; ///< on any rank
};

} // namespace linnet::io
