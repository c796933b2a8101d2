// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/diffusion.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/problems/cells/cell_function.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

void check(const DiffusionModel& model) {
  const auto& t = model.tensor;
  for (int d = 0; d < model.grid.dim; ++d)
    if (!(t.diagonal[d] > 0.0)) core::throw_usage("the conductivity tensor must be positive");
  if (t.xy != 0.0 && model.grid.dim == 3)
    core::throw_usage("-diffusion_medium rotated: a rotated tensor needs -diffusion_dim 2");
  if (!(t.diagonal[0] * t.diagonal[1] > t.xy * t.xy))
    core::throw_usage("the conductivity tensor must be positive definite");
  if (!(model.reaction >= 0.0) || !std::isfinite(model.reaction))
    core::throw_usage("-diffusion_reaction: must be finite and not negative, got " +
                      std::to_string(model.reaction));
  for (int d = 0; d < model.grid.dim; ++d) {
    const bool lo = model.boundary[2 * d].kind == BoundaryKind::periodic;
    const bool hi = model.boundary[2 * d + 1].kind == BoundaryKind::periodic;
    if (lo != model.grid.periodic[d] || hi != model.grid.periodic[d])
      core::throw_usage("-diffusion_bc_" + std::string(face_names[2 * d]) + " and _" +
                        face_names[2 * d + 1] + ": periodic must be set on both faces");
  }
}

} // namespace

DiffusionSystem::DiffusionSystem(DM cells, DiffusionModel model) : model_(std::move(model)) {
  check(model_);
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(cells)));
  dm_ = cells;
  row_sum_ = make_cell_vector(dm_, "row_sum");
  rhs_ = make_cell_vector(dm_, "rhs");
}

DiffusionSystem::~DiffusionSystem() {
  couplings_.clear();
  row_sum_.reset(), rhs_.reset(), kappa_.reset(), mask_.reset();
  static_cast<void>(DMDestroy(&dm_));
}

void DiffusionSystem::assemble(Vec kappa, Vec mask, double time) {
  time_ = time;
  step_.reset();
  kappa_ = with_ghosts(dm_, kappa);
  mask_ = mask ? with_ghosts(dm_, mask) : nullptr;
  has_couplings_ = false;
  LINNET_CHECK(VecZeroEntries(row_sum_.get()));
  LINNET_CHECK(VecZeroEntries(rhs_.get()));
  // Wrong data show on the ranks that hold them: no communication until all know.
  core::together(PetscObjectComm(reinterpret_cast<PetscObject>(dm_)), [&] {
    if (model_.needs_corners())
      detail::assemble_tensor(*this);
    else
      detail::assemble_star(*this);
    assemble_sources();
  });
}

const std::vector<Vec>& DiffusionSystem::couplings() const {
  if (!has_couplings_) compute_couplings();
  has_couplings_ = true;
  return coupling_handles_;
}

void DiffusionSystem::compute_couplings() const {
  const auto count = static_cast<std::size_t>(kernels::coupling_count(model_.pattern()));
  while (couplings_.size() < count) {
    couplings_.push_back(make_cell_vector(dm_, "coupling"));
    coupling_handles_.push_back(couplings_.back().get());
  }
  for (Vec c : coupling_handles_) LINNET_CHECK(VecZeroEntries(c));
  if (model_.needs_corners())
    detail::couple_tensor(*this, coupling_handles_);
  else
    detail::couple_star(*this, coupling_handles_);
  if (step_)
    for (Vec c : coupling_handles_) LINNET_CHECK(VecScale(c, step_->theta));
}

void DiffusionSystem::release_couplings() {
  couplings_.clear();
  coupling_handles_.clear();
  has_couplings_ = false;
}

double DiffusionSystem::source_at(const CellArray* field, int i, int j, int k) const {
  return field ? (*field)(i, j, k) : model_.source(model_.grid.center(i, j, k), time_);
}

void DiffusionSystem::assemble_sources() {
  const grid::IndexBox box = owned_cells(dm_);
  CellArray sum(row_sum_.get(), box, grid::Access::read_write);
  CellArray b(rhs_.get(), box, grid::Access::read_write);
  std::optional<CellArray> solid;
  if (mask_) solid.emplace(mask_.get(), ghosted_cells(dm_), grid::Access::read);
  const double volume = model_.grid.cell_volume();
  const auto add = [&](int i, int j, int k, double f) {
    if (solid && (*solid)(i, j, k) >= 0.5) {
      sum(i, j, k) = 1.0;
      b(i, j, k) = 0.0;
      return;
    }
    if (!std::isfinite(f))
      core::throw_data("-diffusion_source: not finite at cell (" + std::to_string(i) + "," +
                       std::to_string(j) + "," + std::to_string(k) + ")");
    sum(i, j, k) += volume * model_.reaction;
    b(i, j, k) += volume * f;
  };
  if (!model_.source_field) return visit_values(model_.grid, box, model_.source, time_, add);
  const CellArray field(model_.source_field, box, grid::Access::read);
  visit_cells(box, [&](int i, int j, int k) { add(i, j, k, field(i, j, k)); });
}

void DiffusionSystem::make_step_operator(double theta, double mass) {
  step_ = {theta, mass};
  has_couplings_ = false;
  const grid::IndexBox box = owned_cells(dm_);
  const CellArray sum(row_sum_.get(), box, grid::Access::read_write);
  std::optional<CellArray> solid;
  if (mask_) solid.emplace(mask_.get(), ghosted_cells(dm_), grid::Access::read);
  visit_cells(box, [&](int i, int j, int k) {
    if (!solid || (*solid)(i, j, k) < 0.5) sum(i, j, k) = theta * sum(i, j, k) + mass;
  });
}

void visit_inflows(const DiffusionSystem& system, Vec u, const InflowVisitor& visit) {
  const Owned<Vec> ghosted = with_ghosts(system.dm(), u);
  if (system.model().needs_corners())
    detail::visit_tensor(system, ghosted.get(), visit);
  else
    detail::visit_star(system, ghosted.get(), visit);
}

} // namespace linnet::problems
