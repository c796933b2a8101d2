// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "rom_report.hpp"

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

void add_errors(const rom::SolidErrors& errors, double after, io::Results& results) {
  results.errors["E_u_max"] = errors.largest_displacement();
  results.errors["E_p_max"] = errors.largest_plastic_strain();
  results.errors["E_sigma_max"] = errors.largest_stress();
  results.errors["E_p_end"] = errors.plastic_strain.back();
  results.errors["E_u_max_after"] = errors.largest_displacement(after);
  results.errors["E_p_max_after"] = errors.largest_plastic_strain(after);
  results.errors["E_sigma_max_after"] = errors.largest_stress(after);
}

} // namespace

std::optional<rom::SnapshotFile> comparison_file(const AppContext& context,
                                                 const Problem& problem) {
  std::optional<rom::SnapshotFile> file;
  if (!context.options().is_set("-rom_compare")) return file;
  file.emplace(context.find_file("-rom_compare", context.options().string("-rom_compare")),
               *problem.model, problem.materials.fingerprint());
  try {
    rom::require_times(times_of(problem), file->times());
    const auto loading =
        rom::DecomposedLoading::of(*problem.loading, *problem.model, times_of(problem));
    rom::require_loading(loading, file->loading());
  } catch (const core::Error& error) {
    throw core::Error(error.code(), file->path() + ": " + error.what());
  }
  return file;
}

void print_online(const AppContext& context, const OnlineRun& run) {
  if (run.errors) print_errors(context, run.history, *run.errors);
  context.print("  indicator       %.3e at most, estimate of E_p %.3e in steps of the model: "
                "no bounds\n",
                run.history.largest_indicator(), run.history.largest_estimate());
}

io::Results online_results(const AppContext& context, const Problem& problem,
                           const OnlineRun& run) {
  io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = 3 * std::int64_t{problem.mesh.all_nodes()};
  for (std::size_t k = 1; k < run.history.steps.size(); ++k)
    results.iterations_per_solve.push_back(run.history.steps[k].iterations);
  results.converged = true;
  results.reason = "CONVERGED_FNORM_RELATIVE";
  results.total_seconds = context.seconds();
  results.peak_memory_mb = io::peak_memory_mb(context.comm());
  auto& own = results.objects["rom"];
  const rom::SolidBasis& basis = run.model.basis();
  own["modes_u"] = std::int64_t{basis.displacement().size()};
  own["modes_p"] = std::int64_t{basis.plastic_strain().size()};
  own["modes_sigma"] = std::int64_t{basis.stress().size()};
  own["points"] = static_cast<std::int64_t>(run.model.points().points.size());
  own["steps"] = static_cast<std::int64_t>(run.history.steps.size()) - 1;
  own["max_indicator"] = run.history.largest_indicator();
  own["max_estimate"] = run.history.largest_estimate();
  if (run.errors) add_errors(*run.errors, context.options().real("-rom_after"), results);
  return results;
}

std::vector<double> times_of(const Problem& problem) {
  std::vector<double> times{0.0};
  times.insert(times.end(), problem.times.begin(), problem.times.end());
  return times;
}

} // namespace app
