// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a node of a graph does with tensors.
#pragma once

#include <linnet/nn/network/domain.hpp>

#include <vector>

namespace linnet::nn {

/// What a layer needs to have around it. The network keeps and fills no more than that.
struct LayerNeeds {
  int ghosts = 0;          ///< forward reads inputs so far beyond the box
  int output_border = 0;   ///< forward writes the output so far beyond the border
  int gradient_ghosts = 0; ///< backward reads the output's gradient so far beyond the box
  int gradient_border = 0; ///< backward writes the inputs' gradients so far beyond the border
  Beyond beyond = Beyond::padding;        ///< what the inputs' ghosts hold
  Beyond gradient_beyond = Beyond::zeros; ///< and those of the output's gradient
  bool input_again = false;               ///< backward reads the inputs
  bool output_again = false;              ///< backward reads the output
  bool in_place = false;                  ///< the output may lie where the first input was
};

/// The tensors of one application.
template <class T>
struct LayerTensors {
  std::vector<kernels::Tensor<T>> in;
  kernels::Tensor<T> out;
  kernels::Tensor<T> out_gradient;
  std::vector<kernels::Tensor<T>> in_gradients; ///< no channels: not wanted
  std::vector<bool> add;                        ///< the gradient of an input is added to
};

/// An operation on the grids of a Domain, and its hand-written adjoint. Allocates when it is made,
/// or grows the domain's workspace. T is float or double; parameters lie in kernel memory.
template <class T>
class Layer {
public:
  virtual ~Layer() = default;
  [[nodiscard]] virtual LayerNeeds needs() const { return {}; }
  /// out from in, whose ghosts are filled as far as needs() says. @p parameters is the network's
  /// flat buffer. Collective on the communicator of the domain, as is backward().
  virtual void forward(const LayerTensors<T>& tensors, const T* parameters) = 0;
  /// The gradients of the inputs that are wanted, from out_gradient, and this rank's part of the
  /// parameters' gradients, which is added to @p gradient.
  virtual void backward(const LayerTensors<T>& tensors, const T* parameters, T* gradient) = 0;
};

} // namespace linnet::nn
