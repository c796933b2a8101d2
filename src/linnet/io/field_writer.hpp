// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The fields of a run: one HDF5 file and one XDMF side file for ParaView.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/io/h5_file.hpp>
#include <linnet/io/undo_journal.hpp>
#include <linnet/io/vec_layout.hpp>
#include <linnet/io/xdmf.hpp>

#include <optional>
#include <string>
#include <vector>

namespace linnet::io {

/// What is recorded about the run in the root attributes of the file.
struct RunDescription {
  std::string command_line;
  std::string deck; ///< text of the input deck
};

/// Writes `<stem>.h5` (datasets `/stepNNNNNN/<name>`, tables `/history/<name>`) and `<stem>.xdmf`.
///
/// Each step is one transaction: a run that is killed, or meets a full disk, leaves all completed
/// steps readable. If `<stem>.h5` exists already, the new output goes to `<stem>.part.h5` and
/// `<stem>.part.xdmf`, which ParaView opens too, and takes the place of the old one in close().
///
/// All functions are collective on @p comm and throw core::Error on all ranks. After an error
/// within a step that step is undone and the writer can only be closed.
class FieldWriter {
public:
  /// Starts a new output.
  FieldWriter(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
              const RunDescription& run)
      : FieldWriter(comm, stem, grid, run, std::nullopt) {}
  /// Continues the output of an earlier run of the same stem and grid, after the last step whose
  /// time does not exceed @p restart_time; later steps are removed. Starts a new output if there is
  /// none.
  static FieldWriter append(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
                            const RunDescription& run, double restart_time);
  FieldWriter(const FieldWriter&) = delete;
  FieldWriter& operator=(const FieldWriter&) = delete;
  /// Leaves the completed steps on the disk; close() is needed for the final names and for errors.
  ~FieldWriter();

  /// @p time must be larger than that of the step before; @p iteration is recorded with it.
  void begin_step(double time, std::int64_t iteration = 0);
  /// Cell data: a global Vec of a DMDA with grid.cells points. 1 component gives a scalar, 2 or 3 a
  /// vector (padded with zeros to 3), any other number one scalar `name_i` per component. Not on a
  /// line: readers of XDMF fail on its cells.
  void write_cell(const std::string& name, Vec values);
  /// The same for point data: a DMDA with grid.points() points.
  void write_point(const std::string& name, Vec values);
  /// Cell data of whole numbers (masks, labels), written as int32.
  void write_cell_integers(const std::string& name, Vec values);
  /// A number that belongs to the current step.
  void write_step_attribute(const std::string& name, double value);
  /// Completes the step in both files.
  void end_step();

  /// Writes or replaces the table /history/@p name: @p rows holds the rows one after the other and
  /// counts on rank 0. Not within a step.
  void write_table(const std::string& name, const std::vector<std::string>& columns,
                   const std::vector<double>& rows);
  /// The rows of the table /history/@p name of @p columns, on all ranks; none where there is no
  /// such table. Not within a step.
  [[nodiscard]] std::vector<double> read_table(const std::string& name,
                                               const std::vector<std::string>& columns) const;
  /// Gives the output its final names.
  void close();

  /// Number of completed steps.
  [[nodiscard]] int steps() const { return static_cast<int>(steps_.size()); }
  /// Time of the last completed step; empty when there is none.
  [[nodiscard]] std::optional<double> last_time() const;
  /// Paths of the two files as they are called after close().
  [[nodiscard]] std::vector<std::string> files() const;

private:
  FieldWriter(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
              const RunDescription& run, std::optional<double> restart_time);
  void start_new(const RunDescription& run);
  bool find_existing();
  void resume(double restart_time);
  void read_steps(const H5File& file);
  void drop_steps_after(double restart_time);
  void write_header(H5File& file, const RunDescription& run) const;
  void write_field(const std::string& name, Vec values, Center center, bool integer);
  void write_array(const std::string& name, const VecLayout& layout, const double* local,
                   Center center, bool integer, int first, int components);
  void open_transaction();
  void commit_transaction(const std::string& new_group);
  void abandon_transaction() noexcept;
  template <class Work>
  void within_transaction(Work&& work);
  void require_step(bool inside, const char* call) const;
  void publish();
  void write_side_file() const;
  void reserve(std::int64_t bytes);
  [[nodiscard]] std::string h5_path() const;

  MPI_Comm comm_;
  int rank_ = 0;
  std::string stem_;
  std::string working_stem_; // "<stem>.part" until close() where an older output exists
  UniformGrid grid_;
  bool published_ = false; // the HDF5 file has its working name; before: "<stem>.h5.tmp"
  bool closed_ = false;
  bool failed_ = false;
  std::optional<H5File> file_;          // open within a transaction only
  std::vector<FileExtent> raw_extents_; // rank 0: data of completed steps, never written again
  std::int64_t reserved_end_ = 0;       // rank 0: end of the space taken in this transaction
  std::vector<XdmfStep> steps_;
  std::optional<XdmfStep> step_; // the one being written
};

} // namespace linnet::io
