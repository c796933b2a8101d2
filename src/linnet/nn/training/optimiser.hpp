// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// First-order optimisers on the flat buffer of a network's parameters.
#pragma once

#include <linnet/nn/network/parameters.hpp>

#include <memory>
#include <utility>

namespace linnet::nn {

/// adam: Kingma and Ba, ICLR 2015. adamw: Loshchilov and Hutter, ICLR 2019. muon: Jordan et al.,
/// 2024, scaled to the updates of AdamW as Liu et al., arXiv 2502.16982, do. sgd: parameters -=
/// rate times the gradient, and nothing else.
enum class OptimiserType { adam, adamw, muon, sgd };

struct OptimiserOptions {
  OptimiserType type = OptimiserType::adam;
  double beta1 = 0.9, beta2 = 0.999; ///< decay of the two moments of Adam
  double epsilon = 1e-8;
  double weight_decay = 0.01; ///< of adamw and muon: weights *= 1 - learning rate times it first
  double l2 = 0.0;            ///< of adam: gradient += l2 times the parameters, all of them
  double momentum = 0.95;     ///< of the matrices of muon
};

/// Turns gradients into steps. All buffers are those of one ParameterLayout; gradients are zero in
/// its gaps, and so parameters and state stay zero there. Ranks that give the same gradient get the
/// same step; nothing here is collective.
template <class T>
class Optimiser {
public:
  using Array = kernels::Array<T>;
  Optimiser() = default;
  virtual ~Optimiser() = default;
  Optimiser(const Optimiser&) = delete;
  Optimiser& operator=(const Optimiser&) = delete;
  Optimiser(Optimiser&&) = delete;
  Optimiser& operator=(Optimiser&&) = delete;

  /// Moves @p parameters down @p gradient, which it leaves as it is.
  virtual void step(const Array& parameters, const Array& gradient, double learning_rate) = 0;
  /// Takes @p momentum for beta1 of Adam and the momentum of muon from now on. As PyTorch does it:
  /// the moments' bias is corrected as if it had always been this one.
  virtual void set_momentum(double momentum) = 0;
  /// What a checkpoint holds beside steps(): names and buffers, which share their values with the
  /// optimiser. A restart copies values back into them.
  [[nodiscard]] virtual std::vector<std::pair<std::string, Array>> state() const = 0;
  /// Steps taken since the state was zero.
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t count) { steps_ = count; }

protected:
  std::int64_t steps_ = 0;
};

/// An optimiser with a state of zeros. Throws a usage Error for options out of range.
template <class T>
std::unique_ptr<Optimiser<T>> make_optimiser(const OptimiserOptions& options,
                                             const ParameterLayout& layout);

/// Shrinks @p gradient to the Euclidean norm @p limit where it is longer; returns the norm that it
/// had. A norm that is not finite leaves the gradient as it is. Same bits on any number of threads.
/// @p limit must be positive; infinity measures only.
template <class T>
double clip_by_norm(const kernels::Array<T>& gradient, double limit);

} // namespace linnet::nn
