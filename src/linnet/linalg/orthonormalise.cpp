// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/orthonormalise.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>

#include <petscblaslapack.h>

#include <cmath>
#include <string>
#include <vector>

// PETSc declares dgeqrf_ and dorgqr_ by names that hang on how it was configured.
extern "C" {
void dgeqrf_(const PetscBLASInt*, const PetscBLASInt*, double*, const PetscBLASInt*, double*,
             double*, const PetscBLASInt*, PetscBLASInt*);
void dorgqr_(const PetscBLASInt*, const PetscBLASInt*, const PetscBLASInt*, double*,
             const PetscBLASInt*, const double*, double*, const PetscBLASInt*, PetscBLASInt*);
}

namespace linnet::linalg {

namespace {

using core::Owned;

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

/// D G D with a unit diagonal; @p scale gets D, 0 for columns of zeros.
std::vector<double> scaled(std::vector<double> gram, std::size_t n, std::vector<double>& scale) {
  scale.assign(n, 0.0);
  for (std::size_t j = 0; j < n; ++j)
    if (gram[j + n * j] > 0.0) scale[j] = 1.0 / std::sqrt(gram[j + n * j]);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i) gram[i + n * j] *= scale[i] * scale[j];
  return gram;
}

/// One pass.
Owned<Mat> reduce(Mat x, double drop) {
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(x, nullptr, &columns));
  const auto n = static_cast<std::size_t>(columns);
  std::vector<double> scale;
  std::vector<double> gram = inner_products(x, x);
  for (const double value : gram)
    if (!std::isfinite(value))
      core::throw_data("orthonormal basis: a vector has values that are not finite");
  const SymmetricEigen e = symmetric_eigen(comm_of(x), columns, scaled(std::move(gram), n, scale));
  PetscInt rank = 0;
  std::vector<double> t;
  for (std::size_t j = 0; j < n && e.values[j] > 0.0 && e.values[j] >= drop * e.values[0];
       ++j, ++rank)
    for (std::size_t i = 0; i < n; ++i)
      t.push_back(scale[i] * e.vectors[i + n * j] / std::sqrt(e.values[j]));
  return times(x, rank, t.data());
}

/// The square orthogonal factor of the @p rows x @p columns matrix @p a.
std::vector<double> householder_factor(PetscInt rows, PetscInt columns, std::vector<double> a) {
  const auto m = static_cast<PetscBLASInt>(rows), n = static_cast<PetscBLASInt>(columns);
  const PetscBLASInt reflectors = std::min(m, n);
  const auto room = static_cast<PetscBLASInt>(64 * std::max(m, n));
  std::vector<double> tau(static_cast<std::size_t>(reflectors)),
      work(static_cast<std::size_t>(room));
  PetscBLASInt info = 0, second = 0;
  dgeqrf_(&m, &n, a.data(), &m, tau.data(), work.data(), &room, &info);
  a.resize(static_cast<std::size_t>(m) * static_cast<std::size_t>(m));
  dorgqr_(&m, &m, &reflectors, a.data(), &m, tau.data(), work.data(), &room, &second);
  if (info != 0 || second != 0)
    throw core::Error(core::ExitCode::internal, "orthonormal basis: dgeqrf or dorgqr failed");
  return a;
}

/// Q rotated so that its columns go with those of @p x, from the first on.
Owned<Mat> in_order(Mat q, Mat x) {
  PetscInt rank = 0, columns = 0;
  LINNET_CHECK(MatGetSize(q, nullptr, &rank));
  LINNET_CHECK(MatGetSize(x, nullptr, &columns));
  std::vector<double> rotation(static_cast<std::size_t>(rank) * static_cast<std::size_t>(rank));
  const std::vector<double> parts = inner_products(q, x);
  core::on_first_rank(comm_of(q), [&] { rotation = householder_factor(rank, columns, parts); });
  MPI_Bcast(rotation.data(), static_cast<int>(rotation.size()), MPI_DOUBLE, 0, comm_of(q));
  return times(q, rank, rotation.data());
}

} // namespace

Owned<Mat> orthonormalise(Mat x, double drop) {
  const Owned<Mat> once = reduce(x, drop);
  Owned<Mat> q = reduce(once.get(), drop);
  PetscInt rank = 0;
  LINNET_CHECK(MatGetSize(q.get(), nullptr, &rank));
  return rank == 0 ? std::move(q) : in_order(q.get(), x);
}

} // namespace linnet::linalg
