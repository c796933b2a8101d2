// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/pod_basis.hpp>

#include <linnet/core/error.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>

#include <petscsys.h>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

namespace {

using linalg::gemm;

/// Y - mean, row-major (samples, points), and the mean.
std::pair<std::vector<double>, std::vector<double>>
centred_outputs(const OperatorData& data, std::int64_t samples, std::int64_t points) {
  std::vector<double> y(data.values.begin(),
                        data.values.begin() + static_cast<std::ptrdiff_t>(samples * points));
  std::vector<double> mean(static_cast<std::size_t>(points), 0.0);
  for (std::size_t i = 0; i < y.size(); ++i) mean[i % mean.size()] += y[i];
  for (double& m : mean) m /= static_cast<double>(samples);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] -= mean[i % mean.size()];
  return {std::move(y), std::move(mean)};
}

/// Adds means and changes nothing else.
Normaliser shift_by(std::vector<double> mean) {
  Normaliser one(NormaliserKind::channel, 1, {1, 1, 1}, {0.0}, {0.0});
  std::vector<double> least{1.0}; // what a normaliser adds to deviations
  one.decode_adjoint(least, {{0, 0, 0}, {1, 1, 1}});
  const int points = static_cast<int>(mean.size());
  std::vector<double> deviations(mean.size(), 1.0 - least[0]);
  return {NormaliserKind::point, 1, {points, 1, 1}, std::move(mean), std::move(deviations)};
}

} // namespace

PodBasis pod_basis(const OperatorData& data, std::int64_t samples, int modes, bool scaled) {
  const std::int64_t points = data.shape.points;
  if (!data.shape.shares_points || data.shape.outputs != 1)
    core::throw_usage("POD needs one output at points that all samples share");
  if (modes > std::min(samples - 1, points))
    core::throw_usage(std::to_string(modes) + " modes cannot be made of " +
                      std::to_string(samples) + " samples at " + std::to_string(points) +
                      " points");
  auto [y, mean] = centred_outputs(data, samples, points);
  // The smaller one of Y^T Y and Y Y^T; Y row-major is Y^T by columns.
  const bool by_point = points <= samples;
  const std::int64_t n = by_point ? points : samples;
  std::vector<double> gram(static_cast<std::size_t>(n * n));
  if (by_point)
    gemm('N', 'T', n, n, samples, 1.0, y.data(), points, y.data(), points, 0.0, gram.data(), n);
  else
    gemm('T', 'N', n, n, points, 1.0, y.data(), points, y.data(), points, 0.0, gram.data(), n);
  const linalg::SymmetricEigen eigen =
      linalg::symmetric_eigen(PETSC_COMM_SELF, static_cast<PetscInt>(n), gram);
  std::vector<double> vectors(eigen.vectors.begin(),
                              eigen.vectors.begin() + static_cast<std::ptrdiff_t>(n * modes));
  if (!by_point) { // Phi = Y^T V, normalised below
    std::vector<double> phi(static_cast<std::size_t>(points * modes));
    gemm('N', 'N', points, modes, samples, 1.0, y.data(), points, vectors.data(), n, 0.0,
         phi.data(), points);
    vectors = std::move(phi);
  }
  PodBasis basis;
  basis.mean = shift_by(std::move(mean));
  basis.values.resize(static_cast<std::size_t>(points * modes));
  double all = 0.0, captured = 0.0;
  for (const double value : eigen.values) all += std::max(0.0, value);
  // The sum of the eigenvalues is that of all squares.
  const double size = scaled ? std::sqrt(all / static_cast<double>(samples * points)) : 1.0;
  for (int k = 0; k < modes; ++k) {
    captured += std::max(0.0, eigen.values[static_cast<std::size_t>(k)]);
    const double* const v = vectors.data() + static_cast<std::int64_t>(k) * points;
    double square = 0.0;
    for (std::int64_t q = 0; q < points; ++q) square += v[q] * v[q];
    const double factor =
        square > 0.0 ? size * std::sqrt(static_cast<double>(points) / square) / modes : 0.0;
    for (std::int64_t q = 0; q < points; ++q)
      basis.values[static_cast<std::size_t>(q * modes + k)] = static_cast<float>(factor * v[q]);
  }
  basis.captured = all > 0.0 ? captured / all : 1.0;
  return basis;
}

} // namespace linnet::nn
