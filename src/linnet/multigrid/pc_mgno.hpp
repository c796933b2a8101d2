// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "mgno": the cycle of "boxmg" around obstacles (obstacle_cycle.hpp) with trained numbers.
///
/// Linear and symmetric positive definite like "boxmg", for every model that is accepted, so it
/// serves KSPCG. Without a model it is "boxmg". Where that would take another cycle, the
/// coefficients not being constant around obstacles, that cycle serves here, too, the model lies
/// idle, and the view says so.
///
/// Options:
///  - `-pc_mgno_model FILE.h5`: trained weights (obstacle_weights_file.hpp).
///  - `-pc_boxmg_<name>`: as for "boxmg" (pc_boxmg.hpp), with the same setters.
#pragma once

#include <linnet/multigrid/pc_boxmg.hpp>

#define PCMGNO "mgno"

namespace linnet::multigrid {

/// Constructor for PCRegister.
PetscErrorCode PCCreate_MgNO(PC pc);

/// The file is read at the next set-up; an empty @p path goes back to the derived weights. Does
/// nothing on a PC of another type. Logically collective.
PetscErrorCode PCMgNOSetModel(PC pc, const char path[]);

} // namespace linnet::multigrid
