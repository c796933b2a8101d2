// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Snapshots of a run of a solid in an HDF5 file: what each converged step ended with, and the
/// loading, so that the file alone can be learnt from and run again.
///
/// Layout, K steps, N unknowns, NG points; rows in the numbering of the mesh's file:
///   /t (K+1)                                 times, that of the initial state first
///   /u (K,N), /p (K,NG), /sigma (K,6 NG)     displacement, accumulated plastic strain, stress
///   /loading/{temperature,force,held}/fields (terms,NG or N) and /factors (K+1,terms)
///   /loading/held/unknowns (1,N)             1 for each held unknown, 0 for the others
/// Attributes of the root: format, version, mesh and materials (fingerprints).
#pragma once

#include <linnet/rom/solid/decomposed_loading.hpp>
#include <linnet/rom/solid/solid_file.hpp>

#include <memory>
#include <optional>
#include <string>

namespace linnet::rom {

/// One state; stress and p at this rank's points.
struct SolidState {
  core::Owned<Vec> displacement;
  std::vector<double> plastic_strain; ///< p, points
  std::vector<double> stress;         ///< points x 6
};

/// Writes a file step by step under a temporary name; nothing of the run is kept in memory. Without
/// close() no file is left, and an older one of the name stays.
class SnapshotWriter {
public:
  /// Writes the loading. @p materials: their fingerprint. Collective; @throws core::Error on all
  /// ranks.
  SnapshotWriter(const std::string& path, const fem::SolidModel& model,
                 const std::string& materials, const DecomposedLoading& loading);
  ~SnapshotWriter();
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;

  /// The end of the next step: @p u, and p and stress of the model's committed state. Collective.
  /// @throws core::Error on all ranks: (usage) beyond the last step, (data) for values not finite.
  void append(const fem::SolidModel& model, Vec u);
  [[nodiscard]] int steps_written() const { return written_; }
  /// Makes the file complete and puts it in place. @throws core::Error (usage) unless all steps
  /// were written. Collective.
  void close();

private:
  std::string path_, temporary_;
  MPI_Comm comm_;
  SolidRows rows_;
  std::optional<io::H5File> file_;
  int steps_, written_ = 0;
};

/// Reads such a file on any number of ranks.
class SnapshotFile {
public:
  /// Checks the whole layout before anything is allocated. Collective. @throws core::Error (data)
  /// on all ranks, one line: no such file, damaged, of another version, or made with another mesh
  /// or other materials.
  SnapshotFile(const std::string& path, const fem::SolidModel& model, const std::string& materials);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int steps() const { return static_cast<int>(times_.size()) - 1; }
  [[nodiscard]] const std::vector<double>& times() const { return times_; }
  /// Collective, as all below; @throws core::Error (data) for values that are not finite.
  [[nodiscard]] DecomposedLoading loading() const;
  /// The end of step @p step, 1 .. steps().
  [[nodiscard]] SolidState state(int step) const;
  /// Appends one quantity of all steps to @p to, as columns.
  void displacements(linalg::ColumnStore& to) const;
  void plastic_strains(linalg::ColumnStore& to) const;
  void stresses(linalg::ColumnStore& to) const;

private:
  void read_rows(const std::string& dataset, const linalg::RowOrder& order,
                 linalg::ColumnStore& to) const;
  [[nodiscard]] LoadTerms read_terms(const std::string& name, const linalg::RowOrder& order,
                                     PetscInt local_rows) const;

  std::string path_;
  const fem::SolidModel* model_;
  SolidRows rows_;
  io::H5File file_;
  std::vector<double> times_;
};

} // namespace linnet::rom
