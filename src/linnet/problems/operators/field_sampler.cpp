// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/field_sampler.hpp>

#include <linnet/core/error.hpp>

namespace linnet::problems {

std::vector<double> keep_every(const std::vector<double>& values, int n, int stride) {
  const int kept = kept_points(n, stride);
  std::vector<double> part;
  part.reserve(static_cast<std::size_t>(kept) * static_cast<std::size_t>(kept));
  for (int j = 0; j < n; j += stride)
    for (int i = 0; i < n; i += stride)
      part.push_back(values[static_cast<std::size_t>(i) +
                            static_cast<std::size_t>(n) * static_cast<std::size_t>(j)]);
  return part;
}

void require_sampling(const std::string& what, int n, int least, int stride) {
  if (n < least)
    core::throw_usage(what + ": a grid of " + std::to_string(n) + " points; at least " +
                      std::to_string(least) + " are needed");
  if (stride < 1 || stride >= n)
    core::throw_usage(what + ": every " + std::to_string(stride) + "-th of " + std::to_string(n) +
                      " points; from 1 to " + std::to_string(n - 1) + " is possible");
}

} // namespace linnet::problems
