// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "coarse_operators.hpp"

#include <linnet/core/petsc.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>

#include <petscksp.h>

namespace app {

using namespace linnet::problems;

namespace {

// The named vectors in which a DM keeps its coefficient and the shares of its cells that are fluid
// and held.
constexpr const char* conductivity = "linnet_conductivity";
constexpr const char* fluid_share = "linnet_fluid_share";
constexpr const char* held_share = "linnet_held_share";

/// A named vector of a DM while it is in use.
class Field {
public:
  Field(DM dm, const char* name) : dm_(dm), name_(name) {
    LINNET_CHECK(DMGetNamedGlobalVector(dm, name, &vec_));
  }
  ~Field() { static_cast<void>(DMRestoreNamedGlobalVector(dm_, name_, &vec_)); }
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;
  [[nodiscard]] Vec get() const { return vec_; }

private:
  DM dm_;
  const char* name_;
  Vec vec_ = nullptr;
};

bool has_field(DM dm, const char* name) {
  PetscBool has = PETSC_FALSE;
  LINNET_CHECK(DMHasNamedGlobalVector(dm, name, &has));
  return has == PETSC_TRUE;
}

void set_share(DM dm, Vec mask, const char* name, bool (*counts)(double)) {
  const Field share(dm, name);
  const auto box = owned_cells(dm);
  const CellArray from(mask, box, linnet::grid::Access::read);
  const CellArray to(share.get(), box, linnet::grid::Access::write);
  visit_cells(box, [&](int i, int j, int k) { to(i, j, k) = counts(from(i, j, k)) ? 1.0 : 0.0; });
}

// The shares of single cells, and the conductivity without the solid ones.
void set_finest(const CoarseOperators& finest) {
  DM dm = finest.problem.cells.get();
  const Field kappa(dm, conductivity);
  LINNET_CHECK(VecCopy(finest.problem.kappa.get(), kappa.get()));
  if (!finest.problem.mask) return;
  Vec mask = finest.problem.mask.get();
  set_share(dm, mask, fluid_share, is_fluid);
  if (finest.problem.held_cells > 0) set_share(dm, mask, held_share, is_held);
  const auto box = owned_cells(dm);
  const CellArray kind(mask, box, linnet::grid::Access::read);
  const CellArray conducts(kappa.get(), box, linnet::grid::Access::read_write);
  visit_cells(box, [&](int i, int j, int k) {
    if (is_solid(kind(i, j, k))) conducts(i, j, k) = 0.0;
  });
}

// P^T of constant interpolation sums over the fine cells; scale is one over their number.
void restrict_mean(DM fine, Mat restriction, Vec scale, DM coarse, const char* name) {
  if (!has_field(fine, name)) return;
  const Field values(fine, name), mean(coarse, name);
  LINNET_CHECK(MatRestrict(restriction, values.get(), mean.get()));
  LINNET_CHECK(VecPointwiseMult(mean.get(), mean.get(), scale));
}

PetscErrorCode restrict_fields(DM fine, Mat restriction, Vec scale, Mat, DM coarse, void* user) {
  const auto& finest = *static_cast<const CoarseOperators*>(user);
  PetscFunctionBeginUser;
  LINNET_PETSC_GUARD({
    if (fine == finest.problem.cells.get()) set_finest(finest);
    restrict_mean(fine, restriction, scale, coarse, conductivity);
    restrict_mean(fine, restriction, scale, coarse, fluid_share);
    restrict_mean(fine, restriction, scale, coarse, held_share);
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

// Smoothers want rows: coarse levels of a stencil matrix get them, too.
PetscErrorCode pass_on(DM, DM coarse, void* user) {
  MatType type = nullptr;
  PetscBool stencil;
  PetscFunctionBeginUser;
  PetscCall(DMGetMatType(coarse, &type));
  PetscCall(PetscStrcmp(type, MATSTENCIL, &stencil));
  if (stencil) PetscCall(DMSetMatType(coarse, MATAIJ));
  PetscCall(DMCoarsenHookAdd(coarse, pass_on, restrict_fields, user));
  PetscFunctionReturn(PETSC_SUCCESS);
}

// The equation on another grid; of its data only what the matrix needs.
DiffusionModel model_on(DM dm, DiffusionModel model) {
  PetscInt n[3];
  LINNET_CHECK(DMDAGetInfo(dm, nullptr, &n[0], &n[1], &n[2], nullptr, nullptr, nullptr, nullptr,
                           nullptr, nullptr, nullptr, nullptr, nullptr));
  for (std::size_t d = 0; d < 3; ++d) model.grid.cells[d] = static_cast<int>(n[d]);
  model.source = {};
  model.source_field = nullptr;
  for (FaceCondition& condition : model.boundary) condition.value = {};
  return model;
}

// Held where any part is, so that what fixes u is on every level (McAdams, Sifakis and Teran, SCA
// 2010); else solid where no fluid is left. The solid cells get a conductivity that nobody uses.
Owned<Vec> mask_on(DM dm) {
  if (!has_field(dm, fluid_share)) return nullptr;
  const Field fluid(dm, fluid_share);
  Owned<Vec> mask = make_cell_vector(dm, "mask");
  const auto box = owned_cells(dm);
  const CellArray kind(mask.get(), box, linnet::grid::Access::read_write);
  {
    const CellArray share(fluid.get(), box, linnet::grid::Access::read);
    visit_cells(box,
                [&](int i, int j, int k) { kind(i, j, k) = share(i, j, k) > 0.0 ? 0.0 : 1.0; });
  }
  if (!has_field(dm, held_share)) return mask;
  const Field held(dm, held_share);
  const CellArray share(held.get(), box, linnet::grid::Access::read);
  visit_cells(box, [&](int i, int j, int k) {
    if (share(i, j, k) > 0.0) kind(i, j, k) = held_cell;
  });
  return mask;
}

void assemble_on(DM dm, const DiffusionSystem& finest, Mat matrix) {
  DiffusionSystem system(dm, model_on(dm, finest.model()));
  const Owned<Vec> mask = mask_on(dm);
  const Field kappa(dm, conductivity);
  system.assemble(kappa.get(), mask.get(), finest.time());
  if (const auto& step = finest.step_operator()) {
    const double larger = system.model().grid.cell_volume() / finest.model().grid.cell_volume();
    system.make_step_operator(step->theta, step->mass * larger);
  }
  set_matrix(system, true, matrix); // perhaps singular: then nothing is claimed
}

PetscErrorCode compute_operators(KSP ksp, Mat, Mat matrix, void* user) {
  const auto& finest = *static_cast<const CoarseOperators*>(user);
  DM dm = nullptr;
  PetscFunctionBeginUser;
  PetscCall(KSPGetDM(ksp, &dm));
  LINNET_PETSC_GUARD(assemble_on(dm, finest.system, matrix));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

void offer_coarse_operators(CoarseOperators& finest) {
  DM dm = finest.problem.cells.get();
  LINNET_CHECK(DMCoarsenHookAdd(dm, pass_on, restrict_fields, &finest));
  LINNET_CHECK(DMKSPSetComputeOperators(dm, compute_operators, &finest));
}

// A KSP asks for its operators again only if it has been told that they have changed.
void refresh_coarse_operators(PC pc) {
  PetscBool multigrid = PETSC_FALSE;
  PCMGGalerkinType galerkin = PC_MG_GALERKIN_NONE;
  PetscInt levels = 0;
  LINNET_CHECK(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCMG, &multigrid));
  if (!multigrid) return;
  LINNET_CHECK(PCMGGetGalerkin(pc, &galerkin));
  if (galerkin != PC_MG_GALERKIN_NONE) return;
  LINNET_CHECK(PCMGGetLevels(pc, &levels));
  for (PetscInt l = 0; l + 1 < levels; ++l) {
    KSP smoother = nullptr;
    Mat a = nullptr, p = nullptr;
    LINNET_CHECK(PCMGGetSmoother(pc, l, &smoother));
    LINNET_CHECK(KSPGetOperators(smoother, &a, &p));
    LINNET_CHECK(KSPSetOperators(smoother, a, p));
  }
}

} // namespace app
