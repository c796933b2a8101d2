// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/network/linear_upsampling.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// Every child gets the value of its parent.
template <class T>
class NearestUpsamplingLayer : public Layer<T> {
public:
  NearestUpsamplingLayer(const ResolvedNode& node, Domain& domain) : ratio_(domain.ratio()) {
    domain.require_children(node.signature.level, "upsample_nearest");
  }
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

/// Linear between the centres of cells. Beyond the border the nearest value is repeated, whatever
/// the padding, unless it is periodic.
template <class T>
class LinearUpsamplingLayer : public Layer<T> {
public:
  LinearUpsamplingLayer(const ResolvedNode& node, Domain& domain) : ratio_(domain.ratio()) {
    domain.require_children(node.signature.level, "upsample_linear");
  }
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.ghosts = needs.gradient_ghosts = 1;
    needs.beyond = needs.gradient_beyond = Beyond::nearest;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::interpolate_to_children(t.in[0], ratio_, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::gather_from_children(t.out_gradient, ratio_, t.in_gradients[0], t.add[0]);
  }

private:
  core::Index3 ratio_;
};

template <template <class> class LayerType>
class Upsampling : public OperationOf<LayerType> {
public:
  explicit Upsampling(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] bool needs_children() const override { return true; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.in_signatures[0].level - 1, node.in_signatures[0].channels};
  }

private:
  std::string name_;
};

} // namespace

void add_upsampling(OperationList& list) {
  list.push_back(std::make_unique<Upsampling<NearestUpsamplingLayer>>("upsample_nearest"));
  list.push_back(std::make_unique<Upsampling<LinearUpsamplingLayer>>("upsample_linear"));
}

} // namespace linnet::nn
