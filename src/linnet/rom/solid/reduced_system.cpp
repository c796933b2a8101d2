// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_system.hpp>

#include <linnet/linalg/gemm.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::rom {

namespace {

/// Of tensor components in a product of two tensors, and between engineering and tensor strains.
constexpr double multiplicity[6] = {1.0, 1.0, 1.0, 2.0, 2.0, 2.0};

/// Points whose products D E are made before they are summed: few enough for the cache.
constexpr std::size_t block = 64;

std::int64_t signed_size(std::size_t n) { return static_cast<std::int64_t>(n); }

void sum_over(MPI_Comm comm, std::vector<double>& values) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  if (ranks > 1)
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM,
                  comm);
}

} // namespace

ReducedForce integrate_force(const ReducedQuadrature& quadrature, const double* stress,
                             const double* thermal) {
  const std::size_t m = quadrature.points(), n = quadrature.modes;
  std::vector<double> weighted(6 * m), magnitude(6 * m);
  for (std::size_t z = 0; z < m; ++z)
    for (std::size_t i = 0; i < 6; ++i) {
      const double w = quadrature.weights[z] * multiplicity[i], s = stress[6 * z + i];
      weighted[6 * z + i] = w * s;
      magnitude[6 * z + i] = w * (std::abs(s) + (i < 3 ? std::abs(thermal[z]) : 0.0));
    }
  std::vector<double> sums(2 * n, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    const double* e = quadrature.strains.data() + 6 * m * k;
    double force = 0.0, scale = 0.0;
    for (std::size_t i = 0; i < 6 * m; ++i) {
      force += e[i] * weighted[i];
      scale += std::abs(e[i]) * magnitude[i];
    }
    sums[k] = force;
    sums[n + k] = scale;
  }
  sum_over(quadrature.comm, sums);
  ReducedForce result;
  result.force.assign(sums.begin(), sums.begin() + signed_size(n));
  for (std::size_t k = n; k < 2 * n; ++k) result.scale += sums[k] * sums[k];
  result.scale = std::sqrt(result.scale);
  return result;
}

std::vector<double> integrate_tangent(const ReducedQuadrature& quadrature, const double* tangent) {
  const std::size_t m = quadrature.points(), n = quadrature.modes;
  std::vector<double> matrix(n * n, 0.0), products(6 * block * n);
  for (std::size_t first = 0; first < m; first += block) {
    const std::size_t count = std::min(block, m - first);
    for (std::size_t z = 0; z < count; ++z) {
      double d[36];
      const double w = quadrature.weights[first + z];
      for (std::size_t i = 0; i < 36; ++i)
        d[i] = w * multiplicity[i / 6] * tangent[36 * (first + z) + i] * multiplicity[i % 6];
      for (std::size_t k = 0; k < n; ++k) {
        const double* e = quadrature.strains.data() + 6 * m * k + 6 * (first + z);
        double* to = products.data() + 6 * count * k + 6 * z;
        for (std::size_t i = 0; i < 6; ++i) {
          to[i] = 0.0;
          for (std::size_t j = 0; j < 6; ++j) to[i] += d[6 * i + j] * e[j];
        }
      }
    }
    linalg::gemm('T', 'N', signed_size(n), signed_size(n), signed_size(6 * count), 1.0,
                 quadrature.strains.data() + 6 * first, signed_size(6 * m), products.data(),
                 signed_size(6 * count), 1.0, matrix.data(), signed_size(n));
  }
  sum_over(quadrature.comm, matrix);
  return matrix;
}

void strains_at(const ReducedQuadrature& quadrature, std::span<const double> gamma,
                std::span<const double> lift, double* strain) {
  const std::size_t rows = 6 * quadrature.points();
  if (lift.empty())
    std::fill_n(strain, rows, 0.0);
  else
    std::copy(lift.begin(), lift.end(), strain);
  if (rows > 0)
    linalg::gemm('N', 'N', signed_size(rows), 1, signed_size(gamma.size()), 1.0,
                 quadrature.strains.data(), signed_size(rows), gamma.data(),
                 signed_size(gamma.size()), 1.0, strain, signed_size(rows));
}

} // namespace linnet::rom
