// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/random/kernel_factor.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

std::vector<double> kernel_factor(int n, const std::function<double(int, int)>& covariance,
                                  double tolerance) {
  const auto size = static_cast<std::size_t>(n);
  std::vector<double> factor, rest(size), column(size);
  for (int i = 0; i < n; ++i) rest[static_cast<std::size_t>(i)] = covariance(i, i);
  for (std::size_t rank = 0; rank < size; ++rank) {
    const auto largest = std::max_element(rest.begin(), rest.end());
    if (!(*largest > tolerance)) break;
    const auto pivot = static_cast<std::size_t>(largest - rest.begin());
    for (std::size_t i = 0; i < size; ++i)
      column[i] = covariance(static_cast<int>(i), static_cast<int>(pivot));
    for (std::size_t r = 0; r < rank; ++r) {
      const double* l = factor.data() + r * size;
      const double weight = l[pivot];
      for (std::size_t i = 0; i < size; ++i) column[i] -= weight * l[i];
    }
    const double scale = 1.0 / std::sqrt(*largest);
    for (std::size_t i = 0; i < size; ++i) {
      column[i] *= scale;
      rest[i] -= column[i] * column[i];
    }
    rest[pivot] = 0.0; // but for rounding
    factor.insert(factor.end(), column.begin(), column.end());
  }
  return factor;
}

} // namespace linnet::problems
