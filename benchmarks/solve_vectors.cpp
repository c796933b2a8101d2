// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "solve_vectors.hpp"

#include <linnet/coarse/vector_choice.hpp>
#include <linnet/core/error.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/orthonormalise.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace benchmark {

using namespace linnet;
using core::Owned;
using linalg::LocalColumns;

namespace {

grid::GridPoints points_of(DM grid) {
  PetscInt dimension = 0;
  LINNET_CHECK(DMGetDimension(grid, &dimension));
  return dimension == 2 ? grid::GridPoints::inner_nodes : grid::GridPoints::cell_centers;
}

Owned<Mat> chosen(Mat matrix, DM grid, const std::string& kind) {
  PetscInt masked = 0;
  if (kind == "bilinear") return hats(matrix, grid);
  coarse::VectorChoice choice;
  const char* const names[] = {"pod", "trunk", "sine", "file"};
  const auto* at = std::find(std::begin(names), std::end(names), kind);
  if (at == std::end(names))
    core::throw_usage("-vectors: must be pod, trunk, sine, file or bilinear, got " + kind);
  choice.type = static_cast<coarse::BasisType>(at - std::begin(names));
  choice.file = text_option("-vectors_file", "");
  choice.points = points_of(grid);
  return coarse::make_vectors(matrix, grid, nullptr, choice, &masked);
}

} // namespace

PetscInt integer_option(const char* name, PetscInt standard) {
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, name, &standard, nullptr));
  return standard;
}

std::string text_option(const char* name, const char* standard) {
  char text[PETSC_MAX_PATH_LEN];
  PetscBool set = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsGetString(nullptr, nullptr, name, text, sizeof text, &set));
  return set ? text : standard;
}

Owned<Mat> hats(Mat matrix, DM da) {
  const auto n = static_cast<int>(integer_option("-bilinear", 8));
  PetscBool at_border = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsGetBool(nullptr, nullptr, "-hats_at_border", &at_border, nullptr));
  const grid::GridMap map(matrix, da, {}, "basis");
  const auto at = grid::relative_points(matrix, map, points_of(da));
  const int dimension = map.dimension();
  const int count = dimension == 3 ? n * n * n : n * n;
  Owned<Mat> vectors =
      linalg::make_columns(PETSC_COMM_SELF, static_cast<PetscInt>(at.size()), count);
  const LocalColumns to(vectors.get(), LocalColumns::Access::write);
  const auto hat = [&](double x, int k) {
    const double place = at_border ? x * (n - 1) - k : x * (n + 1) - (k + 1);
    return std::max(0.0, 1.0 - std::abs(place));
  };
  for (int c = 0; c < count; ++c)
    for (std::size_t i = 0; i < at.size(); ++i)
      to.column(c)[i] = hat(at[i][0], c % n) * hat(at[i][1], c / n % n) *
                        (dimension == 3 ? hat(at[i][2], c / n / n) : 1.0);
  return vectors;
}

void give_vectors(Mat matrix, DM grid, PC pc) {
  const std::string kind = text_option("-vectors", "");
  if (kind.empty()) return;
  const Owned<Mat> vectors = chosen(matrix, grid, kind);
  const PetscInt near = integer_option("-near_null_space", 0);
  if (near > 0) {
    std::vector<Vec> some = coarse::first_orthonormal(vectors.get(), near);
    MatNullSpace space = nullptr;
    LINNET_CHECK(MatNullSpaceCreate(PETSC_COMM_SELF, PETSC_FALSE,
                                    static_cast<PetscInt>(some.size()), some.data(), &space));
    LINNET_CHECK(MatSetNearNullSpace(matrix, space));
    LINNET_CHECK(MatNullSpaceDestroy(&space));
    for (Vec& v : some) LINNET_CHECK(VecDestroy(&v));
    return;
  }
  const Owned<Mat> basis = linalg::orthonormalise(vectors.get());
  // PETSc 3.18 has no product of a dense space with a sparse matrix here.
  Mat sparse = nullptr;
  LINNET_CHECK(MatConvert(basis.get(), MATAIJ, MAT_INITIAL_MATRIX, &sparse));
  const Owned<Mat> owner(sparse);
  LINNET_CHECK(PCDeflationSetSpace(pc, sparse, PETSC_FALSE));
}

} // namespace benchmark
