// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/point_values.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <string>
#include <unordered_map>

namespace linnet::rom {

std::vector<std::int64_t> find_points(MPI_Comm comm, std::span<const std::int64_t> numbers,
                                      std::span<const std::int64_t> points) {
  std::unordered_map<std::int64_t, std::vector<std::size_t>> places;
  for (std::size_t j = 0; j < points.size(); ++j) places[points[j]].push_back(j);
  std::vector<std::int64_t> local(points.size(), -1);
  std::vector<int> times(points.size(), 0);
  for (std::size_t g = 0; g < numbers.size(); ++g)
    if (const auto at = places.find(numbers[g]); at != places.end())
      for (const std::size_t j : at->second) {
        local[j] = static_cast<std::int64_t>(g);
        ++times[j];
      }
  MPI_Allreduce(MPI_IN_PLACE, times.data(), static_cast<int>(times.size()), MPI_INT, MPI_SUM, comm);
  for (std::size_t j = 0; j < points.size(); ++j)
    if (times[j] != 1)
      core::throw_data("values at points: the point " + std::to_string(points[j]) + " occurs " +
                       std::to_string(times[j]) + " times; take points of the same mesh");
  return local;
}

std::vector<double> values_at(Mat fields, std::span<const std::int64_t> numbers,
                              std::span<const std::int64_t> points, PetscInt components) {
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(fields));
  const linalg::LocalColumns from(fields, linalg::LocalColumns::Access::read);
  core::together(comm, [&] {
    if (components < 1 || from.rows() != components * static_cast<PetscInt>(numbers.size()))
      core::throw_usage("values at points: " + std::to_string(from.rows()) +
                        " rows on a rank are not those of " + std::to_string(numbers.size()) +
                        " points with " + std::to_string(components) + " components");
  });
  const std::vector<std::int64_t> local = find_points(comm, numbers, points);
  const auto per_point = static_cast<std::size_t>(components);
  const std::size_t rows = per_point * points.size();
  std::vector<double> values(rows * static_cast<std::size_t>(from.columns()), 0.0);
  for (std::size_t k = 0; k < local.size(); ++k) {
    if (local[k] < 0) continue;
    for (PetscInt j = 0; j < from.columns(); ++j)
      for (std::size_t c = 0; c < per_point; ++c)
        values[per_point * k + c + rows * static_cast<std::size_t>(j)] =
            from.column(j)[components * local[k] + static_cast<std::int64_t>(c)];
  }
  linalg::sum_over_ranks(comm, values);
  return values;
}

} // namespace linnet::rom
