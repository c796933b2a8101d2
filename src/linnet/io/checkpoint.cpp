// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/checkpoint.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/checksum.hpp>
#include <linnet/io/h5_file.hpp>
#include <linnet/io/h5_layout.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/io/vec_layout.hpp>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <vector>

namespace linnet::io {
namespace {

constexpr const char* format_name = "linnet-checkpoint-1";

/// Sum over all numbers of a hash of place and bits: the same for every distribution over ranks.
std::int64_t checksum(MPI_Comm comm, const VecLayout& layout, const double* local) {
  std::uint64_t sum = 0;
  visit_places(layout,
               [&](std::int64_t i, std::uint64_t place) { sum += number_hash(place, local[i]); });
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm);
  return std::bit_cast<std::int64_t>(sum);
}

template <class Map>
void write_values(H5File& file, const std::string& group, const Map& values) {
  file.create_group(group);
  for (const auto& [name, value] : values) file.write_attribute(group, name, value);
}

void write_vector(H5File& file, const std::string& name, Vec vec) {
  const std::string dataset = "/vectors/" + name;
  VecLayout layout;
  core::together(file.comm(), [&] { layout = layout_of(vec); });
  const VecReadArray array(vec);
  file.create_dataset(dataset, NumberType::float64, layout.full_shape());
  file.write_attribute(dataset, "checksum", checksum(file.comm(), layout, array.data()));
  file.write(dataset, layout.full_slab(), array.data());
}

std::int64_t total_bytes(const CheckpointState& state) {
  std::int64_t bytes = 1 << 20; // metadata
  for (const auto& entry : state.vectors)
    bytes += 8 * Slab{{}, layout_of(entry.second).full_shape()}.size();
  for (const auto& entry : state.strings) bytes += static_cast<std::int64_t>(entry.second.size());
  return bytes;
}

void write_state(MPI_Comm comm, const std::string& path, const CheckpointState& state) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  H5File file = H5File::create(comm, path);
  core::on_first_rank(comm, [&] { reserve_space(path, 0, total_bytes(state)); });
  file.write_attribute("/", "format", format_name);
  file.write_attribute("/", "linnet_version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")");
  file.write_attribute("/", "application", state.application);
  file.write_attribute("/", "ranks", std::int64_t{ranks});
  write_values(file, "/reals", state.reals);
  write_values(file, "/integers", state.integers);
  write_values(file, "/strings", state.strings);
  file.create_group("/vectors");
  for (const auto& [name, vec] : state.vectors) write_vector(file, name, vec);
  file.close();
}

/// Formats without checksums are refused unopened: HDF5 notices damage in them late or not at all.
void require_checksums(const std::string& path) {
  if (lacks_checksums(path))
    core::throw_data(path + ": is not a checkpoint of the format " + format_name +
                     ": its HDF5 format has no checksums; use the file as the app wrote it");
}

void require_header(const H5File& file, const CheckpointState& state, bool any_ranks) {
  const std::string format =
      file.has_attribute("/", "format") ? file.read_string("/", "format") : "";
  if (format != format_name)
    core::throw_data(file.path() + ": is not a checkpoint of the format " + format_name +
                     (format.empty() || format.size() > 60
                          ? ""
                          : ", but a file of " + format + "; go on with the options of its run"));
  const std::string application = file.read_string("/", "application");
  if (application != state.application)
    core::throw_data(file.path() + ": is a checkpoint of '" + application + "', not of '" +
                     state.application + "'");
  int ranks = 1;
  MPI_Comm_size(file.comm(), &ranks);
  const std::int64_t written = file.read_integer("/", "ranks");
  if (written != ranks && !any_ranks)
    core::throw_data(file.path() + ": was written by " + std::to_string(written) +
                     " ranks and this run has " + std::to_string(ranks) +
                     "; use the same number of ranks");
}

std::vector<double> read_vector(const H5File& file, const std::string& name, Vec vec) {
  const std::string dataset = "/vectors/" + name;
  VecLayout layout;
  core::together(file.comm(), [&] { layout = layout_of(vec); });
  file.require(dataset, layout.full_shape());
  const std::int64_t expected = file.read_integer(dataset, "checksum");
  std::vector<double> values(static_cast<std::size_t>(layout.full_slab().size()));
  file.read(dataset, layout.full_slab(), values.data());
  if (checksum(file.comm(), layout, values.data()) != expected)
    core::throw_data(file.path() + ": dataset '" + dataset + "' is damaged (wrong checksum)");
  return values;
}

} // namespace

void save_checkpoint(MPI_Comm comm, const std::string& path, const CheckpointState& state) {
  const std::string temporary = path + ".tmp";
  core::on_first_rank(comm, [&] { create_parent_folder(path); });
  try {
    write_state(comm, temporary, state);
    core::on_first_rank(comm, [&] { put_in_place(temporary, path); });
  } catch (...) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    std::error_code ignored;
    if (rank == 0) std::filesystem::remove(temporary, ignored);
    throw;
  }
}

void load_checkpoint(MPI_Comm comm, const std::string& path, CheckpointState& state,
                     bool any_ranks) {
  core::on_first_rank(comm, [&] { require_checksums(path); });
  H5File file = H5File::open(comm, path);
  require_header(file, state, any_ranks);
  CheckpointState loaded = state;
  for (auto& [name, value] : loaded.reals) value = file.read_double("/reals", name);
  for (auto& [name, value] : loaded.integers) value = file.read_integer("/integers", name);
  for (auto& [name, value] : loaded.strings) value = file.read_string("/strings", name);
  std::map<std::string, std::vector<double>> vectors;
  for (const auto& [name, vec] : state.vectors) vectors[name] = read_vector(file, name, vec);
  // Everything has been verified; only now is the state touched.
  for (const auto& [name, vec] : state.vectors) {
    const VecWriteArray array(vec);
    std::copy(vectors[name].begin(), vectors[name].end(), array.data());
  }
  state = std::move(loaded);
}

} // namespace linnet::io
