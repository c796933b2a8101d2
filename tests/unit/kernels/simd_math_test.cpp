// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Elementary functions of packs: errors against the next wider type, special values, and the same
// bits whatever the width.
#include <linnet/kernels/simd_math.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace linnet::kernels;

namespace {

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T>
constexpr T nan = std::numeric_limits<T>::quiet_NaN();

// Each function with its formula in a wider type R and the largest errors in ULP: those measured
// over all floats and 4e6 doubles, with or without FMA whichever is larger, and a tenth more.
struct Exp {
  static constexpr double float_bound = 0.89, double_bound = 0.89;
  template <int W, class T>
  static Pack<T, W> pack(const Pack<T, W>& x) {
    return exp<W, T>(x);
  }
  template <class R>
  static R formula(R x) {
    return std::exp(x);
  }
};
struct Tanh {
  static constexpr double float_bound = 2.9, double_bound = 2.9;
  template <int W, class T>
  static Pack<T, W> pack(const Pack<T, W>& x) {
    return tanh<W, T>(x);
  }
  template <class R>
  static R formula(R x) {
    return std::tanh(x);
  }
};
struct Erf {
  static constexpr double float_bound = 1.45, double_bound = 1.48;
  template <int W, class T>
  static Pack<T, W> pack(const Pack<T, W>& x) {
    return erf<W, T>(x);
  }
  template <class R>
  static R formula(R x) {
    return std::erf(x);
  }
};
struct Softplus {
  static constexpr double float_bound = 2.1, double_bound = 2.4;
  template <int W, class T>
  static Pack<T, W> pack(const Pack<T, W>& x) {
    return softplus<W, T>(x);
  }
  template <class R>
  static R formula(R x) {
    return (x > 0 ? x : R(0)) + std::log1p(std::exp(-std::fabs(x)));
  }
};
// Its argument, a value of softplus, is not negative.
struct SoftplusSlope {
  static constexpr double float_bound = 1.18, double_bound = 1.3;
  template <int W, class T>
  static Pack<T, W> pack(const Pack<T, W>& x) {
    return softplus_slope<W, T>(abs<W, T>(x));
  }
  template <class R>
  static R formula(R x) {
    return -std::expm1(-std::fabs(x));
  }
};

/// |value - exact| in units in the last place of a T at exact, denormal ones included.
template <class T, class R>
double error_in_ulp(T value, R exact) {
  if (std::isinf(static_cast<T>(exact)) || std::isnan(exact) || !std::isfinite(value))
    return value == static_cast<T>(exact) || (std::isnan(value) && std::isnan(exact)) ? 0 : 1e300;
  using Limits = std::numeric_limits<T>;
  int exponent = 0;
  if (exact != 0) std::frexp(exact, &exponent);
  exponent = exact == 0 ? Limits::min_exponent : std::max(exponent, Limits::min_exponent);
  return static_cast<double>(
      std::ldexp(std::fabs(static_cast<R>(value) - exact), Limits::digits - exponent));
}

/// The largest error over a batch of arguments, and where.
template <class T>
struct Worst {
  double ulp = 0;
  T x = 0;
  void take(double error, T at) {
    if (error > ulp) ulp = error, x = at;
  }
};

template <class Function, class R, int W, class T>
void compare(const T* x, Worst<T>& worst) {
  T y[W];
  store<W, T>(y, Function::template pack<W, T>(load<W>(x)));
  for (int l = 0; l < W; ++l)
    worst.take(error_in_ulp<T, R>(y[l], Function::formula(static_cast<R>(x[l]))), x[l]);
}

/// Every @p step-th float, NaNs and infinities included.
template <class Function>
void sweep_floats(std::uint64_t step) {
  constexpr int width = 16;
  constexpr std::uint64_t end = std::uint64_t{1} << 32;
  Worst<float> worst;
  for (std::uint64_t first = 0; first < end; first += width * step) {
    float x[width];
    for (int l = 0; l < width; ++l)
      x[l] = std::bit_cast<float>(static_cast<std::uint32_t>(first + std::uint64_t(l) * step));
    compare<Function, double, width>(x, worst);
  }
  EXPECT_LT(worst.ulp, Function::float_bound) << "at x = " << worst.x;
}

/// Doubles spread evenly over ranges where a function does different things, and over exponents.
template <class Function>
void sample_doubles(int packs) {
  static_assert(std::numeric_limits<long double>::digits > 60, "no wider type to compare with");
  constexpr int width = 8;
  const double ranges[] = {1, 3, 7, 25, 40, 760};
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Worst<double> worst;
  for (int pack = 0; pack < packs; ++pack) {
    double x[width];
    for (int l = 0; l < 6; ++l) x[l] = ranges[l] * uniform(random);
    x[6] = std::ldexp(uniform(random), -static_cast<int>(random() % 60));
    x[7] = std::ldexp(uniform(random), -static_cast<int>(random() % 1070));
    compare<Function, long double, width>(x, worst);
  }
  EXPECT_LT(worst.ulp, Function::double_bound) << "at x = " << worst.x;
}

template <class Function, int W, class T>
void compare_width(const std::vector<T>& x, const std::vector<T>& expected) {
  for (std::size_t i = 0; i + W <= x.size(); i += W) {
    T y[W];
    store<W, T>(y, Function::template pack<W, T>(load<W>(x.data() + i)));
    for (int l = 0; l < W; ++l)
      ASSERT_EQ(std::bit_cast<detail::Bits<T>>(y[l]),
                std::bit_cast<detail::Bits<T>>(expected[i + std::size_t(l)]))
          << "width " << W << ", x = " << x[i + std::size_t(l)];
  }
}

template <class Function, class T>
void compare_widths() {
  std::mt19937_64 random(9);
  std::normal_distribution<double> normal(0, 4);
  std::vector<T> x(1 << 16);
  for (T& value : x) value = static_cast<T>(normal(random));
  std::vector<T> y;
  for (const T value : x) y.push_back(Function::template pack<1, T>(value));
  compare_width<Function, 2, T>(x, y);
  compare_width<Function, 4, T>(x, y);
  compare_width<Function, 8, T>(x, y);
  compare_width<Function, 16, T>(x, y);
}

template <class Function>
class SimdMath : public testing::Test {};
using Functions = testing::Types<Exp, Tanh, Erf, Softplus, SoftplusSlope>;
TYPED_TEST_SUITE(SimdMath, Functions);

TYPED_TEST(SimdMath, FloatsAreWithinTheirBound) { sweep_floats<TypeParam>(1009); }
TYPED_TEST(SimdMath, DISABLED_EveryFloatIsWithinItsBound) { sweep_floats<TypeParam>(1); }
TYPED_TEST(SimdMath, DoublesAreWithinTheirBound) { sample_doubles<TypeParam>(125000); }

TYPED_TEST(SimdMath, EveryWidthGivesTheSameBits) {
  compare_widths<TypeParam, float>();
  compare_widths<TypeParam, double>();
}

/// f of one value in the first lane of a pack whose other lanes are 1.
template <class Function, int W, class T>
T first_lane(T value) {
  T x[W];
  for (T& other : x) other = 1;
  x[0] = value;
  store<W, T>(x, Function::template pack<W, T>(load<W>(x)));
  return x[0];
}

template <class T, int W>
void check_special_values() {
  for (const T sign : {T(1), T(-1)}) {
    const T not_a_number = std::copysign(nan<T>, sign);
    EXPECT_TRUE(std::isnan(first_lane<Exp, W, T>(not_a_number)));
    EXPECT_TRUE(std::isnan(first_lane<Tanh, W, T>(not_a_number)));
    EXPECT_TRUE(std::isnan(first_lane<Erf, W, T>(not_a_number)));
    EXPECT_TRUE(std::isnan(first_lane<Softplus, W, T>(not_a_number)));
    EXPECT_TRUE(std::isnan(first_lane<SoftplusSlope, W, T>(not_a_number)));
    EXPECT_EQ((first_lane<Tanh, W, T>(sign * infinity<T>)), sign);
    EXPECT_EQ((first_lane<Erf, W, T>(sign * infinity<T>)), sign);
    EXPECT_EQ(std::signbit(first_lane<Tanh, W, T>(sign * T(0))), sign < 0);
    EXPECT_EQ(std::signbit(first_lane<Erf, W, T>(sign * T(0))), sign < 0);
    EXPECT_EQ((first_lane<Exp, W, T>(sign * T(0))), T(1));
    const T denormal = sign * std::numeric_limits<T>::denorm_min();
    EXPECT_EQ((first_lane<Tanh, W, T>(denormal)), denormal);
    EXPECT_EQ((first_lane<Erf, W, T>(denormal)), denormal);
    EXPECT_EQ((first_lane<Exp, W, T>(denormal)), T(1));
  }
  EXPECT_EQ((first_lane<Exp, W, T>(infinity<T>)), infinity<T>);
  EXPECT_EQ((first_lane<Exp, W, T>(-infinity<T>)), T(0));
  EXPECT_EQ((first_lane<Softplus, W, T>(infinity<T>)), infinity<T>);
  EXPECT_EQ((first_lane<Softplus, W, T>(-infinity<T>)), T(0));
  EXPECT_EQ((first_lane<SoftplusSlope, W, T>(infinity<T>)), T(1));
  EXPECT_EQ((first_lane<SoftplusSlope, W, T>(T(0))), T(0));
}

TEST(SimdMathLimits, InfinitiesZerosAndDenormals) {
  check_special_values<float, 1>();
  check_special_values<float, 16>();
  check_special_values<double, 1>();
  check_special_values<double, 8>();
}

// The last argument whose exponential is finite, and the last one whose is not zero.
TEST(SimdMathLimits, ExpReachesTheEndsOfTheRange) {
  EXPECT_LT((exp<1, float>(88.72283f)), infinity<float>);
  EXPECT_EQ((exp<1, float>(88.72285f)), infinity<float>);
  EXPECT_EQ((exp<1, float>(-103.2789f)), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ((exp<1, float>(-104.0f)), 0.0f);
  EXPECT_LT((exp<1, double>(709.782712893383)), infinity<double>);
  EXPECT_EQ((exp<1, double>(709.782712893385)), infinity<double>);
  EXPECT_EQ((exp<1, double>(-744.4400719213812)), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ((exp<1, double>(-746.0)), 0.0);
}

} // namespace
