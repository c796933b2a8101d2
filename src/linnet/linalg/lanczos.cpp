// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/lanczos.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/owned.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

// PETSc's header does not declare it.
extern "C" void dstevd_(const char*, const PetscBLASInt*, double*, double*, double*,
                        const PetscBLASInt*, double*, const PetscBLASInt*, PetscBLASInt*,
                        const PetscBLASInt*, PetscBLASInt*);

namespace linnet::linalg {

namespace {

using core::Owned;

/// The work space of dstevd is counted by a 32-bit integer.
constexpr PetscInt most_steps = 46000;

// Columns whose distance is a power of two would share a few sets of the caches; an odd number of
// cache lines between them does not.
std::int64_t column_stride(PetscInt rows) {
  const std::int64_t lines = (std::int64_t{rows} + 7) / 8;
  return 8 * (lines | 1);
}

MPI_Comm comm_of(Mat A) { return PetscObjectComm(reinterpret_cast<PetscObject>(A)); }

void sum_over_ranks(MPI_Comm comm, double* values, PetscInt count) {
  LINNET_CHECK(
      MPI_Allreduce(MPI_IN_PLACE, values, static_cast<int>(count), MPI_DOUBLE, MPI_SUM, comm));
}

/// Checks what is asked for against the matrix and returns the steps to do.
PetscInt checked_steps(Mat A, const LanczosOptions& options) {
  PetscInt order = 0, columns = 0, rows = 0, most = 0;
  LINNET_CHECK(MatGetSize(A, &order, &columns));
  LINNET_CHECK(MatGetLocalSize(A, &rows, nullptr));
  if (order != columns)
    core::throw_usage("Lanczos: the matrix must be square and symmetric, got " +
                      std::to_string(order) + " rows and " + std::to_string(columns) + " columns");
  const PetscInt steps = std::min(options.steps, order);
  if (options.steps < 1 || steps > most_steps)
    core::throw_usage("Lanczos: steps must be from 1 to " + std::to_string(most_steps) + ", got " +
                      std::to_string(options.steps));
  LINNET_CHECK(MPI_Allreduce(&rows, &most, 1, MPIU_INT, MPI_MAX, comm_of(A)));
  const std::int64_t bytes = lanczos_bytes(most, steps);
  if (bytes > options.memory_limit)
    core::throw_usage("Lanczos: " + std::to_string(steps) + " steps need " + std::to_string(bytes) +
                      " bytes on a rank with " + std::to_string(most) + " rows, the limit is " +
                      std::to_string(options.memory_limit) +
                      "; take fewer steps, more ranks or a higher limit");
  return steps;
}

} // namespace

std::int64_t lanczos_bytes(PetscInt rows, PetscInt steps) {
  const std::int64_t m = steps;
  const std::int64_t basis = column_stride(rows) * m, vectors = m * m;
  const std::int64_t work = 1 + 6 * m + m * m; // of dstevd, with its integers
  return 8 * (basis + vectors + work);
}

/// The steps while they run.
struct Lanczos::Process {
  Lanczos& to;
  Mat A;
  MPI_Comm comm;
  Owned<Vec> x, y;           ///< w_k and A w_k
  std::vector<double> w;     ///< the next vector
  std::vector<double> along; ///< its products with the basis

  Process(Lanczos& lanczos, Mat matrix) : to(lanczos), A(matrix), comm(comm_of(matrix)) {
    Vec right = nullptr, left = nullptr;
    LINNET_CHECK(MatCreateVecs(A, &right, &left));
    x.reset(right), y.reset(left);
    w.resize(static_cast<std::size_t>(to.rows_));
  }

  [[nodiscard]] double* column(PetscInt k) const { return to.basis_.get() + to.stride_ * k; }

  void take(Vec v) {
    const PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArrayRead(v, &values));
    std::copy(values, values + to.rows_, w.begin());
    LINNET_CHECK(VecRestoreArrayRead(v, &values));
  }

  [[nodiscard]] double local_dot(const double* a, const double* b) const {
    const auto n = static_cast<PetscBLASInt>(to.rows_);
    const PetscBLASInt one = 1;
    return n > 0 ? BLASdot_(&n, a, &one, b, &one) : 0.0;
  }
  [[nodiscard]] double norm() const {
    double square = local_dot(w.data(), w.data());
    sum_over_ranks(comm, &square, 1);
    return std::sqrt(square);
  }

  /// w -= factor w_k
  void subtract(double factor, PetscInt k) {
    const auto n = static_cast<PetscBLASInt>(to.rows_);
    const PetscBLASInt one = 1;
    const double minus = -factor;
    if (n > 0) BLASaxpy_(&n, &minus, column(k), &one, w.data(), &one);
  }

  /// w -= W W^T w over the first @p k vectors. Adds to @p alpha what lay along the last of them;
  /// returns the norms of w before and after.
  std::array<double, 2> orthogonalise(PetscInt k, double& alpha) {
    const auto n = static_cast<PetscBLASInt>(to.rows_), columns = static_cast<PetscBLASInt>(k);
    const auto stride = static_cast<PetscBLASInt>(to.stride_);
    const PetscBLASInt one = 1;
    const double plus = 1.0, minus = -1.0, zero = 0.0;
    const auto last = static_cast<std::size_t>(k);
    along.assign(last + 1, 0.0);
    if (n > 0)
      BLASgemv_("T", &n, &columns, &plus, column(0), &stride, w.data(), &one, &zero, along.data(),
                &one);
    along[last] = local_dot(w.data(), w.data());
    sum_over_ranks(comm, along.data(), k + 1);
    alpha += along[last - 1];
    if (n > 0)
      BLASgemv_("N", &n, &columns, &minus, column(0), &stride, along.data(), &one, &plus, w.data(),
                &one);
    return {std::sqrt(along[last]), norm()};
  }

  /// w_k = w / length, also in x.
  void append(PetscInt k, double length) {
    double* to_column = column(k);
    std::transform(w.begin(), w.end(), to_column, [&](double v) { return v / length; });
    PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArrayWrite(x.get(), &values));
    std::copy(to_column, to_column + to.rows_, values);
    LINNET_CHECK(VecRestoreArrayWrite(x.get(), &values));
  }

  /// w = A w_k made orthogonal to the basis; returns alpha_k and beta_k.
  std::array<double, 2> step(PetscInt k, double beta_before) {
    LINNET_CHECK(MatMult(A, x.get(), y.get()));
    take(y.get());
    if (k > 0) subtract(beta_before, k - 1);
    double alpha = local_dot(w.data(), column(k));
    sum_over_ranks(comm, &alpha, 1);
    subtract(alpha, k);
    auto norms = orthogonalise(k + 1, alpha);
    // Twice is enough (Kahan, in Parlett): a third pass would only shuffle rounding.
    if (norms[1] < 0.7 * norms[0]) norms = orthogonalise(k + 1, alpha);
    if (!std::isfinite(alpha) || !std::isfinite(norms[1]))
      core::throw_data("Lanczos: the product of the matrix and vector " + std::to_string(k + 1) +
                       " of the basis is not finite; check the entries of the matrix");
    return {alpha, norms[1]};
  }
};

Lanczos::Lanczos(Mat A, Vec start, const LanczosOptions& options) {
  const PetscInt steps = checked_steps(A, options);
  LINNET_CHECK(MatGetLocalSize(A, &rows_, nullptr));
  stride_ = column_stride(rows_);
  // Pages that no step reaches are never touched.
  core::together(comm_of(A), [&] {
    basis_ = std::make_unique_for_overwrite<double[]>(static_cast<std::size_t>(stride_ * steps));
  });
  Process process(*this, A);
  process.take(start);
  double beta = process.norm(), scale = 0.0;
  if (!(beta > 0.0) || !std::isfinite(beta))
    core::throw_usage("Lanczos: the start vector must be finite and not zero, its norm is " +
                      std::to_string(beta));
  for (PetscInt k = 0; k < steps && !invariant_; ++k) {
    process.append(k, beta);
    const auto entries = process.step(k, k > 0 ? beta : 0.0);
    scale = std::max({scale, std::abs(entries[0]), entries[1]});
    invariant_ = entries[1] <= options.breakdown * scale;
    beta = invariant_ ? 0.0 : entries[1];
    diagonal_.push_back(entries[0]);
    off_diagonal_.push_back(beta);
    if (options.progress) options.progress(k + 1);
  }
  decompose(comm_of(A));
}

void Lanczos::decompose(MPI_Comm comm) {
  const auto m = static_cast<std::size_t>(size());
  theta_ = diagonal_;
  vectors_.resize(m * m);
  core::on_first_rank(comm, [&] {
    const auto n = static_cast<PetscBLASInt>(m);
    const auto room = static_cast<PetscBLASInt>(1 + 4 * m + m * m);
    const auto integers = static_cast<PetscBLASInt>(3 + 5 * m);
    std::vector<double> below = off_diagonal_, work(static_cast<std::size_t>(room));
    std::vector<PetscBLASInt> whole(static_cast<std::size_t>(integers));
    PetscBLASInt info = 0;
    dstevd_("V", &n, theta_.data(), below.data(), vectors_.data(), &n, work.data(), &room,
            whole.data(), &integers, &info);
    if (info != 0)
      throw core::Error(core::ExitCode::internal,
                        "Lanczos: dstevd ended with info " + std::to_string(info));
    for (std::size_t i = 0; i < m; ++i) {
      double* y = vectors_.data() + m * i;
      if (y[0] < 0.0) std::transform(y, y + m, y, [](double v) { return -v; });
    }
  });
  const auto count = static_cast<int>(m);
  LINNET_CHECK(MPI_Bcast(theta_.data(), count, MPI_DOUBLE, 0, comm));
  for (std::size_t i = 0; i < m; ++i) // one by one: m * m may be more than an int holds
    LINNET_CHECK(MPI_Bcast(vectors_.data() + m * i, count, MPI_DOUBLE, 0, comm));
}

double Lanczos::ritz_entry(PetscInt k, PetscInt i) const {
  return vectors_.at(static_cast<std::size_t>(k) + diagonal_.size() * static_cast<std::size_t>(i));
}

double Lanczos::residual_norm(PetscInt i) const {
  return off_diagonal_.back() * std::abs(ritz_entry(size() - 1, i));
}

void Lanczos::basis_vector(PetscInt k, Vec w) const {
  PetscScalar* values = nullptr;
  LINNET_CHECK(VecGetArrayWrite(w, &values));
  const double* column = basis_.get() + stride_ * k;
  std::copy(column, column + rows_, values);
  LINNET_CHECK(VecRestoreArrayWrite(w, &values));
}

void Lanczos::ritz_vector(PetscInt i, Vec q) const {
  std::vector<double> unit(diagonal_.size(), 0.0);
  unit.at(static_cast<std::size_t>(i)) = 1.0;
  combine(unit, q);
}

void Lanczos::combine(const std::vector<double>& coefficients, Vec b) const {
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(b, &rows));
  if (rows != rows_ || coefficients.size() != diagonal_.size())
    core::throw_usage("Lanczos: combine takes " + std::to_string(size()) +
                      " coefficients and a "
                      "vector with " +
                      std::to_string(rows_) + " rows on this rank, got " +
                      std::to_string(coefficients.size()) + " and " + std::to_string(rows));
  PetscScalar* values = nullptr;
  LINNET_CHECK(VecGetArrayWrite(b, &values));
  combine(1, coefficients.data(), values);
  LINNET_CHECK(VecRestoreArrayWrite(b, &values));
}

void Lanczos::combine(PetscInt count, const double* coefficients, double* b) const {
  const auto m = static_cast<PetscBLASInt>(size()), sets = static_cast<PetscBLASInt>(count);
  const auto n = static_cast<PetscBLASInt>(rows_), stride = static_cast<PetscBLASInt>(stride_);
  const double one = 1.0, zero = 0.0;
  if (sets == 0) return;
  std::vector<double> in_basis(static_cast<std::size_t>(m) * static_cast<std::size_t>(sets));
  BLASgemm_("N", "N", &m, &sets, &m, &one, vectors_.data(), &m, coefficients, &m, &zero,
            in_basis.data(), &m);
  if (n > 0)
    BLASgemm_("N", "N", &n, &sets, &m, &one, basis_.get(), &stride, in_basis.data(), &m, &zero, b,
              &n);
}

} // namespace linnet::linalg
