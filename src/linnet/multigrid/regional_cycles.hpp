// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Cycles that coarsen the directions in different orders, one after the other, for anisotropy that
/// varies within the domain (varying_anisotropy.hpp).
///
/// With the cycles B, C and D the preconditioner M is
///   I - M A = (I - B A) (I - C A) (I - D A) (I - C A) (I - B A),
/// from the middle outwards M' = 2 C - C A C + (I - C A) D (I - A C). D is symmetric positive
/// definite, and with Galerkin operators no eigenvalue of B A or C A is above 1: so is M.
#pragma once

#include <linnet/multigrid/cycle.hpp>

namespace linnet::multigrid {

template <class T>
class RegionalCycles {
public:
  /// Cycles on @p first, which must outlive this object, and on levels of their own for each of
  /// @p others. Collective on @p comm, whose rank r owns `cut.box(r)`, the cut of arrival of all.
  RegionalCycles(MPI_Comm comm, const grid::Partition& cut, std::vector<GridLevel>& first,
                 const std::vector<std::vector<LevelPlan>>& others, const BoxmgOptions& options);

  /// As in Cycle.
  void update(const kernels::StencilOperator<double>& finest, double factor = 1.0);
  void apply();
  [[nodiscard]] kernels::Field<T>& input() { return input_; }
  [[nodiscard]] kernels::Field<T>& output() { return output_; }
  [[nodiscard]] const std::vector<CycleLevel<T>>& levels() const {
    return cycles_.front()->levels();
  }
  [[nodiscard]] const DirectSolver& direct_solver() const {
    return cycles_.front()->direct_solver();
  }
  [[nodiscard]] double memory() const;
  /// Levels with an adapted smoother, for each cycle.
  [[nodiscard]] std::vector<std::vector<bool>> adapted_levels() const;

private:
  void correct(Cycle<T>& cycle);

  std::vector<std::vector<GridLevel>> levels_; ///< of all cycles but the first
  std::vector<std::unique_ptr<Cycle<T>>> cycles_;
  grid::Halo halo_;
  kernels::StencilOperator<T> a_; ///< on the cut of arrival
  kernels::Field<T> input_, output_;
};

} // namespace linnet::multigrid
