// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "problem.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/fem/loading/hot_spot.hpp>
#include <linnet/fem/loading/nodal_field.hpp>
#include <linnet/fem/output/point_values.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace app {

using namespace linnet;

namespace {

const std::string fields_option = "-solid_temperature";

kernels::Array<double> on_device(const std::vector<double>& values) {
  return fem::device_copy<double>("linnet::app::temperature", values);
}

/// (xi, zeta) of each local node of a blade.
std::vector<double> blade_coordinates(const AppContext& context, const fem::Mesh& mesh) {
  std::vector<double> result;
  const auto lengths = context.options().reals("-solid_hot_spot_blade");
  if (!(lengths[0] > 0.0 && lengths[1] > 0.0))
    context.options().fail("-solid_hot_spot_blade", "needs a chord and a span above 0");
  const fem::TwistedBlade blade{lengths[0], lengths[1], lengths[2]};
  const auto own = mesh.parametric();
  if (!own.empty() && context.options().is_set("-solid_hot_spot_blade"))
    context.warn(context.options().sources().place("-solid_hot_spot_blade") +
                 ": has no effect; a mapped mesh has coordinates of its own");
  for (std::size_t i = 0; i < static_cast<std::size_t>(mesh.nodes()); ++i) {
    const double* x = mesh.coordinates().data() + 3 * i;
    const auto [xi, zeta] = own.empty() ? blade.coordinates({x[0], x[1], x[2]})
                                        : std::array<double, 2>{own[3 * i], own[3 * i + 2]};
    result.insert(result.end(), {xi, zeta});
  }
  return result;
}

// The coordinates are interpolated to the points, not the temperature.
std::vector<double> hot_spot_at_points(const AppContext& context, const fem::Mesh& mesh) {
  const auto parameters = context.options().reals("-solid_hot_spot");
  fem::HotSpot spot;
  spot.chord = parameters[0], spot.span = parameters[1], spot.rise = parameters[2];
  for (const double place : {spot.chord, spot.span})
    if (!(place >= 0.0 && place <= 1.0))
      context.options().fail("-solid_hot_spot", "its place along chord and span must lie in 0 to "
                                                "1, got " +
                                                    core::number_text(place));
  const auto places =
      fem::host_values(fem::interpolate_to_points(mesh, blade_coordinates(context, mesh), 2));
  std::vector<double> result;
  for (std::size_t i = 0; i < places.size(); i += 2)
    result.push_back(spot(places[i], places[i + 1]));
  return result;
}

std::vector<double> expression_at_points(const fem::Mesh& mesh, const core::Expression& value) {
  if (value.depends_on_time())
    core::throw_usage("'" + value.text() +
                      "' depends on t; give -solid_temperature_amplitude, or "
                      "several fields and -solid_temperature_times");
  const auto places = fem::host_values(fem::point_coordinates(mesh));
  std::vector<double> result;
  core::together(mesh.comm(), [&] {
    for (std::size_t i = 0; i < places.size(); i += 3) {
      result.push_back(value({places[i], places[i + 1], places[i + 2]}));
      if (!std::isfinite(result.back()))
        core::throw_usage("'" + value.text() + "' is not finite at (" +
                          core::number_text(places[i]) + ", " + core::number_text(places[i + 1]) +
                          ", " + core::number_text(places[i + 2]) + ")");
    }
  });
  return result;
}

std::vector<double> field_at_points(const AppContext& context, const fem::Mesh& mesh,
                                    const std::string& field) {
  if (field == "hot_spot") return hot_spot_at_points(context, mesh);
  const std::size_t colon = field.rfind(":/");
  if (colon == std::string::npos) return expression_at_points(mesh, core::Expression::parse(field));
  const std::string file = context.find_file(fields_option, field.substr(0, colon));
  const auto nodal = fem::read_nodal_field(mesh, file + field.substr(colon));
  return fem::host_values(fem::interpolate_to_points(mesh, nodal, 1));
}

// T = start + a (T - start).
void add_one_field(const AppContext& context, Amplitudes& amplitudes, Problem& problem,
                   std::vector<double> field) {
  const core::Options& options = context.options();
  const std::string name = options.string("-solid_temperature_amplitude");
  if (name.empty()) return problem.loading->add_temperature(fem::Amplitude(), on_device(field));
  const double start = options.real("-solid_temperature_start");
  for (double& t : field) t -= start;
  problem.loading->add_temperature(fem::Amplitude(),
                                   on_device(std::vector<double>(field.size(), start)));
  problem.loading->add_temperature(amplitudes.named("-solid_temperature_amplitude", name),
                                   on_device(field));
}

} // namespace

void add_temperature(const AppContext& context, Amplitudes& amplitudes, Problem& problem) {
  const core::Options& options = context.options();
  const auto fields = options.strings(fields_option);
  const auto times = options.reals("-solid_temperature_times");
  const std::string several = "-solid_temperature_times";
  if (times.empty() ? fields.size() != 1 : times.size() != fields.size())
    options.fail(times.empty() ? fields_option : several,
                 "there must be one time for each of " + std::to_string(fields.size()) +
                     " fields, and there are " + std::to_string(times.size()) + " of " + several);
  if (!times.empty() && options.is_set("-solid_temperature_amplitude"))
    options.fail("-solid_temperature_amplitude", "is for one field without " + several);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto field = for_option(
        context, fields_option, [&] { return field_at_points(context, problem.mesh, fields[i]); });
    if (times.empty()) return add_one_field(context, amplitudes, problem, field);
    std::vector<double> hat(times.size(), 0.0);
    hat[i] = 1.0;
    problem.loading->add_temperature(amplitudes.make(several, times, hat), on_device(field));
  }
}

namespace {

struct Extremes {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
};

/// For messages: without the last digits, which come from interpolation.
std::string degrees(double t) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", t);
  return text;
}

/// Over the points of each region and the times of the first cycle, on all ranks.
std::vector<Extremes> temperature_extremes(const Problem& problem) {
  const auto per_cell = static_cast<std::size_t>(problem.model->points_per_cell());
  std::vector<Extremes> regions(problem.mesh.regions().size());
  const auto points = kernels::zeros<double>("linnet::app::temperature",
                                             static_cast<std::size_t>(problem.model->points()));
  for (const double t : problem.cycle) {
    problem.loading->temperature(t, points);
    const auto values = fem::host_values(points);
    for (std::size_t i = 0; i < values.size(); ++i) {
      Extremes& at = regions[static_cast<std::size_t>(problem.mesh.cell_regions()[i / per_cell])];
      at.lowest = std::min(at.lowest, values[i]);
      at.highest = std::max(at.highest, values[i]);
    }
  }
  for (Extremes& at : regions) {
    MPI_Allreduce(MPI_IN_PLACE, &at.lowest, 1, MPI_DOUBLE, MPI_MIN, problem.mesh.comm());
    MPI_Allreduce(MPI_IN_PLACE, &at.highest, 1, MPI_DOUBLE, MPI_MAX, problem.mesh.comm());
  }
  return regions;
}

} // namespace

void check_temperature(const AppContext& context, const Problem& problem) {
  const auto regions = temperature_extremes(problem);
  const auto outside = context.options().choice_as<fem::OutsideTable>("-solid_temperature_outside");
  for (std::size_t r = 0; r < regions.size(); ++r) {
    const int material = problem.material_of_region[r];
    const fem::TemperatureRange range = problem.materials.range(material);
    const auto [low, high] = regions[r];
    if (range.contains(low) && range.contains(high)) continue;
    const std::string text =
        "temperatures of " + degrees(low) + " to " + degrees(high) + " in region '" +
        problem.mesh.regions()[r] + "' go beyond the table of " + problem.materials.source() +
        ", " + core::number_text(range.lowest) + " to " + core::number_text(range.highest);
    if (outside == fem::OutsideTable::refuse)
      core::throw_data(text + "; extend the table, or take its ends by "
                              "-solid_temperature_outside clamp");
    context.warn(text + "; parameters are those of its ends there");
  }
}

} // namespace app
