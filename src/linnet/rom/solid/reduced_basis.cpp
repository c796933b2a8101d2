// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_basis.hpp>

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/rom/solid/point_vector.hpp>

#include <algorithm>

namespace linnet::rom {

SolidBasis::SolidBasis(const fem::SolidModel& model, const SolidProducts& products,
                       BasisModes modes)
    : model_(&model), products_(&products),
      displacement_(modes.displacement.get(), products.displacement()),
      plastic_strain_(modes.plastic_strain.get(), products.points()),
      stress_(modes.stress.get(), products.tensors()),
      strains_(model.mesh().comm(), 6 * model.points()),
      stress_rows_(modes.stress_rows.get()), values_{std::move(modes.displacement_values),
                                                     std::move(modes.plastic_strain_values),
                                                     std::move(modes.stress_values)},
      supports_(modes.supports) {
  append_strains(0);
}

void SolidBasis::append_strains(PetscInt first) {
  const core::Owned<Vec> mode = fem::global_vector(model_->mesh().dm());
  const auto strain =
      kernels::zeros<double>("linnet::rom::strain", 6 * static_cast<std::size_t>(model_->points()));
  strains_.reserve(displacement_.size());
  for (PetscInt k = first; k < displacement_.size(); ++k) {
    const auto column = displacement_.columns().column(k);
    std::copy(column.begin(), column.end(), io::VecWriteArray(mode.get()).data());
    model_->strain(mode.get(), strain);
    const kernels::HostArray<double> host = fem::host_copy(strain);
    strains_.append(std::span<const double>(host.data(), host.extent(0)));
  }
}

bool SolidBasis::append_displacement(Vec u, double tolerance) {
  const PetscInt before = displacement_.size();
  if (!displacement_.append(u, tolerance)) return false;
  append_strains(before);
  return true;
}

bool SolidBasis::append_plastic_strain(std::span<const double> p, double tolerance) {
  return plastic_strain_.append(vector_of(model_->mesh().comm(), p).get(), tolerance);
}

void SolidBasis::append_stress(std::span<const double> stress, double tolerance) {
  stress_rows_.append(stress);
  stress_.append(vector_of(model_->mesh().comm(), stress).get(), tolerance);
}

BasisSizes SolidBasis::sizes() const {
  return {displacement_.size(), plastic_strain_.size(), stress_.size(), stress_rows_.size()};
}

void SolidBasis::truncate(const BasisSizes& sizes) {
  displacement_.truncate(sizes.displacement);
  strains_.truncate(sizes.displacement);
  plastic_strain_.truncate(sizes.plastic_strain);
  stress_.truncate(sizes.stress);
  stress_rows_.truncate(sizes.stress_rows);
}

} // namespace linnet::rom
