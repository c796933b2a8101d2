// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// -solid_point: the history of one material point.
#pragma once

#include <linnet/core/app_runtime.hpp>

namespace app {

/// Reads the history, walks through it and writes STEM.h5, STEM.csv and the results. Every rank
/// computes the same; rank 0 writes. Collective.
void run_point(linnet::core::AppContext& context);

} // namespace app
