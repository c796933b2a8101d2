// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The pressure in a tank of water that is open at the top, around obstacles: what solvers around
/// obstacles are trained and judged on.
#pragma once

#include <linnet/problems/cells/box_cells.hpp>
#include <linnet/problems/cells/cell_array.hpp>
#include <linnet/problems/diffusion/diffusion.hpp>
#include <linnet/problems/geometry/obstacles.hpp>

#include <petscmat.h>

#include <cstdint>
#include <vector>

namespace linnet::problems {

struct TankOptions {
  BoxCells cells;
  std::vector<Obstacle> obstacles;
  int most_air = 1; ///< layers of air: drawn from 1 to this number
};

/// div(grad u) = div v with no flux through the walls of the box and of the obstacles. The
/// uppermost cells are air and hold u = 0. Where water has none above it, between obstacles, the
/// matrix knows its null space.
class Tank {
public:
  /// @p seed draws the air and the obstacles without a seed of their own; @p type is a type of
  /// matrices on a DMDA, such as aij or stencil. Couplings through faces normal to x are -1.
  /// Collective on @p comm; @throws core::Error for options that make no sense.
  Tank(MPI_Comm comm, const TankOptions& options, std::uint64_t seed, MatType type);

  [[nodiscard]] DM grid() const { return grid_.get(); }
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  /// 0 in water, 1 in solid cells, 2 in air.
  [[nodiscard]] Vec mask() const { return mask_.get(); }
  /// The right-hand side for the random velocity number @p seed (random_velocity.hpp), which
  /// balances in closed water. Collective.
  void fill_right_hand_side(std::uint64_t seed, Vec rhs) const;

private:
  [[nodiscard]] DiffusionModel model() const;
  [[nodiscard]] Owned<Vec> conductivity() const;

  BoxCells cells_;
  Owned<DM> grid_;
  Owned<Vec> mask_;
  Owned<Mat> matrix_;
};

} // namespace linnet::problems
