// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A dense layer works on the channels of each point: y = W x + b. Where the points lie side by
// side, as those of a batch do, that is a product of matrices; on a grid with ghosts, and on a GPU,
// it is a convolution with one tap.
#include <linnet/core/error.hpp>
#include <linnet/kernels/channels.hpp>
#include <linnet/kernels/convolution.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/nn/operation.hpp>

#include <optional>

namespace linnet::nn {

namespace {

using kernels::Tensor;

template <class T>
bool is_matrix(const Tensor<T>& t) {
  const kernels::Layout& l = t.layout;
  return !kernels::on_device && l.g[0] + l.g[1] + l.g[2] == 0;
}

template <class T>
std::int64_t points(const Tensor<T>& t) {
  return static_cast<std::int64_t>(t.layout.n[0]) * t.layout.n[1] * t.layout.n[2];
}

template <class T>
class DenseLayer : public Layer<T> {
public:
  DenseLayer(const ResolvedNode& node, Domain& domain)
      : domain_(domain), in_(node.in_signatures[0].channels), out_(node.signature.channels),
        convolution_({in_, out_, {1, 1, 1}, {1, 1, 1}}), weights_(node.parameters[0]) {
    if (node.parameters.size() > 1) bias_ = node.parameters[1];
  }

  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }

  void forward(const LayerTensors<T>& t, const T* parameters) override {
    const T* weights = parameters + weights_;
    const T* bias = bias_ ? parameters + *bias_ : nullptr;
    const Tensor<T>&x = t.in[0], &y = t.out;
    if (!is_matrix(x) || !is_matrix(y)) return convolution_.forward(x, weights, bias, y);
    // Column-major: points are rows, and W^T is what lies in memory.
    linalg::gemm('N', 'N', points(x), out_, in_, T(1), x.origin(), x.pitch, weights, in_, T(0),
                 y.origin(), y.pitch);
    if (bias) kernels::add_to_channels(y, bias);
  }

  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    const T* weights = parameters + weights_;
    const Tensor<T>&x = t.in[0], &gy = t.out_gradient, &gx = t.in_gradients[0];
    if (bias_) kernels::add_channel_sums(gy, gradient + *bias_);
    if (is_matrix(x) && is_matrix(gy))
      linalg::gemm('T', 'N', in_, out_, points(x), T(1), x.origin(), x.pitch, gy.origin(), gy.pitch,
                   T(1), gradient + weights_, in_);
    else
      convolution_.weight_gradient(x, gy, gradient + weights_, domain_.template workspace<T>());
    if (gx.channels == 0) return;
    if (is_matrix(gx) && is_matrix(gy))
      linalg::gemm('N', 'T', points(x), in_, out_, T(1), gy.origin(), gy.pitch, weights, in_,
                   t.add[0] ? T(1) : T(0), gx.origin(), gx.pitch);
    else
      convolution_.adjoint(gy, weights, gx, t.add[0]);
  }

private:
  Domain& domain_;
  int in_, out_;
  kernels::Convolution<T> convolution_;
  std::size_t weights_;
  std::optional<std::size_t> bias_;
};

class DenseOperation : public OperationOf<DenseLayer> {
public:
  [[nodiscard]] std::string name() const override { return "dense"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"units", 1, 4096, 1, true}, {"bias", 0, 1, 1}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return {node.in_signatures[0].level, node.attribute("units")};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    const std::int64_t in = node.in_signatures[0].channels, out = node.signature.channels;
    Blocks blocks{
        {"weight", {out, in}, ParameterRole::weight, InitialValues::glorot_uniform, in, out}};
    if (node.attribute("bias") != 0)
      blocks.push_back({"bias", {out}, ParameterRole::bias, InitialValues::zeros, in, out});
    return blocks;
  }
};

} // namespace

void add_dense(OperationList& list) { list.push_back(std::make_unique<DenseOperation>()); }

} // namespace linnet::nn
