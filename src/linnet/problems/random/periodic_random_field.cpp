// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/random/periodic_random_field.hpp>

#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>

#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t periodic_stream = std::uint64_t{11} << 56;

/// One number per mode of a half plane, the same on every grid.
std::uint64_t mode_index(int kx, int ky) {
  const int row = ky >= 0 ? 2 * ky : -2 * ky - 1;
  return static_cast<std::uint64_t>(kx) | static_cast<std::uint64_t>(row) << 21;
}

} // namespace

void draw_periodic_modes(int n, const RandomFieldOptions& options, std::complex<double>* modes) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (!positive(options.alpha) || !positive(options.tau))
    core::throw_usage("random field: alpha = " + core::number_text(options.alpha) +
                      ", tau = " + core::number_text(options.tau) + "; both must be positive");
  const core::RandomStream stream(options.seed, periodic_stream + options.sample);
  const double scale = std::pow(options.tau, options.alpha - 1.0) * std::sqrt(0.5);
  const auto draw = [&](int kx, int ky) {
    const double square = 4.0 * std::numbers::pi * std::numbers::pi * (kx * kx + ky * ky);
    const double size = scale * std::pow(square + options.tau * options.tau, -0.5 * options.alpha);
    const std::uint64_t index = 2 * mode_index(kx, ky);
    return size * std::complex<double>(stream.normal(index), stream.normal(index + 1));
  };
  for (int row = 0; row < n; ++row) {
    const int ky = row <= n / 2 ? row : row - n;
    for (int kx = 0; kx <= n / 2; ++kx, ++modes) {
      const bool resolved = 2 * kx < n && 2 * std::abs(ky) < n && (kx != 0 || ky != 0);
      if (!resolved)
        *modes = 0.0;
      else
        *modes = kx == 0 && ky < 0 ? std::conj(draw(0, -ky)) : draw(kx, ky);
    }
  }
}

} // namespace linnet::problems
