// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A graph on the grids of a domain: applies it, and the adjoint of its derivative.
#pragma once

#include <linnet/nn/network/arena.hpp>
#include <linnet/nn/network/domain.hpp>
#include <linnet/nn/network/graph.hpp>
#include <linnet/nn/network/layer.hpp>
#include <linnet/nn/network/memory_plan.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linnet::nn {

/// All tensors lie in one arena whose plan is made here; applications allocate nothing. Parameters
/// are the caller's, so that one network serves many sets of them. T is float or double.
///
/// Results depend on the cut of the domain in no bit for forward() and the gradients of inputs, and
/// by the rounding of sums for the gradients of parameters.
template <class T>
class Network {
public:
  /// @p domain must outlive the network and have the graph's levels. Collective on its
  /// communicator; @throws core::Error on all ranks when graph and grid do not fit together.
  Network(const ResolvedGraph& graph, Domain& domain, NetworkMode mode);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  [[nodiscard]] const ResolvedGraph& graph() const { return graph_; }

  /// The tensor of input number @p number, to be filled before forward(), which may overwrite it;
  /// not a constant input with NetworkMode::inference.
  [[nodiscard]] const kernels::Tensor<T>& input(std::size_t number = 0) const;
  /// The result; valid from forward() to the next one.
  [[nodiscard]] const kernels::Tensor<T>& output() const;
  /// The gradient of a scalar by the result, to be filled before backward(), which may overwrite
  /// it.
  [[nodiscard]] const kernels::Tensor<T>& output_gradient() const;
  /// The gradient by an input, after backward(); mode adjoint.
  [[nodiscard]] const kernels::Tensor<T>& input_gradient(std::size_t number = 0) const;

  /// Collective, as are the next ones.
  void forward(const kernels::Array<T>& parameters);
  /// The same, where neither constant inputs nor parameters have changed since the last forward():
  /// with NetworkMode::inference, what follows from these alone is not computed again.
  void forward_again(const kernels::Array<T>& parameters);
  /// Adds this rank's part of the gradient by the parameters to @p gradient.
  void backward(const kernels::Array<T>& parameters, const kernels::Array<T>& gradient);

  /// Bytes of the arena, and those that no plan could do without (values and gradients alive at one
  /// time).
  [[nodiscard]] std::size_t arena_bytes() const { return plan_.size * sizeof(T); }
  [[nodiscard]] std::size_t least_bytes() const { return plan_.least * sizeof(T); }

private:
  /// How far, and by which rule, the ghosts of a value are filled now.
  struct Ghosts {
    int width = 0;
    Beyond beyond = Beyond::padding;
  };
  void check_grid() const;
  void make_layers();
  void lay_out(NetworkMode mode);
  void fill_inputs(std::size_t node);
  void forward_node(std::size_t node, const kernels::Array<T>& parameters);

  ResolvedGraph graph_;
  Domain& domain_;
  std::vector<std::unique_ptr<Layer<T>>> layers_; ///< one per node
  std::vector<LayerNeeds> needs_;
  std::vector<LayerTensors<T>> tensors_;
  std::vector<kernels::Tensor<T>> values_, gradients_; ///< one per node; no channels: there is none
  std::vector<Ghosts> value_ghosts_;
  std::vector<bool> is_used_; ///< nodes that the output depends on
  std::vector<bool> is_kept_; ///< nodes that forward_again() leaves out
  ArenaPlan plan_;
  kernels::Array<T> arena_;
};

} // namespace linnet::nn
