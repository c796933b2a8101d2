// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The attributes of an HDF5 file.
#include <linnet/io/h5_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>

namespace linnet::io {
namespace {

constexpr std::size_t longest_text = std::size_t{64} << 20;

/// Opens an attribute that must exist and hold one value.
H5Handle open_single(hid_t file, const std::string& path, const std::string& object,
                     const std::string& name) {
  const std::string what = object + ": attribute '" + name + "'";
  H5Handle attribute =
      h5_handle(H5Aopen_by_name(file, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                H5Aclose, path, what + " is missing");
  const H5Handle space =
      h5_handle(H5Aget_space(attribute.get()), H5Sclose, path, what + " is damaged");
  if (H5Sget_simple_extent_npoints(space.get()) != 1)
    core::throw_data(path + ": " + what + " must hold a single value");
  return attribute;
}

void read_number(const H5Handle& attribute, H5T_class_t expected, hid_t memory_type, void* value,
                 const std::string& where) {
  const H5Handle type = h5_handle(H5Aget_type(attribute.get()), H5Tclose, where, "is damaged");
  const H5T_class_t found = H5Tget_class(type.get());
  if (found != expected && !(expected == H5T_FLOAT && found == H5T_INTEGER))
    core::throw_data(where + " has the wrong type; expected " +
                     (expected == H5T_FLOAT ? "a number" : "an integer"));
  if (H5Aread(attribute.get(), memory_type, value) < 0) throw_h5(where, "cannot be read");
}

std::string read_variable_text(const H5Handle& attribute, const H5Handle& type,
                               const std::string& where) {
  char* text = nullptr;
  if (H5Aread(attribute.get(), type.get(), &text) < 0) throw_h5(where, "cannot be read");
  std::string result = text ? text : "";
  H5free_memory(text);
  return result;
}

std::string read_fixed_text(const H5Handle& attribute, const H5Handle& type,
                            const std::string& where) {
  const std::size_t size = H5Tget_size(type.get());
  if (size > longest_text) core::throw_data(where + " is too long");
  std::string text(size, '\0');
  if (H5Aread(attribute.get(), type.get(), text.data()) < 0) throw_h5(where, "cannot be read");
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

herr_t copy_attribute(hid_t source, const char* name, const H5A_info_t*, void* data) {
  const hid_t target = *static_cast<hid_t*>(data);
  const H5Handle from(H5Aopen(source, name, H5P_DEFAULT), H5Aclose);
  const H5Handle type(H5Aget_type(from.get()), H5Tclose);
  const H5Handle space(H5Aget_space(from.get()), H5Sclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  // Texts of variable length do not occur in files of ours.
  if (count < 0 || H5Tis_variable_str(type.get()) > 0) return -1;
  std::string bytes(H5Tget_size(type.get()) * static_cast<std::size_t>(count), '\0');
  const H5Handle to(H5Acreate2(target, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                    H5Aclose);
  if (H5Aread(from.get(), type.get(), bytes.data()) < 0 ||
      H5Awrite(to.get(), type.get(), bytes.data()) < 0)
    return -1;
  return 0;
}

} // namespace

void H5File::copy_attributes(const H5File& source) {
  const H5Silence silence;
  hid_t target = file_.get();
  if (H5Aiterate2(source.file_.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, copy_attribute,
                  &target) < 0)
    throw_h5(path_, "attributes cannot be copied from " + source.path_);
}

bool H5File::has_attribute(const std::string& object, const std::string& name) const {
  const H5Silence silence;
  return exists(object) &&
         H5Aexists_by_name(file_.get(), object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

void H5File::write_raw_attribute(const std::string& object, const std::string& name, hid_t type,
                                 const void* value) {
  const H5Silence silence;
  core::together(comm_, [&] {
    const std::string what = object + ": attribute '" + name + "' cannot be written";
    if (H5Aexists_by_name(file_.get(), object.c_str(), name.c_str(), H5P_DEFAULT) > 0 &&
        H5Adelete_by_name(file_.get(), object.c_str(), name.c_str(), H5P_DEFAULT) < 0)
      throw_h5(path_, what);
    const H5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const H5Handle attribute =
        h5_handle(H5Acreate_by_name(file_.get(), object.c_str(), name.c_str(), type, space.get(),
                                    H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                  H5Aclose, path_, what);
    if (H5Awrite(attribute.get(), type, value) < 0) throw_h5(path_, what);
  });
}

void H5File::write_attribute(const std::string& object, const std::string& name,
                             std::string_view value) {
  // Fixed length, because readers of old HDF5 versions refuse the variable kind; never empty,
  // because HDF5 has no strings of length zero.
  const std::string text(value);
  const H5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), text.size() + 1);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  write_raw_attribute(object, name, type.get(), text.c_str());
}

void H5File::write_attribute(const std::string& object, const std::string& name, double value) {
  write_raw_attribute(object, name, H5T_NATIVE_DOUBLE, &value);
}

void H5File::write_attribute(const std::string& object, const std::string& name,
                             std::int64_t value) {
  write_raw_attribute(object, name, H5T_NATIVE_INT64, &value);
}

std::string H5File::read_string(const std::string& object, const std::string& name) const {
  const H5Silence silence;
  std::string result;
  core::together(comm_, [&] {
    const H5Handle attribute = open_single(file_.get(), path_, object, name);
    const std::string where = path_ + ": " + object + ": attribute '" + name + "'";
    const H5Handle type = h5_handle(H5Aget_type(attribute.get()), H5Tclose, where, "is damaged");
    if (H5Tget_class(type.get()) != H5T_STRING) core::throw_data(where + " must be a text");
    result = H5Tis_variable_str(type.get()) > 0 ? read_variable_text(attribute, type, where)
                                                : read_fixed_text(attribute, type, where);
  });
  return result;
}

double H5File::read_double(const std::string& object, const std::string& name) const {
  const H5Silence silence;
  double value = 0;
  core::together(comm_, [&] {
    read_number(open_single(file_.get(), path_, object, name), H5T_FLOAT, H5T_NATIVE_DOUBLE, &value,
                path_ + ": " + object + ": attribute '" + name + "'");
  });
  return value;
}

std::int64_t H5File::read_integer(const std::string& object, const std::string& name) const {
  const H5Silence silence;
  std::int64_t value = 0;
  core::together(comm_, [&] {
    read_number(open_single(file_.get(), path_, object, name), H5T_INTEGER, H5T_NATIVE_INT64,
                &value, path_ + ": " + object + ": attribute '" + name + "'");
  });
  return value;
}

} // namespace linnet::io
