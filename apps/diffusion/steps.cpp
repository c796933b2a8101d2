// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "balance.hpp"
#include "convergence.hpp"
#include "nonlinear_solver.hpp"
#include "output.hpp"
#include "runs.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/model_fingerprint.hpp>
#include <linnet/core/phase.hpp>
#include <linnet/io/checkpoint.hpp>
#include <linnet/problems/cells/cell_function.hpp>

#include <cmath>
#include <cstdio>

namespace app {

using linnet::core::Phase;
using namespace linnet::problems;

namespace {

/// One-step theta scheme: 1 backward Euler, 1/2 Crank-Nicolson.
///   (mass/dt + theta A') u' = mass/dt u + theta b' + (1 - theta) (b - A u),   ' at the new time.
/// Quasi-steady: A' u' = b'. Nonlinear problems: backward Euler or quasi-steady.
class TimeStepper {
public:
  TimeStepper(AppContext& context, Problem& problem)
      : context_(context), problem_(problem), system_(problem.cells.get(), problem.model),
        solver_(problem, context.options().boolean("-diffusion_compress_solids")),
        u_(make_cell_vector(problem.cells.get(), "u")),
        rate_(make_cell_vector(problem.cells.get(), "rate")),
        rhs_(make_cell_vector(problem.cells.get(), "step_rhs")) {
    const auto& options = context.options();
    steps_ = options.integer("-diffusion_time_steps");
    dt_ = options.real("-diffusion_time_step");
    quasi_steady_ = is_quasi_steady(options);
    from_zero_ = options.choice("-diffusion_time_guess") == "zero";
    theta_ = options.choice("-diffusion_time_scheme") == "crank_nicolson" ? 0.5 : 1.0;
    mass_ = options.real("-diffusion_capacity") * problem.model.grid.cell_volume() / dt_;
    if (problem.law)
      nonlinear_ = std::make_unique<NonlinearSolver>(context, problem, system_, !quasi_steady_);
  }

  /// u and the step number of a checkpoint, or the initial state.
  void start() {
    if (context_.options().is_set("-diffusion_restart")) return load();
    if (quasi_steady_) return;
    const Expression initial = *expression_option(context_.options(), "-diffusion_initial");
    const bool exact = problem_.manufactured && !context_.options().is_set("-diffusion_initial");
    const auto& value = exact ? problem_.manufactured->solution : initial;
    fill(value, exact ? "-diffusion_manufactured" : "-diffusion_initial");
    if (theta_ < 1.0) start_rate();
  }

  /// One step; the new state is in u(). Collective.
  Solve step(Seconds& seconds) {
    const double next = dt_ * static_cast<double>(done_ + 1);
    {
      const Phase phase("Setup", &seconds.setup);
      move_obstacles(context_, problem_, next);
      if (problem_.moves()) clear_walls();
    }
    if (nonlinear_) return nonlinear_step(next);
    {
      const Phase phase("Assemble", &seconds.assemble);
      update_conductivity(problem_, next);
      system_.assemble(problem_.kappa.get(), problem_.mask.get(), next);
      if (quasi_steady_)
        set_steady_operator();
      else
        set_step_operator();
    }
    const Phase phase("Solve", nullptr);
    if (from_zero_) LINNET_CHECK(VecZeroEntries(u_.get()));
    Solve solve = solver_.solve(quasi_steady_ ? system_.rhs() : rhs_.get(), u_.get());
    if (pieces_) pieces_->remove_means(problem_.cells.get(), u_.get());
    if (theta_ < 1.0) update_rate();
    ++done_;
    return solve;
  }

  /// Of a nonlinear problem; else none.
  [[nodiscard]] const NonlinearSolver* nonlinear() const { return nonlinear_.get(); }

  void save(const std::string& path) {
    auto state = describe();
    linnet::io::save_checkpoint(context_.comm(), path, state);
  }

  [[nodiscard]] std::int64_t done() const { return done_; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  [[nodiscard]] double time() const { return dt_ * static_cast<double>(done_); }
  [[nodiscard]] Vec u() const { return u_.get(); }
  [[nodiscard]] DiffusionSystem& system() { return system_; }
  [[nodiscard]] const LinearSolver& solver() const { return solver_; }
  /// Of the last step of a quasi-steady run; else none.
  [[nodiscard]] const std::optional<FloatingPieces>& pieces() const { return pieces_; }

private:
  linnet::io::CheckpointState describe() const {
    linnet::io::CheckpointState state;
    state.application = "diffusion";
    state.vectors = {{"u", u_.get()}, {"rate", rate_.get()}};
    state.integers = {{"step", done_}};
    state.strings = {{"model", linnet::core::model_fingerprint(context_.options(), "-diffusion_")}};
    return state;
  }

  // Before the vectors, so that another grid is named by its option and not as a wrong size.
  void require_same_model(const std::string& path) {
    auto saved = describe();
    const std::string mine = saved.strings["model"];
    saved.vectors.clear();
    linnet::io::load_checkpoint(context_.comm(), path, saved);
    const std::string changes = linnet::core::model_changes(saved.strings["model"], mine);
    if (!changes.empty())
      context_.options().fail("-diffusion_restart", path + " is of another problem: " + changes +
                                                        "; restart with the same, or start anew");
  }

  void load() {
    const std::string path =
        context_.find_file("-diffusion_restart", context_.options().string("-diffusion_restart"));
    require_same_model(path);
    auto state = describe();
    linnet::io::load_checkpoint(context_.comm(), path, state);
    done_ = state.integers["step"];
    if (done_ >= steps_)
      context_.options().fail("-diffusion_time_steps", "must be above the " +
                                                           std::to_string(done_) + " steps that " +
                                                           path + " has done");
  }

  // Values in solid cells are not used, so that they may be anything.
  void fill(const linnet::core::SpaceTimeFunction& value, const std::string& option) {
    const auto box = owned_cells(problem_.cells.get());
    std::optional<CellArray> solid;
    if (problem_.mask) solid.emplace(problem_.mask.get(), box, linnet::grid::Access::read);
    const CellArray u(u_.get(), box, linnet::grid::Access::write);
    linnet::core::together(context_.comm(), [&] {
      visit_values(problem_.model.grid, box, value, 0.0, [&](int i, int j, int k, double here) {
        u(i, j, k) = !solid || (*solid)(i, j, k) < 0.5 ? here : 0.0;
        if (!std::isfinite(u(i, j, k)))
          linnet::core::throw_data(option + ": not finite at cell (" + std::to_string(i) + "," +
                                   std::to_string(j) + "," + std::to_string(k) + ")");
      });
    });
  }

  // Where there is no unknown u is 0.
  void clear_walls() {
    const auto box = owned_cells(problem_.cells.get());
    const CellArray mask(problem_.mask.get(), box, linnet::grid::Access::read);
    const CellArray u(u_.get(), box, linnet::grid::Access::read_write);
    visit_cells(box, [&](int i, int j, int k) {
      if (!is_fluid(mask(i, j, k))) u(i, j, k) = 0.0;
    });
  }

  // A quasi-steady run has nothing to start from before its first step.
  Solve nonlinear_step(double next) {
    const Phase phase("Solve", nullptr);
    update_conductivity(problem_, next);
    const double volume = problem_.model.grid.cell_volume();
    LINNET_CHECK(VecCopy(u_.get(), rhs_.get()));
    nonlinear_->set_step(next, quasi_steady_ ? 0.0 : mass_ / volume, rhs_.get());
    if (from_zero_) LINNET_CHECK(VecZeroEntries(u_.get()));
    if (quasi_steady_ && (done_ == 0 || from_zero_)) nonlinear_->start(u_.get());
    const Solve solve = nonlinear_->solve(u_.get());
    ++done_;
    return solve;
  }

  void set_steady_operator() {
    pieces_.emplace(system_, problem_.mask.get(), problem_.compatibility);
    solver_.set_operator(system_, &*pieces_);
  }

  void set_step_operator() {
    system_.make_step_operator(theta_, mass_);
    LINNET_CHECK(VecCopy(u_.get(), rhs_.get()));
    LINNET_CHECK(VecScale(rhs_.get(), mass_));
    LINNET_CHECK(VecAXPY(rhs_.get(), theta_, system_.rhs()));
    if (theta_ < 1.0) LINNET_CHECK(VecAXPY(rhs_.get(), 1.0 - theta_, rate_.get()));
    solver_.set_operator(system_, nullptr);
  }

  // b - A u at the time 0: what is left of a step of length zero.
  void start_rate() {
    update_conductivity(problem_, 0.0);
    system_.assemble(problem_.kappa.get(), problem_.mask.get(), 0.0);
    system_.make_step_operator(theta_, mass_);
    solver_.set_operator(system_, nullptr);
    update_rate();
  }

  // rate = b - A u = b - (S u - mass u) / theta, where S is the matrix of the step.
  void update_rate() {
    solver_.apply(u_.get(), rate_.get());
    LINNET_CHECK(VecAXPY(rate_.get(), -mass_, u_.get()));
    LINNET_CHECK(VecAYPX(rate_.get(), -1.0 / theta_, system_.rhs()));
  }

  AppContext& context_;
  Problem& problem_;
  DiffusionSystem system_;
  LinearSolver solver_;
  Owned<Vec> u_, rate_, rhs_;
  std::optional<FloatingPieces> pieces_;
  std::unique_ptr<NonlinearSolver> nonlinear_;
  std::int64_t steps_ = 0, done_ = 0;
  bool quasi_steady_ = false, from_zero_ = false;
  double dt_ = 0.0, theta_ = 1.0, mass_ = 0.0;
};

std::string note_of(const TimeStepper& stepper, const Solve& solve) {
  char text[120];
  std::snprintf(text, sizeof text, "t = %.6g, %d iterations, residual %.1e", stepper.time(),
                static_cast<int>(solve.iterations), solve.relative_residual);
  return text;
}

/// The loop over the steps. Returns when all are done, one failed, or a stop was asked for.
bool advance(AppContext& context, TimeStepper& stepper, FieldOutput& output, Summary& summary) {
  const auto& options = context.options();
  const int every = options.integer("-diffusion_output_every");
  const int save_every = options.integer("-diffusion_checkpoint_every");
  auto progress = context.progress("step", stepper.steps());
  AppContext::defer_stops();
  while (stepper.done() < stepper.steps()) {
    summary.solves.push_back(stepper.step(summary.seconds));
    const Solve& solve = summary.solves.back();
    progress.step(stepper.done(), note_of(stepper, solve));
    const bool last = stepper.done() == stepper.steps() || !solve.converged;
    const bool stop = context.stop_requested();
    const Phase phase("Output", &summary.seconds.output);
    if (last || stepper.done() % every == 0)
      output.write(stepper.system(), stepper.u(), stepper.time(), stepper.done());
    if (stop || (save_every > 0 && stepper.done() % save_every == 0))
      stepper.save(checkpoint_path(context));
    if (!solve.converged) return true;
    if (stop && !last) return false;
  }
  return true;
}

void integrate(const Problem& problem, TimeStepper& stepper, Summary& summary) {
  summary.time = stepper.time();
  if (stepper.pieces()) {
    integrate_steady(problem, stepper.system(), stepper.solver(), *stepper.pieces(), stepper.u(),
                     summary);
    return;
  }
  summary.zero = is_zero(stepper.u());
  summary.fluxes = integrate_fluxes(stepper.system(), stepper.u());
  if (stepper.nonlinear()) stepper.nonlinear()->add_reaction(stepper.u(), summary.fluxes);
  summary.fluxes.conductivity.reset();
  if (problem.manufactured)
    summary.error =
        solution_error(problem.model.grid, problem.cells.get(), stepper.u(), problem.mask.get(),
                       problem.manufactured->solution, stepper.time(), false);
}

} // namespace

void run_steps(AppContext& context) {
  Summary summary;
  require_writable_outputs(context);
  if (context.options().choice("-diffusion_nonlinear") != "none")
    prepare_nonlinear(context.options());
  set_default_options();
  std::unique_ptr<Problem> problem;
  {
    const Phase phase("Setup", &summary.seconds.setup);
    problem = make_problem(context);
  }
  TimeStepper stepper(context, *problem);
  stepper.start();
  std::optional<Restart> restart;
  if (stepper.done() > 0) restart = Restart{stepper.time(), stepper.done()};
  FieldOutput output(context, *problem, restart);
  const bool completed = advance(context, stepper, output, summary);
  output.close(summary.solves);
  if (!completed) {
    const std::string path = checkpoint_path(context);
    context.stop("after step " + std::to_string(stepper.done()) + " of " +
                 std::to_string(stepper.steps()) +
                 "; go on with the same options and -diffusion_restart " + path);
  }
  summary.solver =
      stepper.nonlinear() ? stepper.nonlinear()->description() : stepper.solver().description();
  if (stepper.nonlinear()) summary.networks = stepper.nonlinear()->network_notes();
  integrate(*problem, stepper, summary);
  finish(context, *problem, summary, output.files());
  require_convergence(summary.solves);
}

} // namespace app
