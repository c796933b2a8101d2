// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "problem.hpp"

#include <linnet/fem/loading/rigid_motions.hpp>
#include <linnet/fem/quadrature/loads.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace app {

using namespace linnet;

namespace {

using Term = fem::LoadTerm;

/// The terms of a list, each with what goes wrong in it reported for the option.
template <class Use>
void for_terms(const AppContext& context, const std::string& option, const fem::TermForm& form,
               Use&& use) {
  for (const std::string& text : context.options().strings(option))
    for_option(context, option, [&] { use(fem::parse_load_term(text, form)); });
}

double finite_value(const Term& term, const core::Real3& x) {
  const double value = term.value(x);
  if (!std::isfinite(value)) {
    std::ostringstream where;
    where << "(" << x[0] << ", " << x[1] << ", " << x[2] << ")";
    core::throw_usage("'" + term.value.text() + "' is not finite at " + where.str());
  }
  return value;
}

core::Real3 components(const Term& term, const core::Real3& x) {
  const double value = finite_value(term, x);
  core::Real3 result{};
  for (std::size_t d = 0; d < 3; ++d)
    if (term.components[d]) result[d] = value;
  return result;
}

std::vector<double> densities(const Problem& problem) {
  std::vector<double> result;
  for (const int material : problem.material_of_region)
    result.push_back(problem.materials.table(material).density);
  return result;
}

void require_density(const AppContext& context, const std::string& option, const Problem& problem) {
  const auto all = densities(problem);
  if (std::all_of(all.begin(), all.end(), [](double d) { return d == 0.0; }))
    context.options().fail(option, "needs a material with a density, and " +
                                       problem.materials.source() + " gives none");
}

} // namespace

void add_supports(const AppContext& context, Amplitudes& amplitudes, Problem& problem) {
  const std::string option = "-solid_hold";
  for_terms(context, option, {}, [&](const Term& term) {
    const bool zero = term.value.is_constant() && term.value({}) == 0.0;
    const auto value = [&term](const std::array<double, 3>& x) { return components(term, x); };
    if (zero)
      problem.loading->hold(term.group, term.components);
    else
      problem.loading->hold(term.group, term.components, amplitudes.named(option, term.amplitude),
                            value);
    auto& groups = problem.held_groups;
    if (std::find(groups.begin(), groups.end(), term.group) == groups.end())
      groups.push_back(term.group);
  });
  const std::string motion = fem::free_rigid_motion(problem.mesh, problem.loading->held_dofs());
  if (!motion.empty())
    context.options().fail(option, "leaves the solid free to move: " + motion +
                                       "; hold more, such as root:xyz");
}

void add_forces(const AppContext& context, Amplitudes& amplitudes, Problem& problem) {
  const fem::Mesh& mesh = problem.mesh;
  fem::Loading& loading = *problem.loading;
  for_terms(context, "-solid_pressure", {true, false, true}, [&](const Term& term) {
    const auto traction = [&term](const core::Real3& x, const core::Real3& normal) {
      const double pressure = finite_value(term, x);
      return core::Real3{-pressure * normal[0], -pressure * normal[1], -pressure * normal[2]};
    };
    loading.add_force(amplitudes.named("-solid_pressure", term.amplitude),
                      fem::traction_load(mesh, term.group, traction));
  });
  for_terms(context, "-solid_traction", {true, true, true}, [&](const Term& term) {
    const auto traction = [&term](const core::Real3& x, const core::Real3&) {
      return components(term, x);
    };
    loading.add_force(amplitudes.named("-solid_traction", term.amplitude),
                      fem::traction_load(mesh, term.group, traction));
  });
  for_terms(context, "-solid_body_force", {false, true, true}, [&](const Term& term) {
    require_density(context, "-solid_body_force", problem);
    const auto acceleration = [&term](const core::Real3& x) { return components(term, x); };
    loading.add_force(amplitudes.named("-solid_body_force", term.amplitude),
                      fem::body_load(mesh, densities(problem), acceleration));
  });
  const core::Options& options = context.options();
  const double speed = options.real("-solid_centrifugal_speed");
  if (speed == 0.0) return;
  require_density(context, "-solid_centrifugal_speed", problem);
  const auto point = options.reals("-solid_centrifugal_point");
  const auto axis = options.reals("-solid_centrifugal_axis");
  if (axis[0] == 0.0 && axis[1] == 0.0 && axis[2] == 0.0)
    options.fail("-solid_centrifugal_axis", "must not be the zero vector");
  const auto& amplitude = amplitudes.named("-solid_centrifugal_amplitude",
                                           options.string("-solid_centrifugal_amplitude"));
  loading.add_force(amplitude, fem::centrifugal_load(mesh, densities(problem), speed,
                                                     {point[0], point[1], point[2]},
                                                     {axis[0], axis[1], axis[2]}));
}

} // namespace app
