// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/column_store.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <algorithm>
#include <string>

namespace linnet::linalg {

namespace {

std::size_t at(PetscInt i) { return static_cast<std::size_t>(i); }

} // namespace

ColumnStore::ColumnStore(MPI_Comm comm, PetscInt local_rows)
    : comm_(comm), local_rows_(local_rows), rows_(local_rows) {
  MPI_Allreduce(MPI_IN_PLACE, &rows_, 1, MPIU_INT, MPI_SUM, comm);
}

ColumnStore::ColumnStore(Mat columns)
    : ColumnStore(PetscObjectComm(reinterpret_cast<PetscObject>(columns)),
                  LocalColumns(columns, LocalColumns::Access::read).rows()) {
  const LocalColumns from(columns, LocalColumns::Access::read);
  reserve(from.columns());
  for (PetscInt j = 0; j < from.columns(); ++j) append({from.column(j), at(from.rows())});
}

std::int64_t ColumnStore::bytes() const {
  return static_cast<std::int64_t>(values_.capacity() * sizeof(double));
}

void ColumnStore::reserve(PetscInt columns) { values_.reserve(at(columns) * at(local_rows_)); }

void ColumnStore::append(std::span<const double> values) {
  if (values.size() != at(local_rows_))
    core::throw_usage("column store: a column of " + std::to_string(values.size()) +
                      " values was given on a rank with " + std::to_string(local_rows_) + " rows");
  std::copy(values.begin(), values.end(), append().begin());
}

void ColumnStore::append(Vec v) {
  core::together(comm_, [&] {
    PetscInt rows = 0;
    LINNET_CHECK(VecGetLocalSize(v, &rows));
    if (rows != local_rows_)
      core::throw_usage("column store: a vector with " + std::to_string(rows) +
                        " entries was given on a rank with " + std::to_string(local_rows_) +
                        " rows");
  });
  const io::VecReadArray values(v);
  append({values.data(), at(local_rows_)});
}

std::span<double> ColumnStore::append() {
  const std::size_t needed = at(size_ + 1) * at(local_rows_);
  if (needed > values_.capacity()) reserve(std::max<PetscInt>(size_ + 1, size_ + size_ / 2));
  values_.resize(needed, 0.0);
  return column(size_++);
}

void ColumnStore::truncate(PetscInt columns) {
  size_ = std::clamp<PetscInt>(columns, 0, size_);
  values_.resize(at(size_) * at(local_rows_));
}

std::span<double> ColumnStore::column(PetscInt j) {
  return {values_.data() + at(j) * at(local_rows_), at(local_rows_)};
}

std::span<const double> ColumnStore::column(PetscInt j) const {
  return {values_.data() + at(j) * at(local_rows_), at(local_rows_)};
}

core::Owned<Mat> ColumnStore::matrix() const {
  // PETSc makes room of its own where it is given no address.
  static double nothing = 0.0;
  auto* values = values_.empty() ? &nothing : const_cast<double*>(values_.data());
  Mat m = nullptr;
  LINNET_CHECK(
      MatCreateDense(comm_, local_rows_, PETSC_DECIDE, PETSC_DETERMINE, size_, values, &m));
  core::Owned<Mat> owner(m);
  LINNET_CHECK(MatAssemblyBegin(m, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(m, MAT_FINAL_ASSEMBLY));
  return owner;
}

} // namespace linnet::linalg
