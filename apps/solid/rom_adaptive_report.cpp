// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "rom_adaptive_report.hpp"

#include "rom_report.hpp"

namespace app {

using namespace linnet;

namespace {

std::string steps_text(const std::vector<int>& steps) {
  std::string text;
  for (const int step : steps) text += (text.empty() ? "" : ",") + std::to_string(step);
  return text;
}

io::Results results_of(const AppContext& context, const Problem& problem, const OnlineRun& online,
                       const rom::AdaptiveCosts& costs, const AdaptiveSummary& summary) {
  io::Results results = online_results(context, problem, online);
  results.setup_seconds = summary.setup_seconds;
  results.solve_seconds = costs.seconds();
  results.outputs = summary.files;
  auto& own = results.objects["rom"];
  own["hf_steps"] = static_cast<std::int64_t>(costs.calls.size());
  own["hf_step_numbers"] = steps_text(costs.steps());
  own["reduced_failures"] = std::int64_t{costs.reduced_failures};
  own["seconds_reduced"] = costs.reduced_seconds;
  own["seconds_hf"] = costs.solve_seconds();
  own["seconds_replay"] = costs.replay_seconds();
  own["seconds_update"] = costs.update_seconds();
  own["seconds_pre_enrichment"] = costs.pre_enrichment_seconds;
  return results;
}

} // namespace

void report_adaptive(const AppContext& context, const Problem& problem, const rom::AdaptiveRun& run,
                     const AdaptiveSummary& summary) {
  const OnlineRun online{run.model(), run.history(), summary.errors ? &*summary.errors : nullptr};
  print_online(context, online);
  for (const std::string& line : rom::cost_table(run.costs())) context.print("%s\n", line.c_str());
  context.print("  model           %d modes of u, %d of p, %d of stress, %zu points\n",
                static_cast<int>(run.model().basis().displacement().size()),
                static_cast<int>(run.model().basis().plastic_strain().size()),
                static_cast<int>(run.model().basis().stress().size()),
                run.model().points().points.size());
  context.print("  seconds         set-up %.3f, output %.3f, comparison %.3f; total %.3f\n",
                summary.setup_seconds, summary.output_seconds, summary.comparison_seconds,
                context.seconds());
  for (const std::string& file : summary.files)
    context.print("  file            %s\n", file.c_str());
  if (!context.results_file().empty())
    io::write_results(context.comm(), context.results_file(),
                      results_of(context, problem, online, run.costs(), summary));
}

} // namespace app
