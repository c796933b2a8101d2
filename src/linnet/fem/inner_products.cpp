// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/inner_products.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/fem/quadrature/with_element.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/allocation.hpp>
#include <linnet/kernels/solid/scalar_blocks.hpp>

#include <cmath>

namespace linnet::fem {

namespace {

kernels::Array<double> blocks_of(const Mesh& mesh, double mass, double stiffness) {
  LINNET_CHECK(core::ensure_kokkos());
  const auto nodes = device_copy<int>("linnet::fem::cell_nodes", mesh.cell_nodes());
  const auto coordinates = device_copy<double>("linnet::fem::coordinates", mesh.coordinates());
  const auto n = static_cast<std::size_t>(mesh.nodes_per_cell());
  const auto blocks = kernels::zeros<double>("linnet::fem::scalar_blocks",
                                             static_cast<std::size_t>(mesh.cells()) * n * n);
  with_element(mesh.shape(), [&](auto element) {
    kernels::scalar_blocks<decltype(element)>(static_cast<int>(mesh.cells()), nodes, coordinates,
                                              mass, stiffness, blocks);
  });
  return blocks;
}

/// Rows of this rank are its owned nodes.
core::Owned<Mat> assemble(const Mesh& mesh, const kernels::Array<double>& blocks) {
  Mat raw = nullptr;
  LINNET_CHECK(MatCreate(mesh.comm(), &raw));
  core::Owned<Mat> matrix(raw);
  LINNET_CHECK(
      MatSetSizes(raw, mesh.owned_nodes(), mesh.owned_nodes(), PETSC_DETERMINE, PETSC_DETERMINE));
  LINNET_CHECK(MatSetType(raw, MATAIJ));
  const auto n = static_cast<std::size_t>(mesh.nodes_per_cell());
  const std::size_t cells = static_cast<std::size_t>(mesh.cells());
  std::vector<PetscInt> rows, columns;
  rows.reserve(cells * n * n);
  columns.reserve(cells * n * n);
  for (std::size_t cell = 0; cell < cells; ++cell)
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b) {
        const auto node = [&](std::size_t i) {
          return mesh.global_nodes()[static_cast<std::size_t>(mesh.cell_nodes()[cell * n + i])];
        };
        rows.push_back(node(a));
        columns.push_back(node(b));
      }
  LINNET_CHECK(MatSetPreallocationCOO(raw, static_cast<PetscCount>(rows.size()), rows.data(),
                                      columns.data()));
  const kernels::HostArray<double> host = host_copy(blocks);
  LINNET_CHECK(MatSetValuesCOO(raw, host.data(), INSERT_VALUES));
  LINNET_CHECK(MatSetOption(raw, MAT_SYMMETRIC, PETSC_TRUE));
  return matrix;
}

core::Owned<Mat> scalar_product(const Mesh& mesh, double mass, double stiffness) {
  return assemble(mesh, blocks_of(mesh, mass, stiffness));
}

/// Sum of all entries of the mass matrix.
double volume_of(Mat mass) {
  Vec ones = nullptr, image = nullptr;
  LINNET_CHECK(MatCreateVecs(mass, &ones, &image));
  const core::Owned<Vec> one(ones), product(image);
  LINNET_CHECK(VecSet(ones, 1.0));
  LINNET_CHECK(MatMult(mass, ones, image));
  PetscScalar volume = 0.0;
  LINNET_CHECK(VecSum(image, &volume));
  return volume;
}

} // namespace

core::Owned<Mat> displacement_product(const Mesh& mesh, DisplacementProduct product) {
  core::Owned<Mat> scalar = scalar_product(mesh, 1.0, 0.0);
  if (product == DisplacementProduct::h1) {
    const double length = std::cbrt(volume_of(scalar.get()));
    scalar = scalar_product(mesh, 1.0 / (length * length), 1.0);
  }
  Mat three = nullptr;
  LINNET_CHECK(MatCreateMAIJ(scalar.get(), 3, &three));
  return core::Owned<Mat>(three);
}

} // namespace linnet::fem
