// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/arena.hpp>

#include <algorithm>
#include <numeric>

namespace linnet::nn {

namespace {

constexpr std::size_t alignment = 16; // values

bool meet(const Lifetime& a, const Lifetime& b) { return a.birth <= b.death && b.birth <= a.death; }

/// The lowest gap of @p size values between those in @p taken, sorted by their begin.
std::size_t lowest_gap(const std::vector<std::pair<std::size_t, std::size_t>>& taken,
                       std::size_t size) {
  std::size_t offset = 0;
  for (const auto& [begin, end] : taken) {
    if (begin >= offset + size) break;
    offset = std::max(offset, end);
  }
  return offset;
}

std::size_t most_at_one_time(const std::vector<Lifetime>& tensors) {
  std::size_t most = 0;
  // The sum grows at births alone.
  for (const Lifetime& moment : tensors) {
    std::size_t sum = 0;
    for (const Lifetime& t : tensors)
      if (t.birth <= moment.birth && moment.birth <= t.death) sum += t.size;
    most = std::max(most, sum);
  }
  return most;
}

} // namespace

ArenaPlan plan_arena(const std::vector<Lifetime>& tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return tensors[a].size > tensors[b].size; });
  ArenaPlan plan;
  plan.offsets.resize(tensors.size());
  std::vector<std::size_t> placed;
  for (const std::size_t t : order) {
    const std::size_t size = (tensors[t].size + alignment - 1) / alignment * alignment;
    std::vector<std::pair<std::size_t, std::size_t>> taken;
    for (const std::size_t other : placed)
      if (meet(tensors[t], tensors[other]))
        taken.emplace_back(plan.offsets[other],
                           plan.offsets[other] +
                               (tensors[other].size + alignment - 1) / alignment * alignment);
    std::sort(taken.begin(), taken.end());
    plan.offsets[t] = lowest_gap(taken, size);
    plan.size = std::max(plan.size, plan.offsets[t] + size);
    placed.push_back(t);
  }
  plan.least = most_at_one_time(tensors);
  return plan;
}

} // namespace linnet::nn
