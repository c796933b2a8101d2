// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/pooling.hpp>
#include <linnet/nn/operation.hpp>

namespace linnet::nn {

namespace {

/// The mean of the 2^d children.
template <class T>
class AveragePoolingLayer : public Layer<T> {
public:
  AveragePoolingLayer(const ResolvedNode&, Domain& domain)
      : ratio_(domain.ratio()), factor_(T(1) / static_cast<T>(core::volume(ratio_))) {}
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::sum_children(t.in[0], ratio_, factor_, t.out, false);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::spread_to_children(t.out_gradient, ratio_, factor_, t.in_gradients[0], t.add[0]);
  }

private:
  core::Index3 ratio_;
  T factor_;
};

class AveragePooling : public OperationOf<AveragePoolingLayer> {
public:
  [[nodiscard]] std::string name() const override { return "avg_pool"; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.in_signatures[0].level + 1, node.in_signatures[0].channels};
  }
};

} // namespace

void add_pooling(OperationList& list) { list.push_back(std::make_unique<AveragePooling>()); }

} // namespace linnet::nn
