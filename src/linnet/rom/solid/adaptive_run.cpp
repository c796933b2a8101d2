// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/adaptive_run.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/log.hpp>
#include <linnet/fem/support/log_event.hpp>
#include <linnet/fem/support/stopwatch.hpp>
#include <linnet/rom/solid/adaptive_call.hpp>
#include <linnet/rom/solid/pre_enrichment.hpp>

#include <algorithm>
#include <cmath>
#include <span>

namespace linnet::rom {

namespace {

double length(std::span<const double> v) {
  double sum = 0.0;
  for (const double value : v) sum += value * value;
  return std::sqrt(sum);
}

} // namespace

AdaptiveRun::AdaptiveRun(SolidReducedModel& model, const AdaptiveProblem& problem,
                         const AdaptiveOptions& options)
    : model_(&model), problem_(problem), options_(options) {
  check(options_);
  if (&model.basis().model() != &solid())
    throw core::Error(core::ExitCode::internal,
                      "an adaptive run needs the reduced model of its solver's solid");
}

double AdaptiveRun::time(int step) const {
  return problem_.decomposed.times()[static_cast<std::size_t>(step)];
}

void AdaptiveRun::start() {
  state_ = {};
  Kokkos::deep_copy(solid().old_state(), 0.0);
  if (options_.pre_enrich) {
    const PreEnrichment found = pre_enrich(*model_, problem_.loading, problem_.decomposed,
                                           problem_.lifts, options_.basis.displacement_tolerance);
    state_.costs.pre_enrichment_seconds = found.seconds;
    state_.costs.pre_enrichment_steps = found.steps;
    state_.costs.pre_enrichment_modes = found.modes;
  }
  rebuild_reduced();
  state_.history.name = options_.name;
  OnlineStep begin;
  begin.time = time(0);
  begin.displacement.assign(reduced_->modes(), 0.0);
  state_.history.steps.push_back(std::move(begin));
}

void AdaptiveRun::resume(AdaptiveState state) {
  rebuild_reduced();
  const int done = static_cast<int>(state.history.steps.size()) - 1;
  core::together(solid().mesh().comm(), [&] {
    if (done < 0 || done > steps() || state.mesh_step < 0 || state.mesh_step > done ||
        state.coefficients.size() != reduced_->modes() ||
        state.point_state.size() != reduced_->state().size())
      core::throw_data("the state of an adaptive run does not fit its model and its loading; "
                       "restart with the options of before, or start anew");
  });
  reduced_->set(state.coefficients, state.point_state);
  state_ = std::move(state);
}

AdaptiveState AdaptiveRun::state() const {
  AdaptiveState state = state_;
  state.coefficients = reduced_->coefficients();
  state.point_state = reduced_->state();
  return state;
}

// Made anew and not updated: the products of forces and modes are then those of a restart to the
// last bit, whatever the order in which modes came.
void AdaptiveRun::rebuild_reduced() {
  const ReducedQuadrature quadrature = quadrature_of(*model_, options_.quadrature);
  loads_.emplace(*model_, quadrature, problem_.decomposed, problem_.lifts);
  reduced_.emplace(quadrature, options_.newton);
}

const OnlineStep& AdaptiveRun::advance() {
  const int step = done() + 1;
  if (step > steps())
    throw core::Error(core::ExitCode::internal, "all steps of the loading are done");
  Prediction prediction = predict(step);
  const CallReason reason = reason_to_call(prediction);
  if (reason == CallReason::none)
    accept(std::move(prediction));
  else
    call_mesh(step, reason, prediction);
  return state_.history.steps.back();
}

AdaptiveRun::Prediction AdaptiveRun::predict(int step) {
  const fem::LogEvent event(core::events().rom_reduced);
  const fem::Stopwatch watch(state_.costs.reduced_seconds);
  Prediction result;
  try {
    const ReducedOutcome outcome = reduced_->step(*loads_, step);
    result.end = online_step(*model_, time(step), reduced_->trial_coefficients(),
                             at_model_points(reduced_->trial_plastic_strain(), 1),
                             at_model_points(reduced_->trial_stress(), 6));
    result.end.iterations = outcome.iterations;
    result.substeps = outcome.substeps;
  } catch (const core::Error& error) {
    if (error.code() != core::ExitCode::not_converged) throw;
    result.failure = error.what();
  }
  return result;
}

// Modes of p are orthonormal over the mesh, so that the length of its coefficients is its norm.
bool AdaptiveRun::outgrown(const OnlineStep& end) const {
  const std::vector<OnlineStep>& steps = state_.history.steps;
  const auto last = std::find_if(steps.rbegin(), steps.rend(),
                                 [](const OnlineStep& step) { return step.high_fidelity; });
  if (last == steps.rend()) return false;
  const double norm = length(end.plastic_strain);
  const double least = no_plastic_strain * std::sqrt(model_->basis().products().volume());
  return norm > least && norm > options_.growth * length(last->plastic_strain);
}

// Ranks have the same numbers as long as their processors round alike; a step that some of them
// took without the mesh would leave the others waiting for ever, so they agree.
CallReason AdaptiveRun::reason_to_call(const Prediction& prediction) const {
  const double bound =
      state_.insisting ? options_.target_low.value_or(options_.target) : options_.target;
  CallReason mine = CallReason::none;
  // A step in parts has another history than its end alone, from which replay would rebuild it.
  if (!prediction.failure.empty() || (std::isfinite(bound) && prediction.substeps > 1))
    mine = CallReason::newton;
  else if (prediction.end.estimate > bound)
    mine = CallReason::estimate;
  else if (std::isfinite(bound) && outgrown(prediction.end))
    mine = CallReason::growth;
  int reason = static_cast<int>(mine);
  MPI_Allreduce(MPI_IN_PLACE, &reason, 1, MPI_INT, MPI_MAX, solid().mesh().comm());
  return static_cast<CallReason>(reason);
}

void AdaptiveRun::accept(Prediction&& prediction) {
  reduced_->accept();
  state_.history.steps.push_back(std::move(prediction.end));
  state_.insisting = false;
}

} // namespace linnet::rom
