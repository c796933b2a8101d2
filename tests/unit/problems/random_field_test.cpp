// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cell_grid_fixture.hpp"

#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/problems/random/random_field.hpp>

#include <cmath>
#include <numbers>

using namespace linnet;
using problems::RandomFieldOptions;
using test::Cells;

namespace {

std::vector<double> field(Cells& cells, const core::Real3& lengths, const RandomFieldOptions& o) {
  EXPECT_EQ(problems::fill_random_field(cells.da, lengths, o, cells.vec), 0);
  return cells.all();
}

/// The same on this rank alone: cut by nobody.
std::vector<double> field_alone(PetscInt dim, const core::Index3& n, const RandomFieldOptions& o) {
  DM da;
  Vec vec;
  LINNET_CHECK(DMDACreate(PETSC_COMM_SELF, &da));
  LINNET_CHECK(DMSetDimension(da, dim));
  LINNET_CHECK(DMDASetSizes(da, n[0], n[1], n[2]));
  LINNET_CHECK(DMDASetDof(da, 1));
  LINNET_CHECK(DMDASetStencilWidth(da, 1));
  const core::Owned<DM> owned_da(da);
  LINNET_CHECK(DMSetUp(da));
  LINNET_CHECK(DMCreateGlobalVector(da, &vec));
  const core::Owned<Vec> owned_vec(vec);
  EXPECT_EQ(problems::fill_random_field(da, {1, 1, 1}, o, vec), 0);
  const problems::ConstCellValues v(vec);
  std::vector<double> values;
  for (std::ptrdiff_t c = 0; c < core::volume(n); ++c) values.push_back(v[c]);
  return values;
}

/// The sum of the header at one cell, term by term.
double by_definition(const core::Index3& n, const core::Real3& lengths, const RandomFieldOptions& o,
                     int dim, const core::Index3& cell) {
  const core::RandomStream stream(o.seed, o.sample);
  double volume = 1.0, sum = 0.0;
  for (int d = 0; d < dim; ++d) volume *= lengths[d];
  problems::visit_cells({{0, 0, 0}, n}, [&](int i, int j, int k) {
    if (i + j + k == 0) return;
    const core::Index3 mode{i, j, k};
    double q = o.tau * o.tau, phi = 1.0;
    for (int d = 0; d < dim; ++d) {
      const bool nodes = o.points == problems::FieldPoints::nodes;
      const double x = nodes ? cell[d] / (n[d] - 1.0) : (cell[d] + 0.5) / n[d];
      q += std::pow(std::numbers::pi * mode[d] / lengths[d], 2);
      if (mode[d] > 0) phi *= std::sqrt(2.0) * std::cos(std::numbers::pi * mode[d] * x);
    }
    const auto index = static_cast<std::uint64_t>(i) + (static_cast<std::uint64_t>(j) << 21) +
                       (static_cast<std::uint64_t>(k) << 42);
    sum += std::pow(o.tau, o.alpha - 0.5 * dim) * std::pow(q, -0.5 * o.alpha) *
           stream.normal(index) * phi;
  });
  return sum / std::sqrt(volume);
}

void expect_definition(problems::FieldPoints points) {
  const RandomFieldOptions o{1.7, 4.0, 11, 2, points};
  const core::Real3 lengths{1.0, 2.0, 0.5};
  for (const core::Index3 n : {core::Index3{7, 12, 1}, core::Index3{5, 9, 8},
                               core::Index3{31, 4, 1}, core::Index3{1, 13, 6}}) {
    Cells cells(n, {}, {PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE});
    const auto g = field(cells, lengths, o);
    const int dim = cells.grid.dim;
    for (const core::Index3 c : {core::Index3{0, 0, 0}, core::Index3{n[0] - 1, 2, n[2] - 1},
                                 core::Index3{n[0] / 2, 3, n[2] / 2}})
      EXPECT_NEAR(g[static_cast<std::size_t>(cells.grid.natural_index(c[0], c[1], c[2]))],
                  by_definition(n, lengths, o, dim, c), 1e-12);
  }
}

} // namespace

TEST(RandomField, IsTheSumOfItsDefinition) {
  expect_definition(problems::FieldPoints::cell_centers);
  expect_definition(problems::FieldPoints::nodes);
}

TEST(RandomField, HasTheSameBitsOnEveryLayout) {
  const RandomFieldOptions o{2.0, 3.0, 5, 0};
  const core::Index3 n{17, 23, 12};
  Cells cells(n);
  const auto reference = test::hash(field(cells, {1, 1, 1}, o));
  for (int d = 0; d < 3; ++d) {
    core::Index3 parts{1, 1, 1};
    parts[d] = test::rank_count();
    Cells other(n, {}, parts);
    EXPECT_EQ(test::hash(field(other, {1, 1, 1}, o)), reference) << "cut along " << d;
  }
  EXPECT_EQ(reference, test::hash(field_alone(3, n, o)));
}

TEST(RandomField, MoreRanksThanLines) {
  const RandomFieldOptions o{2.0, 3.0, 5, 0};
  Cells cells({64, 2, 1}, {}, {test::rank_count(), 1, 1}, 2);
  const auto g = field(cells, {1, 1, 1}, o);
  EXPECT_NEAR(g[64 + 40], by_definition({64, 2, 1}, {1, 1, 1}, o, 2, {40, 1, 0}), 1e-12);
}

// Three times finer: the centre of every coarse cell is the centre of a fine one.
TEST(RandomField, RefinementKeepsTheField) {
  const RandomFieldOptions o{4.0, 3.0, 3, 0};
  Cells coarse({21, 21, 1}), fine({63, 63, 1});
  const auto a = field(coarse, {1, 1, 1}, o), b = field(fine, {1, 1, 1}, o);
  double difference = 0.0, size = 0.0;
  for (std::size_t j = 0; j < 21; ++j)
    for (std::size_t i = 0; i < 21; ++i) {
      difference += std::pow(a[21 * j + i] - b[63 * (3 * j + 1) + 3 * i + 1], 2);
      size += a[21 * j + i] * a[21 * j + i];
    }
  EXPECT_LT(std::sqrt(difference / size), 0.01);
}

// The nodes of the coarse grid are nodes of the fine one.
TEST(RandomField, RefinementKeepsTheFieldAtNodes) {
  const RandomFieldOptions o{4.0, 3.0, 3, 0, problems::FieldPoints::nodes};
  Cells coarse({21, 21, 1}), fine({61, 61, 1});
  const auto a = field(coarse, {1, 1, 1}, o), b = field(fine, {1, 1, 1}, o);
  double difference = 0.0, size = 0.0;
  for (std::size_t j = 0; j < 21; ++j)
    for (std::size_t i = 0; i < 21; ++i) {
      difference += std::pow(a[21 * j + i] - b[61 * 3 * j + 3 * i], 2);
      size += a[21 * j + i] * a[21 * j + i];
    }
  EXPECT_LT(std::sqrt(difference / size), 0.01);
}

// Mean square of a mode over its eigenvalue, over rings of wave numbers. At nodes the cosines are
// orthogonal with half the weight at either end.
TEST(RandomField, HasItsSpectrumAtNodes) {
  constexpr int n = 17, draws = 500;
  RandomFieldOptions o{2.0, std::sqrt(20.0), 4, 0, problems::FieldPoints::nodes};
  std::array<std::array<double, n>, n> wave{};
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      wave[k][i] = (i == 0 || i == n - 1 ? 0.5 : 1.0) / (n - 1) * (k > 0 ? std::sqrt(2.0) : 1.0) *
                   std::cos(std::numbers::pi * static_cast<double>(k * i) / (n - 1));
  std::array<double, 3> sum{}, count{};
  for (std::uint64_t s = 0; s < draws; ++s) {
    o.sample = s;
    const auto g = field_alone(2, {n, n, 1}, o);
    for (std::size_t l = 0; l < 8; ++l) {
      std::array<double, n> line{};
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t i = 0; i < n; ++i) line[i] += wave[l][j] * g[n * j + i];
      for (std::size_t k = 0; k < 8; ++k) {
        double mode = 0.0;
        for (std::size_t i = 0; i < n; ++i) mode += wave[k][i] * line[i];
        const auto square = static_cast<double>(k * k + l * l);
        if (square == 0.0) {
          EXPECT_NEAR(mode, 0.0, 1e-13);
          continue;
        }
        const double pi2 = std::numbers::pi * std::numbers::pi;
        const double eigenvalue = o.tau * o.tau * std::pow(pi2 * square + 20.0, -2.0);
        const std::size_t ring = square <= 10 ? 0 : square <= 40 ? 1 : 2;
        sum[ring] += mode * mode / eigenvalue, count[ring] += 1.0;
      }
    }
  }
  // Of 4500 independent modes or more: one standard deviation is 2 % or less.
  for (std::size_t ring = 0; ring < 3; ++ring) EXPECT_NEAR(sum[ring] / count[ring], 1.0, 0.05);
}

TEST(RandomField, VarianceOverDrawsIsTheSpectrum) {
  Cells cells({16, 16, 16});
  const core::Real3 lengths{1.0, 1.0, 1.0};
  RandomFieldOptions o{3.0, 5.0, 1, 0};
  // Over draws: total variance, and that of the modes (1,0,0) and (2,1,0) by projection.
  double total = 0.0, mode1 = 0.0, mode2 = 0.0;
  constexpr int draws = 1500;
  const auto wave = [](int k, int i) {
    return k == 0 ? 1.0 : std::sqrt(2.0) * std::cos(std::numbers::pi * k * (i + 0.5) / 16);
  };
  for (int s = 0; s < draws; ++s) {
    o.sample = static_cast<std::uint64_t>(s);
    ASSERT_EQ(problems::fill_random_field(cells.da, lengths, o, cells.vec), 0);
    std::array<double, 3> sums{};
    {
      const problems::ConstCellValues v(cells.vec);
      std::ptrdiff_t place = 0;
      problems::visit_cells(cells.grid.box, [&](int i, int j, int) {
        const double g = v[place++];
        sums[0] += g * g, sums[1] += g * wave(1, i), sums[2] += g * wave(2, i) * wave(1, j);
      });
    }
    MPI_Allreduce(MPI_IN_PLACE, sums.data(), 3, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
    total += sums[0] / 4096, mode1 += std::pow(sums[1] / 4096, 2),
        mode2 += std::pow(sums[2] / 4096, 2);
  }
  const auto eigenvalue = [&](double k2) {
    return std::pow(o.tau, 3.0) *
           std::pow(std::numbers::pi * std::numbers::pi * k2 + o.tau * o.tau, -3.0);
  };
  EXPECT_NEAR(total / draws / std::pow(problems::random_field_deviation(3, lengths, o), 2), 1.0,
              0.05);
  // chi^2 with 1500 draws: one standard deviation is 3.7 %.
  EXPECT_NEAR(mode1 / draws / eigenvalue(1.0), 1.0, 0.11);
  EXPECT_NEAR(mode2 / draws / eigenvalue(5.0), 1.0, 0.11);
}

TEST(RandomField, DeviationIsTheConvergedSumOfModes) {
  const RandomFieldOptions o{1.3, 6.0, 0, 0};
  const core::Real3 lengths{2.0, 1.0, 1.0};
  double sum = 0.0;
  constexpr int most = 3000; // the tail beyond falls as most^(2 - 2 alpha): 1.5 % of the sum
  for (int j = 0; j < most; ++j)
    for (int i = 0; i < 2 * most; ++i) {
      const double q = std::pow(std::numbers::pi * i / 2.0, 2) + std::pow(std::numbers::pi * j, 2);
      if (i + j) sum += std::pow(1.0 + q / 36.0, -1.3) / 36.0 / 2.0;
    }
  const double deviation = problems::random_field_deviation(2, lengths, o);
  EXPECT_GT(deviation * deviation, sum);
  EXPECT_LT(deviation * deviation, 1.03 * sum);
}

TEST(RandomField, SignsAreBalanced) {
  double positive = 0.0;
  constexpr int draws = 200;
  Cells cells({32, 32, 1});
  for (int s = 0; s < draws; ++s) {
    const auto g = field(cells, {1, 1, 1}, {2.0, 5.0, 77, static_cast<std::uint64_t>(s)});
    for (const double v : g) positive += v >= 0.0;
  }
  EXPECT_NEAR(positive / draws / 1024, 0.5, 0.02);
}

TEST(RandomField, RefusesBadParameters) {
  Cells cells({8, 8, 1});
  for (const RandomFieldOptions o : {RandomFieldOptions{0.0, 3.0}, RandomFieldOptions{2.0, -1.0},
                                     RandomFieldOptions{std::nan(""), 3.0}})
    test::expect_line(test::petsc_message_of([&] {
                        return problems::fill_random_field(cells.da, {1, 1, 1}, o, cells.vec);
                      }),
                      "must be positive");
  test::expect_line(test::message_of([] {
                      problems::random_field_deviation(3, {1, 1, 1}, {1.5, 3.0});
                    }),
                    "raise it above 1.5");
}
