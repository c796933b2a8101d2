// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/samples/random_diffusion.hpp>

#include <linnet/core/text.hpp>
#include <linnet/problems/geometry/square_inclusions.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

/// Fields are drawn on so many nodes per direction, whatever the grid.
constexpr int drawn_nodes = 33;
/// Streams of what is drawn for a sample, apart from each other.
constexpr std::uint64_t coefficients = std::uint64_t{1} << 60, sources = std::uint64_t{2} << 60;

RandomDiffusionOptions checked(const RandomDiffusionOptions& o) {
  require_sampling("random diffusion", o.nodes, 3, o.stride);
  if (!(o.deviation >= 0.0) || o.deviation > 20.0)
    core::throw_usage("random diffusion: the deviation of log k is " +
                      core::number_text(o.deviation) + "; it must be from 0 to 20");
  if (!(o.contrast >= 1.0) || o.contrast > 1e12)
    core::throw_usage("random diffusion: the contrast is " + core::number_text(o.contrast) +
                      "; it must be from 1 to 1e12");
  return o;
}

} // namespace

RandomDiffusion::RandomDiffusion(const RandomDiffusionOptions& options)
    : options_(checked(options)), log_coefficient_(drawn_nodes, options.length),
      source_(drawn_nodes, options.source_length),
      solver_(options.nodes, 1.0, PETSC_COMM_SELF, FaceMean::harmonic) {}

std::vector<SampledField> RandomDiffusion::fields() const {
  return {{"coefficient"}, {"source"}, {"solution"}};
}

core::Index3 RandomDiffusion::points() const {
  const int kept = kept_points(options_.nodes, options_.stride);
  return {kept, kept, 1};
}

std::string RandomDiffusion::recipe() const {
  const auto number = [](double v) { return core::number_text(v); };
  const bool lognormal = options_.kind == DiffusionKind::lognormal;
  return "-div(k grad u) = f on the unit square, u = 0 on the boundary; " +
         (lognormal ? "log k = " + number(options_.deviation) +
                          " times a Gaussian field of length " + number(options_.length)
                    : "k = 1 to " + number(options_.contrast) + " in 16 fixed squares, else 1") +
         "; f: a Gaussian field of length " + number(options_.source_length) +
         "; covariance exp(-r^2 / (2 length^2)) on 33 x 33 nodes, bilinear; " +
         std::to_string(options_.nodes) + " nodes per direction, boundary included, every " +
         std::to_string(options_.stride) +
         "-th kept; finite volumes, harmonic means of nodes; conjugate gradients with boxmg to a "
         "relative residual of " +
         number(DarcySolver::tolerance) + "; seed " + std::to_string(options_.seed);
}

std::vector<double> RandomDiffusion::coefficient(std::uint64_t number) const {
  const core::RandomStream stream(options_.seed, coefficients + number);
  const int n = options_.nodes;
  if (options_.kind == DiffusionKind::lognormal) {
    std::vector<double> k = on_other_nodes(log_coefficient_.draw(stream), drawn_nodes, n);
    for (double& value : k) value = std::exp(options_.deviation * value);
    return k;
  }
  std::vector<double> k;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      const int inside = square_inclusion_at(i / (n - 1.0), j / (n - 1.0));
      k.push_back(inside < 0 ? 1.0
                             : std::pow(options_.contrast,
                                        stream.uniform(static_cast<std::uint64_t>(inside))));
    }
  return k;
}

std::vector<double> RandomDiffusion::source(std::uint64_t number) const {
  const core::RandomStream stream(options_.seed, sources + number);
  return on_other_nodes(source_.draw(stream), drawn_nodes, options_.nodes);
}

void RandomDiffusion::make(std::uint64_t number, FieldValues& values) {
  const std::vector<double> k = coefficient(number), f = source(number);
  std::vector<double> u;
  solver_.solve(k, f, u);
  const auto kept = [&](const std::vector<double>& v) {
    return keep_every(v, options_.nodes, options_.stride);
  };
  values = {kept(k), kept(f), kept(u)};
}

} // namespace linnet::problems
