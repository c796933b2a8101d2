// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/folded_matrix.hpp>

#include <linnet/core/petsc.hpp>

#include <petscblaslapack.h>

#include <algorithm>

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

void fold_lines(LineShape shape, long size, const double* x, double* parts, bool transposed) {
  const long inner = shape.inner, odd = size / 2, even = size - odd;
  const double factor = transposed ? 1.0 : 0.5;
  for (long b = 0; b < shape.outer; ++b, x += inner * size, parts += inner * size) {
    for (long i = 0; i < odd; ++i) {
      const double *low = x + inner * i, *high = x + inner * (size - 1 - i);
      double *sum = parts + inner * i, *difference = parts + inner * (even + i);
      for (long a = 0; a < inner; ++a) {
        sum[a] = factor * (low[a] + high[a]);
        difference[a] = factor * (low[a] - high[a]);
      }
    }
    if (even > odd)
      for (long a = 0; a < inner; ++a) parts[inner * odd + a] = x[inner * odd + a];
  }
}

void unfold_lines(LineShape shape, long size, const double* parts, double* x, bool transposed,
                  bool add) {
  const long inner = shape.inner, odd = size / 2, even = size - odd;
  const double factor = transposed ? 0.5 : 1.0;
  if (!add) std::fill_n(x, inner * size * shape.outer, 0.0);
  for (long b = 0; b < shape.outer; ++b, x += inner * size, parts += inner * size) {
    for (long i = 0; i < odd; ++i) {
      double *low = x + inner * i, *high = x + inner * (size - 1 - i);
      const double *p = parts + inner * i, *q = parts + inner * (even + i);
      for (long a = 0; a < inner; ++a) {
        low[a] += factor * (p[a] + q[a]);
        high[a] += factor * (p[a] - q[a]);
      }
    }
    if (even > odd)
      for (long a = 0; a < inner; ++a) x[inner * odd + a] += parts[inner * odd + a];
  }
}

namespace {

void multiply_block(const std::vector<double>& block, long size, long offset, long length,
                    LineShape shape, const double* x, double* y, bool transposed) {
  if (size == 0 || shape.inner == 0 || shape.outer == 0) return;
  const PetscScalar one = 1.0, zero = 0.0;
  const auto n = static_cast<PetscBLASInt>(size);
  if (shape.inner == 1) { // lines are columns
    const auto lines = static_cast<PetscBLASInt>(shape.outer);
    const auto leading = static_cast<PetscBLASInt>(length);
    BLASgemm_(transposed ? "T" : "N", "N", &n, &lines, &n, &one, block.data(), &n, x + offset,
              &leading, &zero, y + offset, &leading);
    return;
  }
  const auto inner = static_cast<PetscBLASInt>(shape.inner);
  for (long b = 0; b < shape.outer; ++b) { // lines are rows
    const long start = shape.inner * (offset + length * b);
    BLASgemm_("N", transposed ? "N" : "T", &inner, &n, &n, &one, x + start, &inner, block.data(),
              &n, &zero, y + start, &inner);
  }
}

} // namespace

void multiply_folded(const FoldedMatrix& matrix, LineShape shape, const double* parts,
                     double* result, bool transposed) {
  const long e = matrix.even_size(), o = matrix.odd_size();
  multiply_block(matrix.even, e, 0, matrix.size, shape, parts, result, transposed);
  multiply_block(matrix.odd, o, e, matrix.size, shape, parts, result, transposed);
}

void FoldedLines::multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) {
  const auto count = static_cast<std::size_t>(shape.inner * matrix_.size * shape.outer);
  parts_.resize(count);
  result_.resize(count);
  fold_lines(shape, matrix_.size, x, parts_.data(), transposed);
  multiply_folded(matrix_, shape, parts_.data(), result_.data(), transposed);
  unfold_lines(shape, matrix_.size, result_.data(), y, transposed, add);
}

double FoldedLines::memory() const {
  return static_cast<double>(
      sizeof(double) * (matrix_.even.size() + matrix_.odd.size() + parts_.size() + result_.size()));
}

} // namespace linnet::fractional
