// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// PC mgno with a network that shifts the interpolation: definite with any weights, the same on any
// number of ranks and for scaled matrices, the fallback, files and refusals.
#include "diffusion_matrix.hpp"
#include "preconditioner.hpp"
#include "unit/io/scratch.hpp"

#include <linnet/core/random.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/multigrid/cycle_model_file.hpp>
#include <linnet/multigrid/pc_mgno.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

using namespace linnet;
using linnet::multigrid::InterpolationWeights;
using linnet::test::DiffusionCase;
using linnet::test::Preconditioner;

namespace {

InterpolationWeights random_weights(int dimension, double size, std::uint64_t seed) {
  const core::RandomStream random(seed, 4);
  InterpolationWeights weights{dimension, {}};
  for (std::uint64_t i = 0; i < kernels::InterpolationNetwork::count; ++i)
    weights.values.push_back(size * random.normal(i));
  return weights;
}

DiffusionCase rough(const core::Index3& n, double contrast) {
  DiffusionCase c;
  c.points = n;
  c.dimension = n[2] == 1 ? 2 : 3;
  c.kappa = test::random_kappa(contrast, 5);
  return c;
}

std::function<void(PC)> with(const InterpolationWeights& weights, bool precise = false,
                             bool fallback = false) {
  return [=](PC pc) {
    LINNET_CHECK(PCSetType(pc, PCMGNO));
    if (precise) test::precise(pc);
    LINNET_CHECK(multigrid::PCBoxMGSetInterpolation(pc, {weights, fallback}));
  };
}

int iterations(const DiffusionCase& c, const std::function<void(PC)>& configure) {
  DM da = test::make_da(PETSC_COMM_WORLD, c);
  Mat a = test::make_matrix(da, c);
  Vec b = test::make_vector(da, 7);
  const int count = test::solve(a, da, b, 1e-8, configure);
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return count;
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
  const DiffusionCase c = rough({24, 20, 1}, 1e4);
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
  EXPECT_EQ(last.find('\n'), std::string::npos) << last;
  LINNET_CHECK(PCDestroy(&pc));
  LINNET_CHECK(MatDestroy(&a));
  LINNET_CHECK(DMDestroy(&da));
  return last;
}

} // namespace

TEST(PcInterpolation, IsSymmetricAndPositiveDefiniteWithAnyWeights) {
  for (const core::Index3& n : {core::Index3{41, 37, 1}, core::Index3{19, 16, 21}})
    for (const double size : {0.3, 30.0}) {
      const Preconditioner b(rough(n, 1e6), PETSC_COMM_WORLD,
                             with(random_weights(n[2] == 1 ? 2 : 3, size, 1), true));
      test::expect_symmetric_and_positive(b);
    }
}

TEST(PcInterpolation, ConvergesWithAnyWeights) {
  const core::Index3 flat{96, 80, 1}, solid{24, 20, 28};
  for (const core::Index3& n : {flat, solid})
    for (const double contrast : {1e2, 1e6})
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const int dimension = n[2] == 1 ? 2 : 3;
        const int count =
            iterations(rough(n, contrast), with(random_weights(dimension, 3.0, seed)));
        EXPECT_GT(count, 0);
        EXPECT_LT(count, 400);
      }
}

TEST(PcInterpolation, DoesNotDependOnTheNumberOfRanks) {
  for (const core::Index3& n : {core::Index3{61, 54, 1}, core::Index3{20, 17, 23}}) {
    const auto configure = with(random_weights(n[2] == 1 ? 2 : 3, 0.5, 2), true);
    const DiffusionCase c = rough(n, 1e4);
    const Preconditioner all(c, PETSC_COMM_WORLD, configure), alone(c, PETSC_COMM_SELF, configure);
    Vec x = test::make_vector(all.da(), 1), y = test::make_vector(all.da(), 2);
    Vec x1 = test::make_vector(alone.da(), 1), y1 = test::make_vector(alone.da(), 2);
    EXPECT_NEAR(all.product(x, y), alone.product(x1, y1),
                1e-12 * std::sqrt(alone.product(x1, x1) * alone.product(y1, y1)));
    for (Vec* v : {&x, &y, &x1, &y1}) LINNET_CHECK(VecDestroy(v));
  }
}

TEST(PcInterpolation, IsTheSameForAScaledMatrix) {
  DiffusionCase c = rough({50, 44, 1}, 1e4);
  const auto configure = with(random_weights(2, 0.5, 2));
  const Preconditioner plain(c, PETSC_COMM_WORLD, configure);
  Vec x = test::make_vector(plain.da(), 1), y, z;
  LINNET_CHECK(VecDuplicate(x, &y));
  LINNET_CHECK(VecDuplicate(x, &z));
  LINNET_CHECK(PCApply(plain.pc(), x, y));
  const auto kappa = c.kappa;
  c.kappa = [=](int i, int j, int k) { return 0x1p-20 * kappa(i, j, k); };
  const Preconditioner scaled(c, PETSC_COMM_WORLD, configure);
  LINNET_CHECK(PCApply(scaled.pc(), x, z));
  LINNET_CHECK(VecScale(z, 0x1p-20));
  PetscBool same;
  LINNET_CHECK(VecEqual(y, z, &same));
  EXPECT_TRUE(same);
  for (Vec* v : {&x, &y, &z}) LINNET_CHECK(VecDestroy(v));
}

// A bad network loses the comparison, and what is left is boxmg.
TEST(PcInterpolation, FallsBackWhereItDoesNotHelp) {
  const DiffusionCase c = rough({96, 80, 1}, 1e4);
  const auto bad = random_weights(2, 30.0, 3);
  const int boxmg = iterations(c, {});
  EXPECT_GT(iterations(c, with(bad)), boxmg + 1);
  EXPECT_EQ(iterations(c, with(bad, false, true)), boxmg);
  const auto test_scratch = test::Scratch();
  const std::string path = test_scratch / "bad.h5";
  multigrid::write_interpolation_model(PETSC_COMM_WORLD, path, {bad, {}});
  const auto view = [&](bool fallback, const std::string& text) {
    const Preconditioner b(c, PETSC_COMM_WORLD, [&](PC pc) {
      LINNET_CHECK(PCSetType(pc, PCMGNO));
      LINNET_CHECK(multigrid::PCMgNOSetModel(pc, path.c_str()));
      LINNET_CHECK(multigrid::PCMgNOSetFallback(pc, fallback ? PETSC_TRUE : PETSC_FALSE));
    });
    return b.shows(path + text);
  };
  EXPECT_TRUE(view(true, ", not used, since it does not help: residual times"));
  EXPECT_TRUE(view(false, ", shifts the interpolation\n"));
}

// Where boxmg takes another cycle, the model lies idle.
TEST(PcInterpolation, LiesIdleInOtherCycles) {
  DiffusionCase c = rough({48, 40, 1}, 1e4);
  c.kappa = [](int, int, int) { return 1.0; };
  const test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  multigrid::write_interpolation_model(PETSC_COMM_WORLD, path, {random_weights(2, 1.0, 3), {}});
  const Preconditioner b(c, PETSC_COMM_WORLD, [&](PC pc) {
    LINNET_CHECK(PCSetType(pc, PCMGNO));
    LINNET_CHECK(multigrid::PCMgNOSetModel(pc, path.c_str()));
  });
  EXPECT_TRUE(b.shows(path + ", not used: this is not the cycle of black-box multigrid"));
}

TEST(PcInterpolation, ModelsSurviveTheirFile) {
  const test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  const auto weights = random_weights(3, 1.0, 9);
  multigrid::write_interpolation_model(PETSC_COMM_WORLD, path, {weights, {{"seed", "9"}}});
  const auto back = multigrid::read_interpolation_model(PETSC_COMM_WORLD, path);
  EXPECT_EQ(back.weights, weights);
  EXPECT_EQ(back.provenance.at("seed"), "9");
  const auto any = multigrid::read_cycle_model(PETSC_COMM_WORLD, path);
  EXPECT_EQ(any.interpolation, weights);
  EXPECT_EQ(any.obstacles, multigrid::ObstacleWeights());
}

TEST(PcInterpolation, RefusesModelsInOneLine) {
  const test::Scratch scratch;
  const std::string path = scratch / "model.h5";
  const auto write = [&](int dimension) {
    multigrid::write_interpolation_model(PETSC_COMM_WORLD, path,
                                         {random_weights(dimension, 1.0, 9), {}});
  };
  write(2);
  EXPECT_EQ(refusal(path), "");
  write(3);
  EXPECT_NE(refusal(path).find("trained on grids of 3 dimensions, and this one has 2"),
            std::string::npos);
  io::ModelFile file;
  file.graph = R"({"cycle":"interpolation","dimension":2,"version":0})";
  file.parameters["first/weight"] = {{12, 12}, std::vector<double>(144, 0.0), "weight"};
  io::write_model(PETSC_COMM_WORLD, path, file);
  EXPECT_NE(refusal(path).find("is no model of a cycle that this version knows"),
            std::string::npos);
  file.graph = R"({"cycle":"interpolation","dimension":2,"version":1})";
  io::write_model(PETSC_COMM_WORLD, path, file);
  EXPECT_NE(refusal(path).find(path), std::string::npos);
  // Cut off in the middle.
  write(2);
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) {
    std::ifstream whole(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(whole)), {});
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes.substr(0, bytes.size() / 2);
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  EXPECT_NE(refusal(path).find(path), std::string::npos);
}

TEST(PcInterpolation, RefusesWeightsThatAreNone) {
  PC pc;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetType(pc, PCMGNO));
  LINNET_CHECK(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  InterpolationWeights weights = random_weights(2, 1.0, 0);
  weights.values[3] = NAN;
  EXPECT_NE(multigrid::PCBoxMGSetInterpolation(pc, {weights, false}), 0);
  weights.values.pop_back();
  EXPECT_NE(multigrid::PCBoxMGSetInterpolation(pc, {weights, false}), 0);
  LINNET_CHECK(PetscPopErrorHandler());
  LINNET_CHECK(multigrid::PCBoxMGSetInterpolation(pc, {}));
  LINNET_CHECK(PCDestroy(&pc));
}
