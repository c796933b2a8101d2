// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Layer normalisation over all channels and points. Its parameters belong to a grid of one size.
// Sums are those of 64-bit integers, as in ReproducibleSum: their bits depend neither on ranks nor
// on threads.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/field_norm.hpp>
#include <linnet/kernels/network/layer_norm.hpp>
#include <linnet/nn/network/operation.hpp>

#include <bit>
#include <cmath>
#include <limits>

namespace linnet::nn {

namespace {

constexpr const char* extents[] = {"nx", "ny", "nz"};
// Below it the scale would leave the range of double precision.
constexpr int smallest_exponent = -900;

core::Index3 points_of(const ResolvedNode& node) {
  core::Index3 n{1, 1, 1};
  for (int d = 0; d < node.dimension; ++d) n[d] = node.attribute(extents[d]);
  return n;
}

template <class T>
class FieldNormLayer : public Layer<T> {
public:
  FieldNormLayer(const ResolvedNode& node, Domain& domain)
      : comm_(domain.comm()), gamma_(node.parameters[0]), beta_(node.parameters[1]) {
    const grid::Partition& cut = domain.partition(node.signature.level);
    box_.points = points_of(node);
    if (cut.points() != box_.points)
      core::throw_usage("node '" + node.id + "' has parameters for " + text(box_.points) +
                        " points, and its grid has " + text(cut.points()));
    int rank = 0;
    MPI_Comm_rank(comm_, &rank);
    box_.lo = cut.box(rank).lo;
    count_ = core::volume(box_.points) * node.signature.channels;
  }
  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }
  void forward(const LayerTensors<T>& t, const T* parameters) override {
    const kernels::Tensor<T>& x = t.in[0];
    const kernels::detail::TensorPoints<T> points(x);
    const double mean = mean_of(x, kernels::FieldValue<T>{points});
    const double variance = mean_of(x, kernels::SquaredDeviation<T>{points, mean});
    mean_ = static_cast<T>(mean);
    r_ = static_cast<T>(1.0 / std::sqrt(variance + kernels::layer_norm_epsilon));
    kernels::normalise_field(x, mean_, r_, box_, parameters + gamma_, parameters + beta_, t.out);
  }
  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    const kernels::Tensor<T>&x = t.in[0], &gy = t.out_gradient;
    kernels::add_field_norm_gradients(x, mean_, r_, box_, gy, gradient + gamma_, gradient + beta_);
    if (t.in_gradients[0].channels == 0) return;
    const T* gamma = parameters + gamma_;
    const kernels::ScaledGradient<T> h{kernels::detail::TensorPoints<T>(gy),
                                       kernels::detail::ParameterStrides(box_), gamma};
    const kernels::GradientAlong<T> along{h, kernels::detail::TensorPoints<T>(x), mean_, r_};
    const T mean_h = static_cast<T>(mean_of(gy, h)), mean_along = static_cast<T>(mean_of(x, along));
    kernels::normalise_field_adjoint(x, mean_, r_, box_, gamma, mean_h, mean_along, gy,
                                     t.in_gradients[0], t.add[0]);
  }

private:
  static std::string text(const core::Index3& n) {
    return std::to_string(n[0]) + " x " + std::to_string(n[1]) + " x " + std::to_string(n[2]);
  }
  /// The mean over the whole grid; NaN where a term is not finite. Collective.
  template <class Term>
  double mean_of(const kernels::Tensor<T>& t, const Term& term) {
    double largest = kernels::largest_term(t, term);
    MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm_);
    if (!std::isfinite(largest)) return std::numeric_limits<double>::quiet_NaN();
    int exponent = 0;
    std::frexp(largest, &exponent);
    // The sum of all terms stays below 2^62.
    const int shift = 61 - static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count_))) -
                      std::max(exponent, smallest_exponent);
    std::int64_t sum = kernels::fixed_point_sum_of(t, term, std::ldexp(1.0, shift));
    MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_INT64_T, MPI_SUM, comm_);
    return std::ldexp(static_cast<double>(sum), -shift) / static_cast<double>(count_);
  }

  MPI_Comm comm_;
  std::size_t gamma_, beta_;
  kernels::ParameterBox box_;
  std::int64_t count_ = 1;
  T mean_ = T(0), r_ = T(0); ///< of the last forward()
};

class FieldNormOperation : public OperationOf<FieldNormLayer> {
public:
  [[nodiscard]] std::string name() const override { return "field_norm"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    std::vector<Attribute> list;
    for (const char* extent : extents) list.push_back({extent, 1, 1 << 16, 1});
    return list;
  }
  [[nodiscard]] std::optional<core::Index3> fixed_points(const ResolvedNode& node) const override {
    return points_of(node);
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    const core::Index3 n = points_of(node);
    std::vector<std::int64_t> shape{node.signature.channels};
    for (int d = node.dimension; d-- > 0;) shape.push_back(n[d]);
    return {{"scale", shape, ParameterRole::scale, InitialValues::ones},
            {"bias", shape, ParameterRole::bias, InitialValues::zeros}};
  }
};

} // namespace

void add_field_norm(OperationList& list) { list.push_back(std::make_unique<FieldNormOperation>()); }

} // namespace linnet::nn
