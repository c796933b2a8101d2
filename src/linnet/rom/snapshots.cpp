// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/snapshots.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/rom/column_files.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::rom {

namespace {

MPI_Comm comm_of(Vec v) { return PetscObjectComm(reinterpret_cast<PetscObject>(v)); }

} // namespace

Snapshots::Snapshots(MPI_Comm comm, std::span<const std::int64_t> numbers, std::int64_t most_bytes)
    : order_(comm, numbers), columns_(comm, static_cast<PetscInt>(numbers.size())),
      most_bytes_(most_bytes) {}

Snapshots::Snapshots(Vec like, std::int64_t most_bytes)
    : Snapshots(comm_of(like), linalg::row_numbers(like), most_bytes) {}

void Snapshots::append(std::span<const double> values, double label) {
  core::together(columns_.comm(), [&] {
    if (values.size() != static_cast<std::size_t>(columns_.local_rows()))
      core::throw_usage("snapshots: " + std::to_string(values.size()) +
                        " values were given on a rank with " +
                        std::to_string(columns_.local_rows()) + " rows");
    const std::int64_t needed =
        (std::int64_t{size()} + 1) * order_.rows() * static_cast<std::int64_t>(sizeof(double));
    if (most_bytes_ > 0 && needed > most_bytes_)
      core::throw_usage("snapshots: " + std::to_string(size() + 1) + " of them take " +
                        std::to_string(needed) + " bytes, and " + std::to_string(most_bytes_) +
                        " were allowed; take fewer of them or allow more");
    if (!std::isfinite(label) ||
        !std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }))
      core::throw_data("snapshots: number " + std::to_string(size() + 1) +
                       " has values that are not finite");
  });
  columns_.append(values);
  labels_.push_back(label);
}

void Snapshots::append(Vec v, double label) {
  PetscInt rows = 0;
  LINNET_CHECK(VecGetLocalSize(v, &rows));
  const io::VecReadArray values(v);
  append(std::span<const double>(values.data(), static_cast<std::size_t>(rows)), label);
}

void write_snapshots(MPI_Comm comm, const std::string& path,
                     const std::map<std::string, const Snapshots*>& snapshots) {
  write_atomically(comm, path, [&](io::H5File& file) {
    file.create_group("/snapshots");
    for (const auto& [name, all] : snapshots) {
      const std::string group = "/snapshots/" + name;
      file.create_group(group);
      write_columns(file, group + "/values", all->columns(), all->order());
      write_numbers(file, group + "/label", all->labels());
    }
  });
}

PetscInt read_snapshots(const std::string& path, const std::string& name, Snapshots& to) {
  const std::string group = "/snapshots/" + name;
  const MPI_Comm comm = to.columns().comm();
  const linalg::ColumnStore read = read_columns(comm, path, group + "/values", to.order());
  const std::vector<double> labels = read_numbers(comm, path, group + "/label");
  core::together(comm, [&] {
    if (labels.size() != static_cast<std::size_t>(read.size()))
      core::throw_data(path + ": has " + std::to_string(read.size()) + " snapshots and " +
                       std::to_string(labels.size()) + " labels in " + group);
  });
  for (PetscInt j = 0; j < read.size(); ++j)
    to.append(read.column(j), labels[static_cast<std::size_t>(j)]);
  return read.size();
}

} // namespace linnet::rom
