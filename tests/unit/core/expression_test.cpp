// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/core/expression.hpp>

#include <gtest/gtest.h>

#include <cmath>

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

// To the last bit: a restarted run must not depend on when parts were turned into numbers.
TEST(Expression, HasTheSameValuesAtOneTime) {
  for (const char* text :
       {"1+50*exp(-((x-0.5-0.25*cos(2*pi*t))^2+(y-0.5-0.25*sin(2*pi*t))^2+(z-0.5)^2)/0.01)", "t",
        "-t^2*x", "min(t,x)+max(2*t,3)-step(t-1)/y", "2^t^2", "-(x-t)^3+abs(-t)", "x"}) {
    const Expression e = Expression::parse(text);
    for (const double t : {0.0, 0.37, 1.5})
      for (const Real3& p : {Real3{0.3, 0.7, -0.2}, Real3{-1.1, 0.2, 5.0}})
        EXPECT_EQ(e.at_time(t)(p), e(p, t)) << text;
    EXPECT_FALSE(e.at_time(1.0).depends_on_time()) << text;
  }
  EXPECT_TRUE(Expression::parse("cos(2*pi*t)+t^3").at_time(0.3).is_constant());
  EXPECT_FALSE(Expression::parse("x*t").at_time(0.3).is_constant());
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
