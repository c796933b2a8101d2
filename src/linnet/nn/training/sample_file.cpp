// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/sample_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/io/atomic_file.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace linnet::nn {

namespace {

constexpr const char* format_name = "linnet-samples";
constexpr const char* geometry_name = "geometry";
constexpr const char* grid_name = "grid";
constexpr const char* complete_name = "complete";

io::Shape shape_of(const SampleLayout& layout, int channels) {
  return {layout.samples, channels, layout.points[2], layout.points[1], layout.points[0]};
}

int channels_in(const SampleLayout& layout, const std::string& name) {
  const auto found = std::find_if(layout.fields.begin(), layout.fields.end(),
                                  [&](const SampleField& f) { return f.name == name; });
  return found == layout.fields.end() ? 0 : found->channels;
}

/// An extent of a field in a file from anybody.
int extent_from(const io::Shape& shape, std::size_t direction, const std::string& what) {
  if (shape[direction] < 1 || shape[direction] > INT32_MAX)
    core::throw_data(what + " has an extent out of range");
  return static_cast<int>(shape[direction]);
}

void write_geometry(MPI_Comm comm, const SampleLayout& layout, io::H5File& file) {
  const std::string dataset = std::string("/") + geometry_name;
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  file.create_dataset(dataset, io::NumberType::int64, {layout.samples});
  file.write(dataset, {{0}, {rank == 0 ? layout.samples : 0}}, layout.geometry.data());
}

void read_geometry(const io::H5File& file, const std::string& path, SampleLayout& layout) {
  const std::string dataset = std::string("/") + geometry_name;
  file.require(dataset, {layout.samples}, true);
  layout.geometry.resize(static_cast<std::size_t>(layout.samples));
  file.read(dataset, {{0}, {layout.samples}}, layout.geometry.data());
  for (const std::int64_t g : layout.geometry)
    if (g < 0 || g >= layout.samples)
      core::throw_data(path + ": '" + geometry_name + "' holds the number " + std::to_string(g) +
                       ", and there are " + std::to_string(layout.samples) + " samples");
}

void write_grid(MPI_Comm comm, const SampleLayout& layout, io::H5File& file) {
  const std::string dataset = std::string("/") + grid_name;
  const auto count = static_cast<std::int64_t>(layout.grid.size()) / layout.coordinates;
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  file.create_dataset(dataset, io::NumberType::float64, {count, layout.coordinates});
  file.write(dataset, {{0, 0}, {rank == 0 ? count : 0, layout.coordinates}}, layout.grid.data());
}

void read_grid(const io::H5File& file, const std::string& path, SampleLayout& layout) {
  const std::string dataset = std::string("/") + grid_name, what = path + ": '" + grid_name + "'";
  const io::Shape shape = file.info(dataset).shape;
  if (shape.size() != 2) core::throw_data(what + " has not the directions point, coordinate");
  const auto count = static_cast<std::size_t>(extent_from(shape, 0, what));
  layout.coordinates = extent_from(shape, 1, what);
  file.require(dataset, shape);
  layout.grid.resize(count * static_cast<std::size_t>(layout.coordinates));
  file.read(dataset, {{0, 0}, shape}, layout.grid.data());
  if (!std::all_of(layout.grid.begin(), layout.grid.end(),
                   [](double x) { return std::isfinite(x); }))
    core::throw_data(what + " holds a coordinate that is not finite");
}

bool is_sample_file(const io::H5File& file) {
  return file.has_attribute("/", "format") && file.read_string("/", "format") == format_name;
}

bool holds(const std::string& path, const SampleLayout& layout) {
  if (!std::filesystem::exists(path)) return false;
  if (!is_sample_file(io::H5File::open(PETSC_COMM_SELF, path)))
    core::throw_data(path + ": is not a sample file of Linnet and is left as it is; name another "
                            "file for the samples");
  const SampleReader reader(path);
  const SampleLayout& found = reader.layout();
  return found.recipe == layout.recipe && found.samples == layout.samples &&
         found.points == layout.points && found.geometry == layout.geometry &&
         std::all_of(layout.fields.begin(), layout.fields.end(), [&](const SampleField& field) {
           return reader.channels(field.name) == field.channels;
         });
}

/// Samples in a file that a writer of @p layout left behind; 0 where there is none to go on with.
std::int64_t left_behind(const std::string& path, const SampleLayout& layout) {
  try {
    if (!holds(path, layout)) return 0;
    const std::int64_t complete =
        io::H5File::open(PETSC_COMM_SELF, path).read_integer("/", complete_name);
    return complete > 0 && complete <= layout.samples ? complete : 0;
  } catch (const core::Error&) {
    return 0; // written to when its writer was killed, or of another program: made anew
  }
}

io::H5File create_file(MPI_Comm comm, const std::string& path, const SampleLayout& layout) {
  io::H5File file = io::H5File::create(comm, path);
  file.write_attribute("/", "format", format_name);
  file.write_attribute("/", "recipe", layout.recipe);
  for (const SampleField& field : layout.fields)
    file.create_dataset("/" + field.name, io::NumberType::float32,
                        shape_of(layout, field.channels));
  if (!layout.geometry.empty()) write_geometry(comm, layout, file);
  if (!layout.grid.empty()) write_grid(comm, layout, file);
  return file;
}

} // namespace

std::int64_t SampleLayout::geometries() const {
  return geometry.empty() ? 1 : 1 + *std::max_element(geometry.begin(), geometry.end());
}

SampleWriter::SampleWriter(MPI_Comm comm, const std::string& path, const SampleLayout& layout)
    : comm_(comm), path_(path), temporary_(path + ".tmp"), layout_(layout) {
  core::on_first_rank(comm, [&] {
    io::create_parent_folder(path);
    complete_ = left_behind(temporary_, layout);
  });
  MPI_Bcast(&complete_, 1, MPI_INT64_T, 0, comm);
  file_.emplace(complete_ > 0 ? io::H5File::open(comm, temporary_, io::H5File::Access::modify)
                              : create_file(comm, temporary_, layout));
}

void SampleWriter::write(const std::string& field, std::int64_t sample, const core::Index3& lo,
                         const core::Index3& hi, const double* values) {
  file_->write("/" + field,
               {{sample, 0, lo[2], lo[1], lo[0]},
                {1, channels_in(layout_, field), hi[2] - lo[2], hi[1] - lo[1], hi[0] - lo[0]}},
               values);
}

void SampleWriter::write_whole(const std::string& field, std::int64_t first, std::int64_t count,
                               const double* values) {
  io::Shape part = shape_of(layout_, channels_in(layout_, field));
  part[0] = count;
  file_->write("/" + field, {{first, 0, 0, 0, 0}, part}, values);
}

void SampleWriter::mark_complete(std::int64_t samples) {
  file_->write_attribute("/", complete_name, samples);
  file_->flush();
}

void SampleWriter::close() {
  file_->write_attribute("/", complete_name, layout_.samples);
  file_->close();
  file_.reset();
  core::on_first_rank(comm_, [&] {
    io::flush_to_disk(temporary_);
    io::rename_durably(temporary_, path_);
  });
}

SampleReader::SampleReader(const std::string& path)
    : file_(io::H5File::open(PETSC_COMM_SELF, path)) {
  if (!is_sample_file(file_))
    core::throw_data(path +
                     ": is not a sample file of Linnet; convert it with build/apps/train "
                     "-train_data import -train_import_files " +
                     path + " -train_epochs 0, or name another file");
  layout_.recipe = file_.read_string("/", "recipe");
  std::vector<std::string> names = file_.children("/");
  const bool has_geometry = std::erase(names, geometry_name) > 0,
             has_grid = std::erase(names, grid_name) > 0;
  for (const std::string& name : names) {
    const std::string what = path + ": '" + name + "'";
    const io::Shape shape = file_.info("/" + name).shape;
    if (shape.size() != 5)
      core::throw_data(what + " has not the directions sample, channel, z, y, x");
    if (layout_.fields.empty()) {
      layout_.samples = shape[0];
      for (std::size_t d = 0; d < 3; ++d) layout_.points[d] = extent_from(shape, 4 - d, what);
    }
    layout_.fields.push_back({name, extent_from(shape, 1, what)});
    file_.require("/" + name, shape_of(layout_, layout_.fields.back().channels));
  }
  complete_ = file_.has_attribute("/", complete_name) ? file_.read_integer("/", complete_name)
                                                      : layout_.samples;
  if (has_geometry) read_geometry(file_, path, layout_);
  if (has_grid) read_grid(file_, path, layout_);
}

int SampleReader::channels(const std::string& field) const { return channels_in(layout_, field); }

void SampleReader::read(const std::string& field, std::int64_t sample, double* values, int first,
                        int count) const {
  read_box(field, sample, {{0, 0, 0}, layout_.points}, values, first, count);
}

void SampleReader::read_box(const std::string& field, std::int64_t sample,
                            const grid::IndexBox& box, double* values, int first, int count) const {
  const core::Index3 n = box.extent();
  file_.read("/" + field,
             {{sample, first, box.lo[2], box.lo[1], box.lo[0]}, {1, count, n[2], n[1], n[0]}},
             values);
}

void SampleReader::read_whole(const std::string& field, std::int64_t first, std::int64_t count,
                              double* values) const {
  io::Shape part = shape_of(layout_, channels(field));
  part[0] = count;
  file_.read("/" + field, {{first, 0, 0, 0, 0}, part}, values);
}

bool holds_samples(MPI_Comm comm, const std::string& path, const SampleLayout& layout) {
  int same = 0;
  core::on_first_rank(comm, [&] { same = holds(path, layout); });
  MPI_Bcast(&same, 1, MPI_INT, 0, comm);
  return same != 0;
}

} // namespace linnet::nn
