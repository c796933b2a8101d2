// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Samples of nonlinear diffusion: solutions have no residual, corrections lead to them, and a
// sample depends on its number alone.
#include <linnet/nonlinear/nonlinear_samples.hpp>
#include <linnet/problems/diffusion/nonlinear_diffusion.hpp>

#include "support/usage_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace linnet;
using namespace linnet::problems;
using nonlinear::NonlinearPairs;
using nonlinear::NonlinearSampleOptions;
using nonlinear::NonlinearSamples;
using Values = std::vector<double>;

namespace {

constexpr int n = 12, cells = n * n;

NonlinearSampleOptions options_of(NonlinearLaw law, NonlinearPairs pairs) {
  NonlinearSampleOptions o;
  o.law = std::move(law);
  o.cells = n;
  o.pairs = pairs;
  o.seed = 5;
  return o;
}

std::vector<NonlinearLaw> laws() {
  return {{LawKind::reaction, Expression::parse("u^3", "u"), 2.0, 1e-3},
          {LawKind::quasilinear, Expression::parse("1/(1+max(u,0))", "u"), 2.0, 1e-3},
          {LawKind::p_laplacian, Expression(), 3.0, 0.1}};
}

/// Channel @p c of a field.
Values channel(const Values& field, int c) {
  return {field.begin() + c * cells, field.begin() + (c + 1) * cells};
}

double norm(const Values& v) {
  double sum = 0.0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

/// F(u) of the equations, which the sampler does not see.
class Equations {
public:
  Equations(const NonlinearLaw& law, const Values& log_kappa, const Values& source) {
    model_.grid.dim = 2;
    model_.grid.cells = {n, n, 1};
    cells_.reset(create_cell_dm(PETSC_COMM_SELF, model_.grid, false));
    kappa_ = vector(log_kappa);
    LINNET_CHECK(VecExp(kappa_.get()));
    source_ = vector(source);
    model_.source_field = source_.get();
    system_ = std::make_unique<DiffusionSystem>(cells_.get(), model_);
    equations_ = std::make_unique<NonlinearDiffusion>(*system_, law, kappa_.get(), nullptr);
  }
  [[nodiscard]] Values residual(const Values& u) const {
    const Owned<Vec> at = vector(u), f = vector(u);
    EXPECT_TRUE(equations_->assemble(at.get()));
    equations_->residual(at.get(), f.get());
    const PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArrayRead(f.get(), &values));
    Values result(values, values + cells);
    LINNET_CHECK(VecRestoreArrayRead(f.get(), &values));
    return result;
  }

private:
  [[nodiscard]] Owned<Vec> vector(const Values& values) const {
    Owned<Vec> v = make_cell_vector(cells_.get(), "v");
    PetscScalar* to = nullptr;
    LINNET_CHECK(VecGetArray(v.get(), &to));
    std::copy(values.begin(), values.end(), to);
    LINNET_CHECK(VecRestoreArray(v.get(), &to));
    return v;
  }
  DiffusionModel model_;
  Owned<DM> cells_;
  Owned<Vec> kappa_, source_;
  std::unique_ptr<DiffusionSystem> system_;
  std::unique_ptr<NonlinearDiffusion> equations_;
};

} // namespace

TEST(NonlinearSamples, SolutionsAndCorrectionsAreWhatTheyAre) {
  for (const NonlinearLaw& law : laws()) {
    NonlinearSamples solutions(options_of(law, NonlinearPairs::solution)),
        corrections(options_of(law, NonlinearPairs::correction));
    EXPECT_EQ(solutions.input_names(), "log coefficient,source");
    EXPECT_EQ(corrections.input_names(), "residual,log coefficient,state");
    int from_zero = 0;
    for (std::uint64_t number = 0; number < 12; ++number) {
      FieldValues s, c;
      solutions.make(number, s);
      corrections.make(number, c);
      ASSERT_EQ(s[0].size(), 2u * cells);
      ASSERT_EQ(c[0].size(), 3u * cells);
      const Values log_kappa = channel(s[0], 0), u_star = s[1], u = channel(c[0], 2);
      const Equations equations(law, log_kappa, channel(s[0], 1));
      const double load = norm(equations.residual(Values(cells, 0.0)));
      EXPECT_LE(norm(equations.residual(u_star)), 1.01 * NonlinearSamples::tolerance * load);
      EXPECT_EQ(channel(c[0], 1), log_kappa);
      const Values F = equations.residual(u);
      const double rms = norm(F) / n;
      for (std::size_t i = 0; i < cells; ++i) {
        EXPECT_NEAR(c[0][i], -F[i] / rms, 1e-9) << i;
        EXPECT_NEAR(c[1][i] * rms, u_star[i] - u[i], 1e-12 * norm(u_star)) << i;
      }
      from_zero += norm(u) == 0.0;
    }
    EXPECT_GE(from_zero, 1);
    EXPECT_LE(from_zero, 8);
  }
}

TEST(NonlinearSamples, ASampleDependsOnItsNumberAlone) {
  NonlinearSamples one(options_of(laws()[1], NonlinearPairs::correction)),
      other(options_of(laws()[1], NonlinearPairs::correction));
  FieldValues a, b;
  one.make(3, a);
  other.make(7, b);
  EXPECT_NE(a, b);
  other.make(3, b);
  EXPECT_EQ(a, b);
}

TEST(NonlinearSamples, Refusals) {
  NonlinearSampleOptions o = options_of(laws()[0], NonlinearPairs::solution);
  o.cells = 3;
  EXPECT_NE(tests::usage_error([&] { NonlinearSamples{o}; }).find("3 cells per direction; from 4"),
            std::string::npos);
  o.cells = n;
  o.strength = -1.0;
  EXPECT_NE(tests::usage_error([&] { NonlinearSamples{o}; }).find("strength of the source is -1"),
            std::string::npos);
}
