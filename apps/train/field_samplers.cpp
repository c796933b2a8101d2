// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"

#include "deeponet_options.hpp"

#include <linnet/nonlinear/nonlinear_samples.hpp>
#include <linnet/problems/operators/helmholtz_samples.hpp>
#include <linnet/problems/operators/navier_stokes_samples.hpp>
#include <linnet/problems/operators/trigonometric_darcy.hpp>
#include <linnet/problems/operators/two_phase_darcy.hpp>
#include <linnet/problems/samples/random_diffusion.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::problems;

namespace {

std::uint64_t seed_of(const Options& options) {
  return static_cast<std::uint64_t>(options.integer64("-train_seed"));
}

/// The option where it is given; else @p value stays.
void take(const Options& options, const char* name, int& value) {
  if (options.is_set(name)) value = options.integer(name);
}
void take(const Options& options, const char* name, double& value) {
  if (options.is_set(name)) value = options.real(name);
}

std::unique_ptr<FieldSampler> two_phase_darcy(const Options& options, TwoPhaseDarcyOptions o) {
  take(options, "-train_solve_grid", o.nodes);
  take(options, "-train_stride", o.stride);
  take(options, "-train_field_alpha", o.alpha);
  take(options, "-train_field_tau", o.tau);
  if (options.is_set("-train_coefficient_values")) {
    const std::vector<double> values = options.reals("-train_coefficient_values");
    o.low = values[0];
    o.high = values[1];
  }
  o.seed = seed_of(options);
  return std::make_unique<TwoPhaseDarcy>(o);
}

std::unique_ptr<FieldSampler> trigonometric_darcy(const Options& options) {
  TrigonometricDarcyOptions o;
  take(options, "-train_solve_grid", o.nodes);
  take(options, "-train_stride", o.stride);
  o.seed = seed_of(options);
  return std::make_unique<TrigonometricDarcy>(o);
}

std::unique_ptr<FieldSampler> navier_stokes(const Options& options) {
  NavierStokesOptions o;
  take(options, "-train_solve_grid", o.points);
  take(options, "-train_stride", o.stride);
  take(options, "-train_field_alpha", o.alpha);
  take(options, "-train_field_tau", o.tau);
  o.viscosity = options.real("-train_viscosity");
  o.forcing = options.real("-train_forcing");
  o.scheme = options.choice_as<TimeScheme>("-train_time_scheme");
  o.time_step = options.real("-train_time_step");
  o.frame_time = options.real("-train_frame_time");
  o.frames = options.integer("-train_frames");
  o.seed = seed_of(options);
  return std::make_unique<NavierStokesSamples>(o);
}

std::unique_ptr<FieldSampler> helmholtz(const Options& options) {
  HelmholtzOptions o;
  take(options, "-train_solve_grid", o.nodes);
  take(options, "-train_stride", o.stride);
  take(options, "-train_field_alpha", o.alpha);
  take(options, "-train_field_tau", o.tau);
  o.frequency = options.real("-train_frequency");
  o.speed = options.real("-train_speed");
  o.modes = options.integer("-train_speed_modes");
  o.seed = seed_of(options);
  return std::make_unique<HelmholtzSamples>(o);
}

std::unique_ptr<FieldSampler> random_diffusion(const Options& options, DiffusionKind kind) {
  RandomDiffusionOptions o;
  o.kind = kind;
  take(options, "-train_solve_grid", o.nodes);
  take(options, "-train_stride", o.stride);
  take(options, "-train_deviation", o.deviation);
  o.length = options.real("-train_length");
  o.contrast = options.real("-train_inclusion_contrast");
  o.source_length = kind == DiffusionKind::lognormal ? 0.1 : 0.2;
  take(options, "-train_source_length", o.source_length);
  o.seed = seed_of(options);
  return std::make_unique<RandomDiffusion>(o);
}

NonlinearLaw nonlinear_law(const Options& options) {
  const char* option = "-train_nonlinear_function";
  NonlinearLaw law;
  law.kind = options.choice_as<LawKind>("-train_nonlinear_law");
  law.exponent = options.real("-train_nonlinear_exponent");
  law.epsilon = options.real("-train_nonlinear_regularisation");
  if (law.kind == LawKind::p_laplacian) return law;
  std::string text = law.kind == LawKind::reaction ? "u^3" : "1/(1+max(u,0))";
  if (options.is_set(option)) text = options.string(option);
  try {
    law.function = Expression::parse(text, "u");
  } catch (const linnet::core::Error& error) {
    options.fail(option, error.what());
  }
  return law;
}

std::unique_ptr<FieldSampler> nonlinear_diffusion(const Options& options) {
  using namespace linnet::nonlinear;
  if (options.is_set("-train_stride") && options.integer("-train_stride") != 1)
    options.fail("-train_stride", "must be 1 for nonlinear_diffusion, whose points are cells");
  NonlinearSampleOptions o;
  o.law = nonlinear_law(options);
  o.pairs = options.choice_as<NonlinearPairs>("-train_nonlinear_pairs");
  o.strength = options.real("-train_nonlinear_source");
  take(options, "-train_solve_grid", o.cells);
  take(options, "-train_deviation", o.deviation);
  take(options, "-train_field_alpha", o.alpha);
  take(options, "-train_field_tau", o.tau);
  o.seed = seed_of(options);
  return std::make_unique<NonlinearSamples>(o);
}

} // namespace

std::unique_ptr<FieldSampler> make_field_sampler(const AppContext& context) {
  const Options& options = context.options();
  const std::string kind = options.choice("-train_data");
  if (is_operator_data(options)) return make_operator_fields(options);
  if (kind == "import")
    return options.is_set("-train_import_points") ? imported_functions(context)
                                                  : imported_samples(context);
  if (kind == "navier_stokes") return navier_stokes(options);
  if (kind == "helmholtz") return helmholtz(options);
  if (kind == "diffusion_lognormal") return random_diffusion(options, DiffusionKind::lognormal);
  if (kind == "diffusion_inclusions") return random_diffusion(options, DiffusionKind::inclusions);
  if (kind == "nonlinear_diffusion") return nonlinear_diffusion(options);
  if (kind == "darcy_smooth") return two_phase_darcy(options, {});
  if (kind == "darcy_rough") return two_phase_darcy(options, rough_darcy());
  return trigonometric_darcy(options);
}

} // namespace app
