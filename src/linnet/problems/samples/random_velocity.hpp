// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sources as a pressure projection meets them: the divergence of a random velocity field on the
/// faces of the cells that does not pass through walls.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>
#include <linnet/problems/geometry/rotation.hpp>

#include <cstdint>
#include <vector>

namespace linnet::problems {

/// Which solid cells turn, and how.
struct WallMotion {
  Vec owners = nullptr;            ///< borrowed, on the grid: number of the rotation, 0 at rest
  std::vector<Rotation> rotations; ///< number n is entry n - 1
};

/// @p source = -div v in the fluid cells, 0 in the others, so that u is the pressure with
/// div(grad u) = div v for a unit conductivity. Component d of v, at the centre of a face normal to
/// d, is
///   sum over m = 1..6 of a_m product over the directions e of sin(2 pi k_me x_e / L_e + phi_me)
/// plus white noise, with normal a_m and the mean square 1 of the sum on average, whole wave
/// numbers k from 1 to 4 (periodic), and noise of standard deviation 0.1. v is 0 on Neumann faces
/// of the domain and, at the centres of the faces of solid cells, the velocity of the solid: 0, or
/// that of @p motion. A rotation lets nothing into a single cell and nothing out, so that the faces
/// of a body made of cells add up to zero, too: as long as the fluid surrounds the body the sources
/// of a closed piece of it do. @p mask (NULL: all fluid) and @p source are global vectors of @p
/// cells. The same bits on every number of ranks. Collective.
void fill_random_divergence(DM cells, const DiffusionModel& model, Vec mask, std::uint64_t seed,
                            Vec source, const WallMotion* motion = nullptr);

} // namespace linnet::problems
