// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Couplings of ordinary rows to rows with a diagonal entry only, whose columns were not eliminated
/// (Dirichlet rows set by MatZeroRows and the like).
///
/// They make the matrix block triangular. The cycle works without them; before it, the right-hand
/// side takes them into account by one exact step of block elimination, f(i) -= a(i,j) f(j) /
/// a(j,j).
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/grid_map.hpp>
#include <linnet/grid/halo.hpp>
#include <linnet/kernels/stencil/sparse_rows.hpp>

#include <memory>
#include <vector>

namespace linnet::multigrid {

/// One such coupling: local points of the row and of the decoupled neighbour (ghosts allowed).
struct OneWayCoupling {
  core::Index3 row;
  core::Index3 from;
  double ratio; ///< a(i,j) / a(j,j)
};

class OneWayCouplings {
public:
  OneWayCouplings() = default;
  /// Collective on @p comm. @p layout is that of the fields
  /// to come.
  OneWayCouplings(MPI_Comm comm, const grid::GridMap& map, const kernels::Layout& layout,
                  const std::vector<OneWayCoupling>& couplings);

  /// True on all ranks if no rank has any.
  [[nodiscard]] bool empty() const { return !halo_; }
  /// Changes the right-hand side @p f, on the layout given at construction. Collective.
  template <class T>
  void eliminate(const kernels::Field<T>& f) const;

private:
  std::unique_ptr<grid::Halo> halo_;
  kernels::SparseRows ratios_;
};

} // namespace linnet::multigrid
