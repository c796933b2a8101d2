// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Random test vectors that do not depend on the number of ranks.
#pragma once

#include <linnet/grid/index_box.hpp>
#include <linnet/kernels/field.hpp>

namespace linnet::multigrid {

/// Uniform values in (-1,1) on the owned points of @p y, which lie in @p box of a grid of @p
/// points; a value depends on @p stream and the grid point alone.
void fill_with_noise(const grid::IndexBox& box, const core::Index3& points, std::uint64_t stream,
                     const kernels::Field<float>& y);

} // namespace linnet::multigrid
