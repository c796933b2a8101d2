// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Two cubes of a metal: the model that files of reduced models of solids are read for.
#pragma once

#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
#include <linnet/rom/solid/decomposed_loading.hpp>
#include <linnet/rom/solid/solid_products.hpp>

namespace linnet::fuzz {

struct SolidCase {
  fem::Mesh mesh = fem::make_box_mesh(PETSC_COMM_SELF, options());
  fem::Materials materials = metal();
  fem::SolidModel model{mesh, materials};
  rom::SolidProducts products{model, fem::DisplacementProduct::l2};

  static fem::BoxMeshOptions options() {
    fem::BoxMeshOptions options;
    options.cells = {1, 1, 2};
    return options;
  }
  static fem::Materials metal() {
    fem::MaterialTable table;
    table.name = "metal";
    table.everywhere = true;
    table.temperature = {20};
    table.young = {2e5};
    table.poisson = {0.3};
    table.expansion = {1e-5};
    table.yield = {200};
    table.voce = {0};
    table.voce_rate = {0};
    table.hardening = {1000};
    table.reference_temperature = 20;
    return fem::Materials({table});
  }
  /// One temperature, one force, a held side; the fields themselves are of no account.
  [[nodiscard]] rom::DecomposedLoading loading() const {
    const std::vector<double> times{0, 1, 2, 3, 4};
    const PetscInt unknowns = 3 * mesh.owned_nodes();
    rom::LoadTerms temperature{linalg::ColumnStore(PETSC_COMM_SELF, model.points()), {}},
        force{linalg::ColumnStore(PETSC_COMM_SELF, unknowns), {}},
        held{linalg::ColumnStore(PETSC_COMM_SELF, unknowns), {}};
    for (double& t : temperature.fields.append()) t = 20.0;
    temperature.factors.assign(times.size(), 1.0);
    for (double& f : force.fields.append()) f = 0.5;
    force.factors = times;
    std::vector<double> flags(static_cast<std::size_t>(unknowns), 0.0);
    for (std::size_t i = 0; i < 12; ++i) flags[i] = 1.0;
    return {times, std::move(temperature), std::move(force), std::move(held), std::move(flags)};
  }
  /// Made with the first use; lives to the end of the program.
  static SolidCase& once() {
    static SolidCase* const one = new SolidCase;
    return *one;
  }
};

} // namespace linnet::fuzz
