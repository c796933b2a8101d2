// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Sequences, the rows of a grid along x, behind each other.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/shifted_copy.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

/// The first tokens of the first input, and behind them those of the second.
template <class T>
class JoinLayer : public Layer<T> {
public:
  JoinLayer(const ResolvedNode& node, Domain& domain)
      : tokens_(domain.extent(node.signature.level)[0]),
        first_(std::min(node.attribute("first"), tokens_)) {
    if (domain.partition(node.signature.level).parts()[0] > 1)
      core::throw_usage("node '" + node.id + "' (join) needs whole sequences, rows along x, on " +
                        "each rank; use fewer ranks");
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::copy_shifted(t.in[0], 0, first_, 0, t.out, false);
    kernels::copy_shifted(t.in[1], first_, tokens_, -first_, t.out, true); // to zeros
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::copy_shifted(t.out_gradient, 0, first_, 0, t.in_gradients[0], t.add[0]);
    if (t.in_gradients[1].channels > 0)
      kernels::copy_shifted(t.out_gradient, 0, tokens_ - first_, first_, t.in_gradients[1],
                            t.add[1]);
  }

private:
  int tokens_, first_;
};

class JoinOperation : public OperationOf<JoinLayer> {
public:
  [[nodiscard]] std::string name() const override { return "join"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {2, 2}; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"first", 1, 1 << 20, 1, true}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    if (node.in_signatures[0] != node.in_signatures[1])
      core::throw_data("its inputs differ in grid or number of channels");
    return node.in_signatures[0];
  }
};

} // namespace

void add_sequences(OperationList& list) { list.push_back(std::make_unique<JoinOperation>()); }

} // namespace linnet::nn
