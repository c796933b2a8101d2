// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// PC mgno: the guard of its weights, the smoother against its formula, symmetry, definiteness,
// boxmg without a model, what every weight is for, mirrored problems, ranks, files and refusals.
#include "diffusion_matrix.hpp"
#include "preconditioner.hpp"
#include "unit/io/scratch.hpp"

#include <linnet/core/random.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/multigrid/obstacle_weights_file.hpp>
#include <linnet/multigrid/pc_mgno.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace linnet;
using linnet::multigrid::ObstacleWeights;
using linnet::test::DiffusionCase;
using linnet::test::Preconditioner;

namespace {

/// A ball, a bar and a closed face of the box in @p n cells.
DiffusionCase around_obstacles(const core::Index3& n) {
  DiffusionCase c;
  c.points = n;
  c.dimension = n[2] == 1 ? 2 : 3;
  c.kappa = [n](int i, int j, int k) {
    const double x = (i + 0.5) / n[0], y = (j + 0.5) / n[1], z = n[2] == 1 ? 0.5 : (k + 0.5) / n[2];
    const bool ball = std::hypot(x - 0.3, y - 0.6, z - 0.5) < 0.2;
    const bool bar = std::abs(x - 0.75) < 0.1 && std::abs(y - 0.25) < 0.3;
    return ball || bar ? 0.0 : 1.0;
  };
  return c;
}

/// Weights within some 30 % of the derived ones, most of which the guard accepts.
ObstacleWeights random_weights(std::uint64_t seed) {
  const core::RandomStream random(seed, 5);
  auto values = multigrid::weight_values({});
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = values[i] * (0.7 + 0.6 * random.uniform(2 * i)) +
                (values[i] == 0.0 ? 0.6 * random.uniform(2 * i + 1) - 0.3 : 0.0);
  return multigrid::weights_from(values);
}

std::vector<ObstacleWeights> accepted_weights(int count) {
  std::vector<ObstacleWeights> list;
  for (std::uint64_t seed = 0; static_cast<int>(list.size()) < count; ++seed)
    if (multigrid::reason_to_refuse(random_weights(seed)).empty())
      list.push_back(random_weights(seed));
  return list;
}

std::function<void(PC)> precise_with(const ObstacleWeights& weights) {
  return [weights](PC pc) {
    test::precise(pc);
    LINNET_CHECK(multigrid::PCBoxMGSetObstacleWeights(pc, weights));
  };
}

using Fill = std::function<double(int, int, int)>;

void fill(DM da, Vec x, const Fill& value) {
  DMDALocalInfo info;
  LINNET_CHECK(DMDAGetLocalInfo(da, &info));
  PetscScalar* values;
  LINNET_CHECK(VecGetArray(x, &values));
  for (int k = info.zs, at = 0; k < info.zs + info.zm; ++k)
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i) values[at++] = value(i, j, k);
  LINNET_CHECK(VecRestoreArray(x, &values));
}

double noise(int i, int j, int k) {
  return 2.0 * core::RandomStream(9, 0).uniform(static_cast<std::uint64_t>(
                   i + 1024 * (j + 1024 * static_cast<std::int64_t>(k)))) -
         1.0;
}

/// Residual norms of CG with the PC @p type, for the right-hand side @p b, in fluid cells.
std::vector<double> history(const DiffusionCase& c, const char* type,
                            const std::function<void(PC)>& configure = {}, const Fill& b = noise) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec rhs = test::make_vector(da, 7), x;
  fill(da, rhs, [&](int i, int j, int k) { return c.kappa(i, j, k) > 0.0 ? b(i, j, k) : 0.0; });
  LINNET_CHECK(VecDuplicate(rhs, &x));
  KSP ksp;
  PC pc;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 1e-300, PETSC_DEFAULT, 100));
  LINNET_CHECK(KSPSetResidualHistory(ksp, nullptr, PETSC_DECIDE, PETSC_TRUE));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, type));
  LINNET_CHECK(PCSetDM(pc, da));
  if (configure) configure(pc);
  LINNET_CHECK(KSPSolve(ksp, rhs, x));
  KSPConvergedReason reason;
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  EXPECT_GT(reason, 0);
  const PetscReal* norms;
  PetscInt count;
  LINNET_CHECK(KSPGetResidualHistory(ksp, &norms, &count));
  std::vector<double> result(norms, norms + count);
  LINNET_CHECK(KSPDestroy(&ksp));
  LINNET_CHECK(VecDestroy(&rhs));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return result;
}

std::function<void(PC)> with_model(const std::string& path) {
  return [path](PC pc) { LINNET_CHECK(multigrid::PCMgNOSetModel(pc, path.c_str())); };
}

/// The message of the set-up with the model @p path; empty if it is accepted.
std::string refusal(const std::string& path) {
  static std::string last;
  last.clear();
  LINNET_CHECK(PetscPushErrorHandler(
      [](MPI_Comm, int, const char*, const char*, PetscErrorCode code, PetscErrorType kind,
         const char* message, void*) {
        if (message && kind == PETSC_ERROR_INITIAL) last = message;
        return code;
      },
      nullptr));
  const DiffusionCase c = around_obstacles({16, 12, 14});
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetDM(pc, da));
  LINNET_CHECK(PCSetOperators(pc, a, a));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(multigrid::PCMgNOSetModel(pc, path.c_str()));
  const bool failed = PCSetUp(pc) != 0;
  LINNET_CHECK(PetscPopErrorHandler());
  EXPECT_EQ(failed, !last.empty());
  LINNET_CHECK(PCDestroy(&pc));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return last;
}

/// As a file would hold them, whatever they are.
io::ModelFile file_of(const ObstacleWeights& weights) {
  io::ModelFile file;
  file.graph = R"({"cycle":"obstacle","version":1})";
  for (const auto& block : multigrid::weight_blocks()) {
    io::ModelArray array{{static_cast<std::int64_t>(block.members.size())}, {}, "weight"};
    for (const auto member : block.members) array.values.push_back(weights.*member);
    file.parameters[block.path] = array;
  }
  return file;
}

} // namespace

// Against the symbol at many frequencies, with the exact ends of the spectrum among them.
TEST(ObstacleWeights, GuardIsTheBoundOfTheSymbol) {
  EXPECT_EQ(multigrid::reason_to_refuse({}), "");
  int accepted = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const core::RandomStream random(seed, 6);
    ObstacleWeights w;
    w.cell = 2.5 * random.uniform(0);
    w.faces = 3.0 * random.uniform(1) - 1.0;
    double least = INFINITY, most = -INFINITY;
    const double pi = std::acos(-1.0);
    const int steps = 24;
    for (int a = 0; a <= steps; ++a)
      for (int b = 0; b <= a; ++b)
        for (int c = 0; c <= b; ++c) {
          const double mean =
              (std::cos(pi * a / steps) + std::cos(pi * b / steps) + std::cos(pi * c / steps)) / 3;
          const double k = w.cell + w.faces * mean;
          least = std::min(least, k);
          most = std::max(most, k * (1.0 - mean));
        }
    // Between the frequencies the maximum may be larger by the square of their distance.
    if (std::abs(least - 0.01) < 1e-9 || std::abs(most - 1.99) < 1e-3) continue;
    const bool fits = least > 0.01 && most < 1.99;
    EXPECT_EQ(multigrid::reason_to_refuse(w).empty(), fits) << w.cell << " " << w.faces;
    ++(fits ? accepted : refused);
  }
  EXPECT_GT(accepted, 50);
  EXPECT_GT(refused, 50);
}

TEST(ObstacleWeights, SayWhatIsWrong) {
  const auto reason = [](double ObstacleWeights::*member, double value) {
    ObstacleWeights w;
    w.*member = value;
    return multigrid::reason_to_refuse(w);
  };
  using W = ObstacleWeights;
  EXPECT_NE(reason(&W::cell, 0.9).find("symbol K falls to"), std::string::npos);
  EXPECT_NE(reason(&W::faces, -1.0).find("symbol KA reaches"), std::string::npos);
  EXPECT_NE(reason(&W::closed, 0.2).find("symbol K"), std::string::npos);
  EXPECT_NE(reason(&W::leak, -1.0).find("fine/centre"), std::string::npos);
  EXPECT_NE(reason(&W::wall, -0.1).find("fine/wall"), std::string::npos);
  EXPECT_NE(reason(&W::coarse_rows, 1.0).find("coarse/k"), std::string::npos);
  EXPECT_NE(reason(&W::scale, 0.0).find("scale"), std::string::npos);
  EXPECT_NE(reason(&W::deeper_scale, -1.0).find("scale"), std::string::npos);
  EXPECT_NE(reason(&W::scale, NAN).find("not finite"), std::string::npos);
}

// With two levels the correction is linear in its scale, so that 2 B(1) - B(2) is the smoother
// alone, 2 S - S A S.
TEST(ObstacleCycle, SmoothsByItsFormula) {
  const DiffusionCase c = around_obstacles({8, 8, 8});
  ObstacleWeights w = accepted_weights(3).back();
  w.scale = 1.0;
  const Preconditioner once(c, PETSC_COMM_WORLD, precise_with(w));
  w.scale = 2.0;
  const Preconditioner twice(c, PETSC_COMM_WORLD, precise_with(w));
  ASSERT_TRUE(once.shows("level 1: 4 x 4 x 4, 7-point, 1 rank(s), solved directly"));
  const auto fluid = [&](int i, int j, int k) { return c.kappa(i, j, k) > 0.0; };
  const auto centre = [&](int i, int j, int k) {
    if (!fluid(i, j, k)) return 0.0;
    int closed = 0, leak = 0;
    for (int d = 0; d < 3; ++d)
      for (const int side : {-1, 1}) {
        const int p[3] = {i + side * (d == 0), j + side * (d == 1), k + side * (d == 2)};
        if (*std::min_element(p, p + 3) < 0 || *std::max_element(p, p + 3) > 7)
          ++leak;
        else if (!fluid(p[0], p[1], p[2]))
          ++closed;
      }
    const double diagonal = 6.0 - closed;
    return (1.0 + w.closed * closed / 6.0 + w.leak * leak / diagonal) / diagonal;
  };
  Vec x = test::make_vector(once.da(), 4), e, s, t, b1, b2;
  for (Vec* v : {&e, &s, &t, &b1, &b2}) LINNET_CHECK(VecDuplicate(x, v));
  fill(once.da(), e, centre);
  fill(once.da(), x, [&](int i, int j, int k) { return fluid(i, j, k) ? noise(i, j, k) : 0.0; });
  LINNET_CHECK(PCApply(once.pc(), x, b1));
  LINNET_CHECK(PCApply(twice.pc(), x, b2));
  LINNET_CHECK(VecAXPBY(b2, 2.0, -1.0, b1));
  Mat a;
  LINNET_CHECK(PCGetOperators(once.pc(), &a, nullptr));
  const auto smooth = [&](Vec f, Vec u) { // u = (cell + faces) E f - faces E A E f
    LINNET_CHECK(VecPointwiseMult(u, e, f));
    Vec g;
    LINNET_CHECK(VecDuplicate(u, &g));
    LINNET_CHECK(MatMult(a, u, g));
    LINNET_CHECK(VecPointwiseMult(g, e, g));
    LINNET_CHECK(VecAXPBY(u, -w.faces, w.cell + w.faces, g));
    LINNET_CHECK(VecDestroy(&g));
  };
  smooth(x, s);
  LINNET_CHECK(MatMult(a, s, t));
  LINNET_CHECK(VecAYPX(t, -1.0, x));
  smooth(t, b1);
  LINNET_CHECK(VecAXPY(s, 1.0, b1));
  PetscReal size, difference;
  LINNET_CHECK(VecNorm(s, NORM_INFINITY, &size));
  LINNET_CHECK(VecAXPY(b2, -1.0, s));
  LINNET_CHECK(VecNorm(b2, NORM_INFINITY, &difference));
  EXPECT_LE(difference, 1e-6 * size); // codes hold the diagonal in single precision
  for (Vec* v : {&x, &e, &s, &t, &b1, &b2}) LINNET_CHECK(VecDestroy(v));
}

TEST(PcMgno, IsSymmetricAndPositiveDefiniteForAcceptedWeights) {
  for (const core::Index3& n : {core::Index3{40, 37, 1}, core::Index3{24, 21, 27}})
    for (const ObstacleWeights& w : accepted_weights(6)) {
      const Preconditioner b(around_obstacles(n), PETSC_COMM_WORLD, precise_with(w));
      EXPECT_TRUE(b.shows("constant around obstacles"));
      test::expect_symmetric_and_positive(b);
    }
}

// In single precision, too, up to its rounding.
TEST(PcMgno, IsSymmetricInSinglePrecision) {
  for (const ObstacleWeights& w : accepted_weights(4)) {
    const Preconditioner b(around_obstacles({24, 21, 27}), PETSC_COMM_WORLD, [&](PC pc) {
      LINNET_CHECK(multigrid::PCBoxMGSetObstacleWeights(pc, w));
    });
    Vec u = test::make_vector(b.da(), 1), v = test::make_vector(b.da(), 2), bv;
    LINNET_CHECK(VecDuplicate(v, &bv));
    LINNET_CHECK(PCApply(b.pc(), v, bv));
    PetscReal nu, nbv;
    LINNET_CHECK(VecNorm(u, NORM_2, &nu));
    LINNET_CHECK(VecNorm(bv, NORM_2, &nbv));
    EXPECT_LE(std::abs(b.product(u, v) - b.product(v, u)), 1e-6 * nu * nbv);
    EXPECT_GT(b.product(u, u), 0.0);
    for (Vec* x : {&u, &v, &bv}) LINNET_CHECK(VecDestroy(x));
  }
}

// Extreme Ritz values of the preconditioned operator, from the coefficients of 20 steps of CG.
TEST(PcMgno, ConditionIsThatOfAMultigridCycle) {
  const DiffusionCase c = around_obstacles({32, 32, 32});
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7), x;
  LINNET_CHECK(VecDuplicate(b, &x));
  KSP ksp;
  PC pc;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetComputeSingularValues(ksp, PETSC_TRUE));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-30, 1e-300, PETSC_DEFAULT, 20));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(PCSetDM(pc, da));
  precise_with({})(pc);
  LINNET_CHECK(KSPSolve(ksp, b, x));
  PetscReal most, least;
  LINNET_CHECK(KSPComputeExtremeSingularValues(ksp, &most, &least));
  EXPECT_GT(least, 0.0);
  EXPECT_LE(most / least, 4.0) << least << " to " << most;
  LINNET_CHECK(KSPDestroy(&ksp));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

TEST(PcMgno, DoesNotDependOnTheNumberOfRanks) {
  const DiffusionCase c = around_obstacles({24, 21, 27});
  for (const ObstacleWeights& w : accepted_weights(2)) {
    const Preconditioner all(c, PETSC_COMM_WORLD, precise_with(w)),
        alone(c, PETSC_COMM_SELF, precise_with(w));
    Vec x = test::make_vector(all.da(), 1), y = test::make_vector(all.da(), 2);
    Vec x1 = test::make_vector(alone.da(), 1), y1 = test::make_vector(alone.da(), 2);
    EXPECT_NEAR(all.product(x, y), alone.product(x1, y1),
                1e-11 * std::sqrt(alone.product(x1, x1) * alone.product(y1, y1)));
    for (Vec* v : {&x, &y, &x1, &y1}) LINNET_CHECK(VecDestroy(v));
  }
}

TEST(PcMgno, IsBoxmgWithoutAModel) {
  const DiffusionCase c = around_obstacles({32, 28, 36});
  EXPECT_EQ(history(c, PCMGNO), history(c, PCBOXMG));
  // A file with the derived weights is the same again.
  const test::Scratch scratch;
  multigrid::write_obstacle_model(PETSC_COMM_WORLD, scratch / "derived.h5", {});
  EXPECT_EQ(history(c, PCMGNO, with_model(scratch / "derived.h5")), history(c, PCBOXMG));
}

TEST(PcMgno, TakesEveryWeightOfItsModel) {
  const test::Scratch scratch;
  const DiffusionCase c = around_obstacles({32, 28, 36});
  const auto derived = history(c, PCMGNO);
  const auto values = multigrid::weight_values({});
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto changed = values;
    changed[i] = values[i] == 0.0 ? -0.05 : 0.95 * values[i];
    const std::string path = scratch / "changed" + std::to_string(i) + ".h5";
    multigrid::write_obstacle_model(PETSC_COMM_WORLD, path,
                                    {multigrid::weights_from(changed), {{"seed", "1"}}});
    const auto own = history(c, PCMGNO, with_model(path));
    EXPECT_GT(std::abs(own.at(3) / derived.at(3) - 1.0), 1e-4) << i;
    EXPECT_LE(own.size(), derived.size() + 2) << i;
    const auto back = multigrid::read_obstacle_model(PETSC_COMM_WORLD, path);
    EXPECT_EQ(multigrid::weight_values(back.weights), changed);
    EXPECT_EQ(back.provenance.at("seed"), "1");
  }
}

// The KSP that has been set up does not look at its PC again.
TEST(PcMgno, TakesOtherWeightsBetweenSolves) {
  const DiffusionCase c = around_obstacles({24, 28, 20});
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7), x;
  LINNET_CHECK(VecDuplicate(b, &x));
  KSP ksp;
  PC pc;
  LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetType(ksp, KSPCG));
  LINNET_CHECK(KSPSetTolerances(ksp, 1e-30, 1e-300, PETSC_DEFAULT, 4));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(PCSetDM(pc, da));
  const auto residual = [&](const ObstacleWeights& w) {
    LINNET_CHECK(multigrid::PCBoxMGSetObstacleWeights(pc, w));
    LINNET_CHECK(KSPSolve(ksp, b, x));
    PetscReal norm;
    LINNET_CHECK(KSPGetResidualNorm(ksp, &norm));
    return norm;
  };
  const double derived = residual({});
  EXPECT_NE(residual(accepted_weights(1)[0]), derived);
  EXPECT_EQ(residual({}), derived);
  LINNET_CHECK(KSPDestroy(&ksp));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
}

// Where boxmg takes another cycle, the model lies idle.
TEST(PcMgno, FallsBackToBoxmg) {
  DiffusionCase c;
  c.points = {24, 24, 24};
  c.kappa = test::block_kappa(100.0, 3, 1);
  const test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  multigrid::write_obstacle_model(PETSC_COMM_WORLD, path, {accepted_weights(1)[0], {}});
  EXPECT_EQ(history(c, PCMGNO, with_model(path)), history(c, PCBOXMG));
  const auto view = [&](const DiffusionCase& problem, const std::string& text) {
    const Preconditioner b(problem, PETSC_COMM_WORLD, [&](PC pc) {
      LINNET_CHECK(PCSetType(pc, PCMGNO));
      LINNET_CHECK(multigrid::PCMgNOSetModel(pc, path.c_str()));
    });
    return b.shows(text);
  };
  EXPECT_TRUE(view(c, path + ", not used: this is no problem of constant coefficients"));
  EXPECT_TRUE(view(around_obstacles({24, 24, 24}), "weights: " + path + "\n"));
}

// With two levels nothing follows the numbering of the cells: a mirrored problem takes the same
// steps.
TEST(PcMgno, MirroredProblemHasTheSameHistory) {
  const int n = 16;
  const DiffusionCase c = around_obstacles({n, n, n});
  const auto configure = [](PC pc) {
    precise_with(accepted_weights(2).back())(pc);
    LINNET_CHECK(multigrid::PCBoxMGSetCoarseLimit(pc, 600));
  };
  const auto plain = history(c, PCMGNO, configure);
  for (int d = 0; d < 3; ++d) {
    const auto mirrored = [&](const Fill& f) -> Fill {
      return [=](int i, int j, int k) {
        return f(d == 0 ? n - 1 - i : i, d == 1 ? n - 1 - j : j, d == 2 ? n - 1 - k : k);
      };
    };
    DiffusionCase other = c;
    other.kappa = mirrored(c.kappa);
    const auto own = history(other, PCMGNO, configure, mirrored(noise));
    ASSERT_EQ(own.size(), plain.size()) << d;
    // Rounding of 1e-16 grows by the condition of CG's recurrence.
    for (std::size_t i = 0; i < own.size(); ++i)
      EXPECT_NEAR(own[i], plain[i], 1e-8 * plain[i]) << d << " " << i;
  }
}

TEST(PcMgno, RefusesModelsInOneLine) {
  const test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  const auto refused = [&](const io::ModelFile& file) {
    io::write_model(PETSC_COMM_WORLD, path, file);
    const std::string message = refusal(path);
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_NE(message.find(path), std::string::npos) << message;
    return message;
  };
  ObstacleWeights w;
  EXPECT_EQ(refusal((io::write_model(PETSC_COMM_WORLD, path, file_of(w)), path)), "");
  w.cell = 0.5;
  EXPECT_NE(refused(file_of(w)).find("symbol K falls to"), std::string::npos);
  w = {};
  w.cell = 3.0;
  EXPECT_NE(refused(file_of(w)).find("symbol KA reaches"), std::string::npos);
  w = {};
  w.scale = -1.0;
  EXPECT_NE(refused(file_of(w)).find("scale must be between"), std::string::npos);
  io::ModelFile file = file_of({});
  file.graph = R"({"cycle":"obstacle","version":2})";
  EXPECT_NE(refused(file).find("is no model of a cycle"), std::string::npos);
  file.graph = R"({"nodes":[{"id":"x","op":"input"}],"output":"x"})";
  file.parameters["much"] = {{4000}, std::vector<double>(4000, 1.0), "weight"};
  EXPECT_NE(refused(file).find("-predict_model take; -pc_mgno_model takes weights of a multigrid"),
            std::string::npos);
  file = file_of({});
  file.parameters["scale"] = {{3}, {1.0, 1.0, 1.0}, "weight"};
  EXPECT_NE(refused(file).find("scale"), std::string::npos);
  file = file_of({});
  file.parameters.erase("coarse/k");
  EXPECT_NE(refused(file).find("coarse/k"), std::string::npos);
  EXPECT_NE(refusal(scratch / "none.h5").find("none.h5"), std::string::npos);
  EXPECT_THROW(multigrid::write_obstacle_model(PETSC_COMM_WORLD, path, {w, {}}), core::Error);
}

TEST(PcMgno, RefusesWeightsThatMaySpoilIt) {
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  ObstacleWeights w;
  w.faces = 3.0;
  LINNET_CHECK(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  EXPECT_NE(multigrid::PCBoxMGSetObstacleWeights(pc, w), 0);
  LINNET_CHECK(PetscPopErrorHandler());
  LINNET_CHECK(multigrid::PCBoxMGSetObstacleWeights(pc, {}));
  LINNET_CHECK(PCDestroy(&pc));
}
