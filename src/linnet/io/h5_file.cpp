// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/h5_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace linnet::io {
namespace {

bool is_parallel(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size > 1;
}

/// Keeps changed metadata in memory until the file is flushed: what lies on the disk stays the last
/// complete state while data is being added behind it.
void hold_metadata_back(hid_t properties) {
  H5AC_cache_config_t cache;
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  if (H5Pget_mdc_config(properties, &cache) < 0) return;
  cache.evictions_enabled = false;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  H5Pset_mdc_config(properties, &cache);
}

H5Handle access_properties(MPI_Comm comm, const std::string& path, H5File::Access access) {
  H5Handle properties = h5_handle(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path, "cannot be opened");
  H5Pset_fclose_degree(properties.get(), H5F_CLOSE_STRONG);
  if (access == H5File::Access::modify) {
    // The 1.8 format has checksums in all its metadata, so damage is noticed, and all readers know
    // it.
    H5Pset_libver_bounds(properties.get(), H5F_LIBVER_V18, H5F_LIBVER_V18);
    hold_metadata_back(properties.get());
  }
  if (is_parallel(comm)) {
    H5Pset_fapl_mpio(properties.get(), comm, MPI_INFO_NULL);
    H5Pset_all_coll_metadata_ops(properties.get(), true);
    H5Pset_coll_metadata_write(properties.get(), true);
  } else {
#if H5_VERSION_GE(1, 10, 7)
    // A viewer that has the file open must not stop the run.
    H5Pset_file_locking(properties.get(), false, true);
#endif
  }
  return properties;
}

void require_regular_file(const std::string& path, H5File::Access access) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) core::throw_data(path + ": no such file");
    core::throw_data(path + ": cannot be read: " + std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) core::throw_data(path + ": is a folder, not an HDF5 file");
  if (!S_ISREG(status.st_mode)) core::throw_data(path + ": is not a regular file");
  const int mode = access == H5File::Access::read ? R_OK : R_OK | W_OK;
  if (::access(path.c_str(), mode) != 0)
    core::throw_data(path + ": cannot be opened: " + std::strerror(errno));
}

/// Serial check on one rank, so that a bad file is found before anything collective starts.
void require_hdf5(const std::string& path, H5File::Access access) {
  require_regular_file(path, access);
  const htri_t known = H5Fis_hdf5(path.c_str());
  if (known <= 0) core::throw_data(path + ": is not an HDF5 file (or its beginning is damaged)");
  const H5Handle properties = access_properties(MPI_COMM_SELF, path, H5File::Access::read);
  H5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, properties.get()), H5Fclose);
  if (file.valid()) return;
  std::string remedy;
  if (::access((path + ".undo").c_str(), F_OK) == 0)
    remedy = "; its writer was stopped within a step: continue that run, or repair the file with "
             "tools/check_fields --repair";
  throw_h5(path, "is truncated or damaged" + remedy);
}

H5Handle dataspace(const Shape& shape) {
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose};
}

H5Handle transfer_properties(MPI_Comm comm) {
  H5Handle properties(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  if (is_parallel(comm)) H5Pset_dxpl_mpio(properties.get(), H5FD_MPIO_COLLECTIVE);
  return properties;
}

hid_t file_type(NumberType type) {
  switch (type) {
  case NumberType::float32: return H5T_IEEE_F32LE;
  case NumberType::int32: return H5T_STD_I32LE;
  case NumberType::int64: return H5T_STD_I64LE;
  default: return H5T_IEEE_F64LE;
  }
}

} // namespace

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(shape[i]);
  }
  return text + ")";
}

std::int64_t Slab::size() const {
  std::int64_t n = 1;
  for (const auto c : count) n *= c;
  return n;
}

H5File H5File::create(MPI_Comm comm, const std::string& path) {
  const H5Silence silence;
  H5File result(comm, path);
  // MPI-IO reports little about why a file cannot be made; the system call says it.
  core::on_first_rank(comm, [&] {
    std::FILE* probe = std::fopen(path.c_str(), "wb");
    if (!probe) core::throw_data(path + ": cannot be created: " + std::strerror(errno));
    std::fclose(probe);
  });
  core::together(comm, [&] {
    const H5Handle properties = access_properties(comm, path, Access::modify);
    result.file_ = h5_handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, properties.get()),
                             H5Fclose, path, "cannot be created");
  });
  return result;
}

H5File H5File::open(MPI_Comm comm, const std::string& path, Access access) {
  const H5Silence silence;
  H5File result(comm, path);
  core::on_first_rank(comm, [&] { require_hdf5(path, access); });
  core::together(comm, [&] {
    const H5Handle properties = access_properties(comm, path, access);
    const unsigned mode = access == Access::read ? H5F_ACC_RDONLY : H5F_ACC_RDWR;
    result.file_ = h5_handle(H5Fopen(path.c_str(), mode, properties.get()), H5Fclose, path,
                             "cannot be opened");
  });
  return result;
}

bool H5File::exists(const std::string& object) const {
  const H5Silence silence;
  if (object == "/") return true;
  // H5Lexists fails unless all links before the last exist.
  for (std::size_t end = object.find('/', 1);; end = object.find('/', end + 1)) {
    const std::string part = object.substr(0, end);
    if (H5Lexists(file_.get(), part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) break;
  }
  return H5Oexists_by_name(file_.get(), object.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> H5File::children(const std::string& group) const {
  const H5Silence silence;
  std::vector<std::string> names;
  core::together(comm_, [&] {
    const H5Handle handle = h5_handle(H5Gopen2(file_.get(), group.c_str(), H5P_DEFAULT), H5Gclose,
                                      path_, group + ": no such group");
    H5G_info_t about;
    if (H5Gget_info(handle.get(), &about) < 0) throw_h5(path_, group + ": cannot be listed");
    for (hsize_t i = 0; i < about.nlinks; ++i) {
      const ssize_t length = H5Lget_name_by_idx(handle.get(), ".", H5_INDEX_NAME, H5_ITER_INC, i,
                                                nullptr, 0, H5P_DEFAULT);
      if (length < 0) throw_h5(path_, group + ": cannot be listed");
      std::string name(static_cast<std::size_t>(length), '\0');
      H5Lget_name_by_idx(handle.get(), ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(),
                         name.size() + 1, H5P_DEFAULT);
      names.push_back(std::move(name));
    }
  });
  std::sort(names.begin(), names.end());
  return names;
}

bool H5File::is_dataset(const std::string& object) const {
  const H5Silence silence;
  if (!exists(object)) return false;
  const H5Handle handle(H5Oopen(file_.get(), object.c_str(), H5P_DEFAULT), H5Oclose);
  return handle.valid() && H5Iget_type(handle.get()) == H5I_DATASET;
}

void H5File::create_group(const std::string& group) {
  const H5Silence silence;
  core::together(comm_, [&] {
    h5_handle(H5Gcreate2(file_.get(), group.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
              H5Gclose, path_, group + ": group cannot be created");
  });
}

void H5File::copy_object(const H5File& source, const std::string& object) {
  const H5Silence silence;
  if (H5Ocopy(source.file_.get(), object.c_str(), file_.get(), object.c_str(), H5P_DEFAULT,
              H5P_DEFAULT) < 0)
    throw_h5(path_, object + ": cannot be copied from " + source.path_);
}

H5Handle H5File::open_dataset(const std::string& dataset) const {
  if (!exists(dataset)) core::throw_data(path_ + ": no dataset '" + dataset + "'");
  H5Handle object = h5_handle(H5Oopen(file_.get(), dataset.c_str(), H5P_DEFAULT), H5Oclose, path_,
                              dataset + ": is damaged");
  if (H5Iget_type(object.get()) != H5I_DATASET)
    core::throw_data(path_ + ": '" + dataset + "' is not a dataset");
  return object;
}

DatasetInfo H5File::info(const std::string& dataset) const {
  const H5Silence silence;
  DatasetInfo result;
  core::together(comm_, [&] {
    const H5Handle object = open_dataset(dataset);
    const H5Handle space =
        h5_handle(H5Dget_space(object.get()), H5Sclose, path_, dataset + ": is damaged");
    const H5Handle type =
        h5_handle(H5Dget_type(object.get()), H5Tclose, path_, dataset + ": is damaged");
    const int rank = H5Sget_simple_extent_ndims(space.get());
    if (rank < 0) throw_h5(path_, dataset + ": is damaged");
    std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr);
    result.shape.assign(dims.begin(), dims.end());
    result.bytes = static_cast<int>(H5Tget_size(type.get()));
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind == H5T_FLOAT) result.kind = DatasetInfo::Kind::floating;
    // h5py keeps truth values as an enumeration of integers; HDF5 converts both to numbers.
    if (kind == H5T_INTEGER || kind == H5T_ENUM) result.kind = DatasetInfo::Kind::integer;
  });
  return result;
}

void H5File::require(const std::string& dataset, const Shape& expected, bool integer_only) const {
  const DatasetInfo found = info(dataset);
  const std::string where = path_ + ": dataset '" + dataset + "'";
  if (found.kind == DatasetInfo::Kind::other)
    core::throw_data(where + " does not hold numbers; floating-point or integer is allowed");
  if (integer_only && found.kind != DatasetInfo::Kind::integer)
    core::throw_data(where + " holds floating-point numbers; integers are expected");
  if (found.shape != expected)
    core::throw_data(where + " has the shape " + to_string(found.shape) + "; expected " +
                     to_string(expected));
}

void H5File::create_dataset(const std::string& dataset, NumberType type, const Shape& shape) {
  const H5Silence silence;
  core::together(comm_, [&] {
    const H5Handle space = dataspace(shape);
    const H5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    // Every number is written by its owner: filling first would write everything twice.
    H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER);
    H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY);
    h5_handle(H5Dcreate2(file_.get(), dataset.c_str(), file_type(type), space.get(), H5P_DEFAULT,
                         properties.get(), H5P_DEFAULT),
              H5Dclose, path_, dataset + ": dataset cannot be created");
  });
}

void H5File::resize_table(const std::string& dataset, std::int64_t rows, std::int64_t columns) {
  const H5Silence silence;
  const bool present = exists(dataset);
  if (present && info(dataset).shape.at(1) != columns)
    core::throw_data(path_ + ": table '" + dataset + "' has another number of columns");
  core::together(comm_, [&] {
    const hsize_t dims[2] = {static_cast<hsize_t>(rows), static_cast<hsize_t>(columns)};
    if (present) {
      const H5Handle object = open_dataset(dataset);
      if (H5Dset_extent(object.get(), dims) < 0) throw_h5(path_, dataset + ": cannot be resized");
      return;
    }
    const hsize_t limit[2] = {H5S_UNLIMITED, dims[1]};
    const hsize_t chunk[2] = {std::max<hsize_t>(1, 4096 / dims[1]), dims[1]};
    const H5Handle space(H5Screate_simple(2, dims, limit), H5Sclose);
    const H5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_chunk(properties.get(), 2, chunk);
    h5_handle(H5Dcreate2(file_.get(), dataset.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT,
                         properties.get(), H5P_DEFAULT),
              H5Dclose, path_, dataset + ": table cannot be created");
  });
}

void H5File::transfer(const std::string& dataset, const Slab& slab, hid_t memory_type, void* target,
                      const void* source) const {
  const H5Silence silence;
  core::together(comm_, [&] {
    const H5Handle object = open_dataset(dataset);
    const H5Handle space =
        h5_handle(H5Dget_space(object.get()), H5Sclose, path_, dataset + ": is damaged");
    const H5Handle memory = dataspace(slab.count);
    if (slab.size() == 0) {
      H5Sselect_none(space.get());
      H5Sselect_none(memory.get());
    } else {
      const std::vector<hsize_t> offset(slab.offset.begin(), slab.offset.end());
      const std::vector<hsize_t> count(slab.count.begin(), slab.count.end());
      H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, offset.data(), nullptr, count.data(),
                          nullptr);
    }
    const H5Handle properties = transfer_properties(comm_);
    // HDF5 wants an address even from a rank that has no data.
    double nothing = 0;
    herr_t status;
    if (source)
      status = H5Dwrite(object.get(), memory_type, memory.get(), space.get(), properties.get(),
                        slab.size() > 0 ? source : &nothing);
    else
      status = H5Dread(object.get(), memory_type, memory.get(), space.get(), properties.get(),
                       slab.size() > 0 ? target : &nothing);
    if (status < 0)
      throw_h5(path_, dataset + (source ? ": cannot be written" : ": cannot be read"));
  });
}

namespace {
// transfer() tells reading from writing by which of its pointers is set.
template <class T>
const void* source_of(const T* data) {
  static const T empty{};
  return data ? data : &empty;
}
} // namespace

void H5File::write(const std::string& dataset, const Slab& slab, const double* data) {
  transfer(dataset, slab, H5T_NATIVE_DOUBLE, nullptr, source_of(data));
}
void H5File::write(const std::string& dataset, const Slab& slab, const std::int32_t* data) {
  transfer(dataset, slab, H5T_NATIVE_INT32, nullptr, source_of(data));
}
void H5File::write(const std::string& dataset, const Slab& slab, const std::int64_t* data) {
  transfer(dataset, slab, H5T_NATIVE_INT64, nullptr, source_of(data));
}
void H5File::read(const std::string& dataset, const Slab& slab, double* data) const {
  transfer(dataset, slab, H5T_NATIVE_DOUBLE, data, nullptr);
}
void H5File::read(const std::string& dataset, const Slab& slab, std::int64_t* data) const {
  transfer(dataset, slab, H5T_NATIVE_INT64, data, nullptr);
}

void H5File::flush() {
  const H5Silence silence;
  core::together(comm_, [&] {
    if (H5Fflush(file_.get(), H5F_SCOPE_LOCAL) < 0) throw_h5(path_, "cannot be written completely");
  });
}

void H5File::close() {
  const H5Silence silence;
  core::together(comm_, [&] {
    const bool flushed = H5Fflush(file_.get(), H5F_SCOPE_LOCAL) >= 0;
    const std::string cause = flushed ? "" : h5_cause();
    const bool closed = file_.close();
    if (!flushed || !closed)
      core::throw_data(path_ + ": cannot be written completely (HDF5: " +
                       (cause.empty() ? h5_cause() : cause) + ")");
  });
}

} // namespace linnet::io
