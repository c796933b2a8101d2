// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include "geometries.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/nn/directions/direction_task.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using linnet::core::Progress;
using linnet::nn::SampleLayout;

namespace {

enum class Source { ritz, met, noise };

Source source_of(const Options& options) { return options.choice_as<Source>("-train_data"); }

std::string recipe_of(const Options& options) {
  switch (source_of(options)) {
  case Source::met:
    return "residuals met by cg, preconditioner " + options.text("-train_met_pc") + ", steps " +
           options.text("-train_met_steps");
  case Source::noise: return "white noise";
  default:
    return "right-hand sides mixed of Ritz vectors, steps " + options.text("-train_ritz_steps");
  }
}

auto writer_of(const Options& options) {
  switch (source_of(options)) {
  case Source::met: return write_met_samples;
  case Source::noise: return write_noise_samples;
  default: return write_ritz_samples;
  }
}

SampleLayout layout_of(const Options& options, const std::string& matrix_text) {
  SampleLayout layout;
  layout.samples = options.integer64("-train_samples");
  layout.points = options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
  layout.fields = {{linnet::nn::rhs_field}};
  if (source_of(options) != Source::noise) layout.fields.push_back({linnet::nn::solution_field});
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
    writer_of(options)(context, a, {g * each, each}, writer);
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
  const Options& options = context.options();
  if (source_of(options) == Source::noise && options.choice("-train_loss") == "energy")
    options.fail("-train_loss", "energy needs solutions, which -train_data noise does not have");
  const SampleLayout layout = layout_of(options, matrix_text);
  const std::string path = options.string("-train_samples_file");
  if (linnet::nn::holds_samples(context.comm(), path, layout)) return 0.0;
  const double start = context.seconds();
  linnet::core::on_first_rank(context.comm(), [&] { write_samples(context, matrix_file, layout); });
  return context.seconds() - start;
}

} // namespace app
