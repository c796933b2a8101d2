// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/model_reader.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/h5_layout.hpp>
#include <linnet/io/model_rules.hpp>

#include <filesystem>
#include <string_view>

namespace linnet::io {
namespace {

constexpr const char* get_anew = "; get the file anew";

/// Reads everything but the values, verifies it, and only then the values.
class ModelReader {
public:
  ModelReader(const H5File& file, std::int64_t file_bytes)
      : file_(file), path_(file.path()), file_bytes_(file_bytes) {}

  ModelFile read(const ExpectedShapes& expected, std::int64_t byte_limit) {
    read_header();
    read_root();
    if (read_int64(file_.id(), "checksum", path_ + ": /") != texts_checksum(model_))
      core::throw_data(path_ + ": /: is damaged (wrong checksum of its texts)" + get_anew);
    require_expected(expected); // before the limit, which is no remedy for a model of another kind
    require_total(byte_limit);
    for_each_array(model_,
                   [&](const std::string& name, ModelArray& array) { read_values(name, array); });
    return std::move(model_);
  }

private:
  [[nodiscard]] std::string where(const std::string& name) const { return path_ + ": /" + name; }

  void read_header() {
    const std::string root = path_ + ": /";
    if (H5Aexists(file_.id(), "format") <= 0 ||
        read_fixed_text(file_.id(), "format", 255, root) != model_format)
      core::throw_data(path_ + ": /: attribute 'format' is not '" + std::string(model_format) +
                       "': this is no model file; name one");
    const std::int64_t version = read_int64(file_.id(), "version", root);
    if (version != model_version)
      core::throw_data(path_ + ": /: the format has version " + std::to_string(version) +
                       " and version 1 is known here; use a newer Linnet or write the file anew");
    model_.graph = read_fixed_text(file_.id(), "graph", ModelLimits::graph_bytes, root);
    model_.dtype = read_fixed_text(file_.id(), "dtype", 16, root);
    type_ = model_number_type(model_.dtype, root);
  }

  [[nodiscard]] H5Handle open(const std::string& name) const {
    return h5_handle(H5Oopen(file_.id(), ("/" + name).c_str(), H5P_DEFAULT), H5Oclose, where(name),
                     "is damaged; get the file anew");
  }

  void read_root() {
    for (const std::string& name : hard_links(file_.id(), 16, path_ + ": /")) {
      const bool arrays = name == "param" || name == "norm" || name == "check" || name == "basis";
      if (!arrays && name != "provenance")
        core::throw_data(where(name) + ": is no part of a model file; remove it");
      const H5Handle group = open(name);
      if (H5Iget_type(group.get()) != H5I_GROUP)
        core::throw_data(where(name) + ": must be a group; write the file anew");
      if (arrays)
        read_group(group.get(), name, 1);
      else
        read_provenance(group.get());
    }
    require_check_pair();
  }

  /// Arrays of @p group and the groups in it. Groups may hold each other, but the depth and the
  /// number of objects end that.
  void read_group(hid_t group, const std::string& name, std::size_t depth) {
    if (depth > ModelLimits::path_depth)
      core::throw_data(where(name) + ": lies too deep; a path has at most " +
                       std::to_string(ModelLimits::path_depth) + " names");
    const auto links = hard_links(group, ModelLimits::arrays - objects_, where(name));
    objects_ += links.size();
    for (const std::string& link : links) {
      if (!is_model_name(link))
        core::throw_data(where(name) + ": holds an object with the name '" + link +
                         "'; rename it with printable characters without blanks");
      const std::string below = name + "/" + link;
      const H5Handle object = open(below);
      const H5I_type_t kind = H5Iget_type(object.get());
      if (kind == H5I_GROUP)
        read_group(object.get(), below, depth + 1);
      else if (kind == H5I_DATASET)
        read_description(object.get(), below);
      else
        core::throw_data(where(below) + ": is neither a group nor a dataset; remove it");
    }
  }

  void read_description(hid_t dataset, const std::string& name) {
    ModelArray& array = place_of(name);
    array.shape = plain_shape(dataset, type_, file_bytes_, where(name));
    array.role = read_fixed_text(dataset, "role", ModelLimits::name_characters, where(name));
    const std::int64_t bytes = saturated_bytes(array.shape, type_);
    // Each is within the file, so the sum is damaged or of shared parts long before it overflows.
    if (bytes > file_bytes_ - total_)
      core::throw_data(where(name) + ": the arrays have more bytes than the file, which has " +
                       std::to_string(file_bytes_) + get_anew);
    total_ += bytes;
  }

  ModelArray& place_of(const std::string& name) {
    const std::size_t slash = name.find('/');
    const std::string group = name.substr(0, slash), rest = name.substr(slash + 1);
    if (group == "param") return model_.parameters[rest];
    if (group == "norm") return model_.normalisation[rest];
    if (group == "basis") return model_.basis[rest];
    if (!model_.check) model_.check.emplace();
    if (rest == "input") return model_.check->input;
    if (rest == "output") return model_.check->output;
    core::throw_data(where(name) + ": is no part of a model file; remove it");
  }

  void require_check_pair() {
    if (!model_.check) return;
    for (const auto* array : {&model_.check->input, &model_.check->output})
      if (array->shape.empty())
        core::throw_data(path_ + ": /check: must hold 'input' and 'output'; complete or remove it");
  }

  void read_provenance(hid_t group) {
    const std::string here = where("provenance");
    if (!hard_links(group, ModelLimits::arrays, here).empty())
      core::throw_data(here + ": may hold attributes only; remove the objects in it");
    for (const std::string& name : attribute_names(group, ModelLimits::provenance_entries, here))
      model_.provenance[name] = read_fixed_text(group, name, ModelLimits::provenance_bytes, here);
  }

  void require_total(std::int64_t byte_limit) const {
    if (total_ > byte_limit)
      core::throw_data(path_ + ": /: the arrays have " + std::to_string(total_) + " bytes and " +
                       std::to_string(byte_limit) + " are allowed; raise the limit of bytes");
  }

  void require_expected(const ExpectedShapes& expected) const {
    if (!expected) return;
    const auto shapes = expected_of(expected);
    for (const auto& [name, shape] : shapes) {
      const auto found = model_.parameters.find(name);
      if (found == model_.parameters.end())
        core::throw_data(where("param/" + name) + ": is missing, the graph needs it" + get_anew);
      if (found->second.shape != shape)
        core::throw_data(where("param/" + name) + ": has the shape " +
                         to_string(found->second.shape) + "; the graph implies " +
                         to_string(shape) + get_anew);
    }
    for (const auto& [name, array] : model_.parameters)
      if (!shapes.contains(name))
        core::throw_data(where("param/" + name) + ": has no place in the graph; remove it");
  }

  [[nodiscard]] std::map<std::string, Shape> expected_of(const ExpectedShapes& expected) const {
    try {
      return expected(model_.graph);
    } catch (const core::Error& error) {
      if (std::string_view(error.what()).starts_with(path_)) throw;
      core::throw_data(path_ + ": /: attribute 'graph': " + error.what());
    }
  }

  void read_values(const std::string& name, ModelArray& array) const {
    const H5Handle dataset = open(name);
    const std::int64_t checksum = read_int64(dataset.get(), "checksum", where(name));
    array.values.resize(static_cast<std::size_t>(Slab{{}, array.shape}.size()));
    if (H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                array.values.data()) < 0)
      throw_h5(where(name), "cannot be read");
    if (array_checksum(array) != checksum)
      core::throw_data(where(name) + ": is damaged (wrong checksum)" + get_anew);
    require_sound_values(name, array, where(name));
  }

  const H5File& file_;
  const std::string& path_;
  std::int64_t file_bytes_;
  std::int64_t total_ = 0;
  std::size_t objects_ = 0;
  PlainType type_ = PlainType::float64;
  ModelFile model_;
};

/// The signature of HDF5 may also come behind a block of the user's, where it is not looked for.
void require_no_user_block(const H5File& file) {
  const H5Handle properties = h5_handle(H5Fget_create_plist(file.id()), H5Pclose, file.path(),
                                        "is damaged; get the file anew");
  hsize_t size = 0;
  if (H5Pget_userblock(properties.get(), &size) < 0 || size != 0)
    core::throw_data(file.path() + ": has a user block; write the file anew without one");
}

} // namespace

ModelFile read_model_alone(const std::string& path, const ExpectedShapes& expected,
                           std::int64_t byte_limit) {
  const H5Silence silence;
  if (lacks_checksums(path))
    core::throw_data(path +
                     ": is no model file: its HDF5 format has no checksums. The apps train and "
                     "convert write models; a program with h5py has to open the file with "
                     "libver='latest'");
  const H5File file = H5File::open(MPI_COMM_SELF, path);
  require_no_user_block(file);
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) core::throw_data(path + ": cannot be read: " + error.message());
  return ModelReader(file, static_cast<std::int64_t>(bytes)).read(expected, byte_limit);
}

} // namespace linnet::io
