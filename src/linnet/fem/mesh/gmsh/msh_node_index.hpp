// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where a node of a gmsh file stands in it.
#pragma once

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace linnet::fem {

/// From the numbers of nodes, which may have gaps and any order, to their places.
class MshNodeIndex {
public:
  /// @throws core::Error when a number stands twice; @p name is the file's.
  MshNodeIndex(const std::vector<std::int64_t>& tags, const std::string& name) : name_(name) {
    places_.reserve(tags.size());
    for (std::size_t n = 0; n < tags.size(); ++n) places_.emplace_back(tags[n], n);
    std::ranges::sort(places_);
    const auto twice = std::ranges::adjacent_find(places_, {}, &Place::first);
    if (twice != places_.end())
      core::throw_data("mesh " + name_ + ": node " + std::to_string(twice->first) +
                       " stands twice");
  }

  /// @throws core::Error when there is no such node.
  [[nodiscard]] std::size_t at(std::int64_t tag) const {
    const auto found = std::ranges::lower_bound(places_, tag, {}, &Place::first);
    if (found == places_.end() || found->first != tag)
      core::throw_data("mesh " + name_ + ": an element names node " + std::to_string(tag) +
                       ", which is not in $Nodes");
    return found->second;
  }

private:
  using Place = std::pair<std::int64_t, std::size_t>;
  std::string name_;
  std::vector<Place> places_;
};

} // namespace linnet::fem
