// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/h5_layout.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/h5_file.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace linnet::io {
namespace {

void append_extent(hid_t dataset, std::vector<FileExtent>& extents) {
  const haddr_t offset = H5Dget_offset(dataset); // undefined for everything but contiguous data
  const hsize_t size = H5Dget_storage_size(dataset);
  if (offset != HADDR_UNDEF && size > 0)
    extents.push_back({static_cast<std::int64_t>(offset), static_cast<std::int64_t>(size)});
}

herr_t visit_link(hid_t group, const char* name, const H5L_info_t*, void* target) {
  const H5Handle object(H5Oopen(group, name, H5P_DEFAULT), H5Oclose);
  if (object.valid() && H5Iget_type(object.get()) == H5I_DATASET)
    append_extent(object.get(), *static_cast<std::vector<FileExtent>*>(target));
  return object.valid() ? 0 : -1;
}

} // namespace

std::vector<FileExtent> raw_data_extents(const std::string& path, const std::string& group) {
  const H5Silence silence;
  const H5Handle file = h5_handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose,
                                  path, "cannot be read back");
  std::vector<FileExtent> extents;
  const H5Handle top = h5_handle(H5Gopen2(file.get(), group.c_str(), H5P_DEFAULT), H5Gclose, path,
                                 group + ": cannot be read back");
  if (H5Lvisit(top.get(), H5_INDEX_NAME, H5_ITER_NATIVE, visit_link, &extents) < 0)
    throw_h5(path, group + ": cannot be read back");
  return extents;
}

void trim_to_content(const std::string& path) {
  // Version 2 superblock: signature (8), version, two sizes, flags, then the base, extension and
  // end-of-file addresses of 8 bytes each.
  std::array<unsigned char, 36> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head.data()), head.size());
  if (!file || (head[8] != 2 && head[8] != 3) || head[9] != 8) return;
  std::uint64_t end = 0;
  for (int i = 7; i >= 0; --i) end = end << 8 | head[28 + i];
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && end >= head.size() && end < size) std::filesystem::resize_file(path, end, error);
}

bool lacks_checksums(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::array<char, 9> head{}; // signature, version of the superblock
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  return file && std::string_view(head.data() + 1, 3) == "HDF" &&
         static_cast<unsigned char>(head[8]) < 2;
}

void put_in_place(const std::string& temporary, const std::string& path) {
  trim_to_content(temporary);
  flush_to_disk(temporary);
  rename_durably(temporary, path);
}

std::string read_superblock(const std::string& path) {
  std::string bytes(48, '\0'); // of version 2 and 3 with 8-byte addresses
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file) core::throw_data(path + ": cannot be read back");
  return bytes;
}

void write_superblock(const std::string& path, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) core::throw_data(path + ": cannot be written");
}

void copy_without(const std::string& from, const std::string& to,
                  const std::vector<std::string>& dropped) {
  const H5File source = H5File::open(MPI_COMM_SELF, from);
  H5File target = H5File::create(MPI_COMM_SELF, to);
  target.copy_attributes(source);
  for (const auto& name : source.children("/"))
    if (std::find(dropped.begin(), dropped.end(), name) == dropped.end())
      target.copy_object(source, name);
  target.close();
}

} // namespace linnet::io
