// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// A stencil whose coefficients are the channels of another node, of a convolution of images of the
// geometry, say: linear in what it is applied to. The adjoint reads coefficients of neighbours.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/variable_stencil.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// Inputs: x, and the coefficients of its neighbours {-1,0,1}^dimension, x fastest.
template <class T>
class StencilLayer : public Layer<T> {
public:
  StencilLayer(const ResolvedNode& node, Domain&) : dimension_(node.dimension) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.ghosts = needs.gradient_ghosts = 1;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::apply_stencil(t.in[0], t.in[1], dimension_, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::apply_transposed_stencil(t.out_gradient, t.in[1], dimension_, t.in_gradients[0],
                                        t.add[0]);
    if (t.in_gradients[1].channels > 0)
      kernels::stencil_coefficient_gradient(t.in[0], t.out_gradient, dimension_, t.in_gradients[1],
                                            t.add[1]);
  }

private:
  int dimension_;
};

class StencilOperation : public OperationOf<StencilLayer> {
public:
  [[nodiscard]] std::string name() const override { return "stencil"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 2}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    const Signature &x = node.in_signatures[0], &coefficients = node.in_signatures[1];
    const int taps = node.dimension == 3 ? 27 : node.dimension == 2 ? 9 : 3;
    if (node.padding == Padding::reflect) core::throw_data("needs padding zero or periodic");
    if (x.channels != 1 || coefficients != Signature{x.level, taps})
      core::throw_data("needs an input of one channel and one of " + std::to_string(taps) +
                       " channels on the same grid");
    return x;
  }
};

} // namespace

void add_stencil(OperationList& list) { list.push_back(std::make_unique<StencilOperation>()); }

} // namespace linnet::nn
