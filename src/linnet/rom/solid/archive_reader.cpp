// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/rom/solid/archive.hpp>
#include <linnet/rom/solid/archive_arrays.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::rom {

namespace {

[[noreturn]] void refuse(const io::H5File& file, const std::string& what) {
  core::throw_data(file.path() + ": " + what + "; " + archive_kind.remedy);
}

void require_attribute(const io::H5File& file, const std::string& object, const std::string& name) {
  if (!file.exists(object) || !file.has_attribute(object, name))
    refuse(file, object + " has no attribute '" + name + "'");
}

std::int64_t whole(const io::H5File& file, const std::string& object, const std::string& name) {
  require_attribute(file, object, name);
  return file.read_integer(object, name);
}

/// An attribute between @p lowest and @p highest.
std::int64_t choice(const io::H5File& file, const std::string& object, const std::string& name,
                    std::int64_t lowest, std::int64_t highest) {
  const std::int64_t value = whole(file, object, name);
  if (value < lowest || value > highest)
    refuse(file, "attribute '" + name + "' of " + object + " is " + std::to_string(value) +
                     ", not one of " + std::to_string(lowest) + " to " + std::to_string(highest));
  return value;
}

double real(const io::H5File& file, const std::string& object, const std::string& name) {
  require_attribute(file, object, name);
  return file.read_double(object, name);
}

/// Bytes of all arrays, from their shapes; with a look at each shape.
class Layout {
public:
  Layout(const io::H5File& file, const SolidRows& rows) : file_(file), rows_(rows) {
    const std::int64_t u = fields("/modes/u", rows_.unknowns.rows());
    const std::int64_t p = fields("/modes/p", rows_.points.rows());
    const std::int64_t stress = fields("/modes/sigma", rows_.components.rows());
    const std::int64_t used = fields("/modes/sigma_rows", rows_.components.rows());
    if (u == 0 || used == 0) refuse(file_, "has no modes of displacement or no stresses");
    require_at_most("/singular_values/u", u);
    require_at_most("/singular_values/p", p);
    require_at_most("/singular_values/sigma", stress);
    pair("/ecm/point", "/ecm/weight");
    const std::int64_t points = pair("/points/point", "/points/weight");
    if (points < 1 || points > rows_.points.rows())
      refuse(file_, "has " + std::to_string(points) + " points");
    pair("/calibration/I", "/calibration/E");
    pair("/calibration/table_indicator", "/calibration/table_estimate");
    online(u, p, stress);
    require_room(file_, archive_kind, numbers_);
  }

private:
  std::int64_t fields(const std::string& dataset, std::int64_t columns) {
    const std::int64_t rows = rows_of(file_, dataset, columns);
    numbers_ += rows * columns;
    return rows;
  }
  std::int64_t list(const std::string& dataset) {
    const std::int64_t size = size_of(file_, dataset);
    numbers_ += size;
    return size;
  }
  void require_at_most(const std::string& dataset, std::int64_t most) {
    if (list(dataset) > most) refuse(file_, dataset + " has more entries than there are modes");
  }
  std::int64_t pair(const std::string& first, const std::string& second) {
    const std::int64_t size = list(first);
    if (list(second) != size) refuse(file_, first + " and " + second + " differ in length");
    return size;
  }
  void online(std::int64_t u, std::int64_t p, std::int64_t stress) {
    if (!file_.exists("/online")) refuse(file_, "has no /online");
    for (const std::string& name : file_.children("/online")) {
      const std::string group = "/online/" + name;
      const std::int64_t steps = list(group + "/t");
      if (list(group + "/I") != steps || list(group + "/Ehat") != steps || steps < 1)
        refuse(file_, group + " has lists of different lengths");
      table(group + "/gamma", steps, u);
      table(group + "/z", steps, p);
      table(group + "/stress", steps, stress);
      list(group + "/hf_steps");
    }
  }
  void table(const std::string& dataset, std::int64_t rows, std::int64_t most_columns) {
    if (!file_.exists(dataset)) return;
    const io::Shape shape = file_.info(dataset).shape;
    if (shape.size() != 2 || shape[0] != rows || shape[1] < 1 || shape[1] > most_columns)
      refuse(file_, dataset + " has the shape " + io::to_string(shape));
    file_.require(dataset, shape);
    numbers_ += shape[0] * shape[1];
  }

  const io::H5File& file_;
  const SolidRows& rows_;
  std::int64_t numbers_ = 0;
};

BasisModes read_modes(const io::H5File& file, const SolidRows& rows,
                      const SolidNumbering& numbering) {
  // A matrix of a store is a view of it; modes are copied by the basis in the end.
  const auto fields = [&](const std::string& dataset, const linalg::RowOrder& order,
                          const std::vector<std::int64_t>& numbers) {
    const linalg::ColumnStore store = read_fields(file, dataset, order, numbers);
    core::Owned<Mat> copy =
        linalg::make_columns(file.comm(), static_cast<PetscInt>(numbers.size()), store.size());
    const linalg::LocalColumns to(copy.get(), linalg::LocalColumns::Access::write);
    for (PetscInt k = 0; k < store.size(); ++k) {
      const auto column = store.column(k);
      std::copy(column.begin(), column.end(), to.column(k));
    }
    return copy;
  };
  BasisModes modes;
  modes.displacement = fields("/modes/u", rows.unknowns, numbering.unknowns);
  modes.plastic_strain = fields("/modes/p", rows.points, numbering.points);
  modes.stress = fields("/modes/sigma", rows.components, numbering.components);
  modes.stress_rows = fields("/modes/sigma_rows", rows.components, numbering.components);
  modes.supports = whole(file, "/", "supports");
  modes.displacement_values = read_numbers(file, "/singular_values/u");
  modes.plastic_strain_values = read_numbers(file, "/singular_values/p");
  modes.stress_values = read_numbers(file, "/singular_values/sigma");
  return modes;
}

CubatureOptions read_cubature(const io::H5File& file) {
  CubatureOptions options;
  options.tolerance = real(file, "/ecm", "tolerance");
  options.candidates = real(file, "/ecm", "candidates");
  options.unit = static_cast<CubatureUnit>(choice(file, "/ecm", "unit", 0, 1));
  options.points_per_cell = static_cast<int>(choice(file, "/ecm", "points_per_cell", 1, 64));
  if (!(options.tolerance > 0.0 && options.tolerance < 1.0) ||
      !(options.candidates >= 0.0 && std::isfinite(options.candidates)))
    refuse(file, "/ecm has a tolerance or a number of candidates that none has");
  return options;
}

void require_points(const io::H5File& file, const std::string& group,
                    const std::vector<std::int64_t>& points, const std::vector<double>& weights,
                    std::int64_t all) {
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i] < 0 || points[i] >= all || (i > 0 && points[i] <= points[i - 1]) ||
        weights[i] < 0.0)
      refuse(file, group + ": entry " + std::to_string(i) + " is no point or weight of this mesh");
}

ReducedPoints read_points(const io::H5File& file, std::int64_t all) {
  ReducedPoints points;
  points.rule.points = read_integers(file, "/ecm/point");
  points.rule.weights = read_numbers(file, "/ecm/weight");
  points.rule.residual = real(file, "/ecm", "residual");
  points.points = read_integers(file, "/points/point");
  points.weights = read_numbers(file, "/points/weight");
  require_points(file, "/ecm", points.rule.points, points.rule.weights, all);
  require_points(file, "/points", points.points, points.weights, all);
  return points;
}

Calibration read_calibration(const io::H5File& file) {
  CalibrationData data;
  data.kind = static_cast<CalibrationKind>(choice(file, "/calibration", "kind", 0, 2));
  data.slope = real(file, "/calibration", "a");
  data.intercept = real(file, "/calibration", "b");
  data.deviation = real(file, "/calibration", "s");
  const std::vector<double> indicators = read_numbers(file, "/calibration/I"),
                            errors = read_numbers(file, "/calibration/E");
  for (std::size_t i = 0; i < indicators.size(); ++i)
    data.pairs.push_back({indicators[i], errors[i]});
  data.table_indicator = read_numbers(file, "/calibration/table_indicator");
  data.table_estimate = read_numbers(file, "/calibration/table_estimate");
  return Calibration::from(std::move(data), file.path() + ": /calibration");
}

void read_padded(const io::H5File& file, const std::string& dataset, OnlineHistory& history,
                 std::vector<double> OnlineStep::*values) {
  const std::vector<double> table = read_numbers(file, dataset);
  const auto width = static_cast<std::ptrdiff_t>(table.size() / history.steps.size());
  auto row = table.begin();
  for (OnlineStep& step : history.steps) {
    (step.*values).assign(row, row + width);
    row += width;
  }
}

OnlineHistory read_online(const io::H5File& file, const std::string& name) {
  const std::string group = "/online/" + name;
  OnlineHistory history;
  history.name = name;
  const std::vector<double> times = read_numbers(file, group + "/t"),
                            indicators = read_numbers(file, group + "/I"),
                            estimates = read_numbers(file, group + "/Ehat");
  history.steps.resize(times.size());
  for (std::size_t k = 0; k < times.size(); ++k) {
    history.steps[k].time = times[k];
    history.steps[k].indicator = indicators[k];
    history.steps[k].estimate = estimates[k];
  }
  for (const std::int64_t step : read_integers(file, group + "/hf_steps")) {
    if (step < 0 || step >= static_cast<std::int64_t>(times.size()))
      refuse(file, group + "/hf_steps names the step " + std::to_string(step));
    history.steps[static_cast<std::size_t>(step)].high_fidelity = true;
  }
  read_padded(file, group + "/gamma", history, &OnlineStep::displacement);
  read_padded(file, group + "/z", history, &OnlineStep::plastic_strain);
  read_padded(file, group + "/stress", history, &OnlineStep::stress);
  return history;
}

ArchiveContent read_content(const io::H5File& file) {
  ArchiveContent content;
  if (file.has_attribute("/", "options")) content.options = file.read_string("/", "options");
  for (const std::string& name : file.children("/online"))
    content.online.push_back(read_online(file, name));
  return content;
}

} // namespace

fem::DisplacementProduct archive_product(MPI_Comm comm, const std::string& path) {
  const io::H5File file = io::H5File::open(comm, path);
  require_format(file, archive_kind);
  return static_cast<fem::DisplacementProduct>(choice(file, "/", "product", 0, 1));
}

Archive read_archive(const std::string& path, const fem::SolidModel& model,
                     const SolidProducts& products, const std::string& materials) {
  const MPI_Comm comm = model.mesh().comm();
  const io::H5File file = io::H5File::open(comm, path);
  require_solid_file(file, archive_kind, model, materials);
  const SolidNumbering numbering(model);
  const SolidRows rows(comm, numbering);
  const Layout checked(file, rows);
  static_cast<void>(checked);
  if (choice(file, "/", "product", 0, 1) != static_cast<std::int64_t>(products.kind()))
    core::throw_usage(path + ": its modes are orthonormal in another product than that given");
  ReducedPoints points = read_points(file, rows.points.rows());
  const CubatureOptions cubature = read_cubature(file);
  Calibration calibration = read_calibration(file);
  ArchiveContent content = read_content(file);
  Archive archive{
      {SolidBasis(model, products, read_modes(file, rows, numbering)), cubature, std::move(points)},
      std::move(content)};
  archive.model.set_calibration(std::move(calibration));
  return archive;
}

} // namespace linnet::rom
