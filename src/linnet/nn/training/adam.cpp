// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/adam_moments.hpp>
#include <linnet/nn/training/optimiser_types.hpp>

namespace linnet::nn {

namespace {

template <class T>
class Adam final : public Optimiser<T> {
public:
  using typename Optimiser<T>::Array;
  Adam(const OptimiserOptions& options, const ParameterLayout& layout)
      : options_(options), moments_(layout) {}

  void step(const Array& parameters, const Array& gradient, double learning_rate) override {
    moments_.check(parameters, gradient);
    ++this->steps_;
    moments_.step(options_, this->steps_, learning_rate, parameters, gradient,
                  {0, parameters.extent(0), false, options_.l2});
  }
  void set_momentum(double momentum) override { options_.beta1 = momentum; }
  [[nodiscard]] std::vector<std::pair<std::string, Array>> state() const override {
    return moments_.state();
  }

private:
  OptimiserOptions options_;
  AdamMoments<T> moments_;
};

} // namespace

template <class T>
std::unique_ptr<Optimiser<T>> make_adam(const OptimiserOptions& options,
                                        const ParameterLayout& layout) {
  return std::make_unique<Adam<T>>(options, layout);
}

template std::unique_ptr<Optimiser<float>> make_adam(const OptimiserOptions&,
                                                     const ParameterLayout&);
template std::unique_ptr<Optimiser<double>> make_adam(const OptimiserOptions&,
                                                      const ParameterLayout&);

} // namespace linnet::nn
