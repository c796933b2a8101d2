// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_quadrature.hpp>

#include <linnet/fem/support/vec_views.hpp>

namespace linnet::rom {

namespace {

void take_all_points(const fem::SolidModel& model, ReducedQuadrature& quadrature) {
  const kernels::HostArray<double> weights = fem::host_copy(model.weights());
  const kernels::HostArray<int> cells = fem::host_copy(model.at_points().cell_material);
  const auto per_cell = static_cast<std::size_t>(model.points_per_cell());
  for (std::size_t i = 0; i < weights.extent(0); ++i) {
    quadrature.weights.push_back(weights(i));
    quadrature.materials.push_back(cells(i / per_cell));
  }
}

} // namespace

ReducedQuadrature quadrature_of(const SolidReducedModel& model, QuadratureKind kind) {
  ReducedQuadrature quadrature;
  quadrature.kind = kind;
  quadrature.modes = static_cast<std::size_t>(model.basis().displacement().size());
  quadrature.model = &model.basis().model();
  if (kind == QuadratureKind::ecm) {
    quadrature.weights = model.points().weights;
    quadrature.materials = model.at_points().materials;
    quadrature.strains = model.at_points().strains;
    return quadrature;
  }
  quadrature.comm = model.basis().model().mesh().comm();
  take_all_points(model.basis().model(), quadrature);
  const linalg::ColumnStore& strains = model.basis().strains();
  if (!quadrature.weights.empty())
    quadrature.strains = {strains.column(0).data(),
                          6 * quadrature.weights.size() * quadrature.modes};
  return quadrature;
}

} // namespace linnet::rom
