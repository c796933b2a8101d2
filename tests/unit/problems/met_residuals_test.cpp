// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Residuals that conjugate gradients meet: those of the textbook's loop, on the way that is asked
// for, with errors that belong to them, and draws that depend on their numbers alone.
#include <linnet/core/error.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/samples/met_residuals.hpp>
#include <linnet/problems/samples/tank.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace linnet;
using namespace linnet::problems;

namespace {

struct Case {
  Tank tank;
  Owned<Vec> b;
  Owned<KSP> solver;

  Case() : tank(PETSC_COMM_WORLD, options(), 2, MATSTENCIL), b(make_cell_vector(tank.grid(), "b")) {
    tank.fill_right_hand_side(1, b.get());
    KSP ksp = nullptr;
    PC pc = nullptr;
    LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
    solver.reset(ksp);
    LINNET_CHECK(KSPSetType(ksp, KSPCG));
    LINNET_CHECK(KSPGetPC(ksp, &pc));
    LINNET_CHECK(PCSetType(pc, PCNONE));
    LINNET_CHECK(KSPSetOperators(ksp, tank.matrix(), tank.matrix()));
  }
  static TankOptions options() {
    TankOptions tank;
    tank.cells.cells = {10, 9, 8};
    tank.obstacles = parse_obstacles("sphere:0.5,0.5,0.4,0.2", 3);
    return tank;
  }
  [[nodiscard]] Owned<Vec> vector() const { return make_cell_vector(tank.grid(), "v"); }
  [[nodiscard]] Owned<Vec> met(PetscInt steps) const {
    Owned<Vec> r = vector();
    met_residual(solver.get(), b.get(), steps, r.get());
    return r;
  }
};

double dot(Vec x, Vec y) {
  PetscScalar value = 0.0;
  LINNET_CHECK(VecDot(x, y, &value));
  return value;
}

/// b - A x after @p steps steps, without a preconditioner, by the textbook.
Owned<Vec> textbook(const Case& c, PetscInt steps) {
  Owned<Vec> r = c.vector(), p = c.vector(), image = c.vector();
  LINNET_CHECK(VecCopy(c.b.get(), r.get()));
  LINNET_CHECK(VecCopy(r.get(), p.get()));
  for (PetscInt k = 0; k < steps; ++k) {
    const double old = dot(r.get(), r.get());
    LINNET_CHECK(MatMult(c.tank.matrix(), p.get(), image.get()));
    LINNET_CHECK(VecAXPY(r.get(), -old / dot(p.get(), image.get()), image.get()));
    LINNET_CHECK(VecAYPX(p.get(), dot(r.get(), r.get()) / old, r.get()));
  }
  return r;
}

} // namespace

TEST(MetResidual, IsThatOfConjugateGradients) {
  const Case c;
  for (const PetscInt steps : {0, 1, 7}) {
    const Owned<Vec> r = c.met(steps), wanted = textbook(c, steps);
    EXPECT_NEAR(dot(r.get(), r.get()), 1.0, 1e-14);
    LINNET_CHECK(VecScale(wanted.get(), 1.0 / std::sqrt(dot(wanted.get(), wanted.get()))));
    LINNET_CHECK(VecAXPY(wanted.get(), -1.0, r.get()));
    EXPECT_LE(std::sqrt(dot(wanted.get(), wanted.get())), 1e-11) << steps << " steps";
  }
}

// A residual of rounding errors would be no residual that a solver meets.
TEST(MetResidual, EndsWhereTheSolveEnds) {
  const Case c;
  PetscInt taken = 0;
  const Owned<Vec> late = c.met(10000);
  LINNET_CHECK(KSPGetIterationNumber(c.solver.get(), &taken));
  EXPECT_LT(taken, 200);
  const Owned<Vec> wanted = textbook(c, taken);
  EXPECT_LE(dot(wanted.get(), wanted.get()), 1e-12 * dot(c.b.get(), c.b.get()));
  EXPECT_NEAR(dot(late.get(), wanted.get()) / std::sqrt(dot(wanted.get(), wanted.get())), 1.0,
              1e-6);
}

TEST(MetResidual, ErrorsBelongToThem) {
  const Case c;
  const Owned<Vec> r = c.met(5), e = c.vector(), image = c.vector();
  solve_tightly(c.solver.get(), r.get(), e.get());
  LINNET_CHECK(MatMult(c.tank.matrix(), e.get(), image.get()));
  LINNET_CHECK(VecAXPY(image.get(), -1.0, r.get()));
  EXPECT_LE(std::sqrt(dot(image.get(), image.get())), 1.1e-10);
}

TEST(MetResidual, ZeroTeachesNothing) {
  const Case c;
  const Owned<Vec> zero = c.vector(), r = c.vector();
  EXPECT_THROW(met_residual(c.solver.get(), zero.get(), 3, r.get()), core::Error);
}

TEST(MetDraw, DependsOnSeedAndNumber) {
  std::set<PetscInt> steps;
  std::set<std::uint64_t> velocities;
  for (std::uint64_t sample = 0; sample < 200; ++sample) {
    const MetDraw draw = draw_met(3, sample, 4), again = draw_met(3, sample, 4);
    EXPECT_EQ(draw.velocity, again.velocity);
    EXPECT_EQ(draw.steps, again.steps);
    steps.insert(draw.steps);
    velocities.insert(draw.velocity);
  }
  EXPECT_EQ(steps, (std::set<PetscInt>{0, 1, 2, 3, 4}));
  EXPECT_EQ(velocities.size(), 200u);
  EXPECT_NE(draw_met(4, 0, 4).velocity, draw_met(3, 0, 4).velocity);
}
