// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/small_dense.hpp>

#include <linnet/core/petsc.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace linnet::linalg {

namespace {

PetscBLASInt blas_int(std::size_t n) {
  if (n > static_cast<std::size_t>(std::numeric_limits<PetscBLASInt>::max()))
    core::throw_usage("a dense matrix with " + std::to_string(n) +
                      " rows or columns exceeds the integers of LAPACK");
  return static_cast<PetscBLASInt>(n);
}

void require_success(PetscBLASInt info, const char* routine) {
  if (info != 0)
    throw core::Error(core::ExitCode::internal,
                      std::string(routine) + " failed with the code " + std::to_string(info));
}

} // namespace

Svd singular_values(std::size_t rows, std::size_t columns, std::vector<double> a) {
  for (const double value : a)
    if (!std::isfinite(value))
      core::throw_data("singular values: the matrix has values that are not finite");
  const std::size_t n = std::min(rows, columns);
  Svd svd{std::vector<double>(n), std::vector<double>(rows * n), std::vector<double>(n * columns)};
  if (n == 0) return svd;
  const PetscBLASInt m = blas_int(rows), k = blas_int(columns), small = blas_int(n);
  const PetscBLASInt room = 64 * std::max(m, k) + 4 * small;
  std::vector<double> work(static_cast<std::size_t>(room));
  PetscBLASInt info = 0;
  LAPACKgesvd_("S", "S", &m, &k, a.data(), &m, svd.values.data(), svd.left.data(), &m,
               svd.right_t.data(), &small, work.data(), &room, &info);
  require_success(info, "dgesvd");
  return svd;
}

std::size_t cholesky(std::size_t n, std::vector<double>& a) {
  if (n == 0) return 0;
  const PetscBLASInt size = blas_int(n);
  PetscBLASInt info = 0;
  LAPACKpotrf_("U", &size, a.data(), &size, &info);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = j + 1; i < n; ++i) a[i + n * j] = 0.0;
  return info > 0 ? static_cast<std::size_t>(info - 1) : n;
}

void solve_upper(std::size_t n, const std::vector<double>& r, std::size_t stride, bool transposed,
                 std::size_t columns, std::vector<double>& b) {
  if (n == 0 || columns == 0) return;
  const PetscBLASInt size = blas_int(n), leading = blas_int(stride), sides = blas_int(columns);
  PetscBLASInt info = 0;
  LAPACKtrtrs_("U", transposed ? "T" : "N", "N", &size, &sides, r.data(), &leading, b.data(), &size,
               &info);
  require_success(info, "dtrtrs");
}

Reflections::Reflections(std::size_t rows, std::size_t columns, std::vector<double> a)
    : rows_(rows), columns_(columns), values_(std::move(a)), tau_(std::min(rows, columns)) {
  if (tau_.empty()) return;
  const PetscBLASInt m = blas_int(rows), n = blas_int(columns), room = 64 * n;
  std::vector<double> work(static_cast<std::size_t>(room));
  PetscBLASInt info = 0;
  LAPACKgeqrf_(&m, &n, values_.data(), &m, tau_.data(), work.data(), &room, &info);
  require_success(info, "dgeqrf");
}

std::vector<double> Reflections::r() const {
  std::vector<double> r(size() * columns_, 0.0);
  for (std::size_t j = 0; j < columns_; ++j)
    for (std::size_t i = 0; i < std::min(j + 1, size()); ++i)
      r[i + size() * j] = values_[i + rows_ * j];
  return r;
}

std::vector<double> Reflections::times(std::size_t columns, const std::vector<double>& t) const {
  std::vector<double> product(rows_ * columns, 0.0);
  for (std::size_t j = 0; j < columns; ++j)
    std::copy_n(t.begin() + static_cast<std::ptrdiff_t>(size() * j), size(),
                product.begin() + static_cast<std::ptrdiff_t>(rows_ * j));
  if (tau_.empty() || columns == 0) return product;
  // Not const: PETSc's declarations differ. dormqr changes the reflections and puts them back.
  PetscBLASInt m = blas_int(rows_), n = blas_int(columns), k = blas_int(size());
  PetscBLASInt room = 64 * std::max(m, n), info = 0;
  auto* values = const_cast<double*>(values_.data());
  auto* tau = const_cast<double*>(tau_.data());
  std::vector<double> work(static_cast<std::size_t>(room));
  LAPACKormqr_("L", "N", &m, &n, &k, values, &m, tau, product.data(), &m, work.data(), &room,
               &info);
  require_success(info, "dormqr");
  return product;
}

std::vector<double> identity(std::size_t n) {
  std::vector<double> result(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) result[i + n * i] = 1.0;
  return result;
}

} // namespace linnet::linalg
