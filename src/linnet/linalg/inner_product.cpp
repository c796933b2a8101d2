// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/inner_product.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/gemm.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::linalg {

namespace {

/// Columns that M is applied to before they are multiplied.
constexpr PetscInt block = 16;

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

void require_fit(const InnerProduct& product, MPI_Comm comm, PetscInt rows) {
  core::together(comm, [&] {
    if (product.matrix && product.weights)
      core::throw_usage("inner product: give a matrix or weights, not both");
    PetscInt mine = rows;
    if (product.matrix) LINNET_CHECK(MatGetLocalSize(product.matrix, &mine, nullptr));
    if (product.weights) LINNET_CHECK(VecGetLocalSize(product.weights, &mine));
    if (mine != rows)
      core::throw_usage("inner product: has " + std::to_string(mine) +
                        " rows on a rank, and the vectors have " + std::to_string(rows));
  });
}

/// Columns of M Y, a few at a time.
class WeightedColumns {
public:
  WeightedColumns(const InnerProduct& product, const LocalColumns& from)
      : product_(product), from_(from),
        values_(static_cast<std::size_t>(from.rows() * std::min(block, from.columns()))) {
    if (!product.matrix) return;
    Vec in = nullptr, out = nullptr;
    LINNET_CHECK(MatCreateVecs(product.matrix, &in, &out));
    in_.reset(in);
    out_.reset(out);
  }

  /// The columns @p first to first + count, one after the other.
  const double* fill(PetscInt first, PetscInt count) {
    for (PetscInt j = 0; j < count; ++j)
      product_.matrix ? multiply(first + j, to(j)) : scale(first + j, to(j));
    return values_.data();
  }

private:
  double* to(PetscInt j) { return values_.data() + j * from_.rows(); }

  void multiply(PetscInt j, double* result) {
    std::copy_n(from_.column(j), from_.rows(), io::VecWriteArray(in_.get()).data());
    LINNET_CHECK(MatMult(product_.matrix, in_.get(), out_.get()));
    std::copy_n(io::VecReadArray(out_.get()).data(), from_.rows(), result);
  }

  void scale(PetscInt j, double* result) const {
    const io::VecReadArray w(product_.weights);
    for (PetscInt i = 0; i < from_.rows(); ++i) result[i] = w.data()[i] * from_.column(j)[i];
  }

  const InnerProduct& product_;
  const LocalColumns& from_;
  std::vector<double> values_;
  core::Owned<Vec> in_, out_;
};

} // namespace

std::vector<double> inner_products(const InnerProduct& product, Mat x, Mat y) {
  if (product.is_euclidean()) return inner_products(x, y);
  const LocalColumns a(x, LocalColumns::Access::read), b(y, LocalColumns::Access::read);
  require_fit(product, comm_of(x), a.rows());
  std::vector<double> sums(
      static_cast<std::size_t>(a.columns()) * static_cast<std::size_t>(b.columns()), 0.0);
  if (sums.empty()) return sums;
  WeightedColumns weighted(product, b);
  for (PetscInt first = 0; first < b.columns(); first += block) {
    const PetscInt count = std::min(block, b.columns() - first);
    const double* part = weighted.fill(first, count);
    if (a.rows() > 0)
      gemm('T', 'N', a.columns(), count, a.rows(), 1.0, a.data(), a.stride(), part, a.rows(), 0.0,
           sums.data() + a.columns() * first, a.columns());
  }
  sum_over_ranks(comm_of(x), sums);
  return sums;
}

core::Owned<Vec> weighted(const InnerProduct& product, Vec v) {
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(v, &rows));
  require_fit(product, PetscObjectComm(reinterpret_cast<PetscObject>(v)), rows);
  Vec result = nullptr;
  LINNET_CHECK(VecDuplicate(v, &result));
  core::Owned<Vec> owner(result);
  if (product.matrix)
    LINNET_CHECK(MatMult(product.matrix, v, result));
  else if (product.weights)
    LINNET_CHECK(VecPointwiseMult(result, product.weights, v));
  else
    LINNET_CHECK(VecCopy(v, result));
  return owner;
}

double norm(const InnerProduct& product, Vec v) {
  PetscScalar square = 0.0;
  LINNET_CHECK(VecDot(v, weighted(product, v).get(), &square));
  return std::sqrt(std::max(square, 0.0));
}

std::vector<double> roots_of_weights(Vec weights) {
  std::vector<double> roots;
  core::together(PetscObjectComm(reinterpret_cast<PetscObject>(weights)), [&] {
    PetscInt rows = 0;
    LINNET_CHECK(VecGetLocalSize(weights, &rows));
    const io::VecReadArray w(weights);
    for (PetscInt i = 0; i < rows; ++i) {
      if (!(w.data()[i] > 0.0) || !std::isfinite(w.data()[i]))
        core::throw_usage("inner product: a weight is " + std::to_string(w.data()[i]) +
                          "; all must be above 0");
      roots.push_back(std::sqrt(w.data()[i]));
    }
  });
  return roots;
}

} // namespace linnet::linalg
