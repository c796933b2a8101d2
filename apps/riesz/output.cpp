// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/io/writable_outputs.hpp>

#include <petscdmda.h>

#include <algorithm>

namespace app {

using linnet::io::FieldWriter;
using linnet::io::H5File;

std::string output_stem(const AppContext& context) {
  const std::string stem = context.options().string("-riesz_output");
  return stem == "none" ? "" : stem;
}

std::string checkpoint_path(const AppContext& context) {
  const std::string stem = output_stem(context);
  return (stem.empty() ? "riesz" : stem) + ".checkpoint.h5";
}

void require_writable_outputs(const AppContext& context, const std::vector<std::string>& endings) {
  linnet::io::OptionPairs files;
  const std::string stem = output_stem(context);
  if (context.options().real("-riesz_time_end") > 0.0)
    files.emplace_back("-riesz_output", checkpoint_path(context));
  for (const std::string& ending : endings)
    if (!stem.empty()) files.emplace_back("-riesz_output", stem + ending);
  if (context.options().is_set("-riesz_export"))
    files.emplace_back("-riesz_export", context.options().string("-riesz_export"));
  linnet::io::require_writable_outputs(context, files);
}

namespace {

/// Each rank has a slab of points of the last direction, at least one plane.
void require_size(const AppContext& context, linnet::io::UniformGrid& grid, bool asked) {
  int& last = grid.cells[static_cast<std::size_t>(grid.dim) - 1];
  if (last + 1 < context.ranks()) {
    if (asked)
      context.options().fail("-riesz_output_cells", "must be at least the number of ranks less 1 "
                                                    "in the last direction, got " +
                                                        std::to_string(last));
    last = context.ranks() - 1;
  }
  double points = 1.0;
  for (const int n : grid.points()) points *= n;
  if (points > 1e9) context.options().fail("-riesz_output_cells", "makes more than 1e9 points");
}

linnet::io::UniformGrid plot_grid(const AppContext& context, const Problem& problem) {
  static constexpr std::array<int, 3> most{4096, 512, 128};
  const int dim = static_cast<int>(problem.dim());
  const auto asked = context.options().integers_per_direction("-riesz_output_cells", dim, 1);
  linnet::io::UniformGrid grid;
  grid.dim = dim;
  for (std::size_t d = 0; d < problem.dim(); ++d) {
    const auto& axis = problem.operators.axis[d];
    const int spans = static_cast<int>(std::min<PetscInt>(axis.spans, most[problem.dim() - 1]));
    grid.cells[d] = asked[d] > 0 ? asked[d] : spans;
  }
  require_size(context, grid, asked[problem.dim() - 1] > 0);
  for (std::size_t d = 0; d < problem.dim(); ++d)
    grid.spacing[d] = problem.operators.axis[d].length / grid.cells[d];
  return grid;
}

DM make_points(MPI_Comm comm, const linnet::io::UniformGrid& grid) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  DM dm = nullptr;
  const auto n = grid.points();
  const auto none = DM_BOUNDARY_NONE;
  LINNET_CHECK(DMDACreate(comm, &dm));
  LINNET_CHECK(DMSetDimension(dm, grid.dim));
  LINNET_CHECK(DMDASetSizes(dm, n[0], n[1], n[2]));
  LINNET_CHECK(DMDASetBoundaryType(dm, none, none, none));
  LINNET_CHECK(DMDASetDof(dm, 1));
  LINNET_CHECK(DMDASetNumProcs(dm, grid.dim == 1 ? ranks : 1, grid.dim == 2 ? ranks : 1,
                               grid.dim == 3 ? ranks : 1));
  LINNET_CHECK(DMDASetStencilWidth(dm, 0));
  LINNET_CHECK(DMSetUp(dm));
  return dm;
}

} // namespace

FieldOutput::FieldOutput(const AppContext& context, const Discretisation& discretisation,
                         std::optional<double> restart_time)
    : discretisation_(discretisation) {
  const std::string stem = output_stem(context);
  if (stem.empty()) return;
  grid_ = plot_grid(context, discretisation.problem());
  points_.reset(make_points(context.comm(), grid_));
  Vec v = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(points_.get(), &v));
  field_.reset(v);
  PetscInt lo[3], count[3];
  LINNET_CHECK(
      DMDAGetCorners(points_.get(), &lo[0], &lo[1], &lo[2], &count[0], &count[1], &count[2]));
  for (PetscInt k = lo[2]; k < lo[2] + count[2]; ++k)
    for (PetscInt j = lo[1]; j < lo[1] + count[1]; ++j)
      for (PetscInt i = lo[0]; i < lo[0] + count[0]; ++i) {
        const std::array<PetscInt, 3> at{i, j, k};
        // The last point exactly: beyond it u is zero.
        for (std::size_t d = 0; d < discretisation.problem().dim(); ++d)
          places_.push_back(at[d] == grid_.cells[d]
                                ? discretisation.problem().operators.axis[d].length
                                : at[d] * grid_.spacing[d]);
      }
  const linnet::io::RunDescription run{context.command(), context.deck()};
  if (restart_time)
    writer_.reset(
        new FieldWriter(FieldWriter::append(context.comm(), stem, grid_, run, *restart_time)));
  else
    writer_ = std::make_unique<FieldWriter>(context.comm(), stem, grid_, run);
}

void FieldOutput::write(Vec coefficients, double time, std::int64_t step) {
  if (!writer_ || (writer_->last_time() && *writer_->last_time() >= time)) return;
  const std::size_t dim = discretisation_.problem().dim();
  const auto count = static_cast<PetscInt>(places_.size() / dim);
  {
    const linnet::io::VecWriteArray values(field_.get());
    LINNET_CHECK(linnet::fractional::MatRieszEvaluate(discretisation_.matrix(), coefficients, count,
                                                      places_.data(), values.data()));
  }
  writer_->begin_step(time, step);
  writer_->write_point("u", field_.get());
  if (const Function& exact = discretisation_.problem().exact) {
    PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArray(field_.get(), &values));
    for (PetscInt q = 0; q < count; ++q) {
      Real3 x{};
      std::copy_n(places_.begin() + static_cast<std::ptrdiff_t>(dim) * q, dim, x.begin());
      values[q] -= exact(x, time);
    }
    LINNET_CHECK(VecRestoreArray(field_.get(), &values));
    writer_->write_point("error", field_.get());
  }
  writer_->end_step();
}

std::vector<double> FieldOutput::earlier(const std::string& name,
                                         const std::vector<std::string>& columns,
                                         double time) const {
  if (!writer_) return {};
  std::vector<double> rows = writer_->read_table(name, columns), kept;
  for (std::size_t r = 0; r + columns.size() <= rows.size() && rows[r] <= time; r += columns.size())
    kept.insert(kept.end(), rows.begin() + static_cast<std::ptrdiff_t>(r),
                rows.begin() + static_cast<std::ptrdiff_t>(r + columns.size()));
  return kept;
}

void FieldOutput::write_history(const std::string& name, const std::vector<std::string>& columns,
                                const std::vector<double>& rows) {
  if (writer_) writer_->write_table(name, columns, rows);
}

void FieldOutput::close(const std::string& name, const std::vector<std::string>& columns,
                        const std::vector<double>& rows) {
  if (!writer_) return;
  writer_->write_table(name, columns, rows);
  writer_->close();
}

std::vector<std::string> FieldOutput::files() const {
  return writer_ ? writer_->files() : std::vector<std::string>();
}

void write_tables(const AppContext& context, const std::string& path,
                  const std::vector<Table>& tables) {
  const std::string temporary = path + ".tmp";
  linnet::core::on_first_rank(context.comm(), [&] {
    linnet::io::create_parent_folder(path);
    H5File file = H5File::create(MPI_COMM_SELF, temporary);
    file.write_attribute("/", "command_line", context.command());
    for (const Table& table : tables) {
      for (std::size_t slash = table.name.find('/', 1); slash != std::string::npos;
           slash = table.name.find('/', slash + 1))
        if (!file.exists(table.name.substr(0, slash)))
          file.create_group(table.name.substr(0, slash));
      const auto columns =
          static_cast<std::int64_t>(std::max<std::size_t>(1, table.columns.size()));
      const auto rows = static_cast<std::int64_t>(table.rows.size()) / columns;
      const bool list = table.columns.size() <= 1;
      file.create_dataset(table.name, linnet::io::NumberType::float64,
                          list ? linnet::io::Shape{rows} : linnet::io::Shape{rows, columns});
      file.write(table.name,
                 list ? linnet::io::Slab{{0}, {rows}} : linnet::io::Slab{{0, 0}, {rows, columns}},
                 table.rows.data());
      std::string names;
      for (const std::string& c : table.columns) names += (names.empty() ? "" : ",") + c;
      if (!names.empty()) file.write_attribute(table.name, "columns", names);
      for (const auto& [key, text] : table.texts) file.write_attribute(table.name, key, text);
    }
    file.close();
    linnet::io::rename_durably(temporary, path);
  });
}

} // namespace app
