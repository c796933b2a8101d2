// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/constant_couplings.hpp>

#include <linnet/kernels/stencil/coupling_range.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::multigrid {

namespace {

constexpr int row_step = 4;
// Relative difference of couplings that count as equal.
constexpr double same = 1e-6;
// Point smoothing and full coarsening cope with couplings that differ by this factor.
constexpr double most_anisotropy = 2.0;

} // namespace

ConstantCouplings sample_constant(MPI_Comm comm, const grid::Partition& cut,
                                  const kernels::StencilOperator<double>& a) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  const auto box = cut.box(rank);
  const auto points = cut.points();
  const std::size_t dimension = kernels::is_three_dimensional(a.pattern) ? 3 : 2;
  core::Index3 first{0, 0, 0}, step{1, 1, 1};
  for (std::size_t d = 1; d < dimension; ++d) {
    step[d] = row_step;
    first[d] = (row_step - box.lo[d] % row_step) % row_step;
  }
  double found[9];
  for (std::size_t d = 0; d < 3; ++d) {
    kernels::CouplingRange range;
    if (d < dimension) {
      // The last point of a grid that does not wrap has no coupling.
      core::Index3 ends = box.extent();
      if (!cut.periodic()[d] && box.hi[d] == points[d]) --ends[d];
      range = kernels::sample_couplings(a.couplings[d], ends, first, step);
    }
    found[3 * d] = range.largest, found[3 * d + 1] = range.least, found[3 * d + 2] = range.gap;
  }
  MPI_Allreduce(MPI_IN_PLACE, found, 9, MPI_DOUBLE, MPI_MAX, comm);
  ConstantCouplings result;
  result.holds = true;
  double largest = -INFINITY, least = INFINITY;
  for (std::size_t d = 0; d < dimension; ++d) {
    const double high = found[3 * d], low = -found[3 * d + 1];
    result.gaps = result.gaps || found[3 * d + 2] == 0.0;
    result.holds = result.holds && std::isfinite(high) && high - low <= same;
    result.value[d] = std::exp(high);
    largest = std::max(largest, high), least = std::min(least, low);
  }
  result.holds = result.holds && largest - least <= std::log(most_anisotropy) + same;
  return result;
}

} // namespace linnet::multigrid
