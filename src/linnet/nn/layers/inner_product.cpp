// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The head of a DeepONet: out_o = sum_k b_{o p + k} t_k + bias_o, with p the channels of the second
// input, the trunk, and o p of the first, the branch.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/nn/network/operation.hpp>

#include <optional>

namespace linnet::nn {

namespace {

template <class T>
class InnerProductLayer : public Layer<T> {
public:
  InnerProductLayer(const ResolvedNode& node, Domain&) {
    if (!node.parameters.empty()) bias_ = node.parameters[0];
  }
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    const kernels::Tensor<T>&branch = t.in[0], &trunk = t.in[1];
    for (int o = 0; o < t.out.channels; ++o)
      kernels::multiply_tensors(branch.part(o * trunk.channels, trunk.channels), trunk,
                                t.out.part(o, 1), false);
    if (bias_) kernels::add_to_channels(t.out, parameters + *bias_);
  }
  void backward(const LayerTensors<T>& t, const T*, T* gradient) override {
    const kernels::Tensor<T>&branch = t.in[0], &trunk = t.in[1], &gy = t.out_gradient;
    const int p = trunk.channels;
    if (bias_) kernels::add_channel_sums(gy, gradient + *bias_);
    for (int o = 0; o < gy.channels; ++o) {
      if (t.in_gradients[0].channels > 0)
        kernels::multiply_tensors(gy.part(o, 1), trunk, t.in_gradients[0].part(o * p, p), t.add[0]);
      if (t.in_gradients[1].channels > 0)
        kernels::multiply_tensors(gy.part(o, 1), branch.part(o * p, p), t.in_gradients[1],
                                  t.add[1] || o > 0);
    }
  }

private:
  std::optional<std::size_t> bias_;
};

class InnerProductOperation : public OperationOf<InnerProductLayer> {
public:
  [[nodiscard]] std::string name() const override { return inner_product_name; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 2}; }
  [[nodiscard]] std::vector<Attribute> attributes() const override { return {{"bias", 0, 1, 1}}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    const Signature &branch = node.in_signatures[0], &trunk = node.in_signatures[1];
    if (branch.level != trunk.level || branch.channels % trunk.channels != 0)
      core::throw_data("its first input must have the grid of the second, and a multiple of its "
                       "channels");
    if (node.in[0] == node.in[1]) core::throw_data("its inputs must be two nodes");
    return {branch.level, branch.channels / trunk.channels};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    if (node.attribute("bias") == 0) return {};
    return {{"bias", {node.signature.channels}, ParameterRole::bias, InitialValues::zeros}};
  }
};

} // namespace

void add_inner_product(OperationList& list) {
  list.push_back(std::make_unique<InnerProductOperation>());
}

} // namespace linnet::nn
