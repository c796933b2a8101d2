// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A matrix that works on the channels of every point: y = W x, and its adjoints.
#pragma once

#include <linnet/kernels/network/convolution.hpp>
#include <linnet/kernels/tensor.hpp>
#include <linnet/kernels/workspace.hpp>

namespace linnet::nn {

/// Where the points lie side by side, as those of a batch do, these are products of matrices by
/// BLAS; on a grid with ghosts, and on a GPU, convolutions with one tap. The bits of a product by
/// BLAS depend on where among the others a point lies. W is row-major, (out, in), in kernel memory.
/// T is float or double.
template <class T>
class DenseProduct {
public:
  DenseProduct(int in, int out);

  /// y = W x, and with @p bias plus a number for each channel. @p alike: the same bits wherever a
  /// point lies, by the convolution.
  void forward(const kernels::Tensor<T>& x, const T* weights, const T* bias,
               const kernels::Tensor<T>& y, bool alike = false);
  /// gx = (or, with @p add, +=) W^T gy.
  void adjoint(const kernels::Tensor<T>& gy, const T* weights, const kernels::Tensor<T>& gx,
               bool add);
  /// @p gradient += gy x^T, summed over the points.
  void weight_gradient(const kernels::Tensor<T>& x, const kernels::Tensor<T>& gy, T* gradient,
                       kernels::Workspace<T>& workspace);

private:
  int in_, out_;
  kernels::Convolution<T> convolution_;
};

} // namespace linnet::nn
