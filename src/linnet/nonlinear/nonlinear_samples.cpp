// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/nonlinear_samples.hpp>

#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>
#include <linnet/nonlinear/diffusion_newton.hpp>
#include <linnet/problems/random/random_field.hpp>

#include <cmath>

namespace linnet::nonlinear {

using namespace problems;

namespace {

/// Streams of what is drawn for a sample, apart from each other.
constexpr std::uint64_t bumps = std::uint64_t{1} << 60, states = std::uint64_t{2} << 60,
                        residuals = std::uint64_t{3} << 60;

NonlinearSampleOptions checked(const NonlinearSampleOptions& o) {
  if (o.cells < 4 || o.cells > 4096)
    core::throw_usage("nonlinear diffusion: " + std::to_string(o.cells) +
                      " cells per direction; from 4 to 4096 are possible");
  if (!(o.strength > 0.0) || o.strength > 1e12)
    core::throw_usage("nonlinear diffusion: the strength of the source is " +
                      core::number_text(o.strength) + "; it must be above 0 and at most 1e12");
  return o;
}

DiffusionModel model_of(int cells) {
  DiffusionModel model;
  model.grid.dim = 2;
  model.grid.cells = {cells, cells, 1};
  return model;
}

double norm(Vec v) {
  PetscReal value = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &value));
  return value;
}

void append(DM cells, Vec v, std::vector<double>& values) {
  const CellArray array(v, owned_cells(cells), grid::Access::read);
  visit_cells(array.box(), [&](int i, int j, int k) { values.push_back(array(i, j, k)); });
}

std::string law_text(const NonlinearLaw& law) {
  switch (law.kind) {
  case LawKind::reaction: return "-div(kappa grad u) + r(u) = f, r = " + law.function.text();
  case LawKind::quasilinear: return "-div(kappa k(u) grad u) = f, k = " + law.function.text();
  default:
    return "-div(kappa (eps^2 + |grad u|^2)^((p-2)/2) grad u) = f, p = " +
           core::number_text(law.exponent) + ", eps = " + core::number_text(law.epsilon);
  }
}

} // namespace

/// Grid, equations and Newton's method, on this rank alone.
struct NonlinearSamples::Solver {
  Solver(const NonlinearSampleOptions& options, DiffusionModel model)
      : cells(create_cell_dm(PETSC_COMM_SELF, model.grid, false)),
        source(make_cell_vector(cells.get(), "source")),
        kappa(make_cell_vector(cells.get(), "kappa")), u(make_cell_vector(cells.get(), "u")),
        solution(make_cell_vector(cells.get(), "solution")),
        residual(make_cell_vector(cells.get(), "residual")) {
    model.source_field = source.get();
    system = std::make_unique<DiffusionSystem>(cells.get(), model);
    equations = std::make_unique<NonlinearDiffusion>(*system, options.law, kappa.get(), nullptr);
    newton = std::make_unique<DiffusionNewton>(*equations, false, "train_samples_");
    set_methods();
  }
  void set_methods() const {
    KSP ksp = nullptr;
    PC pc = nullptr;
    LINNET_CHECK(SNESGetKSP(newton->snes(), &ksp));
    LINNET_CHECK(KSPGetPC(ksp, &pc));
    LINNET_CHECK(KSPSetType(ksp, KSPFGMRES));
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-5, PETSC_DEFAULT, PETSC_DEFAULT, 500));
    LINNET_CHECK(PCSetType(pc, "boxmg"));
    LINNET_CHECK(SNESSetTolerances(newton->snes(), 1e-300, tolerance, 0.0, 50, 10000));
  }
  /// F(u); false where u is outside of its domain.
  [[nodiscard]] bool evaluate() const {
    if (!equations->assemble(u.get())) return false;
    equations->residual(u.get(), residual.get());
    return true;
  }

  Owned<DM> cells;
  Owned<Vec> source, kappa, u, solution, residual;
  std::unique_ptr<DiffusionSystem> system;
  std::unique_ptr<NonlinearDiffusion> equations;
  std::unique_ptr<DiffusionNewton> newton;
};

NonlinearSamples::NonlinearSamples(const NonlinearSampleOptions& options)
    : options_(checked(options)),
      solver_(std::make_unique<Solver>(options_, model_of(options_.cells))) {}

NonlinearSamples::~NonlinearSamples() = default;

std::vector<SampledField> NonlinearSamples::fields() const {
  return {{"coefficient", options_.pairs == NonlinearPairs::solution ? 2 : 3}, {"solution", 1}};
}

core::Index3 NonlinearSamples::points() const { return {options_.cells, options_.cells, 1}; }

std::string NonlinearSamples::input_names() const {
  return options_.pairs == NonlinearPairs::solution ? "log coefficient,source"
                                                    : "residual,log coefficient,state";
}

std::string NonlinearSamples::recipe() const {
  const auto number = [](double v) { return core::number_text(v); };
  return law_text(options_.law) +
         ", on the unit square, u = 0 on the boundary; log kappa = " + number(options_.deviation) +
         " times a Gaussian field of covariance (-Laplace + tau^2)^-alpha and natural conditions, "
         "alpha = " +
         number(options_.alpha) + ", tau = " + number(options_.tau) +
         "; f: one to three Gaussian bumps of at most " + number(options_.strength) + "; " +
         std::to_string(options_.cells) +
         " cells per direction, finite volumes; Newton's method to " + number(tolerance) +
         " of the residual of u = 0; pairs: " +
         (options_.pairs == NonlinearPairs::solution ? "solution" : "correction") + "; seed " +
         std::to_string(options_.seed);
}

void NonlinearSamples::fill_source(std::uint64_t number) const {
  const core::RandomStream stream(options_.seed, bumps + number);
  const int count = 1 + static_cast<int>(3.0 * stream.uniform(0));
  const CellArray f(solver_->source.get(), owned_cells(solver_->cells.get()), grid::Access::write);
  const BoxCells& grid = solver_->system->model().grid;
  visit_cells(f.box(), [&](int i, int j, int k) {
    const core::Real3 p = grid.center(i, j, k);
    f(i, j, k) = 0.0;
    for (int b = 0; b < count; ++b) {
      const auto draw = [&](int what) {
        return stream.uniform(static_cast<std::uint64_t>(1 + 4 * b + what));
      };
      const double x = p[0] - 0.15 - 0.7 * draw(0), y = p[1] - 0.15 - 0.7 * draw(1),
                   width = 0.08 + 0.17 * draw(2);
      f(i, j, k) += options_.strength * (0.5 + 0.5 * draw(3)) *
                    std::exp(-(x * x + y * y) / (2.0 * width * width));
    }
  });
}

void NonlinearSamples::solve(std::uint64_t number) const {
  MediumOptions medium;
  medium.kind = MediumKind::lognormal;
  medium.deviation = options_.deviation;
  medium.alpha = options_.alpha;
  medium.tau = options_.tau;
  medium.seed = options_.seed;
  medium.sample = number;
  LINNET_CHECK(fill_medium(solver_->cells.get(), solver_->system->model().grid.domain, medium,
                           solver_->kappa.get()));
  fill_source(number);
  const Vec u = solver_->u.get();
  LINNET_CHECK(VecZeroEntries(u));
  solver_->newton->start(u);
  const DiffusionNewton::Outcome outcome = solver_->newton->solve(u);
  if (!outcome.converged())
    throw core::Error(core::ExitCode::not_converged,
                      "sample " + std::to_string(number) + ": Newton's method did not converge: " +
                          SNESConvergedReasons[outcome.reason] +
                          "; take a weaker source (-train_nonlinear_source)");
  LINNET_CHECK(VecCopy(u, solver_->solution.get()));
}

/// From u* to the state of a correction.
void NonlinearSamples::leave_solution(std::uint64_t number) const {
  const core::RandomStream stream(options_.seed, states + number);
  const Vec u = solver_->u.get(), solution = solver_->solution.get();
  LINNET_CHECK(VecZeroEntries(u));
  if (stream.uniform(0) < 0.25 && solver_->evaluate()) return;
  KSP ksp = nullptr;
  const double rough = stream.uniform(1);
  RandomFieldOptions field;
  field.alpha = 0.1 + 2.9 * rough * rough;
  field.tau = 7.0;
  field.seed = options_.seed;
  field.sample = residuals + number;
  LINNET_CHECK(
      fill_random_field(solver_->cells.get(), {1.0, 1.0, 1.0}, field, solver_->residual.get()));
  const Owned<Vec> error = make_cell_vector(solver_->cells.get(), "error");
  LINNET_CHECK(SNESGetKSP(solver_->newton->snes(), &ksp));
  LINNET_CHECK(KSPSolve(ksp, solver_->residual.get(), error.get()));
  double part = 0.5 * std::pow(10.0, -3.0 * stream.uniform(2)) * norm(solution) / norm(error.get());
  do { // what the law does not allow is made smaller
    LINNET_CHECK(VecWAXPY(u, -part, error.get(), solution));
    part *= 0.25;
  } while (!solver_->evaluate());
}

void NonlinearSamples::make(std::uint64_t number, FieldValues& values) {
  solve(number);
  values.assign(2, {});
  DM cells = solver_->cells.get();
  const Vec logarithm = solver_->kappa.get(), u = solver_->u.get(), F = solver_->residual.get();
  if (options_.pairs == NonlinearPairs::solution) {
    LINNET_CHECK(VecLog(logarithm));
    append(cells, logarithm, values[0]);
    append(cells, solver_->source.get(), values[0]);
    append(cells, u, values[1]);
    return;
  }
  leave_solution(number);
  const double rms = norm(F) / options_.cells; // of cells^2 values
  LINNET_CHECK(VecScale(F, -1.0 / rms));
  LINNET_CHECK(VecAXPBY(solver_->solution.get(), -1.0 / rms, 1.0 / rms, u));
  LINNET_CHECK(VecLog(logarithm));
  append(cells, F, values[0]);
  append(cells, logarithm, values[0]);
  append(cells, u, values[0]);
  append(cells, solver_->solution.get(), values[1]);
}

} // namespace linnet::nonlinear
