// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A few long vectors side by side: matrices of PETSc's type dense whose rows are distributed as
/// those of a vector, and products with them by BLAS.
#pragma once

#include <linnet/core/owned.hpp>

#include <cstddef>
#include <vector>

namespace linnet::linalg {

/// Access to this rank's rows of a dense matrix until the end of the object: column j begins at
/// data() + j stride().
class LocalColumns {
public:
  enum class Access { read, write };
  LocalColumns(Mat matrix, Access access);
  ~LocalColumns();
  LocalColumns(const LocalColumns&) = delete;
  LocalColumns& operator=(const LocalColumns&) = delete;

  [[nodiscard]] double* data() const { return data_; }
  [[nodiscard]] double* column(PetscInt j) const { return data_ + std::ptrdiff_t{j} * stride_; }
  [[nodiscard]] PetscInt stride() const { return stride_; }
  [[nodiscard]] PetscInt rows() const { return rows_; }
  [[nodiscard]] PetscInt columns() const { return columns_; }

private:
  Mat matrix_;
  Access access_;
  double* data_ = nullptr;
  PetscInt stride_ = 0, rows_ = 0, columns_ = 0;
};

/// A new matrix of @p columns columns, zero, with @p local_rows rows on this rank. Collective.
core::Owned<Mat> make_columns(MPI_Comm comm, PetscInt local_rows, PetscInt columns);

/// Replaces @p values, as many on each rank, by their sums over the ranks. Collective.
void sum_over_ranks(MPI_Comm comm, std::vector<double>& values);

/// X^T Y by columns, on all ranks. @p x and @p y have the same rows. Collective. Rounding depends
/// on the number of ranks, the result on one is always the same.
std::vector<double> inner_products(Mat x, Mat y);

/// X^T Y for a matrix whose rows the ranks hold in whole tiles of @p tile rows, the last one of all
/// rows excepted: with the same bits on any number of ranks. Products of tiles are rounded to
/// multiples of 2^-61 tiles of the largest entry and summed as integers. Collective. @throws
/// core::Error on all ranks: (data) where a value is not finite, (usage) where tiles do not fit.
std::vector<double> reproducible_gram(Mat x, PetscInt tile);

/// A new matrix X T; @p t has as many rows as X columns, and @p columns columns. Not collective but
/// for the creation. With @p tile above 0, rows are taken by tiles as above: the same bits.
core::Owned<Mat> times(Mat x, PetscInt columns, const double* t, PetscInt tile = 0);

} // namespace linnet::linalg
