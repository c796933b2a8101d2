// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products of dense matrices where there is no BLAS; small ones in the memory of a GPU.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <cstddef>
#include <cstdint>

namespace linnet::kernels {

/// C = alpha op(A) op(B) + beta C as linalg::gemm() has it, an entry of C at a time.
template <class T>
void plain_product(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k, T alpha,
                   const T* a, std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c,
                   std::int64_t ldc) {
  const std::int64_t row_a = op_a == 'N' ? 1 : lda, step_a = op_a == 'N' ? lda : 1,
                     row_b = op_b == 'N' ? 1 : ldb, step_b = op_b == 'N' ? ldb : 1;
  Kokkos::parallel_for(
      "linnet::kernels::plain_product",
      Kokkos::RangePolicy<ExecutionSpace, Kokkos::IndexType<std::int64_t>>(0, m * n),
      KOKKOS_LAMBDA(std::int64_t entry) {
        const std::int64_t i = entry % m, j = entry / m;
        T sum(0);
        for (std::int64_t l = 0; l < k; ++l)
          sum += a[i * row_a + l * step_a] * b[l * row_b + j * step_b];
        T& to = c[i + j * ldc];
        to = beta == T(0) ? alpha * sum : alpha * sum + beta * to;
      });
}

} // namespace linnet::kernels
