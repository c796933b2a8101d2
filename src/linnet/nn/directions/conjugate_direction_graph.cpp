// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/conjugate_direction_graph.hpp>

namespace linnet::nn {

namespace {

/// Puts nodes behind each other.
class Builder {
public:
  Builder() { graph_.nodes.push_back({"residual", "input", {}, {}}); }

  std::string add(const std::string& op, const std::vector<std::string>& in,
                  const std::map<std::string, int>& attributes = {}) {
    const std::string id = op + std::to_string(++number_[op]);
    graph_.nodes.push_back({id, op, in, attributes});
    return id;
  }
  std::string conv(const std::string& x) { return add("conv", {x}, {{"channels", 16}}); }
  std::string relu_conv(const std::string& x) { return add("relu", {conv(x)}); }
  std::string relu_conv_plus(const std::string& x, const std::string& skip) {
    return add("add", {relu_conv(x), skip});
  }
  /// v = R(x), x = R(v) + x, @p count times.
  std::string pairs(std::string x, int count) {
    for (int i = 0; i < count; ++i) x = relu_conv_plus(relu_conv(x), x);
    return x;
  }
  Graph finish(const std::string& output) {
    graph_.output = output;
    return std::move(graph_);
  }

private:
  Graph graph_;
  std::map<std::string, int> number_;
};

/// The convolutions at full resolution before the pooling; each network has its own pattern.
std::string descend(Builder& net, ConjugateDirectionNet kind, const std::string& first) {
  std::string a = net.relu_conv(first);
  a = net.relu_conv_plus(net.relu_conv(a), a);
  if (kind == ConjugateDirectionNet::dcdm128) a = net.relu_conv_plus(net.relu_conv(a), a);
  return net.relu_conv(a);
}

} // namespace

Graph conjugate_direction_graph(ConjugateDirectionNet kind) {
  const bool large = kind == ConjugateDirectionNet::dcdm128;
  Builder net;
  const std::string skip = descend(net, kind, net.conv("residual"));
  const std::string coarse = net.pairs(net.add("avg_pool", {skip}), large ? 5 : 3);
  std::string w = net.add("add", {net.add("upsample_nearest", {coarse}), skip});
  w = net.pairs(w, large ? 3 : 2);
  return net.finish(net.add("dense", {w}, {{"units", 1}}));
}

} // namespace linnet::nn
