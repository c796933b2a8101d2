// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// PC neural in Krylov methods: whatever a random network says, dcdm converges; methods that need a
// linear preconditioner, wrong files and wrong grids are refused in one line.
#include "neural_case.hpp"

#include <linnet/krylov/known_norm.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using test::DiffusionCase;
using test::grid_of;
using test::NeuralCase;
using test::Outcome;
using test::refusal;
using test::solve;

namespace {

/// What a PC was told, and the norms of what it was applied to.
struct Norms {
  std::vector<double> told, found;
};

PetscErrorCode take_norm(PC pc, PetscReal norm) {
  Norms* norms = nullptr;
  PetscFunctionBeginUser;
  PetscCall(PCShellGetContext(pc, &norms));
  norms->told.push_back(norm);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode record_norm(PC pc, Vec r, Vec d) {
  Norms* norms = nullptr;
  PetscFunctionBeginUser;
  PetscCall(PCShellGetContext(pc, &norms));
  norms->found.emplace_back();
  PetscCall(VecNorm(r, NORM_2, &norms->found.back()));
  PetscCall(VecCopy(r, d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

class PcNeuralSolve : public ::testing::Test {
protected:
  std::string file(const nn::Graph& graph, std::uint64_t seed = 3) {
    const std::string path = scratch_ / "model.h5";
    nn::save_model(PETSC_COMM_WORLD, path, test::random_model(graph, seed));
    return path;
  }
  test::Scratch scratch_;
};

} // namespace

// The residual, and something of what a random network without biases makes of it.
TEST_F(PcNeuralSolve, DcdmConvergesWithTheSameCountsOnAnyRanks) {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    for (const DiffusionCase& c : {grid_of(2, {30, 21, 1}, true), grid_of(3, {14, 9, 7}, true)}) {
      nn::Graph graph = test::small_graph(c.dimension);
      graph.nodes.push_back({"sum", "add", {"d", "r"}, {}});
      graph.output = "sum";
      nn::Model model = test::random_model(graph, seed);
      for (const nn::ParameterBlock& block : model.graph.parameters.blocks())
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
          model.parameters(i) *= block.role == nn::ParameterRole::bias ? 0.0F
                                 : block.name == "d/weight"            ? 0.1F
                                                                       : 1.0F;
      const std::string path = scratch_ / "model.h5";
      nn::save_model(PETSC_COMM_WORLD, path, model);
      const NeuralCase many(PETSC_COMM_WORLD, c, path), one(PETSC_COMM_SELF, c, path);
      const Outcome parallel = solve(many, KSPDCDM), serial = solve(one, KSPDCDM);
      EXPECT_EQ(parallel.reason, KSP_CONVERGED_RTOL) << parallel.error;
      EXPECT_LE(parallel.true_residual, 1e-8 * (1.0 + 1e-6));
      EXPECT_EQ(parallel.iterations, serial.iterations) << seed;
    }
}

// A random network leads nowhere: the energy falls all the same, and the answer comes from the
// classical directions that take over.
TEST_F(PcNeuralSolve, UselessDirectionsDelayTheAnswerOnly) {
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {30, 21, 1}, true),
                        file(test::small_graph(2)));
  const Outcome few = solve(many, KSPDCDM, 1e-8, 3), more = solve(many, KSPDCDM, 1e-8, 15);
  EXPECT_EQ(more.reason, KSP_DIVERGED_ITS) << more.error;
  EXPECT_LT(few.energy, 0.0);
  EXPECT_LT(more.energy, few.energy);
  EXPECT_EQ(solve(many, KSPDCDM, 1e-8, 1000).reason, KSP_CONVERGED_RTOL);
}

// A PC that asks for it hears the norm of each residual before it sees it.
TEST_F(PcNeuralSolve, DcdmTellsTheNorm) {
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {20, 15, 1}), "");
  for (const PetscBool normalise : {PETSC_TRUE, PETSC_FALSE}) {
    Norms norms;
    LINNET_CHECK(PCSetType(many.pc(), PCSHELL));
    LINNET_CHECK(PCShellSetContext(many.pc(), &norms));
    LINNET_CHECK(PCShellSetApply(many.pc(), record_norm));
    LINNET_CHECK(PetscObjectComposeFunction(reinterpret_cast<PetscObject>(many.pc()),
                                            krylov::set_next_norm, take_norm));
    LINNET_CHECK(PetscOptionsSetValue(nullptr, "-ksp_dcdm_normalise", normalise ? "1" : "0"));
    const Outcome found = solve(many, KSPDCDM);
    LINNET_CHECK(PetscOptionsClearValue(nullptr, "-ksp_dcdm_normalise"));
    EXPECT_EQ(found.reason, KSP_CONVERGED_RTOL);
    ASSERT_EQ(norms.told.size(), norms.found.size());
    EXPECT_EQ(norms.told.front() == 1.0, normalise == PETSC_TRUE);
    // A recursion that is renewed every two digits.
    for (std::size_t i = 0; i < norms.told.size(); ++i)
      EXPECT_NEAR(norms.told[i] / norms.found[i], 1.0, 1e-10) << i;
  }
}

// The stencil type gives the rows, too.
TEST_F(PcNeuralSolve, MatricesOfTypeStencil) {
  const std::string path = file(test::small_graph(3));
  const DiffusionCase c = grid_of(3, {10, 9, 7}, true);
  const NeuralCase many(PETSC_COMM_WORLD, c, path);
  Mat stencil = nullptr;
  PetscInt first = 0, last = 0;
  LINNET_CHECK(DMSetMatType(many.da(), "stencil"));
  LINNET_CHECK(DMCreateMatrix(many.da(), &stencil));
  const core::Owned<Mat> owned(stencil);
  LINNET_CHECK(MatGetOwnershipRange(stencil, &first, &last));
  test::copy_rows(many.matrix(), stencil, first, last);
  const std::vector<double> r = test::exact_values(c.points, 2), expected = many.direction(r);
  LINNET_CHECK(PCSetOperators(many.pc(), stencil, stencil));
  EXPECT_EQ(many.direction(r), expected);
}

TEST_F(PcNeuralSolve, MethodsThatTakeAnyDirection) {
  const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}), file(test::small_graph(2)));
  for (const char* type :
       {KSPDCDM, KSPFCG, KSPFGMRES, KSPGCR, KSPFBCGS, KSPFBCGSR, KSPRICHARDSON, KSPPREONLY})
    EXPECT_EQ(solve(many, type, 1e-1, 5).error, "") << type;
}

TEST_F(PcNeuralSolve, MethodsThatNeedALinearOneAreRefused) {
  const std::string path = file(test::small_graph(2));
  for (const char* type : {KSPCG, "cgfused", KSPMINRES, KSPGMRES, KSPBCGS, KSPPIPEFCG}) {
    const NeuralCase many(PETSC_COMM_WORLD, grid_of(2, {12, 9, 1}), path);
    test::expect_contains(solve(many, type).error,
                          "neural: a network is no linear symmetric preconditioner, as -ksp_type " +
                              std::string(type) + " needs; use -ksp_type dcdm");
  }
}

TEST_F(PcNeuralSolve, WrongFilesAreRefused) {
  const DiffusionCase c = grid_of(2, {12, 9, 1});
  const auto said = [&](const std::string& path) {
    return refusal(NeuralCase(PETSC_COMM_WORLD, c, path).pc());
  };
  test::expect_contains(said(""), "name its file with -pc_neural_model FILE.h5");
  test::expect_contains(said(scratch_ / "none.h5"), "none.h5");
  test::write_bytes(scratch_ / "text.h5", "no network");
  test::expect_contains(said(scratch_ / "text.h5"), "text.h5");
  const std::string path = file(test::small_graph(2));
  EXPECT_EQ(said(path), "accepted");
  const NeuralCase limited(PETSC_COMM_WORLD, c, path);
  LINNET_CHECK(krylov::PCNeuralSetModelBytes(limited.pc(), 100.0));
  test::expect_contains(refusal(limited.pc()), path);

  nn::Graph graph = test::small_graph(2);
  graph.nodes[0].attributes["channels"] = 2;
  test::expect_contains(said(file(graph)), "the first input, the residual, must have 1 channel(s)");
  graph = test::small_graph(2);
  graph.nodes.back().attributes["channels"] = 3;
  test::expect_contains(said(file(graph)), "the output, the direction, must have 1 channel(s)");
  graph = test::small_graph(2);
  graph.nodes.insert(graph.nodes.begin() + 1, {"images", "input", {}, {{"channels", 4}}});
  test::expect_contains(said(file(graph)), "must have 3 channel(s) on grid 0, the images, or 2");
  graph.nodes.insert(graph.nodes.begin() + 1, {"more", "input", {}, {}});
  test::expect_contains(said(file(graph)), "the network has 3 inputs");
  test::expect_contains(said(file(test::small_graph(3))), "works in 3 dimensions");
  test::expect_contains(said(file(test::small_graph(2, nn::Padding::periodic))),
                        "the grid ends in direction x");
}

TEST_F(PcNeuralSolve, WrongGridsAreRefused) {
  DiffusionCase c = grid_of(2, {12, 10, 1});
  const std::string path = file(test::small_graph(2));
  c.periodic = {false, true, false};
  test::expect_contains(refusal(NeuralCase(PETSC_COMM_WORLD, c, path).pc()),
                        "the grid wraps in direction y");
  c.periodic = {true, true, false};
  const std::string wrapping = file(test::small_graph(2, nn::Padding::periodic));
  test::expect_contains(refusal(NeuralCase(PETSC_COMM_WORLD, c, wrapping).pc()),
                        "10 points in direction y");
  const core::Owned<Mat> matrix = test::natural_matrix(grid_of(2, {12, 10, 1}));
  PC pc = nullptr;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetOperators(pc, matrix.get(), matrix.get()));
  LINNET_CHECK(PCSetType(pc, PCNEURAL));
  LINNET_CHECK(krylov::PCNeuralSetModel(pc, file(test::small_graph(2)).c_str()));
  const std::string lost = refusal(pc);
  test::expect_contains(lost, "attach a DMDA");
  test::expect_contains(lost, "-pc_neural_grid nx,ny[,nz]");
  const PetscInt wrong[2] = {12, 11};
  LINNET_CHECK(krylov::PCNeuralSetGrid(pc, 2, wrong, nullptr));
  test::expect_contains(refusal(pc), "12 x 11 = 132 points, but the matrix has 120 rows");
  LINNET_CHECK(PCDestroy(&pc));
}
