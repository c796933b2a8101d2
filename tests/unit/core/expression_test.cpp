// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/core/expression.hpp>
#include <linnet/core/space_time_function.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <span>
#include <vector>

namespace {

using linnet::core::Expression;
using linnet::core::Jet;
using linnet::core::Real3;

double value(const std::string& text, Real3 p = {0.3, 0.7, -0.2}, double t = 1.5) {
  return Expression::parse(text)(p, t);
}

TEST(Expression, FollowsTheRulesOfArithmetic) {
  EXPECT_DOUBLE_EQ(value("1 + 2*3 - 4/8"), 6.5);
  EXPECT_DOUBLE_EQ(value("-2^2"), -4.0);
  EXPECT_DOUBLE_EQ(value("2^3^2"), 512.0);
  EXPECT_DOUBLE_EQ(value("2^-1"), 0.5);
  EXPECT_DOUBLE_EQ(value("x^2+y^3", {-0.3, -0.7, 0}), 0.09 - 0.343);
  EXPECT_DOUBLE_EQ(value("10-4-3"), 3.0);
  EXPECT_DOUBLE_EQ(value("64/4/2"), 8.0);
  EXPECT_DOUBLE_EQ(value("(1+2)*(3-1.5e0)"), 4.5);
  EXPECT_DOUBLE_EQ(value("--3"), 3.0);
}

TEST(Expression, KnowsItsNames) {
  EXPECT_DOUBLE_EQ(value("x+10*y+100*z+1000*t"), 0.3 + 7.0 - 20.0 + 1500.0);
  EXPECT_DOUBLE_EQ(value("sin(pi*x)"), std::sin(M_PI * 0.3));
  EXPECT_DOUBLE_EQ(value("cos(x)+exp(y)+log(y)+sqrt(y)+tanh(z)+abs(z)"),
                   std::cos(0.3) + std::exp(0.7) + std::log(0.7) + std::sqrt(0.7) +
                       std::tanh(-0.2) + 0.2);
  EXPECT_DOUBLE_EQ(value("step(x)+10*step(z)+min(x,y)+10*max(x,y)"), 1.0 + 0.3 + 7.0);
}

TEST(Expression, KnowsWhatItDependsOn) {
  EXPECT_TRUE(Expression::parse("2*pi").is_constant());
  EXPECT_FALSE(Expression::parse("2*z").is_constant());
  EXPECT_TRUE(Expression::parse("sin(t)").depends_on_time());
  EXPECT_FALSE(Expression::parse("sin(x)").depends_on_time());
}

// To the last bit: results must not depend on how a grid is cut. Rows are longer than what is
// evaluated at once, and end within it.
TEST(Expression, HasTheSameValuesAlongRows) {
  std::vector<double> x, values;
  for (int i = 0; i < 2 * Expression::row_length + 5; ++i) x.push_back(0.37 * i - 20.0);
  for (const char* text :
       {"1+50*exp(-((x-0.5-0.25*cos(2*pi*t))^2+(y-0.5-0.25*sin(2*pi*t))^2+(z-0.5)^2)/10)", "t", "x",
        "-t^2*x", "min(t,x)+max(2*t,3)-step(t-1)/y", "2^t^2", "-(x-t)^3+abs(-t)", "x-y/(x-z)",
        "min(x,0)-max(y,x)+step(x)*step(y)", "sin(x)*cos(y)+tanh(x)-x^1.5*log(abs(x))+sqrt(x^2)",
        "(t-x)*(x-t)/(2-t)", "2^x+x^x"}) {
    const Expression e = Expression::parse(text);
    for (const std::size_t count : {std::size_t{1}, std::size_t{64}, x.size()}) {
      values.assign(count, -7.0);
      e.along_x(std::span(x).first(count), 0.7, -0.2, 0.37, values);
      for (std::size_t i = 0; i < count; ++i) {
        const double expected = e({x[i], 0.7, -0.2}, 0.37);
        EXPECT_TRUE(std::isnan(expected) ? std::isnan(values[i])
                                         : std::bit_cast<std::uint64_t>(values[i]) ==
                                               std::bit_cast<std::uint64_t>(expected))
            << text << " at " << x[i] << ": " << values[i] << " and " << expected;
      }
    }
  }
}

TEST(SpaceTimeFunction, IsAnExpressionOrACallable) {
  using linnet::core::SpaceTimeFunction;
  const SpaceTimeFunction zero,
      expression = Expression::parse("x*y+t+z"),
      callable = [](const Real3&p, double t) { return p[0] * p[1] + t + p[2]; };
  EXPECT_EQ(zero({1, 2, 3}, 4), 0.0);
  const std::vector<double> x{1.0, -2.0, 0.5};
  for (const SpaceTimeFunction& f : {expression, callable}) {
    std::vector<double> values(3);
    f.along_x(x, 3.0, 0.5, 7.0, values);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(values[i], x[i] * 3.0 + 7.0 + 0.5);
      EXPECT_EQ(f({x[i], 3.0, 0.5}, 7.0), values[i]);
    }
  }
}

TEST(Expression, NamesTheFault) {
  for (const auto& [text, what] : {std::pair{"1+", "missing at the end"},
                                   {"sin(q)", "unknown name 'q'"},
                                   {"(1", "')' is"},
                                   {"1 2", "unexpected '2'"},
                                   {"min(1)", "second argument"},
                                   {"", "missing at the end"},
                                   {"$", "a number"},
                                   {"sin x", "'(' is"}}) {
    try {
      Expression::parse(text);
      ADD_FAILURE() << text << " was accepted";
    } catch (const linnet::core::Error& error) {
      EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
      EXPECT_EQ(error.code(), linnet::core::ExitCode::usage);
    }
  }
  EXPECT_THROW(Expression::parse(std::string(100000, '(')), linnet::core::Error);
  EXPECT_THROW(Expression::parse(std::string(100000, '-') + std::string(1000, '^')),
               linnet::core::Error);
}

TEST(Expression, DerivativesMatchDifferences) {
  const Real3 p{0.4, 0.8, 0.6};
  const double t = 0.9, h = 1e-4;
  for (const char* text :
       {"x^2*y^3/z+t", "sin(x*y)*cos(z)+exp(x-z*t)", "log(x+y)*sqrt(z)+tanh(x*z)", "abs(x-y)*z^x",
        "max(x,y)*min(y,z)*t^2", "(x+y)^-2*(1+x^0.5)"}) {
    const Expression e = Expression::parse(text);
    const Jet jet = e.jet(p, t);
    EXPECT_NEAR(jet.value, e(p, t), 1e-14);
    const auto shifted = [&](int a, double ha, int b, double hb) {
      Real3 q = p;
      q[a] += ha, q[b] += hb;
      return e(q, t);
    };
    for (int a = 0; a < 3; ++a) {
      EXPECT_NEAR(jet.gradient[a], (shifted(a, h, a, 0) - shifted(a, -h, a, 0)) / (2 * h), 1e-6)
          << text;
      for (int b = 0; b < 3; ++b)
        EXPECT_NEAR(jet.hessian[a][b],
                    (shifted(a, h, b, h) - shifted(a, h, b, -h) - shifted(a, -h, b, h) +
                     shifted(a, -h, b, -h)) /
                        (4 * h * h),
                    2e-5)
            << text;
    }
    EXPECT_NEAR(jet.gradient[3], (e(p, t + h) - e(p, t - h)) / (2 * h), 1e-6) << text;
  }
}

} // namespace
