// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a run leaves behind: field files, and where they lie.
#pragma once

#include "history.hpp"

#include <linnet/fem/output/point_values.hpp>
#include <linnet/io/mesh_writer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// Of -solid_output; empty for none.
std::string output_stem(const AppContext& context);
std::string checkpoint_path(const AppContext& context);
/// Collective; @throws core::Error when one of the files could not be written.
void require_writable_outputs(const AppContext& context);

/// The field files, `<stem>.h5` and `<stem>.xdmf`; with -solid_output none nothing happens.
class FieldOutput {
public:
  /// Starts new files, or goes on with those of an earlier run after the time @p restart, whose
  /// rows @p history takes over. Collective.
  FieldOutput(const AppContext& context, const Problem& problem, std::optional<double> restart,
              History& history);
  /// Displacements, and what the model's points hold at the end of the step. Collective.
  void write(Vec u, double t, std::int64_t step);
  /// Brings the tables in the file up to date. Collective.
  void write_tables(const History& history);
  void close();
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

private:
  void write_field(const linnet::fem::PointField& field);

  const Problem& problem_;
  bool at_nodes_, at_points_;
  std::unique_ptr<linnet::io::MeshWriter> writer_;
  std::vector<double> weights_;
  std::vector<std::string> files_;
};

} // namespace app
