// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The size of some channels of each point, and these channels without it: what makes a network
// homogeneous in an input.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/root_mean_square.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

/// Channels first, ..., first + count - 1; count 0: all from the first on.
struct ChannelRange {
  int first, count;
  explicit ChannelRange(const ResolvedNode& node)
      : first(node.attribute("first")), count(node.attribute("count")) {
    const int channels = node.in_signatures[0].channels;
    if (count == 0) count = channels - first;
    if (first >= channels || count > channels - first)
      core::throw_data("names channels beyond the " + std::to_string(channels) + " of its input");
  }
  static std::vector<Attribute> attributes() {
    return {{"first", 0, 4095, 0}, {"count", 0, 4096, 0}};
  }
};

template <class T>
class RmsLayer : public Layer<T> {
public:
  RmsLayer(const ResolvedNode& node, Domain&) : range_(node) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::root_mean_square(t.in[0], range_.first, range_.count, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::root_mean_square_adjoint(t.in[0], range_.first, range_.count, t.out_gradient,
                                        t.in_gradients[0], t.add[0]);
  }

private:
  ChannelRange range_;
};

template <class T>
class UnitRmsLayer : public Layer<T> {
public:
  UnitRmsLayer(const ResolvedNode& node, Domain&) : range_(node) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::unit_rms(t.in[0], range_.first, range_.count, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::unit_rms_adjoint(t.in[0], range_.first, range_.count, t.out_gradient,
                                t.in_gradients[0], t.add[0]);
  }

private:
  ChannelRange range_;
};

class RmsOperation : public OperationOf<RmsLayer> {
public:
  [[nodiscard]] std::string name() const override { return "rms"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return ChannelRange::attributes();
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    ChannelRange{node};
    return {node.in_signatures[0].level, 1};
  }
};

class UnitRmsOperation : public OperationOf<UnitRmsLayer> {
public:
  [[nodiscard]] std::string name() const override { return "unit_rms"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return ChannelRange::attributes();
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    ChannelRange{node};
    return node.in_signatures[0];
  }
};

} // namespace

void add_root_mean_square(OperationList& list) {
  list.push_back(std::make_unique<RmsOperation>());
  list.push_back(std::make_unique<UnitRmsOperation>());
}

} // namespace linnet::nn
