// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The V-cycle for star operators whose coefficients vary mildly from point to point.
///
/// There black-box multigrid pays for robustness that nobody needs. Here coarse operators are stars
/// too (kernels/star_coarsening.hpp), the interpolation is linear, with weights that depend on the
/// position along a direction only, and the smoother is a polynomial in the matrix
/// (kernels/star_smoother.hpp): 16 bytes of coefficients per point in fp32, 4 passes over them in
/// the set-up and 2 in a cycle. The cycle is symmetric positive definite as B = 2 S - S A S + X B_c
/// X^T is, with X = (I - S A) P.
///
/// On the way down one march through the planes smooths from zero, forms the residual and restricts
/// it; one on the way up interpolates and smooths. Ghost layers are three wide, so that one
/// exchange feeds a whole march: points near the cut are computed on both sides, with the same
/// result.
#pragma once

#include <linnet/kernels/star_inspection.hpp>
#include <linnet/multigrid/direct_solver.hpp>
#include <linnet/multigrid/grid_level.hpp>

#include <array>
#include <vector>

namespace linnet::multigrid {

/// Values of one level in the precision T of the cycle. Fields of the operator are marched
/// (kernels/planes.hpp), right-hand side and solution are not.
template <class T>
struct StarLevel {
  kernels::Layout layout;             ///< three ghost layers
  bool behind[3] = {}, front[3] = {}; ///< there are neighbours, by marched direction
  kernels::MarchedStar<T> a;
  kernels::Field<T> f, u;
  kernels::Field<T> source_f, source_u; ///< on the cut of arrival, if it differs from the level's
  kernels::RollingPlanes<T> w, r;
  kernels::LinearTransfer<T> p;
  std::unique_ptr<grid::Halo> halo;        ///< three layers
  std::unique_ptr<grid::Halo> coarse_halo; ///< two layers of the coarse points of this rank
};

template <class T>
class StarCycle {
public:
  /// True if the grids and options suit the cycle, whatever the coefficients.
  static bool suits(const std::vector<LevelPlan>& plans, const BoxmgOptions& options);

  /// False if coefficients vary too much within the box of this rank. update() looks at all of
  /// them, this at enough to save its work where the coefficients jump. Ghosts are not needed.
  static bool suits(const kernels::StencilOperator<double>& finest);

  /// @p levels must outlive the cycle. Collective on the communicator of the levels.
  explicit StarCycle(std::vector<GridLevel>& levels);

  /// Takes over the values of @p finest times @p factor, on the cut of arrival of the finest level;
  /// ghosts are not needed. False on a rank that has seen them vary too much: then the cycle is of
  /// no use on any. Collective.
  bool update(const kernels::StencilOperator<double>& finest, double factor);
  /// input() is the right-hand side; afterwards output() holds B times it. Collective.
  void apply() { solve_level(0); }

  [[nodiscard]] kernels::Field<T>& input() { return arrival_f(0); }
  [[nodiscard]] kernels::Field<T>& output() { return arrival_u(0); }
  [[nodiscard]] const DirectSolver& direct_solver() const { return direct_; }
  /// Bytes held on this rank.
  [[nodiscard]] double memory() const;

private:
  kernels::Field<T>& arrival_f(std::size_t l);
  kernels::Field<T>& arrival_u(std::size_t l);
  void allocate(std::size_t l);
  void solve_level(std::size_t l);
  void smooth_and_restrict(std::size_t l);
  void interpolate_and_smooth(std::size_t l);
  kernels::Range extended(std::size_t l, int layers) const;

  kernels::StarSums<T> arrival_sums(std::size_t l);
  kernels::StarSums<T> level_sums(std::size_t l);
  kernels::StarSums<T> bring_to_level(std::size_t l, const kernels::StarSums<T>& arrived);
  void set_up_level(std::size_t l, const kernels::StarSums<T>& sums);
  bool varies_mildly(std::size_t l, const kernels::StarSums<T>& sums) const;
  void coarsen(std::size_t l, const kernels::StarSums<T>& sums, const kernels::StarSums<T>& coarse);
  [[nodiscard]] std::array<std::array<double, 2>, 3>
  wall_leaks(std::size_t l, const kernels::StarSums<T>& sums) const;
  void set_weights(std::size_t l, const kernels::StarSums<T>& sums, const kernels::Layout& target);
  void factor_level(std::size_t l, const kernels::StarSums<T>& sums);

  std::vector<GridLevel>& grid_;
  int dimension_;
  std::vector<StarLevel<T>> values_;
  DirectSolver direct_;
};

} // namespace linnet::multigrid
