// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/rom/solid/archive.hpp>
#include <linnet/rom/solid/archive_arrays.hpp>

#include <algorithm>
#include <filesystem>

namespace linnet::rom {

namespace {

std::int64_t count(std::size_t n) { return static_cast<std::int64_t>(n); }

void write_modes(io::H5File& file, const SolidReducedModel& model) {
  const SolidNumbering& numbering = model.numbering();
  const SolidRows rows(file.comm(), numbering);
  const SolidBasis& basis = model.basis();
  file.create_group("/modes");
  write_fields(file, "/modes/u", rows.unknowns, numbering.unknowns, basis.displacement().columns());
  write_fields(file, "/modes/p", rows.points, numbering.points, basis.plastic_strain().columns());
  write_fields(file, "/modes/sigma", rows.components, numbering.components,
               basis.stress().columns());
  write_fields(file, "/modes/sigma_rows", rows.components, numbering.components,
               basis.stress_rows());
  file.create_group("/singular_values");
  const auto write = [&](const std::string& name, const std::vector<double>& values) {
    write_numbers(file, "/singular_values/" + name, {count(values.size())}, values);
  };
  write("u", basis.displacement_values());
  write("p", basis.plastic_strain_values());
  write("sigma", basis.stress_values());
}

void write_points(io::H5File& file, const SolidReducedModel& model) {
  const ReducedPoints& points = model.points();
  const auto write = [&](const std::string& group, const std::vector<std::int64_t>& numbers,
                         const std::vector<double>& weights) {
    file.create_group(group);
    write_integers(file, group + "/point", numbers);
    write_numbers(file, group + "/weight", {count(weights.size())}, weights);
  };
  write("/ecm", points.rule.points, points.rule.weights);
  write("/points", points.points, points.weights);
  const CubatureOptions& options = model.cubature();
  file.write_attribute("/ecm", "tolerance", options.tolerance);
  file.write_attribute("/ecm", "residual", points.rule.residual);
  file.write_attribute("/ecm", "candidates", options.candidates);
  file.write_attribute("/ecm", "unit", static_cast<std::int64_t>(options.unit));
  file.write_attribute("/ecm", "points_per_cell",
                       static_cast<std::int64_t>(options.points_per_cell));
}

void write_calibration(io::H5File& file, const CalibrationData& data) {
  file.create_group("/calibration");
  file.write_attribute("/calibration", "kind", static_cast<std::int64_t>(data.kind));
  file.write_attribute("/calibration", "a", data.slope);
  file.write_attribute("/calibration", "b", data.intercept);
  file.write_attribute("/calibration", "s", data.deviation);
  std::vector<double> indicators, errors;
  for (const IndicatorPair& pair : data.pairs) {
    indicators.push_back(pair.indicator);
    errors.push_back(pair.error);
  }
  const auto write = [&](const std::string& name, const std::vector<double>& values) {
    write_numbers(file, "/calibration/" + name, {count(values.size())}, values);
  };
  write("I", indicators);
  write("E", errors);
  write("table_indicator", data.table_indicator);
  write("table_estimate", data.table_estimate);
}

/// A row for each step, with zeros behind the entries of steps from before the basis grew.
void write_padded(io::H5File& file, const std::string& dataset, const OnlineHistory& history,
                  std::vector<double> OnlineStep::*values) {
  std::size_t width = 0;
  for (const OnlineStep& step : history.steps) width = std::max(width, (step.*values).size());
  std::vector<double> table(history.steps.size() * width, 0.0);
  for (std::size_t k = 0; k < history.steps.size(); ++k) {
    const std::vector<double>& row = history.steps[k].*values;
    std::copy(row.begin(), row.end(), table.begin() + count(k * width));
  }
  write_numbers(file, dataset, {count(history.steps.size()), count(width)}, table);
}

void write_online(io::H5File& file, const OnlineHistory& history) {
  const std::string group = "/online/" + history.name;
  file.create_group(group);
  std::vector<double> times, indicators, estimates;
  std::vector<std::int64_t> solved;
  for (std::size_t k = 0; k < history.steps.size(); ++k) {
    times.push_back(history.steps[k].time);
    indicators.push_back(history.steps[k].indicator);
    estimates.push_back(history.steps[k].estimate);
    if (history.steps[k].high_fidelity) solved.push_back(count(k));
  }
  const std::int64_t steps = count(times.size());
  write_numbers(file, group + "/t", {steps}, times);
  write_padded(file, group + "/gamma", history, &OnlineStep::displacement);
  write_padded(file, group + "/z", history, &OnlineStep::plastic_strain);
  write_padded(file, group + "/stress", history, &OnlineStep::stress);
  write_numbers(file, group + "/I", {steps}, indicators);
  write_numbers(file, group + "/Ehat", {steps}, estimates);
  write_integers(file, group + "/hf_steps", solved);
}

void write_content(io::H5File& file, const SolidReducedModel& model, const std::string& materials,
                   const ArchiveContent& content) {
  mark_solid_file(file, archive_kind, model.basis().model(), materials);
  file.write_attribute("/", "supports", model.basis().supports());
  file.write_attribute("/", "product", static_cast<std::int64_t>(model.basis().products().kind()));
  file.write_attribute("/", "options", content.options);
  write_modes(file, model);
  write_points(file, model);
  write_calibration(file, model.calibration().data());
  file.create_group("/online");
  for (const OnlineHistory& history : content.online) write_online(file, history);
}

} // namespace

void write_archive(const std::string& path, const SolidReducedModel& model,
                   const std::string& materials, const ArchiveContent& content,
                   const ArchiveExtension& more) {
  const MPI_Comm comm = model.basis().model().mesh().comm();
  const std::string temporary = path + ".tmp";
  core::on_first_rank(comm, [&] { io::create_parent_folder(path); });
  try {
    io::H5File file = io::H5File::create(comm, temporary);
    write_content(file, model, materials, content);
    if (more) more(file);
    finish_solid_file(file, temporary, path);
  } catch (...) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    std::error_code ignored;
    if (rank == 0) std::filesystem::remove(temporary, ignored);
    throw;
  }
}

} // namespace linnet::rom
