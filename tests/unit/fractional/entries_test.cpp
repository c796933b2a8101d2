// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Splines, entries and symbols: against values with 200 digits (make_reference.py), identities and
// limits.
#include <linnet/core/error.hpp>
#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/riesz_symbol.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <numbers>

using namespace linnet;
using namespace linnet::fractional;

namespace {

nlohmann::json reference() {
  std::ifstream file(LINNET_REFERENCE);
  return nlohmann::json::parse(file);
}

} // namespace

TEST(SplineBasis, SumsToOneAndVanishesAtTheEnds) {
  for (int p = least_degree; p <= most_degree; ++p) {
    const SplineBasis basis(p + 4, p);
    for (double x = 0.0; x <= p + 4.0; x += 0.125) {
      const auto v = basis.values(x);
      double sum = 0.0;
      for (int k = 0; k < v.count; ++k) sum += v.value[std::size_t(k)];
      // The two that are left out live on the first and the last span.
      if (x >= 1.0 && x <= p + 3.0) {
        EXPECT_NEAR(sum, 1.0, 1e-14) << p << ' ' << x;
      }
      if (x == 0.0 || x == p + 4.0) {
        EXPECT_NEAR(sum, 0.0, 1e-15) << p;
      }
    }
  }
}

// Linear functions are reproduced by their values at the Greville points.
TEST(SplineBasis, GrevillePointsReproduceX) {
  for (int p = least_degree; p <= most_degree; ++p) {
    const SplineBasis basis(p + 6, p);
    for (double x = 1.0; x <= p + 5.0; x += 0.375) {
      const auto v = basis.values(x);
      double sum = 0.0;
      for (int k = 0; k < v.count; ++k)
        sum += v.value[std::size_t(k)] * basis.greville(v.first + k);
      EXPECT_NEAR(sum, x, 1e-13) << p;
    }
  }
}

TEST(SplineBasis, PiecesHaveTheValuesAndTheDerivatives) {
  for (int p = least_degree; p <= most_degree; ++p) {
    const SplineBasis basis(p + 3, p);
    for (long j = 0; j < basis.unknowns(); ++j) {
      const auto pieces = basis.pieces(j), slopes = basis.pieces(j, 1);
      for (std::size_t s = 0; s < pieces.size(); ++s) {
        const double x = 0.7 * pieces[s].begin + 0.3 * pieces[s].end, h = 1e-5;
        const auto v = basis.values(x);
        EXPECT_NEAR(pieces[s](x), v.value[std::size_t(j - v.first)], 1e-14) << p << ' ' << j;
        EXPECT_NEAR(slopes[s](x), (pieces[s](x + h) - pieces[s](x - h)) / (2 * h), 1e-8);
      }
    }
  }
}

TEST(RieszEntries, EqualTheReference) {
  const auto all = reference();
  ASSERT_EQ(all.at("matrices").size(), 22u);
  for (const auto& e : all.at("matrices")) {
    const RieszEntries entries(SplineBasis(e["spans"].get<long>(), e["degree"].get<int>()),
                               e["alpha"].get<double>());
    const long n = entries.basis().unknowns();
    const auto rows = dense_rows({{&entries, 1.0}}, 0, n);
    double largest = 0.0, error = 0.0, one_by_one = 0.0;
    for (long i = 0; i < n; ++i)
      for (long j = 0; j < n; ++j) {
        const double expected = e["values"][std::size_t(i)][std::size_t(j)].get<double>();
        largest = std::max(largest, std::abs(expected));
        error = std::max(error, std::abs(rows[std::size_t(i * n + j)] - expected));
        one_by_one = std::max(one_by_one, std::abs(entry(entries, i, j) - expected));
      }
    EXPECT_LE(error, 1e-13 * largest) << e["degree"] << ' ' << e["alpha"];
    EXPECT_LE(one_by_one, 1e-13 * largest) << e["degree"] << ' ' << e["alpha"];
  }
}

// Truncated powers in double precision are wrong by more than 1e-6 from some ten points on.
TEST(RieszEntries, KeepAllDigitsFarAway) {
  const auto all = reference();
  ASSERT_EQ(all.at("toeplitz").size(), 42u);
  for (const auto& e : all.at("toeplitz")) {
    const int p = e["degree"].get<int>();
    const RieszEntries entries(SplineBasis(p + 1, p), e["alpha"].get<double>());
    const auto near = entries.toeplitz(0, 21);
    for (std::size_t k = 0; k < near.size(); ++k)
      EXPECT_NEAR(near[k], e["near"][k].get<double>(), 2e-14 * std::abs(near[0])) << p << ' ' << k;
    for (std::size_t m = 0; m < e["far"].size(); ++m) {
      const long k = e["far_at"][m].get<long>();
      const double expected = e["far"][m].get<double>();
      EXPECT_NEAR(entries.toeplitz(k, k + 1)[0], expected, 2e-14 * std::abs(expected)) << p;
    }
  }
}

TEST(RieszEntries, KeepAllDigitsInTheBorder) {
  const auto all = reference();
  ASSERT_EQ(all.at("border").size(), 4u);
  for (const auto& e : all.at("border")) {
    const int p = e["degree"].get<int>();
    const RieszEntries entries(SplineBasis(e["spans"].get<long>(), p), e["alpha"].get<double>());
    for (int j = 0; j < p - 1; ++j)
      for (std::size_t k = 0; k < e["places"].size(); ++k) {
        const long far = e["places"][k].get<long>();
        const double in_column = e["columns"][std::size_t(j)][k].get<double>(),
                     in_row = e["rows"][std::size_t(j)][k].get<double>();
        EXPECT_NEAR(entries.column(j, far, far + 1)[0], in_column, 2e-14 * std::abs(in_column))
            << p << ' ' << j << ' ' << far;
        EXPECT_NEAR(entries.row(j, far, far + 1)[0], in_row, 2e-14 * std::abs(in_row))
            << p << ' ' << j << ' ' << far;
      }
  }
}

// Next to the left end they are the same on every grid.
TEST(RieszEntries, OfTheCornerDoNotDependOnTheSize) {
  for (const int p : {2, 3, 5, 8, 15}) {
    const RieszEntries small(SplineBasis(64, p), 1.5), large(SplineBasis(1L << 20, p), 1.5);
    for (int j = 0; j < p - 1; ++j) {
      const auto one = small.column(j, 0, 20), other = large.column(j, 0, 20);
      for (std::size_t i = 0; i < one.size(); ++i)
        EXPECT_NEAR(one[i], other[i], 1e-14 * std::abs(one[std::size_t(j)])) << p << ' ' << j;
    }
  }
}

// As alpha -> 2 the operator is the negative second derivative.
TEST(RieszEntries, TendToTheLaplacian) {
  const SplineBasis basis(12, 4);
  const RieszEntries entries(basis, most_order);
  for (long j = 0; j < basis.unknowns(); ++j) {
    const auto second = basis.pieces(j, 2);
    for (long i = 0; i < basis.unknowns(); ++i) {
      const double x = basis.greville(i);
      double expected = 0.0;
      for (const auto& piece : second)
        if (x >= piece.begin && x <= piece.end) expected = -piece(x);
      EXPECT_NEAR(entry(entries, i, j), expected, 2e-2) << i << ' ' << j;
    }
  }
}

TEST(RieszEntries, RefuseOrdersOutOfBounds) {
  const SplineBasis basis(8, 3);
  for (const double alpha : {1.0, 2.0, 0.5, 2.5, 1.0005, double(NAN)})
    EXPECT_THROW(RieszEntries(basis, alpha), core::Error) << alpha;
  EXPECT_THROW(SplineBasis(8, 1), core::Error);
  EXPECT_THROW(SplineBasis(8, 16), core::Error);
  EXPECT_THROW(SplineBasis(3, 3), core::Error);
}

// The symbol is the Fourier series of the entries; what is left out oscillates and is of the order
// of the next one, k^(-1-alpha).
TEST(Symbol, IsTheSumOfTheEntries) {
  for (const int p : {2, 3, 5, 8, 15})
    for (const double alpha : {1.1, 1.5, 1.9}) {
      const long terms = 200000;
      const SplineBasis basis(p + 1, p);
      const auto t = RieszEntries(basis, alpha).toeplitz(0, terms);
      const auto m = MassEntries(basis).toeplitz(0, terms);
      for (const double theta : {0.5, 1.0, 2.0, 3.0}) {
        double f = t[0], h = m[0];
        for (long k = terms - 1; k > 0; --k) {
          f += 2.0 * t[std::size_t(k)] * std::cos(double(k) * theta);
          h += 2.0 * m[std::size_t(k)] * std::cos(double(k) * theta);
        }
        EXPECT_NEAR(riesz_symbol(p, alpha, theta), f, 1e-10) << p << ' ' << alpha << ' ' << theta;
        EXPECT_NEAR(mass_symbol(p, theta), h, 1e-13) << p << ' ' << theta;
      }
    }
}

TEST(Symbol, HasAZeroOfOrderAlphaAndDecaysAtPi) {
  constexpr double pi = std::numbers::pi;
  for (const double alpha : {1.2, 1.5, 1.8})
    for (int p = 2; p <= 15; ++p) {
      const double t = 1e-3;
      // The other terms of the sum are of the order of t^(p+1).
      EXPECT_NEAR(riesz_symbol(p, alpha, t) / std::pow(t, alpha), 1.0 - (p + 1) * t * t / 24,
                  1e-10 + std::pow(t, p + 1 - alpha));
      EXPECT_EQ(riesz_symbol(p, alpha, 0.0), 0.0);
      EXPECT_DOUBLE_EQ(riesz_symbol(p, alpha, -1.0), riesz_symbol(p, alpha, 1.0));
      if (p >= 8) {
        const double decay = riesz_symbol(p, alpha, pi) / riesz_symbol(p, alpha, pi / 2);
        EXPECT_NEAR(decay / std::pow(2.0, alpha + 0.5 * (1 - p)), 1.0, 0.1) << p;
      }
    }
}
