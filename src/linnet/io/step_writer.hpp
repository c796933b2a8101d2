// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The output of a run on any grid: one HDF5 file and one XDMF side file for ParaView.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/io/h5_file.hpp>
#include <linnet/io/undo_journal.hpp>
#include <linnet/io/xdmf.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet::io {

/// What is recorded about the run in the root attributes of the file.
struct RunDescription {
  std::string command_line;
  std::string deck; ///< text of the input deck
};

/// Steps, tables and the life of the files; the fields themselves are written by the class of the
/// grid: FieldWriter, MeshWriter.
///
/// Files: `<stem>.h5` (datasets `/stepNNNNNN/<name>`, tables `/history/<name>`) and `<stem>.xdmf`.
///
/// Each step is one transaction: a run that is killed, or meets a full disk, leaves all completed
/// steps readable. If `<stem>.h5` exists already, the new output goes to `<stem>.part.h5` and
/// `<stem>.part.xdmf`, which ParaView opens too, and takes the place of the old one in close().
///
/// All functions are collective on @p comm and throw core::Error on all ranks. After an error
/// within a step that step is undone and the writer can only be closed.
class StepWriter {
public:
  StepWriter(const StepWriter&) = delete;
  StepWriter& operator=(const StepWriter&) = delete;

  /// @p time must be larger than that of the step before; @p iteration is recorded with it.
  void begin_step(double time, std::int64_t iteration = 0);
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

protected:
  /// Starts a new output; with @p restart_time, continues that of an earlier run of the same stem
  /// and grid, after the last step whose time does not exceed it: later steps are removed. Starts a
  /// new output if there is none.
  StepWriter(MPI_Comm comm, const std::string& stem, std::unique_ptr<const OutputGeometry> geometry,
             const RunDescription& run, std::optional<double> restart_time);
  /// Leaves the completed steps on the disk; close() is needed for the final names and for errors.
  ~StepWriter();

  /// Runs @p work, which may throw on all ranks only; then the step is undone.
  template <class Work>
  void within_step(Work&& work) {
    require_step(true, "write");
    try {
      work();
    } catch (...) {
      abandon_transaction();
      throw;
    }
  }
  /// Within within_step(): creates the dataset @p name of a field in the group of the step, of 1 or
  /// 3 components, and tells the side file. Returns its path.
  std::string create_field(const std::string& name, Center center, int components, bool integer);
  /// The same for an array of any shape in the group `quadrature` of the step, which the side file
  /// passes over.
  std::string create_array(const std::string& name, const Shape& shape);

  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] const OutputGeometry& geometry() const { return *geometry_; }
  [[nodiscard]] H5File& file() { return *file_; } ///< within a step
  /// Names end up in paths of HDF5 and in XML. @throws core::Error
  static void require_name(const std::string& name);

private:
  void start_new(const RunDescription& run);
  bool find_existing();
  void resume(double restart_time);
  void read_steps(const H5File& file);
  void drop_steps_after(double restart_time);
  void write_header(H5File& file, const RunDescription& run) const;
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
  std::unique_ptr<const OutputGeometry> geometry_;
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
