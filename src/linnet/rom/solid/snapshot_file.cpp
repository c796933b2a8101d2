// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/solid_snapshots.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/rom/solid/snapshot_layout.hpp>

namespace linnet::rom {

namespace {

/// Number of times of the file, from its shape alone.
std::int64_t times_in(const io::H5File& file) {
  if (!file.exists("/t")) core::throw_data(file.path() + ": has no /t; " + snapshot_kind.remedy);
  const io::Shape shape = file.info("/t").shape;
  if (shape.size() != 1 || shape[0] < 1 || shape[0] > 1 << 24)
    core::throw_data(file.path() + ": /t has the shape " + io::to_string(shape) +
                     ", not a number of times; " + snapshot_kind.remedy);
  return shape[0];
}

/// How many numbers they are.
std::int64_t require_terms(const io::H5File& file, const std::string& name, std::int64_t times,
                           std::int64_t rows) {
  const std::string fields = "/loading/" + name + "/fields";
  if (!file.exists(fields)) return 0;
  const io::Shape shape = file.info(fields).shape;
  const std::int64_t terms = shape.empty() ? 0 : shape[0];
  if (terms < 1 || terms > 1 << 20)
    core::throw_data(file.path() + ": " + fields + " has the shape " + io::to_string(shape) + "; " +
                     snapshot_kind.remedy);
  file.require(fields, {terms, rows});
  file.require("/loading/" + name + "/factors", {times, terms});
  return terms * (rows + times);
}

} // namespace

SnapshotFile::SnapshotFile(const std::string& path, const fem::SolidModel& model,
                           const std::string& materials)
    : path_(path), model_(&model), rows_(model.mesh().comm(), SolidNumbering(model)),
      file_(io::H5File::open(model.mesh().comm(), path)) {
  require_solid_file(file_, snapshot_kind, model, materials);
  const std::int64_t times = times_in(file_);
  const std::int64_t unknowns = rows_.unknowns.rows(), points = rows_.points.rows();
  std::int64_t numbers =
      (times - 1) * (unknowns + points + rows_.components.rows()) + unknowns + times;
  if (times > 1) {
    file_.require("/u", {times - 1, unknowns});
    file_.require("/p", {times - 1, points});
    file_.require("/sigma", {times - 1, rows_.components.rows()});
  }
  numbers += require_terms(file_, "temperature", times, points);
  numbers += require_terms(file_, "force", times, unknowns);
  numbers += require_terms(file_, "held", times, unknowns);
  file_.require("/loading/held/unknowns", {1, rows_.unknowns.rows()});
  require_room(file_, snapshot_kind, numbers);
  times_ = read_small(file_, "/t");
}

LoadTerms SnapshotFile::read_terms(const std::string& name, const linalg::RowOrder& order,
                                   PetscInt local_rows) const {
  const std::string group = "/loading/" + name;
  LoadTerms terms{linalg::ColumnStore(file_.comm(), local_rows), {}};
  if (!file_.exists(group + "/fields")) return terms;
  read_rows(group + "/fields", order, terms.fields);
  terms.factors = read_small(file_, group + "/factors");
  return terms;
}

DecomposedLoading SnapshotFile::loading() const {
  const PetscInt unknowns = 3 * model_->mesh().owned_nodes();
  std::vector<double> flags(static_cast<std::size_t>(unknowns));
  read_row(file_, "/loading/held/unknowns", rows_.unknowns, 0, flags);
  return {times_, read_terms("temperature", rows_.points, model_->points()),
          read_terms("force", rows_.unknowns, unknowns),
          read_terms("held", rows_.unknowns, unknowns), std::move(flags)};
}

SolidState SnapshotFile::state(int step) const {
  if (step < 1 || step > steps())
    core::throw_usage(path_ + ": has no step " + std::to_string(step) + "; there are " +
                      std::to_string(steps()));
  const auto points = static_cast<std::size_t>(model_->points());
  SolidState state{fem::global_vector(model_->mesh().dm()), std::vector<double>(points),
                   std::vector<double>(6 * points)};
  {
    const io::VecWriteArray u(state.displacement.get());
    read_row(file_, "/u", rows_.unknowns, step - 1,
             {u.data(), 3 * static_cast<std::size_t>(model_->mesh().owned_nodes())});
  }
  read_row(file_, "/p", rows_.points, step - 1, state.plastic_strain);
  read_row(file_, "/sigma", rows_.components, step - 1, state.stress);
  return state;
}

void SnapshotFile::read_rows(const std::string& dataset, const linalg::RowOrder& order,
                             linalg::ColumnStore& to) const {
  const std::int64_t rows = file_.info(dataset).shape[0];
  to.reserve(to.size() + static_cast<PetscInt>(rows));
  for (std::int64_t row = 0; row < rows; ++row) read_row(file_, dataset, order, row, to.append());
}

void SnapshotFile::displacements(linalg::ColumnStore& to) const {
  if (steps() > 0) read_rows("/u", rows_.unknowns, to);
}
void SnapshotFile::plastic_strains(linalg::ColumnStore& to) const {
  if (steps() > 0) read_rows("/p", rows_.points, to);
}
void SnapshotFile::stresses(linalg::ColumnStore& to) const {
  if (steps() > 0) read_rows("/sigma", rows_.components, to);
}

} // namespace linnet::rom
