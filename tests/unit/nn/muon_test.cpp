// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Newton-Schulz on the singular values, and steps of Muon beside plain loops.
#include "buffers.hpp"

#include <linnet/core/petsc.hpp>
#include <linnet/nn/training/newton_schulz.hpp>
#include <linnet/nn/training/optimiser.hpp>

#include <petscblaslapack.h>

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numeric>

using namespace linnet;
using namespace linnet::tests;
using nn::OptimiserOptions;
using nn::OptimiserType;
using nn::ParameterLayout;
using nn::ParameterRole;

namespace {

using Values = std::vector<double>;

/// Row-major, of rows x columns, Frobenius norm 1.
Values random_matrix(std::size_t rows, std::size_t columns) {
  const core::RandomStream random(11, rows);
  Values x(rows * columns);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = random.normal(i);
  const double norm = std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
  for (double& v : x) v /= norm;
  return x;
}

struct Svd {
  Values u, s, vt;
};

/// x = u diag(s) vt in LAPACK's order of columns, of the transpose of the row-major @p x.
Svd svd(Values x, std::size_t rows, std::size_t columns) {
  const auto m = static_cast<PetscBLASInt>(columns), n = static_cast<PetscBLASInt>(rows);
  const PetscBLASInt k = std::min(m, n);
  Svd result{Values(columns * static_cast<std::size_t>(k)), Values(static_cast<std::size_t>(k)),
             Values(static_cast<std::size_t>(k) * rows)};
  Values work(20 * (rows + columns));
  const auto room = static_cast<PetscBLASInt>(work.size());
  PetscBLASInt info = 0;
  LAPACKgesvd_("S", "S", &m, &n, x.data(), &m, result.s.data(), result.u.data(), &m,
               result.vt.data(), &k, work.data(), &room, &info);
  EXPECT_EQ(info, 0);
  return result;
}

/// The polynomial of one step on a singular value, five times.
double five_steps(double s) {
  for (int step = 0; step < 5; ++step)
    s = 3.4445 * s - 4.7750 * std::pow(s, 3) + 2.0315 * std::pow(s, 5);
  return s;
}

/// u f(s) vt for the row-major @p x, by plain loops.
Values orthogonalised(const Values& x, std::size_t rows, std::size_t columns) {
  const Svd d = svd(x, rows, columns);
  const std::size_t k = d.s.size();
  Values y(x.size(), 0.0);
  for (std::size_t p = 0; p < k; ++p)
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j)
        y[i * columns + j] += d.u[p * columns + j] * five_steps(d.s[p]) * d.vt[i * k + p];
  return y;
}

double largest_difference(const Values& a, const Values& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

ParameterLayout layout_of_matrices() {
  ParameterLayout layout;
  add_block(layout, "wide", {6, 17}, ParameterRole::weight);
  add_block(layout, "bias", {6}, ParameterRole::bias);
  add_block(layout, "kernel", {19, 2, 3}, ParameterRole::weight);
  add_block(layout, "vector", {9}, ParameterRole::weight);
  add_block(layout, "scale", {3, 3}, ParameterRole::scale);
  return layout;
}

/// Parameters after @p gradients with the rate 0.1.
Values after_steps(const OptimiserOptions& options, const ParameterLayout& layout,
                   const std::vector<Values>& gradients) {
  const auto optimiser = nn::make_optimiser<double>(options, layout);
  const auto parameters = buffer(layout, noise<double>(layout, 0));
  for (const Values& g : gradients) optimiser->step(parameters, buffer(layout, g), 0.1);
  EXPECT_TRUE(has_clean_gaps(layout, values_of(parameters)));
  return values_of(parameters);
}

OptimiserOptions muon() {
  OptimiserOptions options;
  options.type = OptimiserType::muon;
  return options;
}

Values times(Values values, double factor) {
  for (double& v : values) v *= factor;
  return values;
}

} // namespace

TEST(NewtonSchulz, BringsSingularValuesNearOne) {
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{24, 40}, {40, 24}}) {
    Values x = random_matrix(rows, columns);
    nn::NewtonSchulz<double>().apply(x.data(), static_cast<std::int64_t>(rows),
                                     static_cast<std::int64_t>(columns));
    for (const double s : svd(x, rows, columns).s) {
      EXPECT_GT(s, 0.6);
      EXPECT_LT(s, 1.3);
    }
  }
}

// Small singular values grow by up to 3.4445^5 = 485, and rounding errors with them.
TEST(NewtonSchulz, IsThePolynomialOfTheSingularValues) {
  nn::NewtonSchulz<double> twice;
  nn::NewtonSchulz<float> single;
  for (const auto& [rows, columns] :
       {std::pair<std::size_t, std::size_t>{5, 5}, {7, 12}, {12, 7}, {1, 9}, {9, 1}}) {
    const Values start = random_matrix(rows, columns);
    const Values expected = orthogonalised(start, rows, columns);
    const auto m = static_cast<std::int64_t>(rows), n = static_cast<std::int64_t>(columns);
    Values x = start;
    twice.apply(x.data(), m, n);
    EXPECT_LT(largest_difference(x, expected), 485 * 20 * 1.1e-16) << rows << " x " << columns;
    std::vector<float> y(start.begin(), start.end());
    single.apply(y.data(), m, n);
    EXPECT_LT(largest_difference(Values(y.begin(), y.end()), expected), 485 * 20 * 6e-8);
  }
}

TEST(Muon, TwoStepsAreTheFormulas) {
  const ParameterLayout layout = layout_of_matrices();
  const Values g1 = noise<double>(layout, 1), g2 = noise<double>(layout, 2, 3.0);
  OptimiserOptions options = muon();
  options.weight_decay = 0.3;
  const Values values = after_steps(options, layout, {g1, g2});
  options.type = OptimiserType::adamw;
  const Values of_adamw = after_steps(options, layout, {g1, g2});
  const Values start = noise<double>(layout, 0);
  for (const nn::ParameterBlock& block : layout.blocks()) {
    const auto part = [&](const Values& all) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(block.offset);
      return Values(first, first + static_cast<std::ptrdiff_t>(block.size()));
    };
    Values expected = part(of_adamw);
    if (block.name == "wide" || block.name == "kernel") {
      const auto rows = static_cast<std::size_t>(block.shape[0]);
      const std::size_t columns = block.size() / rows;
      expected = part(start);
      Values momentum(block.size(), 0.0);
      for (const Values& g : {part(g1), part(g2)}) {
        for (std::size_t i = 0; i < g.size(); ++i) momentum[i] = 0.95 * momentum[i] + g[i];
        const double norm =
            std::sqrt(std::inner_product(momentum.begin(), momentum.end(), momentum.begin(), 0.0));
        const Values turn = orthogonalised(times(momentum, 1.0 / norm), rows, columns);
        const double longer = static_cast<double>(std::max(rows, columns));
        for (std::size_t i = 0; i < g.size(); ++i)
          expected[i] = (1.0 - 0.1 * 0.3) * expected[i] - 0.1 * 0.2 * std::sqrt(longer) * turn[i];
      }
      EXPECT_LT(largest_difference(part(values), expected), 485 * 20 * 1.1e-16) << block.name;
    } else {
      EXPECT_EQ(part(values), expected) << block.name;
    }
  }
}

TEST(Muon, DoesNotSeeTheLengthOfTheGradient) {
  ParameterLayout layout;
  add_block(layout, "weight", {12, 20}, ParameterRole::weight);
  const Values g1 = noise<double>(layout, 1), g2 = noise<double>(layout, 2);
  const Values values = after_steps(muon(), layout, {g1, g2});
  // A power of two changes no digit, another factor rounding errors only.
  EXPECT_EQ(values, after_steps(muon(), layout, {times(g1, 0x1p-40), times(g2, 0x1p-40)}));
  const Values scaled = after_steps(muon(), layout, {times(g1, 3000.0), times(g2, 3000.0)});
  EXPECT_LT(largest_difference(values, scaled), 485 * 20 * 1.1e-16);
  EXPECT_GT(largest_difference(values, noise<double>(layout, 0)), 0.01);
}

TEST(Muon, ZeroGradientsOnlyDecay) {
  ParameterLayout layout;
  add_block(layout, "weight", {4, 5}, ParameterRole::weight);
  OptimiserOptions options = muon();
  options.weight_decay = 0.5;
  const Values values = after_steps(options, layout, {Values(layout.size(), 0.0)});
  EXPECT_LT(largest_difference(values, times(noise<double>(layout, 0), 0.95)), 1e-15);
}
