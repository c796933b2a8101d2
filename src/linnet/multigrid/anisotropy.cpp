// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/anisotropy.hpp>

#include <linnet/kernels/stencil/direction_strength.hpp>

#include <algorithm>
#include <numeric>

namespace linnet::multigrid {

namespace {

using Counts = std::array<std::int64_t, kernels::strength_bins>;

int median_bin(const Counts& counts) {
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  std::int64_t below = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    below += counts[b];
    if (2 * below >= total) return static_cast<int>(b);
  }
  return 0;
}

kernels::StrengthCounts count_on_all_ranks(MPI_Comm comm, const grid::Partition& cut,
                                           const std::array<bool, 3>& active,
                                           const kernels::StencilOperator<double>& a) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  const auto box = cut.box(rank);
  core::Index3 first, step;
  for (std::size_t d = 0; d < 3; ++d) {
    step[d] = cut.points()[d] < 12 ? 1 : 3;
    first[d] = (step[d] - box.lo[d] % step[d]) % step[d];
  }
  auto counts = kernels::count_direction_strengths(a, active, first, step);
  MPI_Allreduce(MPI_IN_PLACE, counts[0].data(), 3 * kernels::strength_bins, MPI_INT64_T, MPI_SUM,
                comm);
  return counts;
}

} // namespace

Anisotropy measure_anisotropy(MPI_Comm comm, const grid::Partition& cut,
                              const kernels::StencilOperator<double>& a) {
  std::array<bool, 3> active;
  for (std::size_t d = 0; d < 3; ++d) active[d] = cut.points()[d] > 1;
  const auto counts = count_on_all_ranks(comm, cut, active, a);
  Anisotropy found;
  for (std::size_t d = 0; d < 3; ++d)
    if (active[d]) found.strength[d] = -median_bin(counts[d]);
  return found;
}

} // namespace linnet::multigrid
