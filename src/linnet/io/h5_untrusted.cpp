// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/h5_untrusted.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <limits>

namespace linnet::io {
namespace {

constexpr int most_directions = 6;
constexpr hsize_t largest_extent = hsize_t{1} << 31;
constexpr const char* rewrite = "; write the file anew with plain contiguous datasets";

struct Listing {
  std::vector<std::string> names;
  std::size_t limit;
  bool too_many = false;
  std::string indirect; ///< a link that is not a hard one

  /// Nonzero ends the iteration.
  herr_t add(const char* name) {
    too_many = names.size() >= limit;
    if (!too_many) names.emplace_back(name);
    return too_many ? 1 : 0;
  }
};

herr_t list_link(hid_t, const char* name, const H5L_info_t* about, void* target) {
  auto& listing = *static_cast<Listing*>(target);
  if (about->type == H5L_TYPE_HARD) return listing.add(name);
  listing.indirect = name;
  return 1;
}

herr_t list_attribute(hid_t, const char* name, const H5A_info_t*, void* target) {
  return static_cast<Listing*>(target)->add(name);
}

std::vector<std::string> sorted(Listing& listing, const std::string& kind,
                                const std::string& where) {
  if (listing.too_many)
    core::throw_data(where + ": has more than " + std::to_string(listing.limit) + " " + kind);
  std::sort(listing.names.begin(), listing.names.end());
  return std::move(listing.names);
}

/// Opens an attribute that holds one value, which is checked without reading it.
H5Handle open_scalar(hid_t object, const std::string& name, const std::string& what) {
  H5Handle attribute = h5_handle(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, what,
                                 "is missing; write the file anew");
  const H5Handle space =
      h5_handle(H5Aget_space(attribute.get()), H5Sclose, what, "is damaged; get the file anew");
  if (H5Sget_simple_extent_type(space.get()) != H5S_SCALAR)
    core::throw_data(what + " must hold a single value");
  return attribute;
}

/// Before the dataspace is looked at: that of a virtual dataset would open the files it is made of.
void require_plain_storage(hid_t dataset, const std::string& where) {
  const H5Handle properties =
      h5_handle(H5Dget_create_plist(dataset), H5Pclose, where, "is damaged; get the file anew");
  if (H5Pget_layout(properties.get()) == H5D_VIRTUAL)
    core::throw_data(where + ": is a virtual dataset" + rewrite);
  if (H5Pget_external_count(properties.get()) != 0)
    core::throw_data(where + ": has its values in another file" + rewrite);
  if (H5Pget_nfilters(properties.get()) != 0)
    core::throw_data(where + ": is compressed or filtered" + rewrite);
  if (H5Pget_layout(properties.get()) != H5D_CONTIGUOUS)
    core::throw_data(where + ": is not contiguous" + rewrite);
}

void require_type(hid_t dataset, PlainType type, const std::string& where) {
  const H5Handle found =
      h5_handle(H5Dget_type(dataset), H5Tclose, where, "is damaged; get the file anew");
  const bool single = type == PlainType::float32;
  if (H5Tequal(found.get(), single ? H5T_IEEE_F32LE : H5T_IEEE_F64LE) <= 0)
    core::throw_data(where + ": must hold little-endian numbers of the type " +
                     (single ? "float32" : "float64") + ", as the file's attribute 'dtype' says");
}

Shape bounded_shape(hid_t dataset, const std::string& where) {
  const H5Handle space =
      h5_handle(H5Dget_space(dataset), H5Sclose, where, "is damaged; get the file anew");
  const int rank = H5Sget_simple_extent_type(space.get()) == H5S_SIMPLE
                       ? H5Sget_simple_extent_ndims(space.get())
                       : 0;
  if (rank < 1 || rank > most_directions)
    core::throw_data(where + ": has " + std::to_string(rank) + " directions; 1 to 6 are allowed");
  hsize_t extents[H5S_MAX_RANK];
  if (H5Sget_simple_extent_dims(space.get(), extents, nullptr) < 0)
    throw_h5(where, "is damaged; get the file anew");
  Shape shape;
  for (int d = 0; d < rank; ++d) {
    if (extents[d] < 1 || extents[d] > largest_extent)
      core::throw_data(where + ": has the extent " + std::to_string(extents[d]) +
                       "; 1 to 2^31 are allowed");
    shape.push_back(static_cast<std::int64_t>(extents[d]));
  }
  return shape;
}

/// Every value is there: otherwise HDF5 would make up values that have no place in the file.
void require_extent_in_file(hid_t dataset, std::int64_t bytes, std::int64_t file_bytes,
                            const std::string& where) {
  const haddr_t offset = H5Dget_offset(dataset);
  const auto end = static_cast<haddr_t>(file_bytes);
  if (H5Dget_storage_size(dataset) == static_cast<hsize_t>(bytes) && offset != HADDR_UNDEF &&
      offset <= end && static_cast<haddr_t>(bytes) <= end - offset)
    return;
  core::throw_data(where + ": its values are not in the file, which has " +
                   std::to_string(file_bytes) + " bytes; get the file anew");
}

} // namespace

std::vector<std::string> hard_links(hid_t group, std::size_t limit, const std::string& where) {
  Listing listing{{}, limit, false, {}};
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, list_link, &listing) < 0)
    throw_h5(where, "cannot be listed");
  if (!listing.indirect.empty())
    core::throw_data(where + ": '" + listing.indirect +
                     "' is a soft, external or user-defined link; put the object itself there");
  return sorted(listing, "entries", where);
}

std::vector<std::string> attribute_names(hid_t object, std::size_t limit,
                                         const std::string& where) {
  Listing listing{{}, limit, false, {}};
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, list_attribute, &listing) < 0)
    throw_h5(where, "attributes cannot be listed");
  return sorted(listing, "attributes", where);
}

std::string read_fixed_text(hid_t object, const std::string& name, std::size_t limit,
                            const std::string& where) {
  const std::string what = where + ": attribute '" + name + "'";
  const H5Handle attribute = open_scalar(object, name, what);
  const H5Handle type =
      h5_handle(H5Aget_type(attribute.get()), H5Tclose, what, "is damaged; get the file anew");
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) != 0)
    core::throw_data(what + " must be a text of fixed length");
  const std::size_t size = H5Tget_size(type.get());
  if (size == 0 || size > limit + 1) // with the zero at its end
    core::throw_data(what + " has more than " + std::to_string(limit) + " characters");
  std::string text(size, '\0');
  if (H5Aread(attribute.get(), type.get(), text.data()) < 0) throw_h5(what, "cannot be read");
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

std::int64_t read_int64(hid_t object, const std::string& name, const std::string& where) {
  const std::string what = where + ": attribute '" + name + "'";
  const H5Handle attribute = open_scalar(object, name, what);
  const H5Handle type =
      h5_handle(H5Aget_type(attribute.get()), H5Tclose, what, "is damaged; get the file anew");
  if (H5Tequal(type.get(), H5T_STD_I64LE) <= 0)
    core::throw_data(what + " must be a signed little-endian integer of 64 bits");
  std::int64_t value = 0;
  if (H5Aread(attribute.get(), H5T_NATIVE_INT64, &value) < 0) throw_h5(what, "cannot be read");
  return value;
}

Shape plain_shape(hid_t dataset, PlainType type, std::int64_t file_bytes,
                  const std::string& where) {
  require_plain_storage(dataset, where);
  require_type(dataset, type, where);
  Shape shape = bounded_shape(dataset, where);
  require_extent_in_file(dataset, saturated_bytes(shape, type), file_bytes, where);
  return shape;
}

std::int64_t saturated_bytes(const Shape& shape, PlainType type) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  std::int64_t bytes = type == PlainType::float32 ? 4 : 8;
  for (const std::int64_t extent : shape) {
    // The quotient is the largest factor that fits, so that nothing ever overflows.
    if (extent > largest / bytes) return largest;
    bytes *= extent;
  }
  return bytes;
}

} // namespace linnet::io
