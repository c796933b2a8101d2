// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What a trunk reads of a point, and factors that keep a result zero on sides of the unit box.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/point_features.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

namespace {

template <class T>
class HarmonicsLayer : public Layer<T> {
public:
  HarmonicsLayer(const ResolvedNode& node, Domain&)
      : periodic_(node.attribute("periodic")), count_(node.attribute("count")) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::harmonics(t.in[0], periodic_, count_, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::harmonics_adjoint(t.in[0], periodic_, count_, t.out_gradient, t.in_gradients[0],
                                 t.add[0]);
  }

private:
  int periodic_, count_;
};

class HarmonicsOperation : public OperationOf<HarmonicsLayer> {
public:
  [[nodiscard]] std::string name() const override { return "harmonics"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"periodic", 1, 16, 1}, {"count", 1, 64, 1}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    const Signature& x = node.in_signatures[0];
    const int periodic = node.attribute("periodic");
    if (periodic > x.channels)
      core::throw_data("has " + std::to_string(periodic) + " periodic coordinates of " +
                       std::to_string(x.channels));
    return {x.level, x.channels + periodic * (2 * node.attribute("count") - 1)};
  }
};

template <class T>
class SideProductLayer : public Layer<T> {
public:
  SideProductLayer(const ResolvedNode& node, Domain&) : sides_(node.attribute("sides")) {}
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T*) override {
    kernels::side_product(t.in[0], sides_, t.out);
  }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0)
      kernels::side_product_adjoint(t.in[0], sides_, t.out_gradient, t.in_gradients[0], t.add[0]);
  }

private:
  int sides_;
};

class SideProductOperation : public OperationOf<SideProductLayer> {
public:
  [[nodiscard]] std::string name() const override { return "side_product"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"sides", 1, (1 << 16) - 1, 1, true}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    const Signature& x = node.in_signatures[0];
    if (node.attribute("sides") >> std::min(16, 2 * x.channels) != 0)
      core::throw_data("names sides of more than its " + std::to_string(x.channels) +
                       " coordinate(s)");
    return {x.level, 1};
  }
};

} // namespace

void add_point_features(OperationList& list) {
  list.push_back(std::make_unique<HarmonicsOperation>());
  list.push_back(std::make_unique<SideProductOperation>());
}

} // namespace linnet::nn
