// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/tall_skinny_qr.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace linnet::linalg {

namespace {

constexpr int tag = 61;

void send(MPI_Comm comm, int to, const std::vector<double>& values) {
  MPI_Send(values.data(), static_cast<int>(values.size()), MPI_DOUBLE, to, tag, comm);
}

std::vector<double> receive(MPI_Comm comm, int from) {
  MPI_Status status;
  MPI_Probe(from, tag, comm, &status);
  int count = 0;
  MPI_Get_count(&status, MPI_DOUBLE, &count);
  std::vector<double> values(static_cast<std::size_t>(count));
  MPI_Recv(values.data(), count, MPI_DOUBLE, from, tag, comm, MPI_STATUS_IGNORE);
  return values;
}

/// Matrices of @p columns columns on top of each other.
std::vector<double> stacked(std::size_t columns, const std::vector<double>& upper,
                            const std::vector<double>& lower) {
  const std::size_t m = upper.size() / columns, n = lower.size() / columns;
  std::vector<double> all(upper.size() + lower.size());
  for (std::size_t j = 0; j < columns; ++j) {
    for (std::size_t i = 0; i < m; ++i) all[i + (m + n) * j] = upper[i + m * j];
    for (std::size_t i = 0; i < n; ++i) all[m + i + (m + n) * j] = lower[i + n * j];
  }
  return all;
}

std::vector<double> rows_of(const std::vector<double>& all, std::size_t stride, std::size_t first,
                            std::size_t count, std::size_t columns) {
  std::vector<double> part(count * columns);
  for (std::size_t j = 0; j < columns; ++j)
    for (std::size_t i = 0; i < count; ++i) part[i + count * j] = all[first + i + stride * j];
  return part;
}

/// This rank's rows without gaps; false where a value is not finite.
bool copy_rows(Mat columns, std::span<const double> scale, std::vector<double>& values) {
  const LocalColumns from(columns, LocalColumns::Access::read);
  values.reserve(static_cast<std::size_t>(from.rows()) * static_cast<std::size_t>(from.columns()));
  bool finite = true;
  for (PetscInt j = 0; j < from.columns(); ++j)
    for (PetscInt i = 0; i < from.rows(); ++i) {
      values.push_back(from.column(j)[i] *
                       (scale.empty() ? 1.0 : scale[static_cast<std::size_t>(i)]));
      finite = finite && std::isfinite(values.back());
    }
  return finite;
}

} // namespace

TallSkinnyQr::TallSkinnyQr(Mat columns, std::span<const double> row_scale)
    : comm_(PetscObjectComm(reinterpret_cast<PetscObject>(columns))) {
  PetscInt count = 0;
  LINNET_CHECK(MatGetLocalSize(columns, &local_rows_, nullptr));
  LINNET_CHECK(MatGetSize(columns, nullptr, &count));
  const auto n = static_cast<std::size_t>(count);
  core::together(comm_, [&] {
    std::vector<double> values;
    if (!copy_rows(columns, row_scale, values))
      core::throw_data("QR factors: a column has values that are not finite");
    own_ = Reflections(static_cast<std::size_t>(local_rows_), n, std::move(values));
  });
  if (n > 0) climb(n);
  auto all = static_cast<std::uint64_t>(rank_);
  MPI_Bcast(&all, 1, MPI_UINT64_T, 0, comm_);
  rank_ = static_cast<std::size_t>(all);
}

void TallSkinnyQr::climb(std::size_t columns) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm_, &rank);
  MPI_Comm_size(comm_, &ranks);
  std::vector<double> r = own_.r();
  for (int step = 1; step < ranks; step *= 2) {
    if (rank % (2 * step) != 0) {
      parent_ = rank - step;
      send(comm_, parent_, r);
      return;
    }
    if (rank + step >= ranks) continue;
    const std::vector<double> lower = receive(comm_, rank + step);
    const std::size_t upper = r.size() / columns, rows = upper + lower.size() / columns;
    stacks_.push_back({rank + step, upper, Reflections(rows, columns, stacked(columns, r, lower))});
    r = stacks_.back().factor.r();
  }
  rank_ = r.size() / columns;
  r_ = std::move(r);
}

core::Owned<Mat> TallSkinnyQr::times(std::size_t columns, const std::vector<double>& t) const {
  core::Owned<Mat> result = make_columns(comm_, local_rows_, static_cast<PetscInt>(columns));
  if (columns == 0) return result;
  std::vector<double> part = parent_ < 0 ? t : receive(comm_, parent_);
  for (auto stack = stacks_.rbegin(); stack != stacks_.rend(); ++stack) {
    const std::size_t rows = stack->factor.rows();
    const std::vector<double> both = stack->factor.times(columns, part);
    send(comm_, stack->partner, rows_of(both, rows, stack->upper, rows - stack->upper, columns));
    part = rows_of(both, rows, 0, stack->upper, columns);
  }
  const std::vector<double> values = own_.times(columns, part);
  const LocalColumns to(result.get(), LocalColumns::Access::write);
  for (PetscInt j = 0; j < to.columns(); ++j)
    std::copy_n(values.data() + std::ptrdiff_t{j} * local_rows_, local_rows_, to.column(j));
  return result;
}

} // namespace linnet::linalg
