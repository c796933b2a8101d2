// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/rom/solid/comparison.hpp>
#include <linnet/rom/solid/point_vector.hpp>

#include <algorithm>

namespace linnet::rom {

namespace {

double square(double x) { return x * x; }

/// |u - u_rec|^2 in the product of the modes.
double squared_miss(const Reconstruction& fields, const linalg::InnerProduct& product,
                    const OnlineHistory& history, std::size_t index, Vec truth) {
  Vec raw = nullptr;
  LINNET_CHECK(VecDuplicate(truth, &raw));
  const core::Owned<Vec> miss(raw);
  fields.displacement(history.steps[index], index, raw);
  LINNET_CHECK(VecAYPX(raw, -1.0, truth));
  return square(linalg::norm(product, raw));
}

ErrorBudget displacement_budget(const SolidReducedModel& model, const TrainingLoading& loading,
                                const OnlineHistory& reduced, const OnlineHistory* full) {
  const linalg::OrthonormalBasis& psi = model.basis().displacement();
  const linalg::InnerProduct product = psi.product();
  const Reconstruction fields(model, loading.loading, loading.lifts);
  const core::Owned<Vec> u = fem::global_vector(model.basis().model().mesh().dm());
  ErrorNorms sums;
  if (full != nullptr) sums.full_quadrature = 0.0;
  for (std::size_t k = 1; k < reduced.steps.size(); ++k) {
    const auto truth = loading.displacement.column(static_cast<PetscInt>(k) - 1);
    std::copy(truth.begin(), truth.end(), io::VecWriteArray(u.get()).data());
    sums.reference += square(linalg::norm(product, u.get()));
    sums.reduced += squared_miss(fields, product, reduced, k, u.get());
    if (full != nullptr) sums.full_quadrature += squared_miss(fields, product, *full, k, u.get());
    std::vector<double> inside(truth.begin(), truth.end());
    remove_lift(loading.loading, loading.lifts, k, inside);
    std::copy(inside.begin(), inside.end(), io::VecWriteArray(u.get()).data());
    sums.projection += square(psi.projection_error(u.get()) * linalg::norm(product, u.get()));
  }
  return error_budget(sums);
}

/// |p - Phi z|^2 over the mesh.
double squared_miss(const SolidReducedModel& model, std::span<const double> p,
                    const std::vector<double>& z) {
  const MPI_Comm comm = model.basis().model().mesh().comm();
  std::vector<double> fitted(p.size());
  reconstruct(model.basis().plastic_strain().columns().matrix().get(), z, fitted);
  return square(
      linalg::norm(model.basis().products().points(), difference_of(comm, p, fitted).get()));
}

GappyBudget plastic_strain_budget(const SolidReducedModel& model, const TrainingLoading& loading,
                                  const OnlineHistory& reduced) {
  if (!model.plastic_strain_fit()) return {};
  const MPI_Comm comm = model.basis().model().mesh().comm();
  GappyNorms sums;
  for (std::size_t k = 1; k < reduced.steps.size(); ++k) {
    const auto p = loading.plastic_strain.column(static_cast<PetscInt>(k) - 1);
    const core::Owned<Vec> truth = vector_of(comm, p);
    const double size = linalg::norm(model.basis().products().points(), truth.get());
    sums.reference += square(size);
    sums.projection += square(size * model.basis().plastic_strain().projection_error(truth.get()));
    const auto exact = model.plastic_strain_fit()->fit(model.gather()(p, 1));
    sums.exact_values += squared_miss(model, p, exact.coefficients);
    sums.reduced_values += squared_miss(model, p, reduced.steps[k].plastic_strain);
  }
  return gappy_budget(sums);
}

} // namespace

SolidErrorBudget solid_error_budget(const SolidReducedModel& model, const TrainingLoading& loading,
                                    const OnlineHistory& reduced, const OnlineHistory* full) {
  return {displacement_budget(model, loading, reduced, full),
          plastic_strain_budget(model, loading, reduced)};
}

} // namespace linnet::rom
