// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Transforms along whole grid lines of a distributed field: cuts of the grid that keep the lines
/// of one direction on one rank, and the exchange between such cuts.
#pragma once

#include <linnet/grid/index_box.hpp>

#include <vector>

namespace linnet::problems {

/// One box per rank of a cut that leaves lines along @p direction whole; boxes may be empty.
std::vector<grid::IndexBox> pencil_cut(const core::Index3& points, int direction, int ranks);

} // namespace linnet::problems
