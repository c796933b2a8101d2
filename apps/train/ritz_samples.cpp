// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include <linnet/core/text.hpp>
#include <linnet/linalg/fluid_rows.hpp>
#include <linnet/nn/directions/direction_task.hpp>
#include <linnet/problems/cells/cell_array.hpp>
#include <linnet/problems/samples/ritz_samples.hpp>

#include <algorithm>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;

namespace {

// Samples made and written together, as products of dense matrices.
constexpr PetscInt chunk = 32;
// Of the largest Ritz value: what rounding makes of a zero.
constexpr double semidefinite = 1e-8;

std::uint64_t seed_of(const Options& options) {
  return static_cast<std::uint64_t>(options.integer64("-train_seed"));
}

linnet::core::Index3 grid_points(const Options& options) {
  return options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
}

linnet::linalg::Lanczos run_lanczos(const AppContext& context, const GridOperator& a) {
  const Options& options = context.options();
  const auto start = linnet::problems::make_cell_vector(a.grid(), "start");
  // 1 in the rows without an unknown.
  const auto mask = linnet::linalg::read_fluid_rows(a.matrix()).fluid;
  LINNET_CHECK(VecScale(mask.get(), -1.0));
  LINNET_CHECK(VecShift(mask.get(), 1.0));
  linnet::problems::ritz_start_vector(a.grid(), a.matrix(), mask.get(), seed_of(options),
                                      start.get());
  linnet::linalg::LanczosOptions lanczos;
  lanczos.steps = options.integer("-train_ritz_steps");
  lanczos.memory_limit = static_cast<std::int64_t>(1e6 * options.real("-train_ritz_memory"));
  auto progress = matrix_progress(context, "Lanczos", lanczos.steps);
  lanczos.progress = [&](PetscInt done) { progress.step(done); };
  return {a.matrix(), start.get(), lanczos};
}

void require_semidefinite(const Options& options, const SampleRange& range,
                          const linnet::linalg::Lanczos& pairs) {
  const std::vector<double>& theta = pairs.ritz_values();
  if (theta.front() >= -semidefinite * theta.back()) return;
  const std::string text = "is indefinite: directions are for matrices without negative "
                           "eigenvalues, and one is below " +
                           linnet::core::number_text(theta.front());
  if (options.is_set("-train_matrix")) options.fail("-train_matrix", text);
  linnet::core::throw_data("the matrix of geometry " + std::to_string(range.first / range.count) +
                           " " + text);
}

} // namespace

void write_ritz_samples(const AppContext& context, const GridOperator& a, const SampleRange& range,
                        linnet::nn::SampleWriter& writer) {
  const linnet::linalg::Lanczos pairs = run_lanczos(context, a);
  require_semidefinite(context.options(), range, pairs);
  linnet::problems::RitzSampleOptions mix;
  mix.seed = seed_of(context.options());
  const linnet::problems::RitzSamples samples(pairs, mix);
  const linnet::core::Index3 points = grid_points(context.options());
  std::vector<double> values(static_cast<std::size_t>(pairs.rows() * chunk));
  auto progress = matrix_progress(context, "samples", range.count);
  for (std::int64_t done = 0; done < range.count; done += chunk) {
    const auto count = static_cast<PetscInt>(std::min<std::int64_t>(chunk, range.count - done));
    const auto first = static_cast<std::uint64_t>(range.first + done);
    const auto write = [&](const char* field) {
      for (PetscInt s = 0; s < count; ++s)
        writer.write(field, range.first + done + s, {0, 0, 0}, points,
                     values.data() + s * pairs.rows());
    };
    samples.right_hand_sides(first, count, values.data());
    write(linnet::nn::rhs_field);
    samples.solutions(first, count, values.data());
    write(linnet::nn::solution_field);
    progress.step(done + count);
  }
}

} // namespace app
