// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the choice of the coarsened directions needs to know of an operator.
#pragma once

#include <linnet/grid/partition.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace linnet::multigrid {

struct Anisotropy {
  /// Couplings along x, y and z as powers of two, relative to the strongest direction: at half of
  /// the points they are weaker. 0 for directions of one point.
  std::array<int, 3> strength{};

  /// Couplings of the strongest direction over those of the weakest, as far as they are known.
  [[nodiscard]] double ratio() const {
    return std::ldexp(1.0, -std::min({strength[0], strength[1], strength[2]}));
  }
  /// What is coupled strongly are lines or planes, and nothing that a medium has drawn.
  [[nodiscard]] bool is_strong() const { return ratio() > 50.0; }
};

/// Samples @p a, which is cut like @p cut, on every third point of each direction: the same on any
/// number of ranks. Collective on @p comm, whose rank r owns box r.
Anisotropy measure_anisotropy(MPI_Comm comm, const grid::Partition& cut,
                              const kernels::StencilOperator<double>& a);

} // namespace linnet::multigrid
