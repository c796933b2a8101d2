// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Nonlinear diffusion: derivatives against differences, order of convergence against manufactured
// solutions, conservation, and Newton's quadratic convergence, around obstacles and with every kind
// of boundary condition.
#include <linnet/coarse/pc_basis.hpp>
#include <linnet/core/random.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/nonlinear/diffusion_newton.hpp>
#include <linnet/nonlinear/guarded_guess.hpp>
#include <linnet/problems/diffusion/fluxes.hpp>
#include <linnet/problems/diffusion/manufactured.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

using namespace linnet;
using namespace linnet::problems;
using nonlinear::DiffusionNewton;
using K = BoundaryKind;

namespace {

NonlinearLaw reaction(const char* text) {
  return {LawKind::reaction, Expression::parse(text, "u"), 2.0, 1e-3};
}
NonlinearLaw quasilinear(const char* text) {
  return {LawKind::quasilinear, Expression::parse(text, "u"), 2.0, 1e-3};
}
NonlinearLaw p_laplacian(double p, double epsilon) {
  return {LawKind::p_laplacian, Expression(), p, epsilon};
}

struct Case {
  Case(const DiffusionModel& model, NonlinearLaw law, const Expression& conductivity,
       bool obstacles)
      : cells(create_cell_dm(PETSC_COMM_WORLD, model.grid, false)),
        kappa(make_cell_vector(cells.get(), "kappa")),
        mask(obstacles ? make_cell_vector(cells.get(), "mask") : nullptr),
        system(cells.get(), model) {
    const auto box = owned_cells(cells.get());
    const CellArray values(kappa.get(), box, grid::Access::write);
    visit_cells(box, [&](int i, int j, int k) {
      values(i, j, k) = conductivity(model.grid.center(i, j, k));
    });
    if (mask) {
      const CellArray solid(mask.get(), box, grid::Access::write);
      visit_cells(box, [&](int i, int j, int k) {
        solid(i, j, k) = i == 3 && j < 4 ? 1.0 : i == 6 && j == 2 ? held_cell : 0.0;
      });
    }
    equations =
        std::make_unique<NonlinearDiffusion>(system, std::move(law), kappa.get(), mask.get());
  }
  [[nodiscard]] Owned<Vec> vector() const { return make_cell_vector(cells.get(), "v"); }
  [[nodiscard]] Owned<Vec> noise(std::uint64_t stream, double least, double most) const {
    Owned<Vec> v = vector();
    const core::RandomStream random(3, stream);
    const CellArray values(v.get(), owned_cells(cells.get()), grid::Access::write);
    visit_cells(values.box(), [&](int i, int j, int k) {
      const auto place = static_cast<std::uint64_t>(i + 100 * (j + 100 * k));
      values(i, j, k) = least + (most - least) * random.uniform(place);
    });
    return v;
  }
  Owned<DM> cells;
  Owned<Vec> kappa, mask;
  DiffusionSystem system;
  std::unique_ptr<NonlinearDiffusion> equations;
};

DiffusionModel box(int dim, int n) {
  DiffusionModel model;
  model.grid.dim = dim;
  model.grid.cells = {n, n + n / 4, dim == 3 ? n : 1};
  return model;
}

/// All kinds of faces, a wall and a cell that hold values.
DiffusionModel mixed(int dim) {
  DiffusionModel model = box(dim, 8);
  model.boundary[1].kind = K::robin;
  model.boundary[1].value = FaceData(Expression(0.7));
  model.boundary[1].coefficient = Expression(2.0);
  model.boundary[2].kind = K::neumann;
  model.boundary[2].value = FaceData(Expression(0.3));
  model.boundary[0].value = FaceData(Expression::parse("1+y"));
  if (dim == 3) {
    model.boundary[4].kind = model.boundary[5].kind = K::periodic;
    model.grid.periodic[2] = true;
  }
  model.wall = WallKind::fixed_value;
  model.wall_value = 0.4;
  model.held_value = 1.3;
  model.reaction = 0.5;
  model.source = [](const core::Real3& p, double) { return 1.0 + p[0]; };
  return model;
}

double norm(Vec v) {
  PetscReal value = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &value));
  return value;
}

/// |J d - (F(u + e d) - F(u - e d)) / 2e| / |J d| with an e for the best of both errors.
double derivative_error(Case& c, MatType type) {
  const Owned<Vec> u = c.noise(0, 0.5, 1.5), d = c.noise(1, -1.0, 1.0), product = c.vector(),
                   plus = c.vector(), minus = c.vector(), at = c.vector();
  LINNET_CHECK(DMSetMatType(c.cells.get(), type));
  Mat J = nullptr;
  LINNET_CHECK(DMCreateMatrix(c.cells.get(), &J));
  const Owned<Mat> owner(J);
  for (int repeat = 0; repeat < 2; ++repeat) { // values replace those of before
    EXPECT_TRUE(c.equations->assemble(u.get()));
    c.equations->set_jacobian(u.get(), J);
  }
  LINNET_CHECK(MatMult(J, d.get(), product.get()));
  constexpr double e = 1e-5;
  for (const double sign : {1.0, -1.0}) {
    LINNET_CHECK(VecWAXPY(at.get(), sign * e, d.get(), u.get()));
    EXPECT_TRUE(c.equations->assemble(at.get()));
    c.equations->residual(at.get(), sign > 0.0 ? plus.get() : minus.get());
  }
  LINNET_CHECK(VecAXPY(plus.get(), -1.0, minus.get()));
  LINNET_CHECK(VecAXPBY(plus.get(), -1.0, 0.5 / e, product.get()));
  return norm(plus.get()) / norm(product.get());
}

struct Solved {
  DiffusionNewton::Outcome outcome;
  Owned<Vec> u;
};

/// Of the linear solves: differences are no better.
double linear_tolerance(const NonlinearLaw& law) {
  return law.kind == LawKind::p_laplacian ? 1e-5 : 1e-10;
}

/// From a constant, or from the solution of the linear equation.
Solved solve(Case& c, std::optional<double> start, double tolerance = 1e-11) {
  DiffusionNewton newton(*c.equations, false);
  KSP ksp = nullptr;
  PC pc = nullptr;
  LINNET_CHECK(SNESGetKSP(newton.snes(), &ksp));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(KSPSetType(ksp, KSPFGMRES));
  LINNET_CHECK(
      KSPSetTolerances(ksp, linear_tolerance(c.equations->law()), 1e-300, PETSC_DEFAULT, 500));
  LINNET_CHECK(PCSetType(pc, "boxmg"));
  LINNET_CHECK(SNESSetTolerances(newton.snes(), 1e-300, tolerance, 0.0, 30, 10000));
  Solved result{{}, c.vector()};
  if (start)
    LINNET_CHECK(VecSet(result.u.get(), *start));
  else
    newton.start(result.u.get());
  result.outcome = newton.solve(result.u.get());
  return result;
}

/// Error in L2 on n cells per direction against u = 1 + ... , the face kinds mixed.
double manufactured_error(int dim, const NonlinearLaw& law, int n) {
  Manufactured m = make_manufactured(dim == 2 ? "1.5+0.3*sin(2*x+0.3)*cos(y)+0.4*x"
                                              : "1.5+0.3*sin(2*x+0.3)*cos(y)*cos(z)+0.4*x",
                                     "1+0.5*x*y", dim);
  m.law = law;
  DiffusionModel model = box(dim, n);
  model.boundary[1].kind = K::neumann;
  model.boundary[2].kind = K::robin;
  model.boundary[2].coefficient = Expression(1.5);
  for (int face = 0; face < 2 * dim; ++face)
    model.boundary[std::size_t(face)].value = FaceData(
        [m, face, kind = model.boundary[std::size_t(face)].kind](const core::Real3& p, double t) {
          return m.boundary_value(kind, 1.5, face, p, t);
        });
  model.source = [m](const core::Real3& p, double t) { return m.source(p, t); };
  Case c(model, law, m.conductivity, false);
  const Solved solved = solve(c, std::nullopt, 1e-8);
  EXPECT_TRUE(solved.outcome.converged()) << SNESConvergedReasons[solved.outcome.reason];
  return solution_error(model.grid, c.cells.get(), solved.u.get(), nullptr, m.solution, 0.0, false);
}

void expect_second_order(int dim, const NonlinearLaw& law, int n) {
  const double coarse = manufactured_error(dim, law, n), fine = manufactured_error(dim, law, 2 * n);
  EXPECT_NEAR(std::log2(coarse / fine), 2.0, 0.25) << coarse << " " << fine;
}

} // namespace

TEST(NonlinearDiffusion, DerivativesAreThoseOfTheResidual) {
  for (const int dim : {2, 3})
    for (const char* type : {MATAIJ, MATSTENCIL}) {
      Case reacts(mixed(dim), reaction("u^3+x*u"), Expression(1.5), true);
      EXPECT_LE(derivative_error(reacts, type), 1e-8) << dim << type;
      Case conducts(mixed(dim), quasilinear("1+u^2+0.5*x"), Expression::parse("1+x"), true);
      const Owned<Vec> old = conducts.noise(9, 0.0, 1.0);
      reacts.equations->set_step(0.0, 7.0, old.get());
      conducts.equations->set_step(0.0, 7.0, old.get());
      EXPECT_LE(derivative_error(conducts, type), 1e-8) << dim << type;
    }
}

TEST(NonlinearDiffusion, IsOfSecondOrder) {
  expect_second_order(2, reaction("exp(u)-u"), 12);
  expect_second_order(2, quasilinear("1+u^2+0.3*x"), 12);
  expect_second_order(2, p_laplacian(3.0, 0.1), 12);
  expect_second_order(3, quasilinear("exp(0.5*u)"), 6);
}

TEST(NonlinearDiffusion, NewtonConvergesQuadratically) {
  for (const NonlinearLaw& law :
       {reaction("4*u^3"), quasilinear("0.2+u^2"), p_laplacian(3.0, 0.1)}) {
    Case c(mixed(2), law, Expression(1.0), true);
    const Solved solved = solve(c, std::nullopt);
    ASSERT_TRUE(solved.outcome.converged());
    EXPECT_LE(solved.outcome.iterations, 9);
    const auto& r = solved.outcome.residuals;
    // Once it is small it is squared, down to rounding or the tolerance of the linear solves.
    int squared = 0;
    for (std::size_t i = 1; i + 1 < r.size(); ++i)
      if (r[i] < 1e-2 && r[i] > 1e-7) {
        EXPECT_LE(r[i + 1],
                  std::max(20.0 * r[i] * r[i], 10.0 * linear_tolerance(law) * r[i] + 1e-11))
            << i;
        ++squared;
      }
    EXPECT_GE(squared, 1);
  }
}

// The guess is the solution: its residual is judged by the right-hand side, not by itself.
TEST(NonlinearDiffusion, WhatIsLinearIsSolvedByTheGuess) {
  Case c(mixed(2), quasilinear("1"), Expression(1.0), true);
  const Solved solved = solve(c, std::nullopt, 1e-8);
  EXPECT_EQ(solved.outcome.reason, SNES_CONVERGED_FNORM_ABS);
  EXPECT_EQ(solved.outcome.iterations, 0);
}

// Uniform values decay by u' = -u^2: a step is the root of u + h u^2 = old.
TEST(NonlinearDiffusion, StepsAreThoseOfBackwardEuler) {
  DiffusionModel model = box(2, 8);
  for (auto& face : model.boundary) face.kind = K::neumann;
  Case c(model, reaction("u^2"), Expression(1.0), false);
  const Owned<Vec> old = c.vector();
  double expected = 2.0;
  LINNET_CHECK(VecSet(old.get(), expected));
  constexpr double length = 0.25, capacity = 1.5;
  for (int step = 1; step <= 3; ++step) {
    c.equations->set_step(step * length, capacity / length, old.get());
    const Solved solved = solve(c, expected);
    ASSERT_TRUE(solved.outcome.converged());
    const double h = length / capacity;
    expected = (std::sqrt(1.0 + 4.0 * h * expected) - 1.0) / (2.0 * h);
    PetscReal least = 0.0, most = 0.0;
    LINNET_CHECK(VecMin(solved.u.get(), nullptr, &least));
    LINNET_CHECK(VecMax(solved.u.get(), nullptr, &most));
    EXPECT_NEAR(least, expected, 1e-10);
    EXPECT_NEAR(most, expected, 1e-10);
    LINNET_CHECK(VecCopy(solved.u.get(), old.get()));
  }
}

// Guesses that anything may have made.
TEST(GuardedGuess, IsNeverWorseThanZero) {
  Case c(mixed(2), reaction("4*u^3"), Expression(1.0), true);
  DiffusionNewton newton(*c.equations, false);
  const Solved solved = solve(c, std::nullopt);
  const Owned<Vec> u = c.vector(), noise = c.noise(5, -100.0, 100.0);
  const auto guarded = [&](Vec from, double factor) {
    LINNET_CHECK(VecCopy(from, u.get()));
    LINNET_CHECK(VecScale(u.get(), factor));
    return nonlinear::guard_guess(newton.snes(), u.get());
  };
  nonlinear::GuardedGuess g = guarded(solved.u.get(), 1.0);
  EXPECT_EQ(g.factor, 1.0);
  EXPECT_LE(g.residual, 1e-8 * g.at_start);
  g = guarded(solved.u.get(), 4.0); // the third trial is the solution
  EXPECT_EQ(g.factor, 0.25);
  EXPECT_LE(g.residual, 1e-8 * g.at_start);
  g = guarded(noise.get(), 1.0);
  EXPECT_EQ(g.factor, 0.0);
  EXPECT_EQ(norm(u.get()), 0.0);
  EXPECT_EQ(g.residual, g.at_start);
  g = guarded(noise.get(), std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(g.factor, 0.0);
  EXPECT_EQ(norm(u.get()), 0.0);
  // Zero itself may be outside of the domain.
  Case positive(box(2, 8), quasilinear("u-2"), Expression(1.0), false);
  DiffusionNewton other(*positive.equations, false);
  const Owned<Vec> v = positive.vector();
  LINNET_CHECK(VecSet(v.get(), 3.0));
  g = nonlinear::guard_guess(other.snes(), v.get());
  EXPECT_TRUE(std::isinf(g.at_start));
  EXPECT_EQ(g.factor, 1.0);
}

// Those of one solve, though PETSc counts on in the nonlinear preconditioner.
TEST(NonlinearDiffusion, CountsTheLinearIterationsOfANonlinearPreconditioner) {
  const char* const names[] = {"-outer_snes_type", "-outer_npc_snes_type",
                               "-outer_npc_snes_max_it"};
  const char* const values[] = {SNESNGMRES, SNESNEWTONLS, "1"};
  for (int i = 0; i < 3; ++i) LINNET_CHECK(PetscOptionsSetValue(nullptr, names[i], values[i]));
  Case c(mixed(2), quasilinear("0.2+u^2"), Expression(1.0), true);
  DiffusionNewton newton(*c.equations, true, "outer_");
  PetscInt counts[2] = {0, 0};
  for (PetscInt& count : counts) {
    const Owned<Vec> u = c.vector();
    LINNET_CHECK(VecSet(u.get(), 1.0));
    const DiffusionNewton::Outcome outcome = newton.solve(u.get());
    EXPECT_TRUE(outcome.converged()) << SNESConvergedReasons[outcome.reason];
    count = outcome.linear_iterations;
  }
  EXPECT_GT(counts[0], 0);
  EXPECT_EQ(counts[1], counts[0]);
  for (const char* name : names) LINNET_CHECK(PetscOptionsClearValue(nullptr, name));
}

// The vectors of a coarse space stay from step to step, their products with the matrix do not.
TEST(NonlinearDiffusion, ABasisIsKeptInNewtonsSteps) {
  for (const bool reuse : {true, false}) {
    Case c(mixed(2), quasilinear("0.2+u^2"), Expression(1.0), true);
    DiffusionNewton newton(*c.equations, true);
    KSP ksp = nullptr;
    PC pc = nullptr;
    LINNET_CHECK(SNESGetKSP(newton.snes(), &ksp));
    LINNET_CHECK(KSPGetPC(ksp, &pc));
    LINNET_CHECK(KSPSetType(ksp, KSPFGMRES));
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-10, 1e-300, PETSC_DEFAULT, 500));
    LINNET_CHECK(PCSetType(pc, PCBASIS));
    LINNET_CHECK(coarse::PCBasisSetType(pc, coarse::BasisType::sine));
    LINNET_CHECK(coarse::PCBasisSetSize(pc, 16));
    LINNET_CHECK(coarse::PCBasisSetReuse(pc, reuse ? PETSC_TRUE : PETSC_FALSE));
    LINNET_CHECK(SNESSetTolerances(newton.snes(), 1e-300, 1e-11, 0.0, 30, 10000));
    const Owned<Vec> u = c.vector();
    LINNET_CHECK(VecSet(u.get(), 1.0));
    const DiffusionNewton::Outcome outcome = newton.solve(u.get());
    ASSERT_TRUE(outcome.converged());
    coarse::BasisInfo info;
    LINNET_CHECK(coarse::PCBasisGetInfo(pc, &info));
    EXPECT_EQ(outcome.iterations, 8);
    EXPECT_EQ(info.updates, outcome.iterations);
    EXPECT_EQ(info.spaces, reuse ? 1 : outcome.iterations);
    PetscScalar sum = 0.0;
    LINNET_CHECK(VecSum(u.get(), &sum));
    EXPECT_NEAR(sum, 66.2056081601213, 1e-8); // as with boxmg below
  }
}

TEST(NonlinearDiffusion, IsConservative) {
  for (const NonlinearLaw& law :
       {reaction("4*u^3"), quasilinear("0.2+u^2"), p_laplacian(3.0, 0.1)}) {
    Case c(mixed(2), law, Expression(1.0), true);
    const Solved solved = solve(c, std::nullopt, 1e-12);
    ASSERT_TRUE(solved.outcome.converged());
    const FluxReport flux = integrate_fluxes(c.system, solved.u.get());
    const double reacted = c.equations->reaction_integral(solved.u.get());
    EXPECT_NEAR(flux.imbalance - reacted, 0.0, 1e-9 * flux.turnover);
    EXPECT_GT(flux.turnover, 0.1);
  }
}

// The figures of one rank.
TEST(NonlinearDiffusion, DoesNotDependOnTheRanks) {
  Case c(mixed(2), quasilinear("0.2+u^2"), Expression(1.0), true);
  const Solved solved = solve(c, 1.0);
  PetscScalar sum = 0.0;
  LINNET_CHECK(VecSum(solved.u.get(), &sum));
  EXPECT_NEAR(sum, 66.2056081601213, 1e-8);
  EXPECT_EQ(solved.outcome.iterations, 8);
}

TEST(NonlinearDiffusion, WhatTheLawDoesNotAllowIsNoSolution) {
  Case c(box(2, 8), quasilinear("u-2"), Expression(1.0), false);
  const Owned<Vec> u = c.vector();
  EXPECT_FALSE(c.equations->assemble(u.get()));
  LINNET_CHECK(VecSet(u.get(), 3.0));
  EXPECT_TRUE(c.equations->assemble(u.get()));
  const Solved solved = solve(c, 0.0);
  EXPECT_EQ(solved.outcome.reason, SNES_DIVERGED_FUNCTION_DOMAIN);
}
