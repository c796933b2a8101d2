// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The list of the operators by name, with their defaults and the options that each of them has.
#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>
#include <linnet/problems/operators/advection_diffusion_operator.hpp>
#include <linnet/problems/operators/advection_operators.hpp>
#include <linnet/problems/operators/burgers_operator.hpp>
#include <linnet/problems/operators/diffusion_reaction_operator.hpp>
#include <linnet/problems/operators/evolution_families.hpp>
#include <linnet/problems/operators/field_operator.hpp>
#include <linnet/problems/operators/integral_operators.hpp>
#include <linnet/problems/operators/ode_operators.hpp>
#include <linnet/problems/operators/square_wave_operator.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

using Options = OperatorSamplerOptions;
using Sampler = std::unique_ptr<OperatorSampler>;

/// An operator with noise on its inputs; its outputs are those of the input without.
class NoisyOperator final : public OperatorSampler {
public:
  NoisyOperator(Sampler exact, std::uint64_t seed, double noise)
      : OperatorSampler(seed), exact_(std::move(exact)), noise_(noise) {}
  [[nodiscard]] int sensors() const override { return exact_->sensors(); }
  [[nodiscard]] int outputs() const override { return exact_->outputs(); }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return exact_->axes(); }
  [[nodiscard]] int code_size() const override { return exact_->code_size(); }
  bool draw(std::uint64_t number, std::span<double> input) override {
    // Apart from the streams of other random data with the same seed.
    const core::RandomStream random(seed(), (std::uint64_t{15} << 56) + number);
    const bool solved = exact_->draw(number, input);
    double square = 0.0;
    for (const double v : input) square += v * v;
    const double size = noise_ * std::sqrt(square / static_cast<double>(input.size()));
    for (std::size_t i = 0; i < input.size(); ++i) input[i] += size * random.normal(i);
    return solved;
  }
  void evaluate(std::span<const double> points, std::span<double> values) override {
    exact_->evaluate(points, values);
  }
  void code(std::span<double> numbers) const override { exact_->code(numbers); }
  [[nodiscard]] std::string recipe() const override {
    return exact_->recipe() + "; noise on inputs, " + core::number_text(noise_) +
           " of their root mean square";
  }

private:
  Sampler exact_;
  double noise_;
};

FunctionSpaceOptions space_of(const Options& o, double interval = 1.0) {
  FunctionSpaceOptions space;
  space.seed = o.seed;
  space.interval = interval;
  space.kind = o.function.value_or(space.kind);
  space.correlation = o.correlation.value_or(space.correlation);
  space.terms = o.terms.value_or(space.terms);
  space.bound = o.bound.value_or(space.bound);
  return space;
}

int sensors_of(const Options& o, int standard = 100) { return o.sensors.value_or(standard); }
int grid_of(const Options& o, int standard = 100) { return o.grid.value_or(standard); }
double horizon_of(const Options& o) { return o.horizon.value_or(1.0); }

Sampler advection(const Options& o, AdvectionOperator::Case which) {
  return std::make_unique<AdvectionOperator>(which, space_of(o), sensors_of(o), grid_of(o),
                                             horizon_of(o));
}

Sampler square_wave(const Options& o, bool with_ellipse) {
  return std::make_unique<SquareWaveOperator>(with_ellipse, o.seed, sensors_of(o, 40),
                                              grid_of(o, 40), horizon_of(o));
}

Sampler evolution(const Options& o) {
  EvolutionFamiliesOptions e;
  e.seed = o.seed;
  e.families = o.families;
  e.operators = o.operators.value_or(e.operators);
  e.spread = o.spread.value_or(e.spread);
  e.sensors = sensors_of(o, e.sensors);
  e.grid = grid_of(o, e.grid);
  e.refinement = o.refinement;
  return std::make_unique<EvolutionFamilies>(e);
}

struct Problem {
  std::string name;
  std::string options; ///< that it has beside seed and noise, words between blanks
  Sampler (*make)(const Options&);
};

const std::vector<Problem>& problems() {
  using Case = AdvectionOperator::Case;
  const std::string space = " sensors grid function correlation terms bound ";
  static const std::vector<Problem> list{
      {"antiderivative", space + "horizon ",
       [](const Options& o) -> Sampler {
         return std::make_unique<Antiderivative>(space_of(o, horizon_of(o)), sensors_of(o),
                                                 grid_of(o));
       }},
      {"nonlinear_ode", space + "horizon refinement ",
       [](const Options& o) -> Sampler {
         return std::make_unique<NonlinearOde>(space_of(o, horizon_of(o)), sensors_of(o),
                                               grid_of(o), o.refinement);
       }},
      {"pendulum", space + "horizon reaction refinement ",
       [](const Options& o) -> Sampler {
         return std::make_unique<Pendulum>(space_of(o, horizon_of(o)), sensors_of(o), grid_of(o),
                                           o.reaction.value_or(1.0), o.refinement);
       }},
      {"diffusion_reaction", space + "horizon diffusion reaction refinement ",
       [](const Options& o) -> Sampler {
         return std::make_unique<DiffusionReactionOperator>(
             space_of(o), sensors_of(o), grid_of(o), horizon_of(o), o.diffusion.value_or(0.01),
             o.reaction.value_or(0.01), o.refinement);
       }},
      {"advection_1", space + "horizon ",
       [](const Options& o) { return advection(o, Case::periodic_start); }},
      {"advection_2", space + "horizon ",
       [](const Options& o) { return advection(o, Case::start); }},
      {"advection_3", space + "horizon ",
       [](const Options& o) { return advection(o, Case::speed); }},
      {"advection_4", space + "horizon ",
       [](const Options& o) { return advection(o, Case::periodic_speed); }},
      {"advection_diffusion", space + "horizon diffusion refinement ",
       [](const Options& o) -> Sampler {
         return std::make_unique<AdvectionDiffusionOperator>(
             space_of(o), sensors_of(o), grid_of(o), horizon_of(o), o.diffusion.value_or(0.1),
             o.refinement);
       }},
      {"legendre", space,
       [](const Options& o) -> Sampler {
         return std::make_unique<LegendreTransform>(space_of(o, 2.0), sensors_of(o),
                                                    grid_of(o, 20));
       }},
      {"square_wave", " sensors grid horizon ",
       [](const Options& o) { return square_wave(o, false); }},
      {"square_and_ellipse", " sensors grid horizon ",
       [](const Options& o) { return square_wave(o, true); }},
      {"darcy", " grid refinement ",
       [](const Options& o) { return darcy_operator(o.seed, grid_of(o, 29), o.refinement); }},
      {"burgers", " sensors grid horizon diffusion refinement ",
       [](const Options& o) -> Sampler {
         return std::make_unique<BurgersOperator>(o.seed, sensors_of(o, 128), grid_of(o, 128),
                                                  horizon_of(o), o.diffusion.value_or(0.1),
                                                  o.refinement);
       }},
      {"evolution", " sensors grid families operators spread refinement ", evolution},
  };
  return list;
}

/// Names of the options that are set.
std::vector<std::string> set_options(const Options& o) {
  const std::pair<const char*, bool> all[] = {
      {"sensors", o.sensors.has_value()},   {"grid", o.grid.has_value()},
      {"function", o.function.has_value()}, {"correlation", o.correlation.has_value()},
      {"terms", o.terms.has_value()},       {"bound", o.bound.has_value()},
      {"horizon", o.horizon.has_value()},   {"diffusion", o.diffusion.has_value()},
      {"reaction", o.reaction.has_value()}, {"operators", o.operators.has_value()},
      {"spread", o.spread.has_value()},     {"families", !o.families.empty()},
      {"refinement", o.refinement != 1}};
  std::vector<std::string> names;
  for (const auto& [name, set] : all)
    if (set) names.emplace_back(name);
  return names;
}

void check_options(const Problem& problem, const Options& o) {
  const auto has = [&](const std::string& option) {
    return problem.options.find(" " + option + " ") != std::string::npos;
  };
  for (const auto& option : set_options(o))
    if (!has(option))
      core::throw_usage("the problem " + problem.name + " has no option " + option + "; it has " +
                        core::joined(core::split(core::trimmed(problem.options), ' ')) + ", noise");
}

void check_values(const Options& o) {
  const auto at_least = [](int value, int least, int most, const char* name) {
    if (value < least || value > most)
      core::throw_usage(std::string(name) + " is " + std::to_string(value) + "; it must be from " +
                        std::to_string(least) + " to " + std::to_string(most));
  };
  at_least(o.sensors.value_or(2), 2, 1 << 20, "the number of sensors");
  at_least(o.grid.value_or(2), 2, 1 << 14, "the number of points of the grid");
  at_least(o.refinement, 1, 64, "the refinement");
  if (o.horizon && !(*o.horizon > 0.0 && *o.horizon <= 1000.0))
    core::throw_usage("the horizon is " + core::number_text(*o.horizon) +
                      "; it must be positive and at most 1000");
  if (o.reaction && !std::isfinite(*o.reaction))
    core::throw_usage("the reaction is " + core::number_text(*o.reaction) +
                      "; it must be a number");
  if (!(o.noise >= 0.0) || !std::isfinite(o.noise))
    core::throw_usage("the noise is " + core::number_text(o.noise) + "; it must be at least 0");
}

void check_function(const Options& o) {
  const std::string kind = o.function.value_or("gaussian");
  const bool series = kind == "chebyshev" || kind == "power_series";
  if (series ? o.correlation.has_value() : o.terms.has_value() || o.bound.has_value())
    core::throw_usage("the function space " + kind + " has no option " +
                      (series ? "correlation; it has terms, bound"
                              : std::string(o.terms ? "terms" : "bound") + "; it has correlation"));
}

} // namespace

const std::vector<std::string>& operator_problems() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& problem : problems()) all.push_back(problem.name);
    return all;
  }();
  return names;
}

Sampler make_operator_sampler(const std::string& name, const Options& options) {
  const auto& all = problems();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Problem& p) { return p.name == name; });
  if (found == all.end()) {
    const std::string near = core::closest_word(name, operator_problems());
    core::throw_usage("no operator problem is called " + name +
                      (near.empty() ? "" : " (did you mean " + near + "?)") + "; there are " +
                      core::joined(operator_problems()));
  }
  check_options(*found, options);
  check_function(options);
  check_values(options);
  Sampler sampler = found->make(options);
  if (options.noise == 0.0) return sampler;
  return std::make_unique<NoisyOperator>(std::move(sampler), options.seed, options.noise);
}

} // namespace linnet::problems
