// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/optimiser_steps.hpp>
#include <linnet/nn/training/optimiser_types.hpp>

namespace linnet::nn {

namespace {

// The plain gradient: no state but the number of steps.
template <class T>
class Sgd final : public Optimiser<T> {
public:
  using typename Optimiser<T>::Array;
  explicit Sgd(const ParameterLayout& layout) : size_(layout.size()) {}

  void step(const Array& parameters, const Array& gradient, double learning_rate) override {
    if (parameters.extent(0) != size_ || gradient.extent(0) != size_)
      core::throw_usage("optimiser: buffers of " + std::to_string(parameters.extent(0)) + " and " +
                        std::to_string(gradient.extent(0)) + " values for a layout of " +
                        std::to_string(size_));
    ++this->steps_;
    kernels::scale_and_add(1.0, parameters.data(), -learning_rate, gradient.data(), size_);
  }
  void set_momentum(double) override {}
  [[nodiscard]] std::vector<std::pair<std::string, Array>> state() const override { return {}; }

private:
  std::size_t size_;
};

} // namespace

template <class T>
std::unique_ptr<Optimiser<T>> make_sgd(const ParameterLayout& layout) {
  return std::make_unique<Sgd<T>>(layout);
}

template std::unique_ptr<Optimiser<float>> make_sgd(const ParameterLayout&);
template std::unique_ptr<Optimiser<double>> make_sgd(const ParameterLayout&);

} // namespace linnet::nn
