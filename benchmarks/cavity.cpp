// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Standing waves in a cube: -Laplace u - (k/c)^2 u = f, u = 0 on the border, 0 < x, y, z < 1, with
/// the wave speed c = 1 + s sin(3x+2) cos(4y) sin(2z+1), solved for several sources f one after the
/// other by the Krylov method and preconditioner of PETSc's options. The matrix is symmetric and
/// indefinite: as many of its eigenvalues are negative as there are modes of lower frequency.
///   mpirun -n 2 build/benchmarks/cavity -points 48 -wave_number 18 -loads 4 -ksp_type minres ...
/// Second differences on points^3 inner nodes. -variation s (0.3). -shift S: the preconditioner
/// gets the matrix with (1 - S) k^2 in place of k^2 (1: the Laplacian). Prints JSON: iterations,
/// true residuals, seconds of the set-up and of each solve.
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>
#include <petscdmda.h>
#include <petscksp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace {

using namespace linnet;
using core::Owned;

struct Cavity {
  PetscInt points = 48;
  PetscReal wave_number = 18.0, variation = 0.3;
};

double place(const Cavity& c, PetscInt i) {
  return static_cast<double>(i + 1) / static_cast<double>(c.points + 1);
}

/// (k / c)^2.
double squared_wave_number(const Cavity& c, double x, double y, double z) {
  const double speed =
      1.0 + c.variation * std::sin(3.0 * x + 2.0) * std::cos(4.0 * y) * std::sin(2.0 * z + 1.0);
  return std::pow(c.wave_number / speed, 2);
}

/// With @p part of k^2.
Owned<Mat> matrix_of(const Cavity& c, DM grid, double part) {
  Mat a = nullptr;
  DMDALocalInfo info;
  LINNET_CHECK(DMCreateMatrix(grid, &a));
  Owned<Mat> owner(a);
  LINNET_CHECK(DMDAGetLocalInfo(grid, &info));
  const double coupling = std::pow(static_cast<double>(c.points + 1), 2);
  for (PetscInt k = info.zs; k < info.zs + info.zm; ++k)
    for (PetscInt j = info.ys; j < info.ys + info.ym; ++j)
      for (PetscInt i = info.xs; i < info.xs + info.xm; ++i) {
        const MatStencil row{k, j, i, 0};
        const std::array<MatStencil, 6> others = {MatStencil{k - 1, j, i, 0}, {k + 1, j, i, 0},
                                                  {k, j - 1, i, 0},           {k, j + 1, i, 0},
                                                  {k, j, i - 1, 0},           {k, j, i + 1, 0}};
        std::array<MatStencil, 7> columns = {row};
        std::array<PetscScalar, 7> values = {
            6.0 * coupling - part * squared_wave_number(c, place(c, i), place(c, j), place(c, k))};
        PetscInt count = 1;
        for (const MatStencil& o : others)
          if (std::min({o.i, o.j, o.k}) >= 0 && std::max({o.i, o.j, o.k}) < c.points) {
            columns[static_cast<std::size_t>(count)] = o;
            values[static_cast<std::size_t>(count++)] = -coupling;
          }
        LINNET_CHECK(
            MatSetValuesStencil(a, 1, &row, count, columns.data(), values.data(), INSERT_VALUES));
      }
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatSetOption(a, MAT_SYMMETRIC, PETSC_TRUE));
  return owner;
}

/// A ball whose centre goes with @p number.
void set_source(const Cavity& c, DM grid, int number, Vec f) {
  DMDALocalInfo info;
  PetscScalar*** values = nullptr;
  LINNET_CHECK(DMDAGetLocalInfo(grid, &info));
  LINNET_CHECK(DMDAVecGetArray(grid, f, static_cast<void*>(&values)));
  const double centre[3] = {0.3 + 0.4 * std::sin(1.0 * number), 0.6 - 0.3 * std::cos(2.0 * number),
                            0.4 + 0.2 * std::sin(3.0 * number)};
  for (PetscInt k = info.zs; k < info.zs + info.zm; ++k)
    for (PetscInt j = info.ys; j < info.ys + info.ym; ++j)
      for (PetscInt i = info.xs; i < info.xs + info.xm; ++i)
        values[k][j][i] =
            std::exp(-(std::pow(place(c, i) - centre[0], 2) + std::pow(place(c, j) - centre[1], 2) +
                       std::pow(place(c, k) - centre[2], 2)) /
                     0.02);
  LINNET_CHECK(DMDAVecRestoreArray(grid, f, static_cast<void*>(&values)));
}

double norm_of(Vec v) {
  PetscReal norm = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &norm));
  return norm;
}

double residual_of(Mat a, Vec f, Vec u, Vec r) {
  LINNET_CHECK(MatMult(a, u, r));
  LINNET_CHECK(VecAYPX(r, -1.0, f));
  return norm_of(r) / norm_of(f);
}

nlohmann::json solve() {
  Cavity c;
  PetscReal shift = 0.0;
  PetscInt loads = 1;
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-points", &c.points, nullptr));
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, "-wave_number", &c.wave_number, nullptr));
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, "-variation", &c.variation, nullptr));
  LINNET_CHECK(PetscOptionsGetReal(nullptr, nullptr, "-shift", &shift, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-loads", &loads, nullptr));
  DM da = nullptr;
  LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE,
                            DMDA_STENCIL_STAR, c.points, c.points, c.points, PETSC_DECIDE,
                            PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, nullptr, &da));
  const Owned<DM> grid(da);
  LINNET_CHECK(DMSetFromOptions(da));
  LINNET_CHECK(DMSetUp(da));
  const Owned<Mat> a = matrix_of(c, da, 1.0), p = matrix_of(c, da, 1.0 - shift);
  Vec f = nullptr, u = nullptr, r = nullptr;
  LINNET_CHECK(DMCreateGlobalVector(da, &f));
  LINNET_CHECK(VecDuplicate(f, &u));
  LINNET_CHECK(VecDuplicate(f, &r));
  const Owned<Vec> f_owner(f), u_owner(u), r_owner(r);
  KSP ksp = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  const Owned<KSP> owner(ksp);
  LINNET_CHECK(KSPSetDM(ksp, da));
  LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  LINNET_CHECK(KSPSetOperators(ksp, a.get(), p.get()));
  LINNET_CHECK(KSPSetFromOptions(ksp));
  nlohmann::json result = {{"iterations", nlohmann::json::array()},
                           {"relative_residuals", nlohmann::json::array()},
                           {"solve_seconds", nlohmann::json::array()},
                           {"reason", ""}};
  set_source(c, da, 0, f);
  const double start = MPI_Wtime();
  LINNET_CHECK(KSPSetUp(ksp));
  result["setup_seconds"] = MPI_Wtime() - start;
  for (int number = 0; number < loads; ++number) {
    set_source(c, da, number, f);
    const double before = MPI_Wtime();
    LINNET_CHECK(KSPSolve(ksp, f, u));
    result["solve_seconds"].push_back(MPI_Wtime() - before);
    PetscInt iterations = 0;
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations));
    LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
    result["iterations"].push_back(static_cast<long>(iterations));
    result["relative_residuals"].push_back(residual_of(a.get(), f, u, r));
    result["reason"] = KSPConvergedReasons[reason];
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (PetscInitialize(&argc, &argv, nullptr, nullptr)) return 1;
  int code = 0;
  try {
    LINNET_CHECK(LinnetInitialize());
    LINNET_CHECK(core::ensure_kokkos());
    const std::string result = solve().dump();
    LINNET_CHECK(PetscPrintf(PETSC_COMM_WORLD, "%s\n", result.c_str()));
  } catch (const core::Error& error) {
    std::fprintf(stderr, "cavity: %s\n", error.what());
    code = 1;
  }
  return PetscFinalize() ? 1 : code;
}
