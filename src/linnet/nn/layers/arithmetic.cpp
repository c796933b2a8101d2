// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// Inputs of one signature.
Signature common_signature(const ResolvedNode& node) {
  for (const Signature& s : node.in_signatures)
    if (s != node.in_signatures[0])
      core::throw_data("its inputs differ in grid or number of channels");
  return node.in_signatures[0];
}

/// The first input plus, or minus, those behind it.
template <class T>
class SumLayer : public Layer<T> {
public:
  explicit SumLayer(bool subtracts) : subtracts_(subtracts) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.in_place = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    for (std::size_t i = 0; i < t.in.size(); ++i) put(i, t.in[i], t.out, i > 0);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    // In the order of the memory plan: where two inputs are one node, the second adds to the first.
    for (std::size_t i = 0; i < t.in.size(); ++i)
      if (t.in_gradients[i].channels > 0) put(i, t.out_gradient, t.in_gradients[i], t.add[i]);
  }

private:
  /// y = x with the sign of input @p i; the first one may be y already.
  void put(std::size_t i, const kernels::Tensor<T>& x, const kernels::Tensor<T>& y, bool add) {
    if (x.origin() == y.origin()) return;
    if (subtracts_ && i > 0)
      kernels::subtract_tensor(x, y, add);
    else
      kernels::copy_tensor(x, y, add);
  }
  bool subtracts_;
};

/// Skip connections.
template <class T>
struct AddLayer : SumLayer<T> {
  AddLayer(const ResolvedNode&, Domain&) : SumLayer<T>(false) {}
};

/// Residuals.
template <class T>
struct SubtractLayer : SumLayer<T> {
  SubtractLayer(const ResolvedNode&, Domain&) : SumLayer<T>(true) {}
};

class AddOperation : public OperationOf<AddLayer> {
public:
  [[nodiscard]] std::string name() const override { return "add"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 64}; }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    return common_signature(node);
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
