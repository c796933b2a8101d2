// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_model.hpp>

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/point_values.hpp>

#include <cmath>

namespace linnet::rom {

namespace {

std::vector<int> materials_of_points(const fem::SolidModel& model) {
  const kernels::HostArray<int> cells = fem::host_copy(model.at_points().cell_material);
  const auto per_cell = static_cast<std::size_t>(model.points_per_cell());
  std::vector<int> materials(static_cast<std::size_t>(model.points()));
  for (std::size_t i = 0; i < materials.size(); ++i) materials[i] = cells(i / per_cell);
  return materials;
}

} // namespace

SolidReducedModel::SolidReducedModel(SolidBasis basis, const CubatureOptions& cubature)
    : basis_(std::move(basis)), numbering_(basis_.model()), cubature_(cubature),
      points_(choose_points(basis_, numbering_, cubature_)) {
  take_to_points();
}

SolidReducedModel::SolidReducedModel(SolidBasis basis, const CubatureOptions& cubature,
                                     ReducedPoints points)
    : basis_(std::move(basis)), numbering_(basis_.model()), cubature_(cubature),
      points_(std::move(points)) {
  take_to_points();
}

void SolidReducedModel::update() {
  points_ = choose_points(basis_, numbering_, cubature_, &points_.rule);
  take_to_points();
}

void SolidReducedModel::take_back(const BasisSizes& sizes, const ReducedPoints& points) {
  basis_.truncate(sizes);
  points_ = points;
  take_to_points();
}

void SolidReducedModel::take_to_points() {
  const MPI_Comm comm = basis_.model().mesh().comm();
  const std::vector<std::int64_t>& points = points_.points;
  gather_.emplace(comm, numbering_.points, points);
  const auto values = [&](const linalg::ColumnStore& fields, PetscInt components) {
    if (fields.size() == 0) return std::vector<double>();
    return values_at(fields.matrix().get(), numbering_.points, points, components);
  };
  at_points_.strains = values(basis_.strains(), 6);
  at_points_.plastic_strain = values(basis_.plastic_strain().columns(), 1);
  at_points_.stress = values(basis_.stress().columns(), 6);
  at_points_.materials = (*gather_)(std::span<const int>(materials_of_points(basis_.model())));
  p_fit_.reset();
  stress_fit_.reset();
  const std::size_t m = points.size();
  if (!at_points_.plastic_strain.empty())
    p_fit_.emplace(m, at_points_.plastic_strain.size() / m, at_points_.plastic_strain,
                   no_plastic_strain);
  if (!at_points_.stress.empty())
    stress_fit_.emplace(6 * m, at_points_.stress.size() / (6 * m), at_points_.stress);
}

SolidReducedModel train_reduced_model(const fem::SolidModel& model, const SolidProducts& products,
                                      std::span<const TrainingPart> loadings,
                                      const TrainingOptions& options) {
  const SolidNumbering numbering(model);
  return {SolidBasis::train(model, products, numbering, loadings, options.basis), options.cubature};
}

} // namespace linnet::rom
