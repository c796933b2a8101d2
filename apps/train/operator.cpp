// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "operator.hpp"

#include <linnet/problems/diffusion_matrix.hpp>

#include <cmath>
#include <cstdio>

namespace app {

using namespace linnet::problems;
using linnet::core::Options;

namespace {

BoxCells make_cells(const Options& options) {
  BoxCells cells;
  cells.dim = options.integer("-train_dim");
  cells.cells = options.integers_per_direction("-train_grid", cells.dim, 1);
  // Unit spacing: what counts is the stencil, and losses do not see a factor.
  for (int d = 0; d < cells.dim; ++d) cells.domain.upper[d] = cells.cells[d];
  return cells;
}

Owned<Mat> make_matrix(DM grid) {
  Mat a = nullptr;
  LINNET_CHECK(DMSetMatType(grid, MATAIJ));
  LINNET_CHECK(DMCreateMatrix(grid, &a));
  return Owned<Mat>(a);
}

/// The pressure problem of a closed box with a free surface: no flux through the walls, u = 0 at
/// the centres of the uppermost cells.
void fill_box(const BoxCells& cells, DM grid, Mat matrix) {
  DiffusionModel model;
  model.grid = cells;
  for (FaceCondition& face : model.boundary) face.kind = BoundaryKind::neumann;
  DiffusionSystem system(grid, model);
  const Owned<Vec> kappa = make_cell_vector(grid, "kappa"), mask = make_cell_vector(grid, "mask");
  LINNET_CHECK(VecSet(kappa.get(), 1.0));
  {
    const auto box = owned_cells(grid);
    const CellArray values(mask.get(), box, linnet::grid::Access::read_write);
    const int up = cells.dim - 1;
    visit_cells(box, [&](int i, int j, int k) {
      if (std::array{i, j, k}[static_cast<std::size_t>(up)] == cells.cells[up] - 1)
        values(i, j, k) = held_cell;
    });
  }
  system.assemble(kappa.get(), mask.get(), 0.0);
  set_matrix(system, false, matrix);
}

/// PETSc puts the natural numbering of the file into that of the grid.
void load(const linnet::core::AppContext& context, MPI_Comm comm, Mat matrix) {
  const Options& options = context.options();
  const std::string file = context.find_file("-train_matrix", options.string("-train_matrix"));
  PetscViewer viewer = nullptr;
  LINNET_CHECK(PetscViewerBinaryOpen(comm, file.c_str(), FILE_MODE_READ, &viewer));
  const PetscErrorCode failed = MatLoad(matrix, viewer);
  LINNET_CHECK(PetscViewerDestroy(&viewer));
  if (failed)
    linnet::core::throw_data(
        file + ": is no matrix of the grid " + options.text("-train_grid") +
        " in PETSc's binary format; write it with -ksp_view_mat binary:" + file);
}

void require_symmetry(const Options& options, Mat matrix) {
  Mat transposed = nullptr;
  PetscReal size = 0.0, difference = 0.0;
  LINNET_CHECK(MatNorm(matrix, NORM_FROBENIUS, &size));
  LINNET_CHECK(MatTranspose(matrix, MAT_INITIAL_MATRIX, &transposed));
  LINNET_CHECK(MatAXPY(transposed, -1.0, matrix, DIFFERENT_NONZERO_PATTERN));
  LINNET_CHECK(MatNorm(transposed, NORM_FROBENIUS, &difference));
  LINNET_CHECK(MatDestroy(&transposed));
  if (!std::isfinite(size)) options.fail("-train_matrix", "holds an entry that is not finite");
  if (difference > 1e-10 * size) options.fail("-train_matrix", "is not symmetric");
}

} // namespace

GridOperator make_operator(const linnet::core::AppContext& context, MPI_Comm comm) {
  const Options& options = context.options();
  const BoxCells cells = make_cells(options);
  GridOperator a;
  const bool from_file = options.is_set("-train_matrix");
  a.grid.reset(create_cell_dm(comm, cells, from_file));
  a.matrix = make_matrix(a.grid.get());
  if (from_file) {
    load(context, comm, a.matrix.get());
    require_symmetry(options, a.matrix.get());
  } else {
    fill_box(cells, a.grid.get(), a.matrix.get());
  }
  return a;
}

std::string fingerprint(const GridOperator& a) {
  PetscReal norm = 0.0;
  MatInfo info;
  PetscInt rows = 0;
  LINNET_CHECK(MatNorm(a.matrix.get(), NORM_FROBENIUS, &norm));
  LINNET_CHECK(MatGetInfo(a.matrix.get(), MAT_GLOBAL_SUM, &info));
  LINNET_CHECK(MatGetSize(a.matrix.get(), &rows, nullptr));
  // Sums over ranks round differently; ten digits are the same on all of them.
  char text[96];
  std::snprintf(text, sizeof text, "%lld rows, %.0f entries, norm %.10e",
                static_cast<long long>(rows), info.nz_used, norm);
  return text;
}

} // namespace app
