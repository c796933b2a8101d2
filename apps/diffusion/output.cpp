// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"

#include <linnet/io/writable_outputs.hpp>

namespace app {

using namespace linnet::problems;
using linnet::io::FieldWriter;

namespace {

const std::vector<std::string> history_columns = {"solve", "iteration", "residual"};

Owned<DM> make_flux_cells(const Problem& problem) {
  DM dm = nullptr;
  LINNET_CHECK(DMDACreateCompatibleDMDA(problem.cells.get(), problem.model.grid.dim, &dm));
  return Owned<DM>(dm);
}

/// u with the value of held cells and of solid ones of fixed value.
void fill_walls(const Problem& problem, Vec u) {
  if (!problem.mask) return;
  const DiffusionModel& model = problem.model;
  const double wall = model.wall == WallKind::fixed_value ? model.wall_value : 0.0;
  const auto box = owned_cells(problem.cells.get());
  const CellArray mask(problem.mask.get(), box, linnet::grid::Access::read);
  const CellArray values(u, box, linnet::grid::Access::read_write);
  visit_cells(box, [&](int i, int j, int k) {
    if (is_solid(mask(i, j, k))) values(i, j, k) += wall;
    if (is_held(mask(i, j, k))) values(i, j, k) += model.held_value;
  });
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
  linnet::io::OptionPairs files;
  const std::string stem = output_stem(context);
  const bool steps = context.options().integer("-diffusion_time_steps") > 0;
  if (!stem.empty())
    files = {{"-diffusion_output", stem + ".h5"}, {"-diffusion_output", stem + ".xdmf"}};
  if (steps) files.emplace_back("-diffusion_output", checkpoint_path(context));
  linnet::io::require_writable_outputs(context, files);
}

FieldOutput::FieldOutput(const AppContext& context, const Problem& problem,
                         std::optional<Restart> restart)
    : problem_(problem) {
  const std::string stem = output_stem(context);
  if (stem.empty()) return;
  const auto grid = output_grid(problem.model.grid);
  const linnet::io::RunDescription run{context.command(), context.deck()};
  if (restart) {
    writer_.reset(
        new FieldWriter(FieldWriter::append(context.comm(), stem, grid, run, restart->time)));
    keep_history(restart->steps);
  } else {
    writer_ = std::make_unique<FieldWriter>(context.comm(), stem, grid, run);
  }
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

// The stopped run may have gone on beyond the checkpoint; its steps from there on are done again.
void FieldOutput::keep_history(std::int64_t steps) {
  first_solve_ = steps;
  const std::vector<double> rows = writer_->read_table("residuals", history_columns);
  for (std::size_t r = 0; r + 3 <= rows.size() && rows[r] < static_cast<double>(steps); r += 3)
    earlier_.insert(earlier_.end(), rows.begin() + std::ptrdiff_t(r),
                    rows.begin() + std::ptrdiff_t(r) + 3);
}

void FieldOutput::close(const std::vector<Solve>& solves) {
  if (!writer_) return;
  std::vector<double> rows = earlier_;
  for (std::size_t s = 0; s < solves.size(); ++s) {
    const auto number = static_cast<double>(first_solve_ + static_cast<std::int64_t>(s));
    for (const ResidualNorm& r : solves[s].history)
      rows.insert(rows.end(), {number, static_cast<double>(r.iteration), r.norm});
  }
  writer_->write_table("residuals", history_columns, rows);
  writer_->close();
}

bool is_zero(Vec u) {
  PetscReal largest;
  LINNET_CHECK(VecNorm(u, NORM_INFINITY, &largest));
  return largest == 0.0;
}

} // namespace app
