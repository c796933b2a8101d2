// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "operator.hpp"

#include "geometries.hpp"
#include "random_medium.hpp"
#include "waves.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/grid/mat_stencil.hpp>

#include <cmath>
#include <cstdio>
#include <limits>

namespace app {

using namespace linnet::problems;
using linnet::core::Options;

namespace {

// Apart from small seeds, by which users draw the obstacles they solve with; then so many for each
// -train_seed, more than it may have geometries.
constexpr std::uint64_t tank_seeds = 2000000, tank_stride = 1000000;

BoxCells make_cells(const Options& options) {
  BoxCells cells;
  cells.dim = options.integer("-train_dim");
  cells.cells = options.integers_per_direction("-train_grid", cells.dim, 1);
  // Unit spacing: what counts is the stencil, and losses do not see a factor.
  for (int d = 0; d < cells.dim; ++d) cells.domain.upper[d] = cells.cells[d];
  return cells;
}

/// A closed box with a free surface, without obstacles.
std::unique_ptr<Tank> make_box(const Options& options) {
  TankOptions box;
  box.cells = make_cells(options);
  return std::make_unique<Tank>(PETSC_COMM_SELF, box, 0, MATAIJ);
}

std::unique_ptr<Tank> make_tank(const Options& options, int geometry) {
  const std::int64_t most = (std::numeric_limits<std::int64_t>::max() - tank_seeds) / tank_stride;
  const std::int64_t training_seed = options.integer64("-train_seed");
  if (training_seed >= most)
    options.fail("-train_seed", "must be below " + std::to_string(most) + " for tanks");
  const auto seed = tank_seeds + tank_stride * static_cast<std::uint64_t>(training_seed) +
                    static_cast<std::uint64_t>(geometry);
  // Many fit into memory.
  return std::make_unique<Tank>(PETSC_COMM_SELF, tank_options(options), seed, MATSTENCIL);
}

/// PETSc puts the natural numbering of the file into that of the grid.
void load(const Options& options, const std::string& file, Mat matrix) {
  PetscViewer viewer = nullptr;
  LINNET_CHECK(PetscViewerBinaryOpen(PETSC_COMM_SELF, file.c_str(), FILE_MODE_READ, &viewer));
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

GridOperator read_operator(const Options& options, const std::string& file) {
  Owned<DM> grid(create_cell_dm(PETSC_COMM_SELF, make_cells(options), true));
  Mat matrix = nullptr;
  LINNET_CHECK(DMSetMatType(grid.get(), MATAIJ));
  LINNET_CHECK(DMCreateMatrix(grid.get(), &matrix));
  Owned<Mat> owner(matrix);
  load(options, file, matrix);
  require_symmetry(options, matrix);
  return {std::move(grid), std::move(owner)};
}

GridOperator make_medium(const Options& options, int geometry) {
  const RandomMedium medium(media_options(options), geometry);
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(medium.grid())));
  linnet::core::Owned<DM> grid(medium.grid());
  return {std::move(grid), medium.matrix()};
}

/// A family of matrices, and all options by which its members are made.
struct Family {
  const char* name;
  GridOperator (*make)(const Options& options, int geometry);
  std::vector<const char*> options;
};

const Family& family_of(const Options& options) {
  static const Family families[] = {
      {"tanks",
       [](const Options& o, int geometry) { return GridOperator(make_tank(o, geometry)); },
       {"-train_grid", "-train_obstacles", "-train_air", "-train_seed"}},
      {"media", make_medium, {"-train_grid", "-train_media", "-train_contrast", "-train_seed"}},
      {"waves", make_wave_operator, {"-train_grid", "-train_wave_frequency", "-train_seed"}}};
  return families[options.choice_as<std::size_t>("-train_operators")];
}

std::string family_text(const Options& options) {
  const Family& family = family_of(options);
  std::string text = options.text("-train_geometries") + " " + family.name;
  for (const char* name : family.options)
    text += std::string(", ") + (name + 7) + " " + options.text(name);
  return text;
}

} // namespace

std::string find_matrix_file(const linnet::core::AppContext& context) {
  const char* option = "-train_matrix";
  const Options& options = context.options();
  return options.is_set(option) ? context.find_file(option, options.string(option)) : "";
}

GridOperator make_operator(const Options& options, const std::string& matrix_file, int geometry) {
  if (!matrix_file.empty()) return read_operator(options, matrix_file);
  if (!options.is_set("-train_geometries")) return GridOperator(make_box(options));
  return family_of(options).make(options, geometry);
}

std::vector<GridOperator> make_operators(const linnet::core::AppContext& context,
                                         const std::string& matrix_file) {
  std::vector<GridOperator> operators;
  linnet::core::together(context.comm(), [&] {
    for (int g = 0; g < geometry_count(context.options()); ++g)
      operators.push_back(make_operator(context.options(), matrix_file, g));
  });
  return operators;
}

std::string fingerprint(const linnet::core::AppContext& context,
                        const std::vector<GridOperator>& operators) {
  const Options& options = context.options();
  if (options.is_set("-train_geometries")) return family_text(options);
  Mat matrix = operators.front().matrix();
  PetscReal norm = 0.0;
  MatInfo info;
  PetscInt rows = 0;
  LINNET_CHECK(MatNorm(matrix, NORM_FROBENIUS, &norm));
  LINNET_CHECK(MatGetInfo(matrix, MAT_GLOBAL_SUM, &info));
  LINNET_CHECK(MatGetSize(matrix, &rows, nullptr));
  char text[96];
  std::snprintf(text, sizeof text, "%lld rows, %.0f entries, norm %.10e",
                static_cast<long long>(rows), info.nz_used, norm);
  return text;
}

} // namespace app
