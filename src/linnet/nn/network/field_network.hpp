// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network that maps a field to a field, between its normalisations, on one whole grid or on the
/// part of it that a rank has.
#pragma once

#include <linnet/nn/network/model.hpp>
#include <linnet/nn/network/network.hpp>

#include <span>

namespace linnet::nn {

/// Refuses a graph unless it maps one input on the finest grid to an output there, of @p in and
/// @p out channels. @throws core::Error (usage) that begins with @p name.
void require_field_graph(const ResolvedGraph& graph, int in, int out, const std::string& name);

/// Fields are those of the user: channels behind each other, x fastest in each, on the box of this
/// rank. T is float or double.
template <class T>
class FieldNetwork {
public:
  /// On exactly @p points on this rank alone: nothing is padded. Keeps copies of all. @throws
  /// core::Error (usage) where graph, normalisation and grid do not fit together.
  FieldNetwork(const ResolvedGraph& graph, const core::Index3& points,
               const Normalisation& normalisation, NetworkMode mode);
  /// On a grid whose part @p cut gives to each rank of @p comm, as Domain::exact_cut() does. This
  /// and the calls below are collective then; what forward() gives depends on the cut in no bit.
  FieldNetwork(MPI_Comm comm, const grid::Partition& cut, const ResolvedGraph& graph,
               const Normalisation& normalisation, NetworkMode mode);

  [[nodiscard]] const ResolvedGraph& graph() const { return network_.graph(); }
  /// The points of this rank.
  [[nodiscard]] const grid::IndexBox& box() const { return box_; }
  /// Values of an input and of an output.
  [[nodiscard]] std::size_t input_count() const { return input_.size(); }
  [[nodiscard]] std::size_t output_count() const { return output_.size(); }
  [[nodiscard]] std::size_t arena_bytes() const { return network_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const { return network_.least_bytes(); }

  /// What the network makes of @p input; valid until the next call.
  std::span<const double> forward(std::span<const double> input,
                                  const kernels::Array<T>& parameters);
  /// Adds the derivative by the parameters of a scalar whose derivative by what forward() has given
  /// is @p output_gradient.
  void backward(std::span<const double> output_gradient, const kernels::Array<T>& parameters,
                const kernels::Array<T>& gradient);

private:
  Normalisation normalisation_;
  grid::IndexBox box_;
  Domain domain_;
  Network<T> network_;
  std::vector<double> input_, output_; ///< of one channel behind the other
};

} // namespace linnet::nn
