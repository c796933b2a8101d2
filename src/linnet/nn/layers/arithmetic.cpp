// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/kernels/channels.hpp>
#include <linnet/nn/operation.hpp>

namespace linnet::nn {

namespace {

/// The sum of its inputs: skip connections.
template <class T>
class AddLayer : public Layer<T> {
public:
  AddLayer(const ResolvedNode&, Domain&) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.in_place = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    if (t.in[0].origin() != t.out.origin()) kernels::copy_tensor(t.in[0], t.out, false);
    for (std::size_t i = 1; i < t.in.size(); ++i) kernels::copy_tensor(t.in[i], t.out, true);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    for (std::size_t i = 0; i < t.in.size(); ++i)
      if (t.in_gradients[i].channels > 0 && t.in_gradients[i].origin() != t.out_gradient.origin())
        kernels::copy_tensor(t.out_gradient, t.in_gradients[i], t.add[i]);
  }
};

class AddOperation : public OperationOf<AddLayer> {
public:
  [[nodiscard]] std::string name() const override { return "add"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 64}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    for (const Signature& s : node.in_signatures)
      if (s != node.in_signatures[0])
        core::throw_data("its inputs differ in grid or number of channels");
    return node.in_signatures[0];
  }
};

} // namespace

void add_arithmetic(OperationList& list) { list.push_back(std::make_unique<AddOperation>()); }

} // namespace linnet::nn
