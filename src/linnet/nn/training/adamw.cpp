// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/adam_moments.hpp>
#include <linnet/nn/training/optimiser_types.hpp>

namespace linnet::nn {

namespace {

// Neighbouring blocks of one kind are one span: fewer and longer loops.
std::vector<ParameterSpan> spans_of(const ParameterLayout& layout) {
  std::vector<ParameterSpan> spans;
  for (const ParameterBlock& block : layout.blocks()) {
    const bool decays = block.role == ParameterRole::weight;
    const std::size_t end = block.offset + block.size();
    if (!spans.empty() && spans.back().decays == decays)
      spans.back().end = end;
    else
      spans.push_back({block.offset, end, decays});
  }
  return spans;
}

template <class T>
class AdamW final : public Optimiser<T> {
public:
  using typename Optimiser<T>::Array;
  AdamW(const OptimiserOptions& options, const ParameterLayout& layout)
      : options_(options), moments_(layout), spans_(spans_of(layout)) {}

  void step(const Array& parameters, const Array& gradient, double learning_rate) override {
    moments_.check(parameters, gradient);
    ++this->steps_;
    for (const ParameterSpan& span : spans_)
      moments_.step(options_, this->steps_, learning_rate, parameters, gradient, span);
  }
  void set_momentum(double momentum) override { options_.beta1 = momentum; }
  [[nodiscard]] std::vector<std::pair<std::string, Array>> state() const override {
    return moments_.state();
  }

private:
  OptimiserOptions options_;
  AdamMoments<T> moments_;
  std::vector<ParameterSpan> spans_;
};

} // namespace

template <class T>
std::unique_ptr<Optimiser<T>> make_adamw(const OptimiserOptions& options,
                                         const ParameterLayout& layout) {
  return std::make_unique<AdamW<T>>(options, layout);
}

template std::unique_ptr<Optimiser<float>> make_adamw(const OptimiserOptions&,
                                                      const ParameterLayout&);
template std::unique_ptr<Optimiser<double>> make_adamw(const OptimiserOptions&,
                                                       const ParameterLayout&);

} // namespace linnet::nn
