// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A level of black-box multigrid whose operator is a star, in two marches through its planes: down
/// u = S f and the restricted residual, up the interpolated correction and u += S (f - A u).
///
/// Each march is fed by one exchange: of three layers of f on the way down, of two layers of the
/// coarse correction on the way up. Points near the cut are computed on both sides, with the same
/// result.
#pragma once

#include <linnet/kernels/star/factored_star.hpp>
#include <linnet/kernels/stencil/transfer.hpp>
#include <linnet/multigrid/grid_level.hpp>
#include <linnet/multigrid/marched_box.hpp>

namespace linnet::multigrid {

/// For levels with LevelPlan::marches. Fields of a level have its layout and are not marched.
template <class T>
class MarchedLevel {
public:
  /// Shares the values of @p a, of a symmetric M-matrix. Not collective.
  MarchedLevel(const GridLevel& level, const kernels::StencilOperator<T>& a);

  /// Takes over new values of the operator, with valid ghosts. Rows with couplings are weighted by
  /// @p row_weight. Collective.
  void update(T row_weight);

  /// u = S f, coarse = P^T (f - A u); changes ghosts. Collective, as interpolate_and_smooth() is.
  void smooth_and_restrict(const kernels::Interpolation<T>& p, const kernels::Field<T>& f,
                           const kernels::Field<T>& u, const kernels::Field<T>& coarse);
  /// u += P e, u += S (f - A u) with f and u as smooth_and_restrict() left them.
  void interpolate_and_smooth(const kernels::Interpolation<T>& p, const kernels::Field<T>& e,
                              const kernels::Field<T>& f, const kernels::Field<T>& u);

  /// Bytes held on this rank, without the operator.
  [[nodiscard]] double memory() const;

private:
  const GridLevel& level_;
  int dimension_;
  MarchedBox box_;
  kernels::FactoredStar<T> star_;
  kernels::RollingPlanes<T> v_, r_;
};

} // namespace linnet::multigrid
