// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "point_output.hpp"

#include <linnet/core/text.hpp>
#include <linnet/fem/material_point/point_table.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/h5_file.hpp>

namespace app {

using linnet::io::H5File;
using linnet::io::NumberType;
using linnet::io::Shape;

namespace {

void add_line(std::string& text, const double* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    text += (text.empty() || text.back() == '\n' ? "" : ",") + linnet::core::number_text(values[i]);
}

void write_all(H5File& file, const std::string& name, const Shape& shape, const double* values) {
  file.create_dataset(name, NumberType::float64, shape);
  file.write(name, {Shape(shape.size(), 0), shape}, values);
}

} // namespace

void write_point_h5(const linnet::core::AppContext& context, const std::string& path,
                    const PointTable& table) {
  const std::string temporary = path + ".tmp";
  const auto times = static_cast<std::int64_t>(table.count());
  H5File file = H5File::create(MPI_COMM_SELF, temporary);
  file.write_attribute("/", "command_line", context.command());
  write_all(file, "/history", {times, static_cast<std::int64_t>(table.columns.size())},
            table.rows.data());
  file.write_attribute("/history", "columns", linnet::core::joined(table.columns, ","));
  if (!table.tangents.empty()) {
    write_all(file, "/tangent", {times, 6, 6}, table.tangents.data());
    file.write_attribute("/tangent", "components",
                         "stress 11,22,33,12,13,23 by engineering strain 11,22,33,12,13,23");
  }
  file.close();
  linnet::io::rename_durably(temporary, path);
}

void write_point_csv(const std::string& path, const PointTable& table) {
  std::vector<std::string> names = table.columns;
  if (!table.tangents.empty())
    for (const std::string& name : linnet::fem::tangent_columns()) names.push_back(name);
  std::string text = linnet::core::joined(names, ",") + "\n";
  const std::size_t columns = table.columns.size();
  for (std::size_t r = 0; r < table.count(); ++r) {
    add_line(text, table.rows.data() + r * columns, columns);
    if (!table.tangents.empty()) add_line(text, table.tangents.data() + 36 * r, 36);
    text += "\n";
  }
  linnet::io::write_file_atomically(path, text);
}

} // namespace app
