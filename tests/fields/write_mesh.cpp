// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Writes fields with known values on a mesh: write_mesh STEM KIND STEPS, KIND hexahedra or
// tetrahedra. T = x + 2 y + 4 z + time at the nodes, c the number of the cell.
#include <linnet/io/mesh_writer.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <map>

using namespace linnet;

namespace {

/// Unit cubes, each one hexahedron or the six tetrahedra around its main diagonal.
struct Cubes {
  static constexpr std::array<int, 3> n = {4, 3, 2};
  static constexpr int corner[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                       {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  static constexpr int tetrahedron[6][4] = {{0, 1, 2, 6}, {0, 2, 3, 6}, {0, 3, 7, 6},
                                            {0, 7, 4, 6}, {0, 4, 5, 6}, {0, 5, 1, 6}};
  static constexpr int edge[6][2] = {{0, 1}, {1, 2}, {2, 0}, {0, 3}, {1, 3}, {2, 3}};

  /// Nodes lie on a grid of half the width.
  std::map<std::array<int, 3>, std::int64_t> nodes;
  std::vector<std::vector<std::int64_t>> cells;

  std::int64_t node(const std::array<int, 3>& place) {
    return nodes.try_emplace(place, static_cast<std::int64_t>(nodes.size())).first->second;
  }

  explicit Cubes(bool tetrahedra) {
    for (int c = 0; c < n[0] * n[1] * n[2]; ++c) {
      std::array<std::array<int, 3>, 8> place;
      for (std::size_t a = 0; a < 8; ++a)
        place[a] = {2 * (c % n[0] + corner[a][0]), 2 * (c / n[0] % n[1] + corner[a][1]),
                    2 * (c / (n[0] * n[1]) + corner[a][2])};
      if (!tetrahedra) {
        cells.emplace_back();
        for (const auto& p : place) cells.back().push_back(node(p));
      }
      for (int t = 0; tetrahedra && t < 6; ++t) add_tetrahedron(place, tetrahedron[t]);
    }
  }

  void add_tetrahedron(const std::array<std::array<int, 3>, 8>& place, const int (&vertices)[4]) {
    cells.emplace_back();
    const auto at = [&](int v) { return place[static_cast<std::size_t>(vertices[v])]; };
    for (int v = 0; v < 4; ++v) cells.back().push_back(node(at(v)));
    for (const auto& [a, b] : edge) {
      std::array<int, 3> middle;
      for (std::size_t d = 0; d < 3; ++d) middle[d] = (at(a)[d] + at(b)[d]) / 2;
      cells.back().push_back(node(middle));
    }
  }
};

io::MeshPart part_of(const Cubes& cubes, bool tetrahedra) {
  int rank = 0, size = 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  io::MeshPart part;
  part.kind = tetrahedra ? io::MeshCell::tetrahedron_10 : io::MeshCell::hexahedron;
  part.cells = static_cast<std::int64_t>(cubes.cells.size());
  part.nodes = static_cast<std::int64_t>(cubes.nodes.size());
  part.fingerprint = "cubes";
  for (std::int64_t c = part.cells - 1 - rank; c >= 0; c -= size) {
    const auto& nodes = cubes.cells[static_cast<std::size_t>(c)];
    part.cell_numbers.push_back(c);
    part.cell_regions.push_back(c % 3);
    part.connectivity.insert(part.connectivity.end(), nodes.begin(), nodes.end());
  }
  for (const auto& [place, number] : cubes.nodes) {
    if (number % size != rank) continue;
    part.node_numbers.push_back(number);
    for (const int x : place) part.coordinates.push_back(0.5 * x);
  }
  return part;
}

void write_run(const std::string& stem, bool tetrahedra, int steps) {
  const io::MeshPart part = part_of(Cubes(tetrahedra), tetrahedra);
  io::MeshWriter writer(PETSC_COMM_WORLD, stem, part, {"write_mesh", "steps: 1\n"});
  const std::vector<double> numbers(part.cell_numbers.begin(), part.cell_numbers.end());
  for (int step = 0; step < steps; ++step) {
    std::vector<double> temperature;
    for (std::size_t i = 0; i < part.coordinates.size(); i += 3)
      temperature.push_back(part.coordinates[i] + 2 * part.coordinates[i + 1] +
                            4 * part.coordinates[i + 2] + 0.125 * step);
    writer.begin_step(0.125 * step, step);
    writer.write("c", io::Center::cell, numbers);
    writer.write("T", io::Center::point, temperature);
    writer.write_vector("x", io::Center::point, part.coordinates);
    writer.write_quadrature("c", 1, 1, numbers);
    writer.end_step();
  }
  writer.close();
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  if (PetscInitialize(&argc, &argv, nullptr, nullptr) != 0) return 1;
  int status = 0;
  try {
    write_run(argv[1], std::strcmp(argv[2], "tetrahedra") == 0, std::atoi(argv[3]));
  } catch (const core::Error& error) {
    static_cast<void>(PetscFPrintf(PETSC_COMM_WORLD, stderr, "write_mesh: %s\n", error.what()));
    status = static_cast<int>(error.code());
  }
  return PetscFinalize() != 0 ? 1 : status;
}
