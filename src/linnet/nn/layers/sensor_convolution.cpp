// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Convolution of a small grid that each member of a batch holds in its channels: field by field,
// the cells of one behind each other, x fastest. Windows become rows of a matrix, those of all
// members and some places together, and the convolution a product of matrices.
#include <linnet/core/error.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/kernels/network/sensor_patches.hpp>
#include <linnet/nn/network/dense_product.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>
#include <optional>

namespace linnet::nn {

namespace {

using kernels::PatchShape;
using kernels::Tensor;

// Values of the matrix of windows, so many that it stays in the caches; and its rows at most.
constexpr std::int64_t patch_values = 1 << 19, most_rows = 1024;

PatchShape shape_of(const ResolvedNode& node) {
  PatchShape s;
  const char* const extents[] = {"nx", "ny", "nz"};
  const int kernel = node.attribute("kernel");
  for (int d = 0; d < 3; ++d) {
    s.n[d] = node.attribute(extents[d]);
    if (s.n[d] == 1) continue; // flat
    s.taps[d] = kernel;
    s.stride[d] = node.attribute("stride");
    s.pad[d] = node.attribute("pad") != 0 ? kernel / 2 : 0;
    s.out[d] = (s.n[d] + 2 * s.pad[d] - kernel) / s.stride[d] + 1;
  }
  s.channels = node.in_signatures[0].channels / s.cells();
  return s;
}

/// Windows of one tap over what comes out.
PatchShape shape_of_results(const ResolvedNode& node) {
  const PatchShape windows = shape_of(node);
  PatchShape s;
  s.channels = node.attribute("channels");
  std::copy_n(windows.out, 3, s.n);
  std::copy_n(windows.out, 3, s.out);
  return s;
}

template <class T>
class SensorConvolutionLayer : public Layer<T> {
public:
  SensorConvolutionLayer(const ResolvedNode& node, Domain& domain)
      : domain_(domain), windows_(shape_of(node)), results_plan_(shape_of_results(node)),
        columns_(windows_.shape.channels * windows_.shape.window()),
        channels_(node.attribute("channels")), product_(columns_, channels_),
        weights_(node.parameters[0]),
        rows_(windows_.shape.places() * core::volume(domain.extent(node.signature.level))) {
    if (node.parameters.size() > 1) bias_ = node.parameters[1];
    const std::int64_t tile =
        std::min({rows_, most_rows, std::max<std::int64_t>(1, patch_values / columns_)});
    const kernels::Layout layout({static_cast<int>(tile), 1, 1}, {0, 0, 0});
    patches_ = Tensor<T>("linnet::nn::sensor_conv", columns_, layout);
    results_ = Tensor<T>("linnet::nn::sensor_conv", channels_, layout);
  }

  [[nodiscard]] LayerNeeds needs() const override {
    LayerNeeds needs;
    needs.input_again = true;
    return needs;
  }

  void forward(const LayerTensors<T>& t, const T* parameters) override {
    for_each_tile([&](std::int64_t first, const Tensor<T>& patches, const Tensor<T>& results) {
      kernels::gather_patches(t.in[0], windows_, first, patches);
      product_.forward(patches, parameters + weights_, nullptr, results);
      kernels::scatter_places(results, windows_.shape.places(), first,
                              bias_ ? parameters + *bias_ : nullptr, t.out);
    });
  }

  void backward(const LayerTensors<T>& t, const T* parameters, T* gradient) override {
    const Tensor<T>& gx = t.in_gradients[0];
    if (gx.channels > 0 && !t.add[0]) Kokkos::deep_copy(gx.values, T(0));
    for_each_tile([&](std::int64_t first, const Tensor<T>& patches, const Tensor<T>& results) {
      kernels::gather_patches(t.out_gradient, results_plan_, first, results);
      if (bias_) kernels::add_channel_sums(results, gradient + *bias_);
      kernels::gather_patches(t.in[0], windows_, first, patches);
      product_.weight_gradient(patches, results, gradient + weights_,
                               domain_.template workspace<T>());
      if (gx.channels == 0) return;
      product_.adjoint(results, parameters + weights_, patches, false);
      kernels::add_patches(patches, windows_, first, gx);
    });
  }

private:
  /// use(first row, matrix of windows, matrix of results), tile by tile.
  template <class Use>
  void for_each_tile(const Use& use) {
    const std::int64_t tile = patches_.layout.n[0];
    for (std::int64_t first = 0; first < rows_; first += tile) {
      const auto rows = static_cast<int>(std::min(tile, rows_ - first));
      use(first, with_rows(patches_, rows), with_rows(results_, rows));
    }
  }
  static Tensor<T> with_rows(const Tensor<T>& all, int rows) {
    return {all.values, all.channels, kernels::Layout({rows, 1, 1}, {0, 0, 0})};
  }

  Domain& domain_;
  kernels::PatchPlan windows_, results_plan_;
  int columns_, channels_;
  DenseProduct<T> product_;
  std::size_t weights_;
  std::int64_t rows_; ///< of the matrix of all windows
  std::optional<std::size_t> bias_;
  Tensor<T> patches_, results_;
};

class SensorConvolutionOperation : public OperationOf<SensorConvolutionLayer> {
public:
  [[nodiscard]] std::string name() const override { return "sensor_conv"; }
  [[nodiscard]] std::vector<Attribute> attributes() const override {
    return {{"channels", 1, 4096, 1, true},
            {"nx", 1, 65536, 1, true},
            {"ny", 1, 65536, 1},
            {"nz", 1, 65536, 1},
            {"kernel", 1, 15, 3},
            {"stride", 1, 8, 1},
            {"pad", 0, 1, 0},
            {"bias", 0, 1, 1},
            {"normal_start", 0, 1, 0}};
  }
  [[nodiscard]] Signature signature(const ResolvedNode& node) const override {
    require_grid(node);
    const PatchShape s = shape_of(node);
    const std::int64_t values = std::int64_t{node.attribute("channels")} * s.places();
    if (values > most_values)
      core::throw_data("has " + std::to_string(values) + " values, more than the " +
                       std::to_string(most_values) + " that a member may have");
    if (std::int64_t{s.window()} * s.places() > most_taps)
      core::throw_data("has " + std::to_string(s.window()) + " taps at " +
                       std::to_string(s.places()) + " places; 2^24 in all are allowed");
    return {node.in_signatures[0].level, static_cast<int>(values)};
  }
  [[nodiscard]] Blocks parameters(const ResolvedNode& node) const override {
    const PatchShape s = shape_of(node);
    const std::int64_t in = s.channels, out = node.attribute("channels"), window = s.window();
    const InitialValues start = node.attribute("normal_start") != 0 ? InitialValues::glorot_normal
                                                                    : InitialValues::glorot_uniform;
    std::vector<std::int64_t> shape{out, in};
    for (int d = 3; d-- > 0;)
      if (s.n[d] > 1) shape.push_back(s.taps[d]);
    Blocks blocks{{"weight", shape, ParameterRole::weight, start, in * window, out * window}};
    if (node.attribute("bias") != 0)
      blocks.push_back(
          {"bias", {out}, ParameterRole::bias, InitialValues::zeros, in * window, out * window});
    return blocks;
  }
  [[nodiscard]] double uses_per_point(const ResolvedNode& node) const override {
    return shape_of(node).places();
  }

private:
  // Of a member; and entries of the list of cells.
  static constexpr std::int64_t most_values = 65536, most_taps = 1 << 24;

  static void require_grid(const ResolvedNode& node) {
    const std::int64_t nx = node.attribute("nx"), ny = node.attribute("ny"),
                       nz = node.attribute("nz"), channels = node.in_signatures[0].channels,
                       cells = nx * ny * nz;
    if (cells > channels || channels % cells != 0)
      core::throw_data("its input has " + std::to_string(channels) +
                       " channels, which are not fields of " + std::to_string(nx) + " x " +
                       std::to_string(ny) + " x " + std::to_string(nz) + " values");
    const int kernel = node.attribute("kernel");
    if (kernel % 2 == 0) core::throw_data("'kernel' must be odd");
    if (node.attribute("pad") != 0) return;
    for (const std::int64_t n : {nx, ny, nz})
      if (n > 1 && n < kernel)
        core::throw_data("a kernel of " + std::to_string(kernel) + " points does not fit into " +
                         std::to_string(n) + "; set 'pad' to 1");
  }
};

} // namespace

void add_sensor_convolution(OperationList& list) {
  list.push_back(std::make_unique<SensorConvolutionOperation>());
}

} // namespace linnet::nn
