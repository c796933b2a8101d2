// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Steps and tables; the life of the files themselves is in step_writer_files.cpp.
#include <linnet/io/step_writer.hpp>

#include <linnet/core/agreement.hpp>

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

} // namespace

void StepWriter::require_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '+';
  };
  if (name.empty() || name == "." || !std::all_of(name.begin(), name.end(), allowed))
    core::throw_usage("field name '" + name +
                      "' is not allowed; use letters, digits and the characters _ - . +");
}

template <class Work>
void StepWriter::within_transaction(Work&& work) {
  try {
    work();
  } catch (...) {
    abandon_transaction();
    throw;
  }
}

void StepWriter::require_step(bool inside, const char* call) const {
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
                      std::string("StepWriter::") + call + ": " + problem);
}

void StepWriter::begin_step(double time, std::int64_t iteration) {
  require_step(false, "begin_step");
  if (!std::isfinite(time) || (!steps_.empty() && time <= steps_.back().time))
    throw core::Error(core::ExitCode::internal,
                      "StepWriter::begin_step: times must be finite and increase");
  open_transaction();
  within_transaction([&] {
    step_ = XdmfStep{group_name(steps_.size()), time, {}};
    const std::string group = "/" + step_->group;
    file_->create_group(group);
    file_->write_attribute(group, "time", time);
    file_->write_attribute(group, "iteration", iteration);
  });
}

void StepWriter::write_step_attribute(const std::string& name, double value) {
  require_step(true, "write_step_attribute");
  within_transaction([&] { file_->write_attribute("/" + step_->group, name, value); });
}

std::string StepWriter::create_field(const std::string& name, Center center, int components,
                                     bool integer) {
  for (const auto& field : step_->attributes)
    if (field.name == name)
      throw core::Error(core::ExitCode::internal, "field '" + name + "' is written twice");
  Shape shape = geometry_->shape(center);
  if (components > 1) shape.push_back(components);
  const std::string dataset = "/" + step_->group + "/" + name;
  reserve(Slab{{}, shape}.size() * (integer ? 4 : 8));
  file_->create_dataset(dataset, integer ? NumberType::int32 : NumberType::float64, shape);
  file_->write_attribute(dataset, "center", center == Center::cell ? "cell" : "point");
  step_->attributes.push_back({name, center, components == 3, integer});
  return dataset;
}

std::string StepWriter::create_array(const std::string& name, const Shape& shape) {
  const std::string group = "/" + step_->group + "/quadrature";
  if (!file_->exists(group)) file_->create_group(group);
  const std::string dataset = group + "/" + name;
  reserve(Slab{{}, shape}.size() * 8);
  file_->create_dataset(dataset, NumberType::float64, shape);
  return dataset;
}

void StepWriter::end_step() {
  require_step(true, "end_step");
  within_transaction([&] { commit_transaction("/" + step_->group); });
  steps_.push_back(std::move(*step_));
  step_.reset();
  if (!published_) publish();
  write_side_file();
}

void StepWriter::write_table(const std::string& name, const std::vector<std::string>& columns,
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

std::vector<double> StepWriter::read_table(const std::string& name,
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

std::optional<double> StepWriter::last_time() const {
  if (steps_.empty()) return std::nullopt;
  return steps_.back().time;
}

std::vector<std::string> StepWriter::files() const { return {stem_ + ".h5", stem_ + ".xdmf"}; }

} // namespace linnet::io
