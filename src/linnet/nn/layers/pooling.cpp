// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/network/max_pooling.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// The mean of the 2^d children.
template <class T>
class AveragePoolingLayer : public Layer<T> {
public:
  AveragePoolingLayer(const ResolvedNode& node, Domain& domain)
      : ratio_(domain.ratio()), factor_(T(1) / static_cast<T>(core::volume(ratio_))) {
    domain.require_children(node.in_signatures[0].level, "avg_pool");
  }
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

/// The largest of the children.
template <class T>
class MaxPoolingLayer : public Layer<T> {
public:
  MaxPoolingLayer(const ResolvedNode& node, Domain& domain) : ratio_(domain.ratio()) {
    domain.require_children(node.in_signatures[0].level, "max_pool");
  }
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::max_of_children(t.in[0], ratio_, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::max_of_children_adjoint(t.in[0], ratio_, t.out_gradient, t.in_gradients[0],
                                       t.add[0]);
  }

private:
  core::Index3 ratio_;
};

template <template <class> class LayerType>
class Pooling : public OperationOf<LayerType> {
public:
  explicit Pooling(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] bool needs_children() const override { return true; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.in_signatures[0].level + 1, node.in_signatures[0].channels};
  }

private:
  std::string name_;
};

} // namespace

void add_pooling(OperationList& list) {
  list.push_back(std::make_unique<Pooling<AveragePoolingLayer>>("avg_pool"));
  list.push_back(std::make_unique<Pooling<MaxPoolingLayer>>("max_pool"));
}

} // namespace linnet::nn
