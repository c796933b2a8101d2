// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/solid_snapshots.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/rom/solid/snapshot_layout.hpp>

#include <filesystem>

namespace linnet::rom {

namespace {

void write_terms(io::H5File& file, const std::string& name, const LoadTerms& terms,
                 const linalg::RowOrder& order, std::int64_t times) {
  const std::string group = "/loading/" + name;
  file.create_group(group);
  if (terms.terms() == 0) return;
  file.create_dataset(group + "/fields", io::NumberType::float64, {terms.terms(), order.rows()});
  for (int k = 0; k < terms.terms(); ++k)
    write_row(file, group + "/fields", order, k, terms.fields.column(k));
  write_small(file, group + "/factors", {times, terms.terms()}, terms.factors);
}

/// p of every point from its state.
std::vector<double> plastic_strain_of(const fem::SolidModel& model) {
  const kernels::HostArray<double> state = fem::host_copy(model.old_state());
  std::vector<double> p(static_cast<std::size_t>(model.points()));
  for (std::size_t i = 0; i < p.size(); ++i)
    p[i] = state(i * static_cast<std::size_t>(model.state_size()) + kernels::state_p);
  return p;
}

} // namespace

SnapshotWriter::SnapshotWriter(const std::string& path, const fem::SolidModel& model,
                               const std::string& materials, const DecomposedLoading& loading)
    : path_(path), temporary_(path + ".tmp"), comm_(model.mesh().comm()),
      rows_(comm_, SolidNumbering(model)), steps_(loading.steps()) {
  core::on_first_rank(comm_, [&] { io::create_parent_folder(path); });
  file_.emplace(io::H5File::create(comm_, temporary_));
  mark_solid_file(*file_, snapshot_kind, model, materials);
  const auto times = static_cast<std::int64_t>(loading.times().size());
  write_small(*file_, "/t", {times}, loading.times());
  file_->create_group("/loading");
  write_terms(*file_, "temperature", loading.temperature(), rows_.points, times);
  write_terms(*file_, "force", loading.force(), rows_.unknowns, times);
  write_terms(*file_, "held", loading.held(), rows_.unknowns, times);
  file_->create_dataset("/loading/held/unknowns", io::NumberType::float64,
                        {1, rows_.unknowns.rows()});
  write_row(*file_, "/loading/held/unknowns", rows_.unknowns, 0, loading.held_unknowns());
  if (steps_ == 0) return;
  file_->create_dataset("/u", io::NumberType::float64, {steps_, rows_.unknowns.rows()});
  file_->create_dataset("/p", io::NumberType::float64, {steps_, rows_.points.rows()});
  file_->create_dataset("/sigma", io::NumberType::float64, {steps_, rows_.components.rows()});
}

SnapshotWriter::~SnapshotWriter() {
  if (!file_) return;
  file_.reset();
  int rank = 0;
  MPI_Comm_rank(comm_, &rank);
  std::error_code ignored;
  if (rank == 0) std::filesystem::remove(temporary_, ignored);
}

void SnapshotWriter::append(const fem::SolidModel& model, Vec u) {
  if (!file_ || written_ >= steps_)
    core::throw_usage(path_ + ": has room for " + std::to_string(steps_) + " steps only");
  const kernels::HostArray<double> stress = fem::host_copy(model.stress());
  const io::VecReadArray displacement(u);
  write_row(*file_, "/u", rows_.unknowns, written_,
            {displacement.data(), 3 * static_cast<std::size_t>(model.mesh().owned_nodes())});
  write_row(*file_, "/p", rows_.points, written_, plastic_strain_of(model));
  write_row(*file_, "/sigma", rows_.components, written_, {stress.data(), stress.extent(0)});
  ++written_;
}

void SnapshotWriter::close() {
  if (written_ != steps_)
    core::throw_usage(path_ + ": " + std::to_string(written_) + " of " + std::to_string(steps_) +
                      " steps were written");
  finish_solid_file(*file_, temporary_, path_);
  file_.reset();
}

} // namespace linnet::rom
