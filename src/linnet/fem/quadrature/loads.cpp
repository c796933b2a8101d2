// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/quadrature/loads.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/quadrature/with_element.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/solid/cell_geometry.hpp>

#include <cmath>
#include <string>

namespace linnet::fem {

namespace {

using core::Real3;

/// Nodal forces summed over the ranks.
core::Owned<Vec> assembled(const Mesh& mesh, Vec local) {
  core::Owned<Vec> force = global_vector(mesh.dm());
  LINNET_CHECK(DMLocalToGlobal(mesh.dm(), local, ADD_VALUES, force.get()));
  return force;
}

Real3 position(const Mesh& mesh, std::span<const PetscInt> nodes, const double* shape) {
  Real3 x{};
  for (std::size_t a = 0; a < nodes.size(); ++a)
    for (std::size_t c = 0; c < 3; ++c)
      x[c] += shape[a] * mesh.coordinates()[3 * static_cast<std::size_t>(nodes[a]) + c];
  return x;
}

void add_weighted(std::span<const PetscInt> nodes, const double* shape, double weight,
                  const Real3& value, const HostValues& to) {
  for (std::size_t a = 0; a < nodes.size(); ++a)
    for (std::size_t c = 0; c < 3; ++c)
      to[3 * nodes[a] + static_cast<PetscInt>(c)] += weight * shape[a] * value[c];
}

Real3 cross(const Real3& a, const Real3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
double dot(const Real3& a, const Real3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

std::span<const PetscInt> nodes_of_cell(const Mesh& mesh, PetscInt cell) {
  const auto count = static_cast<std::size_t>(mesh.nodes_per_cell());
  return mesh.cell_nodes().subspan(static_cast<std::size_t>(cell) * count, count);
}

/// Outward normal times the area per reference area.
template <class Element>
Real3 area_vector(const Mesh& mesh, std::span<const PetscInt> nodes, const double* s) {
  double g[2 * Element::face_nodes];
  Element::face_gradients(s, g);
  Real3 tangent[2] = {};
  for (std::size_t a = 0; a < nodes.size(); ++a)
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t d = 0; d < 2; ++d)
        tangent[d][c] +=
            g[2 * a + d] * mesh.coordinates()[3 * static_cast<std::size_t>(nodes[a]) + c];
  return cross(tangent[0], tangent[1]);
}

template <class Element>
void add_face(const Mesh& mesh, const CellFace& face, const Traction& traction,
              const HostValues& to) {
  PetscInt nodes[Element::face_nodes];
  const auto cell_nodes = nodes_of_cell(mesh, face.cell);
  const auto side = side_nodes(mesh.shape(), face.side);
  for (std::size_t a = 0; a < side.size(); ++a)
    nodes[a] = cell_nodes[static_cast<std::size_t>(side[a])];
  for (int q = 0; q < Element::face_points; ++q) {
    double s[2], weight, shape[Element::face_nodes];
    Element::face_point(q, s, weight);
    Element::face_values(s, shape);
    Real3 normal = area_vector<Element>(mesh, nodes, s);
    const double area = std::sqrt(dot(normal, normal));
    for (double& component : normal) component /= area;
    add_weighted(nodes, shape, weight * area, traction(position(mesh, nodes, shape), normal), to);
  }
}

template <class Element>
void add_cell(const Mesh& mesh, PetscInt cell, double density, const PointVector& acceleration,
              const HostValues& to) {
  const auto nodes = nodes_of_cell(mesh, cell);
  int local[Element::nodes];
  for (std::size_t a = 0; a < nodes.size(); ++a) local[a] = static_cast<int>(nodes[a]);
  for (int q = 0; q < Element::load_points; ++q) {
    double x[3], weight, shape[Element::nodes], g[3 * Element::nodes], j[9], inverse[9];
    Element::load_point(q, x, weight);
    Element::values(x, shape);
    Element::gradients(x, g);
    kernels::detail::jacobian<Element::nodes>(g, local, mesh.coordinates().data(), j);
    weight *= kernels::detail::invert(j, inverse) * density;
    add_weighted(nodes, shape, weight, acceleration(position(mesh, nodes, shape)), to);
  }
}

} // namespace

core::Owned<Vec> traction_load(const Mesh& mesh, std::string_view group, const Traction& traction) {
  const core::Owned<Vec> local = local_vector(mesh.dm());
  core::together(mesh.comm(), [&] {
    const HostValues to(local.get());
    for (const CellFace& face : mesh.faces(group))
      with_element(mesh.shape(),
                   [&](auto element) { add_face<decltype(element)>(mesh, face, traction, to); });
  });
  return assembled(mesh, local.get());
}

core::Owned<Vec> pressure_load(const Mesh& mesh, std::string_view group, double pressure) {
  return traction_load(mesh, group, [&](const Real3&, const Real3& normal) {
    return Real3{-pressure * normal[0], -pressure * normal[1], -pressure * normal[2]};
  });
}

core::Owned<Vec> body_load(const Mesh& mesh, std::span<const double> densities,
                           const PointVector& acceleration) {
  if (densities.size() != mesh.regions().size())
    throw core::Error(core::ExitCode::usage,
                      std::to_string(densities.size()) + " densities are given for " +
                          std::to_string(mesh.regions().size()) +
                          " regions: give one for each region, in their order");
  const core::Owned<Vec> local = local_vector(mesh.dm());
  core::together(mesh.comm(), [&] {
    const HostValues to(local.get());
    for (PetscInt cell = 0; cell < mesh.cells(); ++cell) {
      const int region = mesh.cell_regions()[static_cast<std::size_t>(cell)];
      with_element(mesh.shape(), [&](auto element) {
        add_cell<decltype(element)>(mesh, cell, densities[static_cast<std::size_t>(region)],
                                    acceleration, to);
      });
    }
  });
  return assembled(mesh, local.get());
}

core::Owned<Vec> centrifugal_load(const Mesh& mesh, std::span<const double> densities, double omega,
                                  const Real3& point, const Real3& direction) {
  const double square = dot(direction, direction);
  if (!(square > 0.0) || !std::isfinite(square))
    core::throw_usage("the direction of an axis of rotation is zero or not finite: give a vector");
  return body_load(mesh, densities, [&](const Real3& x) {
    const Real3 arm{x[0] - point[0], x[1] - point[1], x[2] - point[2]};
    const double along = dot(arm, direction) / square;
    Real3 acceleration;
    for (std::size_t c = 0; c < 3; ++c)
      acceleration[c] = omega * omega * (arm[c] - along * direction[c]);
    return acceleration;
  });
}

} // namespace linnet::fem
