// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Results file and screen report.
#include "convergence.hpp"
#include "output.hpp"

#include <algorithm>
#include <cmath>

namespace app {

using namespace linnet::problems;

namespace {

double sum_of(const std::vector<Solve>& solves, double Solve::*what) {
  double sum = 0.0;
  for (const Solve& s : solves) sum += s.*what;
  return sum;
}

bool is_nonlinear(const Summary& summary) {
  return !summary.solves.empty() && summary.solves.front().newton_steps.has_value();
}

/// The largest relative residual over all solves; what "converged" is judged by.
const Solve* worst(const std::vector<Solve>& solves) {
  const auto found = std::max_element(solves.begin(), solves.end(), [](auto& a, auto& b) {
    if (a.converged != b.converged) return a.converged;
    return a.relative_residual < b.relative_residual;
  });
  return found == solves.end() ? nullptr : &*found;
}

std::map<std::string, linnet::io::ResultValue> own_results(const Problem& problem,
                                                           const Summary& summary) {
  const FluxReport& flux = summary.fluxes;
  const std::size_t faces = 2 * static_cast<std::size_t>(problem.model.grid.dim);
  std::map<std::string, linnet::io::ResultValue> own;
  own["boundary_outflow"] =
      std::vector<double>(flux.outflow.begin(), flux.outflow.begin() + std::ptrdiff_t(faces));
  own["wall_outflow"] = flux.wall_outflow;
  own["source"] = flux.source;
  own["removed"] = summary.removed;
  own["reaction"] = flux.reaction;
  own["solid_cells"] = std::int64_t{problem.solid_cells};
  own["held_cells"] = std::int64_t{problem.held_cells};
  own["closed_cells"] = std::int64_t{problem.closed_cells};
  own["components"] = std::int64_t{summary.components};
  own["floating_components"] = std::int64_t{summary.floating};
  own["assemble_seconds"] = summary.seconds.assemble;
  own["problem_seconds"] = summary.seconds.setup;
  own["output_seconds"] = summary.seconds.output;
  own["time"] = summary.time;
  if (summary.balance_error) own["balance_error"] = *summary.balance_error;
  if (summary.assembly_balance_error)
    own["assembly_balance_error"] = *summary.assembly_balance_error;
  if (flux.conductivity) own["effective_conductivity"] = *flux.conductivity;
  if (!summary.newton.empty()) own["newton_residuals"] = summary.newton;
  if (is_nonlinear(summary)) {
    std::vector<std::int64_t> steps;
    for (const Solve& s : summary.solves) steps.push_back(s.newton_steps.value_or(0));
    own["newton_steps"] = steps;
  }
  return own;
}

linnet::io::Results make_results(const AppContext& context, const Problem& problem,
                                 const Summary& summary, const std::vector<std::string>& files,
                                 double memory) {
  linnet::io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = problem.fluid_cells();
  for (const Solve& s : summary.solves) results.iterations_per_solve.push_back(s.iterations);
  const Solve* w = worst(summary.solves);
  results.converged = w == nullptr || w->converged;
  results.reason = w ? outcome(*w) : "no solve";
  results.relative_residual = w ? w->relative_residual : 0.0;
  results.setup_seconds = sum_of(summary.solves, &Solve::setup_seconds);
  results.solve_seconds = sum_of(summary.solves, &Solve::solve_seconds);
  results.total_seconds = context.seconds();
  results.peak_memory_mb = memory;
  results.outputs = files;
  if (summary.error) results.errors["u_l2"] = *summary.error;
  results.objects["diffusion"] = own_results(problem, summary);
  return results;
}

void print_problem(const AppContext& context, const Problem& problem, const Summary& summary) {
  const BoxCells& grid = problem.model.grid;
  const std::string nz = grid.dim == 3 ? " x " + std::to_string(grid.cells[2]) : "";
  context.print("diffusion on %d x %d%s cells, %d %s\n", grid.cells[0], grid.cells[1], nz.c_str(),
                context.ranks(), context.ranks() == 1 ? "rank" : "ranks");
  context.print("  unknowns      %lld fluid cells, %lld solid",
                static_cast<long long>(problem.fluid_cells()),
                static_cast<long long>(problem.solid_cells));
  if (problem.held_cells > 0)
    context.print(", %lld held", static_cast<long long>(problem.held_cells));
  context.print("\n");
  if (problem.closed_cells > 0)
    context.print("                %lld single cells enclosed by solid were made solid\n",
                  static_cast<long long>(problem.closed_cells));
  if (summary.floating > 0)
    context.print("  null space    %lld of %lld pieces of fluid (%lld cells) have u fixed by no "
                  "boundary; there u has mean 0\n",
                  static_cast<long long>(summary.floating),
                  static_cast<long long>(summary.components),
                  static_cast<long long>(summary.floating_cells));
}

void print_solves(const AppContext& context, const Summary& summary) {
  const Solve* w = worst(summary.solves);
  context.print("  solver        %s\n", summary.solver.c_str());
  if (w == nullptr) return;
  for (const std::string& note : summary.networks)
    context.print("  network       %s\n", note.c_str());
  if (!summary.newton.empty())
    context.print("  %-13s %zu steps, residual %.3e to %.3e\n",
                  summary.solver.starts_with("newton") ? "newton" : "nonlinear",
                  summary.newton.size() - 1, summary.newton.front(), summary.newton.back());
  PetscInt iterations = 0, newton = 0;
  for (const Solve& s : summary.solves) {
    iterations += s.iterations;
    newton += s.newton_steps.value_or(0);
  }
  if (is_nonlinear(summary) && summary.newton.empty())
    context.print("  newton        %d steps in %zu steps of time\n", static_cast<int>(newton),
                  summary.solves.size());
  if (summary.solves.size() == 1)
    context.print("  iterations    %d, true relative residual %.3e (%s)\n",
                  static_cast<int>(iterations), w->relative_residual, outcome(*w).c_str());
  else
    context.print("  iterations    %d in %zu steps, worst true relative residual %.3e (%s)\n",
                  static_cast<int>(iterations), summary.solves.size(), w->relative_residual,
                  outcome(*w).c_str());
}

// Given boundary options turn the default source off, which is easily overlooked.
void print_zero(const AppContext& context) {
  const bool steady = context.options().integer("-diffusion_time_steps") == 0;
  context.print("  note          source, boundary values%s are zero, and so is u; set "
                "-diffusion_source or a -diffusion_bc_*_value\n",
                steady ? "" : " and initial state");
}

void print_fluxes(const AppContext& context, const Problem& problem, const Summary& summary) {
  const FluxReport& flux = summary.fluxes;
  context.print("  outflow      ");
  for (int face = 0; face < 2 * problem.model.grid.dim; ++face)
    if (problem.model.boundary[face].kind != BoundaryKind::periodic)
      context.print(" %s %.6g", std::string(face_names[std::size_t(face)]).c_str(),
                    flux.outflow[std::size_t(face)]);
  if (flux.wall_outflow != 0.0) context.print(" walls %.6g", flux.wall_outflow);
  context.print("; source %.6g", flux.source);
  if (std::abs(summary.removed) > 1e-10 * flux.turnover)
    context.print(", %.6g taken out to balance", summary.removed);
  if (flux.reaction != 0.0) context.print(", reaction %.6g", flux.reaction);
  context.print("\n");
  if (summary.balance_error)
    context.print(
        "  balance       outflow and sources differ by %.1e of the flux through all faces; "
        "%s limits it\n",
        *summary.balance_error, summary.newton.empty() ? "-ksp_rtol" : "-snes_rtol");
  if (flux.conductivity)
    context.print("  conductivity  %.8g effective, along %c\n", *flux.conductivity,
                  "xyz"[flux.conductivity_direction]);
  if (summary.error) context.print("  error         %.4e in L2\n", *summary.error);
}

} // namespace

void finish(const AppContext& context, const Problem& problem, const Summary& summary,
            const std::vector<std::string>& files) {
  const double memory = linnet::io::peak_memory_mb(context.comm());
  print_problem(context, problem, summary);
  print_solves(context, summary);
  if (summary.zero) print_zero(context);
  print_fluxes(context, problem, summary);
  if (is_nonlinear(summary))
    context.print("  seconds       problem %.3f, solve with assembly and preconditioner %.3f, "
                  "output %.3f; total %.3f\n",
                  summary.seconds.setup, sum_of(summary.solves, &Solve::solve_seconds),
                  summary.seconds.output, context.seconds());
  else
    context.print("  seconds       problem %.3f, assembly %.3f, preconditioner %.3f, solve %.3f, "
                  "output %.3f; total %.3f\n",
                  summary.seconds.setup, summary.seconds.assemble,
                  sum_of(summary.solves, &Solve::setup_seconds),
                  sum_of(summary.solves, &Solve::solve_seconds), summary.seconds.output,
                  context.seconds());
  context.print("  memory        %.0f MB at most, all ranks together\n", memory);
  if (!files.empty()) context.print("  files        ");
  for (const auto& file : files) context.print(" %s", file.c_str());
  if (!files.empty()) context.print("  (open the .xdmf in ParaView)\n");
  if (!context.results_file().empty())
    linnet::io::write_results(context.comm(), context.results_file(),
                              make_results(context, problem, summary, files, memory));
}

} // namespace app
