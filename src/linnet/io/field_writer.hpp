// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The fields of a run on a uniform grid: one HDF5 file and one XDMF side file for ParaView.
#pragma once

#include <linnet/io/step_writer.hpp>
#include <linnet/io/uniform_geometry.hpp>
#include <linnet/io/vec_layout.hpp>

#include <string>

namespace linnet::io {

/// Writes Vecs of DMDAs; for steps, tables and files see StepWriter.
class FieldWriter : public StepWriter {
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

  /// Cell data: a global Vec of a DMDA with grid.cells points. 1 component gives a scalar, 2 or 3 a
  /// vector (padded with zeros to 3), any other number one scalar `name_i` per component. Not on a
  /// line: readers of XDMF fail on its cells.
  void write_cell(const std::string& name, Vec values);
  /// The same for point data: a DMDA with grid.points() points.
  void write_point(const std::string& name, Vec values);
  /// Cell data of whole numbers (masks, labels), written as int32.
  void write_cell_integers(const std::string& name, Vec values);

private:
  FieldWriter(MPI_Comm comm, const std::string& stem, const UniformGrid& grid,
              const RunDescription& run, std::optional<double> restart_time);
  void write_field(const std::string& name, Vec values, Center center, bool integer);
  void write_array(const std::string& name, const VecLayout& layout, const double* local,
                   Center center, bool integer, int first, int components);

  int dim_;
};

} // namespace linnet::io
