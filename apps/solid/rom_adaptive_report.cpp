// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "rom_adaptive_report.hpp"

#include <linnet/io/results.hpp>

namespace app {

using namespace linnet;

namespace {

void print_errors(const AppContext& context, const rom::OnlineHistory& history,
                  const rom::SolidErrors& errors) {
  context.print("       t            I     estimate      E_p          E_u        E_sigma\n");
  for (std::size_t k = 0; k < errors.times.size(); ++k)
    context.print("  %10.6g   %.3e   %.3e   %.3e   %.3e   %.3e%s\n", errors.times[k],
                  history.steps[k + 1].indicator, history.steps[k + 1].estimate,
                  errors.plastic_strain[k], errors.displacement[k], errors.stress[k],
                  history.steps[k + 1].high_fidelity ? "  HF" : "");
  const double after = context.options().real("-rom_after");
  context.print("  largest errors  E_p %.3e, E_u %.3e, E_sigma %.3e; at the end E_p %.3e",
                errors.largest_plastic_strain(), errors.largest_displacement(),
                errors.largest_stress(), errors.plastic_strain.back());
  if (after > 0.0)
    context.print("; after t = %g: %.3e, %.3e, %.3e", after, errors.largest_plastic_strain(after),
                  errors.largest_displacement(after), errors.largest_stress(after));
  context.print("\n");
}

std::string steps_text(const std::vector<int>& steps) {
  std::string text;
  for (const int step : steps) text += (text.empty() ? "" : ",") + std::to_string(step);
  return text;
}

io::Results results_of(const AppContext& context, const Problem& problem,
                       const rom::AdaptiveRun& run, const AdaptiveSummary& summary) {
  const rom::OnlineHistory& history = run.history();
  const rom::AdaptiveCosts& costs = run.costs();
  const rom::SolidReducedModel& model = run.model();
  io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = 3 * std::int64_t{problem.mesh.all_nodes()};
  for (std::size_t k = 1; k < history.steps.size(); ++k)
    results.iterations_per_solve.push_back(history.steps[k].iterations);
  results.converged = true;
  results.reason = "CONVERGED_FNORM_RELATIVE";
  results.setup_seconds = summary.setup_seconds;
  results.solve_seconds = costs.seconds();
  results.total_seconds = context.seconds();
  results.peak_memory_mb = io::peak_memory_mb(context.comm());
  results.outputs = summary.files;
  auto& own = results.objects["rom"];
  own["modes_u"] = std::int64_t{model.basis().displacement().size()};
  own["modes_p"] = std::int64_t{model.basis().plastic_strain().size()};
  own["modes_sigma"] = std::int64_t{model.basis().stress().size()};
  own["points"] = static_cast<std::int64_t>(model.points().points.size());
  own["steps"] = std::int64_t{run.done()};
  own["hf_steps"] = static_cast<std::int64_t>(costs.calls.size());
  own["hf_step_numbers"] = steps_text(costs.steps());
  own["reduced_failures"] = std::int64_t{costs.reduced_failures};
  own["max_indicator"] = history.largest_indicator();
  own["max_estimate"] = history.largest_estimate();
  own["seconds_reduced"] = costs.reduced_seconds;
  own["seconds_hf"] = costs.solve_seconds();
  own["seconds_replay"] = costs.replay_seconds();
  own["seconds_update"] = costs.update_seconds();
  own["seconds_pre_enrichment"] = costs.pre_enrichment_seconds;
  if (!summary.errors) return results;
  const double after = context.options().real("-rom_after");
  const rom::SolidErrors& errors = *summary.errors;
  results.errors["E_u_max"] = errors.largest_displacement();
  results.errors["E_p_max"] = errors.largest_plastic_strain();
  results.errors["E_sigma_max"] = errors.largest_stress();
  results.errors["E_p_end"] = errors.plastic_strain.back();
  results.errors["E_u_max_after"] = errors.largest_displacement(after);
  results.errors["E_p_max_after"] = errors.largest_plastic_strain(after);
  results.errors["E_sigma_max_after"] = errors.largest_stress(after);
  return results;
}

} // namespace

void report_adaptive(const AppContext& context, const Problem& problem, const rom::AdaptiveRun& run,
                     const AdaptiveSummary& summary) {
  if (summary.errors) print_errors(context, run.history(), *summary.errors);
  for (const std::string& line : rom::cost_table(run.costs())) context.print("%s\n", line.c_str());
  context.print("  model           %d modes of u, %d of p, %d of stress, %zu points\n",
                static_cast<int>(run.model().basis().displacement().size()),
                static_cast<int>(run.model().basis().plastic_strain().size()),
                static_cast<int>(run.model().basis().stress().size()),
                run.model().points().points.size());
  context.print("  indicator       %.3e at most, estimate of E_p %.3e in accepted steps: no "
                "bounds\n",
                run.history().largest_indicator(), run.history().largest_estimate());
  context.print("  seconds         set-up %.3f, output %.3f, comparison %.3f; total %.3f\n",
                summary.setup_seconds, summary.output_seconds, summary.comparison_seconds,
                context.seconds());
  if (!context.results_file().empty())
    io::write_results(context.comm(), context.results_file(),
                      results_of(context, problem, run, summary));
}

} // namespace app
