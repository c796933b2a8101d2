// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/helmholtz_samples.hpp>

#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t speed_stream = std::uint64_t{12} << 56;
constexpr int most_modes = 10000;

const HelmholtzOptions& checked(const HelmholtzOptions& o) {
  require_sampling("Helmholtz", o.nodes, 2, o.stride);
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (!positive(o.frequency) || !positive(o.alpha) || !positive(o.tau))
    core::throw_usage("Helmholtz: frequency, alpha and tau must be positive");
  if (!(o.speed > 1.0) || !std::isfinite(o.speed))
    core::throw_usage("Helmholtz: the mean speed is " + core::number_text(o.speed) +
                      "; it must be above 1");
  if (o.modes < 1 || o.modes > most_modes)
    core::throw_usage("Helmholtz: " + std::to_string(o.modes) + " modes; from 1 to " +
                      std::to_string(most_modes) + " are possible");
  if (!(o.flux_from < o.flux_to) || o.flux_from < 0.0 || o.flux_to > 1.0)
    core::throw_usage("Helmholtz: the flux enters on a part of [0,1]");
  return o;
}

/// The first @p count wave vectors but for (0,0): by length, then by their components.
std::vector<std::array<int, 2>> lowest_modes(int count) {
  // All vectors up to the length r are some pi r^2 / 4, and lie within r of the origin.
  const int reach = 2 + static_cast<int>(std::sqrt(4.0 * (count + 1) / std::numbers::pi));
  std::vector<std::array<int, 2>> modes;
  for (int l = 0; l <= reach; ++l)
    for (int m = 0; m <= reach; ++m)
      if (l + m > 0 && l * l + m * m <= reach * reach) modes.push_back({l, m});
  std::stable_sort(modes.begin(), modes.end(), [](const auto& a, const auto& b) {
    return a[0] * a[0] + a[1] * a[1] < b[0] * b[0] + b[1] * b[1];
  });
  modes.resize(static_cast<std::size_t>(count));
  return modes;
}

} // namespace

HelmholtzSamples::HelmholtzSamples(const HelmholtzOptions& options)
    : options_(checked(options)), modes_(lowest_modes(options.modes)), solver_(options.nodes - 1) {
  const auto n = static_cast<std::size_t>(options.nodes);
  for (int i = 0; i < options.nodes; ++i)
    nodes_.push_back(static_cast<double>(i) / (options.nodes - 1));
  load_.assign(n * n, 0.0);
  solver_.add_upper_flux(options.flux_from, options.flux_to, 1.0, load_);
}

std::vector<SampledField> HelmholtzSamples::fields() const {
  return {{"coefficient"}, {"solution"}};
}

core::Index3 HelmholtzSamples::points() const {
  const int kept = kept_points(options_.nodes, options_.stride);
  return {kept, kept, 1};
}

std::string HelmholtzSamples::recipe() const {
  const auto number = [](double v) { return core::number_text(v); };
  return "Helmholtz -Laplace u - (omega/c)^2 u = 0 on the unit square, omega = " +
         number(options_.frequency) + "; du/dn = 1 on the upper side for x from " +
         number(options_.flux_from) + " to " + number(options_.flux_to) +
         ", else 0; c = " + number(options_.speed) + " + tanh(g), g = sum over the first " +
         std::to_string(options_.modes) +
         " cosine modes l of normal numbers times (pi^2 |l|^2 + tau^2)^(-alpha/2), alpha = " +
         number(options_.alpha) + ", tau = " + number(options_.tau) +
         "; bilinear elements with 3 x 3 Gauss points on " + std::to_string(options_.nodes) +
         " nodes per direction, boundary included, every " + std::to_string(options_.stride) +
         "-th kept; sparse LU by " + HelmholtzSolver::package() +
         ", refined to a backward error of " + number(HelmholtzSolver::tolerance) + "; seed " +
         std::to_string(options_.seed);
}

std::vector<double> HelmholtzSamples::speed(std::uint64_t number,
                                            const std::vector<double>& coordinates) const {
  const core::RandomStream stream(options_.seed, speed_stream + number);
  const std::size_t n = coordinates.size();
  const auto cosines = [&](int l) {
    std::vector<double> values;
    for (const double x : coordinates)
      values.push_back(l == 0 ? 1.0 : std::numbers::sqrt2 * std::cos(std::numbers::pi * l * x));
    return values;
  };
  std::vector<double> c(n * n, 0.0);
  for (std::size_t m = 0; m < modes_.size(); ++m) {
    const auto [lx, ly] = modes_[m];
    const double square = std::numbers::pi * std::numbers::pi * (lx * lx + ly * ly);
    const double size =
        stream.normal(m) * std::pow(square + options_.tau * options_.tau, -0.5 * options_.alpha);
    const std::vector<double> along_x = cosines(lx), along_y = cosines(ly);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i) c[i + n * j] += size * along_y[j] * along_x[i];
  }
  for (double& value : c) value = options_.speed + std::tanh(value);
  return c;
}

std::vector<double> HelmholtzSamples::squared_wave_number(std::uint64_t number) const {
  std::vector<double> values = speed(number, solver_.gauss_points());
  for (double& c : values) c = std::pow(options_.frequency / c, 2);
  return values;
}

core::Owned<Mat> HelmholtzSamples::make_matrix(std::uint64_t number, double shift) const {
  std::vector<double> values = squared_wave_number(number);
  for (double& k2 : values) k2 *= 1.0 - shift;
  return solver_.make_matrix(values);
}

void HelmholtzSamples::make(std::uint64_t number, FieldValues& values) {
  std::vector<double> u;
  solver_.solve(squared_wave_number(number), load_, u);
  values = {keep_every(speed(number, nodes_), options_.nodes, options_.stride),
            keep_every(u, options_.nodes, options_.stride)};
}

} // namespace linnet::problems
