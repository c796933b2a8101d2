// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The steps on the mesh of an adaptive run.
#include <linnet/rom/solid/adaptive_call.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/log.hpp>
#include <linnet/fem/support/log_event.hpp>
#include <linnet/fem/support/stopwatch.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/enrichment.hpp>
#include <linnet/rom/solid/replay.hpp>

#include <sstream>

namespace linnet::rom {

void AdaptiveRun::call_mesh(int step, CallReason reason, const Prediction& prediction) {
  require_calls(step, reason, prediction);
  HighFidelityCall call;
  call.step = step;
  call.reason = reason;
  call.indicator = prediction.end.indicator;
  call.estimate = prediction.end.estimate;
  replay_to(step - 1, call);
  const core::Owned<Vec> u = displacement(reduced_->coefficients(), step - 1);
  const kernels::HostArray<double> before = Kokkos::create_mirror(solid().old_state());
  Kokkos::deep_copy(before, solid().old_state());
  try {
    solve_on_mesh(prediction, u.get(), call);
    learn(step, u.get(), call);
  } catch (const core::Error&) {
    Kokkos::deep_copy(solid().old_state(), before);
    state_.mesh_step = step - 1;
    throw;
  }
  if (reason == CallReason::newton) ++state_.costs.reduced_failures;
  state_.costs.calls.push_back(call);
  state_.insisting = options_.target_low.has_value();
}

void AdaptiveRun::require_calls(int step, CallReason reason, const Prediction& prediction) const {
  if (static_cast<int>(state_.costs.calls.size()) < options_.most_calls) return;
  std::ostringstream text;
  text << "step " << step << " (t = " << time(step) << ") needs the mesh, ";
  if (reason == CallReason::estimate)
    text << "its error is estimated as " << prediction.end.estimate;
  else if (reason == CallReason::growth)
    text << "its plastic strain is more than " << options_.growth
         << " times that of the last step there";
  else
    text << "the reduced model has no equilibrium in one step";
  text << ", but all " << options_.most_calls
       << " steps of -rom_max_hf are spent; raise it, or -rom_target, or train the model with a "
          "loading like this one";
  throw core::Error(core::ExitCode::not_converged, text.str());
}

// Each step that is done moves mesh_step, so that a failure leaves a state that belongs to it.
void AdaptiveRun::replay_to(int step, HighFidelityCall& call) {
  const fem::LogEvent event(core::events().rom_replay);
  const fem::Stopwatch watch(call.replay_seconds);
  while (state_.mesh_step < step) {
    const int next = state_.mesh_step + 1;
    const auto& gamma = state_.history.steps[static_cast<std::size_t>(next)].displacement;
    replay_step(solid(), problem_.loading, problem_.decomposed, next,
                displacement(gamma, next).get());
    state_.mesh_step = next;
    ++call.replayed;
  }
}

// Parts of a step are committed as they are solved.
void AdaptiveRun::solve_on_mesh(const Prediction& prediction, Vec u, HighFidelityCall& call) {
  const fem::LogEvent event(core::events().rom_mesh_step);
  const fem::Stopwatch watch(call.solve_seconds);
  const core::Owned<Vec> guess = call.reason == CallReason::newton
                                     ? nullptr
                                     : displacement(prediction.end.displacement, call.step);
  const fem::StepOutcome outcome = problem_.solver.step(
      problem_.loading, time(call.step - 1), time(call.step), u, guess ? guess.get() : u);
  call.newton = outcome.newton;
  call.linear = outcome.linear;
  call.substeps = outcome.substeps;
  state_.mesh_step = call.step;
}

// The reduced solid refers to the values of the modes at the points, which come and go.
Enrichment AdaptiveRun::enrich_or_keep(Vec u) {
  try {
    return enrich(*model_, solid(), u, options_.basis);
  } catch (const core::Error&) {
    const std::vector<double> coefficients = reduced_->coefficients(), state = reduced_->state();
    rebuild_reduced();
    reduced_->set(coefficients, state);
    throw;
  }
}

void AdaptiveRun::learn(int step, Vec u, HighFidelityCall& call) {
  const fem::LogEvent event(core::events().rom_update);
  const core::Owned<Vec> free = fem::global_vector(solid().mesh().dm());
  LINNET_CHECK(VecCopy(u, free.get()));
  {
    const fem::HostValues values(free.get());
    remove_lift(problem_.decomposed, problem_.lifts, static_cast<std::size_t>(step),
                {&values[0], static_cast<std::size_t>(problem_.lifts.local_rows())});
  }
  const Enrichment enrichment = enrich_or_keep(free.get());
  const double begin = MPI_Wtime();
  rebuild_reduced();
  reduced_->set(model_->basis().displacement().coefficients(free.get()), mesh_state_at_points());
  const kernels::HostArray<double> stress = fem::host_copy(solid().stress());
  state_.history.steps.push_back(
      online_step(*model_, time(step), reduced_->coefficients(),
                  at_model_points(reduced_->trial_plastic_strain(), 1),
                  model_->gather()(std::span<const double>(stress.data(), stress.extent(0)), 6)));
  state_.history.steps.back().high_fidelity = true;
  state_.history.steps.back().iterations = call.newton;
  call.append_seconds = enrichment.append_seconds;
  call.points_seconds = enrichment.points_seconds + MPI_Wtime() - begin;
  const SolidBasis& basis = model_->basis();
  call.modes_u = static_cast<int>(basis.displacement().size());
  call.modes_p = static_cast<int>(basis.plastic_strain().size());
  call.modes_sigma = static_cast<int>(basis.stress().size());
  call.stress_rows = static_cast<int>(basis.stress_rows().size());
  call.points = static_cast<int>(model_->points().points.size());
}

std::vector<double> AdaptiveRun::at_model_points(std::vector<double> values, int components) const {
  if (options_.quadrature == QuadratureKind::ecm) return values;
  return model_->gather()(std::span<const double>(values), components);
}

std::vector<double> AdaptiveRun::mesh_state_at_points() const {
  const kernels::HostArray<double> state = fem::host_copy(solid().old_state());
  const std::span<const double> all(state.data(), state.extent(0));
  if (options_.quadrature == QuadratureKind::full) return {all.begin(), all.end()};
  return model_->gather()(all, solid().state_size());
}

core::Owned<Vec> AdaptiveRun::displacement(std::span<const double> gamma, int step) const {
  core::Owned<Vec> u = fem::global_vector(solid().mesh().dm());
  combine_displacement(model_->basis(), problem_.decomposed, problem_.lifts, gamma,
                       static_cast<std::size_t>(step), u.get());
  return u;
}

} // namespace linnet::rom
