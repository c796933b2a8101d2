// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The smoother for anisotropy that is not aligned with the grid: a factored approximate inverse
/// S = G^T G whose pattern follows the strong couplings, in a polynomial of degree two in S A.
///
/// The rows of G are weighted such that lambda_max(S A) <= 1.8 by Gershgorin, whatever the
/// coefficients; on (0, 1.8] the polynomial stays between -1 and 1, so that the cycle around it is
/// symmetric positive definite.
#pragma once

#include <linnet/kernels/stencil/adapted_inverse.hpp>
#include <linnet/multigrid/grid_level.hpp>

#include <array>
#include <memory>

namespace linnet::multigrid {

template <class T>
class AdaptedSmoother {
public:
  /// A smoother for @p a, the operator of @p level; none where the pattern of the stencil does as
  /// well. Ghosts of @p a are not needed. Collective on the communicator of the level.
  static std::unique_ptr<AdaptedSmoother> create(const GridLevel& level,
                                                 const kernels::StencilOperator<T>& a);

  /// Steps of the polynomial: u += step_weight(s) S (f - A u), s = 0 .. steps-1.
  static constexpr int steps = 2;

  /// u = step_weight(0) S f. @p f, @p t (scratch) and @p u lie on the layout of the level.
  /// Collective, like step().
  void first_step(const kernels::Field<T>& f, kernels::Field<T>& t, kernels::Field<T>& u);
  /// u += step_weight(@p s) S r.
  void step(int s, const kernels::Field<T>& r, kernels::Field<T>& t, kernels::Field<T>& u);

  [[nodiscard]] const kernels::AdaptedPattern& pattern() const { return g_.offsets; }
  /// Bytes held on this rank.
  [[nodiscard]] double memory() const;

private:
  AdaptedSmoother() = default;
  void set_up(const kernels::StencilOperator<T>& a, const kernels::Field<double>& diagonal,
              const GridLevel& level);

  kernels::AdaptedInverse<T> g_;
  std::unique_ptr<grid::Halo> halo_; ///< as many layers as the pattern reaches
};

} // namespace linnet::multigrid
