// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/symmetric_eigen.hpp>

#include <linnet/core/agreement.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <string>

// Divide and conquer, several times as fast as dsyev; PETSc's header does not declare it.
extern "C" void dsyevd_(const char*, const char*, const PetscBLASInt*, double*, const PetscBLASInt*,
                        double*, double*, const PetscBLASInt*, PetscBLASInt*, const PetscBLASInt*,
                        PetscBLASInt*);

namespace linnet::linalg {

namespace {

/// The work space of dsyevd is counted by a 32-bit integer.
constexpr PetscInt most_rows = 32000;

void require_finite(const std::vector<double>& a) {
  if (!std::all_of(a.begin(), a.end(), [](double v) { return std::isfinite(v); }))
    core::throw_data("symmetric eigenvalues: the matrix has entries that are not finite");
}

/// The columns of @p a become eigenvectors; the eigenvalues ascend.
std::vector<double> decompose(PetscInt rows, std::vector<double>& a) {
  const auto n = static_cast<PetscBLASInt>(rows);
  std::vector<double> values(static_cast<std::size_t>(n));
  const auto order = static_cast<std::size_t>(n);
  std::vector<double> work(1 + 6 * order + 2 * order * order);
  std::vector<PetscBLASInt> integers(3 + 5 * order);
  const auto room = static_cast<PetscBLASInt>(work.size());
  const auto integer_room = static_cast<PetscBLASInt>(integers.size());
  PetscBLASInt info = 0;
  dsyevd_("V", "U", &n, a.data(), &n, values.data(), work.data(), &room, integers.data(),
          &integer_room, &info);
  if (info != 0)
    throw core::Error(core::ExitCode::internal,
                      "symmetric eigenvalues: dsyevd ended with info " + std::to_string(info));
  return values;
}

/// So that it does not hang on rounding.
void fix_sign(double* column, std::size_t n) {
  const auto smaller = [](double a, double b) { return std::abs(a) < std::abs(b); };
  if (*std::max_element(column, column + n, smaller) >= 0.0) return;
  for (std::size_t i = 0; i < n; ++i) column[i] = -column[i];
}

} // namespace

SymmetricEigen symmetric_eigen(MPI_Comm comm, PetscInt n, std::vector<double> a) {
  if (n > most_rows)
    core::throw_usage("symmetric eigenvalues: a matrix of " + std::to_string(n) +
                      " rows; at most " + std::to_string(most_rows) + " are allowed");
  const auto rows = static_cast<std::size_t>(n);
  SymmetricEigen result{std::vector<double>(rows), std::vector<double>(rows * rows)};
  if (n == 0) return result;
  core::on_first_rank(comm, [&] {
    require_finite(a);
    const std::vector<double> ascending = decompose(n, a);
    for (std::size_t j = 0; j < rows; ++j) {
      result.values[j] = ascending[rows - 1 - j];
      const auto column = a.begin() + static_cast<std::ptrdiff_t>((rows - 1 - j) * rows);
      std::copy_n(column, rows, result.vectors.begin() + static_cast<std::ptrdiff_t>(j * rows));
      fix_sign(result.vectors.data() + j * rows, rows);
    }
  });
  MPI_Bcast(result.values.data(), static_cast<int>(n), MPI_DOUBLE, 0, comm);
  for (std::size_t j = 0; j < rows; ++j)
    MPI_Bcast(result.vectors.data() + j * rows, static_cast<int>(n), MPI_DOUBLE, 0, comm);
  return result;
}

} // namespace linnet::linalg
