// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A dense layer works on the channels of each point: y = W x + b.
#include <linnet/kernels/network/channels.hpp>
#include <linnet/nn/network/dense_product.hpp>
#include <linnet/nn/network/operation.hpp>

#include <optional>

namespace linnet::nn {

namespace {

template <class T>
class DenseLayer : public Layer<T> {
public:
  DenseLayer(const ResolvedNode& node, Domain& domain)
      : domain_(domain), product_(node.in_signatures[0].channels, node.signature.channels),
        weights_(node.parameters[0]) {
    if (node.parameters.size() > 1) bias_ = node.parameters[1];
  }

  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }

  void forward(const LayerTensors<T>& t, const T* parameters) override {
    product_.forward(t.in[0], parameters + weights_, bias_ ? parameters + *bias_ : nullptr, t.out,
                     domain_.treats_points_alike());
  }

  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    const auto &gy = t.out_gradient, &gx = t.in_gradients[0];
    if (bias_) kernels::add_channel_sums(gy, gradient + *bias_);
    product_.weight_gradient(t.in[0], gy, gradient + weights_, domain_.template workspace<T>());
    if (gx.channels > 0) product_.adjoint(gy, parameters + weights_, gx, t.add[0]);
  }

private:
  Domain& domain_;
  DenseProduct<T> product_;
  std::size_t weights_;
  std::optional<std::size_t> bias_;
};

class DenseOperation : public OperationOf<DenseLayer> {
public:
  [[nodiscard]] std::string name() const override { return "dense"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"units", 1, 4096, 1, true}, {"bias", 0, 1, 1}, {"normal_start", 0, 1, 0}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.in_signatures[0].level, node.attribute("units")};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    const std::int64_t in = node.in_signatures[0].channels, out = node.signature.channels;
    const InitialValues start = node.attribute("normal_start") != 0 ? InitialValues::glorot_normal
                                                                    : InitialValues::glorot_uniform;
    Blocks blocks{{"weight", {out, in}, ParameterRole::weight, start, in, out}};
    if (node.attribute("bias") != 0)
      blocks.push_back({"bias", {out}, ParameterRole::bias, InitialValues::zeros, in, out});
    return blocks;
  }
};

} // namespace

void add_dense(OperationList& list) { list.push_back(std::make_unique<DenseOperation>()); }

} // namespace linnet::nn
