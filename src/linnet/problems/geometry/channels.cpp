// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/channels.hpp>

#include <linnet/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

// Streams of one seed by purpose: random fields take the plain sample numbers.
constexpr std::uint64_t channel_stream = std::uint64_t{1} << 56;

/// Folds the line onto [0,1] as mirrors at both ends do.
double reflect(double value) {
  const double t = std::fmod(std::fabs(value), 2.0);
  return t > 1.0 ? 2.0 - t : t;
}

} // namespace

bool ChannelSection::contains(double y, double z) const {
  return std::any_of(centers.begin(), centers.end(), [&](const auto& c) {
    return (y - c[0]) * (y - c[0]) + (z - c[1]) * (z - c[1]) < radius * radius;
  });
}

double Channels::Meander::at(double position) const {
  double value = center;
  for (int w = 0; w < waves; ++w)
    value += amplitude[w] * std::sin(2.0 * std::numbers::pi * (w + 1) * position + phase[w]);
  return reflect(value);
}

ChannelSection Channels::section(double position) const {
  ChannelSection section;
  section.radius = radius_;
  for (const auto& line : lines_) {
    std::array<double, 2> center{0.0, 0.0};
    for (int d = 1; d < dim_; ++d)
      center[d - 1] = domain_.lower[d] + domain_.length(d) * line[d - 1].at(position);
    section.centers.push_back(center);
  }
  return section;
}

Channels draw_channels(const ChannelOptions& options, const Domain& domain, int dim) {
  const core::RandomStream stream(options.seed, channel_stream + options.sample);
  Channels channels;
  channels.domain_ = domain;
  channels.dim_ = dim;
  const double side = dim == 3 ? std::min(domain.length(1), domain.length(2)) : domain.length(1);
  channels.radius_ = 0.5 * options.width * side;
  std::uint64_t index = 0;
  for (int c = 0; c < options.count; ++c) {
    auto& line = channels.lines_.emplace_back();
    for (auto& meander : line) {
      meander.center = stream.uniform(index++);
      for (int w = 0; w < Channels::waves; ++w) {
        meander.amplitude[w] = 0.2 / (w + 1) * stream.uniform(index++);
        meander.phase[w] = 2.0 * std::numbers::pi * stream.uniform(index++);
      }
    }
    // Spread over the height, so that few channels do not all fall together.
    line[0].center = (c + line[0].center) / options.count;
  }
  return channels;
}

} // namespace linnet::problems
