// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/nn/sample_file.hpp>

#include <algorithm>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using linnet::nn::SampleLayout;
using linnet::nn::SampleWriter;
using namespace linnet::problems;

namespace {

const char* file_option = "-train_samples_file";

SampleLayout layout_of(const Options& options, const FieldSampler& sampler) {
  SampleLayout layout;
  layout.samples = options.integer64("-train_samples");
  layout.points = sampler.points();
  for (const SampledField& field : sampler.fields())
    layout.fields.push_back({field.name, field.channels});
  layout.recipe = sampler.recipe();
  return layout;
}

/// Rounds of one sample per rank.
void write_samples(AppContext& context, FieldSampler& sampler, const SampleLayout& layout) {
  const std::string path = context.options().string(file_option);
  SampleWriter writer(context.comm(), path, layout);
  auto progress = context.progress("samples", layout.samples);
  FieldValues values(layout.fields.size());
  for (std::int64_t done = writer.complete(); done < layout.samples;) {
    const std::int64_t mine = done + context.rank();
    const bool takes_part = mine < layout.samples;
    linnet::core::together(context.comm(), [&] {
      if (takes_part) sampler.make(static_cast<std::uint64_t>(mine), values);
    });
    for (std::size_t f = 0; f < values.size(); ++f)
      writer.write(layout.fields[f].name, takes_part ? mine : 0, {0, 0, 0},
                   takes_part ? layout.points : linnet::core::Index3{0, 0, 0}, values[f].data());
    done = std::min(done + context.ranks(), layout.samples);
    writer.mark_complete(done);
    progress.step(done);
    if (done < layout.samples && context.stop_requested())
      context.stop(std::to_string(done) + " of " + std::to_string(layout.samples) +
                   " samples are made; the same command goes on with them");
  }
  writer.close();
}

} // namespace

double make_field_samples(AppContext& context) {
  const Options& options = context.options();
  LINNET_CHECK(linnet::core::ensure_kokkos());
  const std::unique_ptr<FieldSampler> sampler = make_field_sampler(context);
  const SampleLayout layout = layout_of(options, *sampler);
  if (linnet::nn::holds_samples(context.comm(), options.string(file_option), layout)) return 0.0;
  const double start = context.seconds();
  write_samples(context, *sampler, layout);
  return context.seconds() - start;
}

void run_field_samples(AppContext& context) {
  const Options& options = context.options();
  const std::string path = options.string(file_option);
  linnet::io::require_writable_outputs(context, {{file_option, path}});
  const double seconds = make_field_samples(context);
  context.print("train: %s samples of %s\n", options.text("-train_samples").c_str(),
                options.choice("-train_data").c_str());
  if (seconds > 0.0)
    context.print("  samples       made in %.1f s on %d %s\n", seconds, context.ranks(),
                  context.ranks() == 1 ? "rank" : "ranks");
  else
    context.print("  samples       already in their file\n");
  context.print("  file          %s\n", path.c_str());
  if (context.results_file().empty()) return;
  linnet::io::Results results;
  results.app = context.name();
  results.command = context.command();
  results.ranks = context.ranks();
  results.converged = true;
  results.reason = "all samples made";
  results.setup_seconds = seconds;
  results.total_seconds = context.seconds();
  results.peak_memory_mb = linnet::io::peak_memory_mb(context.comm());
  results.outputs = {path};
  linnet::io::write_results(context.comm(), context.results_file(), results);
}

} // namespace app
