// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "report.hpp"

#include <linnet/io/results.hpp>

#include <algorithm>

namespace app {

using namespace linnet;

namespace {

double sum_of(const RunSummary& summary, double fem::StepOutcome::*seconds) {
  double sum = 0.0;
  for (const auto& outcome : summary.steps_done) sum += outcome.*seconds;
  return sum;
}

/// Largest residual over what it was compared with, times the tolerance.
double worst_residual(const RunSummary& summary, double tolerance) {
  double worst = 0.0;
  for (const auto& outcome : summary.steps_done)
    if (outcome.reference > 0.0)
      worst = std::max(worst, tolerance * outcome.residual / outcome.reference);
  return worst;
}

std::map<std::string, io::ResultValue> own_results(const Problem& problem,
                                                   const RunSummary& summary) {
  std::map<std::string, io::ResultValue> own;
  own["steps"] = summary.steps;
  own["newton_iterations"] = summary.newton;
  own["linear_iterations"] = summary.linear;
  own["halvings"] = summary.halvings;
  own["time"] = summary.time;
  own["volume"] = summary.state.volume;
  own["mean_p"] = summary.state.mean_p;
  own["max_p"] = summary.state.max_p;
  own["mean_von_mises"] = summary.state.mean_von_mises;
  own["max_von_mises"] = summary.state.max_von_mises;
  own["peak_von_mises"] = summary.peak_von_mises;
  own["max_abs_u"] = summary.state.max_abs_u;
  if (!summary.group.empty())
    own[summary.group + "_mean_u"] =
        std::vector<double>(summary.group_mean.begin(), summary.group_mean.end());
  own["cells"] = std::int64_t{problem.mesh.all_cells()};
  own["nodes"] = std::int64_t{problem.mesh.all_nodes()};
  own["points"] = problem.model->all_points();
  own["held"] = summary.held;
  own["force_seconds"] = sum_of(summary, &fem::StepOutcome::force_seconds);
  own["tangent_seconds"] = sum_of(summary, &fem::StepOutcome::tangent_seconds);
  own["linear_seconds"] = sum_of(summary, &fem::StepOutcome::linear_seconds);
  own["output_seconds"] = summary.output_seconds;
  std::vector<std::int64_t> newton;
  for (const auto& outcome : summary.steps_done) newton.push_back(outcome.newton);
  own["newton_per_step"] = newton;
  return own;
}

double step_seconds(const RunSummary& summary) {
  return sum_of(summary, &fem::StepOutcome::force_seconds) +
         sum_of(summary, &fem::StepOutcome::tangent_seconds) +
         sum_of(summary, &fem::StepOutcome::linear_seconds);
}

io::Results make_results(const AppContext& context, const Problem& problem,
                         const RunSummary& summary, double memory) {
  io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = 3 * std::int64_t{problem.mesh.all_nodes()} - summary.held;
  for (const auto& outcome : summary.steps_done)
    results.iterations_per_solve.push_back(outcome.linear);
  results.converged = true; // else the run has ended with an error
  results.reason = "CONVERGED_FNORM_RELATIVE";
  results.relative_residual = worst_residual(summary, context.options().real("-solid_tolerance"));
  results.setup_seconds = summary.setup_seconds;
  results.solve_seconds = step_seconds(summary);
  results.total_seconds = context.seconds();
  results.peak_memory_mb = memory;
  results.outputs = summary.files;
  results.objects["solid"] = own_results(problem, summary);
  return results;
}

void print_problem(const AppContext& context, const Problem& problem, const RunSummary& summary) {
  const fem::Mesh& mesh = problem.mesh;
  context.print("solid of %lld %s, %lld nodes, %d %s\n", static_cast<long long>(mesh.all_cells()),
                mesh.shape() == fem::CellShape::hex8 ? "hexahedra" : "quadratic tetrahedra",
                static_cast<long long>(mesh.all_nodes()), context.ranks(),
                context.ranks() == 1 ? "rank" : "ranks");
  context.print("  unknowns      %lld, and %lld held; %lld quadrature points\n",
                static_cast<long long>(3 * std::int64_t{mesh.all_nodes()} - summary.held),
                static_cast<long long>(summary.held),
                static_cast<long long>(problem.model->all_points()));
  std::string materials;
  for (std::size_t r = 0; r < mesh.regions().size(); ++r) {
    const std::string& name = problem.materials.name(problem.material_of_region[r]);
    materials += (r > 0 ? ", " : "") + mesh.regions()[r] + (name.empty() ? "" : ": " + name);
  }
  context.print("  materials     %s of %s\n", materials.c_str(),
                problem.materials.source().c_str());
}

void print_state(const AppContext& context, const RunSummary& summary) {
  const fem::StepSummary& s = summary.state;
  context.print("  steps         %lld to t = %.6g, %lld Newton and %lld linear iterations",
                static_cast<long long>(summary.steps), summary.time,
                static_cast<long long>(summary.newton), static_cast<long long>(summary.linear));
  if (summary.halvings > 0)
    context.print(", %lld halvings", static_cast<long long>(summary.halvings));
  context.print("\n  volume        %.9g\n", s.volume);
  context.print("  plastic       p %.4e on average, %.4e at most\n", s.mean_p, s.max_p);
  context.print("  von Mises     %.6g on average, %.6g at most; %.6g over all steps\n",
                s.mean_von_mises, s.max_von_mises, summary.peak_von_mises);
  context.print("  displacement  %.6g at most", s.max_abs_u);
  if (!summary.group.empty())
    context.print("; mean of %s (%.6g, %.6g, %.6g)", summary.group.c_str(), summary.group_mean[0],
                  summary.group_mean[1], summary.group_mean[2]);
  context.print("\n");
}

} // namespace

void report(const AppContext& context, const Problem& problem, const RunSummary& summary) {
  const double memory = io::peak_memory_mb(context.comm());
  print_problem(context, problem, summary);
  print_state(context, summary);
  context.print("  seconds       set-up %.3f, law and forces %.3f, tangents %.3f, linear solver "
                "%.3f, output %.3f; total %.3f\n",
                summary.setup_seconds, sum_of(summary, &fem::StepOutcome::force_seconds),
                sum_of(summary, &fem::StepOutcome::tangent_seconds),
                sum_of(summary, &fem::StepOutcome::linear_seconds), summary.output_seconds,
                context.seconds());
  context.print("  memory        %.0f MB at most, all ranks together\n", memory);
  if (!summary.files.empty()) context.print("  files        ");
  for (const auto& file : summary.files) context.print(" %s", file.c_str());
  const bool fields = std::ranges::any_of(
      summary.files, [](const std::string& file) { return file.ends_with(".xdmf"); });
  if (!summary.files.empty()) context.print(fields ? "  (open the .xdmf in ParaView)\n" : "\n");
  if (!context.results_file().empty())
    io::write_results(context.comm(), context.results_file(),
                      make_results(context, problem, summary, memory));
}

} // namespace app
