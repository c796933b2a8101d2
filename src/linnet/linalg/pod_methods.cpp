// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/pod_methods.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/small_dense.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>
#include <linnet/linalg/tall_skinny_qr.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace linnet::linalg {

namespace {

using core::Owned;

/// Eigenvalues of a Gram matrix are known to rounding of the largest, and so are singular values.
constexpr double gram_rounding = 1e-14, singular_rounding = 1e-14;

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

std::vector<double> gram(Mat x, const PodOptions& options) {
  return options.tile > 0 ? reproducible_gram(x, options.tile)
                          : inner_products(options.inner_product, x, x);
}

/// Modes by eigenvectors of the Gram matrix are orthonormal to the rounding of the largest
/// eigenvalue over their own; a Cholesky factor of their products makes them so to rounding.
Owned<Mat> made_orthonormal(Mat modes, const PodOptions& options) {
  std::vector<double> products = gram(modes, options);
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(modes, nullptr, &columns));
  const auto n = static_cast<std::size_t>(columns);
  std::uint64_t kept = 0;
  std::vector<double> inverse(n * n, 0.0);
  core::on_first_rank(comm_of(modes), [&] {
    kept = cholesky(n, products);
    std::vector<double> small = identity(kept);
    solve_upper(kept, products, n, false, kept, small);
    for (std::size_t j = 0; j < kept; ++j)
      for (std::size_t i = 0; i < kept; ++i) inverse[i + n * j] = small[i + kept * j];
  });
  MPI_Bcast(&kept, 1, MPI_UINT64_T, 0, comm_of(modes));
  MPI_Bcast(inverse.data(), static_cast<int>(inverse.size()), MPI_DOUBLE, 0, comm_of(modes));
  return times(modes, static_cast<PetscInt>(kept), inverse.data(), options.tile);
}

/// The small problem of tsqr, on rank 0.
struct SmallFactors {
  std::vector<double> eigenvalues, combination; ///< modes = Q combination
  std::uint64_t found = 0, kept = 0;
};

/// @p factor: C of Q^T M Q = C^T C, or empty for orthonormal Q.
SmallFactors decompose(const TallSkinnyQr& qr, std::size_t columns,
                       const std::vector<double>& factor, const PodOptions& options) {
  const std::size_t rank = qr.rank();
  std::vector<double> a = qr.r();
  if (!factor.empty()) {
    std::vector<double> product(a.size(), 0.0);
    for (std::size_t j = 0; j < columns; ++j)
      for (std::size_t k = 0; k < rank; ++k)
        for (std::size_t i = 0; i <= k; ++i)
          product[i + rank * j] += factor[i + rank * k] * a[k + rank * j];
    a = std::move(product);
  }
  Svd svd = singular_values(rank, columns, std::move(a));
  SmallFactors small;
  double energy = 0.0;
  for (const double value : svd.values) small.eigenvalues.push_back(value * value);
  for (const double value : small.eigenvalues) energy += value;
  small.found = svd.values.size();
  small.kept = static_cast<std::uint64_t>(
      std::min(options.most, modes_kept(small.eigenvalues, energy, options.tolerance,
                                        singular_rounding * singular_rounding)));
  svd.left.resize(rank * small.kept);
  if (!factor.empty()) solve_upper(rank, factor, rank, false, small.kept, svd.left);
  small.combination = std::move(svd.left);
  return small;
}

void broadcast(MPI_Comm comm, SmallFactors& small) {
  MPI_Bcast(&small.found, 1, MPI_UINT64_T, 0, comm);
  MPI_Bcast(&small.kept, 1, MPI_UINT64_T, 0, comm);
  small.eigenvalues.resize(small.found);
  MPI_Bcast(small.eigenvalues.data(), static_cast<int>(small.found), MPI_DOUBLE, 0, comm);
}

void divide_rows(Mat modes, std::span<const double> scale) {
  const LocalColumns to(modes, LocalColumns::Access::write);
  for (PetscInt j = 0; j < to.columns(); ++j)
    for (PetscInt i = 0; i < to.rows(); ++i) to.column(j)[i] /= scale[static_cast<std::size_t>(i)];
}

Pod with_matrix(const TallSkinnyQr& qr, std::size_t columns, MPI_Comm comm,
                const PodOptions& options) {
  const std::size_t rank = qr.rank();
  const Owned<Mat> q = qr.times(rank, identity(rank));
  std::vector<double> factor = inner_products(options.inner_product, q.get(), q.get());
  SmallFactors small;
  core::on_first_rank(comm, [&] {
    if (cholesky(rank, factor) < rank)
      core::throw_usage("POD: the matrix of the inner product is not positive definite");
    small = decompose(qr, columns, factor, options);
  });
  broadcast(comm, small);
  small.combination.resize(rank * small.kept);
  MPI_Bcast(small.combination.data(), static_cast<int>(small.combination.size()), MPI_DOUBLE, 0,
            comm);
  return {times(q.get(), static_cast<PetscInt>(small.kept), small.combination.data()),
          std::move(small.eigenvalues)};
}

} // namespace

Pod pod_gram(Mat snapshots, const PodOptions& options) {
  PetscInt count = 0;
  LINNET_CHECK(MatGetSize(snapshots, nullptr, &count));
  const auto m = static_cast<std::size_t>(count);
  SymmetricEigen e = symmetric_eigen(comm_of(snapshots), count, gram(snapshots, options));
  for (double& value : e.values) value = std::max(value, 0.0);
  double energy = 0.0;
  for (const double value : e.values) energy += value;
  const PetscInt kept =
      std::min(options.most, modes_kept(e.values, energy, options.tolerance, gram_rounding));
  for (PetscInt k = 0; k < kept; ++k) {
    const auto j = static_cast<std::size_t>(k);
    for (std::size_t i = 0; i < m; ++i) e.vectors[i + m * j] /= std::sqrt(e.values[j]);
  }
  const Owned<Mat> modes = times(snapshots, kept, e.vectors.data(), options.tile);
  return {made_orthonormal(modes.get(), options), std::move(e.values)};
}

Pod pod_tsqr(Mat snapshots, const PodOptions& options) {
  PetscInt count = 0;
  LINNET_CHECK(MatGetSize(snapshots, nullptr, &count));
  const auto columns = static_cast<std::size_t>(count);
  std::vector<double> roots;
  if (options.inner_product.weights) roots = roots_of_weights(options.inner_product.weights);
  const TallSkinnyQr qr(snapshots, roots);
  if (options.inner_product.matrix) return with_matrix(qr, columns, comm_of(snapshots), options);
  SmallFactors small;
  core::on_first_rank(comm_of(snapshots), [&] { small = decompose(qr, columns, {}, options); });
  broadcast(comm_of(snapshots), small);
  Pod found{qr.times(small.kept, small.combination), std::move(small.eigenvalues)};
  if (!roots.empty()) divide_rows(found.modes.get(), roots);
  return found;
}

} // namespace linnet::linalg
