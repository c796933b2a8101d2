// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a run needs to go on later with the same bits.
#pragma once

#include "problem.hpp"

#include <linnet/io/checkpoint.hpp>

#include <string>

namespace app {

/// Where a run is, apart from the model's state.
struct RunState {
  linnet::core::Owned<Vec> u;
  double time = 0.0;     ///< reached
  std::int64_t done = 0; ///< completed steps; time may lie within the next one
  std::int64_t newton = 0, linear = 0, halvings = 0; ///< iterations so far

  /// At rest at the time 0. Collective.
  explicit RunState(const Problem& problem);
  /// Writes a checkpoint of this and of the model's committed state. Collective.
  void save(const AppContext& context, const Problem& problem, const std::string& path) const;
  /// Takes both from the checkpoint of -solid_restart, which must be of the same mesh, materials
  /// and options. Collective; @throws core::Error.
  void load(const AppContext& context, Problem& problem);
};

} // namespace app
