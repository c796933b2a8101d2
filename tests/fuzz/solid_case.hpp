// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Two cubes of a metal: the model that files of reduced models of solids are read for.
#pragma once

#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/mesh/box_mesh.hpp>
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
  /// Made with the first use; lives to the end of the program.
  static SolidCase& once() {
    static SolidCase* const one = new SolidCase;
    return *one;
  }
};

} // namespace linnet::fuzz
