// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/field_samples.hpp>

#include <linnet/core/agreement.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

PairLayout pair_layout(const std::vector<SampleField>& fields, std::int64_t steps,
                       const std::string& name) {
  const auto channels = [&](const char* field) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const SampleField& f) { return f.name == field; });
    return found == fields.end() ? 0 : found->channels;
  };
  PairLayout layout;
  if (const int frames = channels(evolution_field); frames > 0) {
    if (steps < 1 || steps >= frames)
      core::throw_data(name + ": " + std::to_string(steps) + " steps need " +
                       std::to_string(steps + 1) + " frames of '" + evolution_field +
                       "', and there are " + std::to_string(frames));
    layout.is_evolution = true;
    layout.pairs = steps;
    return layout;
  }
  layout.in = channels(coefficient_field);
  layout.out = channels(solution_field);
  for (const char* field : {coefficient_field, solution_field})
    if (channels(field) == 0)
      core::throw_data(name + ": lacks '" + field +
                       "'; samples of a network from field to field "
                       "have '" +
                       coefficient_field + "' and '" + solution_field + "', or '" +
                       evolution_field + "'");
  return layout;
}

FieldSamples::FieldSamples(const std::string& path, const FieldSamplesOptions& options)
    : path_(path), reader_(path),
      layout_(pair_layout(reader_.layout().fields, options.steps, path)) {
  const std::int64_t bytes = reader_.layout().samples * channels() * core::volume(points()) *
                             static_cast<std::int64_t>(sizeof(float));
  if (bytes <= options.cache_bytes)
    cache_.resize(static_cast<std::size_t>(reader_.layout().samples));
}

int FieldSamples::channels() const {
  return layout_.is_evolution ? static_cast<int>(layout_.pairs) + 1 : layout_.in + layout_.out;
}

void FieldSamples::read_input(std::int64_t pair, std::vector<double>& values) {
  const std::int64_t sample = pair / layout_.pairs;
  const int frame = static_cast<int>(pair % layout_.pairs);
  read({sample, frame, layout_.in}, values);
}

void FieldSamples::read_output(std::int64_t pair, std::vector<double>& values) {
  const std::int64_t sample = pair / layout_.pairs;
  const int frame = static_cast<int>(pair % layout_.pairs);
  read({sample, frame + layout_.in, layout_.out}, values);
}

void FieldSamples::read(const Slice& slice, std::vector<double>& values) {
  if (!is_cached()) return load(slice, values);
  std::vector<float>& kept = cache_[static_cast<std::size_t>(slice.sample)];
  if (kept.empty()) {
    std::vector<double> all, part;
    // Fields are read one by one.
    const std::vector<Slice> parts =
        layout_.is_evolution ? std::vector<Slice>{{slice.sample, 0, channels()}}
                             : std::vector<Slice>{{slice.sample, 0, layout_.in},
                                                  {slice.sample, layout_.in, layout_.out}};
    for (const Slice& p : parts) {
      load(p, part);
      all.insert(all.end(), part.begin(), part.end());
    }
    kept.assign(all.begin(), all.end());
  }
  const std::int64_t size = core::volume(points());
  const auto begin = kept.begin() + slice.first * size;
  values.assign(begin, begin + slice.count * size);
}

void FieldSamples::load(const Slice& slice, std::vector<double>& values) const {
  const bool is_input = slice.first < layout_.in;
  const char* field = layout_.is_evolution ? evolution_field
                      : is_input           ? coefficient_field
                                           : solution_field;
  values.resize(static_cast<std::size_t>(core::volume(points()) * slice.count));
  const int first = layout_.is_evolution || is_input ? slice.first : slice.first - layout_.in;
  reader_.read(field, slice.sample, values.data(), first, slice.count);
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
    core::throw_data(path_ + ": '" + field + "' of sample " + std::to_string(slice.sample) +
                     " holds a value that is not finite; make the samples anew");
}

void FieldSamples::require_finite(MPI_Comm comm) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  core::together(comm, [&] {
    std::vector<double> values;
    for (std::int64_t pair = rank; pair < pairs(); pair += ranks) {
      read_input(pair, values);
      read_output(pair, values);
    }
  });
}

Normalisation fit_normalisation(FieldSamples& samples, std::int64_t pairs, NormaliserKind input,
                                NormaliserKind output) {
  NormaliserFit in(input, samples.layout().in, samples.points()),
      out(output, samples.layout().out, samples.points());
  std::vector<double> values;
  for (std::int64_t pair = 0; pair < pairs; ++pair) {
    if (input != NormaliserKind::none) {
      samples.read_input(pair, values);
      in.add(values);
    }
    if (output != NormaliserKind::none) {
      samples.read_output(pair, values);
      out.add(values);
    }
  }
  return {in.result(), out.result()};
}

} // namespace linnet::nn
