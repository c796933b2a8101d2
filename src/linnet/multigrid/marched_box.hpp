// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The points of one rank that a march through the planes (kernels/stencil/planes.hpp) computes:
/// its own and layers that neighbours own, so that one exchange feeds several passes.
#pragma once

#include <linnet/grid/halo.hpp>
#include <linnet/kernels/stencil/planes.hpp>

namespace linnet::multigrid {

/// All by marched directions.
struct MarchedBox {
  int n[3] = {0, 0, 0};
  bool behind[3] = {}, front[3] = {}; ///< there are neighbours

  MarchedBox() = default;
  /// @p halo fills the ghosts of fields with the layout @p l, not marched.
  MarchedBox(const kernels::Layout& l, const grid::Halo& halo, int dimension) {
    const kernels::Layout m = kernels::marched(l, dimension);
    for (int d = 0; d < 3; ++d) {
      n[d] = m.n[d];
      if (dimension == 2 && d == 1) continue;
      core::Index3 step{0, 0, 0};
      step[static_cast<std::size_t>(d == 2 ? dimension - 1 : d)] = 1;
      front[d] = halo.has_neighbour(step);
      for (int& s : step) s = -s;
      behind[d] = halo.has_neighbour(step);
    }
  }

  /// The owned points and so many layers of neighbours behind and in front of them.
  [[nodiscard]] kernels::Range extended(int layers_behind, int layers_front) const {
    kernels::Range range = kernels::Range::box(n);
    for (int d = 0; d < 3; ++d) {
      if (behind[d]) range.lo[d] -= layers_behind;
      if (front[d]) range.hi[d] += layers_front;
    }
    return range;
  }
  [[nodiscard]] kernels::Range extended(int layers) const { return extended(layers, layers); }
};

} // namespace linnet::multigrid
