// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/integrands.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <string>

namespace linnet::rom {

namespace {

/// Points whose sums stay in the nearest cache while all integrands pass by.
constexpr std::size_t block = 2048;

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

/// y = A x or A^T x for columns of @p rows numbers.
void multiply(const char* how, std::size_t rows, std::size_t columns, const double* a,
              std::size_t stride, const double* x, double beta, double* y) {
  const auto m = static_cast<PetscBLASInt>(rows), n = static_cast<PetscBLASInt>(columns),
             leading = static_cast<PetscBLASInt>(std::max<std::size_t>(stride, 1)), one = 1;
  const double alpha = 1.0;
  if (rows > 0 && columns > 0) BLASgemv_(how, &m, &n, &alpha, a, &leading, x, &one, &beta, y, &one);
}

} // namespace

StoredIntegrands::StoredIntegrands(Mat transposed, double reference) : reference_(reference) {
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(transposed)));
  matrix_ = transposed;
  PetscInt rows = 0, columns = 0, stride = 0;
  LINNET_CHECK(MatGetLocalSize(transposed, &rows, nullptr));
  LINNET_CHECK(MatGetSize(transposed, nullptr, &columns));
  LINNET_CHECK(MatDenseGetLDA(transposed, &stride));
  LINNET_CHECK(MatDenseGetArrayRead(transposed, &data_));
  size_ = static_cast<std::size_t>(columns);
  points_ = static_cast<std::size_t>(rows);
  stride_ = static_cast<std::size_t>(stride);
}

StoredIntegrands::StoredIntegrands(Mat transposed) : StoredIntegrands(transposed, 0.0) {
  std::vector<double> mine(size_, 0.0);
  for (std::size_t j = 0; j < size_; ++j)
    for (std::size_t i = 0; i < points_; ++i)
      mine[j] += data_[i + stride_ * j] * data_[i + stride_ * j];
  std::vector<double> all = mine;
  linalg::sum_over_ranks(comm_of(transposed), all);
  if (size_ > 0)
    reference_ =
        mine[static_cast<std::size_t>(std::max_element(all.begin(), all.end()) - all.begin())];
}

StoredIntegrands::~StoredIntegrands() {
  static_cast<void>(MatDenseRestoreArrayRead(matrix_, &data_));
  static_cast<void>(MatDestroy(&matrix_));
}

void StoredIntegrands::project(std::span<const double> r, std::span<double> values) const {
  std::fill(values.begin(), values.end(), 0.0);
  for (std::size_t first = 0; first < points_; first += block)
    multiply("N", std::min(block, points_ - first), size_, data_ + first, stride_, r.data(), 0.0,
             values.data() + first);
}

void StoredIntegrands::column(std::size_t point, std::span<double> values) const {
  for (std::size_t j = 0; j < size_; ++j) values[j] = data_[point + stride_ * j];
}

void StoredIntegrands::squared_norms(std::span<double> values) const {
  std::fill(values.begin(), values.end(), 0.0);
  for (std::size_t j = 0; j < size_; ++j)
    for (std::size_t i = 0; i < points_; ++i)
      values[i] += data_[i + stride_ * j] * data_[i + stride_ * j];
}

void StoredIntegrands::integrate(std::span<const double> w, std::span<double> b) const {
  std::fill(b.begin(), b.end(), 0.0);
  multiply("T", points_, size_, data_, stride_, w.data(), 0.0, b.data());
}

std::unique_ptr<Integrands> StoredIntegrands::subset(std::span<const std::size_t> points) const {
  const auto rows = static_cast<PetscInt>(points.size());
  const auto part = linalg::make_columns(PETSC_COMM_SELF, rows, static_cast<PetscInt>(size_));
  {
    const linalg::LocalColumns to(part.get(), linalg::LocalColumns::Access::write);
    for (std::size_t j = 0; j < size_; ++j)
      for (std::size_t i = 0; i < points.size(); ++i)
        to.column(static_cast<PetscInt>(j))[i] = data_[points[i] + stride_ * j];
  }
  return std::unique_ptr<Integrands>(new StoredIntegrands(part.get(), reference_));
}

double StoredIntegrands::bytes_per_sweep() const {
  return 8.0 * static_cast<double>(size_) * static_cast<double>(points_);
}
double StoredIntegrands::flops_per_sweep() const {
  return 2.0 * static_cast<double>(size_) * static_cast<double>(points_);
}

} // namespace linnet::rom
