// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The multigrid neural operator as a network of search directions.
#pragma once

#include <linnet/nn/fields/mgno_graph.hpp>

namespace linnet::nn {

/// The operator from the residual and the features of the rows (MatrixView::rows) to a direction:
/// linear in neither, so for flexible methods alone. The channels in and out of @p options are not
/// read. @throws core::Error (usage) naming the option.
Graph mgno_direction_graph(MgnoOptions options);

} // namespace linnet::nn
