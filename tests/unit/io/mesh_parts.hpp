// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Small meshes, spread over the ranks so that nothing lies where its number says.
#pragma once

#include <linnet/io/mesh_geometry.hpp>

#include <fstream>
#include <sstream>

namespace linnet::test {

/// Number of node @p corner (VTK's order) of cell @p cell of unit hexahedra, nx per row.
inline std::int64_t hexahedron_node(int nx, int ny, int cell, int corner) {
  static constexpr int offset[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                       {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  const int i = cell % nx + offset[corner][0], j = cell / nx % ny + offset[corner][1],
            k = cell / (nx * ny) + offset[corner][2];
  return i + (nx + 1) * (j + std::int64_t{ny + 1} * k);
}

/// Unit hexahedra nx x ny x nz: item i on rank i % ranks, from the last to the first; regions 0, 1.
inline io::MeshPart hexahedra_part(int nx, int ny, int nz) {
  int rank = 0, size = 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  io::MeshPart part;
  part.cells = nx * ny * nz;
  part.nodes = (nx + 1) * (ny + 1) * (nz + 1);
  part.fingerprint = "hexahedra";
  for (auto c = static_cast<int>(part.cells) - 1; c >= 0; --c) {
    if (c % size != rank) continue;
    part.cell_numbers.push_back(c);
    part.cell_regions.push_back(c % 2);
    for (int a = 0; a < 8; ++a) part.connectivity.push_back(hexahedron_node(nx, ny, c, a));
  }
  for (auto n = static_cast<int>(part.nodes) - 1; n >= 0; --n) {
    if (n % size != rank) continue;
    part.node_numbers.push_back(n);
    for (const int x : {n % (nx + 1), n / (nx + 1) % (ny + 1), n / (nx + 1) / (ny + 1)})
      part.coordinates.push_back(x);
  }
  return part;
}

/// The unit tetrahedron of second order, on rank 0.
inline io::MeshPart tetrahedron_part() {
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  io::MeshPart part;
  part.kind = io::MeshCell::tetrahedron_10;
  part.cells = 1;
  part.nodes = 10;
  part.fingerprint = "tetrahedron";
  if (rank != 0) return part;
  part.cell_numbers = {0};
  for (int n = 0; n < 10; ++n) {
    part.connectivity.push_back(n);
    part.node_numbers.push_back(n);
  }
  part.coordinates = {0,  0,  0, 1, 0,  0, 0, 1, 0,  0,  0, 1,  .5, 0,  0,
                      .5, .5, 0, 0, .5, 0, 0, 0, .5, .5, 0, .5, 0,  .5, .5};
  return part;
}

inline std::string text_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

} // namespace linnet::test
