// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "mgno": "boxmg" with trained numbers, those of the cycle around obstacles
/// (obstacle_cycle.hpp) or those of a network that shifts the interpolation of black-box multigrid
/// (kernels/stencil/interpolation_network.hpp).
///
/// Linear and symmetric positive definite like "boxmg", for every model that is accepted, so it
/// serves KSPCG. Without a model it is "boxmg". Where that takes another cycle than the one the
/// model is for, that cycle serves here, too, the model lies idle, and the view says so.
///
/// Options:
///  - `-pc_mgno_model FILE.h5`: trained weights (cycle_model_file.hpp).
///  - `-pc_mgno_fallback`: every set-up compares the cycle with the network and the one without it
///  by eight steps of CG, and takes the latter unless the network saves one step in twenty (yes).
///  It costs a second set-up.
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
/// Does nothing on a PC of another type. Logically collective.
PetscErrorCode PCMgNOSetFallback(PC pc, PetscBool fallback);

} // namespace linnet::multigrid
