// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "time_stepper.hpp"

#include <linnet/core/default_option.hpp>
#include <linnet/core/model_fingerprint.hpp>
#include <linnet/io/checkpoint.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

namespace app {

using namespace linnet::fractional;

namespace {

/// Implicit methods for M c' + A c = s. Of others TS runs some without solving anything.
const char* const methods[] = {TSCN, TSBEULER, TSTHETA, TSROSW, TSBDF, TSARKIMEX, TSALPHA};

bool is_method(const std::string& type) {
  return std::any_of(std::begin(methods), std::end(methods),
                     [&](const char* m) { return type == m; });
}

/// All options of TS but those that say how far to go and what to show: a restart must not change
/// the others.
std::string method_options() {
  char* text = nullptr;
  LINNET_CHECK(PetscOptionsGetAll(nullptr, &text));
  std::istringstream words(text);
  LINNET_CHECK(PetscFree(text));
  std::string word, kept;
  bool keep = false;
  while (words >> word) {
    const bool is_name = word.size() > 1 && word[0] == '-' && std::isalpha(word[1]) != 0;
    if (is_name)
      keep = word.rfind("-ts_", 0) == 0 && word.rfind("-ts_monitor", 0) != 0 &&
             word != "-ts_view" && word != "-ts_max_steps";
    if (keep) kept += word + ' ';
  }
  return kept;
}

std::string type_of(TS ts) {
  TSType type = nullptr;
  LINNET_CHECK(TSGetType(ts, &type));
  return type;
}

} // namespace

TimeStepper::TimeStepper(AppContext& context, const Discretisation& discretisation)
    : context_(context), discretisation_(discretisation),
      end_(context.options().real("-riesz_time_end")),
      first_step_(std::min(end_, context.options().real("-riesz_time_step"))),
      coefficients_(discretisation.make_vector()), source_(discretisation.make_vector()) {
  Mat m = nullptr;
  LINNET_CHECK(MatRieszCreateSimilar(discretisation.matrix(), 0.0, 1.0, &m));
  mass_.reset(m);
  set_up_ts();
}

TimeStepper::~TimeStepper() { static_cast<void>(TSDestroy(&ts_)); }

void TimeStepper::set_up_ts() {
  linnet::core::set_default_option("-ts_type", TSCN);
  linnet::core::set_default_option("-ts_adapt_type", TSADAPTNONE);
  RieszOptions o;
  LINNET_CHECK(MatRieszGetOptions(discretisation_.matrix(), &o));
  shift_ = 1.0 / first_step_;
  Mat j = nullptr;
  LINNET_CHECK(MatRieszCreateSimilar(discretisation_.matrix(), 1.0, o.reaction + shift_, &j));
  step_matrix_.reset(j);
  LINNET_CHECK(TSCreate(context_.comm(), &ts_));
  LINNET_CHECK(TSSetProblemType(ts_, TS_LINEAR));
  LINNET_CHECK(TSSetIFunction(ts_, nullptr, residual, this));
  LINNET_CHECK(TSSetIJacobian(ts_, j, j, jacobian, this));
  LINNET_CHECK(TSSetTimeStep(ts_, first_step_));
  LINNET_CHECK(TSSetMaxTime(ts_, end_));
  LINNET_CHECK(TSSetMaxSteps(ts_, PETSC_MAX_INT));
  LINNET_CHECK(TSSetExactFinalTime(ts_, TS_EXACTFINALTIME_MATCHSTEP));
  LINNET_CHECK(TSSetSolution(ts_, coefficients_.get()));
  LINNET_CHECK(TSSetEquationType(ts_, TS_EQ_IMPLICIT));
  LINNET_CHECK(TSSetErrorIfStepFails(ts_, PETSC_FALSE)); // told by step()
  set_solver_defaults(ksp());
  read_options();
  LINNET_CHECK(KSPSetPreSolve(ksp(), before_solve, this));
  LINNET_CHECK(KSPSetPostSolve(ksp(), after_solve, this));
  LINNET_CHECK(TSSetApplicationContext(ts_, this));
  LINNET_CHECK(TSSetPreStage(ts_, before_stage));
}

void TimeStepper::read_options() {
  char type[64] = TSCN;
  PetscBool given = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsGetString(nullptr, nullptr, "-ts_type", type, sizeof type, nullptr));
  if (!is_method(type))
    linnet::core::throw_usage("-ts_type: must be cn, beuler, theta, rosw, bdf, arkimex or alpha, "
                              "which are implicit, got " +
                              std::string(type));
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, "-ts_max_time", &given));
  if (given) linnet::core::throw_usage("-ts_max_time: take -riesz_time_end");
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, "-ts_dt", &given));
  if (given) linnet::core::throw_usage("-ts_dt: take -riesz_time_step");
  LINNET_CHECK(TSSetFromOptions(ts_));
  if (!can_restart() && context_.options().integer("-riesz_checkpoint_every") > 0)
    context_.options().fail("-riesz_checkpoint_every",
                            "a run with -ts_type " + type_of(ts_) +
                                " or this -ts_adapt_type cannot be taken up; take cn, beuler, "
                                "theta or rosw with steps of one length");
}

// With the solution as all of their state.
bool TimeStepper::can_restart() const {
  const std::string type = type_of(ts_);
  TSAdapt adapt = nullptr;
  TSAdaptType adapt_type = nullptr;
  LINNET_CHECK(TSGetAdapt(ts_, &adapt));
  LINNET_CHECK(TSAdaptGetType(adapt, &adapt_type));
  const bool fixed = !adapt_type || std::string(adapt_type) == TSADAPTNONE;
  const bool basic = adapt_type && std::string(adapt_type) == TSADAPTBASIC;
  if (type == TSROSW) return fixed || basic;
  return fixed && (type == TSCN || type == TSBEULER || type == TSTHETA);
}

KSP TimeStepper::ksp() const {
  SNES snes = nullptr;
  KSP ksp = nullptr;
  LINNET_CHECK(TSGetSNES(ts_, &snes));
  LINNET_CHECK(SNESGetKSP(snes, &ksp));
  return ksp;
}

// M c' + A c - s.
PetscErrorCode TimeStepper::residual(TS, PetscReal t, Vec u, Vec rate, Vec f, void* self) {
  PetscFunctionBeginUser;
  const auto& me = *static_cast<TimeStepper*>(self);
  LINNET_PETSC_GUARD(me.discretisation_.fill_source(t, me.source_.get()));
  PetscCall(MatMult(me.mass_.get(), rate, f));
  PetscCall(VecAXPY(f, -1.0, me.source_.get()));
  PetscCall(MatMultAdd(me.discretisation_.matrix(), u, f, f));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TimeStepper::jacobian(TS, PetscReal, Vec, Vec, PetscReal shift, Mat J, Mat,
                                     void* self) {
  PetscFunctionBeginUser;
  auto& me = *static_cast<TimeStepper*>(self);
  if (shift == me.shift_) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(MatRieszSetReaction(J, me.discretisation_.problem().operators.reaction + shift));
  me.shift_ = shift;
  me.judge_.reset();
  PetscFunctionReturn(PETSC_SUCCESS);
}

// The methods of arkimex start with a step of another TS that shares the SNES, and its end takes
// the matrix away.
PetscErrorCode TimeStepper::before_stage(TS ts, PetscReal) {
  PetscFunctionBeginUser;
  TimeStepper* me = nullptr;
  SNES snes = nullptr;
  Mat matrix = nullptr;
  PetscCall(TSGetApplicationContext(ts, &me));
  PetscCall(TSGetSNES(ts, &snes));
  PetscCall(SNESGetJacobian(snes, &matrix, nullptr, nullptr, nullptr));
  Mat ours = me->step_matrix_.get();
  if (matrix != ours) PetscCall(SNESSetJacobian(snes, ours, ours, nullptr, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

// The set-up apart, as in a steady run.
PetscErrorCode TimeStepper::before_solve(KSP ksp, Vec, Vec, void* self) {
  PetscFunctionBeginUser;
  auto& me = *static_cast<TimeStepper*>(self);
  const double begin = MPI_Wtime();
  PetscCall(KSPSetUp(ksp));
  PetscCall(KSPSetUpOnBlocks(ksp));
  me.solve_begin_ = MPI_Wtime();
  me.setup_seconds_ = me.solve_begin_ - begin;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TimeStepper::after_solve(KSP ksp, Vec b, Vec x, void* self) {
  PetscFunctionBeginUser;
  auto& me = *static_cast<TimeStepper*>(self);
  Solve solve;
  PetscReal rtol, atol;
  solve.setup_seconds = me.setup_seconds_;
  solve.solve_seconds = MPI_Wtime() - me.solve_begin_;
  PetscCall(KSPGetTolerances(ksp, &rtol, &atol, nullptr, nullptr));
  PetscCall(KSPGetConvergedReason(ksp, &solve.reason));
  PetscCall(KSPGetIterationNumber(ksp, &solve.iterations));
  LINNET_PETSC_GUARD({
    if (!me.judge_) me.judge_.emplace(me.step_matrix_.get());
    me.judge_->judge(b, x, rtol, atol, solve);
  });
  me.solves_.push_back(solve);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void TimeStepper::start() {
  if (context_.options().is_set("-riesz_restart"))
    load();
  else
    initial_state();
}

// The function is interpolated at the collocation points: M c = u.
void TimeStepper::initial_state() {
  const Problem& p = discretisation_.problem();
  Function u = [](const Real3&, double) { return 0.0; };
  const char* what = "the initial state: not finite";
  if (p.initial) {
    u = *p.initial;
    what = "-riesz_initial: not finite";
  } else if (p.exact) {
    u = p.exact;
  }
  discretisation_.fill(u, 0.0, what, source_.get());
  LinearSolver solver(mass_.get(), "initial_");
  const Solve solve = solver.solve(source_.get(), coefficients_.get());
  require_convergence({solve});
}

void TimeStepper::step() {
  const std::size_t before = solves_.size();
  LINNET_CHECK(TSStep(ts_));
  TSConvergedReason reason = TS_CONVERGED_ITERATING;
  PetscReal size = 0.0;
  LINNET_CHECK(TSGetConvergedReason(ts_, &reason));
  LINNET_CHECK(VecNorm(coefficients_.get(), NORM_INFINITY, &size));
  PetscInt number = 0;
  LINNET_CHECK(TSGetStepNumber(ts_, &number));
  LINNET_CHECK(TSMonitor(ts_, number, time(), coefficients_.get()));
  for (std::size_t s = before; s < solves_.size(); ++s) require_convergence({solves_[s]});
  if (reason < 0 || !std::isfinite(size))
    throw linnet::core::Error(linnet::core::ExitCode::not_converged,
                              "the step after t = " + std::to_string(time()) + " failed (" +
                                  TSConvergedReasons[reason] +
                                  "); take a smaller -riesz_time_step or another -ts_type");
}

bool TimeStepper::finished() const {
  PetscInt most = 0;
  LINNET_CHECK(TSGetMaxSteps(ts_, &most));
  return time() >= end_ * (1.0 - 1e-12) || done() >= most;
}

PetscInt TimeStepper::done() const {
  PetscInt n = 0;
  LINNET_CHECK(TSGetStepNumber(ts_, &n));
  return n;
}

double TimeStepper::time() const {
  PetscReal t = 0.0;
  LINNET_CHECK(TSGetTime(ts_, &t));
  return t;
}

PetscInt TimeStepper::expected_steps() const {
  return static_cast<PetscInt>(std::ceil(end_ / first_step_ * (1.0 - 1e-12)));
}

std::string TimeStepper::description() const {
  return type_of(ts_) + ", " + solver_description(ksp());
}

namespace {

linnet::io::CheckpointState describe(const AppContext& context, TS ts, Vec coefficients) {
  linnet::io::CheckpointState state;
  PetscReal time = 0.0, step = 0.0;
  PetscInt number = 0;
  LINNET_CHECK(TSGetTime(ts, &time));
  LINNET_CHECK(TSGetTimeStep(ts, &step));
  LINNET_CHECK(TSGetStepNumber(ts, &number));
  state.application = "riesz";
  state.vectors = {{"coefficients", coefficients}};
  state.reals = {{"time", time}, {"time_step", step}};
  state.integers = {{"step", number}};
  state.strings = {{"model", linnet::core::model_fingerprint(context.options(), "-riesz_")},
                   {"ts_type", type_of(ts)},
                   {"ts_options", method_options()}};
  return state;
}

} // namespace

void TimeStepper::save(const std::string& path) const {
  linnet::io::save_checkpoint(context_.comm(), path, describe(context_, ts_, coefficients_.get()));
}

void TimeStepper::require_same_run(const std::string& path) {
  auto saved = describe(context_, ts_, nullptr);
  const std::string mine = saved.strings["model"], type = saved.strings["ts_type"],
                    method = saved.strings["ts_options"];
  saved.vectors.clear();
  linnet::io::load_checkpoint(context_.comm(), path, saved);
  const std::string changes = linnet::core::model_changes(saved.strings["model"], mine);
  if (!changes.empty())
    context_.options().fail("-riesz_restart", path + " is of another problem: " + changes +
                                                  "; restart with the same, or start anew");
  if (saved.strings["ts_type"] != type)
    context_.options().fail("-riesz_restart", path + " is of a run with -ts_type " +
                                                  saved.strings["ts_type"] + ", this is " + type);
  if (saved.strings["ts_options"] != method)
    context_.options().fail("-riesz_restart", path + " is of a run with '" +
                                                  saved.strings["ts_options"] + "', this has '" +
                                                  method + "'; restart with the same");
}

void TimeStepper::load() {
  const std::string path =
      context_.find_file("-riesz_restart", context_.options().string("-riesz_restart"));
  require_same_run(path);
  auto state = describe(context_, ts_, coefficients_.get());
  linnet::io::load_checkpoint(context_.comm(), path, state);
  LINNET_CHECK(TSSetTime(ts_, state.reals["time"]));
  LINNET_CHECK(TSSetTimeStep(ts_, state.reals["time_step"]));
  LINNET_CHECK(TSSetStepNumber(ts_, static_cast<PetscInt>(state.integers["step"])));
  if (finished())
    context_.options().fail("-riesz_time_end", "must be above the time " + std::to_string(time()) +
                                                   " that " + path + " has reached");
}

} // namespace app
