// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "problem.hpp"

#include "mesh_setup.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>
#include <linnet/fem/loading/time_grid.hpp>

namespace app {

using namespace linnet;

Amplitudes::Amplitudes(const AppContext& context, double period)
    : options_(&context.options()), period_(period),
      repeat_(context.options().integer("-solid_cycles") > 1) {
  constexpr std::string_view family = "-solid_amplitude_";
  for (const std::string& option : options_->given("-solid_amplitude_*"))
    for_option(context, option, [&] {
      const fem::Amplitude table = fem::parse_amplitude(options_->strings(option));
      tables_.emplace(option.substr(family.size()), repeat_ ? table.repeated(period_) : table);
    });
}

const fem::Amplitude& Amplitudes::named(const std::string& option, const std::string& name) {
  static const fem::Amplitude one;
  if (name.empty()) return one;
  const auto found = tables_.find(core::lower_case(name));
  if (found != tables_.end()) {
    used_.insert(found->first);
    return found->second;
  }
  std::vector<std::string> names;
  for (const auto& entry : tables_) names.push_back(entry.first);
  options_->fail(option, "there is no amplitude '" + name + "'; " +
                             (names.empty() ? "give it by -solid_amplitude_" + name
                                            : "there are: " + core::joined(names)));
}

fem::Amplitude Amplitudes::make(const std::string& option, std::vector<double> times,
                                std::vector<double> values) const {
  try {
    const fem::Amplitude table(std::move(times), std::move(values));
    return repeat_ ? table.repeated(period_) : table;
  } catch (const core::Error& error) {
    options_->fail(option, error.what());
  }
}

void Amplitudes::warn_of_unused(const AppContext& context) const {
  for (const auto& [name, table] : tables_)
    if (!used_.contains(name))
      context.warn(options_->sources().place("-solid_amplitude_" + name) +
                   ": has no effect; no hold, load or temperature names it");
}

std::unique_ptr<Problem> make_problem(const AppContext& context) {
  LINNET_CHECK(core::ensure_kokkos());
  const core::Options& options = context.options();
  const std::string material =
      context.find_file("-solid_material", options.string("-solid_material"));
  std::unique_ptr<Problem> problem(
      new Problem{make_mesh(context), fem::Materials::read(context.comm(), material)});
  problem->material_of_region = problem->materials.of_regions(problem->mesh.regions());
  problem->cycle = for_option(context, "-solid_times",
                              [&] { return fem::parse_times(options.strings("-solid_times")); });
  problem->times = fem::repeat_times(problem->cycle, options.integer("-solid_cycles"));
  fem::SolidModelOptions model;
  model.symmetric = options.choice("-solid_tangent") == "symmetric";
  problem->model = std::make_unique<fem::SolidModel>(problem->mesh, problem->materials, model);
  problem->loading = std::make_unique<fem::Loading>(problem->mesh);
  Amplitudes amplitudes(context, problem->cycle.back());
  add_supports(context, amplitudes, *problem);
  add_forces(context, amplitudes, *problem);
  add_temperature(context, amplitudes, *problem);
  amplitudes.warn_of_unused(context);
  check_temperature(context, *problem);
  return problem;
}

} // namespace app
