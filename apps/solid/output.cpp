// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"

#include <linnet/fem/output/mesh_part.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/io/writable_outputs.hpp>

namespace app {

using namespace linnet;
using io::Center;
using io::MeshWriter;

namespace {

const std::vector<std::string> tensor = {"xx", "yy", "zz", "xy", "xz", "yz"};

void write_at(MeshWriter& writer, const std::string& name, Center center, int components,
              const std::vector<double>& values) {
  if (components == 1)
    writer.write(name, center, values);
  else
    writer.write_components(name, center, tensor, values);
}

} // namespace

std::string output_stem(const AppContext& context) {
  const std::string stem = context.options().string("-solid_output");
  return stem == "none" ? "" : stem;
}

std::string checkpoint_path(const AppContext& context) {
  const std::string stem = output_stem(context);
  return (stem.empty() ? "solid" : stem) + ".checkpoint.h5";
}

void require_writable_outputs(const AppContext& context) {
  io::OptionPairs files;
  const std::string stem = output_stem(context);
  if (!stem.empty()) files = {{"-solid_output", stem + ".h5"}, {"-solid_output", stem + ".xdmf"}};
  files.emplace_back("-solid_output", checkpoint_path(context));
  const std::string solver = context.options().choice("-solid_solver");
  for (const auto& [option, writer] :
       {std::pair{"-rom_archive", "train"}, std::pair{"-rom_save", "adaptive"},
        std::pair{"-rom_snapshots", "full"}})
    if (solver == writer && context.options().is_set(option))
      files.emplace_back(option, context.options().string(option));
  io::require_writable_outputs(context, files, {{"-rom_save", "-rom_archive"}});
}

FieldOutput::FieldOutput(const AppContext& context, const Problem& problem,
                         std::optional<double> restart, History& history)
    : problem_(problem), at_nodes_(context.options().boolean("-solid_output_points")),
      at_points_(context.options().boolean("-solid_output_quadrature")) {
  const std::string stem = output_stem(context);
  if (stem.empty()) return;
  const io::RunDescription run{context.command(), context.deck()};
  const auto part = fem::output_part(problem.mesh);
  if (restart) {
    writer_.reset(new MeshWriter(MeshWriter::append(context.comm(), stem, part, run, *restart)));
    history.read(*writer_, *restart);
  } else {
    writer_ = std::make_unique<MeshWriter>(context.comm(), stem, part, run);
  }
  weights_ = fem::host_values(problem.model->weights());
  files_ = writer_->files();
}

void FieldOutput::write(Vec u, double t, std::int64_t step) {
  if (!writer_ || (writer_->last_time() && *writer_->last_time() >= t)) return;
  writer_->begin_step(t, step);
  {
    const io::VecReadArray values(u);
    const auto size = static_cast<std::size_t>(3 * problem_.mesh.owned_nodes());
    writer_->write_vector("u", Center::point, {values.data(), size});
  }
  const auto fields =
      fem::point_fields(*problem_.model, problem_.materials, problem_.material_of_region);
  for (const fem::PointField& field : fields) write_field(field);
  writer_->end_step();
}

void FieldOutput::write_field(const fem::PointField& field) {
  const int per_cell = problem_.model->points_per_cell();
  write_at(*writer_, field.name, Center::cell, field.components,
           fem::cell_means(weights_, per_cell, field));
  if (at_nodes_)
    write_at(*writer_, "nodal_" + field.name, Center::point, field.components,
             fem::node_means(problem_.mesh, field));
  if (at_points_) writer_->write_quadrature(field.name, per_cell, field.components, field.values);
}

void FieldOutput::write_tables(const History& history) {
  if (writer_) history.write(*writer_);
}

void FieldOutput::close() {
  if (writer_) writer_->close();
}

} // namespace app
