// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/coarse_correction.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/linalg/orthonormalise.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

// PETSc's header does not declare them.
extern "C" {
void dgecon_(const char*, const PetscBLASInt*, const double*, const PetscBLASInt*, const double*,
             double*, double*, PetscBLASInt*, PetscBLASInt*);
void dpocon_(const char*, const PetscBLASInt*, const double*, const PetscBLASInt*, const double*,
             double*, double*, PetscBLASInt*, PetscBLASInt*);
}

namespace linnet::coarse {

using core::Owned;
using linalg::LocalColumns;

namespace {

/// A_0 counts as symmetric where it differs from its transpose by less than this part.
constexpr double symmetric_part = 1e-10;
const double largest_lu_condition = 1.0 / std::sqrt(std::numeric_limits<double>::epsilon());
/// Beyond it the matrix is singular to rounding.
constexpr double largest_condition = 1e14;

std::size_t entries(PetscInt rows, PetscInt columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

/// The rows of @p from that @p block lists.
void gather(const ColumnBlock& block, const double* from, double* to) {
  for (std::size_t i = 0; i < block.rows.size(); ++i) to[i] = from[block.rows[i]];
}

/// y[first ..] = B^T x.
void product_transposed(const ColumnBlock& block, const double* x, double* buffer, double* y) {
  if (block.columns == 0) return;
  if (block.count == 0) {
    std::fill_n(y + block.first, block.columns, 0.0);
    return;
  }
  const double* values = x;
  if (!block.all_rows) gather(block, x, buffer), values = buffer;
  const auto rows = static_cast<PetscBLASInt>(block.count);
  const auto columns = static_cast<PetscBLASInt>(block.columns);
  const PetscBLASInt one = 1;
  const double unit = 1.0, none = 0.0;
  BLASgemv_("T", &rows, &columns, &unit, block.values.data(), &rows, values, &one, &none,
            y + block.first, &one);
}

/// x += factor B y[first ..].
void add_product(const ColumnBlock& block, const double* y, double factor, double* buffer,
                 double* x) {
  if (block.columns == 0 || block.count == 0) return;
  const auto rows = static_cast<PetscBLASInt>(block.count);
  const auto columns = static_cast<PetscBLASInt>(block.columns);
  const PetscBLASInt one = 1;
  const double beta = block.all_rows ? 1.0 : 0.0;
  BLASgemv_("N", &rows, &columns, &factor, block.values.data(), &rows, y + block.first, &one, &beta,
            block.all_rows ? x : buffer, &one);
  for (std::size_t i = 0; i < block.rows.size(); ++i) x[block.rows[i]] += buffer[i];
}

/// The rows of @p columns where not all is zero; all of them when few are.
ColumnBlock compressed(const LocalColumns& columns, PetscInt first) {
  ColumnBlock block;
  block.first = first;
  block.columns = columns.columns();
  for (PetscInt i = 0; i < columns.rows(); ++i) {
    bool any = false;
    for (PetscInt j = 0; j < block.columns && !any; ++j) any = columns.column(j)[i] != 0.0;
    if (any) block.rows.push_back(i);
  }
  if (2 * static_cast<PetscInt>(block.rows.size()) > columns.rows()) {
    block.all_rows = true;
    block.rows.clear();
  }
  block.count = block.all_rows ? columns.rows() : static_cast<PetscInt>(block.rows.size());
  block.values.resize(entries(block.count, block.columns));
  for (PetscInt j = 0; j < block.columns; ++j) {
    double* to = block.values.data() + entries(block.count, j);
    if (block.all_rows)
      std::copy_n(columns.column(j), block.count, to);
    else
      gather(block, columns.column(j), to);
  }
  return block;
}

/// The columns of @p block as a matrix of their own.
Owned<Mat> expanded(MPI_Comm comm, PetscInt local_rows, const ColumnBlock& block) {
  Owned<Mat> columns = linalg::make_columns(comm, local_rows, block.columns);
  const LocalColumns to(columns.get(), LocalColumns::Access::write);
  for (PetscInt j = 0; j < block.columns; ++j) {
    const double* from = block.values.data() + entries(block.count, j);
    if (block.all_rows) std::copy_n(from, block.count, to.column(j));
    for (std::size_t i = 0; i < block.rows.size(); ++i) to.column(j)[block.rows[i]] = from[i];
  }
  return columns;
}

/// A times the columns of @p x. Sparse matrices take several columns at a time.
Owned<Mat> image_of(Mat A, Mat x) {
  PetscBool is_aij = PETSC_FALSE;
  LINNET_CHECK(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(A), &is_aij, MATSEQAIJ,
                                         MATMPIAIJ, ""));
  if (is_aij) {
    Mat w = nullptr;
    LINNET_CHECK(MatMatMult(A, x, MAT_INITIAL_MATRIX, PETSC_DEFAULT, &w));
    return Owned<Mat>(w);
  }
  const LocalColumns from(x, LocalColumns::Access::read);
  Owned<Mat> w = linalg::make_columns(PetscObjectComm(reinterpret_cast<PetscObject>(A)),
                                      from.rows(), from.columns());
  const LocalColumns to(w.get(), LocalColumns::Access::write);
  Vec in = nullptr, out = nullptr;
  LINNET_CHECK(MatCreateVecs(A, &in, &out));
  const Owned<Vec> first(in), second(out);
  for (PetscInt j = 0; j < from.columns(); ++j) {
    std::copy_n(from.column(j), from.rows(), io::VecWriteArray(in).data());
    LINNET_CHECK(MatMult(A, in, out));
    std::copy_n(io::VecReadArray(out).data(), to.rows(), to.column(j));
  }
  return w;
}

/// Sets the rows outside of block @p b to zero.
Owned<Mat> masked(Mat vectors, const std::vector<PetscInt>& block_of, PetscInt b) {
  Mat copy = nullptr;
  LINNET_CHECK(MatDuplicate(vectors, MAT_COPY_VALUES, &copy));
  Owned<Mat> owner(copy);
  if (block_of.empty()) return owner;
  const LocalColumns columns(copy, LocalColumns::Access::write);
  for (PetscInt j = 0; j < columns.columns(); ++j)
    for (PetscInt i = 0; i < columns.rows(); ++i)
      if (block_of[static_cast<std::size_t>(i)] != b) columns.column(j)[i] = 0.0;
  return owner;
}

double one_norm(const std::vector<double>& matrix, std::size_t n) {
  double largest = 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += std::abs(matrix[i + n * j]);
    largest = std::max(largest, sum);
  }
  return largest;
}

/// Symmetric to rounding; the two triangles are then made the same.
bool symmetrise(std::vector<double>& matrix, std::size_t n) {
  double largest = 0.0, difference = 0.0;
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i <= j; ++i) {
      largest = std::max({largest, std::abs(matrix[i + n * j]), std::abs(matrix[j + n * i])});
      difference = std::max(difference, std::abs(matrix[i + n * j] - matrix[j + n * i]));
    }
  if (difference > symmetric_part * largest) return false;
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < j; ++i)
      matrix[i + n * j] = matrix[j + n * i] = 0.5 * (matrix[i + n * j] + matrix[j + n * i]);
  return true;
}

} // namespace

CoarseCorrection::CoarseCorrection(Mat vectors, PetscInt blocks,
                                   const std::vector<PetscInt>& block_of)
    : comm_(PetscObjectComm(reinterpret_cast<PetscObject>(vectors))) {
  PetscInt given = 0, most = 0;
  LINNET_CHECK(MatGetLocalSize(vectors, &local_rows_, nullptr));
  LINNET_CHECK(MatGetSize(vectors, nullptr, &given));
  for (PetscInt b = 0; b < blocks; ++b) {
    const Owned<Mat> part = masked(vectors, block_of, b);
    const Owned<Mat> basis = linalg::orthonormalise(part.get());
    const LocalColumns columns(basis.get(), LocalColumns::Access::read);
    phi_.push_back(compressed(columns, size_));
    size_ += columns.columns();
    most = std::max(most, phi_.back().count);
  }
  dropped_ = given * blocks - size_;
  gathered_.resize(static_cast<std::size_t>(std::max(most, local_rows_)));
}

double CoarseCorrection::bytes() const {
  std::size_t values = 0;
  for (const auto* side : {&phi_, &image_})
    for (const ColumnBlock& block : *side) values += block.values.size();
  return 8.0 * static_cast<double>(values);
}

/// W of one block, and this rank's part of Phi^T W.
void CoarseCorrection::take_image(Mat A, const ColumnBlock& block, std::vector<double>& matrix) {
  const Owned<Mat> columns = expanded(comm_, local_rows_, block);
  const Owned<Mat> w = image_of(A, columns.get());
  const LocalColumns image(w.get(), LocalColumns::Access::read);
  std::vector<double> part;
  for (const ColumnBlock& other : phi_) {
    if (other.count == 0 || other.columns == 0 || block.columns == 0) continue;
    const double* values = image.data();
    std::int64_t stride = image.stride();
    if (!other.all_rows) {
      part.resize(entries(other.count, block.columns));
      for (PetscInt j = 0; j < block.columns; ++j)
        gather(other, image.column(j), part.data() + entries(other.count, j));
      values = part.data(), stride = other.count;
    }
    linalg::gemm('T', 'N', other.columns, block.columns, other.count, 1.0, other.values.data(),
                 other.count, values, stride, 0.0,
                 matrix.data() + other.first + entries(size_, block.first), size_);
  }
  image_.push_back(compressed(image, block.first));
}

void CoarseCorrection::update(Mat A, bool symmetric) {
  std::vector<double> matrix(entries(size_, size_), 0.0);
  image_.clear();
  for (const ColumnBlock& block : phi_) take_image(A, block, matrix);
  definite_ = symmetric;
  condition_ = 1.0;
  if (size_ == 0) return;
  for (PetscInt j = 0; j < size_; ++j)
    MPI_Allreduce(MPI_IN_PLACE, matrix.data() + entries(size_, j), static_cast<int>(size_),
                  MPI_DOUBLE, MPI_SUM, comm_);
  // So that all ranks factor the same bits.
  for (PetscInt j = 0; j < size_; ++j)
    MPI_Bcast(matrix.data() + entries(size_, j), static_cast<int>(size_), MPI_DOUBLE, 0, comm_);
  core::together(comm_, [&] { factor(comm_, std::move(matrix), symmetric); });
}

void CoarseCorrection::factor(MPI_Comm, std::vector<double> matrix, bool symmetric) {
  for (const double value : matrix)
    if (!std::isfinite(value))
      core::throw_data("basis: the coarse matrix Phi^T A Phi has entries that are not finite; "
                       "check the matrix");
  definite_ =
      symmetric && symmetrise(matrix, static_cast<std::size_t>(size_)) && factor_cholesky(matrix);
  if (!definite_) factor_lu(matrix);
  const double limit = definite_ ? largest_condition : largest_lu_condition;
  if (!(condition_ <= limit))
    core::throw_data("basis: the coarse matrix Phi^T A Phi has a condition number of " +
                     core::number_text(condition_) + ", above " + core::number_text(limit) +
                     "; take fewer vectors (-pc_basis_size), or tell the matrix its null space "
                     "(MatSetNullSpace)");
}

bool CoarseCorrection::factor_cholesky(const std::vector<double>& matrix) {
  const auto n = static_cast<PetscBLASInt>(size_);
  const double norm = one_norm(matrix, static_cast<std::size_t>(size_));
  factors_ = matrix;
  PetscBLASInt info = 0;
  LAPACKpotrf_("U", &n, factors_.data(), &n, &info);
  if (info != 0) return false;
  double reciprocal = 0.0;
  std::vector<double> work(static_cast<std::size_t>(3 * size_));
  std::vector<PetscBLASInt> integers(static_cast<std::size_t>(size_));
  dpocon_("U", &n, factors_.data(), &n, &norm, &reciprocal, work.data(), integers.data(), &info);
  condition_ = 1.0 / reciprocal;
  return true;
}

void CoarseCorrection::factor_lu(const std::vector<double>& matrix) {
  const auto n = static_cast<PetscBLASInt>(size_);
  const double norm = one_norm(matrix, static_cast<std::size_t>(size_));
  factors_ = matrix;
  pivots_.resize(static_cast<std::size_t>(size_));
  PetscBLASInt info = 0;
  LAPACKgetrf_(&n, &n, factors_.data(), &n, pivots_.data(), &info);
  double reciprocal = 0.0;
  if (info == 0) {
    std::vector<double> work(static_cast<std::size_t>(4 * size_));
    std::vector<PetscBLASInt> integers(static_cast<std::size_t>(size_));
    dgecon_("1", &n, factors_.data(), &n, &norm, &reciprocal, work.data(), integers.data(), &info);
  }
  condition_ = 1.0 / reciprocal;
}

void CoarseCorrection::reduce_and_solve(double* y) const {
  MPI_Allreduce(MPI_IN_PLACE, y, static_cast<int>(size_), MPI_DOUBLE, MPI_SUM, comm_);
  const auto n = static_cast<PetscBLASInt>(size_);
  const PetscBLASInt one = 1;
  PetscBLASInt info = 0;
  if (definite_)
    LAPACKpotrs_("U", &n, &one, factors_.data(), &n, y, &n, &info);
  else
    LAPACKgetrs_("N", &n, &one, factors_.data(), &n, pivots_.data(), y, &n, &info);
}

void CoarseCorrection::solve(Vec r, double* y) const {
  if (size_ == 0) return;
  const io::VecReadArray from(r);
  for (const ColumnBlock& block : phi_) product_transposed(block, from.data(), gathered_.data(), y);
  reduce_and_solve(y);
}

void CoarseCorrection::solve_image(Vec z, double* y) const {
  if (size_ == 0) return;
  const io::VecReadArray from(z);
  for (const ColumnBlock& block : image_)
    product_transposed(block, from.data(), gathered_.data(), y);
  reduce_and_solve(y);
}

namespace {

void add_blocks(const std::vector<ColumnBlock>& blocks, const double* y, double factor,
                double* buffer, Vec x) {
  PetscScalar* to = nullptr;
  LINNET_CHECK(VecGetArray(x, &to));
  for (const ColumnBlock& block : blocks) add_product(block, y, factor, buffer, to);
  LINNET_CHECK(VecRestoreArray(x, &to));
}

} // namespace

void CoarseCorrection::add(const double* y, double factor, Vec z) const {
  if (size_ > 0) add_blocks(phi_, y, factor, gathered_.data(), z);
}

void CoarseCorrection::add_image(const double* y, double factor, Vec r) const {
  if (size_ > 0) add_blocks(image_, y, factor, gathered_.data(), r);
}

} // namespace linnet::coarse
