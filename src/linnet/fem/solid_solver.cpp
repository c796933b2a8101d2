// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/solid_solver.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/support/reproducible_multigrid.hpp>
#include <linnet/fem/support/stopwatch.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace linnet::fem {

namespace {

/// Vectors that GMRES keeps.
constexpr PetscInt restart = 100;
/// Part of the displacement by which held unknowns are off without moving.
constexpr double rounding = 1e-12;

double norm(Vec vec) {
  PetscReal value = 0.0;
  LINNET_CHECK(VecNorm(vec, NORM_2, &value));
  return value;
}

} // namespace

SolidSolver::SolidSolver(SolidModel& model, const Loading& loading,
                         const SolidSolverOptions& options)
    : model_(&model), options_(options),
      held_dofs_(loading.held_dofs().begin(), loading.held_dofs().end()) {
  model.hold(held_dofs_);
  check_owned_dofs();
  stiffness_ = model.create_matrix();
  const DM dm = model.mesh().dm();
  for (auto* vec : {&force_, &reactions_, &residual_, &trial_, &increment_})
    *vec = global_vector(dm);
  create_snes();
}

// A rank takes the values of its own unknowns from its own list.
void SolidSolver::check_owned_dofs() const {
  const PetscInt owned = 3 * model_->mesh().owned_nodes();
  const auto named = std::ranges::count_if(held_dofs_, [&](PetscInt dof) { return dof < owned; });
  core::together(model_->mesh().comm(), [&] {
    if (static_cast<std::size_t>(named) != model_->held().owned().size())
      throw core::Error(core::ExitCode::internal,
                        "a loading does not name all held unknowns on the ranks that own them");
  });
}

StepOutcome SolidSolver::step(const Loading& loading, double t_old, double t_new, Vec u) {
  return step(loading, t_old, t_new, u, u);
}

StepOutcome SolidSolver::step(const Loading& loading, double t_old, double t_new, Vec u,
                              Vec guess) {
  if (!(t_new > t_old))
    throw core::Error(core::ExitCode::internal, "a time step needs t_new > t_old");
  if (!std::ranges::equal(loading.held_dofs(), held_dofs_))
    throw core::Error(core::ExitCode::internal,
                      "a loading holds other unknowns than the one its solver was made for");
  outcome_ = {};
  time_ = t_old;
  const ReproducibleMultigrid same_bits(model_->mesh().comm(), renewed_multigrid());
  LINNET_CHECK(VecCopy(guess, trial_.get()));
  // Parts of the step are powers of two, so that their sums are exact.
  double done = 0.0, part = 1.0;
  while (done < 1.0) {
    const double target = done + part < 1.0 ? t_old + (t_new - t_old) * (done + part) : t_new;
    if (attempt(loading, target, trial_.get())) {
      model_->commit();
      LINNET_CHECK(VecCopy(trial_.get(), u));
      time_ = target;
      ++outcome_.substeps;
      done += part;
      if (std::fmod(done, 2.0 * part) == 0.0) part *= 2.0;
      continue;
    }
    ++outcome_.halvings;
    model_->restore();
    LINNET_CHECK(VecCopy(u, trial_.get()));
    part *= 0.5;
    if (part >= options_.smallest_step) continue;
    loading.temperature(time_, model_->temperature());
    give_up(target);
  }
  return outcome_;
}

void SolidSolver::give_up(double t_target) const {
  std::ostringstream text;
  text << "no equilibrium at time " << t_target << " (step of " << t_target - time_ << " from "
       << time_ << "): " << failure_
       << "; take smaller steps there, lower -solid_smallest_step, or check loads and material";
  throw core::Error(core::ExitCode::not_converged, text.str());
}

// u: the first guess, and the solution if true is returned.
bool SolidSolver::attempt(const Loading& loading, double t_new, Vec u) {
  dt_ = t_new - time_;
  loading.temperature(t_new, model_->temperature());
  loading.external_force(t_new, force_.get());
  force_norm_ = norm(force_.get());
  failure_.clear();
  return move_held(loading, t_new, u) && newton(u);
}

// Held unknowns that move take the others along by the tangent: set alone, they would strain the
// cells beside them far beyond what they will see.
bool SolidSolver::move_held(const Loading& loading, double t_new, Vec u) {
  std::vector<double> values(held_dofs_.size());
  loading.held_values(t_new, values);
  LINNET_CHECK(VecSet(increment_.get(), 0.0));
  {
    const HostValues increment(increment_.get()), at(u);
    const PetscInt owned = 3 * model_->mesh().owned_nodes();
    for (std::size_t i = 0; i < held_dofs_.size(); ++i)
      if (held_dofs_[i] < owned) increment[held_dofs_[i]] = values[i] - at[held_dofs_[i]];
  }
  const double moved = norm(increment_.get());
  if (moved == 0.0) return true;
  if (moved <= rounding * norm(u)) { // of a first guess that was put together from modes
    LINNET_CHECK(VecAXPY(u, 1.0, increment_.get()));
    return true;
  }
  residual_at(u, residual_.get());
  tangent_at(u);
  LINNET_CHECK(VecAXPY(u, 1.0, increment_.get()));
  model_->apply_tangent(increment_.get(), reactions_.get());
  LINNET_CHECK(VecAXPY(residual_.get(), 1.0, reactions_.get()));
  LINNET_CHECK(VecScale(residual_.get(), -1.0));
  return solve_linear(residual_.get(), u);
}

// u += K^-1 load.
bool SolidSolver::solve_linear(Vec load, Vec u) {
  const Stopwatch watch(outcome_.linear_seconds);
  KSP ksp = nullptr;
  LINNET_CHECK(SNESGetKSP(snes_.get(), &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, stiffness_.get(), stiffness_.get()));
  LINNET_CHECK(KSPSetReusePreconditioner(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPSolve(ksp, load, increment_.get()));
  model_->held().zero(increment_.get());
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  ++outcome_.newton;
  outcome_.linear += static_cast<int>(iterations);
  if (reason > 0)
    LINNET_CHECK(VecAXPY(u, 1.0, increment_.get()));
  else
    failure_ = std::string("the linear solver ended with ") + KSPConvergedReasons[reason];
  return reason > 0;
}

// Where conjugate gradients meet a preconditioner that is not positive, as multigrid can be for
// tangents far beyond yield, GMRES goes the same way again.
bool SolidSolver::newton(Vec u) {
  LINNET_CHECK(VecCopy(u, increment_.get()));
  SNESConvergedReason reason = solve_nonlinear(u);
  if (reason == SNES_DIVERGED_LINEAR_SOLVE) {
    LINNET_CHECK(VecCopy(increment_.get(), u));
    reason = solve_by_gmres(u);
  }
  if (reason > 0) return true;
  failure_ = model_->failures() > 0
                 ? "the law has no solution at " + std::to_string(model_->failures()) + " points"
                 : std::string("Newton's method ended with ") + SNESConvergedReasons[reason];
  return false;
}

SNESConvergedReason SolidSolver::solve_by_gmres(Vec u) {
  KSP ksp = nullptr;
  KSPType type = nullptr;
  LINNET_CHECK(SNESGetKSP(snes_.get(), &ksp));
  LINNET_CHECK(KSPGetType(ksp, &type));
  const std::string usual = type;
  if (usual == KSPGMRES || usual == KSPPREONLY) return SNES_DIVERGED_LINEAR_SOLVE;
  ++outcome_.gmres;
  LINNET_CHECK(KSPSetType(ksp, KSPGMRES));
  LINNET_CHECK(KSPGMRESSetRestart(ksp, restart));
  const SNESConvergedReason reason = solve_nonlinear(u);
  LINNET_CHECK(KSPSetType(ksp, usual.c_str()));
  return reason;
}

SNESConvergedReason SolidSolver::solve_nonlinear(Vec u) {
  const double callbacks = outcome_.force_seconds + outcome_.tangent_seconds;
  const double begin = MPI_Wtime();
  LINNET_CHECK(SNESSolve(snes_.get(), nullptr, u));
  const double inside = outcome_.force_seconds + outcome_.tangent_seconds - callbacks;
  outcome_.linear_seconds += MPI_Wtime() - begin - inside;
  PetscInt newton = 0, linear = 0;
  LINNET_CHECK(SNESGetIterationNumber(snes_.get(), &newton));
  LINNET_CHECK(SNESGetLinearSolveIterations(snes_.get(), &linear));
  outcome_.newton += static_cast<int>(newton);
  outcome_.linear += static_cast<int>(linear);
  SNESConvergedReason reason = SNES_CONVERGED_ITERATING;
  LINNET_CHECK(SNESGetConvergedReason(snes_.get(), &reason));
  return reason;
}

} // namespace linnet::fem
