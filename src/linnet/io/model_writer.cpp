// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/model_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/h5_layout.hpp>
#include <linnet/io/model_rules.hpp>

#include <algorithm>
#include <filesystem>

namespace linnet::io {
namespace {

void require_text(const std::string& text, std::size_t limit, const std::string& where) {
  if (text.size() > limit)
    core::throw_data(where + ": has " + std::to_string(text.size()) + " characters; at most " +
                     std::to_string(limit) + " are allowed");
  if (text.find('\0') != std::string::npos) core::throw_data(where + ": holds a zero byte");
}

/// @p path without the name of its root group.
void require_path(std::string_view path, const std::string& where) {
  std::size_t parts = 0;
  for (bool more = true; more; ++parts) {
    const std::size_t slash = path.find('/');
    more = slash != std::string_view::npos;
    if (!is_model_name(path.substr(0, slash)) || parts >= ModelLimits::path_depth)
      core::throw_data(where + ": is no path of an array; use one to " +
                       std::to_string(ModelLimits::path_depth) +
                       " names of printable characters without blanks, separated by '/'");
    if (more) path.remove_prefix(slash + 1);
  }
}

void require_shape(const ModelArray& array, PlainType type, const std::string& where) {
  const bool bounded = !array.shape.empty() && array.shape.size() <= 6 &&
                       std::all_of(array.shape.begin(), array.shape.end(), [](std::int64_t n) {
                         return n >= 1 && n <= std::int64_t{1} << 31;
                       });
  const std::int64_t bytes = type == PlainType::float32 ? 4 : 8;
  if (!bounded ||
      static_cast<std::int64_t>(array.values.size()) != saturated_bytes(array.shape, type) / bytes)
    core::throw_data(where + ": has " + std::to_string(array.values.size()) +
                     " values and the shape " + to_string(array.shape) +
                     "; 1 to 6 extents of 1 to 2^31 are allowed, and a value for each point");
}

/// The model as it will be read: rounded to its number type. Throws on what would be refused.
ModelFile rounded_and_checked(const ModelFile& model, const std::string& path) {
  const PlainType type = model_number_type(model.dtype, path);
  require_text(model.graph, ModelLimits::graph_bytes, path + ": graph");
  ModelFile result = model;
  std::size_t arrays = 0;
  const auto prepare = [&](const std::string& name, ModelArray& array) {
    const std::string where = path + ": /" + name;
    if (++arrays > ModelLimits::arrays) core::throw_data(where + ": is one array too many");
    require_path(std::string_view(name).substr(name.find('/') + 1), where);
    require_text(array.role, ModelLimits::name_characters, where + ": role");
    require_shape(array, type, where);
    if (type == PlainType::float32)
      for (double& value : array.values) value = static_cast<float>(value);
    require_sound_values(name, array, where);
  };
  for_each_array(result, prepare);
  if (model.provenance.size() > ModelLimits::provenance_entries)
    core::throw_data(path + ": /provenance: has more than " +
                     std::to_string(ModelLimits::provenance_entries) + " entries");
  for (const auto& [name, text] : model.provenance) {
    const std::string where = path + ": /provenance: '" + name + "'";
    if (!is_model_name(name)) core::throw_data(where + " is no name");
    require_text(text, ModelLimits::provenance_bytes, where);
  }
  return result;
}

std::int64_t total_bytes(const ModelFile& model) {
  std::int64_t bytes = 1 << 20; // metadata
  bytes += static_cast<std::int64_t>(model.graph.size());
  for (const auto& entry : model.provenance)
    bytes += static_cast<std::int64_t>(entry.second.size());
  for_each_array(model, [&](const std::string&, const ModelArray& array) {
    bytes += 2048 + 8 * static_cast<std::int64_t>(array.values.size());
  });
  return bytes;
}

/// Creates the groups above the last part of @p path.
void create_groups(H5File& file, const std::string& path) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1))
    if (!file.exists(path.substr(0, end))) file.create_group(path.substr(0, end));
}

void write_array(H5File& file, const std::string& path, const ModelArray& array, NumberType type) {
  create_groups(file, path);
  file.create_dataset(path, type, array.shape);
  file.write_attribute(path, "role", array.role);
  file.write_attribute(path, "checksum", array_checksum(array));
  file.write(path, {Shape(array.shape.size(), 0), array.shape}, array.values.data());
}

void write_content(const std::string& path, const ModelFile& model) {
  H5File file = H5File::create(MPI_COMM_SELF, path);
  reserve_space(path, 0, total_bytes(model));
  file.write_attribute("/", "format", model_format);
  file.write_attribute("/", "version", model_version);
  file.write_attribute("/", "graph", model.graph);
  file.write_attribute("/", "dtype", model.dtype);
  file.write_attribute("/", "created_by", "linnet " LINNET_VERSION " (" LINNET_GIT_COMMIT ")");
  file.write_attribute("/", "checksum", texts_checksum(model));
  for (const char* group : {"/param", "/norm", "/provenance"}) file.create_group(group);
  for (const auto& [name, text] : model.provenance) file.write_attribute("/provenance", name, text);
  const NumberType type = model.dtype == "float32" ? NumberType::float32 : NumberType::float64;
  for_each_array(model, [&](const std::string& name, const ModelArray& array) {
    write_array(file, "/" + name, array, type);
  });
  file.close();
}

} // namespace

void write_model(MPI_Comm comm, const std::string& path, const ModelFile& model) {
  core::on_first_rank(comm, [&] {
    const ModelFile checked = rounded_and_checked(model, path);
    create_parent_folder(path);
    const std::string temporary = path + ".tmp";
    try {
      write_content(temporary, checked);
      put_in_place(temporary, path);
    } catch (...) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      throw;
    }
  });
}

} // namespace linnet::io
