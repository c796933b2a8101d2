// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/output/point_values.hpp>

#include <linnet/io/vec_array.hpp>
#include <linnet/kernels/solid/element.hpp>

#include <algorithm>
#include <array>

namespace linnet::fem {
namespace {

/// Rows of the nodes, columns of the points: what the values at the points contribute at the nodes.
using Extrapolation = std::vector<std::vector<double>>;

Extrapolation of_hexahedra() {
  using kernels::Hex8;
  Extrapolation rows(Hex8::nodes, std::vector<double>(Hex8::points, 1.0));
  for (int a = 0; a < Hex8::nodes; ++a)
    for (int q = 0; q < Hex8::points; ++q) {
      double x[3], weight;
      Hex8::point(q, x, weight);
      // The points are the corners of a cube; the node in its coordinates is at +-sqrt(3).
      for (int d = 0; d < 3; ++d)
        rows[std::size_t(a)][std::size_t(q)] *=
            0.5 * (1.0 + x[d] / Hex8::gauss * Hex8::sign(a, d) / Hex8::gauss);
    }
  return rows;
}

Extrapolation of_tetrahedra() {
  using kernels::Tet10;
  double x[3], weight;
  Tet10::point(0, x, weight);
  const double far = x[0], span = 1.0 - 4.0 * far; // barycentric: `far` of three corners
  Extrapolation rows(Tet10::nodes, std::vector<double>(Tet10::points));
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t q = 0; q < 4; ++q) rows[a][q] = ((a == q ? 1.0 : 0.0) - far) / span;
  for (int edge = 0; edge < 6; ++edge)
    for (std::size_t q = 0; q < 4; ++q)
      rows[std::size_t(4 + edge)][q] = 0.5 * (rows[std::size_t(Tet10::edge_corner(edge, 0))][q] +
                                              rows[std::size_t(Tet10::edge_corner(edge, 1))][q]);
  return rows;
}

/// Sums at the nodes over all ranks, three numbers per node.
class NodeSums {
public:
  explicit NodeSums(const Mesh& mesh) : mesh_(mesh) {
    Vec local = nullptr, global = nullptr;
    LINNET_CHECK(DMCreateLocalVector(mesh.dm(), &local));
    local_.reset(local);
    LINNET_CHECK(DMCreateGlobalVector(mesh.dm(), &global));
    global_.reset(global);
  }

  /// The sums at this rank's own nodes of @p values, one triple per local node.
  std::vector<double> operator()(const std::vector<double>& values) {
    {
      const io::VecWriteArray array(local_.get());
      std::copy(values.begin(), values.end(), array.data());
    }
    LINNET_CHECK(VecZeroEntries(global_.get()));
    LINNET_CHECK(DMLocalToGlobal(mesh_.dm(), local_.get(), ADD_VALUES, global_.get()));
    const io::VecReadArray array(global_.get());
    return {array.data(), array.data() + 3 * mesh_.owned_nodes()};
  }

private:
  const Mesh& mesh_;
  core::Owned<Vec> local_, global_;
};

/// Sums over this rank's cells of the components @p first ... first + 2 taken to the nodes; those
/// that do not exist are 0.
std::vector<double> sum_at_nodes(const Mesh& mesh, const Extrapolation& rows,
                                 const PointField& field, int first) {
  const auto nodes = static_cast<std::size_t>(mesh.nodes_per_cell());
  const std::size_t points = rows.front().size();
  const int present = std::min(3, field.components - first);
  std::vector<double> sums(static_cast<std::size_t>(3 * mesh.nodes()), 0.0);
  for (std::size_t cell = 0; cell < static_cast<std::size_t>(mesh.cells()); ++cell)
    for (std::size_t a = 0; a < nodes; ++a) {
      const auto node = static_cast<std::size_t>(mesh.cell_nodes()[cell * nodes + a]);
      for (std::size_t q = 0; q < points; ++q)
        for (int c = 0; c < present; ++c)
          sums[3 * node + std::size_t(c)] +=
              rows[a][q] * field.values[(cell * points + q) * std::size_t(field.components) +
                                        std::size_t(first + c)];
    }
  return sums;
}

std::vector<double> cells_at_nodes(const Mesh& mesh) {
  std::vector<double> counts(static_cast<std::size_t>(3 * mesh.nodes()), 0.0);
  for (const PetscInt node : mesh.cell_nodes()) counts[std::size_t(3 * node)] += 1.0;
  return counts;
}

} // namespace

std::vector<double> node_means(const Mesh& mesh, const PointField& field) {
  const Extrapolation rows = mesh.shape() == CellShape::hex8 ? of_hexahedra() : of_tetrahedra();
  NodeSums over_ranks(mesh);
  const std::vector<double> counts = over_ranks(cells_at_nodes(mesh));
  const auto width = static_cast<std::size_t>(field.components);
  std::vector<double> means(width * static_cast<std::size_t>(mesh.owned_nodes()));
  for (int first = 0; first < field.components; first += 3) {
    const std::vector<double> sums = over_ranks(sum_at_nodes(mesh, rows, field, first));
    for (std::size_t i = 0; i < counts.size(); i += 3)
      for (int c = 0; c < std::min(3, field.components - first); ++c)
        means[i / 3 * width + std::size_t(first + c)] = sums[i + std::size_t(c)] / counts[i];
  }
  return means;
}

} // namespace linnet::fem
