// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Operators on coarser grids for PETSc's geometric multigrid, `-pc_type mg`.
#pragma once

#include "setup.hpp"

namespace app {

/// The equation on the finest grid.
struct CoarseOperators {
  const Problem& problem;
  const linnet::problems::DiffusionSystem& system;
};

/// Has the levels of a PCMG discretise the equation anew (unless -pc_mg_galerkin forms P^T A P): a
/// coarse cell conducts as the mean of its fine cells, solid ones counted as zero, is held if any
/// of them is and solid if none is fluid or held. The grids come from coarsening the DMDA, the
/// transfer is that of cell values.
/// @p finest must live as long as PCs on the DMDA are set up. Collective.
void offer_coarse_operators(CoarseOperators& finest);

/// The system has new values: the levels of @p pc, if it is a PCMG, take them over in its next
/// set-up. Collective.
void refresh_coarse_operators(PC pc);

} // namespace app
