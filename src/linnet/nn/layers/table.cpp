// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Rows of a table by their number: a basis that is known at the points of a grid, and does not
// change in training.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/table_rows.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

template <class T>
class TableLayer : public Layer<T> {
public:
  TableLayer(const ResolvedNode& node, Domain&)
      : rows_(node.attribute("rows")), values_(node.parameters[0]) {}
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    kernels::table_rows(t.in[0], parameters + values_, rows_, t.out);
  }
  /// Constant in its parameters, and between two rows.
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0 && !t.add[0])
      Kokkos::deep_copy(t.in_gradients[0].values, T(0));
  }

private:
  int rows_;
  std::size_t values_;
};

class TableOperation : public OperationOf<TableLayer> {
public:
  [[nodiscard]] std::string name() const override { return "table"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"rows", 1, 1 << 20, 1, true}, {"channels", 1, 4096, 1, true}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    if (node.in_signatures[0].channels != 1)
      core::throw_data("its input must have one channel, the number of a row");
    return {node.in_signatures[0].level, node.attribute("channels")};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    return {{"values",
             {node.attribute("rows"), node.attribute("channels")},
             ParameterRole::basis,
             InitialValues::zeros}};
  }
};

} // namespace

void add_table(OperationList& list) { list.push_back(std::make_unique<TableOperation>()); }

} // namespace linnet::nn
