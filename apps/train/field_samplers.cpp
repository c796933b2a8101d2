// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"

#include <linnet/problems/trigonometric_darcy.hpp>
#include <linnet/problems/two_phase_darcy.hpp>

namespace app {

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

} // namespace

std::unique_ptr<FieldSampler> make_field_sampler(const Options& options) {
  const std::string kind = options.choice("-train_data");
  if (kind == "darcy_smooth") return two_phase_darcy(options, {});
  if (kind == "darcy_rough") return two_phase_darcy(options, rough_darcy());
  return trigonometric_darcy(options);
}

} // namespace app
