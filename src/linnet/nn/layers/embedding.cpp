// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Rows of a matrix that is trained, by their number: what a token of a vocabulary, or a place in a
// sequence, means to a network.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/table_rows.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

template <class T>
class EmbeddingLayer : public Layer<T> {
public:
  EmbeddingLayer(const ResolvedNode& node, Domain&)
      : rows_(node.attribute("rows")), weights_(node.parameters[0]) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    kernels::table_rows(t.in[0], parameters + weights_, rows_, t.out);
  }
  /// Constant between two numbers.
  void backward(const LayerTensors<T>& t, const T*, T* gradient) override {
    kernels::add_to_table_rows(t.in[0], t.out_gradient, rows_, gradient + weights_);
    if (t.in_gradients[0].channels > 0 && !t.add[0])
      Kokkos::deep_copy(t.in_gradients[0].values, T(0));
  }

private:
  int rows_;
  std::size_t weights_;
};

class EmbeddingOperation : public OperationOf<EmbeddingLayer> {
public:
  [[nodiscard]] std::string name() const override { return "embedding"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"rows", 1, 1 << 20, 1, true}, {"channels", 1, 4096, 1, true}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    if (node.in_signatures[0].channels != 1)
      core::throw_data("its input must have one channel, the number of a row");
    return {node.in_signatures[0].level, node.attribute("channels")};
  }
  /// Of variance 1 / channels, so that a row has about the norm 1.
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    const std::int64_t rows = node.attribute("rows"), channels = node.attribute("channels");
    return {{"weight",
             {rows, channels},
             ParameterRole::weight,
             InitialValues::glorot_normal,
             channels,
             channels}};
  }
  /// Rows are picked, not multiplied.
  [[nodiscard]] double uses_per_point(const ResolvedNode&) const override { return 0.0; }
};

} // namespace

void add_embedding(OperationList& list) { list.push_back(std::make_unique<EmbeddingOperation>()); }

} // namespace linnet::nn
