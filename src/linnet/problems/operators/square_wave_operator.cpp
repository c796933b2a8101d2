// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/square_wave_operator.hpp>

#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t wave_stream = std::uint64_t{16} << 56;

} // namespace

SquareWaveOperator::SquareWaveOperator(bool with_ellipse, std::uint64_t seed, int sensors, int grid,
                                       double horizon)
    // Both ends of both axes, so that with a time of 1 the wave moves by whole distances of points.
    : OperatorSampler(seed), with_ellipse_(with_ellipse),
      sensors_(sensors), axes_{equispaced_axis("x", 0.0, 1.0, grid),
                               equispaced_axis("t", 0.0, horizon, grid)} {}

bool SquareWaveOperator::draw(std::uint64_t number, std::span<double> input) {
  const core::RandomStream random(seed(), wave_stream + number);
  const auto between = [&](std::uint64_t index, double low, double high) {
    return low + (high - low) * random.uniform(index);
  };
  if (with_ellipse_) {
    square_ = {between(0, 0.5, 2.0), between(1, 0.1, 0.2), between(2, 0.2, 0.3)};
    ellipse_ = {between(3, 0.5, 2.0), between(4, 5.0, 10.0), between(5, 0.7, 0.8)};
    ellipse_.slope /= ellipse_.height;
  } else {
    square_ = {between(0, 1.0, 2.0), between(1, 0.3, 0.6), between(2, 0.3, 0.7)};
  }
  for (int i = 0; i < sensors_; ++i)
    input[static_cast<std::size_t>(i)] = start(static_cast<double>(i) / (sensors_ - 1));
  return true;
}

double SquareWaveOperator::start(double x) const {
  const double from = x - std::floor(x);
  const auto apart = [from](double centre) {
    const double d = std::abs(from - centre);
    return std::min(d, 1.0 - d);
  };
  const double reach = ellipse_.slope * apart(ellipse_.centre);
  const double square = 2.0 * apart(square_.centre) <= square_.width ? square_.height : 0.0;
  return square + ellipse_.height * std::sqrt(std::max(0.0, 1.0 - reach * reach));
}

void SquareWaveOperator::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p)
    values[p] = start(points[2 * p] - points[2 * p + 1]);
}

std::string SquareWaveOperator::recipe() const {
  const std::string wave =
      with_ellipse_
          ? "a square (height 0.5 to 2, width 0.1 to 0.2, centre 0.2 to 0.3) and a semi-ellipse "
            "(height 0.5 to 2, slope 5 to 10, centre 0.7 to 0.8)"
          : "a square (height 1 to 2, width 0.3 to 0.6, centre 0.3 to 0.7)";
  return "s_t + s_x = 0, periodic, 0 <= t <= " + core::number_text(axes_[1].high) +
         ", exact; s(x,0): " + wave + ", all uniform; seed " + std::to_string(seed());
}

} // namespace linnet::problems
