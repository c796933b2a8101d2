// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/deeponet_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation_count.hpp>

#include <petscsys.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace linnet::nn {

namespace {

// Of the tiles in which many samples are judged.
constexpr std::int64_t judged_values = 4096;
// Kinds of batches that alternate, as those for inner and outer steps do.
constexpr std::size_t kept_kinds = 3;

/// What Normaliser::decode() does, as numbers.
kernels::OutputScale<float> output_scale(const Normaliser& normaliser, const OperatorShape& shape) {
  const bool by_point = normaliser.kind() == NormaliserKind::point;
  const int points = by_point ? shape.points : 1;
  const auto count = static_cast<std::size_t>(shape.outputs) * static_cast<std::size_t>(points);
  std::vector<double> scale(count, 1.0), shift(count, 0.0);
  const grid::IndexBox box{{0, 0, 0}, {points, 1, 1}};
  normaliser.decode_adjoint(scale, box);
  normaliser.decode(shift, box);
  kernels::OutputScale<float> result{kernels::zeros<float>("linnet::nn::output_scale", count),
                                     kernels::zeros<float>("linnet::nn::output_shift", count),
                                     by_point ? points : 0};
  std::copy(scale.begin(), scale.end(), result.scale.data());
  std::copy(shift.begin(), shift.end(), result.shift.data());
  return result;
}

/// Of a sample; with shared points without the trunk, which serves all samples at once.
double flops_of(const DeepONetParts& parts, const OperatorShape& shape) {
  const double head = 6.0 * shape.points * parts.outputs * parts.basis;
  const double trunk =
      shape.shares_points ? 0.0 : training_flops(parts.trunk, {shape.points, 1, 1});
  return training_flops(parts.branch, {1, 1, 1}) + trunk + head;
}

/// Room for one more kind: the oldest one goes.
template <class Kind>
void make_room(std::vector<std::unique_ptr<Kind>>& kinds) {
  if (kinds.size() == kept_kinds) kinds.erase(kinds.begin());
}

std::vector<std::int64_t> numbers_from(std::int64_t first, std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

} // namespace

DeepONetTask::DeepONetTask(const ResolvedGraph& graph, const OperatorData& data,
                           const Normalisation& normalisation)
    : graph_(graph), data_(data), normalisation_(normalisation),
      parts_(split_deeponet(graph, "network")),
      encoded_(encoded_sensors(data, normalisation.input)),
      scale_(output_scale(normalisation.output, data.shape)), flops_(flops_of(parts_, data.shape)) {
  const auto require = [](int have, int need, const char* what) {
    if (have != need)
      core::throw_usage("the network has " + std::to_string(have) + " " + what +
                        ", and the samples have " + std::to_string(need));
  };
  require(parts_.sensors, data.shape.sensors, "sensors");
  require(parts_.coordinates, data.shape.coordinates, "coordinates");
  require(parts_.outputs, data.shape.outputs, "outputs");
  normalisation_.input.require(parts_.sensors, {1, 1, 1}, "sensors");
  normalisation_.output.require(parts_.outputs, {data.shape.points, 1, 1}, "outputs");
}

template <class Kind>
void DeepONetTask::count_bytes(const std::vector<std::unique_ptr<Kind>>& kinds) {
  arena_bytes_ = least_bytes_ = 0;
  for (const auto& kind : kinds) {
    arena_bytes_ += kind->arena_bytes();
    least_bytes_ += kind->least_bytes();
  }
}

DeepONetTriples& DeepONetTask::triples(std::int64_t samples) {
  for (const auto& made : triples_)
    if (made->most_samples() == samples) return *made;
  make_room(triples_);
  triples_.push_back(std::make_unique<DeepONetTriples>(problem(), static_cast<int>(samples)));
  count_bytes(triples_);
  return *triples_.back();
}

DeepONetCartesian& DeepONetTask::cartesian(const Batch& batch) {
  for (const auto& made : cartesian_)
    if (made->fits(batch)) return *made;
  make_room(cartesian_);
  cartesian_.push_back(std::make_unique<DeepONetCartesian>(problem(), batch));
  count_bytes(cartesian_);
  return *cartesian_.back();
}

double DeepONetTask::evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                              const kernels::Array<float>* gradient) {
  const std::vector<std::int64_t> numbers{sample};
  if (!data_.shape.shares_points) return triples(1).run(numbers, parameters, gradient);
  double loss = 0.0;
  const std::span<const kernels::Array<float>> gradients(gradient, gradient ? 1 : 0);
  DeepONetCartesian one(problem(), {PETSC_COMM_SELF, numbers, 1, 0, 1});
  one.run({PETSC_COMM_SELF, numbers, 1, 0, 1}, parameters, gradients, {&loss, 1});
  return loss;
}

void DeepONetTask::evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                                   std::span<const kernels::Array<float>> gradients,
                                   std::span<double> losses) {
  if (data_.shape.shares_points) return cartesian(batch).run(batch, parameters, gradients, losses);
  std::int64_t most = 0;
  for (std::int64_t s = 0; s < batch.shards; ++s)
    most = std::max(most, batch.begin(s + 1) - batch.begin(s));
  std::size_t mine = 0;
  for (std::int64_t s = batch.group; s < batch.shards; s += batch.groups, ++mine) {
    const auto first = static_cast<std::size_t>(batch.begin(s));
    losses[mine] = triples(most).run(
        batch.samples.subspan(first, static_cast<std::size_t>(batch.begin(s + 1)) - first),
        parameters, &gradients[mine]);
  }
}

std::vector<double> DeepONetTask::squared_errors(std::int64_t first, std::int64_t count,
                                                 const kernels::Array<float>& parameters) {
  const OperatorShape& shape = data_.shape;
  std::vector<double> all, some;
  if (!shape.shares_points) {
    // A tile of its own: what training uses has the size of a shard, which restarts may not change.
    const std::int64_t tile = std::max<std::int64_t>(1, judged_values / shape.points);
    DeepONetTriples judge(problem(), static_cast<int>(std::min(tile, count)));
    for (std::int64_t s = 0; s < count; s += tile) {
      judge.squared_errors(numbers_from(first + s, std::min(tile, count - s)), parameters, some);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }
  DeepONet network({graph_, parameters, normalisation_, {}});
  const auto m = static_cast<std::size_t>(shape.sensors), begin = static_cast<std::size_t>(first),
             samples = static_cast<std::size_t>(count);
  const std::vector<double> inputs(data_.sensors.begin() + static_cast<std::ptrdiff_t>(begin * m),
                                   data_.sensors.begin() +
                                       static_cast<std::ptrdiff_t>((begin + samples) * m)),
      grid(data_.coordinates.begin(), data_.coordinates.end());
  const std::size_t values =
      static_cast<std::size_t>(shape.outputs) * static_cast<std::size_t>(shape.points);
  all.resize(samples * values);
  network.evaluate(inputs, grid, all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double e = all[i] - static_cast<double>(data_.values[begin * values + i]);
    all[i] = e * e;
  }
  return all;
}

double DeepONetTask::error_sum(std::int64_t first, std::int64_t count,
                               const kernels::Array<float>& parameters) {
  const std::vector<double> squares = squared_errors(first, count, parameters);
  return std::accumulate(squares.begin(), squares.end(), 0.0) * problem().mean_factor();
}

OperatorErrors DeepONetTask::errors(std::int64_t first, std::int64_t count,
                                    const kernels::Array<float>& parameters) {
  std::vector<double> squares = squared_errors(first, count, parameters);
  const std::size_t values =
      static_cast<std::size_t>(data_.shape.outputs) * static_cast<std::size_t>(data_.shape.points);
  // Samples of one value each have no size of their own.
  const std::size_t part = values > 1 ? values : squares.size();
  const float* const truth = data_.values.data() + static_cast<std::size_t>(first) * values;
  OperatorErrors errors;
  for (std::size_t s = 0; s < squares.size(); s += part) {
    double error = 0.0, size = 0.0;
    for (std::size_t i = s; i < s + part; ++i) {
      error += squares[i];
      size += static_cast<double>(truth[i]) * static_cast<double>(truth[i]);
    }
    errors.mean_square += error;
    errors.relative_l2 += size > 0.0 ? std::sqrt(error / size) : std::sqrt(error);
  }
  errors.mean_square /= static_cast<double>(squares.size());
  errors.relative_l2 *= static_cast<double>(part) / static_cast<double>(squares.size());
  const std::size_t kept = squares.size() - squares.size() / 1000;
  std::nth_element(squares.begin(), squares.begin() + static_cast<std::ptrdiff_t>(kept - 1),
                   squares.end());
  errors.trimmed =
      std::accumulate(squares.begin(), squares.begin() + static_cast<std::ptrdiff_t>(kept), 0.0) /
      static_cast<double>(kept);
  return errors;
}

} // namespace linnet::nn
