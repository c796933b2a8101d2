// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network from field to field that is spread over ranks, for fields that are not.
#pragma once

#include <linnet/grid/field_gather.hpp>
#include <linnet/nn/network/field_network.hpp>

#include <memory>
#include <span>
#include <vector>

namespace linnet::nn {

/// Inputs, outputs and their gradients, a few channels in all, are on the first rank of a
/// communicator; the network works on a part of the grid on each, and there are its many tensors.
/// T is float or double.
template <class T>
class WholeFieldNetwork {
public:
  /// On exactly @p points. Collective on @p comm, as are the calls below. @throws core::Error
  /// (usage) on all ranks where graph, normalisation, grid and number of ranks do not fit together.
  WholeFieldNetwork(MPI_Comm comm, const core::Index3& points, const ResolvedGraph& graph,
                    const Normalisation& normalisation, NetworkMode mode);

  [[nodiscard]] const ResolvedGraph& graph() const { return network_.graph(); }
  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  /// Values of all channels on this rank: those of the whole grid on the first one, else none.
  [[nodiscard]] std::size_t input_count() const;
  [[nodiscard]] std::size_t output_count() const { return output_.size(); }
  /// Of the rank that needs most.
  [[nodiscard]] std::size_t arena_bytes() const { return arena_bytes_; }
  [[nodiscard]] std::size_t least_bytes() const { return least_bytes_; }

  /// What the network makes of @p input, on the first rank; valid until the next call. Its bits
  /// do not depend on the number of ranks.
  std::span<const double> forward(std::span<const double> input,
                                  const kernels::Array<T>& parameters);
  /// Adds this rank's part of the derivative by the parameters of a scalar whose derivative by
  /// what forward() has given is @p output_gradient.
  void backward(std::span<const double> output_gradient, const kernels::Array<T>& parameters,
                const kernels::Array<T>& gradient);

private:
  MPI_Comm comm_;
  FieldNetwork<T> network_;
  grid::FieldGather fields_;
  int in_, out_;                      ///< channels
  std::vector<double> part_, output_; ///< of the box; of the whole grid
  std::size_t arena_bytes_ = 0, least_bytes_ = 0;
};

} // namespace linnet::nn
