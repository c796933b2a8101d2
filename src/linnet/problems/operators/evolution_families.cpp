// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/evolution_families.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t coefficient_stream = std::uint64_t{18} << 56;
constexpr std::uint64_t start_stream = std::uint64_t{19} << 56;
constexpr double length = 2.0;
constexpr int most_operators = 1 << 16;

enum class Start { two_of_four_sines, two_sines };

/// A coefficient with the centre @p of, drawn.
using Coefficient = std::function<double(double of)>;

struct Family {
  std::string name;
  bool held_out;
  double time; ///< T
  Start start;
  int points; ///< of the solver
  int steps;  ///< per output time
  /// The equation in the family's own time; @p uniform in (0,1).
  std::function<EvolutionTerms(const Coefficient& c, double uniform)> terms;
};

const std::vector<Family>& all_families() {
  constexpr Start sines = Start::two_of_four_sines, waves = Start::two_sines;
  constexpr double nu = 3e-3, shock = 0.01 / std::numbers::pi;
  static const std::vector<Family> families{
      {"heat", false, 2.0, sines, 128, 1,
       [](const Coefficient& c, double) { return EvolutionTerms{.u_t = 1.0, .u_xx = -c(nu)}; }},
      {"advection", false, 2.0, waves, 128, 1,
       [](const Coefficient& c, double) { return EvolutionTerms{.u_t = 1.0, .u_x = c(0.5)}; }},
      {"linear_reaction", false, 2.0, sines, 128, 1,
       [](const Coefficient& c, double) {
         return EvolutionTerms{.u_t = 1.0, .u_xx = -c(nu), .u = -c(0.1)};
       }},
      {"logistic_reaction", false, 2.0, sines, 256, 20,
       [](const Coefficient& c, double) {
         const double d = c(nu), r = c(1.0);
         return EvolutionTerms{.u_t = 1.0, .u_xx = -d, .u = -r, .u2 = r};
       }},
      {"bistable_reaction", false, 2.0, sines, 256, 20,
       [](const Coefficient& c, double a) {
         const double d = c(nu), r = c(1.0);
         return EvolutionTerms{.u_t = 1.0, .u_xx = -d, .u = r * a, .u2 = -r * (1.0 + a), .u3 = r};
       }},
      {"cubic_flux", false, 2.0, sines, 768, 75,
       [](const Coefficient& c, double) {
         return EvolutionTerms{.u_t = 1.0, .u_xx = -c(shock), .u2_u_x = c(1.0)};
       }},
      {"sine_flux", false, 2.0, sines, 768, 75,
       [](const Coefficient& c, double) {
         return EvolutionTerms{.u_t = 1.0, .u_xx = -c(shock), .cos_u_u_x = c(1.0)};
       }},
      {"kdv", false, 1.0, waves, 256, 100,
       [](const Coefficient& c, double) {
         return EvolutionTerms{.u_t = 1.0, .u_xxx = c(0.022 * 0.022), .u_u_x = 1.0};
       }},
      {"wave", false, 1.0, waves, 128, 1,
       [](const Coefficient& c, double) { return EvolutionTerms{.u_tt = 1.0, .u_xx = -c(0.25)}; }},
      {"klein_gordon", false, 1.0, waves, 128, 1,
       [](const Coefficient& c, double) {
         const double speed = std::pow(c(1.0), 2), mass = std::pow(c(0.1), 2);
         return EvolutionTerms{.u_tt = 1.0, .u_xx = -speed, .u = mass * speed * speed};
       }},
      {"sine_gordon", true, 1.0, waves, 192, 10,
       [](const Coefficient& c, double) {
         return EvolutionTerms{.u_tt = 1.0, .u_xx = -1.0, .sin_u = c(1.0)};
       }},
      {"burgers", true, 2.0, sines, 768, 75,
       [](const Coefficient& c, double) {
         return EvolutionTerms{.u_t = 1.0, .u_xx = -c(shock), .u_u_x = c(1.0)};
       }},
  };
  return families;
}

const Family& family_at(int place) { return all_families()[static_cast<std::size_t>(place)]; }

/// The same equation in a time of which @p time is the unit.
EvolutionTerms in_unit_time(EvolutionTerms c, double time) {
  const double factor = c.u_tt != 0.0 ? time * time : time;
  for (double* term :
       {&c.u_x, &c.u_xx, &c.u_xxx, &c.u, &c.u2, &c.u3, &c.u_u_x, &c.u2_u_x, &c.sin_u, &c.cos_u_u_x})
    *term *= factor;
  return c;
}

/// Sum of two sines, one time in ten its absolute value, one in ten cut off outside a window, with
/// either sign, scaled to [0,1].
void draw_values(const core::RandomStream& random, Start kind, std::span<double> values) {
  std::uint64_t index = 0;
  const auto uniform = [&] { return random.uniform(index++); };
  const bool waves = kind == Start::two_sines;
  const int first = waves ? 1 : 1 + static_cast<int>(4.0 * uniform());
  const int other = waves ? 1 : 1 + static_cast<int>(3.0 * uniform());
  const int second = 1 + (first - 1 + other) % 4; // not the first one
  const double two_pi = 2.0 * std::numbers::pi, a = uniform(), b = uniform(),
               phase = two_pi * uniform(), other_phase = two_pi * uniform();
  const bool fold = !waves && uniform() < 0.1, cut = !waves && uniform() < 0.1;
  const double sign = uniform() < 0.5 ? -1.0 : 1.0;
  const double left = 0.1 + 0.35 * uniform(), right = 0.55 + 0.35 * uniform();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i) / static_cast<double>(values.size());
    const double sum =
        a * std::sin(two_pi * first * x + phase) + b * std::sin(two_pi * second * x + other_phase);
    values[i] = cut && (x < left || x > right) ? 0.0 : sign * (fold ? std::abs(sum) : sum);
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double base = *low, range = *high - base;
  for (double& v : values) v = (v - base) / range;
}

template <class Which>
std::vector<std::string> names_of(Which which) {
  std::vector<std::string> names;
  for (const auto& family : all_families())
    if (which(family)) names.push_back(family.name);
  return names;
}

EvolutionFamiliesOptions checked(EvolutionFamiliesOptions o) {
  if (o.operators < 1 || o.operators > most_operators)
    core::throw_usage("evolution equations: " + std::to_string(o.operators) +
                      " operators of each family; from 1 to " + std::to_string(most_operators) +
                      " are possible");
  if (!(o.spread >= 0.0 && o.spread < 1.0))
    core::throw_usage("evolution equations: the spread of coefficients is " +
                      core::number_text(o.spread) + "; it must be at least 0 and below 1");
  if (o.sensors < 16)
    core::throw_usage("evolution equations: " + std::to_string(o.sensors) +
                      " sensors; at least 16 are needed");
  if (o.families.empty()) o.families = training_families();
  return o;
}

} // namespace

const std::vector<std::string>& evolution_families() {
  static const auto names = names_of([](const Family&) { return true; });
  return names;
}

const std::vector<std::string>& training_families() {
  static const auto names = names_of([](const Family& f) { return !f.held_out; });
  return names;
}

const std::vector<std::string>& held_out_families() {
  static const auto names = names_of([](const Family& f) { return f.held_out; });
  return names;
}

EvolutionFamilies::EvolutionFamilies(const EvolutionFamiliesOptions& options)
    : OperatorSampler(options.seed),
      options_(checked(options)), axes_{equispaced_axis("x", 0.0, length, options.grid, true),
                                        equispaced_axis("t", 0.0, 1.0, times + 1)},
      fft_({options.sensors, 1, 1}), frames_(times) {
  auto& time = axes_[1];
  time.points.erase(time.points.begin());
  time.low = time.points.front();
  time.anywhere = false;
  for (const auto& name : options_.families) {
    const auto& all = evolution_families();
    const auto found = std::find(all.begin(), all.end(), name);
    if (found == all.end())
      core::throw_usage("evolution equations: no family is called " + name + "; there are " +
                        core::joined(all));
    families_.push_back(static_cast<int>(found - all.begin()));
  }
}

int EvolutionFamilies::operator_count() const {
  return options_.operators * static_cast<int>(families_.size());
}

EvolutionTerms EvolutionFamilies::equation(int number) const {
  const auto count = static_cast<int>(families_.size());
  const int place = families_[static_cast<std::size_t>(number % count)];
  const Family& family = family_at(place);
  const core::RandomStream random(seed(), coefficient_stream +
                                              (static_cast<std::uint64_t>(place) << 32) +
                                              static_cast<std::uint64_t>(number / count));
  std::uint64_t index = 1;
  const Coefficient draw = [&](double centre) {
    return centre * (1.0 + options_.spread * (2.0 * random.uniform(index++) - 1.0));
  };
  return in_unit_time(family.terms(draw, random.uniform(0)), family.time);
}

void EvolutionFamilies::select(int number) {
  if (number == selected_) return;
  family_ = families_[static_cast<std::size_t>(number) % families_.size()];
  terms_ = equation(number);
  const int points =
      options_.refinement * std::max(family_at(family_).points, 2 * options_.sensors);
  solver_ = std::make_unique<PeriodicEvolution>(terms_, points, length);
  selected_ = number;
}

void EvolutionFamilies::draw_input(std::uint64_t number, std::span<double> input) {
  const core::RandomStream random(seed(), start_stream +
                                              (static_cast<std::uint64_t>(family_) << 48) + number);
  draw_values(random, family_at(family_).start, input);
  std::copy(input.begin(), input.end(), fft_.values());
  fft_.forward();
  const int m = options_.sensors;
  for (int k = 0; k < (m + 1) / 2; ++k) fft_.spectrum()[k] /= m;
  if (m % 2 == 0) fft_.spectrum()[m / 2] = 0.0;
}

bool EvolutionFamilies::draw(std::uint64_t number, std::span<double> input) {
  const auto count = static_cast<std::uint64_t>(operator_count());
  select(static_cast<int>(number % count));
  draw_input(number, input);
  const auto modes = static_cast<std::size_t>((options_.sensors + 1) / 2);
  solver_->set_modes({fft_.spectrum(), modes});
  fft_.backward();
  std::copy_n(fft_.values(), input.size(), input.begin());
  for (auto& frame : frames_) {
    if (!solver_->advance(1.0 / times, options_.refinement * family_at(family_).steps))
      return false;
    frame = solver_->modes();
    // What has no weight in double precision.
    while (frame.size() > 1 && std::norm(frame.back()) < 1e-36) frame.pop_back();
  }
  return true;
}

void EvolutionFamilies::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p)
    values[p] =
        series_value(frames_[point_index(axes_[1], points[2 * p + 1])], points[2 * p] / length);
}

void EvolutionFamilies::code(std::span<double> numbers) const {
  const auto list = terms_.list();
  std::copy(list.begin(), list.end(), numbers.begin());
}

void EvolutionFamilies::code_of(int number, std::span<double> numbers) const {
  const auto list = equation(number).list();
  std::copy(list.begin(), list.end(), numbers.begin());
}

std::string EvolutionFamilies::recipe() const {
  return "evolution equations of period 2, " + std::to_string(times) + " times, families " +
         core::joined(options_.families) + ", " + std::to_string(options_.operators) +
         " operators each, coefficients within " + core::number_text(options_.spread) +
         " of their centres; start of " + std::to_string(options_.sensors) +
         " values; Fourier series, Runge-Kutta 4 or Yoshida 4, refined " +
         std::to_string(options_.refinement) + " times; seed " + std::to_string(seed());
}

} // namespace linnet::problems
