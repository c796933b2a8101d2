// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/folded_matrix.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/host_blocks.hpp>

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

namespace {

/// pair(low, high, even, odd): values of a line and of its mirror image, and places of its parts,
/// for all lines; middle(line, part) where there is a middle value.
template <class Pair, class Middle>
void for_folds(LineShape shape, long size, const Pair& pair, const Middle& middle) {
  const long inner = shape.inner, odd = size / 2, even = size - odd;
  const long chunk = std::clamp(4096 / std::max(1L, inner), 1L, even); // of a line
  const long chunks = (even + chunk - 1) / chunk;
  kernels::for_blocks("riesz fold", shape.outer * chunks, [&](long block) {
    const long start = block / chunks * inner * size, first = block % chunks * chunk;
    for (long i = first; i < std::min(even, first + chunk); ++i) {
      if (i == odd)
        middle(start + inner * odd, start + inner * odd);
      else
        pair(start + inner * i, start + inner * (size - 1 - i), start + inner * i,
             start + inner * (even + i));
    }
  });
}

} // namespace

void fold_lines(LineShape shape, long size, const double* x, double* parts, bool transposed) {
  const long inner = shape.inner;
  const double factor = transposed ? 1.0 : 0.5;
  for_folds(
      shape, size,
      [&](long low, long high, long even, long odd) {
        for (long a = 0; a < inner; ++a) {
          parts[even + a] = factor * (x[low + a] + x[high + a]);
          parts[odd + a] = factor * (x[low + a] - x[high + a]);
        }
      },
      [&](long line, long part) { std::copy_n(x + line, inner, parts + part); });
}

void unfold_lines(LineShape shape, long size, const double* parts, double* x, bool transposed,
                  bool add) {
  const long inner = shape.inner;
  const double factor = transposed ? 0.5 : 1.0;
  if (!add) std::fill_n(x, inner * size * shape.outer, 0.0);
  for_folds(
      shape, size,
      [&](long low, long high, long even, long odd) {
        for (long a = 0; a < inner; ++a) {
          x[low + a] += factor * (parts[even + a] + parts[odd + a]);
          x[high + a] += factor * (parts[even + a] - parts[odd + a]);
        }
      },
      [&](long line, long part) {
        for (long a = 0; a < inner; ++a) x[line + a] += parts[part + a];
      });
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
