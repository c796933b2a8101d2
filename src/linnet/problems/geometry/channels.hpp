// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Meandering channels along x, a picture of fluvial deposits and of fractures.
#pragma once

#include <linnet/problems/cells/domain.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace linnet::problems {

struct ChannelOptions {
  int count = 4;
  double width = 0.06; ///< over the shortest side of the domain across x
  std::uint64_t seed = 0;
  std::uint64_t sample = 0;
};

/// The channels cut at one x: strips in 2-D, discs in 3-D.
struct ChannelSection {
  std::vector<std::array<double, 2>> centers; ///< y and z
  double radius = 0.0;
  [[nodiscard]] bool contains(double y, double z) const;
};

/// Centre lines as sums of sines, kept inside the domain by reflection at its faces.
class Channels {
public:
  /// The section at x = lower + position * length, 0 <= position <= 1.
  [[nodiscard]] ChannelSection section(double position) const;

private:
  friend Channels draw_channels(const ChannelOptions&, const Domain&, int);
  static constexpr int waves = 3;
  struct Meander {
    double center = 0.5; ///< part of the side
    std::array<double, waves> amplitude{}, phase{};
    [[nodiscard]] double at(double position) const;
  };
  std::vector<std::array<Meander, 2>> lines_;
  Domain domain_;
  double radius_ = 0.0;
  int dim_ = 2;
};

/// Draws the centre lines; the same for the same options on every rank and grid.
Channels draw_channels(const ChannelOptions& options, const Domain& domain, int dim);

} // namespace linnet::problems
