// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/point_gather.hpp>

#include <linnet/rom/point_values.hpp>

#include <algorithm>

namespace linnet::rom {

PointGather::PointGather(MPI_Comm comm, std::span<const std::int64_t> numbers,
                         std::span<const std::int64_t> points)
    : comm_(comm), local_(find_points(comm, numbers, points)) {}

// Every other rank adds zeros, which leaves the bits of the owner.
std::vector<double> PointGather::operator()(std::span<const double> values, int components) const {
  const auto width = static_cast<std::size_t>(components);
  std::vector<double> all(width * size(), 0.0);
  for (std::size_t i = 0; i < size(); ++i)
    if (local_[i] >= 0)
      std::copy_n(values.data() + width * static_cast<std::size_t>(local_[i]), width,
                  all.data() + width * i);
  MPI_Allreduce(MPI_IN_PLACE, all.data(), static_cast<int>(all.size()), MPI_DOUBLE, MPI_SUM, comm_);
  return all;
}

std::vector<int> PointGather::operator()(std::span<const int> values) const {
  std::vector<int> all(size(), 0);
  for (std::size_t i = 0; i < size(); ++i)
    if (local_[i] >= 0) all[i] = values[static_cast<std::size_t>(local_[i])];
  MPI_Allreduce(MPI_IN_PLACE, all.data(), static_cast<int>(all.size()), MPI_INT, MPI_SUM, comm_);
  return all;
}

} // namespace linnet::rom
