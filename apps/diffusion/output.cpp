// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>

namespace app {

using namespace linnet::problems;
using linnet::io::FieldWriter;

namespace {

Owned<DM> make_flux_cells(const Problem& problem) {
  DM dm = nullptr;
  LINNET_CHECK(DMDACreateCompatibleDMDA(problem.cells.get(), problem.model.grid.dim, &dm));
  return Owned<DM>(dm);
}

/// u with the wall value in solid cells of fixed value.
void fill_walls(const Problem& problem, Vec u) {
  if (!problem.mask || problem.model.wall != WallKind::fixed_value) return;
  LINNET_CHECK(VecAXPY(u, problem.model.wall_value, problem.mask.get()));
}

linnet::io::UniformGrid output_grid(const BoxCells& grid) {
  linnet::io::UniformGrid g;
  g.dim = grid.dim;
  g.cells = grid.cells;
  g.origin = grid.domain.lower;
  for (int d = 0; d < 3; ++d) g.spacing[d] = grid.spacing(d);
  return g;
}

} // namespace

std::string output_stem(const AppContext& context) {
  const std::string stem = context.options().string("-diffusion_output");
  return stem == "none" ? "" : stem;
}

std::string checkpoint_path(const AppContext& context) {
  const std::string stem = output_stem(context);
  return (stem.empty() ? "diffusion" : stem) + ".checkpoint.h5";
}

void require_writable_outputs(const AppContext& context) {
  std::vector<std::pair<std::string, std::string>> files;
  const std::string stem = output_stem(context);
  const bool steps = context.options().integer("-diffusion_time_steps") > 0;
  if (!stem.empty())
    files = {{"-diffusion_output", stem + ".h5"}, {"-diffusion_output", stem + ".xdmf"}};
  if (steps) files.emplace_back("-diffusion_output", checkpoint_path(context));
  if (!context.results_file().empty())
    files.emplace_back("-linnet_results", context.results_file());
  linnet::core::on_first_rank(context.comm(), [&] {
    for (const auto& [option, file] : files) {
      try {
        linnet::io::require_writable(file);
      } catch (const linnet::core::Error& error) {
        linnet::core::throw_data(context.options().sources().place(option) + ": " + error.what() +
                                 "; name a place that can be written to");
      }
    }
  });
}

FieldOutput::FieldOutput(const AppContext& context, const Problem& problem,
                         std::optional<double> restart_time)
    : problem_(problem) {
  const std::string stem = output_stem(context);
  if (stem.empty()) return;
  const auto grid = output_grid(problem.model.grid);
  const linnet::io::RunDescription run{context.command(), context.deck()};
  if (restart_time)
    writer_.reset(
        new FieldWriter(FieldWriter::append(context.comm(), stem, grid, run, *restart_time)));
  else
    writer_ = std::make_unique<FieldWriter>(context.comm(), stem, grid, run);
  flux_cells_ = make_flux_cells(problem);
  Vec flux = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(flux_cells_.get(), &flux));
  flux_.reset(flux);
  shown_ = make_cell_vector(problem.cells.get(), "u");
  files_ = writer_->files();
}

void FieldOutput::write(const DiffusionSystem& system, Vec u, double time, std::int64_t step) {
  if (!writer_ || (writer_->last_time() && *writer_->last_time() >= time)) return;
  LINNET_CHECK(VecCopy(u, shown_.get()));
  fill_walls(problem_, shown_.get());
  fill_flux_vectors(system, u, flux_cells_.get(), flux_.get());
  writer_->begin_step(time, step);
  writer_->write_cell("u", shown_.get());
  writer_->write_cell("kappa", problem_.kappa.get());
  writer_->write_cell("flux", flux_.get());
  if (problem_.mask) writer_->write_cell_integers("mask", problem_.mask.get());
  writer_->end_step();
}

void FieldOutput::close(const std::vector<Solve>& solves) {
  if (!writer_) return;
  std::vector<double> rows;
  for (std::size_t s = 0; s < solves.size(); ++s)
    for (const ResidualNorm& r : solves[s].history)
      rows.insert(rows.end(), {static_cast<double>(s), static_cast<double>(r.iteration), r.norm});
  writer_->write_table("residuals", {"solve", "iteration", "residual"}, rows);
  writer_->close();
}

bool is_zero(Vec u) {
  PetscReal largest;
  LINNET_CHECK(VecNorm(u, NORM_INFINITY, &largest));
  return largest == 0.0;
}

} // namespace app
