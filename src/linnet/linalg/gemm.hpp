// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products of dense matrices by BLAS, in single and double precision; column-major.
#pragma once

#include <cstdint>

namespace linnet::linalg {

/// C = alpha op(A) op(B) + beta C with C of @p m rows and @p n columns, and @p k columns of op(A).
/// @p op_a, @p op_b: 'N' or 'T'. Leading dimensions as BLAS means them. Extents beyond BLAS'
/// integers throw core::Error.
template <class T>
void gemm(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k, T alpha, const T* a,
          std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c, std::int64_t ldc);

} // namespace linnet::linalg
