// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/nonlinear_diffusion.hpp>

#include <linnet/problems/cells/cell_function.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>
#include <linnet/problems/diffusion/star_faces.hpp>

#include <cmath>

namespace linnet::problems {

using grid::Access;

namespace {

MPI_Comm comm_of(DM dm) { return PetscObjectComm(reinterpret_cast<PetscObject>(dm)); }

} // namespace

NonlinearDiffusion::NonlinearDiffusion(DiffusionSystem& system, NonlinearLaw law, Vec kappa,
                                       Vec mask)
    : system_(system), law_(std::move(law)), kappa_(kappa), mask_(mask) {
  if (system.model().needs_corners())
    core::throw_usage("-diffusion_nonlinear: cannot be used with -diffusion_medium rotated");
  if (!(law_.exponent > 1.0) || !(law_.epsilon > 0.0))
    core::throw_usage("-diffusion_nonlinear p_laplacian: needs an exponent above 1 and a positive "
                      "regularisation");
  conductivity_ = make_cell_vector(dm(), "conductivity");
  slopes_ = make_cell_vector(dm(), "slopes");
  if (law_.kind == LawKind::p_laplacian) gradients_ = make_cell_vector(dm(), "gradients");
  if (mask) mask_array_ = std::make_unique<CellArray>(mask, owned_cells(dm()), Access::read);
}

bool NonlinearDiffusion::fluid(int i, int j, int k) const {
  return !mask_array_ || is_fluid((*mask_array_)(i, j, k));
}

void NonlinearDiffusion::set_step(double time, double mass, Vec old) {
  time_ = time, mass_ = mass, old_ = old;
}

void NonlinearDiffusion::measure_gradients(Vec u) {
  system_.assemble(kappa_, mask_, time_);
  const auto& model = system_.model();
  const CellArray squares(gradients_.get(), owned_cells(dm()), Access::write);
  const CellArray kappa(kappa_, owned_cells(dm()), Access::read);
  visit_cells(squares.box(), [&](int i, int j, int k) { squares(i, j, k) = 0.0; });
  visit_inflows(system_, u, [&](int i, int j, int k, const double(&inflow)[6]) {
    for (int d = 0; d < model.grid.dim; ++d) {
      const double through = 0.5 * (inflow[2 * d + 1] - inflow[2 * d]);
      const double slope =
          through / (model.grid.face_area(d) * model.tensor.diagonal[d] * kappa(i, j, k));
      squares(i, j, k) += slope * slope;
    }
  });
}

bool NonlinearDiffusion::fill_conductivity(Vec u) {
  if (law_.kind == LawKind::p_laplacian) measure_gradients(u);
  const auto& model = system_.model();
  const grid::IndexBox box = owned_cells(dm());
  const CellArray kappa(kappa_, box, Access::read), value(u, box, Access::read);
  const CellArray conductivity(conductivity_.get(), box, Access::write);
  const CellArray slopes(slopes_.get(), box, Access::write);
  std::optional<CellArray> squares;
  if (gradients_) squares.emplace(gradients_.get(), box, Access::read);
  bool allowed = true;
  visit_cells(box, [&](int i, int j, int k) {
    const bool held = mask_array_ && is_held((*mask_array_)(i, j, k));
    const core::Real3 p = model.grid.center(i, j, k);
    const double here = held ? model.held_value : value(i, j, k);
    const NonlinearLaw::Value law =
        squares ? law_.of_gradient((*squares)(i, j, k)) : law_.at(p, here);
    const bool reacts = law_.kind == LawKind::reaction;
    const double factor = reacts ? 1.0 : law.value;
    if (fluid(i, j, k) || held)
      allowed = allowed && std::isfinite(law.value) && std::isfinite(law.slope) && factor > 0.0;
    conductivity(i, j, k) = kappa(i, j, k) * (factor > 0.0 ? factor : 1.0);
    slopes(i, j, k) = !fluid(i, j, k) ? 0.0
                      : reacts        ? model.grid.cell_volume() * law.slope
                                      : kappa(i, j, k) * law.slope;
  });
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, &allowed, 1, MPI_CXX_BOOL, MPI_LAND, comm_of(dm())));
  return allowed;
}

bool NonlinearDiffusion::assemble(Vec u) {
  if (!fill_conductivity(u)) return false;
  system_.assemble(conductivity_.get(), mask_, time_);
  return true;
}

void NonlinearDiffusion::residual(Vec u, Vec f) {
  const auto& model = system_.model();
  const grid::IndexBox box = owned_cells(dm());
  const double volume = model.grid.cell_volume();
  const bool reacts = law_.kind == LawKind::reaction;
  LINNET_CHECK(VecCopy(u, f)); // of solid and held cells
  if (!source_) source_ = make_cell_vector(dm(), "source");
  source(source_.get());
  const CellArray value(u, box, Access::read), row(f, box, Access::read_write),
      density(source_.get(), box, Access::read);
  std::optional<CellArray> old;
  if (mass_ > 0.0) old.emplace(old_, box, Access::read);
  visit_inflows(system_, u, [&](int i, int j, int k, const double(&inflow)[6]) {
    double balance = model.reaction * value(i, j, k);
    if (old) balance += mass_ * (value(i, j, k) - (*old)(i, j, k));
    if (reacts) balance += law_.at(model.grid.center(i, j, k), value(i, j, k)).value;
    balance = volume * (balance - density(i, j, k));
    for (int face = 0; face < 2 * model.grid.dim; ++face) balance -= inflow[face];
    row(i, j, k) = balance;
  });
}

void NonlinearDiffusion::set_picard_matrix(Vec, Mat P) {
  set_matrix(system_, false, P);
  const bool reacts = law_.kind == LawKind::reaction;
  if (!reacts && mass_ == 0.0) return;
  const Owned<Vec> diagonal = make_cell_vector(dm(), "diagonal");
  if (reacts) LINNET_CHECK(VecCopy(slopes_.get(), diagonal.get()));
  const double mass = mass_ * system_.model().grid.cell_volume();
  {
    const CellArray values(diagonal.get(), owned_cells(dm()), Access::read_write);
    visit_cells(values.box(), [&](int i, int j, int k) {
      if (fluid(i, j, k)) values(i, j, k) += mass;
    });
  }
  LINNET_CHECK(MatDiagonalSet(P, diagonal.get(), ADD_VALUES));
  PetscReal least = 0.0;
  LINNET_CHECK(VecMin(diagonal.get(), nullptr, &least));
  LINNET_CHECK(MatSetOption(P, MAT_SYMMETRIC, PETSC_TRUE));
  LINNET_CHECK(MatSetOption(P, MAT_SPD, least >= 0.0 ? PETSC_TRUE : PETSC_FALSE));
}

void NonlinearDiffusion::set_jacobian(Vec u, Mat J) {
  if (law_.kind == LawKind::reaction) return set_picard_matrix(u, J);
  const auto& model = system_.model();
  const detail::Faces faces(system_);
  const Owned<Vec> ghosted_u = with_ghosts(dm(), u),
                   ghosted_slopes = with_ghosts(dm(), slopes_.get());
  const CellArray value(ghosted_u.get(), ghosted_cells(dm()), Access::read);
  const CellArray slopes(ghosted_slopes.get(), ghosted_cells(dm()), Access::read);
  LINNET_CHECK(MatZeroEntries(J));
  visit_cells(owned_cells(dm()), [&](int i, int j, int k) {
    MatStencil columns[7] = {{k, j, i, 0}};
    double entries[7] = {1.0};
    PetscInt count = 1;
    if (faces.fluid(i, j, k)) entries[0] = model.grid.cell_volume() * (model.reaction + mass_);
    for (int face = 0; faces.fluid(i, j, k) && face < 2 * model.grid.dim; ++face) {
      const detail::FaceTerm term = faces.term(i, j, k, face);
      core::Index3 next{i, j, k};
      next[face / 2] += face % 2 ? 1 : -1;
      const bool coupled = term.coupling != 0.0;
      const double there = coupled ? value(next[0], next[1], next[2]) : 0.0;
      const detail::FaceSlope by = faces.slope(i, j, k, face, value(i, j, k), there);
      entries[0] += term.closure.weight + term.coupling - by.here * slopes(i, j, k);
      if (!coupled) continue;
      columns[count] = {next[2], next[1], next[0], 0};
      entries[count++] = -term.coupling - by.there * slopes(next[0], next[1], next[2]);
    }
    const MatStencil row = columns[0];
    LINNET_CHECK(MatSetValuesStencil(J, 1, &row, count, columns, entries, ADD_VALUES));
  });
  LINNET_CHECK(MatAssemblyBegin(J, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(J, MAT_FINAL_ASSEMBLY));
}

void NonlinearDiffusion::source(Vec f) const {
  const auto& model = system_.model();
  if (model.source_field) {
    LINNET_CHECK(VecCopy(model.source_field, f));
    return;
  }
  const CellArray values(f, owned_cells(dm()), Access::write);
  visit_values(
      model.grid, values.box(), model.source, time_,
      [&](int i, int j, int k, double f_here) { values(i, j, k) = fluid(i, j, k) ? f_here : 0.0; });
}

double NonlinearDiffusion::reaction_integral(Vec u) const {
  if (law_.kind != LawKind::reaction) return 0.0;
  const auto& grid = system_.model().grid;
  const CellArray value(u, owned_cells(dm()), Access::read);
  double sum = 0.0;
  visit_cells(value.box(), [&](int i, int j, int k) {
    if (fluid(i, j, k)) sum += law_.at(grid.center(i, j, k), value(i, j, k)).value;
  });
  LINNET_CHECK(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm_of(dm())));
  return sum * grid.cell_volume();
}

} // namespace linnet::problems
