// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// One sweep J^T r of the empirical cubature, with J stored and by products of fields, beside the
/// triad of the same processor:
///   mpirun -n 1 build/benchmarks/cubature [points of a rank] [modes] [stresses]
/// Prints JSON: processor seconds of a sweep (medians), bytes and flops per second, and the triad's
/// bytes per second. Processor time, since other jobs may run beside it.
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/registry/register.hpp>
#include <linnet/rom/integrands.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

namespace rom = linnet::rom;
using linnet::core::Owned;

constexpr int repetitions = 9;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
double median_seconds(Work&& work) {
  std::vector<double> seconds;
  work();
  for (int r = 0; r < repetitions; ++r) {
    const double begin = processor_seconds();
    work();
    seconds.push_back(processor_seconds() - begin);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[repetitions / 2];
}

Owned<Mat> filled(PetscInt rows, PetscInt columns) {
  Owned<Mat> m = linnet::linalg::make_columns(PETSC_COMM_WORLD, rows, columns);
  const linnet::linalg::LocalColumns to(m.get(), linnet::linalg::LocalColumns::Access::write);
  for (PetscInt j = 0; j < columns; ++j)
    for (PetscInt i = 0; i < rows; ++i) to.column(j)[i] = 1.0 / (1.0 + i % 17 + j);
  return m;
}

nlohmann::json measured(const rom::Integrands& integrands) {
  std::vector<double> r(integrands.size(), 1.0), values(integrands.points());
  const double seconds = median_seconds([&] { integrands.project(r, values); });
  return {{"seconds", seconds},
          {"bytes_per_second", integrands.bytes_per_sweep() / seconds},
          {"flops_per_second", integrands.flops_per_sweep() / seconds}};
}

double triad_bytes_per_second() {
  constexpr std::size_t n = std::size_t{1} << 24;
  std::vector<double> a(n, 0.0), b(n, 1.0), c(n, 2.0);
  const double seconds = median_seconds([&] {
    double* to = a.data();
    for (std::size_t i = 0; i < n; ++i) to[i] = b[i] + 3.0 * c[i];
  });
  return 24.0 * static_cast<double>(n) / seconds;
}

} // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  PetscCall(LinnetInitialize());
  const auto argument = [&](int i, int otherwise) {
    return static_cast<PetscInt>(argc > i ? std::atoi(argv[i]) : otherwise);
  };
  const PetscInt points = argument(1, 48000), modes = argument(2, 17), stresses = argument(3, 18);
  nlohmann::json result{{"points", points}, {"modes", modes}, {"stresses", stresses}};
  result["triad_bytes_per_second"] = triad_bytes_per_second();
  {
    const Owned<Mat> j = filled(points, modes * stresses);
    result["stored"] = measured(rom::StoredIntegrands(j.get()));
  }
  const Owned<Mat> left = filled(6 * points, modes), right = filled(6 * points, stresses);
  result["products"] =
      measured(rom::ProductIntegrands(left.get(), right.get(), {1.0, 1.0, 1.0, 2.0, 2.0, 2.0}));
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) std::printf("%s\n", result.dump(2).c_str());
  return static_cast<int>(PetscFinalize());
}
