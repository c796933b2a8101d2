// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/gemm.hpp>

#include <linnet/core/petsc.hpp>

#include <petscblaslapack.h>

#include <limits>
#include <type_traits>

// PETSc declares the routine of its own precision alone.
extern "C" void sgemm_(const char*, const char*, const PetscBLASInt*, const PetscBLASInt*,
                       const PetscBLASInt*, const float*, const float*, const PetscBLASInt*,
                       const float*, const PetscBLASInt*, const float*, float*,
                       const PetscBLASInt*);

namespace linnet::linalg {

namespace {

PetscBLASInt blas_int(std::int64_t n) {
  if (n > std::numeric_limits<PetscBLASInt>::max())
    core::throw_usage("a dense matrix with " + std::to_string(n) +
                      " rows or columns exceeds the integers of BLAS");
  return static_cast<PetscBLASInt>(n);
}

} // namespace

template <class T>
void gemm(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k, T alpha, const T* a,
          std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c, std::int64_t ldc) {
  const PetscBLASInt rows = blas_int(m), columns = blas_int(n), inner = blas_int(k);
  const PetscBLASInt a_leading = blas_int(lda), b_leading = blas_int(ldb);
  const PetscBLASInt c_leading = blas_int(ldc);
  if constexpr (std::is_same_v<T, float>)
    sgemm_(&op_a, &op_b, &rows, &columns, &inner, &alpha, a, &a_leading, b, &b_leading, &beta, c,
           &c_leading);
  else
    BLASgemm_(&op_a, &op_b, &rows, &columns, &inner, &alpha, a, &a_leading, b, &b_leading, &beta, c,
              &c_leading);
}

template void gemm(char, char, std::int64_t, std::int64_t, std::int64_t, float, const float*,
                   std::int64_t, const float*, std::int64_t, float, float*, std::int64_t);
template void gemm(char, char, std::int64_t, std::int64_t, std::int64_t, double, const double*,
                   std::int64_t, const double*, std::int64_t, double, double*, std::int64_t);

} // namespace linnet::linalg
