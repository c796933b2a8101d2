// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Fields and histories of a reduced run for ParaView.
#pragma once

#include "problem.hpp"

#include <linnet/io/mesh_writer.hpp>
#include <linnet/rom/solid/comparison.hpp>

#include <memory>

namespace app {

/// Files of -solid_output with the displacement at the nodes and the means over the cells of p, von
/// Mises stress, stress and strain, all reconstructed from the modes.
class ReducedOutput {
public:
  /// With -solid_output none nothing happens. Collective.
  ReducedOutput(const AppContext& context, const Problem& problem);
  /// Writes the step @p index if it is one that -solid_output_every asks for, or @p last.
  /// Collective.
  void write(const linnet::rom::Reconstruction& fields, const linnet::rom::OnlineStep& step,
             std::size_t index, bool last);
  /// The table /history/rom: t, indicator, estimate, iterations, 1 for a step on the mesh, and the
  /// errors where there are any.
  void write_history(const linnet::rom::OnlineHistory& history,
                     const linnet::rom::SolidErrors* errors);
  void close();
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

private:
  const Problem& problem_;
  std::size_t every_;
  std::unique_ptr<linnet::io::MeshWriter> writer_;
  std::vector<double> weights_;
  std::vector<std::string> files_;
};

} // namespace app
