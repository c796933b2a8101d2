// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The two moments of Adam and its step on a part of the buffer.
#pragma once

#include <linnet/core/error.hpp>
#include <linnet/kernels/network/optimiser_steps.hpp>
#include <linnet/nn/training/optimiser.hpp>

#include <cmath>

namespace linnet::nn {

/// A part of the flat buffer and whether weight decay applies to it.
struct ParameterSpan {
  std::size_t begin = 0, end = 0;
  bool decays = false;
  double l2 = 0.0; ///< see OptimiserOptions::l2
};

template <class T>
struct AdamMoments {
  kernels::Array<T> first, second;

  explicit AdamMoments(const ParameterLayout& layout)
      : first(parameter_buffer<T>(layout)), second(parameter_buffer<T>(layout)) {}

  [[nodiscard]] std::vector<std::pair<std::string, kernels::Array<T>>> state() const {
    return {{"first_moment", first}, {"second_moment", second}};
  }

  /// Throws unless @p parameters and @p gradient are as long as the moments.
  void check(const kernels::Array<T>& parameters, const kernels::Array<T>& gradient) const {
    if (parameters.extent(0) != first.extent(0) || gradient.extent(0) != first.extent(0))
      core::throw_usage("optimiser: buffers of " + std::to_string(parameters.extent(0)) + " and " +
                        std::to_string(gradient.extent(0)) + " values for a layout of " +
                        std::to_string(first.extent(0)));
  }

  /// Step number @p number, from 1 on, of the parameters in @p span.
  void step(const OptimiserOptions& options, std::int64_t number, double learning_rate,
            const kernels::Array<T>& parameters, const kernels::Array<T>& gradient,
            const ParameterSpan& span) const {
    const auto t = static_cast<double>(number);
    const double decay = span.decays ? learning_rate * options.weight_decay : 0.0;
    kernels::AdamStep<T> kernel{};
    kernel.theta = parameters.data(), kernel.g = gradient.data();
    kernel.m = first.data(), kernel.v = second.data();
    kernel.beta1 = static_cast<T>(options.beta1);
    kernel.rest1 = static_cast<T>(1.0 - options.beta1);
    kernel.beta2 = static_cast<T>(options.beta2);
    kernel.rest2 = static_cast<T>(1.0 - options.beta2);
    kernel.rate = static_cast<T>(learning_rate / (1.0 - std::pow(options.beta1, t)));
    kernel.root = static_cast<T>(1.0 / std::sqrt(1.0 - std::pow(options.beta2, t)));
    kernel.keep = static_cast<T>(1.0 - decay);
    kernel.l2 = static_cast<T>(span.l2);
    kernel.epsilon = static_cast<T>(options.epsilon);
    kernels::for_each_value("linnet::nn::adam", span.begin, span.end, kernel);
  }
};

} // namespace linnet::nn
