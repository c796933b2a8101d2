// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/linalg/fluid_rows.hpp>
#include <linnet/nn/direction_task.hpp>
#include <linnet/nn/sample_file.hpp>
#include <linnet/problems/cell_array.hpp>
#include <linnet/problems/ritz_samples.hpp>

#include <algorithm>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using linnet::nn::SampleLayout;

namespace {

// Samples made and written together, as products of dense matrices.
constexpr PetscInt chunk = 32;
// Of the largest Ritz value: what rounding makes of a zero.
constexpr double semidefinite = 1e-8;

std::uint64_t seed_of(const Options& options) {
  return static_cast<std::uint64_t>(options.integer64("-train_seed"));
}

SampleLayout layout_of(const Options& options, const GridOperator& a) {
  SampleLayout layout;
  layout.samples = options.integer64("-train_samples");
  layout.points = options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
  layout.fields = {linnet::nn::rhs_field, linnet::nn::solution_field};
  layout.recipe = "right-hand sides mixed of Ritz vectors, steps " +
                  options.text("-train_ritz_steps") + ", seed " + options.text("-train_seed") +
                  ", matrix: " + fingerprint(a);
  return layout;
}

linnet::linalg::Lanczos run_lanczos(const AppContext& context, const GridOperator& a) {
  const Options& options = context.options();
  const auto start = linnet::problems::make_cell_vector(a.grid.get(), "start");
  // 1 in the rows without an unknown.
  const auto mask = linnet::linalg::read_fluid_rows(a.matrix.get()).fluid;
  LINNET_CHECK(VecScale(mask.get(), -1.0));
  LINNET_CHECK(VecShift(mask.get(), 1.0));
  linnet::problems::ritz_start_vector(a.grid.get(), a.matrix.get(), mask.get(), seed_of(options),
                                      start.get());
  linnet::linalg::LanczosOptions lanczos;
  lanczos.steps = options.integer("-train_ritz_steps");
  lanczos.memory_limit = static_cast<std::int64_t>(1e6 * options.real("-train_ritz_memory"));
  auto progress = context.progress("Lanczos", lanczos.steps);
  lanczos.progress = [&](PetscInt done) { progress.step(done); };
  return {a.matrix.get(), start.get(), lanczos};
}

void require_semidefinite(const Options& options, const linnet::linalg::Lanczos& pairs) {
  const std::vector<double>& theta = pairs.ritz_values();
  if (theta.front() < -semidefinite * theta.back())
    options.fail("-train_matrix", "is indefinite: directions are for matrices without negative "
                                  "eigenvalues, and one is below " +
                                      linnet::core::number_text(theta.front()));
}

void write_samples(const AppContext& context, const GridOperator& a, const SampleLayout& layout) {
  const linnet::linalg::Lanczos pairs = run_lanczos(context, a);
  require_semidefinite(context.options(), pairs);
  linnet::problems::RitzSampleOptions mix;
  mix.seed = seed_of(context.options());
  const linnet::problems::RitzSamples samples(pairs, mix);
  linnet::nn::SampleWriter writer(PETSC_COMM_SELF, context.options().string("-train_samples_file"),
                                  layout);
  std::vector<double> values(static_cast<std::size_t>(pairs.rows() * chunk));
  auto progress = context.progress("samples", layout.samples);
  for (std::int64_t first = 0; first < layout.samples; first += chunk) {
    const auto count = static_cast<PetscInt>(std::min<std::int64_t>(chunk, layout.samples - first));
    for (const std::string& field : layout.fields) {
      if (field == linnet::nn::rhs_field)
        samples.right_hand_sides(static_cast<std::uint64_t>(first), count, values.data());
      else
        samples.solutions(static_cast<std::uint64_t>(first), count, values.data());
      for (PetscInt s = 0; s < count; ++s)
        writer.write(field, first + s, {0, 0, 0}, layout.points, values.data() + s * pairs.rows());
    }
    progress.step(first + count);
  }
  writer.close();
}

} // namespace

double make_samples(const AppContext& context, const GridOperator& a) {
  const SampleLayout layout = layout_of(context.options(), a);
  const std::string path = context.options().string("-train_samples_file");
  if (linnet::nn::holds_samples(context.comm(), path, layout)) return 0.0;
  const double start = context.seconds();
  linnet::core::on_first_rank(context.comm(), [&] { write_samples(context, a, layout); });
  return context.seconds() - start;
}

} // namespace app
