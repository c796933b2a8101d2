// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/kernels/network/channels.hpp>
#include <linnet/kernels/network/layer_norm.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// The channels of each point with mean 0 and variance 1, times a scale and plus a bias per
/// channel. Keeps two values per point for the adjoint.
template <class T>
class LayerNormLayer : public Layer<T> {
public:
  LayerNormLayer(const ResolvedNode& node, Domain& domain)
      : scale_(node.parameters[0]), bias_(node.parameters[1]),
        statistics_("linnet::nn::layer_norm", 2,
                    kernels::Layout(domain.extent(node.signature.level), {0, 0, 0})) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    kernels::normalise_channels(t.in[0], parameters + scale_, parameters + bias_, statistics_,
                                t.out);
  }
  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    kernels::add_norm_scale_gradient(t.in[0], statistics_, t.out_gradient, gradient + scale_);
    kernels::add_channel_sums(t.out_gradient, gradient + bias_);
    if (t.in_gradients[0].channels > 0)
      kernels::normalise_channels_adjoint(t.in[0], parameters + scale_, statistics_, t.out_gradient,
                                          t.in_gradients[0], t.add[0]);
  }

private:
  std::size_t scale_, bias_;
  kernels::Tensor<T> statistics_;
};

class LayerNormOperation : public OperationOf<LayerNormLayer> {
public:
  [[nodiscard]] std::string name() const override { return "layer_norm"; }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    const std::int64_t channels = node.signature.channels;
    return {{"scale", {channels}, ParameterRole::scale, InitialValues::ones},
            {"bias", {channels}, ParameterRole::bias, InitialValues::zeros}};
  }
};

} // namespace

void add_layer_norm(OperationList& list) { list.push_back(std::make_unique<LayerNormOperation>()); }

} // namespace linnet::nn
