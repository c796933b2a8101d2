// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/dense_product.hpp>

#include <linnet/kernels/network/channels.hpp>
#include <linnet/linalg/gemm.hpp>

namespace linnet::nn {

namespace {

using kernels::Tensor;

template <class T>
bool is_matrix(const Tensor<T>& t) {
  const kernels::Layout& l = t.layout;
  return !kernels::on_device && l.g[0] + l.g[1] + l.g[2] == 0;
}

template <class T>
std::int64_t points(const Tensor<T>& t) {
  return static_cast<std::int64_t>(t.layout.n[0]) * t.layout.n[1] * t.layout.n[2];
}

} // namespace

template <class T>
DenseProduct<T>::DenseProduct(int in, int out)
    : in_(in), out_(out), convolution_({in, out, {1, 1, 1}, {1, 1, 1}}) {}

template <class T>
void DenseProduct<T>::forward(const Tensor<T>& x, const T* weights, const T* bias,
                              const Tensor<T>& y, bool alike) {
  if (alike || !is_matrix(x) || !is_matrix(y)) return convolution_.forward(x, weights, bias, y);
  // Column-major: points are rows, and W^T is what lies in memory.
  linalg::gemm('N', 'N', points(x), out_, in_, T(1), x.origin(), x.pitch, weights, in_, T(0),
               y.origin(), y.pitch);
  if (bias) kernels::add_to_channels(y, bias);
}

template <class T>
void DenseProduct<T>::adjoint(const Tensor<T>& gy, const T* weights, const Tensor<T>& gx,
                              bool add) {
  if (!is_matrix(gx) || !is_matrix(gy)) return convolution_.adjoint(gy, weights, gx, add);
  linalg::gemm('N', 'T', points(gy), in_, out_, T(1), gy.origin(), gy.pitch, weights, in_,
               add ? T(1) : T(0), gx.origin(), gx.pitch);
}

template <class T>
void DenseProduct<T>::weight_gradient(const Tensor<T>& x, const Tensor<T>& gy, T* gradient,
                                      kernels::Workspace<T>& workspace) {
  if (!is_matrix(x) || !is_matrix(gy))
    return convolution_.weight_gradient(x, gy, gradient, workspace);
  linalg::gemm('T', 'N', in_, out_, points(x), T(1), x.origin(), x.pitch, gy.origin(), gy.pitch,
               T(1), gradient, in_);
}

template class DenseProduct<float>;
template class DenseProduct<double>;

} // namespace linnet::nn
