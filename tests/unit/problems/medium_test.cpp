// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cell_grid_fixture.hpp"

#include <linnet/problems/diffusion/medium.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace linnet;
using problems::MediumKind;
using problems::MediumOptions;
using test::Cells;

namespace {

std::vector<double> medium(Cells& cells, const MediumOptions& o) {
  EXPECT_EQ(problems::fill_medium(cells.da, {}, o, cells.vec), 0) << problems::medium_name(o.kind);
  return cells.all();
}

MediumOptions of_kind(MediumKind kind) {
  MediumOptions o;
  o.kind = kind;
  o.contrast = 1e6;
  return o;
}

double part_of(const std::vector<double>& values, double value) {
  return static_cast<double>(std::count(values.begin(), values.end(), value)) /
         static_cast<double>(values.size());
}

} // namespace

TEST(Medium, AllKindsHaveTheSameBitsOnEveryLayout) {
  const core::Index3 n{13, 16, 11};
  for (const auto kind : {MediumKind::constant, MediumKind::lognormal, MediumKind::two_phase,
                          MediumKind::darcy, MediumKind::checkerboard, MediumKind::inclusions,
                          MediumKind::channels, MediumKind::anisotropic}) {
    Cells cells(n), other(n, {}, {1, 1, test::rank_count()});
    auto o = of_kind(kind);
    EXPECT_EQ(medium(cells, o), medium(other, o)) << problems::medium_name(kind);
  }
}

TEST(Medium, PhasesHaveTheirValues) {
  Cells cells({40, 37, 1});
  auto o = of_kind(MediumKind::two_phase);
  o.background = 2.0;
  const auto two = medium(cells, o);
  EXPECT_EQ(std::set<double>(two.begin(), two.end()), (std::set<double>{2.0, 2.0e6}));
  o.kind = MediumKind::darcy;
  const auto darcy = medium(cells, o);
  EXPECT_EQ(std::set<double>(darcy.begin(), darcy.end()), (std::set<double>{3.0, 12.0}));
  for (std::size_t c = 0; c < two.size(); ++c) EXPECT_EQ(two[c] > 3.0, darcy[c] > 4.0);
  o.seed = 1;
  EXPECT_NE(medium(cells, o), darcy);
}

TEST(Medium, InclusionsHaveAValueEach) {
  Cells cells({64, 64, 1});
  auto o = of_kind(MediumKind::inclusions);
  o.background = 2.0;
  const auto k = medium(cells, o);
  EXPECT_EQ(part_of(k, 2.0), 0.75); // squares of 8 x 8 cells
  EXPECT_EQ(std::set<double>(k.begin(), k.end()).size(), 17u);
  EXPECT_GE(*std::min_element(k.begin(), k.end()), 2.0);
  EXPECT_LE(*std::max_element(k.begin(), k.end()), 2.0e6);
  for (std::size_t c = 0; c < 8; ++c) EXPECT_EQ(k[64 * 6 + 22 + c], k[64 * 6 + 22]); // of (1,0)
  o.sample = 1;
  const auto other = medium(cells, o);
  EXPECT_NE(other, k);
  for (std::size_t c = 0; c < k.size(); ++c) EXPECT_EQ(other[c] == 2.0, k[c] == 2.0);
}

TEST(Medium, CheckerboardHasBlocks) {
  Cells cells({12, 8, 1});
  auto o = of_kind(MediumKind::checkerboard);
  o.blocks = {3, 2, 1};
  const auto k = medium(cells, o);
  EXPECT_EQ(part_of(k, 1.0), 0.5);
  for (std::size_t j = 0; j < 8; ++j)
    for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(k[12 * j + i], (i / 4 + j / 4) % 2 ? 1e6 : 1.0);
  o.blocks = {13, 2, 1};
  test::expect_line(
      test::petsc_message_of([&] { return problems::fill_medium(cells.da, {}, o, cells.vec); }),
      "-diffusion_medium_blocks");
}

TEST(Medium, ChannelsCrossTheDomain) {
  Cells cells({50, 60, 1});
  auto o = of_kind(MediumKind::channels);
  o.channels = 2, o.channel_width = 0.1;
  const auto k = medium(cells, o);
  for (std::size_t i = 0; i < 50; ++i) {
    int high = 0;
    for (std::size_t j = 0; j < 60; ++j) high += k[50 * j + i] == 1e6;
    EXPECT_GE(high, 3) << i;  // half a channel at a face
    EXPECT_LE(high, 13) << i; // two channels
  }
  Cells solid({20, 24, 22});
  const double part = part_of(medium(solid, o), 1e6);
  EXPECT_GT(part, 0.002);
  EXPECT_LT(part, 0.03); // two tubes of area pi/400
}

TEST(Medium, LognormalHasItsDeviation) {
  Cells cells({32, 32, 1});
  auto o = of_kind(MediumKind::lognormal);
  o.deviation = 2.0, o.background = 3.0, o.tau = 20.0;
  double mean = 0.0, square = 0.0;
  for (int s = 0; s < 60; ++s) {
    o.sample = static_cast<std::uint64_t>(s);
    for (const double k : medium(cells, o)) {
      const double log = std::log(k / 3.0);
      mean += log / 1024 / 60, square += log * log / 1024 / 60;
    }
  }
  EXPECT_NEAR(mean, 0.0, 1e-9);
  EXPECT_NEAR(std::sqrt(square), 2.0, 0.1);
}

TEST(Medium, Tensors) {
  auto o = of_kind(MediumKind::anisotropic);
  o.ratios = {1.0, 10.0, 100.0};
  EXPECT_EQ(problems::medium_tensor(o).diagonal, o.ratios);
  o.kind = MediumKind::rotated, o.angle = 30.0, o.ratio = 100.0;
  const auto t = problems::medium_tensor(o);
  const double c = std::sqrt(0.75), s = 0.5;
  EXPECT_NEAR(t.diagonal[0] * c + t.xy * s, c, 1e-14); // the good direction is an eigenvector to 1
  EXPECT_NEAR(t.xy * c + t.diagonal[1] * s, s, 1e-14);
  EXPECT_NEAR(t.diagonal[0] * t.diagonal[1] - t.xy * t.xy, 0.01, 1e-14);
  EXPECT_TRUE(problems::medium_tensor(of_kind(MediumKind::two_phase)).isotropic());
}

TEST(Medium, RefusesOptionsOutOfRange) {
  auto o = of_kind(MediumKind::two_phase);
  o.contrast = 1e9;
  test::expect_line(test::message_of([&] { problems::validate(o, 3); }),
                    "-diffusion_contrast = 1e+09");
  o = of_kind(MediumKind::two_phase), o.alpha = std::nan("");
  test::expect_line(test::message_of([&] { problems::validate(o, 3); }),
                    "-diffusion_medium_alpha = nan");
  o = of_kind(MediumKind::lognormal), o.alpha = 1.5;
  test::expect_line(test::message_of([&] { problems::validate(o, 3); }), "allowed: 1.55 to 20");
  o = of_kind(MediumKind::two_phase), o.tau = 0.0;
  test::expect_line(test::message_of([&] { problems::validate(o, 2); }),
                    "-diffusion_medium_tau = 0");
  o = of_kind(MediumKind::rotated);
  test::expect_line(test::message_of([&] { problems::validate(o, 3); }),
                    "rotated is for -diffusion_dim 2");
  o = of_kind(MediumKind::constant), o.background = -1.0;
  test::expect_line(test::message_of([&] { problems::validate(o, 2); }),
                    "-diffusion_medium_background = -1");
  test::expect_line(test::message_of([] { problems::medium_kind("twophase"); }),
                    "allowed: constant, lognormal, two_phase");
  EXPECT_EQ(problems::medium_kind("two_phase"), MediumKind::two_phase);
}

TEST(Medium, NamesTheFirstBadCellOnAllRanks) {
  Cells cells({9, 8, 7});
  const auto check = [&] {
    return problems::validate_conductivity(cells.da, cells.vec, "kappa of f.h5");
  };
  for (const double bad : {-2.5, 0.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    cells.set([&](int i, int j, int k) {
      return (i == 7 && j == 5 && k == 2) || (i == 1 && j == 6 && k == 2) || k == 6 ? bad : 1.0;
    });
    test::expect_line(test::petsc_message_of(check), "at cell (7,5,2)");
    test::expect_line(test::petsc_message_of(check), "kappa of f.h5 is ");
  }
  auto o = of_kind(MediumKind::file);
  test::expect_line(
      test::petsc_message_of([&] { return problems::fill_medium(cells.da, {}, o, cells.vec); }),
      "(7,5,2)");
  cells.set([](int, int, int) { return 4.0; });
  EXPECT_EQ(check(), 0);
  EXPECT_EQ(medium(cells, o), std::vector<double>(504, 4.0));
}
