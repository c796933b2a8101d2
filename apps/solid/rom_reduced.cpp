// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"
#include "rom_options.hpp"
#include "rom_output.hpp"
#include "rom_report.hpp"
#include "runs.hpp"

#include <linnet/core/phase.hpp>
#include <linnet/rom/solid/archive.hpp>

#include <optional>

namespace app {

using namespace linnet;
using core::Phase;

namespace {

struct ReducedSeconds {
  double setup = 0.0, loading = 0.0, online = 0.0, comparison = 0.0, output = 0.0;
};

io::Results results_of(const AppContext& context, const Problem& problem, const OnlineRun& run,
                       const ReducedSeconds& seconds, const std::vector<std::string>& files) {
  io::Results results = online_results(context, problem, run);
  results.setup_seconds = seconds.setup + seconds.loading;
  results.solve_seconds = run.history.seconds;
  results.outputs = files;
  auto& own = results.objects["rom"];
  own["hf_steps"] = std::int64_t{0};
  own["seconds_reduced"] = run.history.seconds;
  own["seconds_loading"] = seconds.loading;
  return results;
}

void write_fields(ReducedOutput& output, const rom::Reconstruction& fields,
                  const rom::OnlineHistory& history) {
  for (std::size_t k = 1; k < history.steps.size(); ++k)
    output.write(fields, history.steps[k], k, k + 1 == history.steps.size());
}

/// Of a run that could not go on; says where.
std::string write_what_there_is(const AppContext& context, const Problem& problem,
                                const rom::Reconstruction& fields,
                                const rom::OnlineHistory& history) {
  if (history.steps.size() < 2) return ""; // nothing to replace an older file with
  ReducedOutput output(context, problem);
  if (output.files().empty()) return "";
  write_fields(output, fields, history);
  output.write_history(history, nullptr);
  output.close();
  return "; the steps before are in " + output.files().front();
}

} // namespace

void run_reduced(AppContext& context) {
  ReducedSeconds seconds;
  require_writable_outputs(context);
  const core::Options& options = context.options();
  if (!options.is_set("-rom_archive"))
    options.fail("-rom_archive", "must name the file of the reduced model to read");
  const std::string path = context.find_file("-rom_archive", options.string("-rom_archive"));
  const double start = context.seconds();
  const std::unique_ptr<Problem> problem = make_problem(context);
  const std::optional<rom::SnapshotFile> truth = comparison_file(context, *problem);
  const rom::SolidProducts products(*problem->model, rom::archive_product(context.comm(), path));
  const rom::Archive archive =
      rom::read_archive(path, *problem->model, products, problem->materials.fingerprint());
  const rom::SolidReducedModel& model = archive.model;
  seconds.setup = context.seconds() - start;

  const double begin = context.seconds();
  const auto loading =
      rom::DecomposedLoading::of(*problem->loading, *problem->model, times_of(*problem));
  const linalg::ColumnStore lifts = rom::elastic_lifts(*problem->model, loading);
  seconds.loading = context.seconds() - begin;
  const rom::Reconstruction fields(model, loading, lifts);
  rom::OnlineHistory history;
  history.steps.resize(1);
  try {
    const Phase phase("Reduced", &seconds.online);
    history =
        rom::run_reduced(model, quadrature_kind(context), loading, lifts, newton_options(context),
                         [&](int, const rom::OnlineStep& end) { history.steps.push_back(end); });
  } catch (const core::Error& error) {
    throw core::Error(error.code(),
                      error.what() + write_what_there_is(context, *problem, fields, history));
  }
  ReducedOutput output(context, *problem);
  {
    const Phase phase("Output", &seconds.output);
    write_fields(output, fields, history);
  }
  std::optional<rom::SolidErrors> errors;
  if (truth) {
    const Phase phase("Compare", &seconds.comparison);
    errors = rom::compare(fields, model, history, truth->times(), rom::states_of(*truth));
  }
  output.write_history(history, errors ? &*errors : nullptr);
  output.close();

  context.print("reduced model of %s: %d modes, %zu points; %d steps in %.3f s, %.0f us each\n",
                path.c_str(), static_cast<int>(model.basis().displacement().size()),
                model.points().points.size(), loading.steps(), history.seconds,
                1e6 * history.seconds / std::max(1, loading.steps()));
  const OnlineRun run{model, history, errors ? &*errors : nullptr};
  print_online(context, run);
  if (history.largest_estimate() > options.real("-rom_target"))
    context.warn("steps of this loading are not what the model has learnt, by its own estimate; "
                 "-solid_solver adaptive solves such steps on the mesh");
  context.print("  seconds         set-up %.3f, loading %.3f, steps %.3f, output %.3f, comparison "
                "%.3f; total %.3f\n",
                seconds.setup, seconds.loading, seconds.online, seconds.output, seconds.comparison,
                context.seconds());
  for (const std::string& file : output.files())
    context.print("  file            %s\n", file.c_str());
  if (!context.results_file().empty())
    io::write_results(context.comm(), context.results_file(),
                      results_of(context, *problem, run, seconds, output.files()));
}

} // namespace app
