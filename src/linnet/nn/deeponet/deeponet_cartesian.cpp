// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/deeponet_cartesian.hpp>

#include <linnet/kernels/network/channels.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

using kernels::Tensor;

constexpr const char* label = "linnet::nn::deeponet_cartesian";

Tensor<float> row_tensor(int channels, int members) {
  return {label, channels, kernels::Layout({members, 1, 1}, {0, 0, 0})};
}

std::int64_t point_begin(int points, std::int64_t shards, std::int64_t s) {
  return points * s / shards;
}

/// t(f outputs + o, j) = values(numbers(f), o, first + j) for j < @p count.
void gather_targets(const OperatorData& data, std::span<const std::int64_t> numbers,
                    std::int64_t first, int count, const Tensor<float>& t) {
  const int outputs = data.shape.outputs, points = data.shape.points;
  int channel = 0;
  for (const std::int64_t number : numbers)
    for (int o = 0; o < outputs; ++o)
      std::copy_n(data.values.data() + (number * outputs + o) * points + first, count,
                  t.origin(channel++));
}

} // namespace

/// Functions begin, ..., end - 1 of the batch and points first_point, ..., end_point - 1.
struct DeepONetCartesian::Shard {
  Shard(const OperatorProblem& problem, const Batch& batch, std::int64_t s)
      : begin(batch.begin(s)), end(batch.begin(s + 1)),
        first_point(point_begin(problem.data.shape.points, batch.shards, s)),
        end_point(point_begin(problem.data.shape.points, batch.shards, s + 1)),
        rows(static_cast<int>(end - begin) * problem.parts.outputs),
        branch(problem.parts.branch, static_cast<int>(end - begin), NetworkMode::training),
        product(problem.parts.basis, rows), errors(row_tensor(rows, problem.data.shape.points)),
        targets(row_tensor(rows, problem.data.shape.points)),
        gradient(kernels::zeros<float>(label, static_cast<std::size_t>(rows) *
                                                  static_cast<std::size_t>(problem.parts.basis))),
        sums(kernels::zeros<float>(label, static_cast<std::size_t>(rows))) {
    const int points = static_cast<int>(end_point - first_point);
    if (points == 0) return; // fewer points than shards
    trunk.emplace(problem.parts.trunk, points, NetworkMode::training);
    const int all = static_cast<int>(batch.samples.size()) * problem.parts.outputs;
    column_errors = row_tensor(all, points);
    column_targets = row_tensor(all, points);
  }

  std::int64_t begin, end, first_point, end_point;
  int rows;
  BatchNetwork<float> branch;
  std::optional<BatchNetwork<float>> trunk;
  DenseProduct<float> product;
  Tensor<float> errors, targets, column_errors, column_targets;
  kernels::Array<float> gradient; ///< by the rows of W
  kernels::Array<float> sums;     ///< of the errors of a row
};

DeepONetCartesian::DeepONetCartesian(const OperatorProblem& problem, const Batch& batch)
    : problem_(problem), functions_(batch.samples.size()), shards_(batch.shards),
      rank_(batch.group), ranks_(batch.groups),
      trunk_(row_tensor(problem.parts.basis, problem.data.shape.points)),
      all_rows_(problem.parts.basis, static_cast<int>(functions_) * problem.parts.outputs) {
  const std::size_t rows = functions_ * static_cast<std::size_t>(problem.parts.outputs);
  weights_ = kernels::zeros<float>(label, rows * static_cast<std::size_t>(problem.parts.basis));
  shifts_ = kernels::zeros<float>(label, rows);
  for (std::int64_t s = batch.group; s < batch.shards; s += batch.groups)
    mine_.push_back(std::make_unique<Shard>(problem, batch, s));
}

DeepONetCartesian::~DeepONetCartesian() = default;

bool DeepONetCartesian::fits(const Batch& batch) const {
  return functions_ == batch.samples.size() && shards_ == batch.shards && rank_ == batch.group &&
         ranks_ == batch.groups;
}

/// W and T, complete on every rank.
void DeepONetCartesian::forward(const Batch& batch, const kernels::Array<float>& parameters) {
  const int outputs = problem_.parts.outputs, basis = problem_.parts.basis;
  if (ranks_ > 1) {
    Kokkos::deep_copy(weights_, 0.0F);
    Kokkos::deep_copy(trunk_.values, 0.0F);
  }
  for (const auto& shard : mine_) {
    Shard& s = *shard;
    gather_members(
        problem_.encoded.data(),
        [&](int f) { return batch.samples[static_cast<std::size_t>(s.begin + f)]; },
        s.branch.members(), s.branch.network().input());
    s.branch.network().forward(parameters);
    const Tensor<float>& out = s.branch.network().output();
    float* const to = weights_.data() + s.begin * outputs * basis;
    for (int f = 0; f < s.branch.members(); ++f)
      for (int c = 0; c < outputs * basis; ++c)
        to[static_cast<std::int64_t>(f) * outputs * basis + c] = out.origin(c)[f];
    if (!s.trunk) continue;
    gather_members(
        problem_.data.coordinates.data(), [&](int q) { return s.first_point + q; },
        s.trunk->members(), s.trunk->network().input());
    s.trunk->network().forward(parameters);
    for (int k = 0; k < basis; ++k)
      std::copy_n(s.trunk->network().output().origin(k), s.trunk->members(),
                  trunk_.origin(k) + s.first_point);
  }
  if (ranks_ > 1) { // all but one of the summands are zero
    MPI_Allreduce(MPI_IN_PLACE, weights_.data(), static_cast<int>(weights_.extent(0)), MPI_FLOAT,
                  MPI_SUM, batch.comm);
    MPI_Allreduce(MPI_IN_PLACE, trunk_.values.data(), static_cast<int>(trunk_.values.extent(0)),
                  MPI_FLOAT, MPI_SUM, batch.comm);
  }
  if (problem_.parts.bias)
    for (std::size_t row = 0; row < shifts_.extent(0); ++row)
      shifts_.data()[row] =
          parameters.data()[*problem_.parts.bias + row % static_cast<std::size_t>(outputs)];
}

double DeepONetCartesian::run_functions(Shard& s, const Batch& batch,
                                        const kernels::Array<float>& parameters,
                                        const kernels::Array<float>* gradient) {
  const int outputs = problem_.parts.outputs, basis = problem_.parts.basis,
            points = problem_.data.shape.points;
  const double mean = problem_.mean_factor();
  const auto count = static_cast<std::size_t>(s.end - s.begin);
  gather_targets(problem_.data, batch.samples.subspan(static_cast<std::size_t>(s.begin), count), 0,
                 points, s.targets);
  s.product.forward(trunk_, weights_.data() + s.begin * outputs * basis,
                    shifts_.data() + s.begin * outputs, s.errors);
  const double sum = kernels::squared_error(s.errors, s.targets, problem_.scale, outputs, 0, points,
                                            static_cast<float>(2.0 * mean));
  if (!gradient) return sum * mean;
  Kokkos::deep_copy(s.gradient, 0.0F);
  s.product.weight_gradient(trunk_, s.errors, s.gradient.data(),
                            s.branch.domain().template workspace<float>());
  for (int c = 0; c < outputs * basis; ++c)
    for (int f = 0; f < s.branch.members(); ++f)
      s.branch.network().output_gradient().origin(c)[f] =
          s.gradient.data()[static_cast<std::int64_t>(f) * outputs * basis + c];
  if (problem_.parts.bias) {
    Kokkos::deep_copy(s.sums, 0.0F);
    kernels::add_channel_sums(s.errors, s.sums.data());
    for (int row = 0; row < s.rows; ++row)
      gradient->data()[*problem_.parts.bias + static_cast<std::size_t>(row % outputs)] +=
          s.sums.data()[row];
  }
  s.branch.network().backward(parameters, *gradient);
  return sum * mean;
}

void DeepONetCartesian::run_points(Shard& s, const Batch& batch,
                                   const kernels::Array<float>& parameters,
                                   const kernels::Array<float>& gradient) {
  const int points = s.trunk->members();
  gather_targets(problem_.data, batch.samples, s.first_point, points, s.column_targets);
  all_rows_.forward(s.trunk->network().output(), weights_.data(), shifts_.data(), s.column_errors);
  kernels::squared_error(s.column_errors, s.column_targets, problem_.scale, problem_.parts.outputs,
                         s.first_point, points, static_cast<float>(2.0 * problem_.mean_factor()));
  all_rows_.adjoint(s.column_errors, weights_.data(), s.trunk->network().output_gradient(), false);
  s.trunk->network().backward(parameters, gradient);
}

void DeepONetCartesian::run(const Batch& batch, const kernels::Array<float>& parameters,
                            std::span<const kernels::Array<float>> gradients,
                            std::span<double> losses) {
  forward(batch, parameters);
  std::size_t number = 0;
  for (const auto& shard : mine_) {
    Shard& s = *shard;
    const kernels::Array<float>* gradient = gradients.empty() ? nullptr : &gradients[number];
    losses[number] = run_functions(s, batch, parameters, gradient);
    if (gradient && s.trunk) run_points(s, batch, parameters, *gradient);
    ++number;
  }
}

std::size_t DeepONetCartesian::arena_bytes() {
  std::size_t bytes = 0;
  for (const auto& s : mine_)
    bytes += s->branch.network().arena_bytes() + (s->trunk ? s->trunk->network().arena_bytes() : 0);
  return bytes;
}
std::size_t DeepONetCartesian::least_bytes() {
  std::size_t bytes = 0;
  for (const auto& s : mine_)
    bytes += s->branch.network().least_bytes() + (s->trunk ? s->trunk->network().least_bytes() : 0);
  return bytes;
}

} // namespace linnet::nn
