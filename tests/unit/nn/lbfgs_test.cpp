// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// L-BFGS on Rosenbrock's function, under options, and when the objective fails.
#include "buffers.hpp"

#include <linnet/core/petsc.hpp>
#include <linnet/nn/training/lbfgs.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace linnet;
using nn::LbfgsOptions;
using nn::LbfgsResult;

namespace {

/// sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2, minimum 0 at ones.
double rosenbrock(std::span<const double> x, std::span<double> g) {
  double value = 0.0;
  std::fill(g.begin(), g.end(), 0.0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
    value += 100.0 * a * a + b * b;
    g[i] += -400.0 * a * x[i] - 2.0 * b;
    g[i + 1] += 200.0 * a;
  }
  return value;
}

/// sum k (x_k - 1)^2 / 2 + (x_k - 1)^4 / 4: condition n at the minimum.
double stretched(std::span<const double> x, std::span<double> g) {
  double value = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double weight = static_cast<double>(k + 1), d = x[k] - 1.0;
    value += 0.5 * weight * d * d + 0.25 * std::pow(d, 4);
    g[k] = weight * d + std::pow(d, 3);
  }
  return value;
}

struct Option {
  const char* name;
  Option(const char* option, const char* value) : name(option) {
    LINNET_CHECK(PetscOptionsSetValue(nullptr, name, value));
  }
  ~Option() { static_cast<void>(PetscOptionsClearValue(nullptr, name)); }
  Option(const Option&) = delete;
  Option& operator=(const Option&) = delete;
  Option(Option&&) = delete;
  Option& operator=(Option&&) = delete;
};

int iterations_of_stretched(const LbfgsOptions& options) {
  std::vector<double> x(60, 0.0);
  const LbfgsResult result = nn::minimise(stretched, x, options);
  EXPECT_TRUE(result.converged) << result.reason;
  return result.iterations;
}

bool is_set(const char* name) {
  PetscBool found = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &found));
  return found == PETSC_TRUE;
}

} // namespace

// A gradient of 1e-10 puts x within 1e-10 over the smallest eigenvalue of the Hessian at ones,
// which is 0.4 or more in up to ten dimensions.
TEST(Lbfgs, FindsTheMinimumOfRosenbrock) {
  for (const std::size_t n : {2u, 10u}) {
    std::vector<double> x(n, -1.2);
    LbfgsOptions options;
    options.absolute_tolerance = 1e-10;
    const LbfgsResult result = nn::minimise(rosenbrock, x, options);
    EXPECT_TRUE(result.converged);
    EXPECT_EQ(result.reason, "CONVERGED_GATOL");
    EXPECT_LE(result.gradient_norm, 1e-10);
    EXPECT_LT(result.value, 1e-18);
    EXPECT_GT(result.iterations, 5);
    for (const double v : x) EXPECT_NEAR(v, 1.0, 1e-8);
  }
}

TEST(Lbfgs, StopsAtItsLimit) {
  std::vector<double> x(2, -1.2), g(2);
  const double before = rosenbrock(x, g);
  LbfgsOptions options;
  options.iterations = 3;
  const LbfgsResult result = nn::minimise(rosenbrock, x, options);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.iterations, 3);
  EXPECT_EQ(result.reason, "DIVERGED_MAXITS");
  EXPECT_LT(result.value, before);
  EXPECT_EQ(result.value, rosenbrock(x, g)); // x is the point of the value
}

TEST(Lbfgs, OptionsComeFirst) {
  const Option limit("-train_tao_max_it", "2");
  std::vector<double> x(2, -1.2);
  EXPECT_EQ(nn::minimise(rosenbrock, x, {}).iterations, 2);
  LbfgsOptions other;
  other.prefix = "tune_";
  x.assign(2, -1.2);
  EXPECT_GT(nn::minimise(rosenbrock, x, other).iterations, 2);
}

TEST(Lbfgs, TypeBlmvm) {
  const Option type("-train_tao_type", "blmvm");
  std::vector<double> x(2, -1.2);
  LbfgsOptions options;
  options.absolute_tolerance = 1e-10;
  EXPECT_TRUE(nn::minimise(rosenbrock, x, options).converged);
  EXPECT_NEAR(x[1], 1.0, 1e-8);
}

// For condition 60: conjugate gradients, which a long history comes close to, would take
// sqrt(60)/2 log(2/1e-10) = 92 iterations at most.
TEST(Lbfgs, LongerHistoriesNeedFewerIterations) {
  LbfgsOptions few, many;
  few.pairs = 1, many.pairs = 40;
  const int with_few = iterations_of_stretched(few), with_many = iterations_of_stretched(many);
  EXPECT_LT(with_many, 92);
  EXPECT_LT(with_many, with_few - 10);
  EXPECT_FALSE(is_set("-tao_lmvm_mat_lmvm_hist_size")); // nothing left behind
  EXPECT_FALSE(is_set("-train_tao_lmvm_mat_lmvm_scale_type"));
  const Option length("-train_tao_lmvm_mat_lmvm_hist_size", "1");
  EXPECT_EQ(iterations_of_stretched(many), with_few);
  EXPECT_TRUE(is_set("-train_tao_lmvm_mat_lmvm_hist_size"));
}

TEST(Lbfgs, HistoriesOfBlmvm) {
  const Option type("-train_tao_type", "blmvm");
  LbfgsOptions few, many;
  few.pairs = 1, many.pairs = 40;
  EXPECT_LT(iterations_of_stretched(many), iterations_of_stretched(few) - 10);
}

// Every rank adds its own terms, and all of them take the same steps.
TEST(Lbfgs, ObjectivesMayCommunicate) {
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const auto ranks = static_cast<std::size_t>(size), mine = static_cast<std::size_t>(rank);
  const nn::Objective shared = [&](std::span<const double> x, std::span<double> g) {
    std::vector<double> sums(x.size() + 1, 0.0);
    for (std::size_t k = mine; k < x.size(); k += ranks) {
      sums[k] = static_cast<double>(k + 1) * (x[k] - 1.0);
      sums.back() += 0.5 * sums[k] * (x[k] - 1.0);
    }
    MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM,
                  MPI_COMM_WORLD);
    std::copy_n(sums.begin(), g.size(), g.begin());
    return sums.back();
  };
  std::vector<double> x(20, 0.0);
  EXPECT_TRUE(nn::minimise(shared, x, {}).converged);
  for (const double v : x) EXPECT_NEAR(v, 1.0, 1e-8);
}

TEST(Lbfgs, ErrorsOfTheObjectiveComeOut) {
  std::vector<double> x(2, -1.2);
  int calls = 0;
  const nn::Objective failing = [&](std::span<const double> at, std::span<double> g) {
    if (++calls == 4) throw std::domain_error("no loss here");
    return rosenbrock(at, g);
  };
  EXPECT_THROW(nn::minimise(failing, x, {}), std::domain_error);
  const nn::Objective undefined = [](std::span<const double>, std::span<double> g) {
    std::fill(g.begin(), g.end(), 0.0);
    return std::nan("");
  };
  EXPECT_THROW(nn::minimise(undefined, x, {}), core::Error);
}

namespace {

/// (x - 2.9)^2 - log(3 - x) / 1000, without a value from x = 3 on.
double bounded(std::span<const double> x, std::span<double> g) {
  g[0] = 2.0 * (x[0] - 2.9) + 1e-3 / (3.0 - x[0]);
  if (x[0] >= 3.0) return std::nan("");
  return (x[0] - 2.9) * (x[0] - 2.9) - 1e-3 * std::log(3.0 - x[0]);
}

} // namespace

// The first step, as long as the value is large, lands beyond 3.
TEST(Lbfgs, ValuesThatAreNotFiniteEndALineSearch) {
  std::vector<double> x = {-5.0};
  const LbfgsResult stopped = nn::minimise(bounded, x, {});
  EXPECT_EQ(stopped.reason, "DIVERGED_LS_FAILURE");
  EXPECT_EQ(x[0], -5.0);
  const Option backtracking("-train_tao_ls_type", "armijo");
  const LbfgsResult result = nn::minimise(bounded, x, {});
  EXPECT_TRUE(result.converged) << result.reason;
  // 2 (x - 2.9) (3 - x) + 1e-3 = 0: x = 2.95 - sqrt(0.0025 + 0.0005); curvature above 2.
  EXPECT_NEAR(x[0], 2.95 - std::sqrt(0.003), 1e-8);
}

namespace {

/// A least squares fit with a gap in the layout, whose gradient is zero there.
template <class T>
void fit(double tolerance) {
  nn::ParameterLayout layout;
  tests::add_block(layout, "a", {5}, nn::ParameterRole::weight);
  tests::add_block(layout, "b", {3}, nn::ParameterRole::bias);
  const auto centre = tests::noise<T>(layout, 4);
  const nn::ParameterObjective<T> objective = [&](const kernels::Array<T>& parameters,
                                                  const kernels::Array<T>& gradient) {
    const auto x = tests::values_of(parameters);
    std::vector<T> g(x.size(), T(0));
    double value = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T weight = static_cast<T>(1 + i);
      g[i] = weight * (x[i] - centre[i]);
      value += 0.5 * static_cast<double>(g[i] * (x[i] - centre[i]));
    }
    tests::set_values(gradient, g);
    return value;
  };
  const auto parameters = nn::parameter_buffer<T>(layout);
  LbfgsOptions options;
  options.absolute_tolerance = tolerance;
  const LbfgsResult result = nn::minimise<T>(objective, parameters, options);
  EXPECT_TRUE(result.converged) << result.reason;
  const auto values = tests::values_of(parameters);
  EXPECT_TRUE(tests::has_clean_gaps(layout, values));
  // The smallest curvature is 1, so that the error is below the gradient.
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(static_cast<double>(values[i]), static_cast<double>(centre[i]), tolerance);
}

} // namespace

TEST(Lbfgs, ParametersInDoublePrecision) { fit<double>(1e-9); }
TEST(Lbfgs, ParametersInSinglePrecision) { fit<float>(1e-4); }

// The method of Nelder and Mead tries points after its best one.
TEST(Lbfgs, ParametersAreThoseOfTheResult) {
  const Option type("-train_tao_type", "nm"), limit("-train_tao_max_it", "7");
  nn::ParameterLayout layout;
  tests::add_block(layout, "x", {16}, nn::ParameterRole::weight);
  const nn::ParameterObjective<double> objective = [](const kernels::Array<double>& parameters,
                                                      const kernels::Array<double>& gradient) {
    std::vector<double> g(gradient.extent(0));
    const double value = stretched(tests::values_of(parameters), g);
    tests::set_values(gradient, g);
    return value;
  };
  const auto parameters = nn::parameter_buffer<double>(layout);
  const LbfgsResult result = nn::minimise<double>(objective, parameters, {});
  std::vector<double> g(layout.size());
  EXPECT_EQ(stretched(tests::values_of(parameters), g), result.value);
}
