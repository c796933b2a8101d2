// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The network that shifts the interpolation: its inputs against a plain loop, scaled and mirrored
// media, row sums and bounds of the interpolation, the derivative of the loss.
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/random.hpp>
#include <linnet/multigrid/interpolation_loss.hpp>
#include <linnet/multigrid/setup_kernels.hpp>

#include <gtest/gtest.h>

#include <cmath>

using namespace linnet;
using kernels::Field;
using kernels::Layout;
using kernels::Range;
using kernels::StencilOperator;
using kernels::StencilPattern;
using N = kernels::InterpolationNetwork;

namespace {

/// Random couplings between 1 and @p contrast inside of the box, and walls of fixed value below and
/// above along x.
StencilOperator<double> random_operator(StencilPattern pattern, const core::Index3& n,
                                        double contrast, std::uint64_t seed) {
  LINNET_CHECK(core::ensure_kokkos());
  const bool solid = is_three_dimensional(pattern);
  const Layout layout(n, {2, 2, solid ? 2 : 0});
  auto a = kernels::make_operator<double>(pattern, layout);
  const core::RandomStream random(seed, 3);
  std::uint64_t number = 0;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        const auto q = static_cast<std::size_t>(layout(i, j, k));
        for (int m = 0; m < coupling_count(pattern); ++m) {
          const auto o = upper_offset(pattern, m);
          const double c = std::pow(contrast, random.uniform(number++));
          if (i + o.x >= 0 && i + o.x < n[0] && j + o.y >= 0 && j + o.y < n[1] && k + o.z < n[2])
            a.couplings[static_cast<std::size_t>(m)].values(q) = c;
        }
        if (i == 0 || i == n[0] - 1) a.row_sum.values(q) = 1.0;
      }
  return a;
}

std::vector<double> random_weights(double size, std::uint64_t seed) {
  const core::RandomStream random(seed, 4);
  std::vector<double> weights;
  for (std::uint64_t i = 0; i < N::count; ++i) weights.push_back(size * random.normal(i));
  return weights;
}

kernels::Coarsening every_second(bool solid) {
  kernels::Coarsening coarsening;
  for (int d = 0; d < (solid ? 3 : 2); ++d) coarsening.halves[d] = true, coarsening.shift[d] = 1;
  return coarsening;
}

/// The factor of the odds at every point; 0 where it is not between two coarse points.
Field<double> odds_of(const StencilOperator<double>& a, const std::vector<double>& weights) {
  const auto network = kernels::zeros<double>("linnet::test::network", weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) network(i) = weights[i];
  Field<double> odds("linnet::test::odds", a.layout());
  kernels::set_up_interpolation_odds(a, every_second(is_three_dimensional(a.pattern)), network,
                                     odds);
  return odds;
}

/// As the head of kernels/stencil/interpolation_network.hpp tells it, for 5- and 7-point stencils.
double plain_odds(const StencilOperator<double>& a, const core::Index3& p, std::size_t e,
                  const std::vector<double>& w) {
  const Layout& l = a.layout();
  const auto coupling = [&](core::Index3 q, std::size_t d, int sign) {
    if (sign < 0) --q[d];
    return a.couplings[d].values(static_cast<std::size_t>(l(q[0], q[1], q[2])));
  };
  const auto moved = [](core::Index3 q, std::size_t d, int by) {
    q[d] += by;
    return q;
  };
  const auto series = [](double x, double y) { return x + y > 0.0 ? x * y / (x + y) : 0.0; };
  const auto compare = [](double x, double y) {
    return x == y ? 0.0 : std::tanh(std::log(x / y) / 8.0); // of 0 and infinity, too
  };
  const std::size_t dimension = a.couplings.size();
  const auto seen_from = [&](int side) {
    double direct[2], back[2], outward[2], across[2] = {}, beside[2] = {}, pulled[2] = {},
                                           detour[2] = {}, away = 0.0, further = 0.0;
    for (int s = 0; s < 2; ++s) { // 0: the side it is seen from
      const int sign = s == 0 ? side : -side;
      const auto coarse = moved(p, e, sign);
      direct[s] = coupling(p, e, sign);
      back[s] = coupling(coarse, e, -sign);
      outward[s] = coupling(coarse, e, sign);
      for (std::size_t d = 0; d < dimension; ++d)
        for (int t = -1; t <= 1; t += 2) {
          if (d == e) continue;
          const auto there = moved(p, d, t);
          const double out = coupling(p, d, t), one = coupling(there, e, sign),
                       both = one + coupling(there, e, -sign);
          across[s] += coupling(coarse, d, t);
          beside[s] += one;
          if (both > 0.0) pulled[s] += out * one / both;
          detour[s] += series(out, series(one, coupling(coarse, d, t)));
          if (s == 0) away += out, further += coupling(there, d, t);
        }
    }
    const double x[] = {compare(direct[0], direct[1]),
                        compare(detour[0], detour[1]),
                        compare(pulled[0], pulled[1]),
                        compare(detour[0], direct[0]),
                        compare(detour[1], direct[1]),
                        compare(across[0], back[0]),
                        compare(across[1], back[1]),
                        compare(outward[0], back[0]),
                        compare(outward[1], back[1]),
                        compare(away, direct[0] + direct[1]),
                        compare(further, beside[0] + beside[1]),
                        compare(away, beside[0] + beside[1])};
    std::vector<double> h(N::width), g(N::width);
    double result = 0.0;
    const auto softsign = [](double y) { return y / (1.0 + std::abs(y)); };
    for (std::size_t i = 0; i < N::width; ++i) {
      double y = w[N::first_bias + i];
      for (std::size_t j = 0; j < N::features; ++j) y += w[i * N::features + j] * x[j];
      h[i] = softsign(y);
    }
    for (std::size_t i = 0; i < N::width; ++i) {
      double y = w[N::second_bias + i];
      for (std::size_t j = 0; j < N::width; ++j) y += w[N::second + i * N::width + j] * h[j];
      result += w[N::output + i] * softsign(y);
    }
    return result >= 0.0 ? 1.0 + result : 1.0 / (1.0 - result);
  };
  return seen_from(-1) / seen_from(1);
}

/// Visits the owned points that lie between two coarse points, with the direction.
template <class Visit>
void visit_edges(const Layout& l, const Visit& visit) {
  for (int k = 0; k < l.n[2]; ++k)
    for (int j = 0; j < l.n[1]; ++j)
      for (int i = 0; i < l.n[0]; ++i) {
        const bool between[3] = {i % 2 == 0, j % 2 == 0, l.n[2] > 1 && k % 2 == 0};
        if (between[0] + between[1] + between[2] == 1)
          visit(core::Index3{i, j, k}, between[0] ? 0 : between[1] ? 1 : 2);
      }
}

std::size_t place(const Layout& l, const core::Index3& p) {
  return static_cast<std::size_t>(l(p[0], p[1], p[2]));
}

} // namespace

TEST(InterpolationNetwork, SeesWhatAPlainLoopSees) {
  const auto weights = random_weights(0.5, 1);
  for (const auto& [pattern, n] : {std::pair{StencilPattern::star2d, core::Index3{37, 22, 1}},
                                   std::pair{StencilPattern::star3d, core::Index3{23, 8, 9}}}) {
    const auto a = random_operator(pattern, n, 1e4, 2);
    const auto odds = odds_of(a, weights);
    int count = 0;
    visit_edges(a.layout(), [&](const core::Index3& p, int e) {
      const double plain = plain_odds(a, p, static_cast<std::size_t>(e), weights);
      EXPECT_NEAR(odds.values(place(a.layout(), p)), plain, 1e-11 * plain);
      ++count;
    });
    EXPECT_GT(count, 300);
  }
}

TEST(InterpolationNetwork, DoesNotSeeAFactorOfTheOperator) {
  const auto weights = random_weights(0.5, 1);
  for (const StencilPattern pattern : {StencilPattern::box2d, StencilPattern::box3d}) {
    const core::Index3 n{17, 11, is_three_dimensional(pattern) ? 9 : 1};
    const auto a = random_operator(pattern, n, 1e6, 2), b = random_operator(pattern, n, 1e6, 2);
    for (const auto& c : b.couplings)
      for (std::size_t q = 0; q < c.values.size(); ++q) c.values(q) *= 0x1p-31;
    const auto x = odds_of(a, weights), y = odds_of(b, weights);
    visit_edges(a.layout(), [&](const core::Index3& p, int) {
      EXPECT_EQ(x.values(place(a.layout(), p)), y.values(place(a.layout(), p)));
    });
  }
}

// Mirrored along x the lower coarse point is the upper one; along y nothing happens to a point
// between two along x, and when x and y change places they do.
TEST(InterpolationNetwork, FollowsMirroredAndTransposedMedia) {
  const auto weights = random_weights(0.5, 1);
  const core::Index3 n{19, 19, 1};
  const auto a = random_operator(StencilPattern::star2d, n, 1e4, 5);
  const auto x = odds_of(a, weights);
  const auto mapped = [&](const auto& map, bool swaps) {
    auto b = random_operator(StencilPattern::star2d, n, 1.0, 0);
    const Layout& l = a.layout();
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i)
        for (std::size_t d = 0; d < 2; ++d) {
          const core::Index3 p{i, j, 0}, q{i + (d == 0), j + (d == 1), 0};
          if (q[0] >= n[0] || q[1] >= n[1]) continue;
          const core::Index3 s = map(p), t = map(q);
          const core::Index3 least{std::min(s[0], t[0]), std::min(s[1], t[1]), 0};
          b.couplings[swaps ? 1 - d : d].values(place(l, least)) =
              a.couplings[d].values(place(l, p));
        }
    return odds_of(b, weights);
  };
  const auto along_x = [&](core::Index3 p) { return core::Index3{n[0] - 1 - p[0], p[1], 0}; };
  const auto swapped = [&](core::Index3 p) { return core::Index3{p[1], p[0], 0}; };
  const auto mirrored = mapped(along_x, false), transposed = mapped(swapped, true);
  const Layout& l = a.layout();
  visit_edges(l, [&](const core::Index3& p, int e) {
    const double here = x.values(place(l, p));
    const double there = mirrored.values(place(l, along_x(p)));
    EXPECT_NEAR(e == 0 ? 1.0 / there : there, here, 1e-12 * here);
    EXPECT_NEAR(transposed.values(place(l, swapped(p))), here, 1e-12 * here);
  });
}

// Whatever the weights: sums as before, nothing negative, zeros stay.
TEST(InterpolationNetwork, KeepsSumsAndBoundsOfTheInterpolation) {
  for (const StencilPattern pattern : {StencilPattern::star2d, StencilPattern::box2d,
                                       StencilPattern::star3d, StencilPattern::box3d}) {
    const bool solid = is_three_dimensional(pattern);
    const core::Index3 n{21, 13, solid ? 9 : 1};
    const auto a = random_operator(pattern, n, 1e6, 7);
    const Layout coarse({n[0] / 2, n[1] / 2, solid ? n[2] / 2 : 1}, {1, 1, solid ? 1 : 0});
    const auto deficit = [&](const Field<double>& odds) {
      kernels::Interpolation<double> p;
      p.coarsening = every_second(solid);
      for (int c = 0; c < kernels::child_count; ++c)
        if (p.has_child(c)) p.weights[c] = Field<double>("linnet::test::weight", coarse);
      kernels::set_up_interpolation(a, Field<double>(), odds, p);
      for (int c = 0; c < kernels::child_count; ++c)
        for (std::size_t q = 0; p.has_child(c) && q < coarse.size(); ++q) {
          EXPECT_GE(p.weights[c].values(q), 0.0);
          EXPECT_LE(p.weights[c].values(q), 1.0 + 1e-15);
        }
      Field<double> u("linnet::test::u", a.layout());
      kernels::add_deficit_of_ones(p, u);
      return u;
    };
    const auto before = deficit({}), after = deficit(odds_of(a, random_weights(30.0, 3)));
    for (std::size_t q = 0; q < a.layout().size(); ++q)
      EXPECT_NEAR(before.values(q), after.values(q), 1e-13);
  }
}

TEST(InterpolationLoss, DerivativeIsThatOfDifferences) {
  const auto weights = random_weights(0.4, 6);
  for (const StencilPattern pattern : {StencilPattern::star2d, StencilPattern::star3d}) {
    const bool solid = is_three_dimensional(pattern);
    const auto a = random_operator(pattern, {17, 15, solid ? 9 : 1}, 1e3, 8);
    multigrid::InterpolationLoss finest(a);
    multigrid::InterpolationLoss next(finest.coarse_operator(weights));
    for (auto* loss : {&finest, &next}) {
      // No steps before, for these would depend on the weights, too.
      std::vector<double> gradient(N::count, 0.0);
      loss->evaluate(weights, 11, 0, gradient);
      for (std::uint64_t trial = 0; trial < 3; ++trial) {
        const auto direction = random_weights(1.0, 20 + trial);
        double slope = 0.0;
        for (std::size_t i = 0; i < N::count; ++i) slope += direction[i] * gradient[i];
        const double h = 1e-5;
        const auto at = [&](double step) {
          auto moved = weights;
          for (std::size_t i = 0; i < N::count; ++i) moved[i] += step * direction[i];
          return loss->evaluate(moved, 11, 0);
        };
        const double difference = (at(h) - at(-h)) / (2.0 * h);
        EXPECT_NEAR(slope, difference, 1e-6 * std::abs(difference) + 1e-9);
      }
    }
  }
}

// Without a network the loss is that of black-box interpolation, and so it is with zero output.
TEST(InterpolationLoss, BeginsAtBlackBoxInterpolation) {
  const auto a = random_operator(StencilPattern::star2d, {23, 19, 1}, 1e4, 9);
  multigrid::InterpolationLoss loss(a);
  auto weights = random_weights(0.4, 6);
  const double shifted = loss.evaluate(weights, 1, 6);
  for (std::size_t i = 0; i < N::width; ++i) weights[N::output + i] = 0.0;
  const double black_box = loss.evaluate({}, 1, 6);
  EXPECT_NEAR(loss.evaluate(weights, 1, 6), black_box, 1e-11);
  EXPECT_GT(std::abs(shifted - black_box), 1e-3);
  EXPECT_LT(black_box, 0.0);
}
