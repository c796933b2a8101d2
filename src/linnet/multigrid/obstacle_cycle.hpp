// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The cycle for constant coefficients around obstacles: the pressure equation.
///
/// The geometry is all there is to know, and the finest level keeps it in one byte per cell
/// (kernels/star/coded_star.hpp). The points of the next level are aggregates of 2 x 2 x 2 cells,
/// the interpolation is constant on them, and their couplings are halved sums
/// (kernels/star/star_aggregation.hpp). From there on black-box multigrid goes on, an eighth of the
/// work: on coarse grids walls are thinner than the cells, and its interpolation does not cross
/// them.
///
/// Rows with a diagonal entry only, such as those of solid cells, are solved exactly.
///
/// The numbers that the cycle consists of can be others than the derived ones
/// (obstacle_weights.hpp).
#pragma once

#include <linnet/multigrid/cycle.hpp>
#include <linnet/multigrid/obstacle_weights.hpp>
#include <linnet/multigrid/star_cycle.hpp>

namespace linnet::multigrid {

template <class T>
class ObstacleCycle final : public StarCycle<T> {
public:
  /// @p levels, with aggregates on the second one, must outlive the cycle. Collective on @p comm,
  /// the communicator of the levels.
  /// @p weights must not be ones to refuse.
  ObstacleCycle(MPI_Comm comm, std::vector<GridLevel>& levels, const BoxmgOptions& options,
                const ObstacleWeights& weights = {});

  /// FinestStar::constant must be given. False also where more than a few cells lie in aggregates
  /// that a wall cuts in two.
  bool update(const FinestStar& finest) override;

  [[nodiscard]] const DirectSolver& direct_solver() const override {
    return coarse_.direct_solver();
  }
  [[nodiscard]] double memory() const override;

private:
  kernels::Field<T>& arrival_f(std::size_t l) override;
  kernels::Field<T>& arrival_u(std::size_t l) override;
  void solve_level(std::size_t l) override;

  bool encode(const FinestStar& finest);
  void set_weights();
  void weigh_centres();
  /// What went through the planes of the finest level.
  struct Found {
    double wrong = 0.0; ///< cells whose code does not say all
    double split = 0.0; ///< aggregates that are not connected
  };
  /// Forms @p coarse, which holds zeros.
  Found aggregate(const kernels::StarPlanes<T>& coarse);

  MPI_Comm comm_;
  bool skip_empty_;
  ObstacleWeights weights_;
  Cycle<T> coarse_;
  double mass_ = 0.0; ///< the row sum that all cells have in common
};

} // namespace linnet::multigrid
