// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a PC of type "boxmg", or of one that is built on it, holds.
#pragma once

#include <linnet/multigrid/boxmg_preconditioner.hpp>
#include <linnet/multigrid/pc_boxmg.hpp>

#include <memory>

namespace linnet::multigrid {

struct BoxmgData {
  virtual ~BoxmgData() = default;
  BoxmgOptions options;
  ObstacleWeights weights;
  LearnedInterpolation learned;
  grid::DeclaredGrid grid;
  std::unique_ptr<BoxmgPreconditioner> preconditioner;
};

/// Of a PC that create_boxmg() made; not owned.
BoxmgData* boxmg_data(PC pc);

/// Gives @p pc the operations of "boxmg" on @p data; a type built on it then replaces some.
PetscErrorCode create_boxmg(PC pc, std::unique_ptr<BoxmgData> data);

} // namespace linnet::multigrid
