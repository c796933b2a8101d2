// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// PC neural, one application at a time: the network of a file on the grid of a matrix, with the
// same bits on any number of ranks, masked to the fluid, positively homogeneous, odd on demand.
#include "neural_case.hpp"

#include <linnet/krylov/known_norm.hpp>
#include <linnet/nn/directions/conjugate_direction_graph.hpp>
#include <linnet/nn/network/network.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace linnet;
using test::DiffusionCase;
using test::grid_of;
using test::NeuralCase;

namespace {

using Values = std::vector<double>;

/// Every cell with a neighbour that is not solid either takes part.
std::vector<bool> fluid_of(const DiffusionCase& c) {
  std::vector<bool> fluid;
  const core::Index3 n = c.points;
  const auto open = [&](int i, int j, int k) {
    return i >= 0 && j >= 0 && k >= 0 && i < n[0] && j < n[1] && k < n[2] && c.kappa(i, j, k) > 0.0;
  };
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i)
        fluid.push_back(open(i, j, k) &&
                        (open(i - 1, j, k) || open(i + 1, j, k) || open(i, j - 1, k) ||
                         open(i, j + 1, k) || open(i, j, k - 1) || open(i, j, k + 1)));
  return fluid;
}

double norm_of(const Values& r) {
  double square = 0.0;
  for (const double v : r) square += v * v;
  return std::sqrt(square);
}

/// |r| f(r / |r|) by the network itself, on one rank, on the padded box.
Values expected_direction(const nn::Model& model, const DiffusionCase& c, const Values& r) {
  const nn::ResolvedGraph& g = model.graph;
  const nn::Padding padding = g.graph.padding;
  const nn::Coarsening coarsening = g.graph.coarsening;
  nn::Domain domain(PETSC_COMM_SELF, nn::working_cut(g, c.points, 1), g.levels, padding,
                    coarsening);
  nn::Network<float> network(g, domain, nn::NetworkMode::inference);
  const std::vector<bool> fluid = fluid_of(c);
  const double norm = norm_of(r), scale = 1.0 / norm;
  Values d(r.size());
  const auto visit = [&](const kernels::Tensor<float>& t, const auto& use) {
    std::size_t at = 0;
    for (int k = 0; k < c.points[2]; ++k)
      for (int j = 0; j < c.points[1]; ++j)
        for (int i = 0; i < c.points[0]; ++i, ++at)
          use(at, t.origin()[i + j * t.layout.pitch_y + k * t.layout.pitch_z]);
  };
  visit(network.input(), [&](std::size_t at, float& v) {
    v = fluid[at] ? static_cast<float>(scale * r[at]) : 0.0F;
  });
  network.forward(model.parameters);
  visit(network.output(),
        [&](std::size_t at, float& v) { d[at] = fluid[at] ? norm * static_cast<double>(v) : 0.0; });
  return d;
}

double largest(const Values& d) {
  double most = 0.0;
  for (const double v : d) most = std::max(most, std::abs(v));
  return most;
}

/// The largest |a d - e| by the largest |e|.
double difference(const Values& d, const Values& e, double a = 1.0) {
  double most = 0.0;
  for (std::size_t i = 0; i < d.size(); ++i) most = std::max(most, std::abs(a * d[i] - e[i]));
  return most / largest(e);
}

class PcNeural : public ::testing::Test {
protected:
  /// A model file in the folder of the test.
  std::string file(const nn::Model& model, const std::string& name = "model.h5") {
    nn::save_model(PETSC_COMM_WORLD, scratch_ / name, model);
    return scratch_ / name;
  }
  std::string small_file(int dimension) {
    return file(test::random_model(test::small_graph(dimension)));
  }
  test::Scratch scratch_;
};

} // namespace

TEST_F(PcNeural, TheSameBitsOnAnyRanks) {
  // Odd extents, 2:1:1 boxes, multiples of the coarsest cell, and too small for four ranks.
  const std::vector<DiffusionCase> cases = {
      grid_of(2, {13, 10, 1}),       grid_of(2, {21, 32, 1}, true), grid_of(2, {5, 6, 1}),
      grid_of(3, {16, 8, 8}, true),  grid_of(3, {9, 7, 5}),         grid_of(3, {18, 9, 9}, true),
      grid_of(3, {16, 16, 16}, true)};
  for (const int dimension : {2, 3}) {
    const nn::Model model = test::random_model(test::small_graph(dimension));
    const std::string path = file(model);
    for (const DiffusionCase& c : cases) {
      if (c.dimension != dimension) continue;
      const Values r = test::exact_values(c.points, 5);
      const NeuralCase many(PETSC_COMM_WORLD, c, path);
      const Values d = many.direction(r);
      EXPECT_EQ(d, expected_direction(model, c, r)) << c.points[0] << ' ' << c.points[1];
      EXPECT_GT(largest(d), 0.0);
    }
  }
}

TEST_F(PcNeural, PublishedNetworks) {
  for (const auto kind : {nn::ConjugateDirectionNet::dcdm64, nn::ConjugateDirectionNet::dcdm128}) {
    const nn::Model model = test::random_model(nn::conjugate_direction_graph(kind));
    const DiffusionCase c = grid_of(3, {7, 9, 5}, true);
    const Values r = test::exact_values(c.points, 6);
    const NeuralCase many(PETSC_COMM_WORLD, c, file(model));
    EXPECT_EQ(many.direction(r), expected_direction(model, c, r));
  }
}

TEST_F(PcNeural, CoarseGridsOfOddPoints) {
  for (const auto padding : {nn::Padding::zero, nn::Padding::reflect}) {
    const nn::Model model = test::random_model(test::odd_graph(padding));
    const std::string path = file(model);
    // Ends at every distance from the last coarse point; too small for four ranks.
    for (const core::Index3& n : {core::Index3{31, 32, 1}, {33, 34, 1}, {15, 16, 1}, {64, 17, 1}}) {
      const DiffusionCase c = grid_of(2, n, true);
      const Values r = test::exact_values(n, 7);
      const NeuralCase many(PETSC_COMM_WORLD, c, path);
      EXPECT_EQ(many.direction(r), expected_direction(model, c, r)) << n[0] << ' ' << n[1];
    }
  }
}

TEST_F(PcNeural, ReflectingAndPeriodicPadding) {
  for (const auto padding : {nn::Padding::reflect, nn::Padding::periodic}) {
    const nn::Model model = test::random_model(test::small_graph(2, padding));
    DiffusionCase c = grid_of(2, {24, 16, 1});
    const bool wraps = padding == nn::Padding::periodic;
    c.periodic = {wraps, wraps, false};
    const Values r = test::exact_values(c.points, 7);
    const NeuralCase many(PETSC_COMM_WORLD, c, file(model));
    EXPECT_EQ(many.direction(r), expected_direction(model, c, r));
  }
}

TEST_F(PcNeural, MaskedRowsAreExactlyZeroAndNotRead) {
  const DiffusionCase c = grid_of(3, {12, 9, 7}, true);
  const NeuralCase many(PETSC_COMM_WORLD, c, small_file(3));
  const std::vector<bool> fluid = fluid_of(c);
  Values r = test::exact_values(c.points, 8);
  const Values d = many.direction(r);
  std::size_t masked = 0, zeros = 0;
  for (std::size_t i = 0; i < r.size(); ++i) {
    if (fluid[i]) {
      if (d[i] == 0.0) ++zeros;
      continue;
    }
    ++masked;
    EXPECT_EQ(d[i], 0.0) << i;
    r[i] = -r[i]; // keeps the norm
  }
  EXPECT_GT(masked, 50U);
  EXPECT_LT(zeros, 5U); // the network's own output is hardly ever zero
  EXPECT_EQ(many.direction(r), d);
}

TEST_F(PcNeural, NewValuesOfTheMatrixMoveTheMask) {
  DiffusionCase c = grid_of(2, {14, 11, 1}, true);
  const std::string path = small_file(2);
  const NeuralCase moving(PETSC_COMM_WORLD, c, path);
  const Values r = test::exact_values(c.points, 9);
  const Values before = moving.direction(r);
  c.kappa = [](int i, int j, int) { return i > 8 && j < 4 ? 0.0 : 1.0; };
  const NeuralCase other(PETSC_COMM_WORLD, c, path);
  LINNET_CHECK(MatCopy(other.matrix(), moving.matrix(), SAME_NONZERO_PATTERN));
  const Values after = moving.direction(r);
  EXPECT_EQ(after, other.direction(r));
  EXPECT_NE(after, before);
}

TEST_F(PcNeural, IsPositivelyHomogeneous) {
  const DiffusionCase c = grid_of(3, {10, 6, 7}, true);
  const NeuralCase many(PETSC_COMM_WORLD, c, small_file(3));
  const Values r = test::exact_values(c.points, 10);
  const Values d = many.direction(r);
  const auto times = [&](double a) {
    Values s = r;
    for (double& v : s) v *= a;
    return many.direction(s);
  };
  for (const double a : {std::ldexp(1.0, -40), std::ldexp(1.0, 30)})
    EXPECT_EQ(difference(d, times(a), a), 0.0) << a; // powers of two round nothing
  // Others change the last bit of the residual in single precision, here and there.
  for (const double a : {1e-12, 0.3, 7.0, 1e12}) EXPECT_LE(difference(d, times(a), a), 1e-5) << a;
  // Far beyond what single precision holds.
  for (const double a : {1e-150, 1e150}) EXPECT_LE(difference(d, times(a), a), 1e-5) << a;
}

TEST_F(PcNeural, ZeroAndWhatIsNotFinite) {
  const DiffusionCase c = grid_of(2, {9, 12, 1}, true);
  const NeuralCase many(PETSC_COMM_WORLD, c, small_file(2));
  const Values r = test::exact_values(c.points, 11);
  EXPECT_EQ(many.direction(Values(r.size(), 0.0)), Values(r.size(), 0.0));
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity(), -HUGE_VAL}) {
    Values s = r;
    s[40] = bad;
    for (const double v : many.direction(s)) EXPECT_TRUE(std::isnan(v));
  }
  const Values again = many.direction(r); // nothing of it stays
  EXPECT_TRUE(std::isfinite(largest(again)));
  const NeuralCase fresh(PETSC_COMM_WORLD, c, scratch_ / "model.h5");
  EXPECT_EQ(again, fresh.direction(r));
}

TEST_F(PcNeural, OddOnDemand) {
  const DiffusionCase c = grid_of(3, {9, 6, 5}, true);
  const NeuralCase many(PETSC_COMM_WORLD, c, small_file(3));
  const Values r = test::exact_values(c.points, 12);
  Values opposite = r;
  for (double& v : opposite) v = -v;
  const Values plus = many.direction(r), minus = many.direction(opposite);
  EXPECT_GT(difference(plus, minus, -1.0), 0.01); // not odd by itself
  LINNET_CHECK(krylov::PCNeuralSetOdd(many.pc(), PETSC_TRUE));
  const Values odd = many.direction(r), back = many.direction(opposite);
  for (std::size_t i = 0; i < r.size(); ++i) {
    EXPECT_EQ(odd[i], -back[i]) << i;
    // Half of a difference of two values in single precision.
    EXPECT_NEAR(odd[i], 0.5 * (plus[i] - minus[i]), 1e-7 * largest(plus)) << i;
  }
}

TEST_F(PcNeural, ADeclaredGridServesAMatrixWithoutADm) {
  const DiffusionCase c = grid_of(3, {11, 7, 5}, true); // on 3 ranks the rows cut grid lines
  const std::string path = small_file(3);
  const NeuralCase many(PETSC_COMM_WORLD, c, path);
  const core::Owned<Mat> matrix = test::natural_matrix(c);
  const PetscInt points[3] = {11, 7, 5};
  PC pc = nullptr;
  Vec r = nullptr, d = nullptr;
  LINNET_CHECK(PCCreate(PETSC_COMM_WORLD, &pc));
  LINNET_CHECK(PCSetOperators(pc, matrix.get(), matrix.get()));
  LINNET_CHECK(PCSetType(pc, PCNEURAL));
  LINNET_CHECK(krylov::PCNeuralSetModel(pc, path.c_str()));
  LINNET_CHECK(krylov::PCNeuralSetGrid(pc, 3, points, nullptr));
  LINNET_CHECK(MatCreateVecs(matrix.get(), &r, &d));
  const Values values = test::exact_values(c.points, 13);
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(VecGetOwnershipRange(r, &begin, &end));
  for (PetscInt i = begin; i < end; ++i)
    LINNET_CHECK(VecSetValue(r, i, values[static_cast<std::size_t>(i)], INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(r));
  LINNET_CHECK(VecAssemblyEnd(r));
  LINNET_CHECK(PCApply(pc, r, d));
  EXPECT_EQ(test::gathered(d), many.direction(values));
  LINNET_CHECK(VecDestroy(&r));
  LINNET_CHECK(VecDestroy(&d));
  LINNET_CHECK(PCDestroy(&pc));
}

// A norm that is told holds for one application, and is the one that is used.
TEST_F(PcNeural, TakesAKnownNorm) {
  const DiffusionCase c = grid_of(2, {12, 10, 1});
  const nn::Model model = test::random_model(test::small_graph(2));
  const NeuralCase many(PETSC_COMM_WORLD, c, file(model));
  const Values r = test::exact_values(c.points, 14);
  const Values own = many.direction(r);
  LINNET_CHECK(krylov::tell_norm(many.pc(), norm_of(r)));
  EXPECT_EQ(many.direction(r), own);
  LINNET_CHECK(krylov::tell_norm(many.pc(), 8.0 * norm_of(r)));
  EXPECT_GT(difference(many.direction(r), own), 1e-3);
  EXPECT_EQ(many.direction(r), own);
}

// A kernel that reads one neighbour's images: three cells that are no fluid, of which one is held
// at zero by its neighbours' rows, one is a wall, and one a wall by the word of all but one. Rows
// at the high end of x are held, too, by nothing on the grid; a second grid, which adds zero, makes
// the network add points there.
TEST_F(PcNeural, FeaturesOfTheRows) {
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"r", "input", {}, {}},
                 {"rows", "input", {}, {{"channels", 2}, {"constant", 1}}},
                 {"c", "conv", {"rows"}, {{"channels", 1}, {"kernel", 1}, {"bias", 0}}},
                 {"d", "multiply", {"r", "c"}, {}}};
  graph.output = "d";
  DiffusionCase c = grid_of(2, {13, 10, 1});
  c.kappa = [](int i, int j, int) { return i == 4 && j == 5 ? 0.0 : 1.0 + i + 3.0 * j * j; };
  nn::Model model = test::random_model(graph);
  model.parameters(0) = 1.0F;
  model.parameters(1) = 10.0F;
  const NeuralCase one(PETSC_COMM_SELF, c, file(model)), many(PETSC_COMM_WORLD, c, file(model));
  const PetscInt rows = 130;
  std::vector<double> diagonal, sum;
  for (PetscInt row = 0; row < rows; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINNET_CHECK(MatGetRow(one.matrix(), row, &count, &columns, &values));
    diagonal.push_back(0.0);
    sum.push_back(0.0);
    for (PetscInt e = 0; e < count; ++e) {
      sum.back() += values[e];
      if (columns[e] == row) diagonal.back() = values[e];
    }
    LINNET_CHECK(MatRestoreRow(one.matrix(), row, &count, &columns, &values));
  }
  const double largest = *std::max_element(diagonal.begin(), diagonal.end());
  const Values r = test::exact_values(c.points, 5), d = many.direction(r);
  for (std::size_t i = 0; i < r.size(); ++i) {
    const bool is_solid = i == 4 + 13 * 5;
    const double features = std::log(diagonal[i] / largest) + 10.0 * sum[i] / diagonal[i];
    EXPECT_NEAR(d[i], is_solid ? 0.0 : r[i] * features, 1e-5) << i;
  }
  EXPECT_EQ(d, one.direction(r));
}

TEST_F(PcNeural, ImagesOfAirAndSolid) {
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"r", "input", {}, {}},
                 {"images", "input", {}, {{"channels", 3}}},
                 {"c", "conv", {"images"}, {{"channels", 1}, {"bias", 0}}},
                 {"p", "avg_pool", {"images"}, {}},
                 {"u", "upsample_nearest", {"p"}, {}},
                 {"z", "conv", {"u"}, {{"channels", 1}, {"bias", 0}}},
                 {"d", "add", {"c", "z"}, {}}};
  graph.output = "d";
  DiffusionCase c = grid_of(2, {13, 10, 1});
  c.dirichlet = false;
  const core::Index3 air{4, 5, 0}, wall{9, 3, 0}, mixed{7, 8, 0};
  c.kappa = [&](int i, int j, int) {
    const core::Index3 p{i, j, 0};
    return p == air || p == wall || p == mixed ? 0.0 : 1.0;
  };
  nn::Model model = test::random_model(graph);
  for (int step = 0; step < 4; ++step) { // right, left, up, down: what lies there
    const int dx[] = {1, -1, 0, 0}, dy[] = {0, 0, 1, -1};
    Kokkos::deep_copy(
        static_cast<const Kokkos::View<float*, kernels::MemorySpace>&>(model.parameters), 0.0F);
    const float code[] = {1.0F, 10.0F, 100.0F};
    for (int channel = 0; channel < 3; ++channel)
      model.parameters(static_cast<std::size_t>(9 * channel + 3 * (dy[step] + 1) + dx[step] + 1)) =
          code[channel];
    const NeuralCase many(PETSC_COMM_WORLD, c, file(model));
    DMDALocalInfo info;
    LINNET_CHECK(DMDAGetLocalInfo(many.da(), &info));
    std::vector<std::pair<int, int>> held = {{3, 5}, {5, 5}, {4, 4}, {4, 6}, {6, 8}};
    for (int y = 0; y < 10; ++y) held.emplace_back(12, y);
    for (const auto& [x, y] : held) {
      const MatStencil row{0, y, x, 0};
      const PetscScalar one = 1.0;
      if (x >= info.xs && x < info.xs + info.xm && y >= info.ys && y < info.ys + info.ym)
        LINNET_CHECK(MatSetValuesStencil(many.matrix(), 1, &row, 1, &row, &one, ADD_VALUES));
    }
    LINNET_CHECK(MatAssemblyBegin(many.matrix(), MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(MatAssemblyEnd(many.matrix(), MAT_FINAL_ASSEMBLY));
    Values r(130, 0.0);
    r[0] = 1.0;
    const Values d = many.direction(r);
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 13; ++i) {
        const int x = i + dx[step], y = j + dy[step];
        const core::Index3 here{i, j, 0}, there{x, y, 0};
        double expected = x < 0 || y < 0 || x >= 13 || y >= 10 ? 0.0 : 110.0; // fluid, not solid
        if (there == air) expected = 101.0;                                   // air, not solid
        if (there == wall || there == mixed) expected = 0.0;
        if (here == air || here == wall || here == mixed) expected = 0.0; // masked
        EXPECT_EQ(d[static_cast<std::size_t>(i + 13 * j)], expected)
            << step << ' ' << i << ' ' << j;
      }
  }
}
