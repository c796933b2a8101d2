// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The initial guess of an operator network: the multiple of its prediction that is best for the
// right-hand side, on any number of ranks, made anew for a new coefficient, and what is refused.
#include "neural_case.hpp"

#include "support/petsc_messages.hpp"

#include <linnet/krylov/guess_operator.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using linnet::test::DiffusionCase;
using linnet::test::NeuralCase;
using Values = std::vector<double>;

namespace {

constexpr int nx = 13, ny = 10;

DiffusionCase make_case() {
  DiffusionCase c;
  c.dimension = 2;
  c.points = {nx, ny, 1};
  c.kappa = [](int i, int j, int) { return 1.0 + ((3 * i + 5 * j) % 7 < 3 ? 4.0 : 0.0); };
  return c;
}

Values coefficients(const DiffusionCase& c) {
  Values values;
  for (int j = 0; j < ny; ++j)
    for (int i = 0; i < nx; ++i) values.push_back(c.kappa(i, j, 0));
  return values;
}

/// Three points by three of the coefficient, between normalisations.
nn::Model small_operator(float weight) {
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}}, {"y", "conv", {"x"}, {{"channels", 1}, {"bias", 0}}}};
  graph.output = "y";
  nn::Model model;
  model.graph = nn::resolve(graph, "test");
  model.parameters = nn::parameter_buffer<float>(model.graph.parameters);
  for (std::size_t i = 0; i < 9; ++i) model.parameters(i) = weight * static_cast<float>(i + 1);
  model.normalisation.input =
      nn::Normaliser(nn::NormaliserKind::channel, 1, {1, 1, 1}, {2.0}, {1.5});
  model.normalisation.output =
      nn::Normaliser(nn::NormaliserKind::channel, 1, {1, 1, 1}, {0.0}, {0.25});
  return model;
}

/// What the network makes of @p kappa, by the definition.
Values prediction(const Values& kappa) {
  Values u;
  for (int j = 0; j < ny; ++j)
    for (int i = 0; i < nx; ++i) {
      double sum = 0.0;
      for (int b = -1; b <= 1; ++b)
        for (int a = -1; a <= 1; ++a) {
          const int x = i + a, y = j + b;
          if (x < 0 || y < 0 || x >= nx || y >= ny) continue;
          const double encoded = (kappa[static_cast<std::size_t>(x + nx * y)] - 2.0) / (1.5 + 1e-5);
          sum += 0.1 * (3 * (b + 1) + a + 2) * encoded;
        }
      u.push_back(sum * (0.25 + 1e-5));
    }
  return u;
}

class GuessOperator : public testing::Test {
protected:
  std::string file(const nn::Model& model) {
    const std::string path = scratch_ / ("m" + std::to_string(count_++) + ".h5");
    nn::save_model(PETSC_COMM_WORLD, path, model);
    return path;
  }
  core::Owned<KSP> solver(const NeuralCase& problem, const std::string& path) {
    KSP ksp = nullptr;
    PC pc = nullptr;
    KSPGuess guess = nullptr;
    LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
    core::Owned<KSP> owner(ksp);
    LINNET_CHECK(KSPSetOperators(ksp, problem.matrix(), problem.matrix()));
    LINNET_CHECK(KSPGetPC(ksp, &pc));
    LINNET_CHECK(PCSetDM(pc, problem.da()));
    LINNET_CHECK(PCSetType(pc, PCJACOBI));
    LINNET_CHECK(KSPGetGuess(ksp, &guess));
    LINNET_CHECK(KSPGuessSetType(guess, KSPGUESSOPERATOR));
    LINNET_CHECK(krylov::KSPGuessOperatorSetModel(guess, path.c_str()));
    return owner;
  }
  static void set_coefficient(const NeuralCase& problem, Vec v) {
    LINNET_CHECK(PetscObjectCompose(reinterpret_cast<PetscObject>(problem.matrix()),
                                    krylov::coefficient_key, reinterpret_cast<PetscObject>(v)));
  }
  static Values guess_of(KSP ksp, const NeuralCase& problem, Vec b) {
    KSPGuess guess = nullptr;
    Vec x = nullptr;
    LINNET_CHECK(VecDuplicate(b, &x));
    const core::Owned<Vec> owner(x);
    LINNET_CHECK(VecSet(x, 7.0));
    LINNET_CHECK(KSPGetGuess(ksp, &guess));
    LINNET_CHECK(KSPGuessFormGuess(guess, b, x));
    return problem.natural(x);
  }
  static double dot(Vec x, Vec y) {
    PetscScalar value = 0.0;
    LINNET_CHECK(VecDot(x, y, &value));
    return value;
  }

  linnet::test::Scratch scratch_;

private:
  int count_ = 0;
};

} // namespace

TEST_F(GuessOperator, IsTheBestMultipleOfThePrediction) {
  const DiffusionCase c = make_case();
  const NeuralCase problem(PETSC_COMM_WORLD, c, file(small_operator(0.1F)));
  const auto ksp = solver(problem, file(small_operator(0.1F)));
  Values kappa = coefficients(c);
  const auto coefficient = problem.vector(kappa);
  set_coefficient(problem, coefficient.get());
  const auto b = problem.vector(test::exact_values(c.points, 3));
  for (const bool definite : {true, false}) {
    LINNET_CHECK(MatSetOption(problem.matrix(), MAT_SPD, definite ? PETSC_TRUE : PETSC_FALSE));
    for (int change = 0; change < 2; ++change) {
      const Values u = prediction(kappa);
      const auto p = problem.vector(u), image = problem.vector(u);
      LINNET_CHECK(MatMult(problem.matrix(), p.get(), image.get()));
      const Vec test = definite ? p.get() : image.get();
      const double factor = dot(b.get(), test) / dot(image.get(), test);
      const Values x = guess_of(ksp.get(), problem, b.get());
      for (std::size_t i = 0; i < x.size(); ++i)
        EXPECT_NEAR(x[i], factor * u[i], 2e-6 * std::abs(factor)) << i; // single precision
      // Another coefficient in the same Vec.
      for (double& k : kappa) k = 6.0 - k;
      const auto other = problem.vector(kappa);
      LINNET_CHECK(VecCopy(other.get(), coefficient.get()));
    }
  }
}

TEST_F(GuessOperator, ServesASolve) {
  const DiffusionCase c = make_case();
  const std::string path = file(small_operator(0.1F));
  const NeuralCase problem(PETSC_COMM_WORLD, c, path);
  const auto ksp = solver(problem, path);
  const auto coefficient = problem.vector(coefficients(c));
  set_coefficient(problem, coefficient.get());
  const auto b = problem.vector(test::exact_values(c.points, 3)), x = problem.vector(Values(130)),
             r = problem.vector(Values(130));
  LINNET_CHECK(KSPSetType(ksp.get(), KSPCG));
  LINNET_CHECK(KSPSetTolerances(ksp.get(), 1e-10, 1e-300, PETSC_DEFAULT, 1000));
  LINNET_CHECK(KSPSolve(ksp.get(), b.get(), x.get()));
  LINNET_CHECK(MatMult(problem.matrix(), x.get(), r.get()));
  LINNET_CHECK(VecAXPY(r.get(), -1.0, b.get()));
  EXPECT_LE(std::sqrt(dot(r.get(), r.get()) / dot(b.get(), b.get())), 1e-8);
}

TEST_F(GuessOperator, APredictionOfNothingIsAGuessOfZero) {
  const DiffusionCase c = make_case();
  const std::string path = file(small_operator(0.0F));
  const NeuralCase problem(PETSC_COMM_WORLD, c, path);
  const auto ksp = solver(problem, path);
  const auto coefficient = problem.vector(coefficients(c));
  set_coefficient(problem, coefficient.get());
  const auto b = problem.vector(test::exact_values(c.points, 3));
  EXPECT_EQ(guess_of(ksp.get(), problem, b.get()), Values(130, 0.0));
}

TEST_F(GuessOperator, Refusals) {
  const DiffusionCase c = make_case();
  const std::string path = file(small_operator(0.1F));
  const NeuralCase problem(PETSC_COMM_WORLD, c, path);
  const auto b = problem.vector(test::exact_values(c.points, 3)), x = problem.vector(Values(130));
  const auto said = [&](const std::string& model) {
    const auto ksp = solver(problem, model);
    KSPGuess guess = nullptr;
    LINNET_CHECK(KSPGetGuess(ksp.get(), &guess));
    const test::Messages messages;
    return KSPGuessFormGuess(guess, b.get(), x.get()) ? messages.text() : "accepted";
  };
  test::expect_contains(said(path), "the matrix carries no coefficient");
  const auto coefficient = problem.vector(coefficients(c));
  set_coefficient(problem, coefficient.get());
  test::expect_contains(said(""), "name its file with -ksp_guess_operator_model FILE.h5");
  test::expect_contains(said(scratch_ / "none.h5"), "none.h5");
  test::expect_contains(said(file(test::random_model(test::small_graph(3)))),
                        "works in 3 dimensions, and the grid has 2");
}
