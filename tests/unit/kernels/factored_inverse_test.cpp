// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The factored inverse by its definition, G A = 0 on the pattern below the diagonal, and its
// accuracy in single precision at high contrast.
#include <linnet/kernels/star/factored_star.hpp>
#include <linnet/kernels/stencil/factored_inverse.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace linnet;
using namespace linnet::kernels;

namespace {

const core::Index3 points{6, 5, 4};

Layout layout_of(StencilPattern pattern) {
  const bool flat = !is_three_dimensional(pattern);
  return Layout({points[0], points[1], flat ? 1 : points[2]}, {2, 2, flat ? 0 : 2});
}

bool inside(const Layout& l, int i, int j, int k) {
  return i >= 0 && j >= 0 && k >= 0 && i < l.n[0] && j < l.n[1] && k < l.n[2];
}

template <class Body>
void for_each(const Layout& l, const Body& body) {
  for (int k = 0; k < l.n[2]; ++k)
    for (int j = 0; j < l.n[1]; ++j)
      for (int i = 0; i < l.n[0]; ++i) body(i, j, k);
}

/// Couplings between contrast^-1 and 1, spread evenly over the powers of ten, and small row sums.
/// Point (0,0,0) has none. With @p mixed a tenth of them have the wrong sign, on a fiftieth of the
/// scale.
template <class T>
StencilOperator<T> random_operator(StencilPattern pattern, double contrast, bool mixed = false) {
  const auto a = make_operator<T>(pattern, layout_of(pattern));
  const Layout& l = a.layout();
  std::mt19937 random(7);
  const auto value = [&] { return std::pow(contrast, -double(random() % 1000) / 1000.0); };
  for_each(l, [&](int i, int j, int k) {
    a.row_sum.values[l(i, j, k)] = T(1e-3 * value());
    for (int m = 0; m < coupling_count(pattern); ++m) {
      const Offset o = upper_offset(pattern, m);
      if (!inside(l, i + o.x, j + o.y, k + o.z) || i + j + k == 0) continue;
      if (i + o.x + j + o.y + k + o.z == 0) continue;
      const bool wrong = mixed && random() % 10 == 0;
      a.couplings[std::size_t(m)].values[l(i, j, k)] = T(wrong ? -0.02 : value() + 0.1 * mixed);
    }
  });
  return a;
}

template <class T>
FactoredInverse<T> factored_inverse(const StencilOperator<T>& a, T weight) {
  FactoredInverse<T> g;
  for (int m = 0; m <= coupling_count(a.pattern); ++m) g.entries.emplace_back("g", a.layout());
  set_up_factored_inverse(a, weight, g);
  return g;
}

/// a(p, q) of two points whose distance is at most two, by positions in memory.
template <class T>
double entry(const StencilOperator<T>& a, std::ptrdiff_t p, std::ptrdiff_t q) {
  double sum = a.row_sum.values[p];
  for (int m = 0; m < coupling_count(a.pattern); ++m) {
    const Offset o = upper_offset(a.pattern, m);
    const std::ptrdiff_t d = o.x + o.y * a.layout().pitch_y + o.z * a.layout().pitch_z;
    const auto& c = a.couplings[std::size_t(m)].values;
    if (q == p + d) return -c[p];
    if (q == p - d) return -c[q];
    sum += c[p] + c[p - d];
  }
  return p == q ? sum : 0.0;
}

/// The closed form of the factored inverse of a star.
template <class T>
FactoredStar<T> factored_star(const StencilOperator<T>& a, T weight) {
  const int dimension = is_three_dimensional(a.pattern) ? 3 : 2;
  const Layout planes = marched(a.layout(), dimension);
  FactoredStar<T> star;
  for (int m = 0; m < dimension; ++m)
    star.couplings[m == dimension - 1 ? 2 : m] = marched(a.couplings[std::size_t(m)], dimension);
  star.row_sum = marched(a.row_sum, dimension);
  star.inverse = Field<T>("inverse", planes);
  star.weight = Field<T>("weight", planes);
  invert_diagonal(star, dimension);
  weight_factored_rows(star, dimension, weight);
  return star;
}

const StencilPattern patterns[] = {StencilPattern::star2d, StencilPattern::box2d,
                                   StencilPattern::star3d, StencilPattern::box3d};

} // namespace

TEST(FactoredInverse, MeetsItsDefinition) {
  for (const auto pattern : patterns)
    for (const bool mixed : {false, true}) {
      const auto a = random_operator<double>(pattern, 1e2, mixed);
      const auto g = factored_inverse(a, 1.0);
      const Layout& l = a.layout();
      for_each(l, [&](int i, int j, int k) {
        const std::ptrdiff_t p = l(i, j, k);
        std::vector<std::ptrdiff_t> members;
        for (int m = 0; m <= coupling_count(pattern); ++m) {
          const Offset u = m ? upper_offset(pattern, m - 1) : Offset{0, 0, 0};
          members.push_back(inside(l, i - u.x, j - u.y, k - u.z) ? l(i - u.x, j - u.y, k - u.z)
                                                                 : -1);
        }
        for (const std::ptrdiff_t q : members) {
          if (q < 0) continue;
          double sum = 0.0;
          for (std::size_t m = 0; m < members.size(); ++m)
            if (members[m] >= 0) sum += g.entries[m].values[p] * entry(a, members[m], q);
          EXPECT_NEAR(sum, q == p ? 1.0 / g.entries[0].values[p] : 0.0, 1e-12);
        }
      });
    }
}

// Nothing is subtracted: about 50 operations with relative errors of 6e-8 at most.
TEST(FactoredInverse, IsAccurateEntryByEntryAtAnyContrast) {
  for (const auto pattern : patterns) {
    const auto g = factored_inverse(random_operator<float>(pattern, 1e10), 1.0f);
    const auto precise = factored_inverse(random_operator<double>(pattern, 1e10), 1.0);
    const Layout& l = g.entries[0].layout;
    for_each(l, [&](int i, int j, int k) {
      for (std::size_t m = 0; m < g.entries.size(); ++m) {
        const double expected = precise.entries[m].values[l(i, j, k)];
        EXPECT_NEAR(g.entries[m].values[l(i, j, k)], expected, 3e-6 * expected);
      }
    });
  }
}

TEST(FactoredInverse, WeightsRowsWithCouplings) {
  for (const auto pattern : patterns) {
    const auto a = random_operator<double>(pattern, 1e2);
    const auto g = factored_inverse(a, 1.0), weighted = factored_inverse(a, 0.81);
    const Layout& l = a.layout();
    for_each(l, [&](int i, int j, int k) {
      const std::ptrdiff_t p = l(i, j, k);
      const bool lone = i + j + k == 0;
      for (std::size_t m = 0; m < g.entries.size(); ++m)
        EXPECT_NEAR(weighted.entries[m].values[p], (lone ? 1.0 : 0.9) * g.entries[m].values[p],
                    1e-13 * g.entries[m].values[p]);
      if (lone) {
        EXPECT_NEAR(g.entries[0].values[p], 1.0 / std::sqrt(a.row_sum.values[p]), 1e-10);
      }
    });
  }
}

// Entry by entry: with the pivot p, G(i,i)^2 = w / p and G(i,j) = G(i,i) C(i,j) / D(j).
TEST(FactoredInverse, OfAStarHasAClosedForm) {
  for (const auto pattern : {StencilPattern::star2d, StencilPattern::star3d}) {
    const auto a = random_operator<float>(pattern, 1e10);
    const auto star = factored_star(a, 0.9f);
    const auto g = factored_inverse(random_operator<double>(pattern, 1e10), 0.9);
    const Layout& l = a.layout();
    for_each(l, [&](int i, int j, int k) {
      const std::ptrdiff_t p = l(i, j, k);
      const double diagonal = g.entries[0].values[p];
      EXPECT_NEAR(star.weight.values[p], diagonal * diagonal, 3e-6 * diagonal * diagonal);
      for (int m = 0; m < coupling_count(pattern); ++m) {
        const Offset u = upper_offset(pattern, m);
        if (!inside(l, i - u.x, j - u.y, k - u.z)) continue;
        const std::ptrdiff_t q = l(i - u.x, j - u.y, k - u.z);
        const double expected = g.entries[std::size_t(m) + 1].values[p];
        EXPECT_NEAR(diagonal * a.couplings[std::size_t(m)].values[q] * star.inverse.values[q],
                    expected, 3e-6 * expected);
      }
    });
  }
}
