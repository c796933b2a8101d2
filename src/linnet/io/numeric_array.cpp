// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/numeric_array.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace linnet::io {

namespace {

constexpr std::size_t most_directions = 6;
constexpr std::int64_t largest_extent = std::int64_t{1} << 31;
constexpr hsize_t largest_chunk = hsize_t{1} << 28;
// Deflate makes nothing smaller than a 1032nd, plus what fletcher32 adds.
constexpr double most_deflation = 1100.0;

std::string beginning_of(const std::string& path) {
  std::string text(24, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

bool is_matlab_file(const std::string& path) {
  return beginning_of(path).starts_with("MATLAB 7.3 MAT-file");
}

/// Opens it, or says how to make one that can be opened.
H5File open_file(const std::string& path) {
  const std::string begin = beginning_of(path);
  if (begin.starts_with("MATLAB 5.0 MAT-file"))
    core::throw_data(path + ": is a file of MATLAB before version 7.3, which is not HDF5; save it "
                            "with save(..., '-v7.3'), or from Python by h5py what "
                            "scipy.io.loadmat reads");
  if (begin.starts_with("\x93NUMPY") || begin.starts_with("PK"))
    core::throw_data(path + ": is a file of NumPy and not HDF5; write its arrays by h5py");
  return H5File::open(MPI_COMM_SELF, path);
}

constexpr std::size_t most_names = 12;

/// Keeps the name of a dataset; asks for no more once there are enough. Links other than hard ones
/// are not followed by H5Lvisit() and not named here.
herr_t add_name(hid_t file, const char* path, const H5L_info_t* about, void* names) {
  auto& list = *static_cast<std::vector<std::string>*>(names);
  const std::string name = path;
  if (about->type != H5L_TYPE_HARD || name.starts_with('#')) return 0; // MATLAB's own references
  const hid_t object = H5Oopen(file, path, H5P_DEFAULT);
  if (object < 0) return 0;
  const bool is_dataset = H5Iget_type(object) == H5I_DATASET;
  H5Oclose(object);
  if (is_dataset) list.push_back(name);
  return list.size() > most_names ? 1 : 0;
}

/// "a, group/b": the first datasets of the file, in one line whatever they are called.
std::string datasets_of(hid_t file) {
  std::vector<std::string> names;
  if (H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, add_name, &names) < 0) names.clear();
  if (names.empty()) return "none";
  if (names.size() > most_names) names.back() = "...";
  std::string text = core::joined(names);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return text;
}

/// No link of the path may lead out of the file.
void require_hard_links(hid_t file, const std::string& dataset, const std::string& name) {
  for (std::size_t end = dataset.find('/', 1);; end = dataset.find('/', end + 1)) {
    H5L_info_t about;
    if (H5Lget_info(file, dataset.substr(0, end).c_str(), &about, H5P_DEFAULT) < 0)
      core::throw_data(name + ": there is no such dataset; the file has " + datasets_of(file));
    if (about.type != H5L_TYPE_HARD)
      core::throw_data(name + ": is a soft or external link; name the dataset itself");
    if (end == std::string::npos) return;
  }
}

void require_chunks(hid_t dataset, hid_t properties, const std::string& name) {
  hsize_t extents[H5S_MAX_RANK];
  const int rank = H5Pget_chunk(properties, H5S_MAX_RANK, extents);
  const H5Handle type =
      h5_handle(H5Dget_type(dataset), H5Tclose, name, "is damaged; get the file anew");
  hsize_t bytes = std::max<hsize_t>(1, H5Tget_size(type.get()));
  for (int d = 0; d < rank; ++d) {
    if (extents[d] == 0 || extents[d] > largest_chunk / bytes)
      core::throw_data(name + ": has chunks above 256 MiB; write it with smaller ones");
    bytes *= extents[d];
  }
}

void require_storage(hid_t dataset, const std::string& name) {
  const H5Handle properties =
      h5_handle(H5Dget_create_plist(dataset), H5Pclose, name, "is damaged; get the file anew");
  // Before the dataspace is looked at: that of a virtual dataset would open the files it is made
  // of.
  const H5D_layout_t layout = H5Pget_layout(properties.get());
  if (layout == H5D_VIRTUAL || H5Pget_external_count(properties.get()) != 0)
    core::throw_data(name + ": has its values in other files; copy them into one");
  for (int f = 0; f < H5Pget_nfilters(properties.get()); ++f) {
    unsigned flags = 0, config = 0;
    std::size_t parameters = 0;
    const H5Z_filter_t filter = H5Pget_filter2(properties.get(), static_cast<unsigned>(f), &flags,
                                               &parameters, nullptr, 0, nullptr, &config);
    if (filter < 0 || filter >= H5Z_FILTER_RESERVED)
      core::throw_data(name +
                       ": is compressed by a plug-in of HDF5; write it with gzip or plainly");
  }
  if (layout == H5D_CHUNKED) require_chunks(dataset, properties.get(), name);
}

/// Every value is there: otherwise HDF5 would make up values that have no place in the file.
void require_content(hid_t dataset, const Shape& shape, int bytes, const std::string& name) {
  double size = bytes;
  for (const std::int64_t extent : shape) size *= static_cast<double>(extent);
  if (most_deflation * static_cast<double>(H5Dget_storage_size(dataset)) < size)
    core::throw_data(name + ": its values are not in the file; get it anew");
}

} // namespace

NumericArray::NumericArray(const std::string& path, const std::string& dataset)
    : file_(open_file(path)), dataset_(dataset.starts_with('/') ? dataset : "/" + dataset),
      name_(path + ": '" + dataset + "'") {
  const H5Silence silence;
  require_hard_links(file_.id(), dataset_, name_);
  if (!file_.is_dataset(dataset_))
    core::throw_data(name_ + ": is a group and no dataset; the file has " +
                     datasets_of(file_.id()));
  const H5Handle handle = h5_handle(H5Dopen2(file_.id(), dataset_.c_str(), H5P_DEFAULT), H5Dclose,
                                    name_, "is damaged; get the file anew");
  require_storage(handle.get(), name_);
  const DatasetInfo about = file_.info(dataset_);
  if (about.kind == DatasetInfo::Kind::other)
    core::throw_data(name_ + ": does not hold real numbers");
  shape_ = about.shape;
  if (shape_.empty() || shape_.size() > most_directions)
    core::throw_data(name_ + ": has " + std::to_string(shape_.size()) +
                     " directions; 1 to 6 are allowed");
  for (const std::int64_t extent : shape_)
    if (extent < 1 || extent > largest_extent)
      core::throw_data(name_ + ": has the extent " + std::to_string(extent) +
                       "; 1 to 2^31 are allowed");
  require_content(handle.get(), shape_, about.bytes, name_);
  is_matlab_ = is_matlab_file(path) || file_.has_attribute(dataset_, "MATLAB_class");
  if (is_matlab_) std::reverse(shape_.begin(), shape_.end());
}

void NumericArray::read(const Slab& part, double* values) const {
  Slab slab = part;
  if (is_matlab_) {
    std::reverse(slab.offset.begin(), slab.offset.end());
    std::reverse(slab.count.begin(), slab.count.end());
  }
  file_.read(dataset_, slab, values);
  if (!std::all_of(values, values + slab.size(), [](double v) { return std::isfinite(v); }))
    core::throw_data(name_ + ": holds a value that is not finite");
}

} // namespace linnet::io
