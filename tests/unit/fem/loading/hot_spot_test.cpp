// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/hot_spot.hpp>

#include <gtest/gtest.h>

#include <cmath>

using linnet::fem::HotSpot;
using linnet::fem::TwistedBlade;

TEST(HotSpot, FollowsItsDefinition) {
  HotSpot spot;
  spot.chord = 0.05, spot.span = 0.5, spot.rise = 280;
  EXPECT_DOUBLE_EQ(spot(0.05, 0.5), 600 + 200 + 280);
  EXPECT_NEAR(spot(0.05 + 0.18, 0.5), 800 + 280 * std::exp(-0.5), 1e-10);
  EXPECT_NEAR(spot(0.05, 0.5 - 0.16),
              600 + 200 * std::sin(M_PI * (0.9 * 0.34 + 0.05)) + 280 * std::exp(-0.5), 1e-10);
  spot.rise = 0;
  EXPECT_NEAR(spot(0.7, 0.0), 600 + 200 * std::sin(0.05 * M_PI), 1e-10);
  EXPECT_NEAR(spot(0.7, 2.0), 600, 1e-10); // clipped at sin(pi)
}

TEST(HotSpot, TwistIsUndone) {
  const TwistedBlade blade{20, 40, 15};
  for (const double xi : {0.0, 0.3, 1.0})
    for (const double zeta : {0.0, 0.4, 1.0}) {
      const double angle = 15 * M_PI / 180 * zeta, x = 20 * (xi - 0.5), y = 1.7;
      const auto found = blade.coordinates({std::cos(angle) * x - std::sin(angle) * y,
                                            std::sin(angle) * x + std::cos(angle) * y, 40 * zeta});
      EXPECT_NEAR(found[0], xi, 1e-14);
      EXPECT_NEAR(found[1], zeta, 1e-14);
    }
}
