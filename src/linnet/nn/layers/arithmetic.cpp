// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/kernels/channels.hpp>
#include <linnet/nn/operation.hpp>

namespace linnet::nn {

namespace {

/// Inputs of one signature.
Signature common_signature(const ResolvedNode& node) {
  for (const Signature& s : node.in_signatures)
    if (s != node.in_signatures[0])
      core::throw_data("its inputs differ in grid or number of channels");
  return node.in_signatures[0];
}

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
    return common_signature(node);
  }
};

/// The first input minus the second: residuals.
template <class T>
class SubtractLayer : public Layer<T> {
public:
  SubtractLayer(const ResolvedNode&, Domain&) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.in_place = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    if (t.in[0].origin() != t.out.origin()) kernels::copy_tensor(t.in[0], t.out, false);
    kernels::subtract_tensor(t.in[1], t.out, true);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    // In this order: where both inputs are one node, the second adds to what the first has written.
    if (t.in_gradients[0].channels > 0 && t.in_gradients[0].origin() != t.out_gradient.origin())
      kernels::copy_tensor(t.out_gradient, t.in_gradients[0], t.add[0]);
    if (t.in_gradients[1].channels > 0)
      kernels::subtract_tensor(t.out_gradient, t.in_gradients[1], t.add[1]);
  }
};

class SubtractOperation : public OperationOf<SubtractLayer> {
public:
  [[nodiscard]] std::string name() const override { return "subtract"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 2}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return common_signature(node);
  }
};

/// The channels of its inputs behind each other.
template <class T>
class ConcatLayer : public Layer<T> {
public:
  ConcatLayer(const ResolvedNode&, Domain&) {}
  void forward(const LayerTensors<T>& t, const T*) override {
    int first = 0;
    for (const kernels::Tensor<T>& in : t.in) {
      kernels::copy_tensor(in, t.out.part(first, in.channels), false);
      first += in.channels;
    }
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    int first = 0;
    for (std::size_t i = 0; i < t.in.size(); ++i) {
      if (t.in_gradients[i].channels > 0)
        kernels::copy_tensor(t.out_gradient.part(first, t.in[i].channels), t.in_gradients[i],
                             t.add[i]);
      first += t.in[i].channels;
    }
  }
};

class ConcatOperation : public OperationOf<ConcatLayer> {
public:
  [[nodiscard]] std::string name() const override { return "concat"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 64}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    Signature all{node.in_signatures[0].level, 0};
    for (const Signature& s : node.in_signatures) {
      if (s.level != all.level) core::throw_data("its inputs differ in grid");
      all.channels += s.channels;
    }
    return all;
  }
};

/// The product of its inputs, point by point; a second input of one channel goes with all channels
/// of the first.
template <class T>
class MultiplyLayer : public Layer<T> {
public:
  MultiplyLayer(const ResolvedNode&, Domain&) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::multiply_tensors(t.in[0], t.in[1], t.out, false);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    for (std::size_t i = 0; i < 2; ++i)
      if (t.in_gradients[i].channels > 0)
        kernels::multiply_tensors(t.out_gradient, t.in[1 - i], t.in_gradients[i], t.add[i]);
  }
};

class MultiplyOperation : public OperationOf<MultiplyLayer> {
public:
  [[nodiscard]] std::string name() const override { return "multiply"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 2}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    const Signature &x = node.in_signatures[0], &factor = node.in_signatures[1];
    if (factor.level != x.level || (factor.channels != 1 && factor.channels != x.channels))
      core::throw_data("its second input must have the grid of the first, and as many channels or "
                       "one");
    return x;
  }
};

} // namespace

void add_arithmetic(OperationList& list) {
  list.push_back(std::make_unique<AddOperation>());
  list.push_back(std::make_unique<SubtractOperation>());
  list.push_back(std::make_unique<ConcatOperation>());
  list.push_back(std::make_unique<MultiplyOperation>());
}

} // namespace linnet::nn
