// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/operator_reader.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/grid/halo.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/extremes.hpp>
#include <linnet/multigrid/stencil_rows.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace linnet::multigrid {

using core::Index3;
using grid::GridMap;
using kernels::Field;
using kernels::StencilOperator;
using kernels::StencilPattern;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// Two entries of a symmetric matrix may differ by this fraction of their diagonals' geometric mean.
constexpr double symmetry_tolerance = 1e-10;

/// Couplings and row sums from entries with valid ghosts.
StencilOperator<double> symmetric_part(const RowFields& rows, StencilPattern pattern,
                                       const GridMap& map, std::vector<OneWayCoupling>& one_way,
                                       std::vector<Index3>& zero_rows) {
  StencilOperator<double> a = kernels::make_operator<double>(pattern, rows.diagonal().layout);
  const auto n = map.box().extent();
  const HostField diagonal(rows.diagonal()), decoupled(rows.decoupled());
  const HostField row_sum(a.row_sum);
  std::vector<HostField> upper, lower, coupling;
  for (int m = 0; m < rows.couplings; ++m) {
    upper.emplace_back(rows.upper(m));
    lower.emplace_back(rows.lower(m));
    coupling.emplace_back(a.couplings[static_cast<std::size_t>(m)]);
  }
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        double sum = diagonal(i, j, k), absolute = std::abs(sum);
        const bool cut = decoupled(i, j, k) != 0.0;
        if (diagonal(i, j, k) == 0.0) zero_rows.push_back({i, j, k});
        const auto add_one_way = [&](const kernels::Offset& o, double entry) {
          if (cut || decoupled(i, j, k, o) == 0.0 || entry == 0.0) return;
          if (diagonal(i, j, k, o) == 0.0)
            refuse_row({map.box().lo[0] + i, map.box().lo[1] + j, map.box().lo[2] + k},
                       map.dimension(),
                       "couples to a row without entries; boxmg needs a symmetric matrix");
          one_way.push_back({{i, j, k}, {i + o.x, j + o.y, k + o.z}, entry / diagonal(i, j, k, o)});
        };
        for (int m = 0; m < rows.couplings; ++m) {
          const auto o = kernels::upper_offset(pattern, m);
          const auto s = static_cast<std::size_t>(m);
          const kernels::Offset back{-o.x, -o.y, -o.z};
          add_one_way(o, upper[s](i, j, k));
          add_one_way(back, lower[s](i, j, k));
          if (!cut && decoupled(i, j, k, o) == 0.0) {
            const double ij = upper[s](i, j, k), ji = lower[s](i, j, k, o);
            const double scale = std::sqrt(diagonal(i, j, k) * diagonal(i, j, k, o));
            if (std::abs(ij - ji) > symmetry_tolerance * scale)
              refuse_row({map.box().lo[0] + i, map.box().lo[1] + j, map.box().lo[2] + k},
                         map.dimension(),
                         "entry " + std::to_string(ij) + " and its transpose " +
                             std::to_string(ji) + " differ; boxmg needs a symmetric matrix");
            coupling[s](i, j, k) = -0.5 * (ij + ji);
            sum += ij;
            absolute += std::abs(ij);
          }
          if (!cut && decoupled(i, j, k, back) == 0.0) {
            sum += lower[s](i, j, k);
            absolute += std::abs(lower[s](i, j, k));
          }
        }
        // A row sum that is all rounding error is zero: the constant is in the null space there.
        row_sum(i, j, k) = std::abs(sum) <= 8.0 * epsilon * absolute ? 0.0 : sum;
      }
  Kokkos::deep_copy(a.row_sum.values, row_sum.values);
  for (std::size_t m = 0; m < coupling.size(); ++m)
    Kokkos::deep_copy(a.couplings[m].values, coupling[m].values);
  return a;
}

std::int64_t count_flags(const Field<double>& flags, MPI_Comm comm) {
  auto count = static_cast<std::int64_t>(kernels::dot(flags, flags));
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, comm);
  return count;
}

StencilOperator<double> from_rows(Mat matrix, GridMap& map, MPI_Comm comm, ReadOperator& read,
                                  std::vector<Index3>& zero_rows) {
  const bool solid = map.dimension() == 3;
  // Most matrices are stars; the others are read once more.
  StencilPattern pattern = solid ? StencilPattern::star3d : StencilPattern::star2d;
  std::optional<RowFields> read_fields = read_rows(matrix, map, pattern);
  if (!read_fields) {
    pattern = solid ? StencilPattern::box3d : StencilPattern::box2d;
    read_fields = read_rows(matrix, map, pattern);
  }
  RowFields& rows = *read_fields;
  Index3 width{1, 1, map.dimension() == 3 ? 1 : 0};
  for (std::size_t d = 0; d < 3; ++d)
    if (map.partition().points()[d] == 1) width[d] = 0;
  grid::Halo halo(comm, map.partition(), width, grid::HaloShape::box);
  halo.exchange(rows.fields);
  read.decoupled_rows = count_flags(rows.decoupled(), comm);
  StencilOperator<double> a;
  core::together(comm, [&] { a = symmetric_part(rows, pattern, map, read.one_way, zero_rows); });
  halo.exchange(a.couplings);
  return a;
}

// The coefficients themselves: views, no copies.
StencilOperator<double> from_stencil(const grid::StencilData& data) {
  StencilOperator<double> a;
  a.pattern = data.pattern;
  a.couplings = data.couplings;
  a.row_sum = data.row_sum;
  return a;
}

double largest_magnitude(const StencilOperator<double>& a, MPI_Comm comm) {
  double largest = kernels::largest_magnitude(a.row_sum);
  for (const auto& c : a.couplings) largest = std::max(largest, kernels::largest_magnitude(c));
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm);
  return largest;
}

int exponent_of(double magnitude) { return magnitude > 0.0 ? std::ilogb(magnitude) : 0; }

// After the exponent has been found, which they must not change.
void fill_zero_rows(const std::vector<Index3>& rows, MPI_Comm comm, ReadOperator& read) {
  read.zero_rows = static_cast<std::int64_t>(rows.size());
  MPI_Allreduce(MPI_IN_PLACE, &read.zero_rows, 1, MPI_INT64_T, MPI_SUM, comm);
  read.decoupled_rows -= read.zero_rows;
  if (rows.empty()) return;
  const HostField row_sum(read.a.row_sum);
  for (const Index3& p : rows) row_sum(p[0], p[1], p[2]) = std::ldexp(1.0, read.exponent);
  Kokkos::deep_copy(read.a.row_sum.values, row_sum.values);
}

} // namespace

ReadOperator read_operator(Mat matrix, GridMap& map) {
  ReadOperator read;
  MPI_Comm comm;
  LINNET_CHECK(PetscObjectGetComm(reinterpret_cast<PetscObject>(matrix), &comm));
  PetscBool is_stencil;
  LINNET_CHECK(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(matrix), MATSTENCIL, &is_stencil));
  const grid::StencilData* data = nullptr;
  if (is_stencil && map.has_da() && !map.has_short_wrap())
    LINNET_CHECK(grid::MatStencilGetData(matrix, &data));
  std::vector<Index3> zero_rows;
  read.a = data ? from_stencil(*data) : from_rows(matrix, map, comm, read, zero_rows);
  read.exponent = exponent_of(data && data->largest_magnitude ? *data->largest_magnitude
                                                              : largest_magnitude(read.a, comm));
  fill_zero_rows(zero_rows, comm, read);
  return read;
}

} // namespace linnet::multigrid
