// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "rom_options.hpp"
#include "rom_output.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>
#include <linnet/io/results.hpp>
#include <linnet/rom/solid/archive.hpp>

#include <optional>

namespace app {

using namespace linnet;
using core::Phase;

namespace {

struct ReducedSeconds {
  double setup = 0.0, loading = 0.0, online = 0.0, comparison = 0.0, output = 0.0;
};

std::vector<double> times_of(const Problem& problem) {
  std::vector<double> times{0.0};
  times.insert(times.end(), problem.times.begin(), problem.times.end());
  return times;
}

void print_errors(const AppContext& context, const rom::OnlineHistory& history,
                  const rom::SolidErrors& errors) {
  context.print("       t            I     estimate      E_p          E_u        E_sigma\n");
  for (std::size_t k = 0; k < errors.times.size(); ++k)
    context.print("  %10.6g   %.3e   %.3e   %.3e   %.3e   %.3e\n", errors.times[k],
                  history.steps[k + 1].indicator, history.steps[k + 1].estimate,
                  errors.plastic_strain[k], errors.displacement[k], errors.stress[k]);
  const double after = context.options().real("-rom_after");
  context.print("  largest errors  E_p %.3e, E_u %.3e, E_sigma %.3e",
                errors.largest_plastic_strain(), errors.largest_displacement(),
                errors.largest_stress());
  if (after > 0.0)
    context.print("; after t = %g: %.3e, %.3e, %.3e", after, errors.largest_plastic_strain(after),
                  errors.largest_displacement(after), errors.largest_stress(after));
  context.print("\n");
}

io::Results results_of(const AppContext& context, const Problem& problem,
                       const rom::SolidReducedModel& model, const rom::OnlineHistory& history,
                       const rom::SolidErrors* errors, const ReducedSeconds& seconds,
                       const std::vector<std::string>& files) {
  io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = 3 * std::int64_t{problem.mesh.all_nodes()};
  for (std::size_t k = 1; k < history.steps.size(); ++k)
    results.iterations_per_solve.push_back(history.steps[k].iterations);
  results.converged = true;
  results.reason = "CONVERGED_FNORM_RELATIVE";
  results.setup_seconds = seconds.setup + seconds.loading;
  results.solve_seconds = history.seconds;
  results.total_seconds = context.seconds();
  results.peak_memory_mb = io::peak_memory_mb(context.comm());
  results.outputs = files;
  auto& own = results.objects["rom"];
  own["modes_u"] = std::int64_t{model.basis().displacement().size()};
  own["modes_p"] = std::int64_t{model.basis().plastic_strain().size()};
  own["modes_sigma"] = std::int64_t{model.basis().stress().size()};
  own["points"] = static_cast<std::int64_t>(model.points().points.size());
  own["steps"] = static_cast<std::int64_t>(history.steps.size()) - 1;
  own["hf_steps"] = std::int64_t{0};
  own["max_indicator"] = history.largest_indicator();
  own["max_estimate"] = history.largest_estimate();
  own["seconds_reduced"] = history.seconds;
  own["seconds_loading"] = seconds.loading;
  if (errors == nullptr) return results;
  const double after = context.options().real("-rom_after");
  results.errors["E_u_max"] = errors->largest_displacement();
  results.errors["E_p_max"] = errors->largest_plastic_strain();
  results.errors["E_sigma_max"] = errors->largest_stress();
  results.errors["E_u_max_after"] = errors->largest_displacement(after);
  results.errors["E_p_max_after"] = errors->largest_plastic_strain(after);
  results.errors["E_sigma_max_after"] = errors->largest_stress(after);
  return results;
}

} // namespace

void run_reduced(AppContext& context) {
  ReducedSeconds seconds;
  const core::Options& options = context.options();
  if (!options.is_set("-rom_archive"))
    options.fail("-rom_archive", "must name the file of the reduced model to read");
  const std::string path = context.find_file("-rom_archive", options.string("-rom_archive"));
  const double start = context.seconds();
  const std::unique_ptr<Problem> problem = make_problem(context);
  const std::string materials = problem->materials.fingerprint();
  const rom::SolidProducts products(*problem->model, rom::archive_product(context.comm(), path));
  const rom::Archive archive = rom::read_archive(path, *problem->model, products, materials);
  const rom::SolidReducedModel& model = archive.model;
  seconds.setup = context.seconds() - start;

  const double begin = context.seconds();
  const auto loading =
      rom::DecomposedLoading::of(*problem->loading, *problem->model, times_of(*problem));
  const linalg::ColumnStore lifts = rom::elastic_lifts(*problem->model, loading);
  seconds.loading = context.seconds() - begin;
  const rom::Reconstruction fields(model, loading, lifts);
  rom::OnlineHistory history;
  {
    const Phase phase("Reduced", &seconds.online);
    history =
        rom::run_reduced(model, quadrature_kind(context), loading, lifts, newton_options(context));
  }
  ReducedOutput output(context, *problem);
  {
    const Phase phase("Output", &seconds.output);
    for (std::size_t k = 1; k < history.steps.size(); ++k)
      output.write(fields, history.steps[k], k, k + 1 == history.steps.size());
  }
  std::optional<rom::SolidErrors> errors;
  if (options.is_set("-rom_compare")) {
    const Phase phase("Compare", &seconds.comparison);
    const rom::SnapshotFile truth(context.find_file("-rom_compare", options.string("-rom_compare")),
                                  *problem->model, materials);
    errors = rom::compare(fields, model, history, truth.times(), rom::states_of(truth));
  }
  output.write_history(history, errors ? &*errors : nullptr);
  output.close();

  context.print("reduced model of %s: %d modes, %zu points; %d steps in %.3f s, %.0f us each\n",
                path.c_str(), static_cast<int>(model.basis().displacement().size()),
                model.points().points.size(), loading.steps(), history.seconds,
                1e6 * history.seconds / std::max(1, loading.steps()));
  if (errors) print_errors(context, history, *errors);
  context.print("  indicator       %.3e at most, estimate of E_p %.3e: no bounds\n",
                history.largest_indicator(), history.largest_estimate());
  context.print("  seconds         set-up %.3f, loading %.3f, steps %.3f, output %.3f, comparison "
                "%.3f; total %.3f\n",
                seconds.setup, seconds.loading, seconds.online, seconds.output, seconds.comparison,
                context.seconds());
  if (!context.results_file().empty())
    io::write_results(context.comm(), context.results_file(),
                      results_of(context, *problem, model, history, errors ? &*errors : nullptr,
                                 seconds, output.files()));
}

} // namespace app
