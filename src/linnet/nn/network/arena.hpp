// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the tensors of a network lie in one piece of memory, planned once from the times between
/// which each is needed.
#pragma once

#include <cstddef>
#include <vector>

namespace linnet::nn {

/// A tensor of @p size values that is needed from the step @p birth to the step @p death, both
/// included.
struct Lifetime {
  std::size_t size = 0;
  int birth = 0, death = 0;
};

struct ArenaPlan {
  std::vector<std::size_t> offsets; ///< of each tensor, a multiple of 64 bytes of floats
  std::size_t size = 0;             ///< values in all
  std::size_t least = 0;            ///< most values needed at one time: no plan can have fewer
};

/// Tensors that are needed at one time never overlap. The largest are placed first, each as low as
/// it fits.
ArenaPlan plan_arena(const std::vector<Lifetime>& tensors);

} // namespace linnet::nn
