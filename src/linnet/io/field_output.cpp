// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The life of the two files of a FieldWriter: creation, transactions, restart, final names.
#include <linnet/io/field_writer.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/h5_layout.hpp>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <sstream>

namespace linnet::io {
namespace {

constexpr const char* format_name = "linnet-fields-1";
// Room for the metadata of a step and of each of its datasets.
constexpr std::int64_t transaction_room = 256 * 1024;
constexpr std::int64_t dataset_room = 8 * 1024;

void broadcast(MPI_Comm comm, std::string& text) {
  auto size = static_cast<std::int64_t>(text.size());
  MPI_Bcast(&size, 1, MPI_INT64_T, 0, comm);
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), static_cast<int>(size), MPI_CHAR, 0, comm);
}

/// The grid as one line; two grids are the same if their lines are.
std::string grid_line(const UniformGrid& grid) {
  std::ostringstream line;
  line.precision(17);
  for (int d = 0; d < grid.dim; ++d) line << (d > 0 ? "," : "cells ") << grid.cells[d];
  for (int d = 0; d < grid.dim; ++d) line << (d > 0 ? "," : " origin ") << grid.origin[d];
  for (int d = 0; d < grid.dim; ++d) line << (d > 0 ? "," : " spacing ") << grid.spacing[d];
  return line.str();
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Points (ny+1,nx+1,3) of a grid of less than 3 dimensions, a share of the rows from each rank.
void write_points(H5File& file, const UniformGrid& grid) {
  int rank = 0, size = 1;
  MPI_Comm_rank(file.comm(), &rank);
  MPI_Comm_size(file.comm(), &size);
  const core::Index3 n = grid.points();
  const std::int64_t begin = std::int64_t{n[1]} * rank / size;
  const std::int64_t end = std::int64_t{n[1]} * (rank + 1) / size;
  std::vector<double> points;
  points.reserve(static_cast<std::size_t>((end - begin) * n[0] * 3));
  for (std::int64_t j = begin; j < end; ++j)
    for (int i = 0; i < n[0]; ++i)
      points.insert(points.end(), {grid.origin[0] + i * grid.spacing[0],
                                   grid.origin[1] + static_cast<double>(j) * grid.spacing[1], 0.0});
  file.create_group("/geometry");
  file.create_dataset(xdmf_points_dataset, NumberType::float64, {n[1], n[0], 3});
  file.write(xdmf_points_dataset, {{begin, 0, 0}, {end - begin, n[0], 3}}, points.data());
}

void require_grid(const UniformGrid& grid) {
  bool good = grid.dim >= 1 && grid.dim <= 3;
  for (int d = 0; good && d < grid.dim; ++d)
    good = grid.cells[d] > 0 && grid.spacing[d] > 0 && std::isfinite(grid.spacing[d]) &&
           std::isfinite(grid.origin[d]);
  if (!good || (grid.dim < 3 && grid.cells[2] != 1) || (grid.dim < 2 && grid.cells[1] != 1))
    throw core::Error(core::ExitCode::internal,
                      "FieldWriter: a grid has 1 to 3 dimensions, cells and positive spacings");
}

} // namespace

FieldWriter::FieldWriter(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
                         const RunDescription& run, std::optional<double> restart_time)
    : comm_(comm), stem_(stem), working_stem_(stem), grid_(grid) {
  MPI_Comm_rank(comm_, &rank_);
  require_grid(grid_);
  if (std::filesystem::path(stem_).filename().empty() || stem_.find(':') != std::string::npos)
    core::throw_usage("output name '" + stem_ +
                      "' is not allowed; it needs a file name without ':'");
  core::on_first_rank(comm_, [&] { create_parent_folder(stem_); });
  if (restart_time && find_existing())
    resume(*restart_time);
  else
    start_new(run);
}

FieldWriter FieldWriter::append(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
                                const RunDescription& run, double restart_time) {
  return FieldWriter(comm, stem, grid, run, restart_time);
}

FieldWriter::~FieldWriter() {
  if (file_) abandon_transaction();
  std::error_code ignored;
  if (!published_ && rank_ == 0) std::filesystem::remove(h5_path(), ignored);
}

std::string FieldWriter::h5_path() const {
  return published_ ? working_stem_ + ".h5" : stem_ + ".h5.tmp";
}

void FieldWriter::write_header(H5File& file, const RunDescription& run) const {
  std::string created = utc_now(), command = run.command_line, deck = run.deck;
  broadcast(comm_, created); // HDF5 wants the same metadata from every rank
  broadcast(comm_, command);
  broadcast(comm_, deck);
  file.write_attribute("/", "format", format_name);
  file.write_attribute("/", "linnet_version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")");
  file.write_attribute("/", "petsc_version",
                       std::to_string(PETSC_VERSION_MAJOR) + "." +
                           std::to_string(PETSC_VERSION_MINOR) + "." +
                           std::to_string(PETSC_VERSION_SUBMINOR));
  file.write_attribute("/", "created", created);
  file.write_attribute("/", "command_line", command);
  file.write_attribute("/", "deck", deck);
  file.write_attribute("/", "grid", grid_line(grid_));
  if (grid_.dim < 3) write_points(file, grid_);
}

void FieldWriter::start_new(const RunDescription& run) {
  int occupied = 0;
  if (rank_ == 0) occupied = std::filesystem::exists(stem_ + ".h5");
  MPI_Bcast(&occupied, 1, MPI_INT, 0, comm_);
  if (occupied) working_stem_ = stem_ + ".part";
  try {
    file_.emplace(H5File::create(comm_, h5_path()));
    const core::Index3 n = grid_.points();
    reserve(transaction_room + (grid_.dim < 3 ? std::int64_t{24} * n[0] * n[1] : 0) +
            static_cast<std::int64_t>(run.deck.size() + run.command_line.size()));
    write_header(*file_, run);
    commit_transaction("/");
  } catch (...) {
    abandon_transaction();
    throw;
  }
}

bool FieldWriter::find_existing() {
  int found = 0;
  core::on_first_rank(comm_, [&] {
    // The unfinished output of a run that was stopped is the younger one.
    for (const auto& [stem, code] : {std::pair{stem_ + ".part", 2}, std::pair{stem_, 1}})
      if (found == 0 && std::filesystem::exists(stem + ".h5")) {
        found = code;
        roll_back(stem + ".h5");
      }
  });
  MPI_Bcast(&found, 1, MPI_INT, 0, comm_);
  if (found == 2) working_stem_ = stem_ + ".part";
  return found != 0;
}

void FieldWriter::resume(double restart_time) {
  published_ = true; // the file is there; nothing of it may be removed on failure
  {
    H5File file = H5File::open(comm_, h5_path());
    read_steps(file);
    file.close();
  }
  drop_steps_after(restart_time);
  core::on_first_rank(comm_, [&] { raw_extents_ = raw_data_extents(h5_path(), "/"); });
  write_side_file();
}

void FieldWriter::read_steps(const H5File& file) {
  if (!file.has_attribute("/", "format") || file.read_string("/", "format") != format_name)
    core::throw_data(file.path() + ": cannot be continued: its format is not " + format_name);
  const std::string found = file.read_string("/", "grid");
  if (found != grid_line(grid_))
    core::throw_data(file.path() + ": cannot be continued: it has the grid '" + found +
                     "' and this run '" + grid_line(grid_) + "'");
  for (const auto& group : file.children("/")) {
    if (group.rfind("step", 0) != 0) continue;
    XdmfStep step{group, file.read_double("/" + group, "time"), {}};
    for (const auto& name : file.children("/" + group)) {
      const std::string dataset = "/" + group + "/" + name;
      const DatasetInfo info = file.info(dataset);
      step.attributes.push_back(
          {name, file.read_string(dataset, "center") == "cell" ? Center::cell : Center::point,
           static_cast<int>(info.shape.size()) == (grid_.dim == 3 ? 4 : 3),
           info.kind == DatasetInfo::Kind::integer});
    }
    steps_.push_back(std::move(step));
  }
}

void FieldWriter::drop_steps_after(double restart_time) {
  std::vector<std::string> dropped;
  // The time of a restart may have lost its last digits on the way through a text file.
  const double limit = restart_time + 1e-12 * std::abs(restart_time);
  while (!steps_.empty() && steps_.back().time > limit) {
    dropped.push_back(steps_.back().group);
    steps_.pop_back();
  }
  if (dropped.empty()) return;
  write_side_file();
  // Removing groups in place would leave holes and could not be undone.
  core::on_first_rank(comm_, [&] {
    const std::string temporary = stem_ + ".h5.tmp";
    try {
      copy_without(h5_path(), temporary, dropped);
      flush_to_disk(temporary);
      rename_durably(temporary, h5_path());
    } catch (...) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      throw;
    }
  });
}

// HDF5 survives a full disk badly on several ranks, so space is taken before HDF5 needs it.
void FieldWriter::reserve(std::int64_t bytes) {
  core::on_first_rank(comm_, [&] {
    reserve_space(h5_path(), reserved_end_, bytes + dataset_room);
    reserved_end_ += bytes + dataset_room;
  });
}

void FieldWriter::open_transaction() {
  try {
    std::string superblock;
    core::on_first_rank(comm_, [&] {
      if (published_) begin_undo(h5_path(), raw_extents_);
      reserved_end_ = static_cast<std::int64_t>(std::filesystem::file_size(h5_path()));
      superblock = read_superblock(h5_path());
    });
    file_.emplace(H5File::open(comm_, h5_path(), H5File::Access::modify));
    // HDF5 marks the file as being written at once, and readers may refuse such a file. What is on
    // the disk is complete until the transaction ends, so the mark is taken off again.
    core::on_first_rank(comm_, [&] { write_superblock(h5_path(), superblock); });
    reserve(transaction_room);
  } catch (...) {
    abandon_transaction();
    throw;
  }
}

void FieldWriter::commit_transaction(const std::string& new_group) {
  file_->close();
  file_.reset();
  core::on_first_rank(comm_, [&] {
    trim_to_content(h5_path());
    flush_to_disk(h5_path());
    commit_undo(h5_path());
    if (new_group.empty()) return;
    const auto extents = raw_data_extents(h5_path(), new_group);
    raw_extents_.insert(raw_extents_.end(), extents.begin(), extents.end());
  });
}

void FieldWriter::abandon_transaction() noexcept {
  failed_ = true;
  step_.reset();
  {
    const H5Silence silence;
    file_.reset();
  }
  if (rank_ != 0) return;
  std::error_code ignored;
  try {
    if (published_)
      roll_back(h5_path());
    else
      std::filesystem::remove(h5_path(), ignored);
  } catch (...) {
    // The journal stays: the next run, or tools/check_fields --repair, can still use it.
  }
}

void FieldWriter::publish() {
  const std::string temporary = h5_path();
  core::on_first_rank(comm_, [&] {
    commit_undo(working_stem_ + ".h5"); // of an older file; it would not fit the new one
    rename_durably(temporary, working_stem_ + ".h5");
  });
  published_ = true;
}

void FieldWriter::write_side_file() const {
  core::on_first_rank(comm_, [&] {
    const std::string h5_name = std::filesystem::path(working_stem_).filename().string() + ".h5";
    write_file_atomically(working_stem_ + ".xdmf", xdmf_text(grid_, h5_name, steps_));
  });
}

void FieldWriter::close() {
  if (closed_) return;
  if (step_) end_step();
  closed_ = true;
  if (!published_ && failed_) return;
  if (!published_) publish();
  const std::string part = stem_ + ".part";
  const bool renamed = working_stem_ != stem_;
  if (renamed)
    core::on_first_rank(comm_, [&] {
      commit_undo(stem_ + ".h5");
      rename_durably(part + ".h5", stem_ + ".h5");
    });
  working_stem_ = stem_;
  write_side_file();
  core::on_first_rank(comm_, [&] {
    std::error_code ignored; // left over, or renamed just now
    for (const char* ending : {".h5", ".h5.undo", ".xdmf"})
      std::filesystem::remove(part + ending, ignored);
  });
}

} // namespace linnet::io
