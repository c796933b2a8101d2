// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/pooling.hpp>
#include <linnet/nn/operation.hpp>

namespace linnet::nn {

namespace {

/// Every child gets the value of its parent.
template <class T>
class NearestUpsamplingLayer : public Layer<T> {
public:
  NearestUpsamplingLayer(const ResolvedNode&, Domain& domain) : ratio_(domain.ratio()) {}
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::spread_to_children(t.in[0], ratio_, T(1), t.out, false);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::sum_children(t.out_gradient, ratio_, T(1), t.in_gradients[0], t.add[0]);
  }

private:
  core::Index3 ratio_;
};

class NearestUpsampling : public OperationOf<NearestUpsamplingLayer> {
public:
  [[nodiscard]] std::string name() const override { return "upsample_nearest"; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.in_signatures[0].level - 1, node.in_signatures[0].channels};
  }
};

} // namespace

void add_upsampling(OperationList& list) { list.push_back(std::make_unique<NearestUpsampling>()); }

} // namespace linnet::nn
