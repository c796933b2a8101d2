// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Observed order of the error in L2 against manufactured solutions, for every kind of boundary
/// condition, variable conductivity, grid-aligned and rotated tensors, 2-D and 3-D.
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>
#include <linnet/problems/diffusion/fluxes.hpp>
#include <linnet/problems/diffusion/manufactured.hpp>
#include <linnet/problems/diffusion/null_space.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace linnet::problems;
using K = BoundaryKind;

struct Case {
  const char* name;
  int dim;
  const char* solution;
  std::array<K, 6> kinds;
  ConductivityTensor tensor;
  double reaction;
};

std::string print(const testing::TestParamInfo<Case>& info) { return info.param.name; }

/// The problem of @p c on n cells per direction; y and z have other counts and lengths than x.
DiffusionModel make_model(const Case& c, int n) {
  Manufactured m = make_manufactured(c.solution, "", c.dim);
  m.tensor = c.tensor;
  m.reaction = c.reaction;
  DiffusionModel model;
  model.grid.dim = c.dim;
  model.grid.cells = {n, n + n / 4, c.dim == 3 ? n : 1};
  const bool wraps = c.kinds[0] == K::periodic || c.kinds[2] == K::periodic;
  model.grid.domain.upper =
      wraps ? linnet::core::Real3{1, 1, 1} : linnet::core::Real3{0.9, 1.2, c.dim == 3 ? 0.8 : 1.0};
  for (int face = 0; face < 2 * c.dim; ++face) {
    model.boundary[face].kind = c.kinds[face];
    model.grid.periodic[face / 2] = c.kinds[face] == K::periodic;
    const Expression coefficient = Expression::parse("0.5+x+y");
    model.boundary[face].coefficient = coefficient;
    model.boundary[face].value = FaceData([=](const linnet::core::Real3& p, double t) {
      return m.boundary_value(c.kinds[face], coefficient(p, t), face, p, t);
    });
  }
  model.tensor = c.tensor;
  model.reaction = c.reaction;
  model.source = [m](const linnet::core::Real3& p, double t) { return m.source(p, t); };
  return model;
}

void fill(DM dm, const BoxCells& grid, const Expression& e, Vec v) {
  CellArray values(v, owned_cells(dm), linnet::grid::Access::write);
  visit_cells(owned_cells(dm),
              [&](int i, int j, int k) { values(i, j, k) = e(grid.center(i, j, k)); });
}

struct Outcome {
  double error = 0.0;
  double imbalance = 0.0; ///< relative, against the sum of the residual
};

Outcome solve(const Case& c, int n) {
  const DiffusionModel model = make_model(c, n);
  const Manufactured m = make_manufactured(c.solution, "", c.dim);
  const Owned<DM> dm(create_cell_dm(PETSC_COMM_WORLD, model.grid, model.needs_corners()));
  LINNET_CHECK(DMSetMatType(dm.get(), c.tensor.xy == 0.0 ? MATSTENCIL : MATAIJ));
  const Owned<Vec> kappa = make_cell_vector(dm.get(), "kappa");
  fill(dm.get(), model.grid, m.conductivity, kappa.get());
  DiffusionSystem system(dm.get(), model);
  system.assemble(kappa.get(), nullptr, 0.0);
  const FloatingPieces pieces(system, nullptr, Compatibility::project);
  Mat A = nullptr;
  LINNET_CHECK(DMCreateMatrix(dm.get(), &A));
  const Owned<Mat> matrix(A);
  set_matrix(system, pieces.floating() > 0, A);
  pieces.attach(dm.get(), A);
  KSP ksp = nullptr;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  const Owned<KSP> solver(ksp);
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetOperators(ksp, A, A));
  PC pc = nullptr;
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCJACOBI));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-11, PETSC_DEFAULT, PETSC_DEFAULT, 4000));
  const Owned<Vec> u = make_cell_vector(dm.get(), "u");
  LINNET_CHECK(KSPSolve(ksp, system.rhs(), u.get()));
  KSPConvergedReason reason;
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  EXPECT_GT(reason, 0);
  Outcome outcome;
  outcome.error = solution_error(model.grid, dm.get(), u.get(), nullptr, m.solution, 0.0,
                                 pieces.floating() > 0);
  const FluxReport report = integrate_fluxes(system, u.get());
  const Owned<Vec> r = make_cell_vector(dm.get(), "r");
  LINNET_CHECK(MatMult(A, u.get(), r.get()));
  LINNET_CHECK(VecAYPX(r.get(), -1.0, system.rhs()));
  double sum = 0.0;
  LINNET_CHECK(VecSum(r.get(), &sum));
  if (pieces.floating() == 0) outcome.imbalance = (report.imbalance - sum) / report.magnitude;
  return outcome;
}

class DiffusionOrder : public testing::TestWithParam<Case> {};

TEST_P(DiffusionOrder, IsTwo) {
  const Case& c = GetParam();
  const int first = c.dim == 3 ? 8 : 16;
  Outcome at[4];
  for (int r = 0; r < 4; ++r) {
    if (c.dim == 3 && r == 3) break;
    at[r] = solve(c, first << r);
    EXPECT_LT(std::abs(at[r].imbalance), 1e-13) << "flux balance at refinement " << r;
  }
  const int last = c.dim == 3 ? 2 : 3;
  for (int r = c.dim == 3 ? 1 : 2; r <= last; ++r) {
    const double order = std::log2(at[r - 1].error / at[r].error);
    EXPECT_NEAR(order, 2.0, 0.2) << at[r - 1].error << " -> " << at[r].error;
  }
  EXPECT_LT(at[last].error, 0.02);
}

constexpr std::array<K, 6> all(K k) { return {k, k, k, k, k, k}; }
constexpr ConductivityTensor unit{};
constexpr ConductivityTensor aligned{{1.0, 7.0, 0.4}, 0.0};
constexpr ConductivityTensor rotated{{3.0, 1.0, 1.0}, 1.2};

INSTANTIATE_TEST_SUITE_P(
    Cases, DiffusionOrder,
    testing::Values(
        Case{"dirichlet_2d", 2, "exponential", all(K::dirichlet), unit, 0.0},
        Case{"neumann_2d", 2, "exponential", all(K::neumann), unit, 0.0},
        Case{"robin_2d", 2, "exponential", all(K::robin), unit, 0.0},
        Case{"periodic_2d", 2, "trigonometric", all(K::periodic), unit, 0.7},
        Case{"mixed_2d",
             2,
             "polynomial",
             {K::dirichlet, K::neumann, K::robin, K::dirichlet, K::dirichlet, K::dirichlet},
             aligned,
             0.3},
        Case{"rotated_dirichlet", 2, "exponential", all(K::dirichlet), rotated, 0.0},
        Case{"rotated_neumann", 2, "exponential", all(K::neumann), rotated, 0.0},
        Case{"rotated_robin", 2, "exponential", all(K::robin), rotated, 0.2},
        Case{"rotated_periodic", 2, "trigonometric", all(K::periodic), rotated, 0.0},
        Case{"rotated_mixed",
             2,
             "polynomial",
             {K::neumann, K::dirichlet, K::robin, K::neumann, K::dirichlet, K::dirichlet},
             rotated,
             0.0},
        Case{"dirichlet_3d", 3, "exponential", all(K::dirichlet), unit, 0.0},
        Case{"neumann_3d", 3, "exponential", all(K::neumann), unit, 0.0},
        Case{"robin_3d", 3, "exponential", all(K::robin), aligned, 0.0},
        Case{"periodic_3d", 3, "trigonometric", all(K::periodic), unit, 0.0},
        Case{"mixed_3d",
             3,
             "polynomial",
             {K::dirichlet, K::neumann, K::robin, K::dirichlet, K::neumann, K::robin},
             aligned,
             0.0}),
    print);

} // namespace
