// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Steps, fields and tables; the life of the files themselves is in field_output.cpp.
#include <linnet/io/field_writer.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace linnet::io {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : ",").append(word);
  return text;
}

std::string group_name(std::size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "step%06zu", number);
  return text;
}

/// Names end up in paths of HDF5 and in XML.
void require_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '+';
  };
  if (name.empty() || name == "." || !std::all_of(name.begin(), name.end(), allowed))
    core::throw_usage("field name '" + name +
                      "' is not allowed; use letters, digits and the characters _ - . +");
}

/// Components first ... first+count of all points; components that do not exist are zero.
std::vector<double> extract(const VecLayout& layout, const double* local, int first, int count) {
  const std::int64_t n = layout.slab.size();
  std::vector<double> result(static_cast<std::size_t>(n * count), 0.0);
  const int present = std::min(count, layout.dof - first);
  for (std::int64_t i = 0; i < n; ++i)
    for (int c = 0; c < present; ++c)
      result[static_cast<std::size_t>(i * count + c)] = local[i * layout.dof + first + c];
  return result;
}

std::vector<std::int32_t> rounded(const std::vector<double>& values, const std::string& name) {
  std::vector<std::int32_t> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= 2147483647.0))
      core::throw_data("field '" + name + "': " + std::to_string(values[i]) +
                       " is not a 32-bit integer");
    result[i] = static_cast<std::int32_t>(std::lround(values[i]));
  }
  return result;
}

} // namespace

template <class Work>
void FieldWriter::within_transaction(Work&& work) {
  try {
    work();
  } catch (...) {
    abandon_transaction();
    throw;
  }
}

void FieldWriter::require_step(bool inside, const char* call) const {
  std::string problem;
  if (closed_)
    problem = "the output is closed";
  else if (failed_)
    problem = "an earlier write has failed";
  else if (inside && !step_)
    problem = "no step has been begun";
  else if (!inside && step_)
    problem = "a step has not been ended";
  if (!problem.empty())
    throw core::Error(core::ExitCode::internal,
                      std::string("FieldWriter::") + call + ": " + problem);
}

void FieldWriter::begin_step(double time, std::int64_t iteration) {
  require_step(false, "begin_step");
  if (!std::isfinite(time) || (!steps_.empty() && time <= steps_.back().time))
    throw core::Error(core::ExitCode::internal,
                      "FieldWriter::begin_step: times must be finite and increase");
  open_transaction();
  within_transaction([&] {
    step_ = XdmfStep{group_name(steps_.size()), time, {}};
    const std::string group = "/" + step_->group;
    file_->create_group(group);
    file_->write_attribute(group, "time", time);
    file_->write_attribute(group, "iteration", iteration);
  });
}

void FieldWriter::write_cell(const std::string& name, Vec values) {
  write_field(name, values, Center::cell, false);
}

void FieldWriter::write_point(const std::string& name, Vec values) {
  write_field(name, values, Center::point, false);
}

void FieldWriter::write_cell_integers(const std::string& name, Vec values) {
  write_field(name, values, Center::cell, true);
}

void FieldWriter::write_step_attribute(const std::string& name, double value) {
  require_step(true, "write_step_attribute");
  within_transaction([&] { file_->write_attribute("/" + step_->group, name, value); });
}

// A line is written as a plane of one row.
namespace {

void add_row_index(VecLayout& layout) {
  layout.shape.insert(layout.shape.begin(), 1);
  layout.slab.offset.insert(layout.slab.offset.begin(), 0);
  layout.slab.count.insert(layout.slab.count.begin(), 1);
}

} // namespace

void FieldWriter::write_field(const std::string& name, Vec values, Center center, bool integer) {
  require_step(true, "write");
  within_transaction([&] {
    VecLayout layout;
    core::together(comm_, [&] {
      require_name(name);
      layout = layout_of(values);
      if (grid_.dim == 1) {
        if (center == Center::cell)
          throw core::Error(core::ExitCode::internal,
                            "field '" + name + "': a line has data at its points only");
        add_row_index(layout);
      }
      const core::Index3 n = center == Center::cell ? grid_.cells : grid_.points();
      const Shape expected = grid_.dim == 3 ? Shape{n[2], n[1], n[0]} : Shape{n[1], n[0]};
      if (layout.shape != expected)
        throw core::Error(core::ExitCode::internal, "field '" + name + "' has the shape " +
                                                        to_string(layout.shape) + "; expected " +
                                                        to_string(expected));
    });
    const VecReadArray array(values);
    if (layout.dof <= 3) {
      write_array(name, layout, array.data(), center, integer, 0, layout.dof == 1 ? 1 : 3);
      return;
    }
    for (int c = 0; c < layout.dof; ++c)
      write_array(name + "_" + std::to_string(c), layout, array.data(), center, integer, c, 1);
  });
}

void FieldWriter::write_array(const std::string& name, const VecLayout& layout, const double* local,
                              Center center, bool integer, int first, int components) {
  for (const auto& field : step_->attributes)
    if (field.name == name)
      throw core::Error(core::ExitCode::internal, "field '" + name + "' is written twice");
  VecLayout stored = layout;
  stored.dof = components;
  const Shape shape = stored.full_shape();
  const std::string dataset = "/" + step_->group + "/" + name;
  const int bytes = integer ? 4 : 8;
  reserve(Slab{{}, shape}.size() * bytes);
  file_->create_dataset(dataset, integer ? NumberType::int32 : NumberType::float64, shape);
  file_->write_attribute(dataset, "center", center == Center::cell ? "cell" : "point");
  if (layout.dof == 1 && !integer) {
    file_->write(dataset, stored.full_slab(), local);
  } else if (!integer) {
    const auto values = extract(layout, local, first, components);
    file_->write(dataset, stored.full_slab(), values.data());
  } else {
    std::vector<std::int32_t> values;
    core::together(comm_,
                   [&] { values = rounded(extract(layout, local, first, components), name); });
    file_->write(dataset, stored.full_slab(), values.data());
  }
  step_->attributes.push_back({name, center, components == 3, integer});
}

void FieldWriter::end_step() {
  require_step(true, "end_step");
  within_transaction([&] { commit_transaction("/" + step_->group); });
  steps_.push_back(std::move(*step_));
  step_.reset();
  if (!published_) publish();
  write_side_file();
}

void FieldWriter::write_table(const std::string& name, const std::vector<std::string>& columns,
                              const std::vector<double>& rows) {
  require_step(false, "write_table");
  require_name(name);
  if (columns.empty())
    throw core::Error(core::ExitCode::internal, "table '" + name + "' has no columns");
  const auto width = static_cast<std::int64_t>(columns.size());
  std::int64_t height = static_cast<std::int64_t>(rows.size()) / width;
  MPI_Bcast(&height, 1, MPI_INT64_T, 0, comm_);
  open_transaction();
  within_transaction([&] {
    reserve(height * width * 8);
    const std::string dataset = "/history/" + name;
    if (!file_->exists("/history")) file_->create_group("/history");
    file_->resize_table(dataset, height, width);
    file_->write_attribute(dataset, "columns", joined(columns));
    const bool mine = rank_ == 0;
    file_->write(dataset, {{0, 0}, {mine ? height : 0, mine ? width : 0}}, rows.data());
    commit_transaction("");
  });
}

std::vector<double> FieldWriter::read_table(const std::string& name,
                                            const std::vector<std::string>& columns) const {
  require_step(false, "read_table");
  const H5File file = H5File::open(comm_, h5_path());
  const std::string dataset = "/history/" + name;
  if (!file.exists("/history") || !file.exists(dataset)) return {};
  const Shape shape = file.info(dataset).shape;
  if (shape.size() != 2 || shape[1] != static_cast<std::int64_t>(columns.size()) ||
      !file.has_attribute(dataset, "columns") ||
      file.read_string(dataset, "columns") != joined(columns))
    core::throw_data(h5_path() + ":" + dataset + ": must be a table of the columns " +
                     joined(columns) + "; move the file away or take another name for the output");
  std::vector<double> rows(static_cast<std::size_t>(shape[0] * shape[1]));
  file.read(dataset, {{0, 0}, {shape[0], shape[1]}}, rows.data());
  return rows;
}

std::optional<double> FieldWriter::last_time() const {
  if (steps_.empty()) return std::nullopt;
  return steps_.back().time;
}

std::vector<std::string> FieldWriter::files() const { return {stem_ + ".h5", stem_ + ".xdmf"}; }

} // namespace linnet::io
