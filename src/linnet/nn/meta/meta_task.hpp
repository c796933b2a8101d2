// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Meta-learning: parameters from which a few steps on a few samples of an operator not seen before
/// go far. First-order MAML (Finn, Abbeel and Levine, ICML 2017, sec. 5.2) as Sun, Zhang and
/// Schaeffer (arXiv 2408.16168) train operator networks with it, and their learned inner rates.
#pragma once

#include <linnet/nn/meta/rate_network.hpp>
#include <linnet/nn/training/training_task.hpp>

#include <optional>
#include <vector>

namespace linnet::nn {

struct MetaOptions {
  /// Operators that share the samples of the task beneath: sample k belongs to number k mod so
  /// many.
  std::int64_t operators = 1;
  int support = 10; ///< samples of the inner steps
  int query = 20;   ///< other samples, whose loss after these steps counts
  int inner_steps = 5;
  double inner_rate = 0.2;  ///< eta, where no network gives it
  double clamp = 1.0;       ///< largest element of an inner gradient; 0: any
  double divergence = 10.0; ///< a loss so many times the first one is one that diverges
  std::uint64_t seed = 0;   ///< of the draws
};

/// A sample of this task is an operator. In every step of the trainer, support and query are drawn
/// anew among its samples; with l the mean loss of the task beneath,
///
///     theta_0 = theta,  theta_{j+1} = theta_j - eta clamp(grad l_support(theta_j)),
///
/// the loss is that of the query at theta_n, n inner steps later, and its gradient there is taken
/// for that by theta: the first order. A rate network makes eta for each operator; its parameters
/// follow those of the graph in layout(), and the derivative of the loss by eta is, in the same
/// order, - sum_j grad l_query(theta_n) . clamp(grad l_support(theta_j)). Without inner steps this
/// is training on the query samples: sums over them are those of the task beneath, see
/// members_per_sample().
///
/// An operator is worked on by one rank alone: no bit depends on their number. Where a loss or the
/// last gradient is not finite, or a loss is `divergence` times the first one, the inner steps have
/// diverged: the operator is skipped, counted, and adds no gradient and this bound as its loss.
class MetaTask : public TrainingTask {
public:
  /// @p base must outlive the task. @throws core::Error (usage) for numbers that are out of range
  /// or do not fit @p base.
  MetaTask(TrainingTask& base, const MetaOptions& options,
           std::optional<RateNetworkOptions> rates = std::nullopt);

  [[nodiscard]] const ResolvedGraph& graph() const override { return base_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return options_.operators; }
  [[nodiscard]] const ParameterLayout& layout() const override { return layout_; }
  [[nodiscard]] kernels::Array<float>
  network_parameters(const kernels::Array<float>& trained) const override;
  [[nodiscard]] std::int64_t members_per_sample() const override { return options_.query; }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  void evaluate_shards(const Batch& batch, const kernels::Array<float>& parameters,
                       std::span<const kernels::Array<float>> gradients,
                       std::span<double> losses) override;
  /// Mean loss of all other samples after inner steps on the first ones.
  double error(std::int64_t sample, const kernels::Array<float>& parameters) override;
  [[nodiscard]] double flops() const override;
  [[nodiscard]] std::size_t arena_bytes() const override { return base_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const override { return base_.least_bytes(); }

  /// The samples that training step @p step works on for operator @p number.
  struct Draw {
    std::vector<std::int64_t> support, query;
  };
  [[nodiscard]] Draw draw(std::int64_t number, std::int64_t step) const;
  /// The graph's parameters after inner steps on the first samples of operator @p number, or
  /// nothing where they diverge. Valid until the next call. Not collective.
  std::optional<kernels::Array<float>> adapted(std::int64_t number,
                                               const kernels::Array<float>& parameters);
  /// Of operator @p number: those that adapted() works on, and all others.
  [[nodiscard]] std::vector<std::int64_t> first_samples(std::int64_t number) const;
  [[nodiscard]] std::vector<std::int64_t> other_samples(std::int64_t number) const;
  /// Inner rate for operator @p number.
  double inner_rate(std::int64_t number, const kernels::Array<float>& parameters);
  /// The network of inner rates, or null, and its part of @p parameters.
  [[nodiscard]] const RateNetwork* rates() const { return rates_ ? &*rates_ : nullptr; }
  [[nodiscard]] kernels::Array<float>
  rate_parameters(const kernels::Array<float>& parameters) const;

  /// Operators that training steps have worked on since the task was made, and those of them that
  /// were skipped, on all ranks together. Collective.
  struct Count {
    std::int64_t tasks = 0, skipped = 0;
  };
  [[nodiscard]] Count count(MPI_Comm comm) const;

private:
  [[nodiscard]] std::int64_t samples_per_operator() const;
  double run(std::int64_t number, std::int64_t step, const kernels::Array<float>& parameters,
             const kernels::Array<float>& gradient);
  double sum_of_losses(const std::vector<std::int64_t>& samples,
                       const kernels::Array<float>& parameters);
  bool descend(const std::vector<std::int64_t>& support, double rate);
  [[nodiscard]] double bound(std::size_t members) const;

  TrainingTask& base_;
  MetaOptions options_;
  std::optional<RateNetwork> rates_;
  ParameterLayout layout_;
  kernels::Array<float> adapted_;  ///< theta_j
  kernels::Array<float> gradient_; ///< of the last sum of losses
  kernels::Array<float> path_;     ///< sum of the clamped gradients of inner steps
  double first_loss_ = 0.0;        ///< of the support, mean, before inner steps
  Count count_;
};

} // namespace linnet::nn
