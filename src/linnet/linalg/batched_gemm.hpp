// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Products of dense matrices in kernel memory: by BLAS on the CPU, by cuBLAS on a GPU of NVIDIA.
#pragma once

#include <cstdint>

namespace linnet::linalg {

/// Column-major matrices of one size, each @p step numbers behind the one before.
template <class T>
struct MatrixBatch {
  T* first;
  std::int64_t leading, step;
};

/// C_b = op(A_b) op(B_b) for 0 <= b < @p batch, with C of @p m rows and @p n columns, and @p k
/// columns of op(A). @p op_a, @p op_b: 'N' or 'T'. Extents beyond BLAS' integers throw core::Error.
void batched_gemm(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k,
                  MatrixBatch<const double> a, MatrixBatch<const double> b, MatrixBatch<double> c,
                  std::int64_t batch);

} // namespace linnet::linalg
