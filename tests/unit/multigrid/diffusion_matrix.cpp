// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "diffusion_matrix.hpp"

#include <linnet/core/random.hpp>

#include <cmath>
#include <string>

namespace linnet::test {
namespace {

constexpr DMBoundaryType boundary(bool periodic) {
  return periodic ? DM_BOUNDARY_PERIODIC : DM_BOUNDARY_NONE;
}

double face_mean(double a, double b) { return a > 0.0 && b > 0.0 ? 2.0 * a * b / (a + b) : 0.0; }

/// Adds the coupling w between the cell p and its neighbour at the step s to the row of p.
void add_coupling(Mat a, const MatStencil& row, const core::Index3& s, double w) {
  MatStencil columns[2] = {row, row};
  columns[1].i += s[0];
  columns[1].j += s[1];
  columns[1].k += s[2];
  const PetscScalar values[2] = {w, -w};
  LINNET_CHECK(MatSetValuesStencil(a, 1, &row, 2, columns, values, ADD_VALUES));
}

} // namespace

DM make_da(MPI_Comm comm, const DiffusionCase& c) {
  DM da;
  const auto stencil = c.diagonal_coupling ? DMDA_STENCIL_BOX : DMDA_STENCIL_STAR;
  if (c.dimension == 2)
    LINNET_CHECK(DMDACreate2d(comm, boundary(c.periodic[0]), boundary(c.periodic[1]), stencil,
                              c.points[0], c.points[1], PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr,
                              nullptr, &da));
  else
    LINNET_CHECK(DMDACreate3d(comm, boundary(c.periodic[0]), boundary(c.periodic[1]),
                              boundary(c.periodic[2]), stencil, c.points[0], c.points[1],
                              c.points[2], PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr,
                              nullptr, nullptr, &da));
  LINNET_CHECK(DMSetUp(da));
  return da;
}

Mat make_matrix(DM da, const DiffusionCase& c) {
  Mat a;
  LINNET_CHECK(DMSetMatType(da, MATAIJ));
  LINNET_CHECK(DMCreateMatrix(da, &a));
  LINNET_CHECK(MatSetOption(a, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
  DMDALocalInfo info;
  LINNET_CHECK(DMDAGetLocalInfo(da, &info));
  const auto wrap = [&](int p, std::size_t d) { return (p + c.points[d]) % c.points[d]; };
  for (int k = info.zs; k < info.zs + info.zm; ++k)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i) {
        const MatStencil row{k, j, i, 0};
        const double here = c.kappa(i, j, k);
        const PetscScalar solid = here > 0.0 ? 0.0 : c.scale;
        LINNET_CHECK(MatSetValuesStencil(a, 1, &row, 1, &row, &solid, ADD_VALUES));
        for (std::size_t d = 0; d < static_cast<std::size_t>(c.dimension); ++d)
          for (const int side : {-1, 1}) {
            core::Index3 p{i, j, k}, s{0, 0, 0};
            s[d] = side;
            p[d] += side;
            if (c.periodic[d]) p[d] = wrap(p[d], d);
            const auto between = [&](double mean) {
              return c.scale * (c.coupling ? c.coupling(d, {i, j, k}, p) : c.ratios[d] * mean);
            };
            if (p[d] < 0 || p[d] >= c.points[d]) {
              if (!c.dirichlet) continue;
              const PetscScalar value = between(here);
              LINNET_CHECK(MatSetValuesStencil(a, 1, &row, 1, &row, &value, ADD_VALUES));
            } else {
              add_coupling(a, row, s, between(face_mean(here, c.kappa(p[0], p[1], p[2]))));
            }
          }
        if (!c.diagonal_coupling) continue;
        for (const int sx : {-1, 1})
          for (const int sy : {-1, 1}) {
            const int x = c.periodic[0] ? wrap(i + sx, 0) : i + sx;
            const int y = c.periodic[1] ? wrap(j + sy, 1) : j + sy;
            if (x < 0 || x >= c.points[0] || y < 0 || y >= c.points[1]) continue;
            // The pair's coupling belongs to its lower cell; its sign follows the direction.
            add_coupling(a, row, {sx, sy, 0},
                         c.scale * sx * sy * c.diagonal_coupling(sx > 0 ? i : x, sy > 0 ? j : y));
          }
      }
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  return a;
}

Vec make_vector(DM da, std::uint64_t seed) {
  Vec x;
  LINNET_CHECK(DMCreateGlobalVector(da, &x));
  DMDALocalInfo info;
  LINNET_CHECK(DMDAGetLocalInfo(da, &info));
  const core::RandomStream stream(seed, 0);
  PetscScalar* values;
  LINNET_CHECK(VecGetArray(x, &values));
  std::size_t at = 0;
  for (int k = info.zs; k < info.zs + info.zm; ++k)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i)
        values[at++] = 2.0 * stream.uniform(static_cast<std::uint64_t>(i) +
                                            1024u * (static_cast<std::uint64_t>(j) +
                                                     1024u * static_cast<std::uint64_t>(k))) -
                       1.0;
  LINNET_CHECK(VecRestoreArray(x, &values));
  return x;
}

std::function<double(int, int, int)> random_kappa(double contrast, std::uint64_t seed) {
  return [=](int i, int j, int k) {
    const auto cell = static_cast<std::uint64_t>(i + 1024 * (j + 1024 * k));
    return std::pow(contrast, core::RandomStream(seed, 1).uniform(cell));
  };
}

std::function<double(int, int, int)> block_kappa(double contrast, int size, std::uint64_t seed) {
  return [=](int i, int j, int k) {
    const auto block = static_cast<std::uint64_t>(i / size + 1024 * (j / size + 1024 * (k / size)));
    return core::RandomStream(seed, 2).uniform(block) < 0.5 ? 1.0 : contrast;
  };
}

int solve(Mat matrix, DM da, Vec b, double rtol, const std::function<void(PC)>& configure,
          const char* method) {
  KSP ksp;
  PC pc;
  Vec solution;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(matrix)), &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, matrix, matrix));
  LINNET_CHECK(KSPSetType(ksp, method));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(ksp, rtol, 1e-300, PETSC_DEFAULT, 500));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  if (da) {
    LINNET_CHECK(KSPSetDM(ksp, da));
    LINNET_CHECK(KSPSetDMActive(ksp, PETSC_FALSE));
  }
  LINNET_CHECK(PCSetType(pc, "boxmg"));
  if (configure) configure(pc);
  LINNET_CHECK(KSPSetPCSide(ksp, std::string(method) == KSPCG ? PC_LEFT : PC_RIGHT));
  LINNET_CHECK(VecDuplicate(b, &solution));
  LINNET_CHECK(KSPSolve(ksp, b, solution));
  KSPConvergedReason reason;
  PetscInt iterations;
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations));
  Vec r;
  PetscReal residual, size;
  LINNET_CHECK(VecDuplicate(b, &r));
  LINNET_CHECK(MatMult(matrix, solution, r));
  LINNET_CHECK(VecAYPX(r, -1.0, b));
  LINNET_CHECK(VecNorm(r, NORM_2, &residual));
  LINNET_CHECK(VecNorm(b, NORM_2, &size));
  LINNET_CHECK(VecDestroy(&r));
  LINNET_CHECK(VecDestroy(&solution));
  LINNET_CHECK(KSPDestroy(&ksp));
  return reason > 0 && residual <= 3.0 * rtol * size ? static_cast<int>(iterations) : -1;
}

} // namespace linnet::test
