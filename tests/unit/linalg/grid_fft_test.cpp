// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Transforms of grids against the sums that define them, and back.
#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/linalg/grid_fft.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

using namespace linnet;

TEST(GridFft, IsItsDefinitionAndGoesBack) {
  for (const core::Index3& n : {core::Index3{5, 4, 3}, core::Index3{6, 3, 1}, core::Index3{7, 1, 1},
                                core::Index3{1, 1, 1}}) {
    linalg::GridFft fft(n);
    std::vector<double> values;
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(core::volume(n)); ++i)
      values.push_back(core::RandomStream(1, 0).normal(i));
    std::copy(values.begin(), values.end(), fft.values());
    fft.forward();
    const core::Index3 m = fft.spectrum_points();
    const double rounding = 1e-13 * std::sqrt(static_cast<double>(values.size()));
    for (int kz = 0; kz < m[2]; ++kz)
      for (int ky = 0; ky < m[1]; ++ky)
        for (int kx = 0; kx < m[0]; ++kx) {
          std::complex<double> sum = 0.0;
          for (int z = 0; z < n[2]; ++z)
            for (int y = 0; y < n[1]; ++y)
              for (int x = 0; x < n[0]; ++x) {
                const double turns = static_cast<double>(kx * x) / n[0] +
                                     static_cast<double>(ky * y) / n[1] +
                                     static_cast<double>(kz * z) / n[2];
                sum += values[static_cast<std::size_t>((z * n[1] + y) * n[0] + x)] *
                       std::polar(1.0, -2.0 * std::numbers::pi * turns);
              }
          EXPECT_LE(std::abs(fft.spectrum()[(kz * m[1] + ky) * m[0] + kx] - sum), rounding);
        }
    fft.backward();
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(fft.values()[i], static_cast<double>(values.size()) * values[i],
                  rounding * static_cast<double>(values.size()));
  }
}

TEST(GridFft, RefusesNoPoints) { EXPECT_THROW(linalg::GridFft({4, 0, 1}), core::Error); }
