// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/pod.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/pod_methods.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace linnet::linalg {

namespace {

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

void check(Mat snapshots, const PodOptions& options) {
  PetscInt rows = 0;
  LINNET_CHECK(MatGetLocalSize(snapshots, &rows, nullptr));
  core::together(comm_of(snapshots), [&] {
    if (!(options.tolerance >= 0.0) || options.tolerance >= 1.0)
      core::throw_usage("POD: the tolerance " + std::to_string(options.tolerance) +
                        " is not in [0, 1)");
    if (options.most < 0)
      core::throw_usage("POD: " + std::to_string(options.most) + " modes were asked for");
    if (options.tile > 0 &&
        (options.method != PodMethod::gram || !options.inner_product.is_euclidean()))
      core::throw_usage("POD: tiles go with the method gram and without an inner product");
    if (options.method == PodMethod::slepc && options.inner_product.matrix)
      core::throw_usage(
          "POD: the method slepc takes no matrix as inner product; take gram or tsqr");
    if (options.method == PodMethod::slepc && !has_slepc())
      core::throw_usage(
          "POD: this Linnet was built without SLEPc; take the method gram or tsqr, or "
          "build it with libslepc-real-dev");
    if (!options.row_numbers.empty() &&
        options.row_numbers.size() != static_cast<std::size_t>(rows))
      core::throw_usage("POD: " + std::to_string(options.row_numbers.size()) +
                        " row numbers were given on a rank with " + std::to_string(rows) + " rows");
  });
}

double sum_from(const std::vector<double>& values, std::size_t first) {
  // The small ones first.
  return std::accumulate(values.rbegin(), values.rend() - static_cast<std::ptrdiff_t>(first), 0.0);
}

std::size_t columns_of(Mat m) {
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(m, nullptr, &columns));
  return static_cast<std::size_t>(columns);
}

} // namespace

double Pod::energy() const { return sum_from(eigenvalues, 0) + rest; }

std::vector<double> Pod::singular_values() const {
  std::vector<double> values(columns_of(modes.get()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sqrt(eigenvalues[i]);
  return values;
}

double Pod::projection_error() const {
  const double all = energy();
  if (all == 0.0) return 0.0;
  return std::sqrt((sum_from(eigenvalues, columns_of(modes.get())) + rest) / all);
}

PetscInt modes_kept(std::span<const double> eigenvalues, double energy, double tolerance,
                    double rounding) {
  if (eigenvalues.empty()) return 0;
  const double largest = eigenvalues.front();
  std::size_t valid = 0;
  while (valid < eigenvalues.size() && eigenvalues[valid] > 0.0 &&
         eigenvalues[valid] > rounding * largest)
    ++valid;
  const double share = tolerance * tolerance;
  std::size_t above = 0, enough = 0;
  while (above < valid && eigenvalues[above] > share * largest) ++above;
  for (double sum = 0.0; enough < valid && sum < (1.0 - share) * energy; ++enough)
    sum += eigenvalues[enough];
  return static_cast<PetscInt>(tolerance == 0.0 ? valid : std::max(above, enough));
}

void fix_signs(Mat modes, std::span<const std::int64_t> row_numbers) {
  constexpr double alike = 1.0 - 1e-6;
  PetscInt first = 0;
  LINNET_CHECK(MatGetOwnershipRange(modes, &first, nullptr));
  const LocalColumns to(modes, LocalColumns::Access::write);
  const auto n = static_cast<std::size_t>(to.columns());
  std::vector<double> largest(n, 0.0);
  // Twice the row number, plus one where the entry is negative.
  std::vector<std::int64_t> chosen(n, std::numeric_limits<std::int64_t>::max());
  for (std::size_t j = 0; j < n; ++j) {
    const double* mode = to.column(static_cast<PetscInt>(j));
    for (PetscInt i = 0; i < to.rows(); ++i) largest[j] = std::max(largest[j], std::abs(mode[i]));
  }
  MPI_Allreduce(MPI_IN_PLACE, largest.data(), static_cast<int>(n), MPI_DOUBLE, MPI_MAX,
                comm_of(modes));
  for (std::size_t j = 0; j < n; ++j) {
    const double* mode = to.column(static_cast<PetscInt>(j));
    for (PetscInt i = 0; i < to.rows(); ++i) {
      if (std::abs(mode[i]) < alike * largest[j]) continue;
      const std::int64_t number =
          row_numbers.empty() ? first + i : row_numbers[static_cast<std::size_t>(i)];
      chosen[j] = std::min(chosen[j], 2 * number + (mode[i] < 0.0 ? 1 : 0));
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, chosen.data(), static_cast<int>(n), MPI_INT64_T, MPI_MIN,
                comm_of(modes));
  for (std::size_t j = 0; j < n; ++j)
    if (chosen[j] % 2 == 1)
      for (PetscInt i = 0; i < to.rows(); ++i) to.column(static_cast<PetscInt>(j))[i] *= -1.0;
}

Pod pod(Mat snapshots, const PodOptions& options) {
  check(snapshots, options);
  Pod found = options.method == PodMethod::gram   ? pod_gram(snapshots, options)
              : options.method == PodMethod::tsqr ? pod_tsqr(snapshots, options)
                                                  : pod_slepc(snapshots, options);
  fix_signs(found.modes.get(), options.row_numbers);
  return found;
}

} // namespace linnet::linalg
