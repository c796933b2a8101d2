// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_samples.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/nn/training/sample_file.hpp>

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
  layout.samples = sample_count(options, sampler);
  layout.points = sampler.points();
  for (const SampledField& field : sampler.fields())
    layout.fields.push_back({field.name, field.channels});
  layout.recipe = sampler.recipe();
  const SharedPoints points = sampler.shared_points();
  layout.grid = points.values;
  layout.coordinates = points.coordinates;
  return layout;
}

// A round of samples takes about as long: they are written together, since that needs all ranks.
constexpr double round_seconds = 2.0;
constexpr std::int64_t round_bytes = std::int64_t{64} << 20;

std::int64_t bytes_per_sample(const SampleLayout& layout) {
  std::int64_t values = 0;
  for (const linnet::nn::SampleField& field : layout.fields)
    values += field.channels * linnet::core::volume(layout.points);
  return static_cast<std::int64_t>(sizeof(double)) * values;
}

/// Makes samples @p first to @p first + @p count - 1, one behind the other in each field.
FieldValues make_several(FieldSampler& sampler, std::int64_t first, std::int64_t count) {
  FieldValues all(sampler.fields().size()), values;
  for (std::int64_t s = first; s < first + count; ++s) {
    sampler.make(static_cast<std::uint64_t>(s), values);
    for (std::size_t f = 0; f < all.size(); ++f)
      all[f].insert(all[f].end(), values[f].begin(), values[f].end());
  }
  return all;
}

void write_samples(AppContext& context, FieldSampler& sampler, const SampleLayout& layout) {
  SampleWriter writer(context.comm(), context.options().string(file_option), layout);
  auto progress = context.progress("samples", layout.samples);
  AppContext::defer_stops();
  std::int64_t each = 1; // samples of a rank in a round
  for (std::int64_t done = writer.complete(); done < layout.samples;) {
    const double start = context.seconds();
    const std::int64_t first = std::min(done + context.rank() * each, layout.samples),
                       count = std::min(each, layout.samples - first);
    FieldValues values;
    linnet::core::together(context.comm(), [&] { values = make_several(sampler, first, count); });
    for (std::size_t f = 0; f < values.size(); ++f)
      writer.write_whole(layout.fields[f].name, first, count, values[f].data());
    done = std::min(done + context.ranks() * each, layout.samples);
    writer.mark_complete(done);
    progress.step(done);
    if (done < layout.samples && context.stop_requested())
      context.stop(std::to_string(done) + " of " + std::to_string(layout.samples) +
                   " samples are made; the same command goes on with them");
    if (context.seconds() - start < 0.5 * round_seconds &&
        2 * each * bytes_per_sample(layout) <= round_bytes)
      each *= 2;
    MPI_Bcast(&each, 1, MPI_INT64_T, 0, context.comm()); // by the first rank's clock
  }
  writer.close();
}

} // namespace

std::int64_t sample_count(const Options& options, const FieldSampler& sampler) {
  const char* const option = "-train_samples";
  const std::optional<std::int64_t> there = sampler.count();
  if (!there) return options.integer64(option);
  if (!options.is_set(option)) return *there;
  const std::int64_t wanted = options.integer64(option);
  if (wanted > *there)
    options.fail(option, "must be at most " + std::to_string(*there) +
                             ", which the files hold, got " + std::to_string(wanted));
  return wanted;
}

double make_field_samples(AppContext& context, FieldSampler& sampler) {
  const Options& options = context.options();
  LINNET_CHECK(linnet::core::ensure_kokkos());
  const SampleLayout layout = layout_of(options, sampler);
  if (linnet::nn::holds_samples(context.comm(), options.string(file_option), layout)) return 0.0;
  const double start = context.seconds();
  write_samples(context, sampler, layout);
  return context.seconds() - start;
}

void run_field_samples(AppContext& context) {
  const Options& options = context.options();
  const std::string path = options.string(file_option);
  linnet::io::require_writable_outputs(context, {{file_option, path}});
  const std::unique_ptr<FieldSampler> sampler = make_field_sampler(context);
  const double seconds = make_field_samples(context, *sampler);
  context.print("train: %lld samples of %s\n",
                static_cast<long long>(sample_count(options, *sampler)),
                options.choice("-train_data").c_str());
  if (sampler->count()) context.print("  data          %s\n", sampler->recipe().c_str());
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
