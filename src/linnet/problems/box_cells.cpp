// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/box_cells.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/grid/partition.hpp>

#include <string>

namespace linnet::problems {

namespace {

core::Index3 cut(const BoxCells& grid, int ranks) {
  const core::Index3 parts = grid::Partition::balanced(grid.cells, grid.periodic, ranks).parts();
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
  LINNET_CHECK(DMSetFromOptions(dm));
  LINNET_CHECK(DMSetUp(dm));
  return dm;
}

} // namespace linnet::problems
