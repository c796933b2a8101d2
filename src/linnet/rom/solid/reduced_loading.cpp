// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_loading.hpp>

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/rom/point_values.hpp>
#include <linnet/rom/solid/supports.hpp>

#include <algorithm>

namespace linnet::rom {

namespace {

linalg::ColumnStore strains_of(const fem::SolidModel& model, const linalg::ColumnStore& fields) {
  linalg::ColumnStore strains(fields.comm(), 6 * model.points());
  if (fields.size() == 0) return strains;
  const core::Owned<Vec> u = fem::global_vector(model.mesh().dm());
  const auto strain = kernels::zeros<double>("linnet::rom::lift_strain",
                                             6 * static_cast<std::size_t>(model.points()));
  for (PetscInt k = 0; k < fields.size(); ++k) {
    const auto column = fields.column(k);
    std::copy(column.begin(), column.end(), io::VecWriteArray(u.get()).data());
    model.strain(u.get(), strain);
    const kernels::HostArray<double> host = fem::host_copy(strain);
    strains.append(std::span<const double>(host.data(), host.extent(0)));
  }
  return strains;
}

/// Fields at the points of the quadrature, by columns.
std::vector<double> at_points(const SolidReducedModel& model, QuadratureKind kind,
                              const linalg::ColumnStore& fields, PetscInt components) {
  if (fields.size() == 0) return {};
  if (kind == QuadratureKind::ecm)
    return values_at(fields.matrix().get(), model.numbering().points, model.points().points,
                     components);
  std::vector<double> values;
  for (PetscInt k = 0; k < fields.size(); ++k) {
    const auto column = fields.column(k);
    values.insert(values.end(), column.begin(), column.end());
  }
  return values;
}

/// sum_k factor_k column_k.
void combine(const std::vector<double>& columns, std::span<const double> factors,
             std::vector<double>& sum) {
  std::fill(sum.begin(), sum.end(), 0.0);
  for (std::size_t k = 0; k < factors.size(); ++k)
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factors[k] * columns[k * sum.size() + i];
}

/// Factors between two times.
std::vector<double> between(const LoadTerms& terms, int step, double part) {
  const auto old = terms.at(static_cast<std::size_t>(step - 1)),
             end = terms.at(static_cast<std::size_t>(step));
  std::vector<double> factors(end.begin(), end.end());
  if (part < 1.0)
    for (std::size_t k = 0; k < factors.size(); ++k)
      factors[k] = (1.0 - part) * old[k] + part * end[k];
  return factors;
}

} // namespace

ReducedLoading::ReducedLoading(const SolidReducedModel& model, const ReducedQuadrature& quadrature,
                               const DecomposedLoading& loading, const linalg::ColumnStore& lifts)
    : loading_(&loading), lift_fields_(strains_of(model.basis().model(), lifts)) {
  require_supports(model, loading);
  update(model, quadrature);
}

void ReducedLoading::update(const SolidReducedModel& model, const ReducedQuadrature& quadrature) {
  points_ = quadrature.points();
  temperature_ = at_points(model, quadrature.kind, loading_->temperature().fields, 1);
  lift_strain_ = at_points(model, quadrature.kind, lift_fields_, 6);
  project_forces(model.basis().displacement().columns());
}

/// Psi_j^T F_k for the modes that are new.
void ReducedLoading::project_forces(const linalg::ColumnStore& modes) {
  const linalg::ColumnStore& forces = loading_->force().fields;
  const auto terms = static_cast<std::size_t>(forces.size());
  const auto all = static_cast<std::size_t>(modes.size()), added = all - modes_;
  const PetscInt rows = modes.local_rows();
  std::vector<double> products(terms * added, 0.0);
  if (rows > 0 && !products.empty())
    linalg::gemm('T', 'N', forces.size(), static_cast<std::int64_t>(added), rows, 1.0,
                 forces.column(0).data(), rows, modes.column(static_cast<PetscInt>(modes_)).data(),
                 rows, 0.0, products.data(), forces.size());
  linalg::sum_over_ranks(modes.comm(), products);
  force_.insert(force_.end(), products.begin(), products.end());
  modes_ = all;
}

void ReducedLoading::at(int step, double part, ReducedLoad& load) const {
  load.temperature.resize(points_);
  combine(temperature_, between(loading_->temperature(), step, part), load.temperature);
  load.lift_strain.resize(lift_strain_.empty() ? 0 : 6 * points_);
  combine(lift_strain_, between(loading_->held(), step, part), load.lift_strain);
  const std::vector<double> factors = between(loading_->force(), step, part);
  load.force.assign(modes_, 0.0);
  for (std::size_t j = 0; j < modes_; ++j)
    for (std::size_t k = 0; k < factors.size(); ++k)
      load.force[j] += factors[k] * force_[factors.size() * j + k];
}

} // namespace linnet::rom
