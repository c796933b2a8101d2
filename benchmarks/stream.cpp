// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Bandwidth of the memory by the triad a = b + s c, all ranks at once.
///   mpirun -n 2 build/benchmarks/stream [values per array, all ranks together]
/// Prints JSON: the median and the best of the repetitions in bytes per second, with 24 bytes per
/// value as STREAM counts them and with the 8 more by which a line is fetched before it is written.
#include <mpi.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr int repetitions = 15;

void triad(std::vector<double>& a, const std::vector<double>& b, const std::vector<double>& c) {
  double* to = a.data();
  const double* x = b.data();
  const double* y = c.data();
  const std::size_t n = a.size();
  for (std::size_t i = 0; i < n; ++i) to[i] = x[i] + 3.0 * y[i];
}

double seconds_of_all(std::vector<double>& a, const std::vector<double>& b,
                      const std::vector<double>& c) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = MPI_Wtime();
  triad(a, b, c);
  MPI_Barrier(MPI_COMM_WORLD);
  double seconds = MPI_Wtime() - begin;
  MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return seconds;
}

} // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const long long total = argc > 1 ? std::atoll(argv[1]) : 1LL << 25;
  const auto mine = static_cast<std::size_t>(std::max(1LL, total / ranks));
  std::vector<double> a(mine, 0.0), b(mine, 1.0), c(mine, 2.0), seconds;
  seconds_of_all(a, b, c); // pages are mapped
  for (int r = 0; r < repetitions; ++r) seconds.push_back(seconds_of_all(a, b, c));
  std::sort(seconds.begin(), seconds.end());
  const bool right = std::all_of(a.begin(), a.end(), [](double v) { return v == 7.0; });
  const double values = static_cast<double>(mine) * ranks;
  const double median = values / seconds[repetitions / 2], best = values / seconds.front();
  if (rank == 0) {
    const nlohmann::json result{{"ranks", ranks},
                                {"values", values},
                                {"right", right},
                                {"bytes_per_second", 24.0 * median},
                                {"best_bytes_per_second", 24.0 * best},
                                {"bytes_per_second_with_fetched_lines", 32.0 * median}};
    std::printf("%s\n", result.dump().c_str());
  }
  MPI_Finalize();
  return right ? 0 : 1;
}
