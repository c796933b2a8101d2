// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/trigonometric_darcy.hpp>

#include <linnet/core/random.hpp>

#include <array>
#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t wave_stream = std::uint64_t{10} << 56;
constexpr int scales = 6;
using Waves = std::array<double, scales>;

/// Product of 1 + wave(w) / 2 over all scales.
template <class Wave>
double product(const Waves& waves, Wave wave) {
  double value = 1.0;
  for (const double w : waves) value *= 1.0 + 0.5 * wave(w);
  return value;
}

} // namespace

TrigonometricDarcy::TrigonometricDarcy(const TrigonometricDarcyOptions& options)
    : DarcySampler(options.nodes, options.stride, 2.0), options_(options) {}

std::string TrigonometricDarcy::recipe() const {
  return "Darcy flow -div(a grad u) = 1 on [-1,1]^2, u = 0 on the boundary; a = product over k = "
         "1..6 of (1 + cos(a_k pi (x + y)) / 2) (1 + sin(a_k pi (y - 3 x)) / 2), a_k uniform in "
         "[2^(k-1), 1.5 2^(k-1)]; " +
         method() + "; seed " + std::to_string(options_.seed);
}

std::vector<double> TrigonometricDarcy::coefficient(std::uint64_t number) const {
  const core::RandomStream stream(options_.seed, wave_stream + number);
  Waves wave{};
  for (int k = 0; k < scales; ++k) {
    const double u = stream.uniform(static_cast<std::uint64_t>(k));
    wave[static_cast<std::size_t>(k)] = std::numbers::pi * std::ldexp(1.0 + 0.5 * u, k);
  }
  const int n = options_.nodes, last = n - 1;
  // x + y depends on i + j, and y - 3 x on j - 3 i alone.
  std::vector<double> along, across, a;
  for (int m = 0; m <= 2 * last; ++m)
    along.push_back(product(wave, [&](double w) { return std::cos(w * (2.0 * m / last - 2.0)); }));
  for (int m = -3 * last; m <= last; ++m)
    across.push_back(product(wave, [&](double w) { return std::sin(w * (2.0 * m / last + 2.0)); }));
  a.reserve(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i)
      a.push_back(along[static_cast<std::size_t>(i + j)] *
                  across[static_cast<std::size_t>(j - 3 * i + 3 * last)]);
  return a;
}

} // namespace linnet::problems
