// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Activation functions of tensors against their formulas, and adjoints against differences.
#include <linnet/kernels/network/activation.hpp>
#include <support/usage_error.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace linnet;
using namespace linnet::kernels;

namespace {

constexpr double pi = 3.14159265358979323846;

double formula(Activation kind, double x) {
  switch (kind) {
  case Activation::identity: return x;
  case Activation::relu: return std::fmax(x, 0.0);
  case Activation::tanh: return std::tanh(x);
  case Activation::gelu: return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
  case Activation::gelu_tanh:
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x)));
  case Activation::softplus: return std::log1p(std::exp(x));
  }
  return 0;
}

/// A tensor of @p count channels with @p ghosts layers, all of whose values are @p value.
template <class T>
Tensor<T> filled(int count, const core::Index3& n, const core::Index3& ghosts, T value) {
  const Tensor<T> t("linnet::tests::tensor", count, Layout(n, ghosts));
  Kokkos::deep_copy(t.values, value);
  return t;
}

template <class Body>
void for_each_owned(int channels, const core::Index3& n, const Body& body) {
  for (int c = 0; c < channels; ++c)
    for (int k = 0; k < n[2]; ++k)
      for (int j = 0; j < n[1]; ++j)
        for (int i = 0; i < n[0]; ++i) body(c, i, j, k);
}

template <class T>
T& at(const Tensor<T>& t, int c, int i, int j, int k) {
  return t.values.data()[c * t.pitch + t.layout(i, j, k)];
}

/// Owned values between -@p range and @p range, away from the kink of relu.
template <class T>
void fill_randomly(const Tensor<T>& t, unsigned seed, double range) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-range, range);
  const core::Index3 n{t.layout.n[0], t.layout.n[1], t.layout.n[2]};
  for_each_owned(t.channels, n, [&](int c, int i, int j, int k) {
    const double value = uniform(random);
    at(t, c, i, j, k) = static_cast<T>(value + std::copysign(0.01, value));
  });
}

/// Number of values equal to @p value, ghosts, gaps and slack included.
template <class T>
std::size_t count_of(const Tensor<T>& t, T value) {
  std::size_t count = 0;
  for (std::size_t q = 0; q < t.values.extent(0); ++q) count += t.values[q] == value;
  return count;
}

std::size_t volume(int channels, const core::Index3& n) {
  return std::size_t(channels) * std::size_t(n[0]) * std::size_t(n[1]) * std::size_t(n[2]);
}

constexpr int channels = 3;

// The gelus lose digits against their own size for x << 0, where 1 + erf cancels: errors are
// measured against max(|x|, |f|). There erf and tanh of 1.5 and 3.1 ULP, one rounding for their
// argument (a factor x f'' / f <= 1.4 in front) and two of products make less than 4 epsilon.
template <class T>
void check_values(Activation kind, const core::Index3& n, bool in_place) {
  const T ghost = T(-77);
  const auto x = filled<T>(channels, n, {2, 1, 1}, ghost);
  fill_randomly(x, 3, 9);
  const auto y = in_place ? x : filled<T>(channels, n, {1, 2, 0}, ghost);
  const auto copy = filled<T>(channels, n, {2, 1, 1}, ghost);
  Kokkos::deep_copy(copy.values, x.values);
  activate(kind, x, y);
  Kokkos::fence();
  const double tolerance = 4 * double(std::numeric_limits<T>::epsilon());
  for_each_owned(channels, n, [&](int c, int i, int j, int k) {
    const double v = at(copy, c, i, j, k), expected = formula(kind, v);
    const bool is_gelu = !derivative_from_value(kind);
    const double scale = is_gelu ? std::fmax(std::fabs(v), std::fabs(expected)) : expected;
    ASSERT_NEAR(at(y, c, i, j, k), expected, tolerance * std::fabs(scale))
        << name_of(kind) << " at x = " << v << ", point " << i << " " << j << " " << k;
  });
  EXPECT_EQ(count_of(y, ghost), y.values.extent(0) - volume(channels, n)) << name_of(kind);
}

TEST(Activation, ValuesAreThoseOfTheFormulas) {
  for (const Activation kind : all_activations)
    for (int nx = 1; nx <= 37; ++nx) {
      check_values<float>(kind, {nx, 3, 2}, false);
      check_values<double>(kind, {nx, 3, 2}, false);
      check_values<float>(kind, {nx, 1, 3}, true);
      check_values<double>(kind, {nx, 1, 3}, true);
    }
}

// Central differences with step h have an error of h^2 f''' / 6 and 2 eps |f| / h of rounding: with
// h = 1e-5 and |x| <= 6 below 5e-11 and 1e-10.
void check_adjoint(Activation kind, const core::Index3& n, bool add) {
  const double ghost = -77, before = 0.25;
  const auto x = filled<double>(channels, n, {1, 1, 1}, ghost);
  const auto y = filled<double>(channels, n, {0, 1, 0}, ghost);
  const auto gy = filled<double>(channels, n, {2, 0, 1}, ghost);
  const auto gx = filled<double>(channels, n, {3, 1, 0}, ghost);
  fill_randomly(x, 4, 6);
  fill_randomly(gy, 5, 2);
  for_each_owned(channels, n, [&](auto... p) { at(gx, p...) = before; });
  activate(kind, x, y);
  const Tensor<double> none;
  const bool by_value = derivative_from_value(kind);
  activate_adjoint(kind, by_value ? none : x, by_value ? y : none, gy, gx, add);
  Kokkos::fence();
  const double h = 1e-5;
  for_each_owned(channels, n, [&](int c, int i, int j, int k) {
    const double v = at(x, c, i, j, k);
    const double slope = (formula(kind, v + h) - formula(kind, v - h)) / (2 * h);
    const double expected = at(gy, c, i, j, k) * slope + (add ? before : 0);
    ASSERT_NEAR(at(gx, c, i, j, k), expected, 4e-10) << name_of(kind) << " at x = " << v;
  });
  EXPECT_EQ(count_of(gx, ghost), gx.values.extent(0) - volume(channels, n)) << name_of(kind);
}

TEST(Activation, AdjointsAreThoseOfDifferences) {
  for (const Activation kind : all_activations)
    for (int nx = 1; nx <= 37; ++nx)
      for (const bool add : {false, true}) check_adjoint(kind, {nx, 2, 3}, add);
}

// Single precision against double, whose derivatives the test above checks. An argument or value
// rounded to half an epsilon of at most 6 changes a derivative, |f''| <= 1, by 3 epsilon.
TEST(Activation, AdjointsInSinglePrecision) {
  const core::Index3 n{37, 2, 2};
  for (const Activation kind : all_activations) {
    const auto x = filled<float>(channels, n, {1, 0, 0}, 0), y = filled<float>(channels, n, {}, 0);
    const auto g = filled<float>(channels, n, {}, 1);
    const auto wide_x = filled<double>(channels, n, {}, 0),
               wide_y = filled<double>(channels, n, {}, 0);
    const auto wide_g = filled<double>(channels, n, {}, 1);
    fill_randomly(x, 6, 6);
    for_each_owned(channels, n, [&](auto... p) { at(wide_x, p...) = at(x, p...); });
    activate(kind, x, y);
    activate(kind, wide_x, wide_y);
    activate_adjoint(kind, x, y, g, g, false);
    activate_adjoint(kind, wide_x, wide_y, wide_g, wide_g, false);
    Kokkos::fence();
    for_each_owned(channels, n, [&](auto... p) {
      ASSERT_NEAR(at(g, p...), at(wide_g, p...), 6 * std::numeric_limits<float>::epsilon())
          << name_of(kind) << " at x = " << at(x, p...);
    });
  }
}

/// f and f' at one point, by way of tensors.
struct ValueAndSlope {
  double value, slope;
};
ValueAndSlope at_point(Activation kind, double x) {
  const auto t = filled<double>(1, {1, 1, 1}, {}, x), y = filled<double>(1, {1, 1, 1}, {}, 0);
  const auto g = filled<double>(1, {1, 1, 1}, {}, 1);
  activate(kind, t, y);
  activate_adjoint(kind, t, y, g, g, false);
  Kokkos::fence();
  return {at(y, 0, 0, 0, 0), at(g, 0, 0, 0, 0)};
}

TEST(Activation, SpecialValues) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Activation kind : all_activations) {
    EXPECT_TRUE(std::isnan(at_point(kind, std::nan("")).value)) << name_of(kind);
    if (kind == Activation::identity) continue;
    const double top = kind == Activation::tanh ? 1 : infinity;
    EXPECT_EQ(at_point(kind, infinity).value, top) << name_of(kind);
    EXPECT_EQ(at_point(kind, infinity).slope, kind == Activation::tanh ? 0 : 1) << name_of(kind);
    EXPECT_EQ(at_point(kind, -infinity).value, kind == Activation::tanh ? -1 : 0) << name_of(kind);
    EXPECT_NEAR(at_point(kind, -infinity).slope, 0, 1e-50) << name_of(kind);
  }
  EXPECT_EQ(at_point(Activation::relu, 0.0).slope, 0);
}

TEST(Activation, NamesAreReadBack) {
  for (const Activation kind : all_activations) EXPECT_EQ(parse_activation(name_of(kind)), kind);
  EXPECT_EQ(tests::usage_error([] { parse_activation("swish"); }),
            "activation 'swish' is unknown; choose one of identity, relu, tanh, gelu, gelu_tanh, "
            "softplus");
}

} // namespace
