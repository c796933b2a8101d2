// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/dense_columns.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/gemm.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

namespace linnet::linalg {

namespace {

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

/// In pieces: MPI counts with int.
template <class T>
void sum_in_pieces(MPI_Comm comm, std::vector<T>& values, MPI_Datatype type) {
  constexpr std::size_t piece = std::size_t{1} << 27;
  for (std::size_t first = 0; first < values.size(); first += piece)
    MPI_Allreduce(MPI_IN_PLACE, values.data() + first,
                  static_cast<int>(std::min(piece, values.size() - first)), type, MPI_SUM, comm);
}

std::size_t entries(PetscInt rows, PetscInt columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

/// Tiles of all ranks together.
PetscInt count_tiles(Mat x, PetscInt tile) {
  PetscInt first = 0, last = 0, all = 0;
  LINNET_CHECK(MatGetOwnershipRange(x, &first, &last));
  LINNET_CHECK(MatGetSize(x, &all, nullptr));
  core::together(comm_of(x), [&] {
    if (tile < 1 || first % tile != 0 || (last % tile != 0 && last != all))
      core::throw_usage("reproducible product: rows " + std::to_string(first) + " to " +
                        std::to_string(last) + " of a rank are no whole tiles of " +
                        std::to_string(tile));
  });
  return (all + tile - 1) / tile;
}

/// Visits this rank's tiles: body(first local row, rows).
template <class Body>
void for_each_tile(PetscInt rows, PetscInt tile, Body&& body) {
  for (PetscInt first = 0; first < rows; first += tile) body(first, std::min(tile, rows - first));
}

} // namespace

LocalColumns::LocalColumns(Mat matrix, Access access) : matrix_(matrix), access_(access) {
  LINNET_CHECK(MatGetLocalSize(matrix, &rows_, nullptr));
  LINNET_CHECK(MatGetSize(matrix, nullptr, &columns_));
  LINNET_CHECK(MatDenseGetLDA(matrix, &stride_));
  if (access == Access::write) {
    LINNET_CHECK(MatDenseGetArray(matrix, &data_));
  } else {
    const PetscScalar* values = nullptr;
    LINNET_CHECK(MatDenseGetArrayRead(matrix, &values));
    data_ = const_cast<double*>(values);
  }
}

LocalColumns::~LocalColumns() {
  if (access_ == Access::write) {
    static_cast<void>(MatDenseRestoreArray(matrix_, &data_));
    return;
  }
  const PetscScalar* values = data_;
  static_cast<void>(MatDenseRestoreArrayRead(matrix_, &values));
}

core::Owned<Mat> make_columns(MPI_Comm comm, PetscInt local_rows, PetscInt columns) {
  Mat m = nullptr;
  LINNET_CHECK(
      MatCreateDense(comm, local_rows, PETSC_DECIDE, PETSC_DETERMINE, columns, nullptr, &m));
  core::Owned<Mat> owner(m);
  LINNET_CHECK(MatAssemblyBegin(m, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(m, MAT_FINAL_ASSEMBLY));
  return owner;
}

void sum_over_ranks(MPI_Comm comm, std::vector<double>& values) {
  sum_in_pieces(comm, values, MPI_DOUBLE);
}

std::vector<double> inner_products(Mat x, Mat y) {
  const LocalColumns a(x, LocalColumns::Access::read), b(y, LocalColumns::Access::read);
  std::vector<double> products(entries(a.columns(), b.columns()), 0.0);
  if (products.empty()) return products;
  if (a.rows() > 0)
    gemm('T', 'N', a.columns(), b.columns(), a.rows(), 1.0, a.data(), a.stride(), b.data(),
         b.stride(), 0.0, products.data(), a.columns());
  sum_over_ranks(comm_of(x), products);
  return products;
}

std::vector<double> reproducible_gram(Mat x, PetscInt tile) {
  const PetscInt tiles = count_tiles(x, tile);
  const LocalColumns a(x, LocalColumns::Access::read);
  const std::size_t size = entries(a.columns(), a.columns());
  const auto product_of = [&](PetscInt first, PetscInt rows, std::vector<double>& product) {
    gemm('T', 'N', a.columns(), a.columns(), rows, 1.0, a.data() + first, a.stride(),
         a.data() + first, a.stride(), 0.0, product.data(), a.columns());
  };
  // No entry of a product is larger than its largest diagonal entry, which is cheap to find.
  double largest = 0.0;
  for (PetscInt j = 0; j < a.columns(); ++j)
    for_each_tile(a.rows(), tile, [&](PetscInt first, PetscInt rows) {
      double sum = 0.0;
      for (PetscInt i = first; i < first + rows; ++i) sum += a.column(j)[i] * a.column(j)[i];
      // A comparison would pass over what is not a number.
      largest = std::isfinite(sum) ? std::max(largest, sum) : HUGE_VAL;
    });
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm_of(x));
  if (!std::isfinite(largest))
    core::throw_data("reproducible product: a column has values that are not finite");
  std::vector<double> result(size, 0.0);
  if (largest == 0.0) return result;
  // One binary digit more than its exponent: gemm rounds in another order than the sum above.
  const int room = std::bit_width(static_cast<std::uint64_t>(tiles));
  const int shift = std::clamp(60 - room - std::ilogb(largest) - 1, -1000, 1000);
  std::vector<std::int64_t> sum(size, 0);
  std::vector<double> product(size);
  for_each_tile(a.rows(), tile, [&](PetscInt first, PetscInt rows) {
    product_of(first, rows, product);
    for (std::size_t i = 0; i < size; ++i) sum[i] += std::llrint(std::ldexp(product[i], shift));
  });
  sum_in_pieces(comm_of(x), sum, MPI_INT64_T);
  for (std::size_t i = 0; i < size; ++i)
    result[i] = std::ldexp(static_cast<double>(sum[i]), -shift);
  return result;
}

core::Owned<Mat> times(Mat x, PetscInt columns, const double* t, PetscInt tile) {
  const LocalColumns from(x, LocalColumns::Access::read);
  core::Owned<Mat> result = make_columns(comm_of(x), from.rows(), columns);
  if (columns == 0 || from.columns() == 0) return result;
  const LocalColumns to(result.get(), LocalColumns::Access::write);
  for_each_tile(from.rows(), tile > 0 ? tile : std::max<PetscInt>(from.rows(), 1),
                [&](PetscInt first, PetscInt rows) {
                  gemm('N', 'N', rows, columns, from.columns(), 1.0, from.data() + first,
                       from.stride(), t, from.columns(), 0.0, to.data() + first, to.stride());
                });
  return result;
}

} // namespace linnet::linalg
