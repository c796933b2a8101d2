// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/field_reader.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/h5_file.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/io/vec_layout.hpp>

#include <cmath>

namespace linnet::io {
namespace {

/// Global position of entry @p index of the local array of @p slab.
Shape position(const Slab& slab, std::int64_t index) {
  Shape result(slab.count.size());
  for (std::size_t d = result.size(); d-- > 0;) {
    result[d] = slab.offset[d] + index % slab.count[d];
    index /= slab.count[d];
  }
  return result;
}

void require_finite(const std::string& path, const std::string& dataset, const Slab& slab,
                    const double* data) {
  const std::int64_t n = slab.size();
  for (std::int64_t i = 0; i < n; ++i)
    if (!std::isfinite(data[i]))
      core::throw_data(path + ": dataset '" + dataset + "' holds " + std::to_string(data[i]) +
                       " at index " + to_string(position(slab, i)) + "; all values must be finite");
}

} // namespace

void read_field(const std::string& path, const std::string& dataset, Vec values,
                const ReadOptions& options) {
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(values));
  VecLayout layout;
  core::together(comm, [&] {
    layout = layout_of(values);
    if (layout.dim == 0)
      throw core::Error(core::ExitCode::internal, "read_field needs a vector of a DMDA");
  });
  H5File file = H5File::open(comm, path);
  file.require(dataset, layout.full_shape(), options.integer_only);
  const VecWriteArray array(values);
  file.read(dataset, layout.full_slab(), array.data());
  if (options.require_finite)
    core::together(comm, [&] { require_finite(path, dataset, layout.full_slab(), array.data()); });
}

std::vector<double> read_array(MPI_Comm comm, const std::string& path, const std::string& dataset,
                               const std::vector<std::int64_t>& shape, const ReadOptions& options) {
  const Slab all{Shape(shape.size(), 0), shape};
  std::vector<double> values;
  core::on_first_rank(comm, [&] {
    const H5File file = H5File::open(MPI_COMM_SELF, path);
    file.require(dataset, shape, options.integer_only);
    values.resize(static_cast<std::size_t>(all.size()));
    file.read(dataset, all, values.data());
    if (options.require_finite) require_finite(path, dataset, all, values.data());
  });
  values.resize(static_cast<std::size_t>(all.size()));
  constexpr std::size_t piece = std::size_t{1} << 28; // MPI counts are 32-bit
  for (std::size_t i = 0; i < values.size(); i += piece)
    MPI_Bcast(values.data() + i, static_cast<int>(std::min(piece, values.size() - i)), MPI_DOUBLE,
              0, comm);
  return values;
}

std::vector<std::int64_t> read_shape(MPI_Comm comm, const std::string& path,
                                     const std::string& dataset) {
  std::vector<std::int64_t> shape;
  core::on_first_rank(comm, [&] {
    const DatasetInfo info = H5File::open(MPI_COMM_SELF, path).info(dataset);
    if (info.kind == DatasetInfo::Kind::other)
      core::throw_data(path + ": dataset '" + dataset +
                       "' does not hold numbers; floating-point or integer is allowed");
    shape = info.shape;
  });
  int rank = static_cast<int>(shape.size());
  MPI_Bcast(&rank, 1, MPI_INT, 0, comm);
  shape.resize(static_cast<std::size_t>(rank));
  MPI_Bcast(shape.data(), rank, MPI_INT64_T, 0, comm);
  return shape;
}

} // namespace linnet::io
