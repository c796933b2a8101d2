// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/batched_gemm.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/plain_product.hpp>
#include <linnet/linalg/gemm.hpp>

#if defined(KOKKOS_ENABLE_CUDA)
#include <cublas_v2.h>
#endif

#include <limits>
#include <string>

namespace linnet::linalg {

#if defined(KOKKOS_ENABLE_CUDA)

namespace {

void check(cublasStatus_t status, const char* call) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw core::Error(core::ExitCode::internal, std::string(call) + " of cuBLAS failed with code " +
                                                    std::to_string(static_cast<int>(status)));
}

int count(std::int64_t value) {
  if (value > std::numeric_limits<int>::max())
    core::throw_usage("a dense matrix has more than 2147483647 rows or columns on one rank; use "
                      "more ranks");
  return static_cast<int>(value);
}

/// As long as the program runs, in the stream of the kernels.
cublasHandle_t handle() {
  static const cublasHandle_t made = [] {
    cublasHandle_t h = nullptr;
    check(cublasCreate(&h), "cublasCreate");
    check(cublasSetStream(h, kernels::ExecutionSpace().cuda_stream()), "cublasSetStream");
    return h;
  }();
  return made;
}

cublasOperation_t operation(char op) { return op == 'N' ? CUBLAS_OP_N : CUBLAS_OP_T; }

} // namespace

void batched_gemm(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k,
                  MatrixBatch<const double> a, MatrixBatch<const double> b, MatrixBatch<double> c,
                  std::int64_t batch) {
  const double one = 1.0, zero = 0.0;
  check(cublasDgemmStridedBatched(handle(), operation(op_a), operation(op_b), count(m), count(n),
                                  count(k), &one, a.first, count(a.leading), a.step, b.first,
                                  count(b.leading), b.step, &zero, c.first, count(c.leading),
                                  c.step, count(batch)),
        "cublasDgemmStridedBatched");
}

#else

void batched_gemm(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k,
                  MatrixBatch<const double> a, MatrixBatch<const double> b, MatrixBatch<double> c,
                  std::int64_t batch) {
  const auto product = kernels::on_device ? kernels::plain_product<double> : gemm<double>;
  for (std::int64_t i = 0; i < batch; ++i)
    product(op_a, op_b, m, n, k, 1.0, a.first + i * a.step, a.leading, b.first + i * b.step,
            b.leading, 0.0, c.first + i * c.step, c.leading);
}

#endif

} // namespace linnet::linalg
