// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/optimiser.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/network/optimiser_steps.hpp>
#include <linnet/nn/training/optimiser_types.hpp>

#include <cmath>

namespace linnet::nn {

namespace {

void check_range(const char* field, double value, bool is_allowed, const char* allowed) {
  if (is_allowed) return;
  core::throw_usage(std::string("optimiser: ") + field + " is " + std::to_string(value) +
                    "; give " + allowed);
}

void check(const OptimiserOptions& o) {
  const auto is_fraction = [](double value) { return value >= 0.0 && value < 1.0; };
  const char* const fraction = "0 or more and less than 1";
  check_range("beta1", o.beta1, is_fraction(o.beta1), fraction);
  check_range("beta2", o.beta2, is_fraction(o.beta2), fraction);
  check_range("momentum", o.momentum, is_fraction(o.momentum), fraction);
  check_range("epsilon", o.epsilon, o.epsilon > 0.0, "a positive number");
  check_range("weight_decay", o.weight_decay, o.weight_decay >= 0.0, "0 or more");
  check_range("l2", o.l2, o.l2 >= 0.0, "0 or more");
}

} // namespace

template <class T>
std::unique_ptr<Optimiser<T>> make_optimiser(const OptimiserOptions& options,
                                             const ParameterLayout& layout) {
  check(options);
  switch (options.type) {
  case OptimiserType::adam: break;
  case OptimiserType::adamw: return make_adamw<T>(options, layout);
  case OptimiserType::muon: return make_muon<T>(options, layout);
  case OptimiserType::sgd: return make_sgd<T>(layout);
  }
  return make_adam<T>(options, layout);
}

template <class T>
double clip_by_norm(const kernels::Array<T>& gradient, double limit) {
  check_range("limit of the gradient's norm", limit, limit > 0.0, "a positive number");
  const double norm = std::sqrt(kernels::sum_of_squares(gradient.data(), gradient.extent(0)));
  if (norm > limit && std::isfinite(norm))
    kernels::scale(gradient.data(), limit / norm, gradient.data(), gradient.extent(0));
  return norm;
}

template std::unique_ptr<Optimiser<float>> make_optimiser(const OptimiserOptions&,
                                                          const ParameterLayout&);
template std::unique_ptr<Optimiser<double>> make_optimiser(const OptimiserOptions&,
                                                           const ParameterLayout&);
template double clip_by_norm(const kernels::Array<float>&, double);
template double clip_by_norm(const kernels::Array<double>&, double);

} // namespace linnet::nn
