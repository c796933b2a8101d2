// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Convolutions of several channels and their adjoints. Ghosts hold what lies outside of the box,
/// so that no kernel knows of boundaries:
///
///     y(o, p) = bias(o) + sum over c, t of weights(o, c, t) x(c, s p + t - r)
///
/// with t = 0..k-1 and r = (k-1)/2, rounded down, less the shift of the coarse grid, in each
/// direction (cross-correlation, as the field means it).
/// Each sum runs over c, then over t, wherever the point lies: results do not depend on how a grid
/// is cut.
#pragma once

#include <linnet/kernels/network/convolution_loop.hpp>
#include <linnet/kernels/network/weight_gradient.hpp>

#include <vector>

namespace linnet::kernels {

/// A convolution with memory for its weights in the order of the loop. x lives on the fine grid
/// (in channels), y on the coarse one (out channels), of ceil(n / s) points per direction or fewer.
/// T is float or double. Weights are (out, in, kz, ky, kx), row-major, in kernel memory.
template <class T>
class Convolution {
public:
  /// @throws core::Error for a shape that is not allowed.
  explicit Convolution(const ConvolutionShape& shape) : shape_(shape) {
    shape.check();
    const int widest = shape.in > shape.out ? shape.in : shape.out;
    const auto channels = static_cast<std::size_t>(widest + 8);
    packed_ = zeros<T>("linnet::kernels::packed_weights",
                       channels * channels * static_cast<std::size_t>(shape.taps()));
    zero_bias_ = zeros<T>("linnet::kernels::zero_bias", channels);
  }
  [[nodiscard]] const ConvolutionShape& shape() const { return shape_; }

  /// y = convolution of x. The ghosts of x are read as far as the taps reach; @p bias: out values,
  /// or null for none.
  void forward(const Tensor<T>& x, const T* weights, const T* bias, const Tensor<T>& y) {
    convolve(x, weights, bias ? bias : zero_bias_.data(), y);
  }
  /// y += convolution of x, without a bias.
  void add_forward(const Tensor<T>& x, const T* weights, const Tensor<T>& y) {
    convolve(x, weights, nullptr, y);
  }
  /// gx = (or, with @p add, gx +=) the adjoint applied to gy.
  /// The ghosts of gy are read as far as taps reach from there. This is the transposed
  /// convolution, and the gradient of forward() by x.
  void adjoint(const Tensor<T>& gy, const T* weights, const Tensor<T>& gx, bool add) {
    const core::Index3& s = shape_.stride;
    for (int z = 0; z < s[2]; ++z)
      for (int y = 0; y < s[1]; ++y) {
        const core::Index3 first{0, y, z};
        core::Index3 points{};
        for (int d = 0; d < 3; ++d) points[d] = (gx.layout.n[d] - first[d] + s[d] - 1) / s[d];
        const TapSelection taps[] = {adjoint_taps(shape_, first), adjoint_taps(shape_, {1, y, z})};
        run(taps, s[0], gy, weights, true, add ? nullptr : zero_bias_.data(), gx, points);
      }
  }
  /// gw += the gradient of sum(gy * forward(x)) by the weights: the sum over the owned points of y
  /// of gy(o, p) x(c, s p + t - r). What lies in @p workspace is lost.
  void weight_gradient(const Tensor<T>& x, const Tensor<T>& gy, T* gw, Workspace<T>& workspace) {
    detail::add_weight_gradient(shape_, x, gy, gw, workspace);
  }

private:
  void convolve(const Tensor<T>& x, const T* weights, const T* bias, const Tensor<T>& y) {
    const TapSelection taps = convolution_taps(shape_);
    const Layout& l = y.layout;
    run(&taps, 1, x, weights, false, bias, y, {l.n[0], l.n[1], l.n[2]});
  }
  void run(const TapSelection* taps, int phases, const Tensor<T>& x, const T* weights,
           bool transposed, const T* bias, const Tensor<T>& y, const core::Index3& points) {
    if (y.channels > 1)
      run_in_blocks<8>(taps, phases, x, weights, transposed, bias, y, points);
    else
      run_in_blocks<1>(taps, phases, x, weights, transposed, bias, y, points);
  }
  template <int CB>
  void run_in_blocks(const TapSelection* taps, int phases, const Tensor<T>& x, const T* weights,
                     bool transposed, const T* bias, const Tensor<T>& y,
                     const core::Index3& points) {
    const T* packed[2] = {};
    T* to = packed_.data();
    for (int p = 0; p < phases; ++p) {
      packed[p] = to;
      to = detail::pack_weights<CB>(shape_, taps[p], weights, transposed, to);
    }
    detail::sum_taps<CB>(taps, phases, x, packed, bias, y, points);
  }

  ConvolutionShape shape_;
  Array<T> packed_, zero_bias_;
};

} // namespace linnet::kernels
