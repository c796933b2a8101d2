// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/network/softmax.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// The channels of each point as probabilities.
template <class T>
class SoftmaxLayer : public Layer<T> {
public:
  SoftmaxLayer(const ResolvedNode&, Domain&) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.in_place = needs.output_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::softmax<T>(t.in[0], nullptr, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::softmax_adjoint(t.out, t.out_gradient, t.in_gradients[0], t.add[0]);
  }
};

class SoftmaxOperation : public OperationOf<SoftmaxLayer> {
public:
  [[nodiscard]] std::string name() const override { return "softmax"; }
};

} // namespace

void add_softmax(OperationList& list) { list.push_back(std::make_unique<SoftmaxOperation>()); }

} // namespace linnet::nn
