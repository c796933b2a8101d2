// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/pod.hpp>

#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::linalg {

namespace {

/// Eigenvalues of a Gram matrix are known to rounding of the largest.
constexpr double rounding = 1e-14;

} // namespace

Pod pod(Mat snapshots, PetscInt modes, PetscInt tile) {
  PetscInt count = 0;
  LINNET_CHECK(MatGetSize(snapshots, nullptr, &count));
  const auto m = static_cast<std::size_t>(count);
  std::vector<double> gram =
      tile > 0 ? reproducible_gram(snapshots, tile) : inner_products(snapshots, snapshots);
  SymmetricEigen e = symmetric_eigen(PetscObjectComm(reinterpret_cast<PetscObject>(snapshots)),
                                     count, std::move(gram));
  for (double& value : e.values) value = std::max(value, 0.0);
  PetscInt kept = 0;
  for (; kept < std::min(modes, count); ++kept) {
    const auto j = static_cast<std::size_t>(kept);
    if (e.values[j] <= rounding * e.values[0]) break;
    for (std::size_t i = 0; i < m; ++i) e.vectors[i + m * j] /= std::sqrt(e.values[j]);
  }
  return {times(snapshots, kept, e.vectors.data(), tile), std::move(e.values)};
}

} // namespace linnet::linalg
