// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/network/activation.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

using kernels::Activation;

/// A function of each value. In place, where its derivative follows from its own value.
template <class T>
class ActivationLayer : public Layer<T> {
public:
  explicit ActivationLayer(Activation kind) : kind_(kind) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.in_place = needs.output_again = kernels::derivative_from_value(kind_);
    needs.input_again = !needs.output_again;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::activate(kind_, t.in[0], t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::activate_adjoint(kind_, t.in[0], t.out, t.out_gradient, t.in_gradients[0], t.add[0]);
  }

private:
  Activation kind_;
};

class ActivationOperation : public Operation {
public:
  explicit ActivationOperation(Activation kind) : kind_(kind) {}
  [[nodiscard]] std::string name() const override { return kernels::name_of(kind_); }
  [[nodiscard]] std::unique_ptr<Layer<float>> layer(const ResolvedNode&, Domain&,
                                                    float) const override {
    return std::make_unique<ActivationLayer<float>>(kind_);
  }
  [[nodiscard]] std::unique_ptr<Layer<double>> layer(const ResolvedNode&, Domain&,
                                                     double) const override {
    return std::make_unique<ActivationLayer<double>>(kind_);
  }

private:
  Activation kind_;
};

} // namespace

void add_activations(OperationList& list) {
  for (const Activation kind : {Activation::relu, Activation::tanh, Activation::gelu,
                                Activation::gelu_tanh, Activation::softplus})
    list.push_back(std::make_unique<ActivationOperation>(kind));
}

} // namespace linnet::nn
