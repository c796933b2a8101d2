// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The life of the two files of a StepWriter: creation, transactions, restart, final names.
#include <linnet/io/step_writer.hpp>

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

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

} // namespace

StepWriter::StepWriter(MPI_Comm comm, const std::string& stem,
                       std::unique_ptr<const OutputGeometry> geometry, const RunDescription& run,
                       std::optional<double> restart_time)
    : comm_(comm), stem_(stem), working_stem_(stem), geometry_(std::move(geometry)) {
  MPI_Comm_rank(comm_, &rank_);
  if (std::filesystem::path(stem_).filename().empty() || stem_.find(':') != std::string::npos)
    core::throw_usage("output name '" + stem_ +
                      "' is not allowed; it needs a file name without ':'");
  core::on_first_rank(comm_, [&] { create_parent_folder(stem_); });
  if (restart_time && find_existing())
    resume(*restart_time);
  else
    start_new(run);
}

StepWriter::~StepWriter() {
  if (file_) abandon_transaction();
  std::error_code ignored;
  if (!published_ && rank_ == 0) std::filesystem::remove(h5_path(), ignored);
}

std::string StepWriter::h5_path() const {
  return published_ ? working_stem_ + ".h5" : stem_ + ".h5.tmp";
}

void StepWriter::write_header(H5File& file, const RunDescription& run) const {
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
  file.write_attribute("/", "grid", geometry_->line());
  geometry_->write(file);
}

void StepWriter::start_new(const RunDescription& run) {
  int occupied = 0;
  if (rank_ == 0) occupied = std::filesystem::exists(stem_ + ".h5");
  MPI_Bcast(&occupied, 1, MPI_INT, 0, comm_);
  if (occupied) working_stem_ = stem_ + ".part";
  try {
    file_.emplace(H5File::create(comm_, h5_path()));
    reserve(transaction_room + geometry_->bytes() +
            static_cast<std::int64_t>(run.deck.size() + run.command_line.size()));
    write_header(*file_, run);
    commit_transaction("/");
  } catch (...) {
    abandon_transaction();
    throw;
  }
}

bool StepWriter::find_existing() {
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

void StepWriter::resume(double restart_time) {
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

void StepWriter::read_steps(const H5File& file) {
  if (!file.has_attribute("/", "format") || file.read_string("/", "format") != format_name)
    core::throw_data(file.path() + ": cannot be continued: its format is not " + format_name);
  const std::string found = file.read_string("/", "grid");
  if (found != geometry_->line())
    core::throw_data(file.path() + ": cannot be continued: it has the grid '" + found +
                     "' and this run '" + geometry_->line() + "'");
  for (const auto& group : file.children("/")) {
    if (group.rfind("step", 0) != 0) continue;
    XdmfStep step{group, file.read_double("/" + group, "time"), {}};
    for (const auto& name : file.children("/" + group)) {
      const std::string dataset = "/" + group + "/" + name;
      if (!file.is_dataset(dataset)) continue;
      const DatasetInfo info = file.info(dataset);
      const bool cell = file.read_string(dataset, "center") == "cell";
      const Center center = cell ? Center::cell : Center::point;
      step.attributes.push_back({name, center,
                                 info.shape.size() == geometry_->shape(center).size() + 1,
                                 info.kind == DatasetInfo::Kind::integer});
    }
    steps_.push_back(std::move(step));
  }
}

void StepWriter::drop_steps_after(double restart_time) {
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
void StepWriter::reserve(std::int64_t bytes) {
  core::on_first_rank(comm_, [&] {
    reserve_space(h5_path(), reserved_end_, bytes + dataset_room);
    reserved_end_ += bytes + dataset_room;
  });
}

void StepWriter::open_transaction() {
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

void StepWriter::commit_transaction(const std::string& new_group) {
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

void StepWriter::abandon_transaction() noexcept {
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

void StepWriter::publish() {
  const std::string temporary = h5_path();
  core::on_first_rank(comm_, [&] {
    commit_undo(working_stem_ + ".h5"); // of an older file; it would not fit the new one
    rename_durably(temporary, working_stem_ + ".h5");
  });
  published_ = true;
}

void StepWriter::write_side_file() const {
  core::on_first_rank(comm_, [&] {
    const std::string h5_name = std::filesystem::path(working_stem_).filename().string() + ".h5";
    write_file_atomically(working_stem_ + ".xdmf", xdmf_text(*geometry_, h5_name, steps_));
  });
}

void StepWriter::close() {
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
