// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Convolution and transposed convolution, stride 1 and 2: each is the other's adjoint, so both are
// made of the same three kernels.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/kernels/network/convolution.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>
#include <optional>

namespace linnet::nn {

namespace {

/// From @p fine to @p coarse channels.
kernels::ConvolutionShape shape_of(const ResolvedNode& node, int fine, int coarse) {
  kernels::ConvolutionShape shape{fine, coarse, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}};
  for (int d = 0; d < node.dimension; ++d) {
    shape.kernel[d] = node.attribute("kernel");
    shape.stride[d] = node.attribute("stride");
    if (shape.stride[d] == 2 && node.coarsening == Coarsening::odd) shape.shift[d] = 1;
  }
  return shape;
}

/// Weights of @p shape, channels first; with @p fan_in_start they start as PyTorch's layers do,
/// whose fan-in is that of the second of these.
Blocks blocks_of(const ResolvedNode& node, std::vector<std::int64_t> shape, std::int64_t taps) {
  const std::int64_t in = node.in_signatures[0].channels, out = node.signature.channels;
  const std::int64_t fan_in = shape[1] * taps;
  for (int d = 0; d < node.dimension; ++d) shape.push_back(node.attribute("kernel"));
  const bool by_fan_in = node.attribute("fan_in_start") != 0;
  Blocks blocks{{"weight", std::move(shape), ParameterRole::weight,
                 by_fan_in ? InitialValues::fan_in_uniform : InitialValues::glorot_uniform, fan_in,
                 (in + out) * taps - fan_in}};
  if (node.attribute("bias") != 0)
    blocks.push_back({"bias",
                      {out},
                      ParameterRole::bias,
                      by_fan_in ? InitialValues::fan_in_uniform : InitialValues::zeros,
                      fan_in,
                      out});
  return blocks;
}

std::int64_t taps_of(const ResolvedNode& node) { return shape_of(node, 1, 1).taps(); }

std::vector<Attribute> attributes_of_convolution() {
  return {{"channels", 1, 4096, 1, true},
          {"kernel", 1, 5, 3},
          {"stride", 1, 2, 1},
          {"bias", 0, 1, 1},
          {"fan_in_start", 0, 1, 0}}; // initial values: as PyTorch's, else as Glorot's
}

/// True for a transposed convolution that is the adjoint of one that reads zeros beyond the border,
/// and where the grid wraps, whatever the padding of the network: those of PyTorch know no other.
bool is_cropped(const ResolvedNode& node) {
  const auto entry = node.attributes.find("crop");
  return entry != node.attributes.end() && entry->second != 0;
}

void require_kernel(const ResolvedNode& node) {
  if (node.attribute("kernel") % 2 == 0 && node.attribute("stride") == 1)
    core::throw_data("'kernel' must be 1, 3 or 5 with stride 1");
}

/// Offset of the bias, or none.
std::optional<std::size_t> bias_of(const ResolvedNode& node) {
  if (node.parameters.size() < 2) return std::nullopt;
  return node.parameters[1];
}

/// A convolution between two grids of a domain with its padding P, and the transpose of it:
/// y = C P x, and P^T C^T y. Reflecting, P^T folds what C^T adds beyond the border back.
template <class T>
class PaddedConvolution {
public:
  PaddedConvolution(const ResolvedNode& node, const kernels::ConvolutionShape& shape,
                    Domain& domain, int fine)
      : domain_(domain), fine_(fine), coarse_(fine + shape.stride[0] - 1),
        folds_(domain.folds() && !is_cropped(node)), kernel_(shape) {
    for (int d = 0; d < node.dimension; ++d)
      // Coarse point 0 would lie on point 1, and there is none.
      if (shape.shift[d] > 0 && domain.ratio()[d] == 1)
        core::throw_usage("node '" + node.id + "' needs more than one point in direction " +
                          "xyz"[d] +
                          " for stride 2 with coarsening 'odd'; take a network of fewer "
                          "dimensions or coarsening 'even'");
    const int stride = shape.stride[0], shift = shape.shift[0];
    const int below = shape.below(0), above = shape.above(0);
    ghosts_ = std::max(below, above - shift);
    // Fine point x gets something from the coarse points between (x - above) / s and
    // (x + below) / s; the last fine point may belong to no coarse one, and the last coarse one may
    // reach beyond the border.
    const int beyond = std::max(below, above - stride * shift);
    reach_ = std::max(
        {above / stride, (stride - 1 + below) / stride, shift, (beyond + stride - 1) / stride});
    border_ = stride * reach_;
  }
  /// Ghosts of x, and of y where it is transposed; layers that are written before they are folded.
  [[nodiscard]] int ghosts() const { return ghosts_; }
  [[nodiscard]] int transposed_ghosts() const { return folds_ ? 2 * reach_ : reach_; }
  [[nodiscard]] int border() const { return folds_ ? border_ : 0; }

  kernels::Convolution<T>& kernel() { return kernel_; }
  void weight_gradient(const kernels::Tensor<T>& x, const kernels::Tensor<T>& gy, T* gw) {
    kernel_.weight_gradient(x, gy, gw, domain_.template workspace<T>());
  }

  void transpose(const kernels::Tensor<T>& y, const T* weights, const kernels::Tensor<T>& x,
                 bool add) {
    if (!folds_) return kernel_.adjoint(y, weights, x, add);
    if (add) domain_.zero_border(fine_, x, border_);
    kernel_.adjoint(domain_.with_border(coarse_, y, reach_), weights,
                    domain_.with_border(fine_, x, border_), add);
    domain_.fold(fine_, x, border_);
  }

private:
  Domain& domain_;
  int fine_, coarse_;
  bool folds_;
  kernels::Convolution<T> kernel_;
  int ghosts_ = 0, reach_ = 0, border_ = 0;
};

template <class T>
class ConvolutionLayer : public Layer<T> {
public:
  ConvolutionLayer(const ResolvedNode& node, Domain& domain)
      : convolution_(node, shape_of(node, node.in_signatures[0].channels, node.signature.channels),
                     domain, node.in_signatures[0].level),
        weights_(node.parameters[0]), bias_(bias_of(node)) {}

  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.ghosts = convolution_.ghosts();
    needs.gradient_ghosts = convolution_.transposed_ghosts();
    needs.gradient_border = convolution_.border();
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    convolution_.kernel().forward(t.in[0], parameters + weights_,
                                  bias_ ? parameters + *bias_ : nullptr, t.out);
  }
  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    convolution_.weight_gradient(t.in[0], t.out_gradient, gradient + weights_);
    if (bias_) kernels::add_channel_sums(t.out_gradient, gradient + *bias_);
    if (t.in_gradients[0].channels > 0)
      convolution_.transpose(t.out_gradient, parameters + weights_, t.in_gradients[0], t.add[0]);
  }

private:
  PaddedConvolution<T> convolution_;
  std::size_t weights_;
  std::optional<std::size_t> bias_;
};

/// y = P^T C^T x + bias, where C is the convolution from the grid of y to that of x; cropped, P is
/// the padding by zeros.
template <class T>
class TransposedConvolutionLayer : public Layer<T> {
public:
  TransposedConvolutionLayer(const ResolvedNode& node, Domain& domain)
      : convolution_(node, shape_of(node, node.signature.channels, node.in_signatures[0].channels),
                     domain, node.signature.level),
        weights_(node.parameters[0]), bias_(bias_of(node)), is_cropped_(is_cropped(node)) {}

  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    // As for a gradient: the padding is in what it is the adjoint of.
    needs.beyond = is_cropped_ ? Beyond::cut : Beyond::zeros;
    needs.gradient_beyond = is_cropped_ ? Beyond::cut : Beyond::padding;
    needs.ghosts = convolution_.transposed_ghosts();
    needs.output_border = convolution_.border();
    needs.gradient_ghosts = convolution_.ghosts();
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    convolution_.transpose(t.in[0], parameters + weights_, t.out, false);
    if (bias_) kernels::add_to_channels(t.out, parameters + *bias_);
  }
  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    convolution_.weight_gradient(t.out_gradient, t.in[0], gradient + weights_);
    if (bias_) kernels::add_channel_sums(t.out_gradient, gradient + *bias_);
    const auto& gx = t.in_gradients[0];
    if (gx.channels == 0) return;
    kernels::Convolution<T>& kernel = convolution_.kernel();
    if (t.add[0])
      kernel.add_forward(t.out_gradient, parameters + weights_, gx);
    else
      kernel.forward(t.out_gradient, parameters + weights_, nullptr, gx);
  }

private:
  PaddedConvolution<T> convolution_;
  std::size_t weights_;
  std::optional<std::size_t> bias_;
  bool is_cropped_;
};

class ConvolutionOperation : public OperationOf<ConvolutionLayer> {
public:
  [[nodiscard]] std::string name() const override { return "conv"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return attributes_of_convolution();
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    require_kernel(node);
    return {node.in_signatures[0].level + node.attribute("stride") - 1, node.attribute("channels")};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    return blocks_of(node, {node.signature.channels, node.in_signatures[0].channels},
                     taps_of(node));
  }
};

class TransposedConvolutionOperation : public OperationOf<TransposedConvolutionLayer> {
public:
  [[nodiscard]] std::string name() const override { return "conv_transpose"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    std::vector<Attribute> list = attributes_of_convolution();
    list.push_back({"crop", 0, 1, 0});
    return list;
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    require_kernel(node);
    return {node.in_signatures[0].level - node.attribute("stride") + 1, node.attribute("channels")};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    return blocks_of(node, {node.in_signatures[0].channels, node.signature.channels},
                     taps_of(node));
  }
};

} // namespace

void add_convolutions(OperationList& list) {
  list.push_back(std::make_unique<ConvolutionOperation>());
  list.push_back(std::make_unique<TransposedConvolutionOperation>());
}

} // namespace linnet::nn
