// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Reduced bases from a heat equation: du/dt = div(k grad u) + f on the unit square, u = 0 on its
// border, k = 100 in four squares, implicit Euler, and a source that goes round.
//   mpirun -n 2 ./reduced_basis -da_grid_x 64 -da_grid_y 64 -steps 40 -modes_file heat_modes.h5
// Snapshots of one round give modes. They serve another source three times: as the coarse space of
// -pc_type basis (from a file), as the space of initial guesses, and for a quadrature of few cells
// that integrates psi_i u^3.
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/orthonormal_basis.hpp>
#include <linnet/linalg/pod.hpp>
#include <linnet/registry/register.hpp>
#include <linnet/rom/column_files.hpp>
#include <linnet/rom/empirical_cubature.hpp>
#include <linnet/rom/snapshots.hpp>

#include <petscdmda.h>

#include <cmath>
#include <numbers>
#include <span>
#include <vector>

using linnet::core::Owned;
namespace linalg = linnet::linalg;
namespace rom = linnet::rom;

namespace {

constexpr double end_time = 1.0, tolerance = 1e-4;

struct Heat {
  Owned<DM> grid;
  Owned<Mat> matrix; // I + dt K
  Owned<Vec> u, b;
  PetscInt n[2] = {0, 0}, steps = 40;
  double dt = 0.0;
};

double conductivity(double x, double y) {
  const auto inside = [](double v) { return std::abs(v - 0.25) < 0.1 || std::abs(v - 0.75) < 0.1; };
  return inside(x) && inside(y) ? 100.0 : 1.0;
}

// Row of I + dt K at a cell, harmonic means at faces, the border half a cell away.
PetscErrorCode set_row(const Heat& heat, PetscInt i, PetscInt j) {
  PetscFunctionBeginUser;
  const PetscInt here[2] = {i, j};
  const auto k_at = [&](const PetscInt* p) {
    return conductivity((p[0] + 0.5) / heat.n[0], (p[1] + 0.5) / heat.n[1]);
  };
  MatStencil row{0, j, i, 0}, columns[5] = {row};
  PetscScalar values[5] = {1.0};
  PetscInt count = 1;
  for (int d = 0; d < 2; ++d)
    for (PetscInt step = -1; step <= 1; step += 2) {
      PetscInt there[2] = {i, j};
      there[d] += step;
      const double scale = heat.dt * heat.n[d] * heat.n[d], k = k_at(here);
      if (there[d] < 0 || there[d] >= heat.n[d]) {
        values[0] += 2.0 * scale * k;
        continue;
      }
      const double face = scale * 2.0 * k * k_at(there) / (k + k_at(there));
      values[0] += face;
      values[count] = -face;
      columns[count++] = {0, there[1], there[0], 0};
    }
  PetscCall(MatSetValuesStencil(heat.matrix.get(), 1, &row, count, columns, values, INSERT_VALUES));
  PetscFunctionReturn(0);
}

PetscErrorCode make(Heat& heat) {
  PetscFunctionBeginUser;
  PetscCall(PetscOptionsGetInt(nullptr, nullptr, "-steps", &heat.steps, nullptr));
  heat.dt = end_time / heat.steps;
  DM grid = nullptr;
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR,
                         64, 64, PETSC_DECIDE, PETSC_DECIDE, 1, 1, nullptr, nullptr, &grid));
  heat.grid.reset(grid);
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(DMDAGetInfo(grid, nullptr, &heat.n[0], &heat.n[1], nullptr, nullptr, nullptr, nullptr,
                        nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
  Mat matrix = nullptr;
  PetscCall(DMCreateMatrix(grid, &matrix));
  heat.matrix.reset(matrix);
  PetscInt x, y, m, n;
  PetscCall(DMDAGetCorners(grid, &x, &y, nullptr, &m, &n, nullptr));
  for (PetscInt j = y; j < y + n; ++j)
    for (PetscInt i = x; i < x + m; ++i) PetscCall(set_row(heat, i, j));
  PetscCall(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  PetscCall(MatSetOption(matrix, MAT_SPD, PETSC_TRUE));
  Vec u = nullptr, b = nullptr;
  PetscCall(DMCreateGlobalVector(grid, &u));
  heat.u.reset(u);
  PetscCall(VecDuplicate(u, &b));
  heat.b.reset(b);
  PetscFunctionReturn(0);
}

// b = u + dt f: a bump that goes round at the distance @p radius from the middle.
PetscErrorCode right_hand_side(const Heat& heat, double t, double radius, Vec b) {
  PetscFunctionBeginUser;
  PetscInt x, y, m, n;
  PetscScalar** values;
  PetscCall(VecCopy(heat.u.get(), b));
  PetscCall(DMDAGetCorners(heat.grid.get(), &x, &y, nullptr, &m, &n, nullptr));
  PetscCall(DMDAVecGetArray(heat.grid.get(), b, &values));
  const double angle = 2.0 * std::numbers::pi * t;
  for (PetscInt j = y; j < y + n; ++j)
    for (PetscInt i = x; i < x + m; ++i) {
      const double dx = (i + 0.5) / heat.n[0] - 0.5 - radius * std::cos(angle),
                   dy = (j + 0.5) / heat.n[1] - 0.5 - radius * std::sin(angle);
      values[j][i] += heat.dt * 100.0 * std::exp(-(dx * dx + dy * dy) / 0.02);
    }
  PetscCall(DMDAVecRestoreArray(heat.grid.get(), b, &values));
  PetscFunctionReturn(0);
}

// A solver whose options begin with @p prefix.
PetscErrorCode make_solver(const Heat& heat, const char* prefix, KSP* ksp) {
  PetscFunctionBeginUser;
  PetscCall(KSPCreate(PETSC_COMM_WORLD, ksp));
  PetscCall(KSPSetOptionsPrefix(*ksp, prefix));
  PetscCall(KSPSetOperators(*ksp, heat.matrix.get(), heat.matrix.get()));
  PetscCall(KSPSetDM(*ksp, heat.grid.get()));
  PetscCall(KSPSetDMActive(*ksp, PETSC_FALSE));
  PetscCall(KSPSetType(*ksp, KSPCG));
  PetscCall(KSPSetNormType(*ksp, KSP_NORM_UNPRECONDITIONED));
  PetscCall(KSPSetTolerances(*ksp, 1e-8, PETSC_DEFAULT, PETSC_DEFAULT, 5000));
  PetscCall(KSPSetFromOptions(*ksp));
  PetscFunctionReturn(0);
}

// One round with the source at @p radius. Adds up iterations, and |b - A x| / |b| of the guesses in
// decades. Without modes the guess is the last step.
PetscErrorCode go_round(Heat& heat, double radius, const char* prefix, rom::Snapshots* record,
                        const linalg::OrthonormalBasis* guess, PetscInt* iterations,
                        double* residual) {
  PetscFunctionBeginUser;
  KSP ksp = nullptr;
  PetscCall(make_solver(heat, prefix, &ksp));
  const Owned<KSP> owner(ksp);
  Vec x = nullptr, r = nullptr;
  PetscCall(VecDuplicate(heat.u.get(), &x));
  PetscCall(VecDuplicate(heat.u.get(), &r));
  const Owned<Vec> guessed(x), rest(r);
  PetscCall(VecSet(heat.u.get(), 0.0));
  *iterations = 0;
  *residual = 0.0;
  for (PetscInt step = 1; step <= heat.steps; ++step) {
    PetscCall(right_hand_side(heat, step * heat.dt, radius, heat.b.get()));
    PetscCall(VecCopy(heat.u.get(), x));
    if (guess) {
      // The modes are orthonormal in A, so that Phi^T b are the coefficients of the best x.
      std::vector<double> c(static_cast<std::size_t>(guess->size()), 0.0);
      const Owned<Mat> modes = guess->columns().matrix();
      const linalg::LocalColumns phi(modes.get(), linalg::LocalColumns::Access::read);
      const PetscScalar* b = nullptr;
      PetscCall(VecGetArrayRead(heat.b.get(), &b));
      for (PetscInt j = 0; j < phi.columns(); ++j)
        for (PetscInt i = 0; i < phi.rows(); ++i)
          c[static_cast<std::size_t>(j)] += phi.column(j)[i] * b[i];
      PetscCall(VecRestoreArrayRead(heat.b.get(), &b));
      linalg::sum_over_ranks(PETSC_COMM_WORLD, c);
      guess->combine(c, x);
    }
    PetscReal norm = 0.0, all = 1.0;
    PetscCall(MatMult(heat.matrix.get(), x, r));
    PetscCall(VecAXPY(r, -1.0, heat.b.get()));
    PetscCall(VecNorm(r, NORM_2, &norm));
    PetscCall(VecNorm(heat.b.get(), NORM_2, &all));
    *residual += std::log10(norm / all) / static_cast<double>(heat.steps);
    // Relative to b, not to the residual of the guess.
    PetscCall(KSPSetTolerances(ksp, PETSC_DEFAULT, 1e-8 * all, PETSC_DEFAULT, 5000));
    PetscCall(KSPSetInitialGuessNonzero(ksp, PETSC_TRUE));
    PetscCall(KSPSolve(ksp, heat.b.get(), x));
    PetscInt count = 0;
    PetscCall(KSPGetIterationNumber(ksp, &count));
    *iterations += count;
    PetscCall(VecCopy(x, heat.u.get()));
    if (record) record->append(x, step * heat.dt);
  }
  PetscFunctionReturn(0);
}

// psi_i u^3 of all modes and steps, by few cells.
PetscErrorCode reduce_quadrature(const Heat& heat, const linalg::Pod& pod,
                                 const rom::Snapshots& snapshots, rom::CubatureRule& rule) {
  PetscFunctionBeginUser;
  linalg::ColumnStore cubes(PETSC_COMM_WORLD, snapshots.columns().local_rows());
  for (PetscInt j = 0; j < snapshots.size(); ++j) {
    const std::span<double> to = cubes.append();
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = std::pow(snapshots.columns().column(j)[i], 3);
  }
  const std::vector<std::int64_t> numbers = linalg::row_numbers(heat.u.get());
  // Their modes, each as large as it matters.
  const linalg::Pod powers =
      linalg::pod(cubes.matrix().get(), {.tolerance = tolerance, .row_numbers = numbers});
  const std::vector<double> sigma = powers.singular_values();
  {
    const linalg::LocalColumns to(powers.modes.get(), linalg::LocalColumns::Access::write);
    for (PetscInt k = 0; k < to.columns(); ++k)
      for (PetscInt i = 0; i < to.rows(); ++i)
        to.column(k)[i] *= sigma[static_cast<std::size_t>(k)];
  }
  const rom::ProductIntegrands integrands(pod.modes.get(), powers.modes.get(), {1.0});
  const double area = 1.0 / (static_cast<double>(heat.n[0]) * heat.n[1]);
  const std::vector<double> weights(numbers.size(), area);
  rule =
      rom::empirical_cubature(PETSC_COMM_WORLD, integrands, weights, numbers, {.tolerance = 1e-4});
  double volume = 0.0;
  for (const double w : rule.weights) volume += w;
  PetscCall(PetscPrintf(
      PETSC_COMM_WORLD, "cubature   %d of %d cells keep %d integrals to %.1e, volume to %.0e\n",
      static_cast<int>(rule.points.size()), static_cast<int>(heat.n[0] * heat.n[1]),
      static_cast<int>(integrands.size()), rule.residual, std::abs(volume - 1.0)));
  PetscFunctionReturn(0);
}

PetscErrorCode run() {
  PetscFunctionBeginUser;
  char file[PETSC_MAX_PATH_LEN] = "heat_modes.h5";
  PetscCall(PetscOptionsGetString(nullptr, nullptr, "-modes_file", file, sizeof file, nullptr));
  Heat heat;
  PetscCall(make(heat));
  rom::Snapshots snapshots(heat.u.get());
  PetscInt iterations = 0;
  double residual = 0.0;
  PetscCall(go_round(heat, 0.30, "", &snapshots, nullptr, &iterations, &residual));

  const std::vector<std::int64_t> numbers = linalg::row_numbers(heat.u.get());
  const Owned<Mat> columns = snapshots.columns().matrix();
  const linalg::Pod pod = linalg::pod(
      columns.get(),
      {.method = linalg::PodMethod::tsqr, .tolerance = tolerance, .row_numbers = numbers});
  const linalg::ColumnStore modes(pod.modes.get());
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "modes      %d of %d snapshots, error %.2e\n",
                        static_cast<int>(modes.size()), static_cast<int>(snapshots.size()),
                        pod.projection_error()));
  rom::CubatureRule rule;
  PetscCall(reduce_quadrature(heat, pod, snapshots, rule));
  rom::write_atomically(PETSC_COMM_WORLD, file, [&](linnet::io::H5File& h5) {
    h5.create_group("/basis");
    rom::write_columns(h5, "/basis/phi", modes, snapshots.order());
    rom::write_numbers(h5, "/singular_values", pod.singular_values());
    h5.create_group("/quadrature");
    rom::write_numbers(h5, "/quadrature/points", rule.points);
    rom::write_numbers(h5, "/quadrature/weights", rule.weights);
  });

  // Another round, which the modes have not seen.
  constexpr double radius = 0.27;
  PetscCall(PetscOptionsSetValue(nullptr, "-coarse_pc_type", "basis"));
  PetscCall(PetscOptionsSetValue(nullptr, "-coarse_pc_basis_type", "file"));
  PetscCall(PetscOptionsSetValue(nullptr, "-coarse_pc_basis_file", file));
  PetscCall(PetscOptionsSetValue(nullptr, "-smoother_pc_type", "basis"));
  PetscCall(PetscOptionsSetValue(nullptr, "-smoother_pc_basis_size", "0"));
  PetscInt without = 0, with = 0;
  PetscCall(go_round(heat, radius, "smoother_", nullptr, nullptr, &without, &residual));
  PetscCall(go_round(heat, radius, "coarse_", nullptr, nullptr, &with, &residual));
  PetscCall(
      PetscPrintf(PETSC_COMM_WORLD,
                  "coarse     %d iterations with -pc_type basis, %d with its smoother alone\n",
                  static_cast<int>(with), static_cast<int>(without)));

  const linalg::InnerProduct energy{heat.matrix.get(), nullptr};
  const linalg::Pod energy_pod = linalg::pod(columns.get(), {.method = linalg::PodMethod::tsqr,
                                                             .tolerance = tolerance,
                                                             .inner_product = energy,
                                                             .row_numbers = numbers});
  const linalg::OrthonormalBasis basis(energy_pod.modes.get(), energy);
  double last = 0.0, guessed = 0.0;
  PetscCall(go_round(heat, radius, "", nullptr, nullptr, &without, &last));
  PetscCall(go_round(heat, radius, "", nullptr, &basis, &with, &guessed));
  PetscCall(PetscPrintf(PETSC_COMM_WORLD,
                        "guess      residual %.1e from %d modes, %.1e from the last step; "
                        "%d and %d iterations\n",
                        std::pow(10.0, guessed), static_cast<int>(basis.size()),
                        std::pow(10.0, last), static_cast<int>(with), static_cast<int>(without)));
  PetscFunctionReturn(0);
}

} // namespace

int main(int argc, char** argv) {
  PetscCall(PetscInitialize(&argc, &argv, nullptr, nullptr));
  PetscCall(LinnetInitialize());
  PetscCall(run());
  return static_cast<int>(PetscFinalize());
}
