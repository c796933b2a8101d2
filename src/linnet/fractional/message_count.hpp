// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Counts as MPI takes them.
#pragma once

#include <linnet/core/error.hpp>

#include <climits>

namespace linnet::fractional {

/// @throws core::Error (usage) for more values than one message can have.
inline int message_count(long values) {
  if (values > INT_MAX)
    core::throw_usage("more than 2147483647 values of a Riesz matrix on one rank; use more ranks");
  return static_cast<int>(values);
}

} // namespace linnet::fractional
