// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/fluxes.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

/// Sums over the ranks of one report, in the order of the enumeration.
enum Sum {
  outflow,
  face_value = 6,
  face_area = 12,
  wall = 18,
  source,
  reaction,
  magnitude,
  surface,
  supply,
  count
};

/// Mean values of the Dirichlet faces and their open areas, and the boundary parts of the report.
class Integrals {
public:
  Integrals(const DiffusionSystem& system, Vec u)
      : system_(system), model_(system.model()),
        u_(u, owned_cells(system.dm()), grid::Access::read) {
    if (system.ghosted_mask())
      solid_.emplace(system.ghosted_mask(), ghosted_cells(system.dm()), grid::Access::read);
    if (model_.source_field)
      field_.emplace(model_.source_field, owned_cells(system.dm()), grid::Access::read);
  }

  void add(int i, int j, int k, const double (&inflow)[6]) {
    const double volume = model_.grid.cell_volume();
    const double f = volume * system_.source_at(field_ ? &*field_ : nullptr, i, j, k);
    const double r = volume * model_.reaction * u_(i, j, k);
    sums_[source] += f, sums_[reaction] += r;
    sums_[magnitude] += std::abs(f) + std::abs(r);
    sums_[supply] += std::abs(f) + std::abs(r);
    for (int face = 0; face < 2 * model_.grid.dim; ++face) add_face(i, j, k, face, inflow[face]);
  }

  std::array<double, count> total(MPI_Comm comm) {
    LINNET_CHECK(static_cast<PetscErrorCode>(
        MPI_Allreduce(MPI_IN_PLACE, sums_.data(), count, MPI_DOUBLE, MPI_SUM, comm)));
    return sums_;
  }

private:
  void add_face(int i, int j, int k, int face, double inflow) {
    sums_[magnitude] += std::abs(inflow);
    const int d = face / 2;
    core::Index3 next{i, j, k};
    next[d] += face % 2 ? 1 : -1;
    const bool outside = next[d] < 0 || next[d] >= model_.grid.cells[d];
    if (!outside || model_.grid.periodic[d]) {
      if (solid_ && (*solid_)(next[0], next[1], next[2]) >= 0.5) {
        sums_[wall] -= inflow;
        sums_[surface] += std::abs(inflow);
      }
      return;
    }
    sums_[outflow + face] -= inflow;
    sums_[surface] += std::abs(inflow);
    const double area = model_.grid.face_area(d);
    sums_[face_area + face] += area;
    if (model_.boundary[face].kind == BoundaryKind::dirichlet)
      sums_[face_value + face] +=
          area * condition_at(model_.boundary, model_.grid, i, j, k, face, system_.time()).value;
  }

  const DiffusionSystem& system_;
  const DiffusionModel& model_;
  CellArray u_;
  std::optional<CellArray> solid_, field_;
  std::array<double, count> sums_{};
};

void find_conductivity(const DiffusionModel& model, const std::array<double, count>& sums,
                       FluxReport& report) {
  const double tiny = 1e-10 * report.magnitude;
  if (std::abs(report.source) > tiny || std::abs(report.reaction) > tiny ||
      std::abs(report.wall_outflow) > tiny)
    return;
  for (int d = 0; d < model.grid.dim; ++d) {
    const int lo = 2 * d, hi = lo + 1;
    if (model.boundary[lo].kind != BoundaryKind::dirichlet ||
        model.boundary[hi].kind != BoundaryKind::dirichlet || sums[face_area + lo] == 0.0 ||
        sums[face_area + hi] == 0.0)
      continue;
    const double difference =
        sums[face_value + lo] / sums[face_area + lo] - sums[face_value + hi] / sums[face_area + hi];
    double elsewhere = 0.0;
    for (int face = 0; face < 6; ++face)
      if (face / 2 != d) elsewhere = std::max(elsewhere, std::abs(report.outflow[face]));
    if (difference == 0.0 || elsewhere > tiny) continue;
    const double length = model.grid.spacing(d) * model.grid.cells[d];
    const double area = model.grid.face_area(d) *
                        (static_cast<double>(core::volume(model.grid.cells)) / model.grid.cells[d]);
    const double flow = 0.5 * (report.outflow[hi] - report.outflow[lo]);
    report.conductivity = flow * length / (area * difference);
    report.conductivity_direction = d;
    return;
  }
}

} // namespace

FluxReport integrate_fluxes(const DiffusionSystem& system, Vec u) {
  Integrals integrals(system, u);
  visit_inflows(system, u, [&](int i, int j, int k, const double(&inflow)[6]) {
    integrals.add(i, j, k, inflow);
  });
  const auto sums = integrals.total(PetscObjectComm(reinterpret_cast<PetscObject>(system.dm())));
  FluxReport report;
  for (int face = 0; face < 6; ++face) report.outflow[face] = sums[outflow + face];
  report.wall_outflow = sums[wall];
  report.source = sums[source];
  report.reaction = sums[reaction];
  report.magnitude = sums[magnitude];
  report.turnover = std::max(sums[surface], sums[supply]);
  report.imbalance = report.source - report.reaction - report.wall_outflow;
  for (double q : report.outflow) report.imbalance -= q;
  find_conductivity(system.model(), sums, report);
  return report;
}

void fill_flux_vectors(const DiffusionSystem& system, Vec u, DM flux_dm, Vec flux) {
  PetscInt components;
  LINNET_CHECK(DMDAGetDof(flux_dm, &components));
  LINNET_CHECK(VecZeroEntries(flux));
  const auto& grid = system.model().grid;
  const int dim = grid.dim;
  grid::IndexBox box = owned_cells(system.dm());
  const grid::IndexBox wide{{box.lo[0] * dim, box.lo[1], box.lo[2]},
                            {box.hi[0] * dim, box.hi[1], box.hi[2]}};
  if (components != dim || !(owned_cells(flux_dm) == box))
    throw core::Error(core::ExitCode::internal, "the flux DMDA does not fit the cells");
  const CellArray values(flux, wide, grid::Access::read_write);
  visit_inflows(system, u, [&](int i, int j, int k, const double(&inflow)[6]) {
    for (int d = 0; d < dim; ++d)
      values(dim * i + d, j, k) = 0.5 * (inflow[2 * d] - inflow[2 * d + 1]) / grid.face_area(d);
  });
}

} // namespace linnet::problems
