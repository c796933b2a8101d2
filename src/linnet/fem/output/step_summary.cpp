// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/output/step_summary.hpp>

#include <linnet/io/vec_array.hpp>
#include <linnet/kernels/solid/von_mises.hpp>

#include <algorithm>

namespace linnet::fem {
namespace {

struct PointSums {
  double volume = 0, p = 0, von_mises = 0, max_p = 0, max_von_mises = 0;
};

PointSums sums_of_rank(const SolidModel& model) {
  const kernels::Array<double> weights = model.weights(), state = model.new_state(),
                               stress = model.stress();
  const int width = model.state_size();
  PointSums sums;
  Kokkos::parallel_reduce(
      "linnet::fem::summary",
      Kokkos::RangePolicy<kernels::ExecutionSpace>(0, static_cast<int>(model.points())),
      KOKKOS_LAMBDA(int i, double& volume, double& p, double& mises, double& max_p,
                    double& max_mises) {
        const double here = state(static_cast<std::ptrdiff_t>(i) * width + 6);
        const double equivalent =
            kernels::von_mises(stress.data() + 6 * static_cast<std::ptrdiff_t>(i));
        volume += weights(i);
        p += weights(i) * here;
        mises += weights(i) * equivalent;
        if (here > max_p) max_p = here;
        if (equivalent > max_mises) max_mises = equivalent;
      },
      sums.volume, sums.p, sums.von_mises, Kokkos::Max<double>(sums.max_p),
      Kokkos::Max<double>(sums.max_von_mises));
  return sums;
}

/// Sum of the owned nodes' vectors among @p nodes, and in the fourth place their number.
std::array<double, 4> sum_over(const Mesh& mesh, const std::vector<PetscInt>& nodes, Vec values) {
  std::array<double, 4> sum{};
  const io::VecReadArray array(values);
  for (const PetscInt node : nodes) {
    if (node >= mesh.owned_nodes()) continue;
    for (int c = 0; c < 3; ++c) sum[std::size_t(c)] += array.data()[3 * node + c];
    sum[3] += 1.0;
  }
  MPI_Allreduce(MPI_IN_PLACE, sum.data(), 4, MPI_DOUBLE, MPI_SUM, mesh.comm());
  return sum;
}

} // namespace

StepSummary summarise(const SolidModel& model, Vec u) {
  const PointSums mine = sums_of_rank(model);
  double sums[3] = {mine.volume, mine.p, mine.von_mises};
  double extremes[2] = {mine.max_p, mine.max_von_mises};
  // A rank without cells has found no maximum.
  for (double& extreme : extremes) extreme = std::max(extreme, 0.0);
  MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_DOUBLE, MPI_SUM, model.mesh().comm());
  MPI_Allreduce(MPI_IN_PLACE, extremes, 2, MPI_DOUBLE, MPI_MAX, model.mesh().comm());
  PetscReal largest;
  LINNET_CHECK(VecNorm(u, NORM_INFINITY, &largest));
  return {sums[0], sums[1] / sums[0], extremes[0], sums[2] / sums[0], extremes[1], largest};
}

std::array<double, 3> mean_over_group(const Mesh& mesh, const std::string& group, Vec values) {
  const auto sum = sum_over(mesh, mesh.nodes_of(group), values);
  return {sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]};
}

std::array<double, 3> sum_over_group(const Mesh& mesh, const std::string& group, Vec values) {
  const auto sum = sum_over(mesh, mesh.nodes_of(group), values);
  return {sum[0], sum[1], sum[2]};
}

std::array<double, 3> resultant(Vec values) {
  std::array<double, 3> sum{};
  PetscInt size;
  LINNET_CHECK(VecGetLocalSize(values, &size));
  {
    const io::VecReadArray array(values);
    for (PetscInt i = 0; i < size; ++i) sum[std::size_t(i % 3)] += array.data()[i];
  }
  MPI_Allreduce(MPI_IN_PLACE, sum.data(), 3, MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(values)));
  return sum;
}

} // namespace linnet::fem
