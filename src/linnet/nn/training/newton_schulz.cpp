// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/newton_schulz.hpp>

#include <linnet/linalg/gemm.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

template <class T>
struct Matrix {
  T* values;
  std::int64_t leading; ///< columns of values lie one after another
};

// c = alpha op(a) op(b) + beta c, c of m x n, sum over k.
template <class T>
void gemm(char op_a, char op_b, std::int64_t m, std::int64_t n, std::int64_t k, T alpha,
          Matrix<T> a, Matrix<T> b, T beta, Matrix<T> c) {
  linalg::gemm(op_a, op_b, m, n, k, alpha, a.values, a.leading, b.values, b.leading, beta, c.values,
               c.leading);
}

} // namespace

template <class T>
void NewtonSchulz<T>::apply(T* x, std::int64_t rows, std::int64_t columns) {
  // The BLAS goes by columns: what it sees is Y = X^T of `columns` x `rows`, and the polynomial is
  // the same. The Gram matrix is the smaller of the two.
  const std::int64_t height = columns, width = rows;
  const bool is_wide = width > height; // of Y
  const std::int64_t order = std::min(height, width), length = std::max(height, width);
  const auto square = static_cast<std::size_t>(order) * static_cast<std::size_t>(order);
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  gram_.resize(square), polynomial_.resize(square), copy_.resize(size);
  const Matrix<T> y{x, height}, old{copy_.data(), height};
  const Matrix<T> gram{gram_.data(), order}, polynomial{polynomial_.data(), order};
  const T a = T(3.4445), b = T(-4.7750), c = T(2.0315);
  for (int step = 0; step < 5; ++step) {
    gemm(is_wide ? 'N' : 'T', is_wide ? 'T' : 'N', order, order, length, T(1), y, y, T(0), gram);
    std::copy(gram_.begin(), gram_.end(), polynomial_.begin());
    gemm('N', 'N', order, order, order, c, gram, gram, b, polynomial);
    std::copy(x, x + size, copy_.begin());
    if (is_wide)
      gemm('N', 'N', order, length, order, T(1), polynomial, old, a, y);
    else
      gemm('N', 'N', length, order, order, T(1), old, polynomial, a, y);
  }
}

template class NewtonSchulz<float>;
template class NewtonSchulz<double>;

} // namespace linnet::nn
