// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/adaptive_checkpoint.hpp>

#include <linnet/core/error.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/rom/solid/archive_arrays.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace linnet::rom {

namespace {

constexpr const char* group = "/run";
/// Of steps, iterations, points: more is damage.
constexpr double largest_count = 1e9;

/// All numbers of a call, in the order of the rows of /run/calls.
using CallRow = std::array<double, 17>;
/// Places of integers in it.
constexpr std::size_t whole_numbers[] = {0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12};

CallRow to_row(const HighFidelityCall& call) {
  return {double(call.step),        double(static_cast<int>(call.reason)),
          call.indicator,           call.estimate,
          double(call.replayed),    double(call.newton),
          double(call.linear),      double(call.substeps),
          double(call.modes_u),     double(call.modes_p),
          double(call.modes_sigma), double(call.stress_rows),
          double(call.points),      call.replay_seconds,
          call.solve_seconds,       call.append_seconds,
          call.points_seconds};
}

HighFidelityCall from_row(const double* row) {
  const auto integer = [&](int i) { return static_cast<int>(row[i]); };
  HighFidelityCall call;
  call.step = integer(0);
  call.reason = static_cast<CallReason>(integer(1));
  call.indicator = row[2];
  call.estimate = row[3];
  call.replayed = integer(4);
  call.newton = integer(5);
  call.linear = integer(6);
  call.substeps = integer(7);
  call.modes_u = integer(8);
  call.modes_p = integer(9);
  call.modes_sigma = integer(10);
  call.stress_rows = integer(11);
  call.points = integer(12);
  call.replay_seconds = row[13];
  call.solve_seconds = row[14];
  call.append_seconds = row[15];
  call.points_seconds = row[16];
  return call;
}

std::vector<std::int64_t> wide(const std::vector<int>& values) {
  return {values.begin(), values.end()};
}

/// State at all points of the mesh, a column for each of its numbers.
linalg::ColumnStore columns_of(const fem::SolidModel& solid, std::span<const double> state) {
  const auto size = static_cast<std::size_t>(solid.state_size());
  linalg::ColumnStore columns(solid.mesh().comm(), solid.points());
  for (std::size_t c = 0; c < size; ++c) {
    const std::span<double> column = columns.append();
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = state[size * i + c];
  }
  return columns;
}

/// The way back.
std::vector<double> state_of(const linalg::ColumnStore& columns) {
  const auto size = static_cast<std::size_t>(columns.size());
  std::vector<double> state(size * static_cast<std::size_t>(columns.local_rows()));
  for (std::size_t c = 0; c < size; ++c) {
    const auto column = columns.column(static_cast<PetscInt>(c));
    for (std::size_t i = 0; i < column.size(); ++i) state[size * i + c] = column[i];
  }
  return state;
}

std::vector<double> committed_state(const fem::SolidModel& solid) {
  const kernels::HostArray<double> state = fem::host_copy(solid.old_state());
  return {state.data(), state.data() + state.extent(0)};
}

void set_state(std::span<const double> values, fem::SolidModel& solid) {
  const kernels::HostArray<double> state = fem::host_copy(solid.old_state());
  std::copy(values.begin(), values.end(), state.data());
  Kokkos::deep_copy(solid.old_state(), state);
}

/// Seconds are each rank's own; a file holds those of the first.
void take_from_first_rank(MPI_Comm comm, std::span<double> values) {
  MPI_Bcast(values.data(), static_cast<int>(values.size()), MPI_DOUBLE, 0, comm);
}

double of_first_rank(MPI_Comm comm, double value) {
  take_from_first_rank(comm, {&value, 1});
  return value;
}

void write_costs(io::H5File& file, const AdaptiveCosts& costs) {
  std::vector<double> rows;
  for (const HighFidelityCall& call : costs.calls) {
    const CallRow row = to_row(call);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  take_from_first_rank(file.comm(), rows);
  write_numbers(file, "/run/calls",
                {static_cast<std::int64_t>(costs.calls.size()),
                 static_cast<std::int64_t>(std::tuple_size_v<CallRow>)},
                rows);
  write_integers(file, "/run/pre_enrichment_steps", wide(costs.pre_enrichment_steps));
  const auto write = [&](const char* name, auto value) {
    file.write_attribute(group, name, value);
  };
  write("pre_enrichment_modes", std::int64_t{costs.pre_enrichment_modes});
  write("pre_enrichment_seconds", of_first_rank(file.comm(), costs.pre_enrichment_seconds));
  write("reduced_seconds", of_first_rank(file.comm(), costs.reduced_seconds));
  write("reduced_failures", std::int64_t{costs.reduced_failures});
}

void write_state(io::H5File& file, const AdaptiveRun& run) {
  const AdaptiveState state = run.state();
  const SolidReducedModel& model = run.model();
  const SolidRows rows(file.comm(), model.numbering());
  file.create_group(group);
  const fem::SolidModel& solid = model.basis().model();
  const auto write_state_field = [&](const char* name, std::span<const double> values) {
    write_fields(file, name, rows.points, model.numbering().points, columns_of(solid, values));
  };
  write_state_field("/run/state", committed_state(solid));
  const auto write = [&](const char* name, const std::vector<double>& values) {
    write_numbers(file, name, {static_cast<std::int64_t>(values.size())}, values);
  };
  write("/run/coefficients", state.coefficients);
  // At the points of the model all ranks have the same; at those of the mesh each has its own.
  if (run.options().quadrature == QuadratureKind::full)
    write_state_field("/run/reduced_state", state.point_state);
  else
    write("/run/point_state", state.point_state);
  std::vector<std::int64_t> iterations;
  for (const OnlineStep& step : state.history.steps) iterations.push_back(step.iterations);
  write_integers(file, "/run/iterations", iterations);
  file.write_attribute(group, "history", state.history.name);
  file.write_attribute(group, "mesh_step", std::int64_t{state.mesh_step});
  file.write_attribute(group, "insisting", std::int64_t{state.insisting ? 1 : 0});
  write_costs(file, state.costs);
}

[[noreturn]] void refuse(const io::H5File& file, const std::string& what) {
  core::throw_data(file.path() + ": " + what +
                   "; give -solid_restart the checkpoint of an adaptive run");
}

void require_run(const io::H5File& file) {
  if (!file.exists(group)) refuse(file, "has no interrupted run");
  for (const char* name : {"problem", "history", "mesh_step", "insisting", "pre_enrichment_modes",
                           "pre_enrichment_seconds", "reduced_seconds", "reduced_failures"})
    if (!file.has_attribute(group, name))
      refuse(file, std::string("/run has no attribute '") + name + "'");
  std::int64_t numbers = 0;
  for (const char* name : {"/run/coefficients", "/run/point_state"}) numbers += size_of(file, name);
  constexpr auto width = static_cast<std::int64_t>(std::tuple_size_v<CallRow>);
  numbers += width * rows_of(file, "/run/calls", width);
  require_room(file, archive_kind, numbers);
}

int read_count(const io::H5File& file, const char* name) {
  const std::int64_t value = file.read_integer(group, name);
  if (value < 0 || value > largest_count)
    refuse(file, "/run: " + std::string(name) + " is " + std::to_string(value));
  return static_cast<int>(value);
}

double read_seconds(const io::H5File& file, const char* name) {
  const double value = file.read_double(group, name);
  if (!(value >= 0.0) || !std::isfinite(value))
    refuse(file, "/run: " + std::string(name) + " is no time");
  return value;
}

AdaptiveCosts read_costs(const io::H5File& file) {
  AdaptiveCosts costs;
  constexpr std::size_t width = std::tuple_size_v<CallRow>;
  const std::vector<double> rows = read_numbers(file, "/run/calls");
  for (std::size_t i = 0; i < rows.size(); i += width) {
    for (const std::size_t j : whole_numbers)
      if (!(rows[i + j] >= 0.0 && rows[i + j] <= largest_count))
        refuse(file, "/run/calls is damaged");
    if (rows[i + 1] > static_cast<int>(CallReason::growth)) refuse(file, "/run/calls is damaged");
    costs.calls.push_back(from_row(rows.data() + i));
  }
  for (const std::int64_t step : read_integers(file, "/run/pre_enrichment_steps"))
    costs.pre_enrichment_steps.push_back(static_cast<int>(step));
  costs.pre_enrichment_modes = read_count(file, "pre_enrichment_modes");
  costs.pre_enrichment_seconds = read_seconds(file, "pre_enrichment_seconds");
  costs.reduced_seconds = read_seconds(file, "reduced_seconds");
  costs.reduced_failures = read_count(file, "reduced_failures");
  return costs;
}

/// Takes the history of the run out of the archive.
OnlineHistory take_history(const io::H5File& file, ArchiveContent& content) {
  const std::string name = file.read_string(group, "history");
  const auto found = std::ranges::find(content.online, name, &OnlineHistory::name);
  if (found == content.online.end())
    refuse(file, "has no history '" + name + "' of the interrupted run");
  OnlineHistory history = std::move(*found);
  content.online.erase(found);
  const std::vector<std::int64_t> iterations = read_integers(file, "/run/iterations");
  if (iterations.size() != history.steps.size())
    refuse(file, "/run/iterations has another number of steps than the history");
  for (std::size_t k = 0; k < iterations.size(); ++k)
    history.steps[k].iterations = static_cast<int>(iterations[k]);
  return history;
}

} // namespace

void save_adaptive_run(const std::string& path, const AdaptiveRun& run,
                       const std::string& materials, const ArchiveContent& content,
                       const std::string& problem) {
  ArchiveContent all = content;
  all.online.push_back(run.history());
  write_archive(path, run.model(), materials, all, [&](io::H5File& file) {
    write_state(file, run);
    file.write_attribute(group, "problem", problem);
  });
}

AdaptiveCheckpoint load_adaptive_run(const std::string& path, fem::SolidModel& solid,
                                     const SolidProducts& products, const std::string& materials) {
  AdaptiveCheckpoint result{read_archive(path, solid, products, materials), {}, {}};
  const io::H5File file = io::H5File::open(solid.mesh().comm(), path);
  require_run(file);
  result.problem = file.read_string(group, "problem");
  AdaptiveState& state = result.state;
  state.history = take_history(file, result.archive.content);
  state.costs = read_costs(file);
  state.mesh_step = read_count(file, "mesh_step");
  state.insisting = file.read_integer(group, "insisting") != 0;
  state.coefficients = read_numbers(file, "/run/coefficients");
  const SolidNumbering& numbering = result.archive.model.numbering();
  const SolidRows rows(file.comm(), numbering);
  const auto read_state_field = [&](const std::string& name) {
    if (rows_of(file, name, rows.points.rows()) != solid.state_size())
      refuse(file, name + " is not that of this solid");
    return state_of(read_fields(file, name, rows.points, numbering.points));
  };
  set_state(read_state_field("/run/state"), solid);
  state.point_state = file.exists("/run/reduced_state") ? read_state_field("/run/reduced_state")
                                                        : read_numbers(file, "/run/point_state");
  return result;
}

} // namespace linnet::rom
