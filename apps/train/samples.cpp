// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include "geometries.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/nn/direction_task.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using linnet::core::Progress;
using linnet::nn::SampleLayout;

namespace {

bool are_met(const Options& options) { return options.choice("-train_data") == "met"; }

std::string recipe_of(const Options& options) {
  if (are_met(options))
    return "residuals met by cg, preconditioner " + options.text("-train_met_pc") + ", steps " +
           options.text("-train_met_steps");
  return "right-hand sides mixed of Ritz vectors, steps " + options.text("-train_ritz_steps");
}

SampleLayout layout_of(const Options& options, const std::string& matrix_text) {
  SampleLayout layout;
  layout.samples = options.integer64("-train_samples");
  layout.points = options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
  layout.fields = {{linnet::nn::rhs_field}, {linnet::nn::solution_field}};
  layout.recipe =
      recipe_of(options) + ", seed " + options.text("-train_seed") + ", matrix: " + matrix_text;
  if (geometry_count(options) > 1) {
    const std::int64_t each = samples_per_geometry(options);
    for (std::int64_t s = 0; s < layout.samples; ++s) layout.geometry.push_back(s / each);
  }
  return layout;
}

Progress progress_if(bool shown, const AppContext& context, const std::string& title,
                     std::int64_t total) {
  if (!shown) return {title, total, Progress::Style::silent};
  return context.progress(title, total);
}

/// On the first rank alone.
void write_samples(const AppContext& context, const std::string& matrix_file,
                   const SampleLayout& layout) {
  const Options& options = context.options();
  const int geometries = geometry_count(options);
  const std::int64_t each = layout.samples / geometries;
  linnet::nn::SampleWriter writer(PETSC_COMM_SELF, options.string("-train_samples_file"), layout);
  auto progress = progress_if(geometries > 1, context, "geometries", geometries);
  for (int g = 0; g < geometries; ++g) {
    // Of its own: what solvers hang onto a matrix goes with it.
    const GridOperator a = make_operator(options, matrix_file, g);
    (are_met(options) ? write_met_samples : write_ritz_samples)(context, a, {g * each, each},
                                                                writer);
    progress.step(g + 1);
  }
  writer.close();
}

} // namespace

Progress matrix_progress(const AppContext& context, const std::string& title, std::int64_t total) {
  return progress_if(geometry_count(context.options()) == 1, context, title, total);
}

double make_samples(const AppContext& context, const std::string& matrix_file,
                    const std::string& matrix_text) {
  const SampleLayout layout = layout_of(context.options(), matrix_text);
  const std::string path = context.options().string("-train_samples_file");
  if (linnet::nn::holds_samples(context.comm(), path, layout)) return 0.0;
  const double start = context.seconds();
  linnet::core::on_first_rank(context.comm(), [&] { write_samples(context, matrix_file, layout); });
  return context.seconds() - start;
}

} // namespace app
