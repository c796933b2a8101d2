// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The fields of a run on an unstructured mesh: one HDF5 file and one XDMF side file for ParaView.
#pragma once

#include <linnet/io/mesh_geometry.hpp>
#include <linnet/io/step_writer.hpp>

#include <span>
#include <string>
#include <vector>

namespace linnet::io {

/// Writes values at cells, nodes and quadrature points; for steps, tables and files see StepWriter.
/// The files do not depend on the number of ranks: everything is listed by the numbers of the
/// MeshPart. Values are given in the order of this rank's part, the components of an item next to
/// each other.
class MeshWriter : public StepWriter {
public:
  /// Starts a new output.
  MeshWriter(MPI_Comm comm, const std::string& stem, MeshPart part, const RunDescription& run)
      : MeshWriter(comm, stem, std::move(part), run, std::nullopt) {}
  /// Continues the output of an earlier run, see FieldWriter::append.
  static MeshWriter append(MPI_Comm comm, const std::string& stem, MeshPart part,
                           const RunDescription& run, double restart_time);

  /// A scalar per cell or node.
  void write(const std::string& name, Center center, std::span<const double> values);
  /// A vector of three components.
  void write_vector(const std::string& name, Center center, std::span<const double> values);
  /// One scalar `<name>_<component>` for each of @p components.
  void write_components(const std::string& name, Center center,
                        const std::vector<std::string>& components, std::span<const double> values);
  /// Values at the @p points quadrature points of each cell, as they are: the dataset
  /// `quadrature/<name>` of the step, (cells, points, components) or (cells, points). Not in the
  /// side file.
  void write_quadrature(const std::string& name, int points, int components,
                        std::span<const double> values);

private:
  MeshWriter(MPI_Comm comm, const std::string& stem, MeshPart part, const RunDescription& run,
             std::optional<double> restart_time);
  void require_size(const std::string& name, Center center, int components,
                    std::size_t values) const;
  void write_field(const std::string& name, Center center, int components,
                   std::span<const double> values);
  [[nodiscard]] const FileOrder& order(Center center) const;
};

} // namespace linnet::io
