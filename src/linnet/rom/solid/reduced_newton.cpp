// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_newton.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/allocation.hpp>
#include <linnet/linalg/dense_solve.hpp>
#include <linnet/rom/solid/reduced_system.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace linnet::rom {

namespace {

/// Of the tolerance, as in fem/solid_solver.hpp.
constexpr double floor_part = 1e-4;
/// Part of the forces of all points that is left of their sum.
constexpr double rounding = 1e-14;

double length(std::span<const double> v) {
  double sum = 0.0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

std::string number(double value) {
  char text[32];
  static_cast<void>(std::snprintf(text, sizeof text, "%g", value));
  return text;
}

std::int64_t over_ranks(MPI_Comm comm, std::int64_t mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_INT64_T, MPI_SUM, comm);
  return mine;
}

} // namespace

ReducedSolid::ReducedSolid(ReducedQuadrature quadrature, const ReducedNewtonOptions& options)
    : quadrature_(std::move(quadrature)), options_(options), law_(quadrature_) {
  accepted_.gamma.assign(modes(), 0.0);
  accepted_.state.assign(points() * static_cast<std::size_t>(state_size()), 0.0);
  trial_ = accepted_;
  stress_.assign(6 * points(), 0.0);
}

void ReducedSolid::set(std::span<const double> coefficients, std::span<const double> state) {
  if (coefficients.size() != modes() || state.size() != accepted_.state.size())
    throw core::Error(core::ExitCode::internal,
                      "the reduced solid has " + std::to_string(modes()) + " modes and " +
                          std::to_string(accepted_.state.size()) + " numbers of state, not " +
                          std::to_string(coefficients.size()) + " and " +
                          std::to_string(state.size()));
  accepted_.gamma.assign(coefficients.begin(), coefficients.end());
  accepted_.state.assign(state.begin(), state.end());
  trial_ = accepted_;
}

void ReducedSolid::accept() { accepted_ = trial_; }

std::vector<double> ReducedSolid::trial_plastic_strain() const {
  std::vector<double> p(points());
  for (std::size_t z = 0; z < p.size(); ++z)
    p[z] = trial_.state[z * static_cast<std::size_t>(state_size()) + kernels::state_p];
  return p;
}

// Parts of a step are powers of two, so their sums are exact.
ReducedOutcome ReducedSolid::step(const ReducedLoading& loading, int step) {
  ReducedOutcome outcome;
  trial_ = accepted_;
  trial_dt_ = loading.loading().times()[static_cast<std::size_t>(step)] -
              loading.loading().times()[static_cast<std::size_t>(step - 1)];
  double done = 0.0, part = 1.0;
  while (done < 1.0) {
    const double to = std::min(1.0, done + part);
    if (attempt(loading, step, done, to, outcome)) {
      done = to;
      ++outcome.substeps;
      continue;
    }
    ++outcome.halvings;
    part *= 0.5;
    if (part < options_.smallest_step) give_up(loading, step, done);
  }
  return outcome;
}

void ReducedSolid::give_up(const ReducedLoading& loading, int step, double done) {
  trial_ = accepted_;
  const auto& times = loading.loading().times();
  const double old = times[static_cast<std::size_t>(step - 1)];
  const double t = old + done * (times[static_cast<std::size_t>(step)] - old);
  throw core::Error(core::ExitCode::not_converged,
                    "step " + std::to_string(step) +
                        ": the reduced model has no equilibrium after "
                        "t = " +
                        number(t) + " in " + std::to_string(options_.most_iterations) +
                        " iterations, even in parts of " + number(options_.smallest_step) +
                        " of the step; train it with loadings like this one, or run with "
                        "-solid_solver adaptive");
}

bool ReducedSolid::attempt(const ReducedLoading& loading, int step, double from, double to,
                           ReducedOutcome& outcome) {
  const double dt = (to - from) * trial_dt_;
  loading.at(step, to, load_);
  law_.begin(load_.temperature, trial_.state);
  std::vector<double> gamma = trial_.gamma;
  const double load = length(load_.force);
  for (int iteration = 0;; ++iteration) {
    strains_at(quadrature_, gamma, load_.lift_strain, law_.strain());
    if (over_ranks(quadrature_.comm, law_.update(dt)) > 0) return false;
    ReducedForce internal = integrate_force(quadrature_, law_.stress(), law_.thermal());
    std::vector<double>& residual = internal.force;
    for (std::size_t k = 0; k < residual.size(); ++k) residual[k] -= load_.force[k];
    outcome.residual = length(residual);
    outcome.reference = std::max(options_.tolerance * std::max(load, floor_part * internal.scale),
                                 rounding * internal.scale);
    if (!std::isfinite(outcome.residual)) return false;
    if (outcome.residual <= outcome.reference) break;
    if (iteration == options_.most_iterations) return false;
    ++outcome.iterations;
    std::vector<double> matrix = integrate_tangent(quadrature_, law_.tangent());
    if (!linalg::solve_dense(modes(), matrix, residual)) return false;
    for (std::size_t k = 0; k < gamma.size(); ++k) gamma[k] -= residual[k];
  }
  trial_.gamma = std::move(gamma);
  law_.copy_new_state(trial_.state);
  stress_.assign(law_.stress(), law_.stress() + stress_.size());
  return true;
}

} // namespace linnet::rom
