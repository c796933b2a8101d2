// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The V-cycle of black-box multigrid with the factored approximate inverse as smoother.
///
/// With S = G^T G, X = (I - S A) P and the coarse inverse B_c the cycle is
///   B = 2 S - S A S + X B_c X^T,
/// symmetric positive definite for every symmetric positive definite B_c because the rows of G are
/// weighted such that lambda_max(S A) < 2 (kernels/stencil/factored_inverse_bound.hpp).
#pragma once

#include <linnet/kernels/stencil/factored_inverse.hpp>
#include <linnet/kernels/stencil/factored_inverse_bound.hpp>
#include <linnet/kernels/stencil/transfer.hpp>
#include <linnet/multigrid/adapted_smoother.hpp>
#include <linnet/multigrid/direct_solver.hpp>
#include <linnet/multigrid/grid_level.hpp>
#include <linnet/multigrid/marched_level.hpp>

#include <span>
#include <vector>

namespace linnet::multigrid {

/// Values of one level in the precision T of the cycle.
template <class T>
struct CycleLevel {
  kernels::StencilOperator<T> a;
  kernels::FactoredInverse<T> g;
  std::unique_ptr<AdaptedSmoother<T>> adapted; ///< takes the place of g, where it exists
  std::unique_ptr<MarchedLevel<T>> marched;    ///< takes the place of g and t, where it exists
  kernels::Interpolation<T> p;
  bool m_matrix = false; ///< no coupling and no row sum has the wrong sign

  kernels::Field<T> source_f, source_u; ///< on the cut of arrival, if it differs from the level's
  kernels::Field<T> f, u, t;
  kernels::Field<T> r; ///< only where f is to be kept
};

/// Numbers that leave the cycle symmetric positive definite as long as `row` lies in (0,1) and
/// `scale` is positive.
struct CycleWeights {
  double row = kernels::m_matrix_weight<double>; ///< of the rows of G where A is an M-matrix
  double scale = 1.0;                            ///< of every coarse correction
  /// Of the network that shifts the interpolation (kernels/stencil/interpolation_network.hpp), any
  /// finite numbers; none: black-box interpolation.
  std::vector<double> network{};
};

/// The cycle on all levels of this rank.
template <class T>
class Cycle {
public:
  /// @p levels must outlive the cycle. A @p regional one leaves what is coupled strongly across the
  /// directions that it halves to another (regional_cycles.hpp). Collective on the communicator of
  /// the levels.
  Cycle(std::span<GridLevel> levels, const BoxmgOptions& options, bool regional = false,
        const CycleWeights& weights = {});

  /// New values: @p finest times @p factor, on the cut of arrival of the finest level; ghosts are
  /// not needed. From: double or T. Collective.
  template <class From>
  void update(const kernels::StencilOperator<From>& finest, From factor = From(1));
  /// The same in two steps: an operator of zeros on the cut of arrival of the finest level, and the
  /// set-up when its owned points have been given their values. Collective.
  [[nodiscard]] kernels::StencilOperator<T> arrival();
  void set_up(kernels::StencilOperator<T> arrived);
  /// input() is the right-hand side; afterwards output() holds B times it, and input() may have
  /// changed. Collective.
  void apply();

  /// Right-hand side and result on the cut of arrival of the finest level.
  [[nodiscard]] kernels::Field<T>& input() { return arrival_f(0); }
  [[nodiscard]] kernels::Field<T>& output() { return arrival_u(0); }
  /// Those of the finest operator on the box of input(), if they are kept there; else none.
  [[nodiscard]] std::vector<kernels::Field<T>> couplings() const {
    const bool kept = !grid_[0].gather && !grid_[0].is_direct();
    return kept ? values_[0].a.couplings : std::vector<kernels::Field<T>>();
  }
  /// True if apply() leaves input() as it is.
  [[nodiscard]] bool keeps_input() const { return grid_[0].gather || values_[0].marched; }
  [[nodiscard]] const std::vector<CycleLevel<T>>& levels() const { return values_; }
  [[nodiscard]] const DirectSolver& direct_solver() const { return direct_; }
  /// Bytes held on this rank.
  [[nodiscard]] double memory() const;
  /// Levels with an adapted smoother, of this cycle alone; as levels().
  [[nodiscard]] std::vector<std::vector<bool>> adapted_levels() const;

private:
  kernels::Field<T>& arrival_f(std::size_t l);
  kernels::Field<T>& arrival_u(std::size_t l);
  void allocate(std::size_t l);
  void allocate_smoother(std::size_t l);
  void solve_level(std::size_t l);
  void smooth_and_correct(std::size_t l);
  void smooth_from_zero(std::size_t l);
  void smooth(std::size_t l, kernels::Field<T>& r);
  void take_adapted_steps(std::size_t l, int first);
  void compute_residual(std::size_t l, kernels::Field<T>& r);
  void correct_from_coarser(std::size_t l);
  kernels::StencilOperator<T> arrival_operator(std::size_t l);
  void bring_to_level(std::size_t l, const kernels::StencilOperator<T>& arrived);
  void split_seams(std::size_t l);
  void set_up_smoother(std::size_t l);
  void set_up_march(std::size_t l);
  kernels::Field<double> diagonal_for_lone_points(std::size_t l);
  kernels::Field<T> interpolation_odds(std::size_t l);
  void coarsen(std::size_t l, kernels::StencilOperator<T>& coarse);
  void sum_coarse_rows(std::size_t l, kernels::Field<T>& coarse_row_sum);

  std::span<GridLevel> grid_;
  BoxmgOptions options_;
  bool regional_;
  CycleWeights weights_;
  kernels::Array<T> network_;
  std::vector<CycleLevel<T>> values_;
  DirectSolver direct_;
};

} // namespace linnet::multigrid
