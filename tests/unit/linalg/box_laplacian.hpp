// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The 7-point Laplacian with u = 0 one cell outside the box, whose eigenvalues are known.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscdmda.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace linnet::test {

struct BoxLaplacian {
  BoxLaplacian(MPI_Comm comm, const std::array<PetscInt, 3>& n) {
    DM da = nullptr;
    LINNET_CHECK(DMDACreate3d(comm, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                              DMDA_STENCIL_STAR, n[0], n[1], n[2], PETSC_DECIDE, PETSC_DECIDE,
                              PETSC_DECIDE, 1, 1, nullptr, nullptr, nullptr, &da));
    cells.reset(da);
    LINNET_CHECK(DMSetUp(da));
    Mat matrix = nullptr;
    LINNET_CHECK(DMCreateMatrix(da, &matrix));
    A.reset(matrix);
    DMDALocalInfo box;
    LINNET_CHECK(DMDAGetLocalInfo(da, &box));
    for (PetscInt k = box.zs; k < box.zs + box.zm; ++k)
      for (PetscInt j = box.ys; j < box.ys + box.ym; ++j)
        for (PetscInt i = box.xs; i < box.xs + box.xm; ++i) set_row(n, i, j, k);
    LINNET_CHECK(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  }

  [[nodiscard]] core::Owned<Vec> vector() const {
    Vec v = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(cells.get(), &v));
    return core::Owned<Vec>(v);
  }

  /// Ascending: the sum over the directions of 4 sin^2(pi i / (2 (n + 1))).
  static std::vector<double> eigenvalues(const std::array<PetscInt, 3>& n) {
    const auto part = [&](PetscInt i, std::size_t d) {
      const double s = std::sin(0.5 * 3.14159265358979323846 * double(i) / double(n[d] + 1));
      return 4.0 * s * s;
    };
    std::vector<double> all;
    for (PetscInt k = 1; k <= n[2]; ++k)
      for (PetscInt j = 1; j <= n[1]; ++j)
        for (PetscInt i = 1; i <= n[0]; ++i) all.push_back(part(i, 0) + part(j, 1) + part(k, 2));
    std::sort(all.begin(), all.end());
    return all;
  }

  core::Owned<DM> cells;
  core::Owned<Mat> A;

private:
  void set_row(const std::array<PetscInt, 3>& n, PetscInt i, PetscInt j, PetscInt k) const {
    const MatStencil row{k, j, i, 0};
    const auto add = [&](PetscInt x, PetscInt y, PetscInt z, double value) {
      if (x < 0 || y < 0 || z < 0 || x >= n[0] || y >= n[1] || z >= n[2]) return;
      const MatStencil column{z, y, x, 0};
      LINNET_CHECK(MatSetValuesStencil(A.get(), 1, &row, 1, &column, &value, INSERT_VALUES));
    };
    add(i, j, k, 6.0);
    for (const PetscInt step : {-1, 1}) {
      add(i + step, j, k, -1.0);
      add(i, j + step, k, -1.0);
      add(i, j, k + step, -1.0);
    }
  }
};

} // namespace linnet::test
