// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "point.hpp"

#include "point_output.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>
#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/material_point/point_table.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>

#include <algorithm>

namespace app {

using linnet::core::AppContext;
using namespace linnet::fem;

namespace {

/// What a run was like.
struct PointReport {
  std::vector<std::int64_t> newton;
  std::int64_t halvings = 0;
  double residual = 0;
  double seconds = 0;
  std::vector<std::string> files;
};

std::vector<std::string> output_files(const AppContext& context) {
  const std::string stem = context.options().string("-solid_output");
  if (stem == "none") return {};
  return {stem + ".h5", stem + ".csv"};
}

/// Every rank reads: the file names others.
PointHistory read_history(const AppContext& context) {
  const std::string file =
      context.find_file("-solid_point", context.options().string("-solid_point"));
  PointHistory history;
  linnet::core::together(context.comm(), [&] { history = point_history_of_file(file); });
  return history;
}

/// Temperatures that the material's table does not reach.
void check_temperatures(const AppContext& context, const PointHistory& history,
                        const Materials& materials) {
  const TemperatureRange range = materials.range(0);
  const auto outside = std::find_if(history.times.begin(), history.times.end(), [&](double t) {
    return !range.contains(history.temperature(t));
  });
  if (outside == history.times.end()) return;
  const auto number = [](double x) { return linnet::core::number_text(x); };
  const std::string what = "the temperature " + number(history.temperature(*outside)) +
                           " at t = " + number(*outside) + " is outside of the material's table, " +
                           number(range.lowest) + " to " + number(range.highest);
  if (context.options().choice_as<OutsideTable>("-solid_temperature_outside") ==
      OutsideTable::refuse)
    linnet::core::throw_data(what + "; extend the table, or take -solid_temperature_outside clamp");
  context.warn(what + ": its nearest row holds there");
}

void add_row(PointTable& table, const MaterialPoint& point, const PointHistory& history) {
  const std::vector<double> row = point_row(point, history.uniaxial);
  table.rows.insert(table.rows.end(), row.begin(), row.end());
  const auto& tangent = point.state().tangent;
  if (history.tangent) table.tangents.insert(table.tangents.end(), tangent.begin(), tangent.end());
}

PointTable walk(const AppContext& context, const PointHistory& history, MaterialPoint& point,
                PointReport& report) {
  PointTable table;
  table.columns = point_columns(history.uniaxial, point.material().backstresses);
  add_row(table, point, history);
  const auto steps = static_cast<std::int64_t>(history.times.size()) - 1;
  auto progress = context.progress("step", steps);
  for (std::int64_t i = 1; i <= steps; ++i) {
    const double t = history.times[static_cast<std::size_t>(i)];
    const PointWork work = point.step(t);
    report.newton.push_back(work.newton);
    report.halvings += work.halvings;
    report.residual = std::max(report.residual, work.residual);
    add_row(table, point, history);
    progress.step(i, "t = " + linnet::core::number_text(t));
  }
  progress.finish();
  return table;
}

void write_files(const AppContext& context, const PointTable& table, PointReport& report) {
  report.files = output_files(context);
  if (report.files.empty()) return;
  linnet::core::on_first_rank(context.comm(), [&] {
    write_point_h5(context, report.files[0], table);
    write_point_csv(report.files[1], table);
  });
}

void print_report(const AppContext& context, const PointHistory& history,
                  const MaterialPoint& point, const PointReport& report) {
  std::int64_t newton = 0;
  for (const std::int64_t n : report.newton) newton += n;
  const PointState& s = point.state();
  context.print("  steps         %d, %d iterations, %d halvings, stresses to %.1e\n",
                static_cast<int>(report.newton.size()), static_cast<int>(newton),
                static_cast<int>(report.halvings), report.residual);
  context.print("  at the end    t = %.6g, T = %.6g, strain 11 %.6e, stress 11 %.6e, p %.6e\n",
                s.time, s.temperature,
                s.strain[0] - (history.mechanical ? point.thermal_strain() : 0.0), s.stress[0],
                s.law[linnet::kernels::state_p]);
  context.print("  seconds       %.3f; total %.3f\n", report.seconds, context.seconds());
  if (report.files.empty()) return;
  context.print("  files         %s\n", linnet::core::joined(report.files, " ").c_str());
}

void write_results(const AppContext& context, const PointHistory& history,
                   const MaterialPoint& point, const PointReport& report) {
  const double memory = linnet::io::peak_memory_mb(context.comm());
  if (context.results_file().empty()) return;
  linnet::io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.unknowns = std::count_if(history.components.begin(), history.components.end(),
                                   [](const auto& c) { return c.by_stress; });
  results.iterations_per_solve = report.newton;
  results.converged = true; // else there was an error
  results.reason = "CONVERGED_FNORM_RELATIVE";
  results.relative_residual = report.residual;
  results.solve_seconds = report.seconds;
  results.total_seconds = context.seconds();
  results.peak_memory_mb = memory;
  results.outputs = report.files;
  const PointState& s = point.state();
  results.objects["solid"] = {{"steps", static_cast<std::int64_t>(report.newton.size())},
                              {"halvings", report.halvings},
                              {"time", s.time},
                              {"temperature", s.temperature},
                              {"p", s.law[linnet::kernels::state_p]},
                              {"strain", std::vector<double>(s.strain.begin(), s.strain.end())},
                              {"stress", std::vector<double>(s.stress.begin(), s.stress.end())}};
  linnet::io::write_results(context.comm(), context.results_file(), results);
}

} // namespace

void run_point(AppContext& context) {
  linnet::io::OptionPairs files;
  for (const std::string& file : output_files(context)) files.emplace_back("-solid_output", file);
  const PointHistory history = read_history(context);
  linnet::io::require_writable_outputs(context, files, {},
                                       {{"-solid_point", history.material_file}});
  LINNET_CHECK(linnet::core::ensure_kokkos());
  const Materials materials({history.material});
  check_temperatures(context, history, materials);
  const std::string name = history.material.name;
  context.print("solid: material point%s%s, %s, t = %g to %g\n", name.empty() ? "" : " of ",
                name.c_str(), history.uniaxial ? "uniaxial" : "six components",
                history.times.front(), history.times.back());
  PointReport report;
  const double begin = MPI_Wtime();
  MaterialPoint point(history, materials.on_host(0));
  const PointTable table = walk(context, history, point, report);
  report.seconds = MPI_Wtime() - begin;
  write_files(context, table, report);
  print_report(context, history, point, report);
  write_results(context, history, point, report);
}

} // namespace app
