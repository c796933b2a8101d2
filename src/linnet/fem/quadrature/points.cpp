// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/quadrature/points.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/solid/strain.hpp>

#include <limits>
#include <string>

namespace linnet::fem {

namespace {

/// Kernels number cells and nodes of a rank by int.
int rank_cells(const Mesh& mesh) {
  LINNET_CHECK(core::ensure_kokkos());
  if (mesh.nodes() > std::numeric_limits<int>::max() / 3)
    throw core::Error(core::ExitCode::usage,
                      std::to_string(mesh.nodes()) + " nodes are too many for one rank: use more");
  return static_cast<int>(mesh.cells());
}

template <class Element>
kernels::CellGeometry geometry_of(const Mesh& mesh) {
  kernels::CellGeometry geometry;
  const int cells = rank_cells(mesh);
  kernels::make_cell_geometry<Element>(
      cells, device_copy<int>("linnet::fem::cell_nodes", mesh.cell_nodes()),
      device_copy<double>("linnet::fem::coordinates", mesh.coordinates()), geometry);
  return geometry;
}

template <class Element>
kernels::Array<double> at_points(const Mesh& mesh, std::span<const double> field, int components) {
  const int cells = rank_cells(mesh);
  const auto values = kernels::zeros<double>("linnet::fem::at_points",
                                             static_cast<std::size_t>(cells) * Element::points *
                                                 static_cast<std::size_t>(components));
  const auto nodal = device_copy<double>("linnet::fem::nodal", field);
  kernels::interpolate_to_points<Element>(
      cells, device_copy<int>("linnet::fem::cell_nodes", mesh.cell_nodes()), components,
      nodal.data(), values.data());
  Kokkos::fence();
  return values;
}

} // namespace

kernels::CellGeometry cell_geometry(const Mesh& mesh) {
  return mesh.shape() == CellShape::hex8 ? geometry_of<kernels::Hex8>(mesh)
                                         : geometry_of<kernels::Tet10>(mesh);
}

kernels::Array<double> interpolate_to_points(const Mesh& mesh, std::span<const double> field,
                                             int components) {
  if (field.size() != static_cast<std::size_t>(mesh.nodes()) * static_cast<std::size_t>(components))
    throw core::Error(core::ExitCode::internal, "a nodal field of " + std::to_string(field.size()) +
                                                    " values does not fit the mesh");
  return mesh.shape() == CellShape::hex8 ? at_points<kernels::Hex8>(mesh, field, components)
                                         : at_points<kernels::Tet10>(mesh, field, components);
}

} // namespace linnet::fem
