// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_run.hpp>

#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/gemm.hpp>

#include <algorithm>

namespace linnet::rom {

namespace {

double largest(const OnlineHistory& history, double OnlineStep::*value) {
  double most = 0.0;
  for (const OnlineStep& step : history.steps) most = std::max(most, step.*value);
  return most;
}

/// sum_k c_k column_k of the first modes, for a step from before the basis grew.
void combine(const linalg::ColumnStore& modes, const std::vector<double>& c, double* to) {
  const PetscInt rows = modes.local_rows();
  std::fill_n(to, rows, 0.0);
  if (rows > 0 && !c.empty())
    linalg::gemm('N', 'N', rows, 1, static_cast<std::int64_t>(c.size()), 1.0,
                 modes.column(0).data(), rows, c.data(), static_cast<std::int64_t>(c.size()), 0.0,
                 to, rows);
}

/// p and stress of a trial state at the points of the model.
struct AtPoints {
  std::vector<double> plastic_strain, stress;
};

AtPoints at_points(const SolidReducedModel& model, QuadratureKind kind, const ReducedSolid& solid) {
  if (kind == QuadratureKind::ecm) return {solid.trial_plastic_strain(), solid.trial_stress()};
  return {model.gather()(solid.trial_plastic_strain(), 1), model.gather()(solid.trial_stress(), 6)};
}

} // namespace

double OnlineHistory::largest_indicator() const { return largest(*this, &OnlineStep::indicator); }
double OnlineHistory::largest_estimate() const { return largest(*this, &OnlineStep::estimate); }

Reconstruction::Reconstruction(const SolidReducedModel& model, const DecomposedLoading& loading,
                               const linalg::ColumnStore& lifts)
    : model_(&model), loading_(&loading), lifts_(&lifts) {}

void Reconstruction::displacement(const OnlineStep& step, std::size_t index, Vec u) const {
  const linalg::ColumnStore& psi = model_->basis().displacement().columns();
  const io::VecWriteArray to(u);
  combine(psi, step.displacement, to.data());
  add_lift(*loading_, *lifts_, index, {to.data(), static_cast<std::size_t>(psi.local_rows())});
}

void Reconstruction::plastic_strain(const OnlineStep& step, std::span<double> p) const {
  combine(model_->basis().plastic_strain().columns(), step.plastic_strain, p.data());
}

void Reconstruction::stress(const OnlineStep& step, std::span<double> stress) const {
  combine(model_->basis().stress().columns(), step.stress, stress.data());
}

OnlineStep online_step(const SolidReducedModel& model, double time,
                       std::vector<double> coefficients, std::span<const double> plastic_strain,
                       std::span<const double> stress) {
  OnlineStep end;
  end.time = time;
  end.displacement = std::move(coefficients);
  Indication indication = indicate(model, plastic_strain);
  end.plastic_strain = std::move(indication.coefficients);
  end.indicator = indication.indicator;
  end.estimate = indication.estimate;
  if (model.stress_fit()) end.stress = model.stress_fit()->fit(stress).coefficients;
  return end;
}

OnlineHistory run_reduced(const SolidReducedModel& model, QuadratureKind kind,
                          const DecomposedLoading& loading, const linalg::ColumnStore& lifts,
                          const ReducedNewtonOptions& options, const StepObserver& after) {
  const ReducedQuadrature quadrature = quadrature_of(model, kind);
  const ReducedLoading loads(model, quadrature, loading, lifts);
  ReducedSolid solid(quadrature, options);
  OnlineHistory history;
  OnlineStep begin;
  begin.time = loading.times().front();
  begin.displacement.assign(solid.modes(), 0.0);
  history.steps.push_back(std::move(begin));
  for (int step = 1; step <= loading.steps(); ++step) {
    const double start = MPI_Wtime();
    const ReducedOutcome outcome = solid.step(loads, step);
    const AtPoints values = at_points(model, kind, solid);
    history.steps.push_back(online_step(model, loading.times()[static_cast<std::size_t>(step)],
                                        solid.trial_coefficients(), values.plastic_strain,
                                        values.stress));
    history.steps.back().iterations = outcome.iterations;
    solid.accept();
    history.seconds += MPI_Wtime() - start;
    if (after) after(step, history.steps.back());
  }
  return history;
}

} // namespace linnet::rom
