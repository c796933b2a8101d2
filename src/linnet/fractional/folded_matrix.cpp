// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/folded_matrix.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/fractional/folding.hpp>
#include <linnet/kernels/staging.hpp>
#include <linnet/linalg/batched_gemm.hpp>

namespace linnet::fractional {

FoldedMatrix FoldedMatrix::fold(long size, const std::vector<double>& rows) {
  FoldedMatrix m;
  m.size = size;
  const long e = m.even_size(), o = m.odd_size();
  const auto at = [&](long i, long j) { return rows[static_cast<std::size_t>(i * size + j)]; };
  for (long j = 0; j < e; ++j)
    for (long i = 0; i < e; ++i)
      m.even.push_back(j < o ? at(i, j) + at(i, size - 1 - j) : at(i, j));
  for (long j = 0; j < o; ++j)
    for (long i = 0; i < o; ++i) m.odd.push_back(at(i, j) - at(i, size - 1 - j));
  return m;
}

namespace {

/// @p block of @p size on the parts from @p offset on of lines of @p length.
void multiply_block(const double* block, long size, long offset, long length, LineShape shape,
                    const double* x, double* y, bool transposed) {
  if (size == 0 || shape.lines() == 0) return;
  if (shape.inner == 1) // lines are columns
    linalg::batched_gemm(transposed ? 'T' : 'N', 'N', size, shape.outer, size, {block, size, 0},
                         {x + offset, length, 0}, {y + offset, length, 0}, 1);
  else { // lines are rows of matrices
    const long start = shape.inner * offset, step = shape.inner * length;
    linalg::batched_gemm('N', transposed ? 'N' : 'T', shape.inner, size, size,
                         {x + start, shape.inner, step}, {block, size, 0},
                         {y + start, shape.inner, step}, shape.outer);
  }
}

kernels::Array<double> keep(const std::vector<double>& block) {
  LINNET_CHECK(core::ensure_kokkos());
  return kernels::device_copy<double>("linnet::fractional::folded", block);
}

} // namespace

FoldedProduct::FoldedProduct(const FoldedMatrix& matrix)
    : size_(matrix.size), even_(keep(matrix.even)), odd_(keep(matrix.odd)) {}

void FoldedProduct::multiply(LineShape shape, const double* parts, double* result,
                             bool transposed) const {
  const long odd = size_ / 2, even = size_ - odd;
  multiply_block(even_.data(), even, 0, size_, shape, parts, result, transposed);
  multiply_block(odd_.data(), odd, even, size_, shape, parts, result, transposed);
}

double FoldedProduct::memory() const {
  return static_cast<double>(sizeof(double) * (even_.extent(0) + odd_.extent(0)));
}

void FoldedLines::multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) {
  const long size = product_.size(), count = shape.inner * size * shape.outer;
  double *parts = parts_.resize(count), *result = result_.resize(count);
  kernels::fold_lines(shape, size, x, parts, transposed);
  product_.multiply(shape, parts, result, transposed);
  kernels::unfold_lines(shape, size, result, y, transposed, add);
}

double FoldedLines::memory() const {
  return product_.memory() + parts_.memory() + result_.memory();
}

} // namespace linnet::fractional
