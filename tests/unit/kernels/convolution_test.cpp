// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Convolutions against naive loops in double precision: every width of the packs, every stride, and
// blocks of outputs that are not full; the adjoint as the transpose, and the gradient by weights.
#include <linnet/core/random.hpp>
#include <linnet/kernels/network/convolution.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace linnet;
using core::Index3;
using kernels::ConvolutionShape;
using kernels::Layout;
using kernels::Tensor;

namespace {

template <class T>
kernels::Array<T> noise(std::size_t n, std::uint64_t seed) {
  const auto values = kernels::zeros<T>("linnet::test::noise", n);
  const core::RandomStream random(seed, 0);
  for (std::size_t i = 0; i < n; ++i) values(i) = static_cast<T>(2.0 * random.uniform(i) - 1.0);
  return values;
}

/// Random everywhere, ghosts included.
template <class T>
Tensor<T> noise_tensor(int channels, const Index3& n, const Index3& ghosts, std::uint64_t seed) {
  const Layout l(n, ghosts);
  return Tensor<T>(noise<T>(Tensor<T>::size(channels, l), seed), channels, l);
}

struct Case {
  ConvolutionShape shape;
  Index3 fine;

  [[nodiscard]] Index3 coarse() const {
    Index3 n{};
    for (std::size_t d = 0; d < 3; ++d)
      n[d] = (fine[d] - shape.shift[d] + shape.stride[d] - 1) / shape.stride[d];
    return n;
  }
  [[nodiscard]] Index3 ghosts() const {
    Index3 g{};
    for (int d = 0; d < 3; ++d)
      g[static_cast<std::size_t>(d)] = std::max(shape.below(d), shape.above(d));
    return g;
  }
};

template <class T>
double at(const Tensor<T>& t, int c, int i, int j, int k) {
  return static_cast<double>(t.origin(c)[i + j * t.layout.pitch_y + k * t.layout.pitch_z]);
}

/// visit(o, c, number of the weight, i, j, k of y, i, j, k of x) for every product there is.
template <class Visit>
void for_each_product(const Case& c, const Visit& visit) {
  const ConvolutionShape& s = c.shape;
  const Index3 n = c.coarse();
  std::size_t weight = 0;
  for (int o = 0; o < s.out; ++o)
    for (int in = 0; in < s.in; ++in)
      for (int tz = 0; tz < s.kernel[2]; ++tz)
        for (int ty = 0; ty < s.kernel[1]; ++ty)
          for (int tx = 0; tx < s.kernel[0]; ++tx, ++weight)
            for (int k = 0; k < n[2]; ++k)
              for (int j = 0; j < n[1]; ++j)
                for (int i = 0; i < n[0]; ++i)
                  visit(o, in, weight, Index3{i, j, k},
                        Index3{i * s.stride[0] + tx - s.below(0), j * s.stride[1] + ty - s.below(1),
                               k * s.stride[2] + tz - s.below(2)});
}

std::size_t point(const Index3& n, int c, const Index3& p) {
  return static_cast<std::size_t>(((c * n[2] + p[2]) * n[1] + p[1]) * n[0] + p[0]);
}

/// Of a sum of @p terms products of numbers up to 1, with the terms in any order.
template <class T>
double rounding(double terms) {
  return static_cast<double>(std::numeric_limits<T>::epsilon()) * terms;
}

template <class T>
void check_points(const Tensor<T>& found, const std::vector<double>& expected, double tolerance) {
  const Index3 n{found.layout.n[0], found.layout.n[1], found.layout.n[2]};
  for (int c = 0; c < found.channels; ++c)
    for (int k = 0; k < n[2]; ++k)
      for (int j = 0; j < n[1]; ++j)
        for (int i = 0; i < n[0]; ++i)
          ASSERT_NEAR(at(found, c, i, j, k), expected[point(n, c, {i, j, k})], tolerance)
              << "channel " << c << " point " << i << "," << j << "," << k;
}

template <class T>
void check_forward(const Case& c) {
  const ConvolutionShape& s = c.shape;
  const auto x = noise_tensor<T>(s.in, c.fine, c.ghosts(), 1);
  const Tensor<T> y("linnet::test::y", s.out, Layout(c.coarse(), {1, 0, 1}));
  const auto weights = noise<T>(s.weights(), 2),
             bias = noise<T>(static_cast<std::size_t>(s.out), 3);
  std::vector<double> expected(static_cast<std::size_t>(s.out * core::volume(c.coarse())));
  for (int o = 0; o < s.out; ++o)
    for (std::int64_t p = 0; p < core::volume(c.coarse()); ++p)
      expected[static_cast<std::size_t>(o * core::volume(c.coarse()) + p)] =
          static_cast<double>(bias(static_cast<std::size_t>(o)));
  for_each_product(c, [&](int o, int in, std::size_t w, const Index3& p, const Index3& q) {
    expected[point(c.coarse(), o, p)] +=
        static_cast<double>(weights(w)) * at(x, in, q[0], q[1], q[2]);
  });
  kernels::Convolution<T> convolution(s);
  convolution.forward(x, weights.data(), bias.data(), y);
  check_points(y, expected, rounding<T>(s.in * s.taps() + 1.0));
  EXPECT_EQ(at(y, 0, -1, 0, 0), 0.0) << "a ghost was written";
}

template <class T>
void check_adjoint(const Case& c) {
  const ConvolutionShape& s = c.shape;
  // Ghosts of gy as far away as a fine point may reach, all zero: nothing outside of the box
  // counts.
  const Tensor<T> gy("linnet::test::gy", s.out, Layout(c.coarse(), {2, 2, s.kernel[2] / 2}));
  const auto values = noise<T>(static_cast<std::size_t>(s.out * core::volume(c.coarse())), 4);
  for (int o = 0; o < s.out; ++o)
    for (int k = 0; k < c.coarse()[2]; ++k)
      for (int j = 0; j < c.coarse()[1]; ++j)
        for (int i = 0; i < c.coarse()[0]; ++i)
          gy.origin(o)[i + j * gy.layout.pitch_y + k * gy.layout.pitch_z] =
              values(point(c.coarse(), o, {i, j, k}));
  const auto gx = noise_tensor<T>(s.in, c.fine, c.ghosts(), 5);
  const auto weights = noise<T>(s.weights(), 6);
  std::vector<double> transposed(static_cast<std::size_t>(s.in * core::volume(c.fine)));
  for_each_product(c, [&](int o, int in, std::size_t w, const Index3& p, const Index3& q) {
    for (std::size_t d = 0; d < 3; ++d)
      if (q[d] < 0 || q[d] >= c.fine[d]) return;
    transposed[point(c.fine, in, q)] +=
        static_cast<double>(weights(w)) * at(gy, o, p[0], p[1], p[2]);
  });
  std::vector<double> added = transposed;
  for (int in = 0; in < s.in; ++in)
    for (int k = 0; k < c.fine[2]; ++k)
      for (int j = 0; j < c.fine[1]; ++j)
        for (int i = 0; i < c.fine[0]; ++i)
          added[point(c.fine, in, {i, j, k})] += at(gx, in, i, j, k);
  kernels::Convolution<T> convolution(s);
  const double tolerance = rounding<T>(s.out * s.taps() + 1.0);
  convolution.adjoint(gy, weights.data(), gx, true);
  check_points(gx, added, tolerance);
  convolution.adjoint(gy, weights.data(), gx, false);
  check_points(gx, transposed, tolerance);
}

template <class T>
void check_weight_gradient(const Case& c) {
  const ConvolutionShape& s = c.shape;
  const auto x = noise_tensor<T>(s.in, c.fine, c.ghosts(), 8);
  const auto gy = noise_tensor<T>(s.out, c.coarse(), {0, 1, 0}, 9);
  const auto gw = noise<T>(s.weights(), 10);
  std::vector<double> expected(s.weights());
  for (std::size_t w = 0; w < s.weights(); ++w) expected[w] = static_cast<double>(gw(w));
  for_each_product(c, [&](int o, int in, std::size_t w, const Index3& p, const Index3& q) {
    expected[w] += at(gy, o, p[0], p[1], p[2]) * at(x, in, q[0], q[1], q[2]);
  });
  kernels::Convolution<T> convolution(s);
  kernels::Workspace<T> workspace;
  convolution.weight_gradient(x, gy, gw.data(), workspace);
  for (std::size_t w = 0; w < s.weights(); ++w)
    ASSERT_NEAR(static_cast<double>(gw(w)), expected[w],
                rounding<T>(static_cast<double>(core::volume(c.coarse()) + 1)))
        << "weight " << w;
}

/// The points of @p whole from @p first on, ghosts included.
template <class T>
Tensor<T> part_of(const Tensor<T>& whole, int first, int points) {
  const Layout& w = whole.layout;
  const Tensor<T> part("linnet::test::part", whole.channels,
                       Layout({points, w.n[1], w.n[2]}, {w.g[0], w.g[1], w.g[2]}));
  const Layout& l = part.layout;
  for (int c = 0; c < whole.channels; ++c)
    for (int k = -l.g[2]; k < l.n[2] + l.g[2]; ++k)
      for (int j = -l.g[1]; j < l.n[1] + l.g[1]; ++j)
        for (int i = -l.g[0]; i < points + l.g[0]; ++i)
          part.origin(c)[i + j * l.pitch_y + k * l.pitch_z] =
              whole.origin(c)[first + i + j * w.pitch_y + k * w.pitch_z];
  return part;
}

template <class T>
void expect_same_bits(const Tensor<T>& part, const Tensor<T>& whole, int first) {
  for (int c = 0; c < part.channels; ++c)
    for (int j = 0; j < part.layout.n[1]; ++j)
      for (int i = 0; i < part.layout.n[0]; ++i)
        ASSERT_EQ(at(part, c, i, j, 0), at(whole, c, first + i, j, 0))
            << "channel " << c << " point " << first + i << "," << j;
}

/// From @p in fine channels to @p out coarse ones, in x the coarse points from @p first on alone.
template <class T>
void check_part(const ConvolutionShape& s, int coarse, int first, int points) {
  const int rows = 6, ratio = s.stride[0];
  const Index3 ghosts{4, 4, 0};
  const auto x = noise_tensor<T>(s.in, {coarse * ratio, rows * ratio, 1}, ghosts, 1);
  const auto y = noise_tensor<T>(s.out, {coarse, rows, 1}, ghosts, 2);
  const auto weights = noise<T>(s.weights(), 3);
  const Tensor<T> x_part = part_of(x, first * ratio, points * ratio);
  const Tensor<T> y_part = part_of(y, first, points);
  kernels::Convolution<T> convolution(s);
  convolution.adjoint(y, weights.data(), x, true);
  convolution.adjoint(y_part, weights.data(), x_part, true);
  expect_same_bits(x_part, x, first * ratio);
  const auto again = part_of(x, first * ratio, points * ratio); // with the ghosts as they are now
  convolution.forward(x, weights.data(), nullptr, y);
  convolution.forward(again, weights.data(), nullptr, y_part);
  expect_same_bits(y_part, y, first);
}

template <class T>
void check(const Case& c) {
  check_forward<T>(c);
  check_adjoint<T>(c);
  check_weight_gradient<T>(c);
}

void check_both(const Case& c) {
  SCOPED_TRACE(testing::Message() << c.shape.in << " -> " << c.shape.out << " channels, kernel "
                                  << c.shape.kernel[0] << "," << c.shape.kernel[1] << ","
                                  << c.shape.kernel[2] << ", stride " << c.shape.stride[0]
                                  << ", points " << c.fine[0] << "," << c.fine[1] << ","
                                  << c.fine[2]);
  check<double>(c);
  check<float>(c);
}

} // namespace

TEST(Convolution, EveryWidth) {
  for (int n = 1; n <= 37; ++n) {
    check_both({{2, 3, {3, 3, 1}, {1, 1, 1}}, {n, 3, 1}});
    check_both({{3, 9, {3, 3, 1}, {2, 2, 1}}, {n, 4, 1}});
  }
}

TEST(Convolution, EveryKernelAndStride) {
  for (const int k : {1, 3, 5})
    for (const int s : {1, 2}) {
      check_both({{3, 5, {k, k, 1}, {s, s, 1}}, {20, 7, 1}});
      check_both({{2, 4, {k, k, k}, {s, s, s}}, {18, 6, 5}});
      check_both({{2, 2, {k, 3, 1}, {1, s, 2}}, {9, 6, 4}});
    }
}

// Kernels of even extent, and coarse grids of the points with odd numbers.
TEST(Convolution, EveryShiftOfTheCoarseGrid) {
  for (const int k : {1, 2, 3, 4, 5})
    for (const int shift : {0, 1})
      for (const int n : {9, 18, 37}) {
        check_both({{3, 5, {k, k, 1}, {2, 2, 1}, {shift, shift, 0}}, {n, 7, 1}});
        check_both({{2, 9, {k, k, k}, {2, 2, 2}, {shift, 0, shift}}, {n, 6, 5}});
      }
}

TEST(Convolution, EveryBlockOfOutputs) {
  for (const int out : {1, 2, 4, 5, 8, 9, 16, 17, 24})
    check_both({{out == 1 ? 16 : 3, out, {3, 3, 3}, {1, 1, 1}}, {17, 4, 3}});
}

TEST(Convolution, ChunksOfRows) {
  check_both({{2, 9, {3, 3, 1}, {1, 1, 1}}, {200, 10, 1}});
  check_both({{2, 8, {4, 4, 1}, {2, 2, 1}}, {301, 20, 1}});
  check_both({{1, 1, {3, 3, 3}, {1, 1, 1}}, {90, 40, 3}});
}

TEST(Convolution, NoBitDependsOnTheCut) {
  for (int points = 1; points <= 40; ++points)
    for (const ConvolutionShape& s : {ConvolutionShape{3, 9, {3, 3, 1}, {1, 1, 1}},
                                      ConvolutionShape{9, 3, {4, 4, 1}, {2, 2, 1}},
                                      ConvolutionShape{2, 1, {3, 3, 1}, {2, 2, 1}, {1, 1, 0}}}) {
      SCOPED_TRACE(testing::Message() << points << " points, kernel " << s.kernel[0]);
      check_part<float>(s, 53, 7, points);
      check_part<double>(s, 53, 7, points);
    }
}

TEST(Convolution, RefusesWhatItCannotDo) {
  EXPECT_THROW(kernels::Convolution<float>({1, 1, {2, 3, 1}, {1, 1, 1}}), core::Error);
  EXPECT_THROW(kernels::Convolution<float>({1, 1, {7, 3, 1}, {1, 1, 1}}), core::Error);
  EXPECT_THROW(kernels::Convolution<float>({1, 1, {3, 3, 1}, {1, 1, 1}, {1, 0, 0}}), core::Error);
  EXPECT_THROW(kernels::Convolution<float>({1, 1, {3, 3, 1}, {3, 1, 1}}), core::Error);
  EXPECT_THROW(kernels::Convolution<float>({0, 1, {3, 3, 1}, {1, 1, 1}}), core::Error);
}
