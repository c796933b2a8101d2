// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Attention of Vaswani et al. (NeurIPS 2017, section 3.2) in the rows of a grid: a row along x is a
// sequence, its points are tokens. With heads h of d channels each,
//
//     O_h = softmax(Q_h K_h^T / sqrt(d)) V_h,   softmax over the keys
//
// Probabilities of one row and head exist at a time; the adjoint forms them again.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/softmax.hpp>
#include <linnet/kernels/plain_product.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/nn/network/operation.hpp>

#include <cmath>

namespace linnet::nn {

namespace {

using kernels::Tensor;

/// Channels of a head at the tokens of a row: a matrix by columns.
template <class T>
struct Block {
  T* values = nullptr;
  std::int64_t pitch = 0;
};

template <class T>
class AttentionLayer : public Layer<T> {
public:
  AttentionLayer(const ResolvedNode& node, Domain& domain)
      : heads_(node.attribute("heads")), tokens_(domain.extent(node.signature.level)[0]),
        width_(node.in_signatures[0].channels / heads_),
        value_width_(node.in_signatures[2].channels / heads_),
        scale_(static_cast<T>(1.0 / std::sqrt(static_cast<double>(width_)))),
        probabilities_("linnet::nn::attention", tokens_, kernels::Layout({tokens_, 1, 1}, {})),
        by_scores_("linnet::nn::attention", tokens_, kernels::Layout({tokens_, 1, 1}, {})) {
    if (domain.partition(node.signature.level).parts()[0] > 1)
      core::throw_usage("node '" + node.id + "' (attention) needs whole sequences, rows along x, " +
                        "on each rank; use fewer ranks");
  }

  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }

  void forward(const LayerTensors<T>& t, const T*) override {
    for_each_row(t.out, [&](int j, int k) {
      for (int h = 0; h < heads_; ++h) {
        find_probabilities(t, h, j, k);
        const Block<T> v = block(t.in[2], h, value_width_, j, k),
                       o = block(t.out, h, value_width_, j, k);
        multiply('N', 'N', tokens_, value_width_, tokens_, T(1), of(probabilities_), v, T(0), o);
      }
    });
  }

  void backward(const LayerTensors<T>& t, const T*, T*) override {
    for_each_row(t.out, [&](int j, int k) {
      for (int h = 0; h < heads_; ++h) backward_head(t, h, j, k);
    });
    // A mask is a choice, not a number.
    if (t.in.size() > 3 && t.in_gradients[3].channels > 0 && !t.add[3])
      Kokkos::deep_copy(t.in_gradients[3].values, T(0));
  }

private:
  template <class Use>
  static void for_each_row(const Tensor<T>& t, const Use& use) {
    for (int k = 0; k < t.layout.n[2]; ++k)
      for (int j = 0; j < t.layout.n[1]; ++j) use(j, k);
  }
  static std::ptrdiff_t row(const Tensor<T>& t, int j, int k) {
    return j * static_cast<std::ptrdiff_t>(t.layout.pitch_y) +
           k * static_cast<std::ptrdiff_t>(t.layout.pitch_z);
  }
  static Block<T> block(const Tensor<T>& t, int head, int width, int j, int k) {
    return {t.origin(head * width) + row(t, j, k), t.pitch};
  }
  static Block<T> of(const Tensor<T>& t) { return {t.origin(), t.pitch}; }

  static void multiply(char op_a, char op_b, int m, int n, int k, T alpha, const Block<T>& a,
                       const Block<T>& b, T beta, const Block<T>& c) {
    if constexpr (kernels::on_device)
      kernels::plain_product(op_a, op_b, m, n, k, alpha, a.values, a.pitch, b.values, b.pitch, beta,
                             c.values, c.pitch);
    else
      linalg::gemm<T>(op_a, op_b, m, n, k, alpha, a.values, a.pitch, b.values, b.pitch, beta,
                      c.values, c.pitch);
  }

  /// Points of the tensor are queries, channels keys.
  void find_probabilities(const LayerTensors<T>& t, int h, int j, int k) {
    multiply('N', 'T', tokens_, tokens_, width_, scale_, block(t.in[0], h, width_, j, k),
             block(t.in[1], h, width_, j, k), T(0), of(probabilities_));
    const T* const valid = t.in.size() > 3 ? t.in[3].origin() + row(t.in[3], j, k) : nullptr;
    kernels::softmax(probabilities_, valid, probabilities_);
  }

  /// In the order of the inputs: where two are one node, the second adds to the first.
  void backward_head(const LayerTensors<T>& t, int h, int j, int k) {
    const auto wanted = [&](std::size_t i) { return t.in_gradients[i].channels > 0; };
    const auto target = [&](std::size_t i, int width) {
      return block(t.in_gradients[i], h, width, j, k);
    };
    const auto beta = [&](std::size_t i) { return t.add[i] ? T(1) : T(0); };
    const Block<T> go = block(t.out_gradient, h, value_width_, j, k);
    find_probabilities(t, h, j, k);
    if (wanted(0) || wanted(1)) {
      multiply('N', 'T', tokens_, tokens_, value_width_, T(1), go,
               block(t.in[2], h, value_width_, j, k), T(0), of(by_scores_));
      kernels::softmax_adjoint(probabilities_, by_scores_, by_scores_, false);
    }
    if (wanted(0))
      multiply('N', 'N', tokens_, width_, tokens_, scale_, of(by_scores_),
               block(t.in[1], h, width_, j, k), beta(0), target(0, width_));
    if (wanted(1))
      multiply('T', 'N', tokens_, width_, tokens_, scale_, of(by_scores_),
               block(t.in[0], h, width_, j, k), beta(1), target(1, width_));
    if (wanted(2))
      multiply('T', 'N', tokens_, value_width_, tokens_, T(1), of(probabilities_), go, beta(2),
               target(2, value_width_));
  }

  int heads_, tokens_, width_, value_width_;
  T scale_;
  Tensor<T> probabilities_, by_scores_;
};

class AttentionOperation : public OperationOf<AttentionLayer> {
public:
  [[nodiscard]] std::string name() const override { return "attention"; }
  [[nodiscard]] std::pair<int, int> inputs() const override { return {3, 4}; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"heads", 1, 4096, 1}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    const auto& in = node.in_signatures;
    const int heads = node.attribute("heads");
    for (const Signature& s : in)
      if (s.level != in[0].level) core::throw_data("its inputs differ in grid");
    if (in[0].channels != in[1].channels)
      core::throw_data("has " + std::to_string(in[0].channels) + " channels of queries and " +
                       std::to_string(in[1].channels) + " of keys");
    if (in[0].channels % heads != 0 || in[2].channels % heads != 0)
      core::throw_data("its " + std::to_string(heads) +
                       " heads do not divide the channels of queries and values");
    if (in.size() > 3 && in[3].channels != 1)
      core::throw_data("its fourth input, which says what keys count, must have one channel");
    return in[2];
  }
};

} // namespace

void add_attention(OperationList& list) { list.push_back(std::make_unique<AttentionOperation>()); }

} // namespace linnet::nn
