// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/cells/box_cells.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/grid/partition.hpp>

#include <string>

namespace linnet::problems {

namespace {

[[noreturn]] void refuse_parts(const std::string& name, int ranks, PetscInt parts) {
  core::throw_usage(name + ": the parts of all directions must multiply to the " +
                    std::to_string(ranks) + " ranks, got " + std::to_string(parts));
}

// What -da_processors_* leave open is cut as evenly as without them.
core::Index3 parts_of(const BoxCells& grid, int ranks) {
  core::Index3 fixed{0, 0, 0}, open = grid.cells;
  int left = ranks;
  for (int d = 0; d < grid.dim; ++d) {
    const std::string name = std::string("-da_processors_") + "xyz"[d];
    PetscInt parts = 0;
    PetscBool given = PETSC_FALSE;
    LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, name.c_str(), &parts, &given));
    if (!given) continue;
    if (parts < 1 || left % parts != 0) refuse_parts(name, ranks, parts);
    fixed[d] = static_cast<int>(parts);
    left /= fixed[d];
    open[d] = 1;
  }
  core::Index3 parts = grid::Partition::balanced(open, grid.periodic, left).parts();
  for (int d = 0; d < 3; ++d)
    if (fixed[d] > 0) {
      if (parts[d] > 1) refuse_parts("-da_processors_x, _y, _z", ranks, fixed[d]); // none is open
      parts[d] = fixed[d];
    }
  return parts;
}

core::Index3 cut(const BoxCells& grid, int ranks) {
  const core::Index3 parts = parts_of(grid, ranks);
  for (int d = 0; d < 3; ++d) {
    if (parts[d] <= grid.cells[d]) continue;
    const std::string by_z = grid.dim == 3 ? " x " + std::to_string(grid.cells[2]) : "";
    core::throw_usage("-diffusion_grid: " + std::to_string(grid.cells[0]) + " x " +
                      std::to_string(grid.cells[1]) + by_z + " cells cannot be cut over " +
                      std::to_string(ranks) +
                      " ranks, every rank needs a block of its own; use more cells or fewer ranks");
  }
  return parts;
}

DMBoundaryType boundary_type(const BoxCells& grid, int d) {
  return grid.periodic[d] ? DM_BOUNDARY_PERIODIC : DM_BOUNDARY_NONE;
}

} // namespace

DM create_cell_dm(MPI_Comm comm, const BoxCells& grid, bool corners) {
  LINNET_CHECK(core::ensure_kokkos());
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const core::Index3 parts = cut(grid, ranks);
  const DMDAStencilType stencil = corners ? DMDA_STENCIL_BOX : DMDA_STENCIL_STAR;
  DM dm = nullptr;
  if (grid.dim == 3)
    LINNET_CHECK(DMDACreate3d(comm, boundary_type(grid, 0), boundary_type(grid, 1),
                              boundary_type(grid, 2), stencil, grid.cells[0], grid.cells[1],
                              grid.cells[2], parts[0], parts[1], parts[2], 1, 1, nullptr, nullptr,
                              nullptr, &dm));
  else
    LINNET_CHECK(DMDACreate2d(comm, boundary_type(grid, 0), boundary_type(grid, 1), stencil,
                              grid.cells[0], grid.cells[1], parts[0], parts[1], 1, 1, nullptr,
                              nullptr, &dm));
  LINNET_CHECK(DMDASetInterpolationType(dm, DMDA_Q0)); // for -pc_type mg: values of cells
  LINNET_CHECK(DMSetFromOptions(dm));
  LINNET_CHECK(DMSetUp(dm));
  return dm;
}

} // namespace linnet::problems
