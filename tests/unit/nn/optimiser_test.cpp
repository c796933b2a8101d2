// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Adam and AdamW against the formulas written out for one value, restarts, clipping.
#include "buffers.hpp"
#include "support/usage_error.hpp"

#include <linnet/nn/training/optimiser.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

using namespace linnet;
using namespace linnet::tests;
using nn::OptimiserOptions;
using nn::OptimiserType;
using nn::ParameterLayout;
using nn::ParameterRole;

namespace {

// Blocks whose sizes are not multiples of any pack, with gaps behind each.
ParameterLayout small_layout() {
  ParameterLayout layout;
  add_block(layout, "first/weight", {7, 11}, ParameterRole::weight);
  add_block(layout, "first/bias", {7}, ParameterRole::bias);
  add_block(layout, "norm/scale", {13}, ParameterRole::scale);
  add_block(layout, "last/weight", {3, 7}, ParameterRole::weight);
  return layout;
}

OptimiserOptions options_of(OptimiserType type) {
  OptimiserOptions options;
  options.type = type;
  return options;
}

struct ScalarAdam {
  double theta, m = 0.0, v = 0.0;
  void step(double g, int t, double rate, double decay) {
    theta *= 1.0 - rate * decay;
    m = 0.9 * m + (1.0 - 0.9) * g;
    v = 0.999 * v + (1.0 - 0.999) * g * g;
    const double m_hat = m / (1.0 - std::pow(0.9, t)), v_hat = v / (1.0 - std::pow(0.999, t));
    theta -= rate * m_hat / (std::sqrt(v_hat) + 1e-8);
  }
};

// Five steps with changing gradients and rates, all values beside ScalarAdam; the largest error.
template <class T>
double error_of_five_steps(OptimiserType type, double decay) {
  const ParameterLayout layout = small_layout();
  OptimiserOptions options = options_of(type);
  options.weight_decay = decay;
  const auto optimiser = nn::make_optimiser<T>(options, layout);
  const auto start = noise<T>(layout, 0, 0.1);
  const auto parameters = buffer(layout, start);
  std::vector<ScalarAdam> expected;
  for (const T value : start) expected.push_back({static_cast<double>(value)});
  for (int t = 1; t <= 5; ++t) {
    const double rate = 1e-3 * t;
    // From 1e-9 to 1e3: epsilon matters at the small end.
    const auto g = noise<T>(layout, static_cast<std::uint64_t>(t), std::pow(10.0, 3 * t - 12));
    optimiser->step(parameters, buffer(layout, g), rate);
    for (const nn::ParameterBlock& block : layout.blocks())
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        expected[i].step(static_cast<double>(g[i]), t, rate,
                         type == OptimiserType::adamw && block.role == ParameterRole::weight ? decay
                                                                                             : 0.0);
  }
  EXPECT_EQ(optimiser->steps(), 5);
  const auto values = values_of(parameters);
  EXPECT_TRUE(has_clean_gaps(layout, values));
  double error = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i)
    error = std::max(error, std::abs(static_cast<double>(values[i]) - expected[i].theta));
  return error;
}

} // namespace

// Parameters are below 0.5 and updates below 0.02: each step rounds twice, by at most half a unit
// in the last place of 0.5, 5.6e-17.
// The penalty is a part of the gradient, and so of the moments; biases have it, too. beta1 is that
// of the step, in the correction of the bias as well.
TEST(Optimiser, AdamWithPenaltyAndMomentumOfTheStep) {
  const ParameterLayout layout = small_layout();
  OptimiserOptions options = options_of(OptimiserType::adam);
  options.l2 = 0.3;
  const auto optimiser = nn::make_optimiser<double>(options, layout);
  const auto start = noise<double>(layout, 0);
  const auto parameters = buffer(layout, start);
  std::vector<double> theta = start, m(theta.size()), v(theta.size());
  for (int t = 1; t <= 4; ++t) {
    const auto g = noise<double>(layout, static_cast<std::uint64_t>(t));
    const double beta = 0.95 - 0.02 * t;
    optimiser->set_momentum(beta);
    optimiser->step(parameters, buffer(layout, g), 1e-2);
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const double gradient = g[i] + 0.3 * theta[i];
      m[i] = beta * m[i] + (1.0 - beta) * gradient;
      v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
      theta[i] -= 1e-2 * m[i] / (1.0 - std::pow(beta, t)) /
                  (std::sqrt(v[i] / (1.0 - std::pow(0.999, t))) + 1e-8);
    }
  }
  const auto values = values_of(parameters);
  EXPECT_TRUE(has_clean_gaps(layout, values));
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], theta[i], 1e-13);
}

TEST(Adam, FiveStepsAreTheFormulas) {
  EXPECT_LT(error_of_five_steps<double>(OptimiserType::adam, 0.5), 1e-15);
}

TEST(AdamW, DecaysWeightsAlone) {
  EXPECT_LT(error_of_five_steps<double>(OptimiserType::adamw, 0.5), 1e-15);
}

// The same count in single precision, 2^29 times as coarse, and the rounding of the update itself.
TEST(Adam, SinglePrecision) {
  EXPECT_LT(error_of_five_steps<float>(OptimiserType::adam, 0.0), 5e-7);
  EXPECT_LT(error_of_five_steps<float>(OptimiserType::adamw, 0.5), 5e-7);
}

TEST(Adam, FindsTheMinimumOfAQuadratic) {
  // sum k (x_k - c_k)^2 / 2 with k from 1 to 100.
  ParameterLayout layout;
  add_block(layout, "x", {100}, ParameterRole::weight);
  const auto centre = noise<double>(layout, 3);
  const auto optimiser = nn::make_optimiser<double>(options_of(OptimiserType::adam), layout);
  const auto parameters = nn::parameter_buffer<double>(layout);
  const auto gradient = nn::parameter_buffer<double>(layout);
  std::vector<double> x = values_of(parameters), g(x.size(), 0.0);
  for (int step = 0; step < 4000; ++step) {
    for (std::size_t k = 0; k < 100; ++k) g[k] = static_cast<double>(k + 1) * (x[k] - centre[k]);
    set_values(gradient, g);
    optimiser->step(parameters, gradient, 0.05 / (1.0 + 1e-5 * step * step));
    x = values_of(parameters);
  }
  for (std::size_t k = 0; k < 100; ++k) EXPECT_NEAR(x[k], centre[k], 1e-6) << k;
}

TEST(Sgd, IsTheGradientAlone) {
  const ParameterLayout layout = small_layout();
  const auto optimiser = nn::make_optimiser<double>(options_of(OptimiserType::sgd), layout);
  const auto start = noise<double>(layout, 0), g = noise<double>(layout, 1, 0.1);
  const auto parameters = buffer(layout, start);
  optimiser->set_momentum(0.5);
  for (int t = 1; t <= 2; ++t) optimiser->step(parameters, buffer(layout, g), 0.25 * t);
  EXPECT_EQ(optimiser->steps(), 2);
  EXPECT_TRUE(optimiser->state().empty());
  const auto values = values_of(parameters);
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], start[i] - 0.75 * g[i], 1e-15);
}

TEST(Optimiser, RestartsBitByBit) {
  const ParameterLayout layout = small_layout();
  for (const auto type : {OptimiserType::adam, OptimiserType::adamw, OptimiserType::muon}) {
    const auto first = nn::make_optimiser<float>(options_of(type), layout);
    const auto second = nn::make_optimiser<float>(options_of(type), layout);
    const auto parameters = buffer(layout, noise<float>(layout, 0));
    const auto gradient = [&](std::uint64_t t) { return buffer(layout, noise<float>(layout, t)); };
    for (std::uint64_t t = 1; t <= 3; ++t) first->step(parameters, gradient(t), 1e-2);
    const auto continued = buffer(layout, values_of(parameters));
    const auto from = first->state(), to = second->state();
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
      EXPECT_EQ(from[k].first, to[k].first);
      Kokkos::deep_copy(to[k].second, from[k].second);
    }
    second->set_steps(first->steps());
    for (std::uint64_t t = 4; t <= 6; ++t) {
      first->step(parameters, gradient(t), 1e-2);
      second->step(continued, gradient(t), 1e-2);
    }
    EXPECT_EQ(values_of(parameters), values_of(continued));
  }
}

TEST(Optimiser, RefusesWhatMakesNoSense) {
  const ParameterLayout layout = small_layout();
  const auto refusal = [&](const OptimiserOptions& o) {
    return usage_error([&] { nn::make_optimiser<double>(o, layout); });
  };
  OptimiserOptions options;
  options.beta1 = 1.0;
  EXPECT_EQ(refusal(options), "optimiser: beta1 is 1.000000; give 0 or more and less than 1");
  options = {}, options.beta2 = -0.1;
  EXPECT_NE(refusal(options), "no error");
  options = {}, options.epsilon = 0.0;
  EXPECT_NE(refusal(options), "no error");
  options = {}, options.momentum = 1.5;
  EXPECT_NE(refusal(options), "no error");
  options = {}, options.weight_decay = -1.0;
  EXPECT_NE(refusal(options), "no error");
  const kernels::Array<double> other = kernels::zeros<double>("linnet::tests::other", 3);
  for (const auto type :
       {OptimiserType::adam, OptimiserType::adamw, OptimiserType::muon, OptimiserType::sgd})
    EXPECT_NE(usage_error([&] {
                nn::make_optimiser<double>(options_of(type), layout)->step(other, other, 1.0);
              }),
              "no error");
}

TEST(ClipByNorm, ShortensLongGradientsAlone) {
  ParameterLayout layout;
  add_block(layout, "large", {100, 123}, ParameterRole::weight);
  add_block(layout, "small", {5}, ParameterRole::bias);
  const auto g = noise<float>(layout, 1, 100.0);
  double square = 0.0;
  for (const float v : g) square += static_cast<double>(v) * static_cast<double>(v);
  const double norm = std::sqrt(square);
  const auto gradient = buffer(layout, g);
  // 12305 squares of equal sign in any order: at most 12305 units of 1.1e-16, half that in a root.
  EXPECT_NEAR(nn::clip_by_norm(gradient, 2.0 * norm), norm, 1e-12 * norm);
  EXPECT_EQ(values_of(gradient), g);
  EXPECT_EQ(nn::clip_by_norm(gradient, std::numeric_limits<double>::infinity()),
            nn::clip_by_norm(gradient, 2.0 * norm));
  EXPECT_NEAR(nn::clip_by_norm(gradient, 0.5), norm, 1e-12 * norm);
  const auto clipped = values_of(gradient);
  for (std::size_t i = 0; i < g.size(); ++i)
    EXPECT_FLOAT_EQ(clipped[i], static_cast<float>(static_cast<double>(g[i]) * 0.5 / norm));
}

TEST(ClipByNorm, LeavesWhatIsNotFinite) {
  ParameterLayout layout;
  add_block(layout, "x", {3}, ParameterRole::weight);
  std::vector<double> g(layout.size(), 0.0);
  g[0] = 5.0, g[1] = std::numeric_limits<double>::infinity();
  const auto gradient = buffer(layout, g);
  EXPECT_TRUE(std::isinf(nn::clip_by_norm(gradient, 1.0)));
  EXPECT_EQ(values_of(gradient), g);
  EXPECT_NE(usage_error([&] { nn::clip_by_norm(gradient, 0.0); }), "no error");
}
